//! How an end is known: the questions that led to it, each with what was found.

use crate::{
    engine::{Session, StepKind},
    finding::{Evidence, Source},
};

/// One question of the way, with its evidence.
#[derive(Debug, Clone, PartialEq)]
pub struct Proof {
    /// Markdown.
    pub question: String,
    /// Markdown; `None`: not known.
    pub answer: Option<String>,
    pub source: Source,
    /// The evidence points to another answer than the person gave.
    pub disagrees: bool,
    pub evidence: Vec<Evidence>,
}

impl Proof {
    /// The questions of the path, oldest first, each with what the session says that it rests on.
    pub fn of(session: &Session) -> Vec<Self> {
        let path = session.path().iter();
        path.filter_map(|step| {
            let StepKind::Question {
                answer,
                answer_text,
                source,
                disagrees,
                ..
            } = &step.kind
            else {
                return None;
            };
            Some(Self {
                question: step.text.markdown.clone(),
                answer: answer.as_ref().map(|_| answer_text.markdown.clone()),
                source: *source,
                disagrees: *disagrees,
                evidence: session.evidence(step),
            })
        })
        .collect()
    }
}
