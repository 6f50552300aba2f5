//! All trees of a run, and names resolved over them.

use std::{collections::HashMap, sync::Arc};

use indexmap::IndexMap;

use crate::{
    finding::{InputName, ProbeName, TreeId},
    tree::{Goto, Input, Node, NodeId, NodeKind, Probe, SameAs, Step, StepName, Target, Tree},
};

/// Trees by id. Immutable; a reload makes a new one.
#[derive(Debug, Clone, Default)]
pub struct Forest {
    trees: IndexMap<TreeId, Arc<Tree>>,
    /// Questions that are one over several trees, each with the one that stands for all of them.
    same: HashMap<SameAs, SameAs>,
}

impl Forest {
    pub fn new(trees: impl IntoIterator<Item = Arc<Tree>>) -> Self {
        let trees: IndexMap<TreeId, Arc<Tree>> = trees
            .into_iter()
            .map(|tree| (tree.id.clone(), tree))
            .collect();
        let mut same = HashMap::new();
        for tree in trees.values() {
            for (id, node) in &tree.nodes {
                if let NodeKind::Ask(ask) = &node.kind
                    && let Some(one) = &ask.same
                {
                    let own = SameAs {
                        tree: tree.id.clone(),
                        node: id.clone(),
                    };
                    same.insert(own, one.value.clone());
                    same.insert(one.value.clone(), one.value.clone());
                }
            }
        }
        Self { trees, same }
    }

    /// The question that stands for this one and for those of other trees that are the same; `None` where it is alone.
    pub fn same(&self, tree: &TreeId, node: &NodeId) -> Option<&SameAs> {
        if self.same.is_empty() {
            return None;
        }
        let (tree, node) = (tree.clone(), node.clone());
        self.same.get(&SameAs { tree, node })
    }

    pub fn trees(&self) -> impl Iterator<Item = &Arc<Tree>> {
        self.trees.values()
    }

    /// Whether these are the same trees, word for word, side files included.
    pub fn is_same(&self, other: &Self) -> bool {
        let same = |tree: &Arc<Tree>| {
            let other = other.tree(&tree.id);
            other.is_some_and(|other| other.hash == tree.hash)
        };
        self.trees.len() == other.trees.len() && self.trees().all(same)
    }

    pub fn tree(&self, id: &TreeId) -> Option<&Arc<Tree>> {
        self.trees.get(id)
    }

    /// A tree with all that can be reached from it by `use`, `goto` and `visit`, each once; the tree itself first.
    pub fn reachable(&self, start: &TreeId) -> Vec<&Arc<Tree>> {
        let mut found: Vec<&Arc<Tree>> = self.tree(start).into_iter().collect();
        let mut at = 0;
        while let Some(tree) = found.get(at) {
            at += 1;
            let uses = tree.uses.iter().map(|used| used.value.clone());
            for id in uses.chain(led_to(tree)) {
                if found.iter().all(|known| known.id != id) {
                    found.extend(self.tree(&id));
                }
            }
        }
        found
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

/// The trees that a tree's nodes lead to.
fn led_to(tree: &Tree) -> Vec<TreeId> {
    let mut found = Vec::new();
    let mut follow = |goto: &Goto| {
        found.extend(goto.values().filter_map(|target| match &target.value {
            Target::There(tree, _) => Some(tree.clone()),
            Target::Here(_) => None,
        }));
    };
    let mut visited = Vec::new();
    for node in tree.nodes.values() {
        match &node.kind {
            NodeKind::Ask(ask) => {
                ask.answers.iter().for_each(|answer| follow(&answer.goto));
                ask.unsure.iter().for_each(&mut follow);
            }
            NodeKind::Do(instruction) => {
                follow(&instruction.goto);
                instruction.unable.iter().for_each(&mut follow);
            }
            NodeKind::Visit(visit) => {
                visited.push(visit.tree.value.clone());
                let then = &visit.then;
                [&then.healthy, &then.unresolved, &then.not_applicable]
                    .into_iter()
                    .flatten()
                    .for_each(&mut follow);
            }
            NodeKind::Conclude(conclude) => conclude.otherwise.iter().for_each(&mut follow),
        }
    }
    found.extend(visited);
    found
}
