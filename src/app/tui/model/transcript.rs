//! What lies over the walk: the transcript, a step being answered otherwise, a line being written.

use tui_input::Input;

use crate::{
    app::tui::{
        model::{Choice, Naming, Pasting, Preview, Scene},
        place::Place,
    },
    finding::InputName,
};

pub enum Top {
    Transcript(Transcript),
    /// A note at the place where the case is now.
    Writing(Writing),
    /// What somebody sent, for the question's probe.
    Pasting(Box<Pasting>),
    /// The report, as it would be saved.
    Report(Preview),
    /// What the case is to be called.
    Naming(Naming),
}

/// Every step, one of them chosen.
pub struct Transcript {
    pub selected: usize,
    /// Lines that the page is moved by beyond where the selection puts it.
    pub nudge: isize,
    pub editing: Option<Editing>,
    pub writing: Option<Writing>,
}

/// A row of the transcript: its place in [`Scene::inputs`] or in [`Scene::path`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    Input(usize),
    Step(usize),
}

/// The answers that a step could have instead.
pub struct Editing {
    pub choices: Vec<Choice>,
    pub selected: usize,
}

/// A line of text that is being written.
pub struct Writing {
    pub what: What,
    pub line: Input,
}

/// What becomes of the line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// A note at a step, or where the case is now.
    Note(Option<usize>),
    /// An input's value.
    Input { name: InputName, secret: bool },
}

impl Top {
    pub fn place(&self) -> Place {
        match self {
            Top::Writing(_) => Place::Line,
            Top::Pasting(pasting) => pasting.place(),
            Top::Report(preview) => preview.place(),
            Top::Naming(_) => Place::Naming,
            Top::Transcript(transcript) => match transcript {
                Transcript {
                    writing: Some(_), ..
                } => Place::Line,
                Transcript {
                    editing: Some(_), ..
                } => Place::Edit,
                _ => Place::Transcript,
            },
        }
    }
}

impl Transcript {
    /// Opens at the last row.
    pub fn new(scene: &Scene) -> Self {
        Self {
            selected: Entry::all(scene).count().saturating_sub(1),
            nudge: 0,
            editing: None,
            writing: None,
        }
    }

    pub fn chosen(&self, scene: &Scene) -> Option<Entry> {
        Entry::all(scene).nth(self.selected)
    }
}

impl Entry {
    /// The rows: inputs first, then the steps.
    pub fn all(scene: &Scene) -> impl Iterator<Item = Self> {
        let inputs = (0..scene.inputs.len()).map(Self::Input);
        inputs.chain((0..scene.path.len()).map(Self::Step))
    }
}
