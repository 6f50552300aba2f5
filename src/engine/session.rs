//! One case: the ledger, and where the walk through it stands.

mod ahead;
mod alternatives;
mod apply;
mod check;
mod draw;
mod follow;
mod foresee;
mod looks;
mod path;
mod proof;
mod replay;
mod requests;
mod ruled_out;
mod settle;
mod standing;
mod verdict;
mod what_if;

use std::{
    collections::BTreeMap,
    sync::{Arc, OnceLock},
};

use jiff::Timestamp;

use crate::{
    engine::{
        Effect, Entry, Event, Follow, Given, InputAsk, Opening, Outlook, ProbeKey, Record, RunId,
        Stage, Step, StepKind,
        input::{self, Values},
        ledger::{Key, Ledger},
        outlook::Shape,
        reading::{self, Fills, Reading, Running, Shown},
        walk::{Front, Walk, walk},
    },
    finding::{Finding, InputName, Os, Unknown},
    tree::{Forest, Input, InputType, Rendered},
};

use ahead::Ahead;
pub use ahead::MOST_AHEAD;
pub use alternatives::Alternative;
pub use check::FixCheck;
pub use standing::Standing;
pub use what_if::Leads;

/// A case that is being walked. It can be cloned, so that something can be tried out.
#[derive(Debug, Clone)]
pub struct Session {
    forest: Arc<Forest>,
    opening: Opening,
    shape: Arc<Shape>,
    ledger: Ledger,
    transcript: Vec<Entry>,
    runs: BTreeMap<RunId, Running>,
    hunts: BTreeMap<RunId, Hunt>,
    next_run: u64,
    fills: Fills,
    walk: Walk,
    /// Drawn when somebody asks for it.
    path: OnceLock<Vec<Step>>,
    /// The steps that were drawn before and still show what they showed.
    drawn: Vec<Step>,
    stage: Stage,
    /// The time of the last event.
    now: Timestamp,
    outlook: OnceLock<Outlook>,
    ahead: Ahead,
    /// An input was given, or evidence was sent: what earlier answers rest on may be looked for elsewhere now.
    looks_may_be_others: bool,
}

/// Paths that are being looked for.
#[derive(Debug, Clone, PartialEq)]
struct Hunt {
    input: InputName,
    globs: Vec<String>,
    folders: bool,
}

/// A finding with what it belongs to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FindingView<'a> {
    pub probe: &'a ProbeKey,
    /// The hash of what it was looked with.
    pub params: &'a str,
    pub generation: u32,
    pub finding: &'a Finding,
}

impl Session {
    /// Opens a case. The effects are to be done at once.
    pub fn start(forest: Arc<Forest>, mut opening: Opening) -> (Self, Vec<Effect>) {
        // A secret's value must never get here: it would be written down with the opening.
        opening.inputs.retain(|name, given| {
            let is_secret = |input: &Input| input.ty == InputType::Secret;
            let secret = forest
                .trees()
                .any(|tree| tree.inputs.get(name).is_some_and(is_secret));
            !secret || !matches!(given, Given::Text(_))
        });
        let shape = Arc::new(Shape::new(&forest, &opening.tree, opening.os));
        let ledger = Ledger::new(opening.inputs.clone());
        let walk = walk(&forest, &opening, &ledger);
        let mut session = Self {
            now: opening.at,
            ahead: Ahead::new(opening.at),
            forest,
            opening,
            shape,
            ledger,
            transcript: Vec::new(),
            runs: BTreeMap::new(),
            hunts: BTreeMap::new(),
            next_run: 1,
            fills: Fills::default(),
            walk,
            path: OnceLock::new(),
            drawn: Vec::new(),
            stage: Stage::Inputs(Vec::new()),
            outlook: OnceLock::new(),
            looks_may_be_others: false,
        };
        let effects = session.settle();
        (session, effects)
    }

    pub fn forest(&self) -> &Arc<Forest> {
        &self.forest
    }

    pub fn opening(&self) -> &Opening {
        &self.opening
    }

    /// What the person is to do now.
    pub fn stage(&self) -> &Stage {
        &self.stage
    }

    /// The steps that lead to the stage.
    pub fn path(&self) -> &[Step] {
        self.path.get_or_init(|| self.draw_path())
    }

    /// Everything that happened, in order.
    pub fn transcript(&self) -> &[Entry] {
        &self.transcript
    }

    /// How often a `do` or a fix was passed on the path.
    pub fn generation(&self) -> u32 {
        self.walk.generation
    }

    /// What can still come. Worked out once for each stage.
    pub fn outlook(&self) -> Outlook {
        self.outlook
            .get_or_init(|| match &self.walk.front {
                Front::Question { pending, .. } if self.is_check() => Outlook {
                    causes: vec![pending.clone()],
                    fewest: 1,
                    most: 1,
                    repeats: false,
                },
                Front::Question { pending, .. } => self.shape.outlook(pending, &self.walk.frames),
                Front::Do { spot } => self.shape.outlook(spot, &self.walk.frames),
                Front::Conclusion { spot, .. } => self.shape.outlook(spot, &[]),
            })
            .clone()
    }

