//! One case: the ledger, and where the walk through it stands.

use std::sync::Arc;

use jiff::Timestamp;

use crate::{
    engine::{
        CaseResult, Effect, Entry, Event, Follow, Given, Opening, Outlook, ProbeKey, Rejection,
        Replayed, Stage, Step, Transition,
    },
    finding::{Finding, InputName, Os},
    tree::{Forest, Input},
};

/// A case that is being walked. Cheap to clone, so that a driver can try something out.
#[derive(Debug, Clone)]
pub struct Session {
    forest: Arc<Forest>,
    opening: Opening,
}

/// A finding with what it belongs to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FindingView<'a> {
    pub probe: &'a ProbeKey,
    pub generation: u32,
    pub finding: &'a Finding,
}

impl Session {
    /// Opens a case. The effects are to be done at once.
    pub fn start(forest: Arc<Forest>, opening: Opening) -> (Self, Vec<Effect>) {
        (Self { forest, opening }, Vec::new())
    }

    /// Takes one event in. A rejected event changes nothing.
    pub fn apply(&mut self, event: Event, at: Timestamp) -> Result<Transition, Rejection> {
        let _ = (event, at);
        todo!()
    }

    /// The same session again from what was written down, as far as it fits the trees.
    pub fn replay(forest: Arc<Forest>, opening: Opening, transcript: &[Entry]) -> Replayed {
        let _ = (forest, opening, transcript);
        todo!()
    }

    /// Goes on with changed trees: the transcript is replayed on them; runs of probes that are the same go on under
    /// their ids, others are cancelled. The effects are the difference.
    pub fn reload(&self, forest: Arc<Forest>) -> Replayed {
        let _ = forest;
        todo!()
    }

    pub fn forest(&self) -> &Arc<Forest> {
        &self.forest
    }

    pub fn opening(&self) -> &Opening {
        &self.opening
    }

    /// What the person is to do now.
    pub fn stage(&self) -> &Stage {
        todo!()
    }

    /// The steps that lead to the stage.
    pub fn path(&self) -> &[Step] {
        todo!()
    }

    /// Everything that happened, in order.
    pub fn transcript(&self) -> &[Entry] {
        todo!()
    }

    /// How often a `do` or a fix was passed on the path.
    pub fn generation(&self) -> u32 {
        todo!()
    }

    /// What can still come.
    pub fn outlook(&self) -> Outlook {
        todo!()
    }

    /// Every finding, in the order in which they came.
    pub fn findings(&self) -> impl Iterator<Item = FindingView<'_>> {
        std::iter::empty()
    }

    /// Inputs that are known or were said to be unknown, with what was given.
    pub fn inputs(&self) -> impl Iterator<Item = (&InputName, &Given)> {
        self.opening.inputs.iter()
    }

    /// What a driver that follows evidence does next.
    pub fn follow(&self) -> Follow {
        todo!()
    }

    /// The event that [`Session::follow`] asks for, if it asks for one.
    pub fn evidence_event(&self) -> Option<Event> {
        match self.follow() {
            Follow::Apply(event) => Some(event),
            Follow::Wait | Follow::Over => None,
        }
    }

    /// The result as it stands. `headless`: nobody is there to be asked, so an end that rests on skipped questions is
    /// *needs-answer*.
    pub fn result(&self, headless: bool) -> CaseResult {
        let _ = headless;
        todo!()
    }

    /// Whether a text fits an input's type; the error is a lowercase fragment that names what is expected.
    pub fn accepts(input: &Input, os: Os, text: &str) -> Result<(), String> {
        let _ = (input, os, text);
        todo!()
    }
}
