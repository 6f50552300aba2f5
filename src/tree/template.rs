//! Templates and expressions: MiniJinja's, strict, bounded in fuel and size.
//!
//! What a template *demands* (inputs, probes, answers, steps by name) is read from its text once, when the tree is
//! loaded; the engine gathers that before it renders.

use std::{collections::BTreeMap, sync::Arc};

use crate::{
    diag::Span,
    finding::{InputName, Os, ProbeName, Value},
    tree::{NodeId, StepName},
};

/// A text with `{{ … }}` in it.
#[derive(Debug, Clone)]
pub struct Template {
    /// As the YAML gives it: quoting and folding undone.
    pub source: Arc<str>,
    /// Where the scalar stands in the tree's file.
    pub span: Span,
    pub demands: Arc<Demands>,
}

impl PartialEq for Template {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
    }
}

/// An expression, as in a case or under `from`.
#[derive(Debug, Clone)]
pub struct Expression {
    pub source: Arc<str>,
    pub span: Span,
    pub demands: Arc<Demands>,
}

/// The names that a template or an expression uses.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Demands {
    pub inputs: Vec<InputName>,
    /// Through `facts.PROBE`.
    pub probes: Vec<ProbeName>,
    /// Through `answers['NODE']`.
    pub answers: Vec<NodeId>,
    /// Through `steps.NAME`.
    pub steps: Vec<StepName>,
    /// Uses `found`, the facts of the question's own probe.
    pub found: bool,
}

impl Demands {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What a template may see. Only what it demands needs to be there.
#[derive(Debug, Clone)]
pub struct Scope {
    pub os: Os,
    /// Known inputs. A `url` input is a [`Value::Map`] with `url`, `scheme`, `host`, `port`, `path`; printed whole it is
    /// its `url`. One that is missing here is unknown.
    pub inputs: BTreeMap<InputName, Value>,
    /// Facts by probe, of this generation.
    pub facts: BTreeMap<ProbeName, Value>,
    /// Answer ids by node.
    pub answers: BTreeMap<NodeId, String>,
    /// Rendered Markdown of each step; a withheld one says so.
    pub steps: BTreeMap<StepName, String>,
    pub found: Option<Value>,
}

impl Scope {
    pub fn new(os: Os) -> Self {
        Self {
            os,
            inputs: BTreeMap::new(),
            facts: BTreeMap::new(),
            answers: BTreeMap::new(),
            steps: BTreeMap::new(),
            found: None,
        }
    }
}

/// Why a template or an expression has no value. A lowercase fragment that names the variable.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct EvalError {
    pub message: String,
}

/// A text for a reader.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rendered {
    /// Inserted values are escaped, so that they are text; inside code they are quoted for the case's shell.
    pub markdown: String,
    /// An inserted value holds control characters or line breaks: it is shown, but must not be copied.
    pub unsafe_to_copy: bool,
}

impl Template {
    /// For a reader: unknown values show as `‹name›`; never fails for a missing value.
    pub fn render(&self, scope: &Scope) -> Result<Rendered, EvalError> {
        let _ = scope;
        Ok(Rendered {
            markdown: self.source.to_string(),
            unsafe_to_copy: false,
        })
    }

    /// For a parameter: values as they are; a missing value is an error.
    pub fn value(&self, scope: &Scope) -> Result<String, EvalError> {
        let _ = scope;
        Ok(self.source.to_string())
    }
}

impl Expression {
    /// The expression's value. A missing value that is not asked for with `is defined` is an error.
    pub fn value(&self, scope: &Scope) -> Result<Value, EvalError> {
        let _ = scope;
        Err(EvalError {
            message: "not evaluated".to_owned(),
        })
    }

    /// The value as a condition: MiniJinja's truth.
    pub fn holds(&self, scope: &Scope) -> Result<bool, EvalError> {
        let _ = scope;
        Err(EvalError {
            message: "not evaluated".to_owned(),
        })
    }
}
