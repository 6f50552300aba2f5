//! Where a walk came to, and the steps that led there.

use jiff::Timestamp;

use crate::{
    engine::{
        Ended, Phase, Purpose, Spot,
        ledger::{Answered, Key, Role},
    },
    tree::Verdict,
};

/// Where the walk came to.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::engine) struct Walk {
    pub steps: Vec<Trod>,
    pub front: Front,
    pub generation: u32,
    /// The visits that the front lies in, outermost first.
    pub frames: Vec<Spot>,
    /// The front was reached by going back.
    pub held: bool,
    /// Causes that visited trees named without proof.
    pub suspects: Vec<Spot>,
    /// What the last fix that was carried out came to.
    pub verified: Option<bool>,
}

/// A step, as far as it decides the way.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::engine) struct Trod {
    pub key: Key,
    pub kind: TrodKind,
    pub depth: usize,
}

#[derive(Debug, Clone, PartialEq)]
pub(in crate::engine) enum TrodKind {
    Question {
        purpose: Purpose,
        answered: Answered,
    },
    Do {
        done: bool,
        at: Timestamp,
    },
    Fix {
        at: Timestamp,
    },
    Helped {
        helped: Option<bool>,
        at: Timestamp,
    },
    Enter,
    Leave {
        verdict: Verdict,
        by_not_knowing: bool,
    },
}

/// What is missing for the walk to go on.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::engine) enum Front {
    Question {
        spot: Spot,
        purpose: Purpose,
        /// The node that the question is asked for: itself, or what a guard stands before.
        pending: Spot,
    },
    Do {
        spot: Spot,
    },
    Conclusion {
        spot: Spot,
        ended: Ended,
        verdict: Verdict,
        suspect: bool,
        phase: Phase,
    },
}

impl Front {
    pub fn spot(&self) -> &Spot {
        match self {
            Front::Question { spot, .. } | Front::Do { spot } | Front::Conclusion { spot, .. } => {
                spot
            }
        }
    }

    /// What an event here is about.
    pub fn role(&self) -> Role {
        match self {
            Front::Question { .. } => Role::Question,
            Front::Do { .. } => Role::Do,
            Front::Conclusion { phase, .. } => match phase {
                Phase::Fix => Role::Fix,
                Phase::Wait { .. } => Role::Wait,
                Phase::AskHelped => Role::Helped,
                Phase::Fixed | Phase::NotVerified | Phase::End => Role::End,
            },
        }
    }

    /// The case is at its end.
    pub fn is_last(&self) -> bool {
        matches!(self, Front::Conclusion { phase, .. } if phase.is_last())
    }
}

impl Trod {
    /// The answer's id, where this is the question at `spot` and it was answered.
    pub fn answer_at(&self, spot: &Spot) -> Option<String> {
        match &self.kind {
            TrodKind::Question { answered, .. } if self.key.spot == *spot => {
                Some(answered.answer.as_ref()?.as_str().to_owned())
            }
            _ => None,
        }
    }
}
