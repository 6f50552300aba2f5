//! How an end is known: the questions that led to it, each with what was found.

use crate::{
    engine::{FindingView, Step, StepKind},
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
    /// The questions of a path, oldest first.
    pub fn of(path: &[Step], findings: &[FindingView<'_>]) -> Vec<Self> {
        path.iter()
            .filter_map(|step| {
                let StepKind::Question {
                    answer,
                    answer_text,
                    source,
                    probes,
                    disagrees,
                    ..
                } = &step.kind
                else {
                    return None;
                };
                let evidence = findings
                    .iter()
                    .filter(|view| {
                        view.generation == step.generation && probes.contains(view.probe)
                    })
                    .flat_map(|view| view.finding.evidence.iter().cloned())
                    .collect();
                Some(Self {
                    question: step.text.markdown.clone(),
                    answer: answer.as_ref().map(|_| answer_text.markdown.clone()),
                    source: *source,
                    disagrees: *disagrees,
                    evidence,
                })
            })
            .collect()
    }
}
