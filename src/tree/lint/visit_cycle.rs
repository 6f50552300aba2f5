//! Trees that visit each other.

use std::collections::HashMap;

use crate::{
    diag::Diagnostic,
    finding::TreeId,
    tree::{
        NodeKind,
        lint::{
            links::Links,
            rule::{Check, Rule, fixture},
            view::View,
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
    check: Check::Tree(check),
};

fn check(view: &View<'_>, out: &mut Vec<Diagnostic>) {
    let tree = view.tree;
    let mut known = HashMap::new();
    for node in tree.nodes.values() {
        let NodeKind::Visit(visit) = &node.kind else {
            continue;
        };
        let way = known
            .entry(&visit.tree.value)
            .or_insert_with(|| way(view.links, &visit.tree.value, &tree.id));
        let Some(way) = way else {
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
        out.push(Diagnostic::error(CODE, visit.tree.span, message).help(
            "go over for good with `goto: other-tree/`, or split what both need into a third tree",
        ));
    }
}

/// The trees through which `from` visits `to`; empty where they are the same.
fn way<'f>(links: &Links<'f>, from: &'f TreeId, to: &TreeId) -> Option<Vec<&'f TreeId>> {
    if from == to {
        return Some(Vec::new());
    }
    let mut before: HashMap<&TreeId, &'f TreeId> = HashMap::new();
    let mut open = vec![from];
    while let Some(at) = open.pop() {
        for next in links.visits(at) {
            if *next == to {
                let mut way = vec![at];
                while let Some(previous) = way.last().and_then(|at| before.get(*at)) {
                    way.push(previous);
                }
                way.reverse();
                return Some(way);
            }
            if *next != from && !before.contains_key(next) {
                before.insert(next, at);
                open.push(next);
            }
        }
    }
    None
}
