//! Templates and expressions: MiniJinja's, strict, bounded in fuel and size.
//!
//! What a template *demands* (inputs, probes, answers, steps by name) is read from its text once, when the tree is
//! loaded; the engine gathers that before it renders. Each expression is compiled to see that it can be, and kept compiled
//! once it was evaluated; a text without one never meets MiniJinja.
//!
//! A [`Value::Secret`] can be tested and compared, never printed: no filter and no operator gets at its text.

mod branches;
mod checks;
mod code;
mod compiled;
mod context;
mod environment;
mod evaluate;
mod limits;
mod markdown;
mod quote;
mod render;
mod rewrite;
mod scan;
#[cfg(test)]
mod secret_tests;
mod statements;
#[cfg(test)]
mod tests;
mod values;
mod version;

use std::{
    collections::BTreeMap,
    ops::Range,
    sync::{Arc, LazyLock},
};

use jiff::Timestamp;

pub use code::{GLOBALS, Mistake, MistakeKind};
pub use scan::{Chain, Segment};

use crate::{
    diag::{SourceText, Span},
    finding::{InputName, Os, ProbeName, Value},
    tree::{NodeId, StepName},
};
use code::Code;

/// A template's text, in bytes.
pub const MAX_TEMPLATE: usize = 256 * 1024;
/// One expression's text, in bytes.
pub const MAX_EXPRESSION: usize = 8 * 1024;
/// What a template or an expression may grow to, in bytes.
pub const MAX_RESULT: usize = 1024 * 1024;
/// Steps of one evaluation.
pub const MAX_FUEL: u64 = 100_000;

/// A text with `{{ … }}` in it.
#[derive(Debug, Clone)]
pub struct Template {
    /// As the YAML gives it: quoting and folding undone.
    pub source: Arc<str>,
    /// Where the scalar stands in the tree's file.
    pub span: Span,
    pub demands: Arc<Demands>,
    /// Absent where nothing is to be filled in.
    code: Option<Arc<Code>>,
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
    code: Arc<Code>,
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
    /// When it is, for `is older_than(…)`; where this is absent that test has no result.
    pub now: Option<Timestamp>,
    /// Known inputs. A `url` input is a [`Value::Map`] with `url`, `scheme`, `host`, `port`, `path`, `origin`; printed whole it is
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
            now: None,
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
    /// A value in it is not there; else what is there makes no sense together.
    pub missing: bool,
}

impl EvalError {
    fn senseless(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            missing: false,
        }
    }
}

/// A text for a reader.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rendered {
    /// Inserted values are escaped, so that they are text; inside code they are quoted for the case's shell.
    pub markdown: String,
    /// An inserted value holds control characters or line breaks, or was cut: it is shown, but must not be copied.
    pub unsafe_to_copy: bool,
}

/// What a text without expressions demands.
static NOTHING: LazyLock<Arc<Demands>> = LazyLock::new(Arc::default);

impl Template {
    /// Reads `source`. With a mistake it is still a template: one that renders as it was written and has no value.
    pub fn parse(source: impl Into<Arc<str>>, span: Span) -> (Self, Option<Mistake>) {
        let source = source.into();
        if !code::is_templated(&source) {
            return (
                Self {
                    source,
                    span,
                    demands: NOTHING.clone(),
                    code: None,
                },
                None,
            );
        }
        let (code, mistake) = Code::template(&source);
        let demands = Arc::new(code.demands());
        (
            Self {
                source,
                span,
                demands,
                code: Some(Arc::new(code)),
            },
            mistake,
        )
    }

    /// Text that is no template, whatever stands in it.
    pub fn plain(source: impl Into<Arc<str>>) -> Self {
        Self {
            source: source.into(),
            span: Span::default(),
            demands: NOTHING.clone(),
            code: None,
        }
    }

    /// Whether anything is filled in.
    pub fn is_plain(&self) -> bool {
        self.code.is_none()
    }

