//! How a step of the path could be answered instead: one rule, so that every driver offers the same.

use crate::{
    engine::{Choice, Session, StepKind},
    tree::NodeKind,
};

/// One way to answer a step that was walked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alternative {
    /// For [`crate::engine::Event::Edit`].
    pub choice: Choice,
    /// Markdown.
    pub text: String,
    /// *I don't know*, *it cannot be done*: drivers give it the key 0. It is the last, and there is one.
    pub unsure: bool,
    /// The step is answered like this now: taking it is no change.
    pub stands: bool,
}

impl Session {
    /// How a step of the path could be answered, in the order in which its screen listed it. Empty where there is nothing
    /// to answer: the way into and out of a visited tree, and places that are no step.
    pub fn alternatives(&self, step: usize) -> Vec<Alternative> {
        let Some(walked) = self.path().get(step) else {
            return Vec::new();
        };
        let list = |stands: Choice, rows: Vec<(Choice, String)>| {
            let last = rows.len().saturating_sub(1);
            let rows = rows.into_iter().enumerate();
            rows.map(|(index, (choice, text))| Alternative {
                stands: choice == stands,
                choice,
                text,
                unsure: index == last,
            })
            .collect()
        };
        match &walked.kind {
            StepKind::Question { answer, .. } => {
                let spot = &walked.spot;
                let node = self.forest.node(&spot.tree, &spot.node);
                let Some(NodeKind::Ask(ask)) = node.map(|node| &node.kind) else {
                    return Vec::new();
                };
                let reading = self.reading_at(walked.generation);
                let answers = ask.answers.iter().map(|answer| {
                    let text = reading.line(&spot.tree, &answer.text).markdown;
                    (Choice::Answer(answer.id.clone()), text)
                });
                let unsure = (Choice::Unsure, "I don't know".to_owned());
                let stands = answer.clone().map_or(Choice::Unsure, Choice::Answer);
                list(stands, answers.chain([unsure]).collect())
            }
            StepKind::Do { done } => list(
                if *done { Choice::Done } else { Choice::Unable },
                vec![
                    (Choice::Done, "I have done this".to_owned()),
                    (Choice::Unable, "This cannot be done".to_owned()),
                ],
            ),
            StepKind::Fix => list(
                Choice::Applied,
                vec![
                    (Choice::Applied, "I have done this".to_owned()),
                    (Choice::Unable, "I will not do this now".to_owned()),
                ],
            ),
            StepKind::Helped(helped) => list(
                Choice::Helped(*helped),
                vec![
                    (Choice::Helped(Some(true)), "Yes, it works again".to_owned()),
                    (
                        Choice::Helped(Some(false)),
                        "No, it did not help".to_owned(),
                    ),
                    (Choice::Helped(None), "I don't know yet".to_owned()),
                ],
            ),
            StepKind::Enter | StepKind::Leave { .. } => Vec::new(),
        }
    }
}
