//! Everything that is on the screen, as data. Knows no ratatui, no terminal and no clock.

mod case;
mod choice;
mod form;
mod naming;
mod pasting;
mod preview;
mod proof;
pub mod scene;
mod start;
mod transcript;
mod walk;

use std::sync::Arc;

use jiff::Timestamp;

pub use case::Case;
pub use choice::{Choice, key_of};
pub use form::{Field, Filled, Form};
pub use naming::Naming;
pub use pasting::Pasting;
pub use preview::{Paper, Preview, REPORT, REQUEST, Saving};
pub use proof::Proof;
pub use scene::{Copyable, KnownInput, Scene, markdown, plain_template};
pub use start::Start;
pub use transcript::{Editing, Entry, Top, Transcript, What, Writing};
pub use walk::{Face, Saved, Walk};

pub use crate::app::search::{GoesOn, OpenCase, Plan};

use crate::{
    app::cases::KeptCase,
    app::tui::{
        msg::Measured,
        place::Place,
        port::{CaseId, Consent, TuiOpening},
    },
    case::Journal,
    engine::Place as Machine,
    finding::{Os, TreeId},
    tree::Forest,
};

/// The one owner of what is shown.
pub struct Model {
    pub opening: TuiOpening,
    pub width: u16,
    pub height: u16,
    /// When the last message came.
    pub now: Timestamp,
    /// Counts ticks: turns the spinner.
    pub ticks: usize,
    pub screen: Screen,
    /// The help that lies over the screen, and how far it is scrolled.
    pub help: Option<usize>,
    /// What the program says about the last key: one line, gone with the next key.
    pub saying: Option<String>,
    /// Why the trees on the disk are not those that are walked, if they are not.
    pub unused: Option<&'static str>,
    /// What was asked once and waits for the same key again.
    pub asked: Option<Asked>,
    /// What the last draw came to.
    pub measured: Measured,
    /// Counts cases of this run.
    pub cases: u64,
    /// Cases that are open and not on the screen, the one that was left last at the end. Nothing is looked at for them.
    pub open: Vec<Walk>,
    /// Cases that were left, the newest first.
    pub left: Vec<KeptCase>,
    /// What happens in a case is kept.
    pub keeps: bool,
}

/// Which page is open.
pub enum Screen {
    Start(Start),
    Where(Where),
    Agree(Agree),
    Walk(Box<Walk>),
}

/// Something that is done only if the same key comes again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    Quit,
    /// Back from the first step: out of the case.
    Back,
    /// To close this open case, which is not saved.
    Close(CaseId),
}

/// Where is the machine?
#[derive(Debug, Clone)]
pub struct Where {
    pub plan: Plan,
    /// The tree's title.
    pub title: String,
    /// What the tree is about, in Markdown.
    pub summary: String,
    pub selected: usize,
    pub scroll: usize,
    /// What was gathered there is in a file, whose path is being typed.
    pub file: Option<FileLine>,
}

/// The path of a file, while it is typed.
#[derive(Debug, Clone, Default)]
pub struct FileLine {
    pub line: tui_input::Input,
    /// It is being read, to see whether it can be opened.
    pub reading: bool,
    /// Why it cannot.
    pub refused: Option<String>,
}

/// What a tree from outside can do, to be agreed to.
#[derive(Debug, Clone, PartialEq)]
pub struct Agree {
    pub tree: TreeId,
    pub title: String,
    pub consent: Consent,
    pub then: Then,
    pub scroll: usize,
}

/// What comes once it is known whether a tree is agreed to.
#[derive(Debug, Clone, PartialEq)]
pub enum Then {
    /// A new case.
    Begin {
        plan: Plan,
        os: Os,
        machine: Machine,
    },
    /// A case that was kept, and is held for this.
    Resume(Box<Journal>),
    /// A case that is open in this run.
    GoOn(CaseId),
}

impl Where {
    /// The row behind the machines.
    pub const FILE: &str = "A bundle, or a script's answer";

    /// The machines to choose from, this one first.
    pub fn choices(own: Os) -> Vec<(String, Os, Machine)> {
        let mut list = vec![(
            format!("This machine ({})", os_name(own)),
            own,
            Machine::Here,
        )];
        for os in [Os::Windows, Os::Linux] {
            let text = format!("Somebody else's {} machine", os_name(os));
            list.push((text, os, Machine::Elsewhere));
        }
        list
    }
}

