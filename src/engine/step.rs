//! One step of the path that was walked.

use jiff::Timestamp;

use crate::{
    engine::{ProbeKey, Purpose, Spot},
    finding::{Outcome, Source},
    tree::{AnswerId, Rendered, Verdict},
};

/// A question that was answered, an instruction or a fix that was passed, or the way into or out of a visited tree.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    pub spot: Spot,
    pub generation: u32,
    pub kind: StepKind,
    /// The question's, instruction's or conclusion's text as it was shown; empty for visits.
    pub text: Rendered,
    /// How many visits deep the step lies.
    pub depth: usize,
    /// When it was answered; when the case opened, for visits.
    pub at: Timestamp,
    pub notes: Vec<String>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum StepKind {
    Question {
        purpose: Purpose,
        /// `None`: I don't know.
        answer: Option<AnswerId>,
        /// The answer's text; empty for *I don't know*.
        answer_text: Rendered,
        source: Source,
        /// Nobody was asked.
        skipped: bool,
        /// The question's probes; empty where it has none.
        probes: Vec<ProbeKey>,
        /// What they came to, with the question's own cases; `None` while that is not known.
        outcome: Option<Outcome>,
        /// The evidence points to another answer than the one that was given.
        disagrees: bool,
    },
    Do {
        /// False: it could not be done.
        done: bool,
    },
    /// A cause's fix was carried out.
    Fix,
    /// The person was asked whether it helped.
    Helped(Option<bool>),
    /// Into a tree; the spot is the visiting node.
    Enter,
    /// Back from it; the spot is the visiting node.
    Leave {
        verdict: Verdict,
        /// It came back *unresolved* because something was not known.
        by_not_knowing: bool,
    },
}

impl Step {
    /// A question that was left unknown.
    pub fn is_unknown(&self) -> bool {
        matches!(self.kind, StepKind::Question { answer: None, .. })
    }

    /// A question that nobody was asked.
    pub fn is_skipped(&self) -> bool {
        matches!(self.kind, StepKind::Question { skipped: true, .. })
    }

    /// The person can answer it otherwise ([`crate::engine::Event::Edit`]).
    pub fn is_editable(&self) -> bool {
        !matches!(self.kind, StepKind::Enter | StepKind::Leave { .. })
    }
}
