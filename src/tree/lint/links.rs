//! Which tree leads to which. Made once for all trees of a check.

use std::collections::{HashMap, HashSet};

use crate::{
    finding::TreeId,
    tree::{Forest, NodeId, NodeKind, Target, Tree, lint::graph},
};

/// What leads out of one tree and into it.
#[derive(Default)]
pub struct Links<'f> {
    of: HashMap<&'f TreeId, Link<'f>>,
    /// Nodes that other trees lead to by name.
    entered: HashMap<&'f TreeId, Vec<&'f NodeId>>,
}

#[derive(Default)]
struct Link<'f> {
    visits: Vec<&'f TreeId>,
    /// By `use`, `visit` and `goto`.
    all: Vec<&'f TreeId>,
}

impl<'f> Links<'f> {
    pub fn new(forest: &'f Forest) -> Self {
        let mut links = Self::default();
        for tree in forest.trees() {
            let mut visits = HashSet::new();
            let mut all: HashSet<&TreeId> = tree.uses.iter().map(|used| &used.value).collect();
            for node in tree.nodes.values() {
                if let NodeKind::Visit(visit) = &node.kind {
                    visits.insert(&visit.tree.value);
                }
                graph::each_target(&node.kind, &mut |_, target| {
                    if let Target::There(other, node) = &target.value {
                        all.insert(other);
                        if let Some(node) = node
                            && *other != tree.id
                        {
                            links.entered.entry(other).or_default().push(node);
                        }
                    }
                });
            }
            all.extend(&visits);
            let link = Link {
                visits: sorted(visits),
                all: sorted(all),
            };
            links.of.insert(&tree.id, link);
        }
        links
    }

    /// The trees that a tree visits.
    pub fn visits(&self, tree: &TreeId) -> &[&'f TreeId] {
        self.of.get(tree).map_or(&[], |link| &link.visits)
    }

    /// The nodes of a tree that other trees lead to by name.
    pub fn entered(&self, tree: &TreeId) -> &[&'f NodeId] {
        self.entered.get(tree).map_or(&[], Vec::as_slice)
    }

    /// All trees that a case which begins in this one can come to, without it.
    pub fn beyond(&self, forest: &'f Forest, tree: &'f TreeId) -> Vec<&'f Tree> {
        let mut seen = HashSet::from([tree]);
        let mut open = vec![tree];
        let mut out = Vec::new();
        while let Some(at) = open.pop() {
            for other in self.of.get(at).map_or(&[][..], |link| &link.all) {
                if let Some(found) = forest.tree(other)
                    && seen.insert(other)
                {
                    open.push(other);
                    out.push(&**found);
                }
            }
        }
        out
    }
}

/// In the order of their names, so that messages are the same every time.
fn sorted(set: HashSet<&TreeId>) -> Vec<&TreeId> {
    let mut list: Vec<&TreeId> = set.into_iter().collect();
    list.sort_unstable();
    list
}