impl Model {
    /// The start screen. A tree that was named is opened by [`crate::app::tui::update::open_named`].
    pub fn new(opening: TuiOpening, width: u16, height: u16, now: Timestamp) -> Self {
        let start = Start::new(&opening.forest, opening.os, &[], &[]);
        Self {
            opening,
            width,
            height,
            now,
            ticks: 0,
            screen: Screen::Start(start),
            help: None,
            saying: None,
            unused: None,
            asked: None,
            measured: Measured::default(),
            cases: 0,
            open: Vec::new(),
            left: Vec::new(),
            keeps: false,
        }
    }

    pub fn walk(&self) -> Option<&Walk> {
        match &self.screen {
            Screen::Walk(walk) => Some(walk),
            _ => None,
        }
    }

    pub fn walk_mut(&mut self) -> Option<&mut Walk> {
        match &mut self.screen {
            Screen::Walk(walk) => Some(walk),
            _ => None,
        }
    }

    pub fn form(&self) -> Option<&Form> {
        match &self.walk()?.face {
            Face::Form(form) => Some(form),
            Face::Choosing(_) => None,
        }
    }

    /// The report on the screen.
    pub fn preview(&self) -> Option<&Preview> {
        match &self.walk()?.top {
            Some(Top::Report(preview)) => Some(preview),
            _ => None,
        }
    }

    /// Where keys go now.
    pub fn place(&self) -> Place {
        if self.help.is_some() {
            return Place::Help;
        }
        self.place_below_help()
    }

    /// Where keys go once the help is closed.
    pub fn place_below_help(&self) -> Place {
        match &self.screen {
            Screen::Start(_) => Place::Start,
            Screen::Where(place) if place.file.is_some() => Place::File,
            Screen::Where(_) => Place::Where,
            Screen::Agree(_) => Place::Consent,
            Screen::Walk(walk) => match (&walk.top, &walk.face) {
                (Some(top), _) => top.place(),
                (None, Face::Form(_)) => Place::Form,
                (None, Face::Choosing(_)) => Place::Walk,
            },
        }
    }

    /// Something on the screen counts, so that time has to be told.
    pub fn counts(&self) -> bool {
        let saving = self.preview().and_then(|preview| preview.saving.as_ref());
        if saving.is_some_and(|saving| saving.busy) {
            return true;
        }
        self.walk().is_some_and(|walk| {
            walk.scene.is_looking()
                || walk.scene.waits_until().is_some()
                || matches!(&walk.top, Some(Top::Pasting(pasting)) if pasting.judging)
        })
    }

    pub fn forest(&self) -> &Arc<Forest> {
        &self.opening.forest
    }

    /// The start screen, with nothing searched.
    pub fn start(&self) -> Start {
        // The one that was left last stands first.
        let open: Vec<OpenCase> = self.open.iter().rev().map(Walk::open).collect();
        Start::new(&self.opening.forest, self.opening.os, &open, &self.left)
    }

    /// A case of this run, whether it is on the screen or not.
    pub fn case_mut(&mut self, id: CaseId) -> Option<&mut Walk> {
        let shown = match &mut self.screen {
            Screen::Walk(walk) => Some(walk.as_mut()),
            _ => None,
        };
        let mut all = shown.into_iter().chain(&mut self.open);
        all.find(|walk| walk.id == id)
    }

    /// What is agreed to for a tree now: that it looks at all, and that it runs programs.
    pub fn agreed(&self, tree: &TreeId) -> (bool, bool) {
        let trusted = !self.opening.consents.contains_key(tree);
        // Who agreed to a tree has seen which programs it runs.
        let commands = self.opening.commands || trusted && self.opening.agreed.contains_key(tree);
        (trusted, commands)
    }

    pub fn next_case(&mut self) -> CaseId {
        self.cases += 1;
        CaseId(self.cases)
    }
}

/// A system's name as people write it.
pub fn os_name(os: Os) -> &'static str {
    match os {
        Os::Linux => "Linux",
        Os::Windows => "Windows",
        Os::Macos => "macOS",
    }
}
