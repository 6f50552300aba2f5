//! A tree as the engine and the checker see it. Names are resolved in [`crate::tree::Forest`].

use std::{fmt, sync::Arc, time::Duration};

use indexmap::IndexMap;
use jiff::civil::Date;

use crate::{
    diag::{SourceText, Span},
    finding::{InputName, Os, Outcome, ProbeName, TreeId, name_type},
    tree::{Expression, Template},
};

name_type! {
    /// A node's id within its tree: kebab-case.
    NodeId;
    /// An answer's id within its question: kebab-case.
    AnswerId;
    /// A shared instruction's name: snake_case.
    StepName;
}

/// Something and the words that it was written with.
#[derive(Debug, Clone, PartialEq)]
pub struct Spanned<T> {
    pub value: T,
    pub span: Span,
}

/// One value, or one for each operating system.
#[derive(Debug, Clone, PartialEq)]
pub enum PerOs<T> {
    One(T),
    By {
        linux: Option<T>,
        windows: Option<T>,
        macos: Option<T>,
        any: Option<T>,
    },
}

impl<T> PerOs<T> {
    /// What holds for `os`: its own value, else `any`.
    pub fn get(&self, os: Os) -> Option<&T> {
        match self {
            PerOs::One(value) => Some(value),
            PerOs::By {
                linux,
                windows,
                macos,
                any,
            } => match os {
                Os::Linux => linux.as_ref(),
                Os::Windows => windows.as_ref(),
                Os::Macos => macos.as_ref(),
            }
            .or(any.as_ref()),
        }
    }

    /// The names of the systems for which there is none.
    pub fn missing(&self) -> Vec<&'static str> {
        let all = [Os::Linux, Os::Windows, Os::Macos].into_iter();
        all.filter(|os| self.get(*os).is_none())
            .map(Os::name)
            .collect()
    }

    /// Every value that is there.
    pub fn values(&self) -> impl Iterator<Item = &T> {
        let list = match self {
            PerOs::One(value) => [Some(value), None, None, None],
            PerOs::By {
                linux,
                windows,
                macos,
                any,
            } => [
                linux.as_ref(),
                windows.as_ref(),
                macos.as_ref(),
                any.as_ref(),
            ],
        };
        list.into_iter().flatten()
    }
}

/// Markdown with templates, for a reader.
pub type Text = PerOs<Template>;

/// Where a tree came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Ships inside the program.
    Embedded,
    /// A file's path.
    File(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::Embedded => f.write_str("embedded"),
            Origin::File(path) => f.write_str(path),
        }
    }
}

/// One tree.
#[derive(Debug, Clone)]
pub struct Tree {
    pub id: TreeId,
    pub origin: Origin,
    /// The text that it was made from; all spans point into it.
    pub source: SourceText,
    /// SHA-256 of the text and its side files, in hexadecimal.
    pub hash: String,
    pub title: Template,
    pub summary: Option<Text>,
    pub uses: Vec<Spanned<TreeId>>,
    pub symptoms: Vec<Symptom>,
    /// Articles that the tree rests on: `KB0661756`, or an address.
    pub sources: Vec<Spanned<String>>,
    pub reviewed: Option<Spanned<Date>>,
    /// Absent in a library (a tree without nodes).
    pub start: Option<Spanned<NodeId>>,
    /// Asked after every fix: is it over?
    pub settled: Option<Spanned<AnswerRef>>,
    pub inputs: IndexMap<InputName, Input>,
    /// With those that are written in nodes, named `@node-id`.
    pub probes: IndexMap<ProbeName, Probe>,
    pub steps: IndexMap<StepName, Step>,
    pub nodes: IndexMap<NodeId, Node>,
}

/// A way into the tree, as a person would say it.
#[derive(Debug, Clone)]
pub struct Symptom {
    pub text: Text,
    /// Where the walk then begins; the tree's start if not given.
    pub start: Option<Spanned<NodeId>>,
    pub span: Span,
}

/// `node/answer`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerRef {
    pub node: NodeId,
    pub answer: AnswerId,
}

