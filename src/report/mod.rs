//! A case as a reader gets it: problem, verdict and its proof, fix and its check, what is open, what was asked, what was
//! masked, by which trees.
//!
//! [`Report`] is the report's own shape, made from a [`Session`]; every format but JSON is made from it alone, by way of
//! one page of blocks, so that they cannot differ. JSON is the case's result.
//!
//! # Invariants
//!
//! - No secret: every text is masked once more when the report is made, whatever was masked before.
//! - Whatever comes from outside, a tree's Markdown too, is shown and never obeyed: a page holds text with nothing hidden
//!   in it, and each format writes text as text.
//!
//! Deliberately absent: anything that is neither in the session nor what the case is called.
//!
//! [`Session`]: crate::engine::Session

mod block;
mod html;
mod json;
mod make;
mod markdown;
mod masked;
mod page;
mod prose;
#[cfg(test)]
mod tests;
mod text;

pub use html::html;
pub use json::json;
pub use markdown::markdown;
pub use masked::result;
pub use text::{Letters, text};

use std::time::Duration;

use jiff::Timestamp;

use crate::{
    engine::{ConclusionResult, Leads, OpenQuestion, Parcel, Place, VerdictName},
    finding::{Evidence, InputName, Os, Source},
    redact::Sort,
};

/// What a person calls a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Called<'a> {
    pub title: Option<&'a str>,
    /// The number of a ticket elsewhere.
    pub ticket: Option<&'a str>,
}

/// What a report says. Texts of trees are Markdown, all others are plain.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// What a person calls the case.
    pub title: Option<String>,
    /// The number of a ticket elsewhere.
    pub ticket: Option<String>,
    /// The tree's title.
    pub problem: String,
    pub os: Os,
    pub place: Place,
    /// The bundles that were opened into the case, the newest first.
    pub parcels: Vec<Parcel>,
    /// What the machines are called that all else that was sent came from, as they say.
    pub machines: Vec<String>,
    /// When the case was opened.
    pub opened: Timestamp,
    pub verdict: VerdictName,
    /// The conclusion's own verdict is not the case's: it is only suspected.
    pub suspect: bool,
    /// See [`crate::engine::CaseResult::verified`].
    pub verified: Option<bool>,
    /// Why the walk ended where no conclusion of the tree says it.
    pub why_here: Option<String>,
    pub conclusion: Option<ConclusionResult>,
    /// How the fix is checked; `None` where there is none.
    pub check: Option<Check>,
    pub open: Vec<OpenQuestion>,
    /// Inputs that nobody could give, each with its question: what needs them could not be looked at.
    pub unknown_inputs: Vec<(InputName, String)>,
    /// Those of them that are secrets.
    pub secrets: Vec<InputName>,
    /// Inputs that were given, no secrets.
    pub inputs: Vec<(InputName, String)>,
    /// Causes that can still be reached, where the walk is not at its end.
    pub possible: Listed,
    /// Other answers that would have led elsewhere, the last question first. Empty before the end.
    pub turns: Vec<Turn>,
    pub steps: Vec<ReportStep>,
    /// Notes that were made where the case is now.
    pub notes: Vec<String>,
    /// Tokens that stand for secrets in this report, and how the secret was recognised; `None`: that was not written down.
    pub replaced: Vec<(String, Option<Sort>)>,
    /// The trees that the walk went through, the first first.
    pub trees: Vec<ReportTree>,
}

/// Titles of causes, the first of them by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listed {
    /// Markdown.
    pub named: Vec<String>,
    /// How many more there are.
    pub more: usize,
}

/// How it is checked whether the fix helped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// How long to wait before it.
    pub wait: Option<Duration>,
    /// Each question with the answer that says that it helped. Empty: the person is asked.
    pub questions: Vec<(String, String)>,
}

/// What another answer would have come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    pub question: String,
    pub answer: String,
    pub leads: Leads,
}

/// Which tree it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportTree {
    pub id: String,
    /// `embedded`, or the file's path.
    pub origin: String,
    pub hash: String,
}

/// One step of the walk.
#[derive(Debug, Clone, PartialEq)]
pub struct ReportStep {
    /// `tree/node`.
    pub spot: String,
    /// `None` for visits, which nobody does at a time.
    pub at: Option<Timestamp>,
    pub text: String,
    pub answer: String,
    /// `None` for instructions, fixes and visits.
    pub source: Option<Source>,
    pub skipped: bool,
    /// A question without an answer.
    pub is_unknown: bool,
    pub disagrees: bool,
    /// Why a question that is not known could not be answered by looking.
    pub why: Option<String>,
    /// What was found, in the tree's words; Markdown.
    pub found: Option<String>,
    pub evidence: Vec<Evidence>,
    /// How many more there are.
    pub more_evidence: usize,
    /// Causes that could be reached before it and not after it.
    pub ruled_out: Listed,
    pub notes: Vec<String>,
    pub depth: usize,
}

impl ReportStep {
    /// Something speaks in it: it was answered, and it shows why or what follows.
    fn is_proof(&self) -> bool {
        let says = self.found.is_some() || !self.evidence.is_empty();
        self.source.is_some() && !self.is_unknown && (says || !self.ruled_out.named.is_empty())
    }
}

/// A verdict as a reader gets it.
pub fn verdict_words(verdict: VerdictName) -> &'static str {
    match verdict {
        VerdictName::Cause => "Cause found",
        VerdictName::Healthy => "Healthy",
        VerdictName::Escalate => "To be escalated",
        VerdictName::Unresolved => "Unresolved",
        VerdictName::NotApplicable => "Not applicable",
        VerdictName::NeedsAnswer => "An answer is needed",
    }
}
