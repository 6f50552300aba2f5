//! A node of a tree, named from anywhere.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{finding::TreeId, tree::NodeId};

/// A node and the tree that it stands in. Shown as `tree/node`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Spot {
    pub tree: TreeId,
    pub node: NodeId,
}

impl Spot {
    pub fn new(tree: TreeId, node: NodeId) -> Self {
        Self { tree, node }
    }
}

impl fmt::Display for Spot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.tree, self.node)
    }
}