/// Something that must be known about the machine and is asked once a case.
#[derive(Debug, Clone)]
pub struct Input {
    pub name: InputName,
    pub span: Span,
    pub ask: Text,
    pub help: Option<Text>,
    pub ty: InputType,
    /// Not asked merely because nobody gave it: it then has its default, else it is empty (a yes-no or a choice: not known).
    /// Where it has no default and the probes of its `from` could not look, or did not read all, it is asked after all.
    pub optional: bool,
    pub default: Option<Template>,
    /// Globs for `directory` and `file`, values for the other types.
    pub suggest: Option<PerOs<Vec<Template>>>,
    /// Facts to take it from; what it names is gathered first.
    pub from: Option<Expression>,
    /// For a secret: the input that names the host which alone may get it.
    pub secret_for: Option<Spanned<InputName>>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum InputType {
    Text,
    Directory,
    File,
    Host,
    Url,
    Port,
    /// Id to label, in order.
    Choice(IndexMap<String, Text>),
    YesNo,
    Secret,
}

/// A look that is declared once and shared.
#[derive(Debug, Clone)]
pub struct Probe {
    pub name: ProbeName,
    pub span: Span,
    /// A name in [`crate::probe::KINDS`].
    pub kind: &'static str,
    pub params: IndexMap<String, Spanned<Param>>,
    /// What is wrong with the form of a parameter was told when the tree was read.
    pub flawed: bool,
    /// Ten seconds where the tree says nothing.
    pub timeout: Duration,
    pub at: At,
    /// What is no answer, whichever question asks: they come before the question's own, name no outcome and see `found`
    /// alone.
    pub cases: Vec<Case>,
}

/// Where a look makes sense.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    /// Only on the machine that the case is about.
    Host,
    /// From anywhere: an engineer's own machine will do.
    Anywhere,
}

/// A parameter's value as it was written.
#[derive(Debug, Clone, PartialEq)]
pub enum Param {
    Text(Template),
    Bool(bool),
    Int(i64),
    List(Vec<Spanned<Param>>),
    Map(IndexMap<String, Spanned<Param>>),
    PerOs(Box<PerOs<Spanned<Param>>>),
    /// The lines of a file beside the tree.
    SideFile(Arc<[String]>),
}

/// A shared instruction.
#[derive(Debug, Clone)]
pub struct Step {
    pub name: StepName,
    pub span: Span,
    pub text: Text,
    /// Shown only after this answer; both nodes are in the tree that uses the step.
    pub guard: Option<Guard>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Guard {
    pub needs: Spanned<AnswerRef>,
    /// Where another answer leads.
    pub otherwise: Spanned<NodeId>,
}

#[derive(Debug, Clone)]
pub struct Node {
    pub id: NodeId,
    pub span: Span,
    pub kind: NodeKind,
    pub sources: Vec<Spanned<String>>,
    pub reviewed: Option<Spanned<Date>>,
}

impl Node {
    /// Stands for a node that could not be read, so that what leads to it has somewhere to lead.
    pub fn broken(id: NodeId, span: Span) -> Self {
        let end = Conclude {
            title: PerOs::One(Template::plain("")),
            verdict: Verdict::Unresolved,
            because: None,
            fix: None,
            next: None,
            verify: None,
            wait: None,
            otherwise: None,
        };
        Self {
            id,
            span,
            kind: NodeKind::Conclude(Box::new(end)),
            sources: Vec::new(),
            reviewed: None,
        }
    }

