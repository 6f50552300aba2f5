//! A loop that nobody leaves.

use crate::{
    diag::Diagnostic,
    tree::{
        NodeKind,
        lint::{
            graph::By,
            rule::{Check, Rule, fixture},
            view::{View, listed},
        },
    },
};

const CODE: &str = "endless-loop";

pub static RULE: Rule = Rule {
    code: CODE,
    means: "these nodes lead to one another only: no answer leaves them",
    why: "A walk that comes here goes round and never reaches a conclusion.",
    bad: fixture!("endless-loop", "bad"),
    good: fixture!("endless-loop", "good"),
    check: Check::Tree(check),
};

fn check(view: &View<'_>, out: &mut Vec<Diagnostic>) {
    let nodes = &view.tree.nodes;
    let mut inside = vec![false; nodes.len()];
    for component in view.graph.components() {
        let is_loop = component.len() > 1
            || component.iter().any(|at| {
                view.graph.edges[*at]
                    .iter()
                    .any(|edge| edge.to == Some(*at))
            });
        if !is_loop {
            continue;
        }
        component.iter().for_each(|at| inside[*at] = true);
        let ends = component.iter().any(|at| match &nodes[*at].kind {
            NodeKind::Conclude(_) => true,
            // A cause or an escalation there ends the case.
            NodeKind::Visit(_) => true,
            _ => false,
        });
        // A way that leads nowhere is reported as such; one to another tree leaves.
        let leaves = component
            .iter()
            .flat_map(|at| &view.graph.edges[*at])
            .any(|edge| edge.by != By::Unsure && edge.to.is_none_or(|to| !inside[to]));
        component.iter().for_each(|at| inside[*at] = false);
        if ends || leaves {
            continue;
        }
        let mut members = component;
        members.sort_unstable();
        let Some(first) = members.first() else {
            continue;
        };
        let names = members.iter().take(6).map(|at| nodes[*at].id.as_str());
        let more = if members.len() > 6 {
            format!(" and {} more", members.len() - 6)
        } else {
            String::new()
        };
        let message = match members.len() {
            1 => format!("`{}` leads to itself only", nodes[*first].id),
            _ => format!(
                "{}{more} lead to one another only: no answer leaves them",
                listed(names, if more.is_empty() { "and" } else { "," }).replace(" , ", ", ")
            ),
        };
        out.push(
            Diagnostic::error(CODE, nodes[*first].span, message)
                .help("lead one of their answers to a conclusion"),
        );
    }
}
