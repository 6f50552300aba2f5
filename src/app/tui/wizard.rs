//! The wizard between its channel and its terminal: something comes in, tasks come out, and the model is drawn once. Has
//! neither of the two: [`super::run`] gives it the person's terminal, a benchmark one that is made up.

use jiff::Timestamp;
use ratatui::{Terminal, backend::Backend};

use crate::{
    app::tui::{
        input,
        model::{Model, Walk},
        msg::{Msg, Task},
        port::{Incoming, TuiOpening},
        update::{open_named, update},
        view,
    },
    engine::CaseResult,
};

/// All that the wizard is, but for the world around it.
pub struct Wizard {
    model: Model,
}

impl Wizard {
    /// The first screen, and what is to be done for it.
    pub fn new(opening: TuiOpening, width: u16, height: u16, now: Timestamp) -> (Self, Vec<Task>) {
        let mut model = Model::new(opening, width, height, now);
        let tasks = open_named(&mut model);
        (Self { model }, tasks)
    }

    /// Takes one thing in, at its time.
    pub fn take(&mut self, incoming: Incoming, at: Timestamp) -> Vec<Task> {
        let msg = match incoming {
            Incoming::Terminal(event) => match input::read(&event, &self.model) {
                Some(msg) => msg,
                None => return Vec::new(),
            },
            Incoming::Runtime(message) => Msg::Runtime(message),
            Incoming::Reloaded { forest, consents } => Msg::Reloaded(forest, consents),
            Incoming::Faults { faults, first } => Msg::Faults(faults, first),
            Incoming::Cases(cases) => Msg::Cases(cases),
            Incoming::Opened(journal) => Msg::Opened(journal),
            Incoming::FileRead(path, read) => Msg::FileRead(path, read),
            Incoming::IsOpen(case) => Msg::IsOpen(case),
            Incoming::Kept(case, kept) => Msg::Kept(case, kept),
            Incoming::Saved(case, result) => Msg::Saved(case, result),
            Incoming::Named(case, name) => Msg::Named(case, name),
            Incoming::Say(text) => Msg::Say(text),
            Incoming::Ended => Msg::Interrupt,
            Incoming::Tick => Msg::Tick,
        };
        let mut tasks = update(&mut self.model, msg, at);
        tasks.extend(self.model.walk_mut().and_then(Walk::unkept));
        tasks
    }

    /// Draws once, and tells the model what the draw measured.
    pub fn draw<B: Backend>(&mut self, terminal: &mut Terminal<B>) -> Result<(), B::Error> {
        let Self { model } = self;
        if let Some(walk) = model.walk_mut() {
            walk.freshen();
        }
        let mut measured = model.measured;
        terminal.draw(|frame| measured = view::draw(model, frame))?;
        let now = model.now;
        update(model, Msg::Drawn(measured), now);
        Ok(())
    }

    /// The result of the case on the screen as it stands.
    pub fn result(&self) -> Option<CaseResult> {
        self.model.walk().and_then(|walk| walk.case.result())
    }

    /// Something on the screen counts, so that time has to be told.
    pub fn counts(&self) -> bool {
        self.model.counts()
    }
}
