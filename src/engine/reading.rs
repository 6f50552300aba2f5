//! What the ledger means for trees, at one moment and in one generation: inputs as values, probes as requests, texts
//! rendered, evidence as an outcome. Changes nothing; what it computed once it remembers.

mod evidence;
mod fills;
mod inputs;
mod probes;
mod request;
mod sent;
mod texts;

use std::{
    cell::RefCell,
    collections::{BTreeMap, HashMap},
    rc::Rc,
};

use jiff::Timestamp;

use crate::{
    engine::{Opening, ProbeKey, ProbeRequest, RunId, Spot, ledger::Ledger, walk::Trod},
    finding::{InputName, TreeId},
    tree::{Ask, Forest, Node, NodeKind, StepName},
};

pub(in crate::engine) use evidence::Evidence;
pub(in crate::engine) use fills::Fills;
use fills::News;
pub(in crate::engine) use inputs::InputState;
pub(in crate::engine) use probes::{ProbeState, Status};
pub(in crate::engine) use texts::{Shown, screen_texts};

/// A run that was started and is not over.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::engine) struct Running {
    pub request: ProbeRequest,
    pub since: Timestamp,
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
    /// What earlier readings worked out, and this one.
    known: Fills,
    news: RefCell<News>,
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
            known: Fills::default(),
            news: RefCell::new(News {
                ground: (generation, ledger.given()),
                version: ledger.version(),
                ..News::default()
            }),
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
        let ground = (self.generation, self.ledger.given());
        self.known = fills.holding(ground, self.ledger.version());
        self
    }

    /// What was worked out here.
    pub fn into_news(self) -> News {
        self.news.into_inner()
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
