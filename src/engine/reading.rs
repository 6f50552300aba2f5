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
};

use jiff::Timestamp;

use crate::{
    engine::{Opening, ProbeKey, ProbeRequest, RunId, Spot, ledger::Ledger, walk::Trod},
    finding::{InputName, ProbeName, TreeId},
    tree::{Ask, Forest, Node, NodeKind},
};

pub(in crate::engine) use evidence::Evidence;
pub(in crate::engine) use inputs::InputState;
pub(in crate::engine) use probes::{ProbeState, Status};
pub(in crate::engine) use texts::Shown;

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
    inputs: RefCell<HashMap<InputName, InputState>>,
    states: RefCell<HashMap<ProbeKey, Rc<ProbeState>>>,
    /// Names that are being worked out: a name that needs itself is not known.
    open_inputs: RefCell<Vec<InputName>>,
    open_probes: RefCell<Vec<ProbeKey>>,
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
            inputs: RefCell::default(),
            states: RefCell::default(),
            open_inputs: RefCell::default(),
            open_probes: RefCell::default(),
        }
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

    /// A probe's name as `tree` knows it.
    pub fn probe_key(&self, tree: &TreeId, name: &ProbeName) -> Option<ProbeKey> {
        let (tree, probe) = self.forest.probe(tree, name)?;
        Some(ProbeKey {
            tree: tree.clone(),
            name: probe.name.clone(),
        })
    }
}
