//! A cause that rests on nobody knowing.

use crate::{
    diag::Diagnostic,
    tree::{
        NodeKind, Verdict,
        lint::{
            graph::By,
            rule::{Check, Rule, fixture},
            view::View,
        },
    },
};

const CODE: &str = "cause-by-not-knowing";

pub static RULE: Rule = Rule {
    code: CODE,
    means: "*I don't know* leads straight to a cause, or nothing else leads to it",
    why: "Nothing is concluded from not knowing: the walk would end unresolved there, with the cause as a suspect at best.",
    bad: fixture!("cause-by-not-knowing", "bad"),
    good: fixture!("cause-by-not-knowing", "good"),
    check: Check::Tree(check),
};

fn check(view: &View<'_>, out: &mut Vec<Diagnostic>) {
    let nodes = &view.tree.nodes;
    let is_cause = |at: usize| matches!(&nodes[at].kind, NodeKind::Conclude(end) if end.verdict == Verdict::Cause);
    let mut straight = vec![false; nodes.len()];
    for edge in view.graph.all().filter(|edge| edge.by == By::Unsure) {
        if let Some(to) = edge.to.filter(|to| is_cause(*to)) {
            straight[to] = true;
            let message = format!("*I don't know* leads to the cause `{}`", nodes[to].id);
            out.push(
                Diagnostic::error(CODE, edge.target.span, message)
                    .help("lead it to the next question, or leave `unsure` out"),
            );
        }
    }
    let known = reached_by(view, |by| !matches!(by, By::Unsure));
    let unknown = reached_by(view, |by| by == By::Unsure);
    for (at, node) in nodes.values().enumerate() {
        if is_cause(at) && unknown[at] && !known[at] && !straight[at] {
            let message = format!("only *I don't know* leads to the cause `{}`", node.id);
            out.push(Diagnostic::error(CODE, node.span, message).help("lead an answer to it"));
        }
    }
}

/// Nodes that the last question before leads to in such a way; instructions and visits in between change nothing.
fn reached_by(view: &View<'_>, way: impl Fn(By) -> bool) -> Vec<bool> {
    let nodes = &view.tree.nodes;
    let mut reached = vec![false; nodes.len()];
    let mut open: Vec<usize> = view
        .graph
        .all()
        .filter(|edge| {
            matches!(
                nodes[edge.from].kind,
                NodeKind::Ask(_) | NodeKind::Conclude(_)
            ) && way(edge.by)
        })
        .filter_map(|edge| edge.to)
        .collect();
    while let Some(at) = open.pop() {
        if std::mem::replace(&mut reached[at], true) {
            continue;
        }
        if matches!(nodes[at].kind, NodeKind::Do(_) | NodeKind::Visit(_)) {
            open.extend(view.graph.edges[at].iter().filter_map(|edge| edge.to));
        }
    }
    reached
}
