//! What a case shows, taken from the session after each change, so that drawing asks nothing.

use std::time::Duration;

use jiff::Timestamp;

pub use crate::app::search::{plain, plain_template};
use crate::{
    app::tui::{
        markdown,
        model::{Choice, Proof},
    },
    engine::{
        EvidenceView, Given, LookView, Outlook, Phase, Place, RunId, Session, Spot, Stage, Step,
    },
    finding::{InputName, Os, TreeId, Value, visible::misleads},
    probe,
    tree::{Forest, NodeKind, Origin, Rendered, Scope, Text},
};

/// One moment of a case.
#[derive(Debug, Clone)]
pub struct Scene {
    /// The tree that the case was opened with.
    pub tree: TreeId,
    /// The title of the tree that the case is in now.
    pub title: String,
    /// Where that tree comes from, if it is not embedded.
    pub origin: Option<String>,
    pub os: Os,
    pub place: Place,
    /// False: the trees were not agreed to, nothing is looked at.
    pub trusted: bool,
    pub stage: Stage,
    pub choices: Vec<Choice>,
    /// The row that Enter takes before anything was moved.
    pub preferred: Option<usize>,
    pub path: Vec<Step>,
    /// In the order in which they were given.
    pub inputs: Vec<KnownInput>,
    /// Notes that were made where the case is now.
    pub notes: Vec<String>,
    pub outlook: Outlook,
    /// The titles of the causes still possible.
    pub causes: Vec<String>,
    /// Commands ready to copy, in the order in which they are shown.
    pub commands: Vec<Copyable>,
    /// What each look of a question would be by hand: command, and what it tells.
    pub manual: Vec<probe::Manual>,
    /// How a conclusion is known; empty at other stages.
    pub proof: Vec<Proof>,
    /// Looks that are under way for questions that may come.
    pub ahead: usize,
}

/// A command to copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copyable {
    pub text: String,
    /// False: a value in it holds something that a terminal would obey; it is shown and never copied.
    pub safe: bool,
}

/// An input that was given, or said to be unknown.
#[derive(Debug, Clone, PartialEq)]
pub struct KnownInput {
    pub name: InputName,
    /// What was asked, as plain text.
    pub ask: String,
    pub given: Given,
    pub secret: bool,
}

impl Scene {
    /// The session's moment.
    pub fn of(session: &Session) -> Self {
        let forest = session.forest();
        let opening = session.opening();
        let stage = session.stage().clone();
        let outlook = session.outlook();
        let path = session.path().to_vec();
        let tree = spot(&stage).map_or(&opening.tree, |spot| &spot.tree);
        let (title, origin) = named(forest, tree, opening.os);
        let proof = match stage {
            Stage::Conclusion(_) => Proof::of(session),
            _ => Vec::new(),
        };
        let (choices, preferred) = Choice::all(&stage);
        let (manual, commands) = commands(&stage, opening.os, opening.place);
        Self {
            tree: opening.tree.clone(),
            title,
            origin,
            os: opening.os,
            place: opening.place,
            trusted: opening.trusted,
            choices,
            preferred,
            path,
            inputs: inputs(session),
            notes: session.notes_here().to_vec(),
            causes: causes(forest, &outlook, opening.os),
            outlook,
            commands,
            manual,
            proof,
            ahead: session.looks_ahead(),
            stage,
        }
    }

    /// The looks that are under way for what is on the screen.
    pub fn runs(&self) -> Vec<RunId> {
        match &self.stage {
            Stage::Inputs(asks) => asks.iter().filter_map(|ask| ask.looking).collect(),
            Stage::Question(question) => question.runs(),
            Stage::Do(instruction) => instruction.looking.clone(),
            Stage::Conclusion(conclusion) => conclusion.looking.clone(),
        }
    }

    pub fn is_looking(&self) -> bool {
        !self.runs().is_empty()
    }

    /// Looking (again) would do something.
    pub fn can_look(&self) -> bool {
        match &self.stage {
            Stage::Question(question) => match &question.evidence {
                EvidenceView::None | EvidenceView::Looking { .. } => false,
                EvidenceView::NotLooked { look } => *look,
                // A bundle says the same however often it is asked.
                EvidenceView::Found { .. } if self.place == Place::Bundle => false,
                EvidenceView::Found { .. } | EvidenceView::Unknown(_) => {
                    question.again.is_none() && question.looks.iter().any(|look| look.runs_here)
                }
            },
            _ => false,
        }
    }

    /// What somebody sent could answer this question, or others.
    pub fn can_paste(&self) -> bool {
        matches!(&self.stage, Stage::Question(question)
            if !question.looks.is_empty() || self.place == Place::Elsewhere)
    }

    /// Nothing was looked at yet for the question.
    pub fn is_first_look(&self) -> bool {
        matches!(&self.stage, Stage::Question(question)
            if matches!(question.evidence, EvidenceView::NotLooked { .. }))
    }

