//! A question on the screen.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    engine::{OpenQuestion, ProbeRequest, RunId, Spot},
    finding::{Finding, Outcome, Reason, Unknown},
    tree::{AnswerId, Rendered},
};

/// One question with all that is known about it.
#[derive(Debug, Clone, PartialEq)]
pub struct QuestionStage {
    pub spot: Spot,
    pub generation: u32,
    pub purpose: Purpose,
    pub ask: Rendered,
    pub why: Option<Rendered>,
    pub how: Option<Rendered>,
    pub answers: Vec<AnswerView>,
    /// After a fix: the answer that says that it worked, or that the whole thing is over.
    pub wanted: Option<AnswerId>,
    /// The tree says where *I don't know* leads; without it the tree then ends *unresolved*.
    pub unsure: bool,
    pub evidence: EvidenceView,
    /// Looks that are made again, since what they gave was old when the question was reached. What was found stands
    /// until they end.
    pub again: Option<Again>,
    /// The question's probes with their findings; empty where it has none.
    pub looks: Vec<LookView>,
    /// The answer that was given ahead (`--answer`).
    pub stated: Option<AnswerId>,
    /// Reached by going back: what the person said before; the inner `None` is *I don't know*.
    pub given: Option<Option<AnswerId>>,
    /// Texts that are not shown because a guard's question is open.
    pub withheld: Vec<OpenQuestion>,
    pub sources: Vec<String>,
}

impl QuestionStage {
    /// What the answer reads that says, after a fix, that all is well.
    pub fn wanted_text(&self) -> Option<&Rendered> {
        let wanted = self.wanted.as_ref()?;
        let answer = self.answers.iter().find(|answer| answer.id == *wanted);
        answer.map(|answer| &answer.text)
    }

    /// [`crate::engine::Event::Look`] asks for something anew: a login that was refused, or what nobody knew.
    pub fn asks_anew(&self) -> bool {
        let EvidenceView::Unknown(why) = &self.evidence else {
            return false;
        };
        let lacks = |look: &LookView| look.runs_here && !look.request.complete;
        match why.reason {
            Reason::LoginRefused => true,
            Reason::InputUnknown => self.looks.iter().any(lacks),
            _ => false,
        }
    }

    /// The looks that are under way for it, those that are made again among them.
    pub fn runs(&self) -> Vec<RunId> {
        let mut all = match &self.evidence {
            EvidenceView::Looking { runs, .. } => runs.clone(),
            _ => Vec::new(),
        };
        all.extend(self.again.iter().flat_map(|again| &again.runs));
        all
    }

    /// What was found stands on the screen, and is looked at again.
    pub fn looks_again(&self) -> bool {
        self.again.is_some() && !matches!(self.evidence, EvidenceView::Looking { .. })
    }

    /// The answer that the evidence points at.
    pub fn pointed(&self) -> Option<&AnswerId> {
        match &self.evidence {
            EvidenceView::Found { answer, .. } => answer.as_ref(),
            _ => None,
        }
    }
}

/// Why a question is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// The walk came to it.
    Walk,
    /// A text that comes next may be shown only after it.
    Guard,
    /// After a fix: did it work?
    Verify,
    /// After a fix: is the whole thing over?
    Settled,
}

/// One answer to choose.
#[derive(Debug, Clone, PartialEq)]
pub struct AnswerView {
    pub id: AnswerId,
    pub text: Rendered,
}

/// What the question's probes say about it.
#[derive(Debug, Clone, PartialEq)]
pub enum EvidenceView {
    /// The question has no probe.
    None,
    /// The probe does not run from here, or not yet by itself; `look`: [`crate::engine::Event::Look`] starts it.
    NotLooked { look: bool },
    /// Runs that are not over, and since when the first of them is on its way.
    Looking { runs: Vec<RunId>, since: Timestamp },
    Found {
        outcome: Outcome,
        /// `None`: the outcome is left to the person on purpose.
        answer: Option<AnswerId>,
        /// What the evidence said, as the answer's note puts it.
        note: Option<Rendered>,
    },
    /// The look failed, or the tree leaves it to the person. Never to be read as *no*.
    Unknown(Unknown),
}

/// Runs that are not over, beside what they gave before, and since when the first of them is on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Again {
    pub runs: Vec<RunId>,
    pub since: Timestamp,
}

/// One of a question's probes.
#[derive(Debug, Clone, PartialEq)]
pub struct LookView {
    /// With what is known of its parameters: commands for a person are made from it.
    pub request: ProbeRequest,
    /// It would run by itself or on [`crate::engine::Event::Look`] here.
    pub runs_here: bool,
    /// What it gave in this generation.
    pub finding: Option<Finding>,
}
