//! What a case begins with.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    engine::{Given, Parcel},
    finding::{InputName, Os, TreeId},
    tree::{AnswerId, NodeId},
};

/// Everything that a session starts from. With the transcript it makes the same session again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Opening {
    pub tree: TreeId,
    /// Where the walk begins, as a symptom names it; the tree's start where there is none.
    pub node: Option<NodeId>,
    /// The operating system of the machine that the case is about.
    pub os: Os,
    pub place: Place,
    /// The bundle that the case was begun with, if it was; older journals do not say which.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parcel: Option<Parcel>,
    /// Inputs that were given ahead. A text that does not fit its input's type is as good as not given: it is asked,
    /// with what is wrong with it; use [`crate::engine::Session::accepts`] to refuse it at once.
    pub inputs: BTreeMap<InputName, Given>,
    /// Answers that were given ahead (`--answer [TREE/]NODE=ID`). They beat evidence, as *stated*.
    pub answers: Vec<GivenAnswer>,
    /// False: no probe runs at all, not even ahead, since the trees were not agreed to. Never written down, since a case
    /// from a stranger must not bring its own consent.
    #[serde(skip)]
    pub trusted: bool,
    /// True: probes that run a program of the machine may do so. Never written down either.
    #[serde(skip)]
    pub commands: bool,
    pub at: Timestamp,
}

/// An answer that was given before the walk began.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GivenAnswer {
    /// The tree; the one that the case opened with where none is named.
    pub tree: Option<TreeId>,
    pub node: NodeId,
    pub answer: AnswerId,
}

/// Where the machine is, seen from this program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// This program runs on it (or a recorded host stands in for it).
    Here,
    /// Somebody else's: only probes that are true from anywhere run; evidence is pasted.
    Elsewhere,
    /// A bundle holds what was collected on it: every probe runs, over the bundle.
    Bundle,
}

impl Opening {
    /// A case of `tree` on this machine, with nothing given ahead, whose trees are agreed to.
    pub fn new(tree: TreeId, os: Os, at: Timestamp) -> Self {
        Self {
            tree,
            node: None,
            os,
            place: Place::Here,
            parcel: None,
            inputs: BTreeMap::new(),
            answers: Vec::new(),
            trusted: true,
            commands: false,
            at,
        }
    }
}
