//! What the ledger means for trees, at one moment and in one generation: inputs as values, probes as requests, texts
//! rendered, evidence as an outcome. Changes nothing; what it computed once it remembers.

mod evidence;
mod inputs;
mod probes;
mod request;
mod texts;

use std::{
    cell::RefCell,
    collections::{BTreeMap, HashMap},
    rc::Rc,
    sync::Arc,
};

use jiff::Timestamp;

use crate::{
    engine::{Opening, ProbeKey, ProbeRequest, RunId, Spot, ledger::Ledger, walk::Trod},
    finding::{InputName, TreeId},
    tree::{AnswerId, Ask, Forest, Node, NodeKind, StepName},
};

pub(in crate::engine) use evidence::Evidence;
pub(in crate::engine) use inputs::InputState;
pub(in crate::engine) use probes::{ProbeState, Status};
use request::Filled;
pub(in crate::engine) use texts::{Shown, screen_texts};

/// A run that was started and is not over.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::engine) struct Running {
    pub request: ProbeRequest,
    pub since: Timestamp,
}

/// What was worked out for one generation and one version of the ledger: templates are rendered, and evidence is read
/// for where it points, once.
#[derive(Debug, Clone, Default)]
pub(in crate::engine) struct Fills {
    stamp: (u32, u64),
    known: Arc<HashMap<ProbeKey, Arc<Filled>>>,
    pointed: Arc<HashMap<Spot, Option<AnswerId>>>,
}

pub(in crate::engine) struct Reading<'a> {
    pub forest: &'a Forest,
    pub opening: &'a Opening,
    pub ledger: &'a Ledger,
    pub runs: &'a BTreeMap<RunId, Running>,
    /// For `answers['node']`.
    pub steps: &'a [Trod],
    pub generation: u32,
    /// The time of the last event.
    pub now: Timestamp,
    known_fills: Arc<HashMap<ProbeKey, Arc<Filled>>>,
    new_fills: RefCell<HashMap<ProbeKey, Arc<Filled>>>,
    known_pointed: Arc<HashMap<Spot, Option<AnswerId>>>,
    new_pointed: RefCell<HashMap<Spot, Option<AnswerId>>>,
    inputs: RefCell<HashMap<InputName, InputState>>,
    states: RefCell<HashMap<ProbeKey, Rc<ProbeState>>>,
    step_texts: RefCell<HashMap<(TreeId, StepName), Option<String>>>,
    /// Names that are being worked out: a name that needs itself is not known.
    open_inputs: RefCell<Vec<InputName>>,
    open_probes: RefCell<Vec<ProbeKey>>,
    open_steps: RefCell<Vec<StepName>>,
}

impl<'a> Reading<'a> {
    pub fn new(
        forest: &'a Forest,
        opening: &'a Opening,
        ledger: &'a Ledger,
        runs: &'a BTreeMap<RunId, Running>,
        steps: &'a [Trod],
        generation: u32,
        now: Timestamp,
    ) -> Self {
        Self {
            forest,
            opening,
            ledger,
            runs,
            steps,
            generation,
            now,
            known_fills: Arc::default(),
            new_fills: RefCell::default(),
            known_pointed: Arc::default(),
            new_pointed: RefCell::default(),
            inputs: RefCell::default(),
            states: RefCell::default(),
            open_inputs: RefCell::default(),
            open_probes: RefCell::default(),
            open_steps: RefCell::default(),
            step_texts: RefCell::default(),
        }
    }

    /// With what was worked out before, as far as it still holds.
    pub fn with_fills(mut self, fills: &Fills) -> Self {
        if fills.stamp == self.stamp() {
            self.known_fills = fills.known.clone();
            self.known_pointed = fills.pointed.clone();
        }
        self
    }

    /// That, and what was worked out meanwhile.
    pub fn into_fills(self) -> Fills {
        let stamp = self.stamp();
        let mut known = self.known_fills;
        let new_fills = self.new_fills.into_inner();
        if !new_fills.is_empty() {
            Arc::make_mut(&mut known).extend(new_fills);
        }
        let mut pointed = self.known_pointed;
        let new_pointed = self.new_pointed.into_inner();
        if !new_pointed.is_empty() {
            Arc::make_mut(&mut pointed).extend(new_pointed);
        }
        Fills {
            stamp,
            known,
            pointed,
        }
    }

    fn stamp(&self) -> (u32, u64) {
        (self.generation, self.ledger.version())
    }

    pub fn node(&self, at: &Spot) -> Option<&'a Node> {
        self.forest.node(&at.tree, &at.node)
    }

    pub fn ask(&self, at: &Spot) -> Option<&'a Ask> {
        match &self.node(at)?.kind {
            NodeKind::Ask(ask) => Some(ask),
            _ => None,
        }
    }
}
