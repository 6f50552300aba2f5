//! A way that leads nowhere.

use crate::{
    diag::{Diagnostic, Span},
    finding::TreeId,
    tree::{
        NodeId, NodeKind, Target,
        lint::{
            rule::{Check, Rule, fixture},
            view::{View, did_you_mean},
        },
    },
};

const CODE: &str = "unknown-target";

pub static RULE: Rule = Rule {
    code: CODE,
    means: "a `goto`, `start`, `visit` or another way on names a node or a tree that is not there",
    why: "Whoever takes that way would stand before nothing. Most often a node was renamed and one of the ways to it was not.",
    bad: fixture!("unknown-target", "bad"),
    good: fixture!("unknown-target", "good"),
    check: Check::Tree(check),
};

fn check(view: &View<'_>, out: &mut Vec<Diagnostic>) {
    let tree = view.tree;
    for node in tree.start.iter().chain(
        tree.symptoms
            .iter()
            .filter_map(|symptom| symptom.start.as_ref()),
    ) {
        here(view, &node.value, node.span, out);
    }
    for step in tree.steps.values() {
        // A library's guards are resolved in the trees that use its steps.
        if let Some(guard) = step.guard.as_ref().filter(|_| !tree.nodes.is_empty()) {
            here(view, &guard.otherwise.value, guard.otherwise.span, out);
        }
    }
    for node in tree.nodes.values() {
        if let NodeKind::Visit(visit) = &node.kind {
            there(view, &visit.tree.value, None, visit.tree.span, out);
        }
    }
    for edge in view.graph.all().filter(|edge| edge.to.is_none()) {
        match &edge.target.value {
            Target::Here(node) => here(view, node, edge.target.span, out),
            Target::There(tree, node) => {
                there(view, tree, node.as_ref(), edge.target.span, out);
            }
        }
    }
}

fn here(view: &View<'_>, node: &NodeId, span: Span, out: &mut Vec<Diagnostic>) {
    // A way on without a name is one that could not be read.
    if view.tree.nodes.contains_key(node) || node.as_str().is_empty() {
        return;
    }
    let diagnostic = Diagnostic::error(CODE, span, format!("there is no node `{node}`"));
    if view.forest.tree(&TreeId::new(node.as_str())).is_some() {
        let help = format!("`{node}` is a tree: its start is `{node}/`");
        out.push(diagnostic.help(help).replacement(format!("{node}/")));
        return;
    }
    let near = view.nearest(node.as_str(), view.tree.nodes.keys().map(NodeId::as_str));
    out.push(did_you_mean(diagnostic, near));
}

fn there(
    view: &View<'_>,
    tree: &TreeId,
    node: Option<&NodeId>,
    span: Span,
    out: &mut Vec<Diagnostic>,
) {
    let Some(other) = view.forest.tree(tree) else {
        let diagnostic = Diagnostic::error(CODE, span, format!("there is no tree `{tree}`"));
        let near = view.nearest(
            tree.as_str(),
            view.forest.trees().map(|tree| tree.id.as_str()),
        );
        let written = near.map(|near| match node {
            Some(node) => format!("{near}/{node}"),
            None if view.tree.source.slice(span).contains('/') => format!("{near}/"),
            None => near.to_owned(),
        });
        out.push(did_you_mean(diagnostic, written.as_deref()));
        return;
    };
    match node {
        None if other.start.is_none() => {
            let message =
                format!("the tree `{tree}` has no nodes: it is there to be used by others");
            out.push(Diagnostic::error(CODE, span, message));
        }
        Some(node) if !other.nodes.contains_key(node) => {
            let diagnostic = Diagnostic::error(
                CODE,
                span,
                format!("the tree `{tree}` has no node `{node}`"),
            );
            let near = view.nearest(node.as_str(), other.nodes.keys().map(NodeId::as_str));
            out.push(did_you_mean(
                diagnostic,
                near.map(|near| format!("{tree}/{near}")).as_deref(),
            ));
        }
        _ => {}
    }
}