    /// Every finding, in the order in which they came.
    pub fn findings(&self) -> impl Iterator<Item = FindingView<'_>> {
        self.ledger
            .findings()
            .into_iter()
            .map(|(probe, held)| FindingView {
                probe,
                params: &held.hash,
                generation: held.generation,
                finding: &held.finding,
            })
    }

    /// Why the evidence of a question that is not known says nothing; `None` where it says something, or where nobody
    /// looked.
    pub fn unknown(&self, step: &Step) -> Option<Unknown> {
        if !step.is_unknown() || step.generation != self.walk.generation {
            return None;
        }
        let now = self.reading();
        let ask = now.ask(&step.spot)?;
        match now.evidence(&step.spot, ask) {
            reading::Evidence::Unknown(why) => Some(why),
            _ => None,
        }
    }

    /// What the evidence of a step said, as the note of its answer puts it; `None` where evidence says another answer, or
    /// none.
    pub fn answer_note(&self, step: &Step) -> Option<Rendered> {
        let StepKind::Question { answer, .. } = &step.kind else {
            return None;
        };
        let reading = self.reading_at(step.generation);
        let ask = reading.ask(&step.spot)?;
        let reading::Evidence::Found {
            answer: Some(pointed),
            found,
            ..
        } = reading.evidence(&step.spot, ask)
        else {
            return None;
        };
        let note = pointed.note.as_ref()?;
        match reading.text(&step.spot.tree, note, found.as_ref())? {
            Shown::Text(note) if answer.as_ref() == Some(&pointed.id) => Some(note),
            Shown::Text(_) | Shown::Withheld(_) => None,
        }
    }

    /// Inputs that were given, or were said to be unknown, in the order in which they first were; before them those that
    /// were given ahead.
    pub fn inputs(&self) -> impl Iterator<Item = (&InputName, &Given)> {
        let asked = self
            .transcript
            .iter()
            .filter_map(|entry| match &entry.record {
                Record::Input { name, .. } if !self.opening.inputs.contains_key(name) => Some(name),
                _ => None,
            });
        let mut names: Vec<&InputName> = self.opening.inputs.keys().collect();
        for name in asked {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let given = self.ledger.inputs(self.walk.generation);
        names
            .into_iter()
            .filter_map(|name| given.get_key_value(name))
    }

    /// An input that was given, as it would be asked for again: what was given stands in the field. `None` where it was not
    /// given.
    pub fn input_given(&self, name: &InputName) -> Option<InputAsk> {
        let given = self.ledger.inputs(self.walk.generation).get(name)?;
        let offer = match given {
            Given::Text(text) => Some(text.clone()),
            Given::Secret | Given::Unknown => None,
        };
        let ask = self.draw_input(&self.reading(), &self.walk.front.spot().tree, name)?;
        Some(InputAsk {
            offer,
            refused: None,
            ..ask
        })
    }

    /// Notes that were made where the case is now; those at steps stand with them.
    pub fn notes_here(&self) -> &[String] {
        let front = &self.walk.front;
        let key = Key {
            generation: self.walk.generation,
            spot: front.spot().clone(),
            role: front.role(),
        };
        self.ledger.notes.get(&key).map_or(&[], Vec::as_slice)
    }

    /// Inputs that have a value now, whoever gave it: a person, a default or evidence.
    pub fn values(&self) -> Values {
        let reading = self.reading();
        let tree = &self.walk.front.spot().tree;
        let names = self.forest.trees().flat_map(|tree| tree.inputs.keys());
        names
            .filter_map(|name| Some((name.clone(), reading.input_value(tree, name)?)))
            .collect()
    }

    /// The title of the tree that the case opened with, for a reader.
    pub fn title(&self) -> Option<Rendered> {
        let tree = self.forest.tree(&self.opening.tree)?;
        Some(self.reading().shown(&tree.id, &tree.title))
    }

    /// What an input's question is, for a reader.
    pub fn input_question(&self, name: &InputName) -> Option<Rendered> {
        let reading = self.reading();
        let tree = &self.walk.front.spot().tree;
        Some(reading.line(tree, &reading.input(tree, name)?.ask))
    }

    /// Whether an input is a secret.
    pub fn is_secret(&self, name: &InputName) -> bool {
        let input = self.reading().input(&self.walk.front.spot().tree, name);
        input.is_some_and(|input| input.ty == InputType::Secret)
    }

    /// The event that [`Session::follow`] asks for, if it asks for one.
    pub fn evidence_event(&self) -> Option<Event> {
        match self.follow() {
            Follow::Apply(event) => Some(event),
            Follow::Wait | Follow::Over => None,
        }
    }

    /// Whether a text fits an input's type; the error is a lowercase fragment that names what is expected.
    pub fn accepts(input: &Input, os: Os, text: &str) -> Result<(), String> {
        input::value(input, os, text).map(|_| ())
    }

    /// The question on the screen checks a fix.
    fn is_check(&self) -> bool {
        use crate::engine::Purpose;
        matches!(
            &self.walk.front,
            Front::Question {
                purpose: Purpose::Verify | Purpose::Settled,
                ..
            }
        )
    }

    fn reading(&self) -> Reading<'_> {
        self.reading_at(self.walk.generation)
    }

    fn reading_at(&self, generation: u32) -> Reading<'_> {
        Reading::new(
            &self.forest,
            &self.opening,
            &self.ledger,
            &self.runs,
            &self.walk.steps,
            generation,
            self.now,
        )
        .with_fills(&self.fills)
    }

    fn next_run(&mut self) -> RunId {
        let run = RunId(self.next_run);
        self.next_run += 1;
        run
    }

    /// Runs that are not over, for tests.
    #[cfg(test)]
    pub(in crate::engine) fn runs_for_test(&self) -> Vec<RunId> {
        self.runs.keys().copied().collect()
    }

    /// The stage as it would be drawn with nothing kept, for tests.
    #[cfg(test)]
    pub(in crate::engine) fn stage_for_test(&self) -> Stage {
        let mut copy = self.clone();
        copy.fills = Fills::default();
        let needed = copy.needed_inputs();
        copy.draw(&needed)
    }

    /// The path as it would be drawn with nothing kept, for tests.
    #[cfg(test)]
    pub(in crate::engine) fn path_for_test(&self) -> Vec<Step> {
        let mut copy = self.clone();
        copy.drawn.clear();
        copy.draw_path()
    }
}
