//! A case on the screen.

use crate::{
    app::cases::Unkept,
    app::tui::{
        model::{Case, Choice, Form, Scene, Top},
        msg::Task,
        port::{CaseId, CaseRedactor},
    },
    case::Named,
    engine::{EvidenceView, Phase, Spot, Stage},
};

pub struct Walk {
    pub id: CaseId,
    /// Masks whatever leaves the case.
    pub redactor: CaseRedactor,
    /// What a person calls the case, masked.
    pub named: Named,
    pub case: Box<dyn Case>,
    /// The case's moment; taken again after each change.
    pub scene: Scene,
    pub face: Face,
    /// What lies over it.
    pub top: Option<Top>,
    /// Evidence answers by itself until a person is needed.
    pub following: bool,
    /// Which command the next press copies.
    pub copies: usize,
    /// What of it is not handed over yet to be kept.
    pub unkept: Unkept,
    /// How it stands with what was handed over.
    pub saved: Saved,
}

/// How it stands with a case on the disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Saved {
    /// Nothing is there (yet).
    Nothing,
    All,
    /// The last steps are not, and why.
    Not(String),
}

/// How the stage is answered.
pub enum Face {
    Choosing(Choosing),
    Form(Form),
}

/// Rows to choose from, and the text above them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Choosing {
    pub selected: Option<usize>,
    /// A person moved it, so that evidence does not.
    pub moved: bool,
    pub scroll: usize,
}

/// What makes two moments the same stage.
#[derive(PartialEq)]
enum StageKey {
    Inputs(usize),
    Question(Spot, u32, usize),
    Do(Spot, usize),
    Conclusion(Spot, u32, std::mem::Discriminant<Phase>),
}

impl StageKey {
    fn of(scene: &Scene) -> Self {
        let steps = scene.path.len();
        match &scene.stage {
            Stage::Inputs(_) => Self::Inputs(steps),
            Stage::Question(question) => {
                Self::Question(question.spot.clone(), question.generation, steps)
            }
            Stage::Do(instruction) => Self::Do(instruction.spot.clone(), steps),
            Stage::Conclusion(conclusion) => Self::Conclusion(
                conclusion.spot.clone(),
                conclusion.generation,
                std::mem::discriminant(&conclusion.phase),
            ),
        }
    }
}

impl Walk {
    /// What is to be handed over so that nothing of the case is lost.
    pub fn unkept(&mut self) -> Option<Task> {
        let change = self.unkept.take(self.case.transcript())?;
        Some(Task::Keep(self.id, change))
    }

    pub fn new(id: CaseId, case: Box<dyn Case>) -> Self {
        let scene = case.scene();
        let face = Face::new(&scene);
        Self {
            id,
            redactor: CaseRedactor::default(),
            named: Named::default(),
            case,
            scene,
            face,
            top: None,
            following: false,
            copies: 0,
            unkept: Unkept::default(),
            saved: Saved::Nothing,
        }
    }

    /// Takes the case's moment again; what the person began at the same stage stays.
    pub fn refresh(&mut self) {
        let scene = self.case.scene();
        let same = StageKey::of(&scene) == StageKey::of(&self.scene);
        self.scene = scene;
        if !same {
            self.face = Face::new(&self.scene);
            self.copies = 0;
            return;
        }
        match (&mut self.face, &self.scene.stage) {
            (Face::Choosing(choosing), _) if !choosing.moved => {
                choosing.selected = self.scene.preferred;
            }
            (Face::Form(form), Stage::Inputs(asks)) => {
                let old = std::mem::replace(form, Form::new(&[]));
                *form = old.renewed(asks);
            }
            _ => {}
        }
    }

    /// The row that Enter takes.
    pub fn chosen(&self) -> Option<&Choice> {
        match &self.face {
            Face::Choosing(choosing) => self.scene.choices.get(choosing.selected?),
            Face::Form(_) => None,
        }
    }

    /// Since when what is on the screen is being looked at.
    pub fn looking_since(&self) -> Option<jiff::Timestamp> {
        match &self.scene.stage {
            Stage::Question(question) => match (&question.evidence, &question.again) {
                (EvidenceView::Looking { since, .. }, _) => Some(*since),
                (_, again) => again.as_ref().map(|again| again.since),
            },
            _ => None,
        }
    }
}

impl Face {
    fn new(scene: &Scene) -> Self {
        match &scene.stage {
            Stage::Inputs(asks) => Face::Form(Form::new(asks)),
            _ => Face::Choosing(Choosing {
                selected: scene.preferred,
                ..Choosing::default()
            }),
        }
    }
}
