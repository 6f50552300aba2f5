//! A case on the screen.

use std::sync::{Arc, PoisonError};

use jiff::Timestamp;

use crate::{
    app::{
        cases::Unkept,
        tui::{
            markdown::plain,
            model::{Case, Choice, Form, OpenCase, Scene, Top},
            msg::Task,
            port::{CaseId, CaseRedactor},
        },
    },
    case::Named,
    engine::{Effect, Entry, EvidenceView, Phase, Spot, Stage, Step, StepKind},
    finding::{InputName, TreeId},
    tree::Forest,
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
    /// The name of its folder, once it asked somebody else for something.
    pub name: Option<String>,
    /// A person said that nothing is to be looked at; they are not asked each time.
    pub declined: bool,
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
            name: None,
            declined: false,
        }
    }

    /// Masks what came in since the last draw.
    pub fn freshen(&mut self) {
        if let Some(Top::Pasting(pasting)) = &mut self.top {
            let mut redactor = self.redactor.lock().unwrap_or_else(PoisonError::into_inner);
            pasting.freshen(&mut redactor);
        }
    }

    /// What was typed for an input, as the case is to know it.
    pub fn given(&self, name: &InputName, text: &str) -> String {
        let redactor = self.redactor.lock().unwrap_or_else(PoisonError::into_inner);
        redactor.given(name.as_str(), text)
    }

    /// The case in a list of those that are open.
    pub fn open(&self) -> OpenCase {
        let at = match &self.scene.stage {
            Stage::Inputs(_) => String::new(),
            Stage::Question(question) => plain(&question.ask.markdown),
            Stage::Do(instruction) => plain(&instruction.text.markdown),
            Stage::Conclusion(conclusion) => plain(&conclusion.title.markdown),
        };
        let is_question = |step: &&Step| matches!(step.kind, StepKind::Question { .. });
        let asked = self.scene.path.iter().filter(is_question);
        OpenCase {
            id: self.id,
            tree: self.scene.tree.clone(),
            named: self.named.clone(),
            title: self.scene.title.clone(),
            answers: asked.count(),
            at,
        }
    }

    /// Nobody has done anything in it.
    pub fn is_untouched(&self) -> bool {
        let touched = self.case.transcript().iter().any(Entry::is_by_person);
        !touched && self.named == Named::default()
    }

    /// Goes on with changed trees. Gives what is to be done, and what there is to say about it.
    pub fn reload(&mut self, forest: Arc<Forest>) -> (Vec<Effect>, String) {
        let was_held = self.unkept.is_held();
        let (effects, stopped) = self.replay(|case, whole| case.reload(forest, whole));
        let said = match stopped {
            None if was_held && !self.unkept.is_held() => {
                "the tree was changed, and every step fits it again".to_owned()
            }
            None => "the tree was changed and loaded again".to_owned(),
            Some(stopped) => format!("the tree was changed; the walk fits it up to {stopped}"),
        };
        (effects, said)
    }

    /// Goes on after everything that it waited for was ended, with what is agreed to now. Where its tree is gone, it goes on
    /// with the trees that it had.
    pub fn renew(
        &mut self,
        forest: &Arc<Forest>,
        agreed: (bool, bool),
        now: Timestamp,
    ) -> (Vec<Effect>, Option<String>) {
        let own = self.case.forest().unwrap_or(forest);
        let forest = Arc::clone(if self.is_gone(forest) { own } else { forest });
        let (effects, stopped) = self.replay(|case, whole| case.renew(forest, agreed, whole, now));
        let said = stopped
            .map(|stopped| format!("the tree was changed since: the case fits it up to {stopped}"));
        (effects, said)
    }

    /// A tree that the case has stood on is not there.
    pub fn is_gone(&self, forest: &Forest) -> bool {
        let mut stood_on = self.scene.path.iter().map(|step| &step.spot.tree);
        let gone = |tree: &TreeId| forest.tree(tree).is_none();
        gone(&self.scene.tree) || stood_on.any(gone)
    }

    /// The transcript is made anew from all that happened.
    fn replay<T>(&mut self, replay: impl FnOnce(&mut dyn Case, &[Entry]) -> T) -> T {
        let whole = self.unkept.whole(self.case.transcript());
        let made = replay(self.case.as_mut(), &whole);
        self.unkept.replayed(whole, self.case.transcript());
        self.refresh();
        made
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
    pub fn looking_since(&self) -> Option<Timestamp> {
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