    /// Whether it stands for a node that could not be read: an end without a title. Its tree has errors.
    pub fn is_broken(&self) -> bool {
        match &self.kind {
            NodeKind::Conclude(end) => {
                matches!(&end.title, PerOs::One(title) if title.source.is_empty())
            }
            _ => false,
        }
    }
}

#[derive(Debug, Clone)]
pub enum NodeKind {
    Ask(Box<Ask>),
    Do(Box<Do>),
    Visit(Box<Visit>),
    Conclude(Box<Conclude>),
}

/// A question.
#[derive(Debug, Clone)]
pub struct Ask {
    pub ask: Text,
    pub why: Option<Text>,
    pub how: Option<Text>,
    pub probe: Option<NodeProbe>,
    pub answers: Vec<Answer>,
    /// Outcomes left to the person on purpose.
    pub leave: Leave,
    /// Where *I don't know* leads; without it the tree ends unresolved.
    pub unsure: Option<Goto>,
    /// The question of another tree that this one is: what was answered there, or not known there, counts here.
    pub same: Option<Spanned<SameAs>>,
}

/// A question of another tree.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SameAs {
    pub tree: TreeId,
    pub node: NodeId,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Leave {
    Named(Vec<Spanned<Outcome>>),
    /// Every outcome that no answer stands for.
    Rest,
}

/// How a question's probe becomes its outcomes.
#[derive(Debug, Clone)]
pub struct NodeProbe {
    pub base: ProbeBase,
    pub cases: Vec<Case>,
    /// A person can look by the probe's own commands. `false` where what they print, masked, cannot answer the question.
    pub commands: bool,
    pub span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub enum ProbeBase {
    /// One probe: its outcomes, those marked as refined replaced by the cases where there are any.
    One(Spanned<ProbeName>),
    /// Several compared: the outcomes are the cases' names alone.
    Many(Vec<Spanned<ProbeName>>),
}

/// Read from the top; the first that holds names the outcome.
#[derive(Debug, Clone)]
pub struct Case {
    pub outcome: CaseOutcome,
    pub condition: Expression,
    /// Why it is left to the person: a fragment that is shown behind *not known*.
    pub because: Option<Template>,
    pub span: Span,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CaseOutcome {
    Named(Outcome),
    /// Left to the person on purpose.
    Unknown,
}

#[derive(Debug, Clone)]
pub struct Answer {
    pub id: AnswerId,
    pub text: Text,
    /// The outcomes that it stands for.
    pub when: Vec<Spanned<Outcome>>,
    pub goto: Goto,
    /// What the evidence said.
    pub note: Option<Text>,
    pub span: Span,
}

/// Where a branch leads, one for each operating system where they differ.
pub type Goto = PerOs<Spanned<Target>>;

/// A node here, or in another tree (its start where no node is named).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    Here(NodeId),
    There(TreeId, Option<NodeId>),
}

/// An instruction for the person. Passing it opens a new generation of findings.
#[derive(Debug, Clone)]
pub struct Do {
    pub text: Text,
    pub steps: Option<Text>,
    pub caution: Option<Text>,
    pub why: Option<Text>,
    pub goto: Goto,
    /// Where to go if it cannot be done; without it the tree ends unresolved.
    pub unable: Option<Goto>,
}

/// A call of another tree.
#[derive(Debug, Clone)]
pub struct Visit {
    pub tree: Spanned<TreeId>,
    pub then: Returns,
    pub why: Option<Text>,
}

/// Where to go on for each way in which a visited tree can come back.
#[derive(Debug, Clone, Default)]
pub struct Returns {
    pub healthy: Option<Goto>,
    pub unresolved: Option<Goto>,
    pub not_applicable: Option<Goto>,
    pub span: Span,
}

/// An end.
#[derive(Debug, Clone)]
pub struct Conclude {
    pub title: Text,
    pub verdict: Verdict,
    pub because: Option<Text>,
    pub fix: Option<Text>,
    /// Whom to ask and what to attach.
    pub next: Option<Text>,
    pub verify: Option<Spanned<AnswerRef>>,
    pub wait: Option<Duration>,
    pub otherwise: Option<Goto>,
}

#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    Cause,
    Healthy,
    Escalate,
    Unresolved,
    NotApplicable,
}

impl Verdict {
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Cause => "cause",
            Verdict::Healthy => "healthy",
            Verdict::Escalate => "escalate",
            Verdict::Unresolved => "unresolved",
            Verdict::NotApplicable => "not-applicable",
        }
    }
}
