//! All trees of a run, and names resolved over them.

use std::sync::Arc;

use indexmap::IndexMap;

use crate::{
    finding::{InputName, ProbeName, TreeId},
    tree::{Input, Node, NodeId, Probe, Step, StepName, Tree},
};

/// Trees by id. Immutable; a reload makes a new one.
#[derive(Debug, Clone, Default)]
pub struct Forest {
    trees: IndexMap<TreeId, Arc<Tree>>,
}

impl Forest {
    pub fn new(trees: impl IntoIterator<Item = Arc<Tree>>) -> Self {
        Self {
            trees: trees
                .into_iter()
                .map(|tree| (tree.id.clone(), tree))
                .collect(),
        }
    }

    pub fn trees(&self) -> impl Iterator<Item = &Arc<Tree>> {
        self.trees.values()
    }

    pub fn tree(&self, id: &TreeId) -> Option<&Arc<Tree>> {
        self.trees.get(id)
    }

    pub fn node(&self, tree: &TreeId, node: &NodeId) -> Option<&Node> {
        self.tree(tree)?.nodes.get(node)
    }

    /// The tree's own definition, else that of a tree which it uses (one level: libraries use nothing).
    pub fn input(&self, tree: &TreeId, name: &InputName) -> Option<&Input> {
        self.near(tree).find_map(|tree| tree.inputs.get(name))
    }

    /// The probe and the tree that defines it.
    pub fn probe(&self, tree: &TreeId, name: &ProbeName) -> Option<(&TreeId, &Probe)> {
        self.near(tree)
            .find_map(|tree| tree.probes.get(name).map(|probe| (&tree.id, probe)))
    }

    pub fn step(&self, tree: &TreeId, name: &StepName) -> Option<&Step> {
        self.near(tree).find_map(|tree| tree.steps.get(name))
    }

    /// The tree and those that it uses.
    fn near<'a>(&'a self, tree: &TreeId) -> impl Iterator<Item = &'a Arc<Tree>> {
        let own = self.tree(tree);
        own.into_iter().chain(
            own.into_iter()
                .flat_map(|tree| tree.uses.iter())
                .filter_map(|used| self.tree(&used.value)),
        )
    }
}