    /// Each use of a name, in order, with its place in [`Template::source`].
    pub fn chains(&self) -> &[Chain] {
        self.code.as_deref().map_or(&[], Code::chains)
    }

    /// It has parts that are shown or not, by a condition.
    pub fn branches(&self) -> bool {
        self.source.contains("{%")
    }

    /// The inputs that are shown, or may be: those inside of an `{% if %}` that is false by what is known are not.
    pub fn inputs_shown(&self, scope: &Scope) -> Vec<InputName> {
        let dead = branches::dead(&self.source, scope);
        let inputs = self.demands.inputs.iter().filter(|name| {
            let mut uses = self
                .chains()
                .iter()
                .filter(|chain| chain.root() == name.as_str());
            uses.any(|chain| !dead.iter().any(|range| range.contains(&chain.range.start)))
        });
        inputs.cloned().collect()
    }

    /// Where a part of [`Template::source`] stands in the file; the whole scalar where that cannot be told.
    pub fn locate(&self, file: &SourceText, range: Range<usize>) -> Span {
        locate(&self.source, self.span, file, range)
    }

    /// For a reader: unknown values show as `‹name›`; never fails for a missing value.
    pub fn render(&self, scope: &Scope) -> Result<Rendered, EvalError> {
        match &self.code {
            None => Ok(Rendered {
                markdown: self.source.to_string(),
                unsafe_to_copy: false,
            }),
            Some(code) => {
                render::render(&evaluate::parts(&self.source, code, scope, true)?, scope.os)
            }
        }
    }

    /// For a parameter: values as they are; a missing value is an error.
    pub fn value(&self, scope: &Scope) -> Result<String, EvalError> {
        match &self.code {
            None => Ok(self.source.to_string()),
            Some(code) => render::plain(&evaluate::parts(&self.source, code, scope, false)?),
        }
    }
}

impl Expression {
    /// Reads `source`. With a mistake it is still an expression: one that has no value.
    pub fn parse(source: impl Into<Arc<str>>, span: Span) -> (Self, Option<Mistake>) {
        let source = source.into();
        let (code, mistake) = Code::expression(&source);
        let demands = Arc::new(code.demands());
        (
            Self {
                source,
                span,
                demands,
                code: Arc::new(code),
            },
            mistake,
        )
    }

    /// Each use of a name, in order, with its place in [`Expression::source`].
    pub fn chains(&self) -> &[Chain] {
        self.code.chains()
    }

    /// Where a part of [`Expression::source`] stands in the file; the whole scalar where that cannot be told.
    pub fn locate(&self, file: &SourceText, range: Range<usize>) -> Span {
        locate(&self.source, self.span, file, range)
    }

    /// The expression's value. A missing value that is not asked for with `is defined` is an error.
    pub fn value(&self, scope: &Scope) -> Result<Value, EvalError> {
        evaluate::value(&self.source, &self.code, scope)
    }

    /// The value as a condition: MiniJinja's truth.
    pub fn holds(&self, scope: &Scope) -> Result<bool, EvalError> {
        evaluate::holds(&self.source, &self.code, scope)
    }
}

/// Finds in a scalar, as it was written, the words at `range` of its value: quoting and folding move them but leave
/// them whole, so that the same occurrence counted from the front is the one.
pub(in crate::tree) fn locate(
    source: &str,
    span: Span,
    file: &SourceText,
    range: Range<usize>,
) -> Span {
    let Some(words) = source
        .get(range.clone())
        .map(str::trim)
        .filter(|words| !words.is_empty())
    else {
        return span;
    };
    let start = range.start + source[range.clone()].find(words).unwrap_or(0);
    let nth = source[..start].matches(words).count();
    let written = file.slice(span);
    if written.matches(words).count() != source.matches(words).count() {
        return span;
    }
    written
        .match_indices(words)
        .nth(nth)
        .map_or(span, |(at, words)| {
            Span::new(span.start + at, span.start + at + words.len())
        })
}
