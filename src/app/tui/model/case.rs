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
    case::request::Request,
    engine::{CaseResult, Effect, Entry, Event, Follow, Rejection, Replayed, Session},
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

    /// Goes on with changed trees, from all that happened; gives what is to be done, and why it stopped fitting, if it did.
    fn reload(&mut self, forest: Arc<Forest>, whole: &[Entry]) -> (Vec<Effect>, Option<String>);

    /// The same after everything that it waited for was ended, with what is agreed to now: that it looks at all, and that
    /// it runs programs.
    fn renew(
        &mut self,
        forest: Arc<Forest>,
        agreed: (bool, bool),
        whole: &[Entry],
        now: Timestamp,
    ) -> (Vec<Effect>, Option<String>);

    /// The trees that it is walked on; a stand-in has none.
    fn forest(&self) -> Option<&Arc<Forest>> {
        None
    }

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

    /// What somebody else is to run for all that is open, as commands or as a script, in the name of a case.
    ///
    /// # Errors
    /// Why there is nothing to ask for, as a fragment.
    fn request(&self, _script: bool, _asking: Option<&str>) -> Result<String, String> {
        Err("this case asks for nothing".to_owned())
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

    fn request(&self, script: bool, asking: Option<&str>) -> Result<String, String> {
        let mut request = Request::of_case(self)?;
        request.case = asking.map(str::to_owned);
        Ok(if script {
            request.script()
        } else {
            request.text()
        })
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

    fn reload(&mut self, forest: Arc<Forest>, whole: &[Entry]) -> (Vec<Effect>, Option<String>) {
        taken(self, Session::reload_from(self, forest, whole))
    }

    fn renew(
        &mut self,
        forest: Arc<Forest>,
        agreed: (bool, bool),
        whole: &[Entry],
        now: Timestamp,
    ) -> (Vec<Effect>, Option<String>) {
        taken(self, Session::renew(self, forest, agreed, whole, now))
    }

    fn forest(&self) -> Option<&Arc<Forest>> {
        Some(Session::forest(self))
    }
}

fn taken(session: &mut Session, replayed: Replayed) -> (Vec<Effect>, Option<String>) {
    *session = replayed.session;
    let stopped = replayed
        .stopped
        .map(|stopped| format!("`{}`: {}", stopped.spot, stopped.why));
    (replayed.effects, stopped)
}
