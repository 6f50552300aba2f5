//! A case's result: what `--format json` prints and what reports are made from.

use jiff::Timestamp;
use serde::{Deserialize, Serialize, Serializer};

use crate::{
    finding::{self, Facts, InputName, Outcome, Source, TreeId},
    tree::{AnswerId, NodeId},
};

/// The whole result. Every key is always present.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CaseResult {
    /// The form of this document; [`CaseResult::SCHEMA`].
    pub schema: u32,
    /// What a person calls the case: who keeps it knows.
    #[serde(default)]
    pub title: Option<String>,
    /// The number of a ticket elsewhere.
    #[serde(default)]
    pub ticket: Option<String>,
    pub tree: TreeResult,
    pub verdict: VerdictName,
    /// `true`: the fix was checked (or said) to have helped; `false`: it did not; `null`: nobody knows.
    pub verified: Option<bool>,
    /// The conclusion that was reached; under a verdict other than its own it is a suspect.
    pub conclusion: Option<ConclusionResult>,
    /// What is still to be answered.
    pub questions: Vec<OpenQuestion>,
    pub path: Vec<StepResult>,
    pub findings: Vec<FindingResult>,
}

impl CaseResult {
    pub const SCHEMA: u32 = 1;
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TreeResult {
    pub id: TreeId,
    pub hash: String,
    /// `embedded`, or the file's path.
    pub origin: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum VerdictName {
    Cause,
    Healthy,
    Escalate,
    Unresolved,
    NotApplicable,
    /// A question or an instruction waits for a person.
    NeedsAnswer,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConclusionResult {
    pub tree: TreeId,
    pub node: NodeId,
    /// Markdown, as all texts here.
    pub title: String,
    pub because: Option<String>,
    pub fix: Option<String>,
    pub next: Option<String>,
    /// Questions that have to be answered before a text that is missing here may be shown.
    #[serde(default)]
    pub withheld: Vec<OpenQuestion>,
}

/// A question (or an instruction) that is still open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenQuestion {
    pub tree: TreeId,
    /// The node; for an input that is asked for, the node that needs it.
    pub node: NodeId,
    pub text: String,
    /// The ids that `--answer` takes; empty for an instruction or an input.
    pub answers: Vec<AnswerId>,
    pub how: Option<String>,
    /// Why looking did not answer it, where it waits for an answer now. For those on the way [`StepResult::why`] tells.
    #[serde(default)]
    pub why: Option<String>,
    /// Set where an input is asked for.
    #[serde(skip_serializing)]
    #[serde(default)]
    pub input: Option<InputName>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepResult {
    pub tree: TreeId,
    pub node: NodeId,
    /// The answer's id; `done`, `unable`, `applied`, `helped`, `did-not-help` for instructions and fixes, `entered` and
    /// the verdict for visits; `null`: not known.
    pub answer: Option<String>,
    pub source: Option<Source>,
    pub probe: Option<String>,
    pub outcome: Option<Outcome>,
    /// Why looking did not answer a question that is not known; `null` where nobody looked.
    #[serde(default)]
    pub why: Option<String>,
    pub skipped: bool,
    pub generation: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FindingResult {
    pub probe: String,
    pub outcome: Option<Outcome>,
    /// Why the look gave no outcome.
    pub why: Option<String>,
    /// Secrets are their tokens.
    #[serde(serialize_with = "shown")]
    pub facts: Facts,
    pub evidence: Vec<EvidenceResult>,
    pub source: Source,
    pub at: Timestamp,
    pub took_ms: u64,
    /// What the machine is called that it came from with a bundle or an answer, where that says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub machine: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvidenceResult {
    pub file: Option<String>,
    pub line: Option<u64>,
    pub column: Option<u64>,
    pub text: String,
}

fn shown<S: Serializer>(facts: &Facts, serializer: S) -> Result<S::Ok, S::Error> {
    finding::shown(facts).serialize(serializer)
}
