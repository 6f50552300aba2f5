//! Trees that visit each other.

use std::collections::HashSet;

use crate::{
    diag::Diagnostic,
    finding::TreeId,
    tree::{
        Forest, NodeKind,
        lint::{
            Whole,
            rule::{Check, Rule, fixture},
        },
    },
};

const CODE: &str = "visit-cycle";

pub static RULE: Rule = Rule {
    code: CODE,
    means: "a tree visits itself, or one that comes back to it",
    why: "A visit waits for the other tree to end. Here each would wait for the other, and the way back would have no end.",
    bad: fixture!("visit-cycle", "bad"),
    good: fixture!("visit-cycle", "good"),
    check: Check::Forest(check),
};

fn check(whole: &Whole<'_>) {
    for tree in whole.forest.trees() {
        for node in tree.nodes.values() {
            let NodeKind::Visit(visit) = &node.kind else {
                continue;
            };
            let Some(way) = way(whole.forest, &visit.tree.value, &tree.id) else {
                continue;
            };
            let message = match way.as_slice() {
                [] => format!("the tree `{}` visits itself", tree.id),
                way => {
                    let names: Vec<String> = way.iter().map(|tree| format!("`{tree}`")).collect();
                    format!(
                        "{} visits `{}` in turn",
                        names.join(", which visits "),
                        tree.id
                    )
                }
            };
            let diagnostic = Diagnostic::error(CODE, visit.tree.span, message);
            whole.report(&tree.id, diagnostic.help("go over for good with `goto: other-tree/`, or split what both need into a third tree"));
        }
    }
}

/// The trees through which `from` visits `to`; empty where they are the same.
fn way(forest: &Forest, from: &TreeId, to: &TreeId) -> Option<Vec<TreeId>> {
    if from == to {
        return Some(Vec::new());
    }
    let mut seen = HashSet::from([from.clone()]);
    let mut open = vec![vec![from.clone()]];
    while let Some(way) = open.pop() {
        let last = way.last()?;
        for next in visits(forest, last) {
            if next == *to {
                return Some(way);
            }
            if seen.insert(next.clone()) {
                open.push(way.iter().cloned().chain([next]).collect());
            }
        }
    }
    None
}

fn visits(forest: &Forest, tree: &TreeId) -> Vec<TreeId> {
    let nodes = forest
        .tree(tree)
        .into_iter()
        .flat_map(|tree| tree.nodes.values());
    let mut seen = HashSet::new();
    nodes
        .filter_map(|node| match &node.kind {
            NodeKind::Visit(visit) => Some(visit.tree.value.clone()),
            _ => None,
        })
        .filter(|tree| seen.insert(tree.clone()))
        .collect()
}