    /// Evidence could answer this or a later question.
    pub fn can_follow(&self) -> bool {
        // Of somebody else's machine there is what was sent.
        (self.place != Place::Elsewhere || self.preferred.is_some())
            && self.trusted
            && matches!(self.stage, Stage::Question(_) | Stage::Inputs(_))
    }

    /// When the wait after a fix is over.
    pub fn waits_until(&self) -> Option<Timestamp> {
        match &self.stage {
            Stage::Conclusion(conclusion) => match conclusion.phase {
                Phase::Wait { since, time } => since.checked_add(time).ok(),
                _ => None,
            },
            _ => None,
        }
    }

    /// How long until then; zero once it is over.
    pub fn still_waits(&self, now: Timestamp) -> Option<Duration> {
        let until = self.waits_until()?;
        Some(Duration::try_from(until.duration_since(now)).unwrap_or(Duration::ZERO))
    }

    /// The stage is at its very end.
    pub fn is_over(&self) -> bool {
        matches!(&self.stage, Stage::Conclusion(conclusion) if conclusion.phase.is_last())
    }
}

/// Where a stage stands; inputs stand nowhere.
pub fn spot(stage: &Stage) -> Option<&Spot> {
    match stage {
        Stage::Inputs(_) => None,
        Stage::Question(question) => Some(&question.spot),
        Stage::Do(instruction) => Some(&instruction.spot),
        Stage::Conclusion(conclusion) => Some(&conclusion.spot),
    }
}

/// A text of a tree, in Markdown, with nothing known yet.
pub fn markdown(text: &Text, os: Os) -> String {
    text.get(os).map_or_else(String::new, |text| {
        text.render(&Scope::new(os))
            .map_or_else(|_| text.source.to_string(), |text| text.markdown)
    })
}

/// A tree's title, and its file where it is not embedded.
fn named(forest: &Forest, id: &TreeId, os: Os) -> (String, Option<String>) {
    forest.tree(id).map_or_else(
        || (id.to_string(), None),
        |tree| {
            let origin = match &tree.origin {
                Origin::Embedded => None,
                Origin::File(path) => Some(path.clone()),
            };
            (plain_template(&tree.title, os), origin)
        },
    )
}

fn causes(forest: &Forest, outlook: &Outlook, os: Os) -> Vec<String> {
    outlook
        .causes
        .iter()
        .filter_map(|spot| match &forest.node(&spot.tree, &spot.node)?.kind {
            NodeKind::Conclude(conclude) => Some(plain(&conclude.title, os)),
            _ => None,
        })
        .collect()
}

fn inputs(session: &Session) -> Vec<KnownInput> {
    let known = session.inputs().map(|(name, given)| KnownInput {
        name: name.clone(),
        ask: session.input_question(name).map_or_else(
            || name.to_string(),
            |question| markdown::plain(&question.markdown),
        ),
        given: given.clone(),
        secret: session.is_secret(name),
    });
    known.collect()
}

/// The commands of a stage: those of its looks, and all that can be copied. First comes what a person needs first: on the
/// machine itself what its author says, for somebody else's what is judged when it is sent back.
fn commands(stage: &Stage, os: Os, place: Place) -> (Vec<probe::Manual>, Vec<Copyable>) {
    let mut texts: Vec<&Rendered> = Vec::new();
    let mut manual = Vec::new();
    let mut copyable: Vec<Copyable> = Vec::new();
    match stage {
        Stage::Inputs(_) => {}
        Stage::Question(question) => {
            texts.extend(&question.how);
            for look in &question.looks {
                for command in by_hand(look, os) {
                    if manual.contains(&command) {
                        continue;
                    }
                    copyable.push(Copyable {
                        safe: !misleads(&command.command) && !broken(&look.request.params),
                        text: command.command.clone(),
                    });
                    manual.push(command);
                }
            }
        }
        Stage::Do(instruction) => texts.extend(&instruction.steps),
        Stage::Conclusion(conclusion) => {
            texts.extend(&conclusion.fix);
            texts.extend(&conclusion.next);
        }
    }
    let written: Vec<Copyable> = texts
        .iter()
        .flat_map(|text| {
            markdown::commands(&text.markdown)
                .into_iter()
                .map(|command| Copyable {
                    safe: !text.unsafe_to_copy && !misleads(&command),
                    text: command,
                })
        })
        .collect();
    let (mut all, others) = match place {
        Place::Elsewhere => (copyable, written),
        Place::Here | Place::Bundle => (written, copyable),
    };
    for command in others {
        if !all.iter().any(|known| known.text == command.text) {
            all.push(command);
        }
    }
    (manual, all)
}

fn by_hand(look: &LookView, os: Os) -> Vec<probe::Manual> {
    probe::kind(look.request.kind)
        .map_or_else(Vec::new, |kind| kind.manual(&look.request.params, os))
}

/// A value from outside that breaks a command's line in two, or worse.
fn broken(params: &probe::Params) -> bool {
    fn one(value: &Value) -> bool {
        match value {
            Value::Text(text) => text.chars().any(char::is_control),
            Value::List(list) => list.iter().any(one),
            Value::Map(map) => map.values().any(one),
            _ => false,
        }
    }
    params.values().any(one)
}
