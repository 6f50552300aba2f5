//! What a person can choose at a stage: the rows below the text.

use crate::{
    engine::{Alternative, ConclusionStage, DoStage, Event, Phase, QuestionStage, Stage},
    tree::AnswerId,
};

/// One row to choose.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// `1` to `9`, `0` for *I don't know*; none from the tenth answer on.
    pub key: Option<char>,
    /// Markdown.
    pub text: String,
    /// What is to be known about it, as a fragment in Markdown; may be empty.
    pub note: String,
    /// The evidence points here.
    pub found: bool,
    /// *I don't know*, *it cannot be done*.
    pub unsure: bool,
    /// A step is answered like this now: taking it is no change.
    pub stands: bool,
    pub event: Event,
}

impl Choice {
    fn new(key: Option<char>, text: &str, event: Event) -> Self {
        Self {
            key,
            text: text.to_owned(),
            note: String::new(),
            found: false,
            unsure: false,
            stands: false,
            event,
        }
    }

    fn unsure(text: &str, event: Event) -> Self {
        Self {
            unsure: true,
            ..Self::new(Some('0'), text, event)
        }
    }

    fn note(mut self, note: &str) -> Self {
        self.note = note.to_owned();
        self
    }

    /// The rows of a stage, and which of them Enter takes before anything was moved.
    pub fn all(stage: &Stage) -> (Vec<Self>, Option<usize>) {
        match stage {
            Stage::Inputs(_) => (Vec::new(), None),
            Stage::Question(question) => Self::answers(question),
            Stage::Do(instruction) => Self::instruction(instruction),
            Stage::Conclusion(conclusion) => Self::conclusion(conclusion),
        }
    }

    fn answers(question: &QuestionStage) -> (Vec<Self>, Option<usize>) {
        let pointed = question.pointed();
        let mut rows: Vec<Self> = question
            .answers
            .iter()
            .enumerate()
            .map(|(index, answer)| {
                let event = Event::Answer {
                    answer: answer.id.clone(),
                };
                Self {
                    found: pointed == Some(&answer.id),
                    ..Self::new(key_of(index), &answer.text.markdown, event)
                }
            })
            .collect();
        let unsure = Self::unsure("I don't know", Event::Unsure { skipped: false });
        rows.push(if question.unsure {
            unsure
        } else {
            unsure.note("the walk then ends here, unresolved")
        });
        let at = |id: &AnswerId| question.answers.iter().position(|answer| answer.id == *id);
        // Nothing is chosen where nothing speaks for it: Enter pressed too often must not answer.
        let chosen = match (&question.given, &question.stated, pointed) {
            (Some(Some(given)), _, _) => at(given),
            (Some(None), _, _) => Some(question.answers.len()),
            (None, Some(stated), _) => at(stated),
            (None, None, Some(pointed)) => at(pointed),
            (None, None, None) => None,
        };
        (rows, chosen)
    }

    fn instruction(instruction: &DoStage) -> (Vec<Self>, Option<usize>) {
        let unable = Self::unsure("This cannot be done", Event::Unable);
        let rows = vec![
            Self::new(Some('1'), "I have done this: go on", Event::Done),
            if instruction.unable {
                unable
            } else {
                unable.note("the walk then ends here, unresolved")
            },
        ];
        let chosen = match instruction.given {
            Some(false) => 1,
            Some(true) | None => 0,
        };
        (rows, Some(chosen))
    }

    fn conclusion(conclusion: &ConclusionStage) -> (Vec<Self>, Option<usize>) {
        match conclusion.phase {
            // A fix that nobody was shown cannot have been carried out.
            Phase::Fix if conclusion.fix.is_none() => (
                vec![Self::unsure("It stays open for now", Event::Unable)],
                None,
            ),
            Phase::Fix => (
                vec![
                    Self::new(Some('1'), "I have done this: check again", Event::Applied),
                    Self::unsure("I will not do this now", Event::Unable),
                ],
                Some(0),
            ),
            Phase::Wait { .. } => (
                vec![Self::new(
                    Some('1'),
                    "Do not wait: check now",
                    Event::SkipWait,
                )],
                Some(0),
            ),
            Phase::AskHelped => (
                vec![
                    Self::new(Some('1'), "Yes, it works again", Event::Helped(Some(true))),
                    Self::new(Some('2'), "No, it did not help", Event::Helped(Some(false))),
                    Self::unsure("I don't know yet", Event::Helped(None)),
                ],
                None,
            ),
            Phase::Fixed | Phase::NotVerified | Phase::End => (Vec::new(), None),
        }
    }

    /// How a step of the path could be answered instead.
    pub fn instead(step: usize, alternatives: Vec<Alternative>) -> Vec<Self> {
        let rows = alternatives.into_iter().enumerate();
        rows.map(|(index, alternative)| {
            let key = if alternative.unsure {
                Some('0')
            } else {
                key_of(index)
            };
            let event = Event::Edit {
                step,
                choice: alternative.choice,
            };
            let row = Self {
                unsure: alternative.unsure,
                stands: alternative.stands,
                ..Self::new(key, &alternative.text, event)
            };
            if alternative.stands {
                row.note("as it stands")
            } else {
                row
            }
        })
        .collect()
    }
}

/// The key of a row, counted from 0; there are nine.
pub fn key_of(index: usize) -> Option<char> {
    u32::try_from(index + 1)
        .ok()
        .filter(|number| *number <= 9)
        .and_then(|number| char::from_digit(number, 10))
}
