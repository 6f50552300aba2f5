//! The walk as the screen needs it: the engine's session, or in a test something that stands in for it.

use std::sync::Arc;

use jiff::Timestamp;

use crate::{
    app::{
        cli::Format,
        report_file,
        tui::model::{Choice, Scene},
    },
    case::Named,
    engine::{CaseResult, Effect, Entry, Event, Follow, Rejection, Session},
    redact::Redactor,
    report::Letters,
    tree::Forest,
};

/// A case that is being walked.
pub trait Case {
    /// Takes one event in. A rejected event changes nothing.
    fn apply(&mut self, event: Event, at: Timestamp) -> Result<Vec<Effect>, Rejection>;

    /// What evidence alone does next.
    fn follow(&self) -> Follow;

    /// Everything that is shown of it.
    fn scene(&self) -> Scene;

    /// How a step could be answered instead; empty where it cannot.
    fn alternatives(&self, step: usize) -> Vec<Choice>;

    /// Goes on with changed trees; gives what is to be done, and what there is to say about it.
    fn reload(&mut self, forest: Arc<Forest>) -> (Vec<Effect>, String);

    /// Everything that happened, in order; a stand-in has nothing to keep.
    fn transcript(&self) -> &[Entry] {
        &[]
    }

    /// The report as it stands, masked.
    ///
    /// # Errors
    /// Why there is none, as a fragment; a stand-in has none.
    fn report(
        &self,
        _named: &Named,
        _format: Format,
        _redactor: &mut Redactor,
    ) -> Result<String, String> {
        Err("this case has none".to_owned())
    }

    /// A copy to work with on another thread; a stand-in has none.
    fn session(&self) -> Option<Session> {
        None
    }

    /// The result as it stands; a stand-in has none.
    fn result(&self) -> Option<CaseResult> {
        None
    }
}

impl Case for Session {
    fn transcript(&self) -> &[Entry] {
        Session::transcript(self)
    }

    fn report(
        &self,
        named: &Named,
        format: Format,
        redactor: &mut Redactor,
    ) -> Result<String, String> {
        report_file::text(self, named, false, format, Letters::All, redactor)
            .map_err(|error| error.to_string())
    }

    fn session(&self) -> Option<Session> {
        Some(self.clone())
    }

    fn result(&self) -> Option<CaseResult> {
        Some(Session::result(self, false))
    }

    fn apply(&mut self, event: Event, at: Timestamp) -> Result<Vec<Effect>, Rejection> {
        Session::apply(self, event, at).map(|transition| transition.effects)
    }

    fn follow(&self) -> Follow {
        Session::follow(self)
    }

    fn scene(&self) -> Scene {
        Scene::of(self)
    }

    fn alternatives(&self, step: usize) -> Vec<Choice> {
        Choice::instead(step, Session::alternatives(self, step))
    }

    fn reload(&mut self, forest: Arc<Forest>) -> (Vec<Effect>, String) {
        let replayed = Session::reload(self, forest);
        *self = replayed.session;
        let said = match replayed.stopped {
            None => "the tree was changed and loaded again".to_owned(),
            Some(stopped) => format!(
                "the tree was changed; the walk fits it up to `{}`: {}",
                stopped.spot, stopped.why
            ),
        };
        (replayed.effects, said)
    }
}
