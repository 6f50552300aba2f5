//! A node that no walk comes to.

use crate::{
    diag::Diagnostic,
    tree::{
        NodeId, NodeKind, Target,
        lint::{
            rule::{Check, Rule, fixture},
            uses,
            view::View,
        },
    },
};

const CODE: &str = "unreachable-node";

pub static RULE: Rule = Rule {
    code: CODE,
    means: "no way leads to this node: not from the start, not from a symptom, not from another tree",
    why: "It was written for somebody who will never read it. Most often the `goto` that should lead there names another node.",
    bad: fixture!("unreachable-node", "bad"),
    good: fixture!("unreachable-node", "good"),
    check: Check::Tree(check),
};

fn check(view: &View<'_>, out: &mut Vec<Diagnostic>) {
    let tree = view.tree;
    let at = |node: &NodeId| {
        // A way that leads nowhere is reported as such; it was most likely meant to lead to the nearest.
        let near = || {
            tree.nodes
                .get_index_of(view.nearest(node.as_str(), tree.nodes.keys().map(NodeId::as_str))?)
        };
        tree.nodes.get_index_of(node).or_else(near)
    };
    let Some(start) = tree.start.as_ref().and_then(|start| at(&start.value)) else {
        return;
    };
    if !is_whole(view) {
        return;
    }
    let mut starts = vec![start];
    let symptoms = tree.symptoms.iter();
    starts.extend(symptoms.filter_map(|symptom| at(&symptom.start.as_ref()?.value)));
    let entered = view.links.entered(&tree.id).iter();
    starts.extend(entered.filter_map(|node| tree.nodes.get_index_of(*node)));
    starts.extend(guards(view));
    for edge in view.graph.all().filter(|edge| edge.to.is_none()) {
        if let Target::Here(node) = &edge.target.value {
            starts.extend(at(node));
        }
    }
    let mut reached = view.graph.reach(starts);
    // A question that is only asked again after a fix is reached, but nothing goes on from it.
    for answer in asked_after_fixes(view) {
        reached[answer] = true;
    }
    // Of nodes that lead on to one another only the first is said: with a way to it the others are reached as well.
    let components = view.graph.components();
    let mut member_of = vec![0; tree.nodes.len()];
    for (number, component) in components.iter().enumerate() {
        component.iter().for_each(|at| member_of[*at] = number);
    }
    let mut led_to = vec![false; components.len()];
    for edge in view.graph.all().filter(|edge| !reached[edge.from]) {
        if let Some(to) = edge.to.filter(|to| member_of[*to] != member_of[edge.from]) {
            led_to[member_of[to]] = true;
        }
    }
    for (component, led_to) in components.iter().zip(led_to) {
        let Some(first) = component
            .iter()
            .min()
            .filter(|at| !reached[**at] && !led_to)
        else {
            continue;
        };
        let node = &tree.nodes[*first];
        let message = format!("no way leads to `{}`", node.id);
        out.push(
            Diagnostic::error(CODE, node.span, message).help("lead a `goto` to it, or take it out"),
        );
    }
}

/// Whether all ways on are known: where some could not be read, nobody knows where they lead.
fn is_whole(view: &View<'_>) -> bool {
    let lost = view.graph.all().any(|edge| {
        edge.to.is_none()
            && matches!(&edge.target.value, Target::Here(node) if node.as_str().is_empty())
    });
    !lost
        && view.tree.nodes.values().all(|node| match &node.kind {
            NodeKind::Ask(ask) => !ask.answers.is_empty(),
            _ => !node.is_broken(),
        })
}

/// The question and the way out of every guarded step that a text of this tree uses.
fn guards(view: &View<'_>) -> Vec<usize> {
    let mut out = Vec::new();
    for use_of in view.uses() {
        if !matches!(
            use_of.place,
            uses::Place::Node | uses::Place::Found(..) | uses::Place::Tree
        ) {
            continue;
        }
        for step in &use_of.demands().steps {
            if let Some(guard) = view
                .step(step.as_str())
                .and_then(|step| step.guard.as_ref())
            {
                out.extend(view.tree.nodes.get_index_of(&guard.needs.value.node));
                out.extend(view.tree.nodes.get_index_of(&guard.otherwise.value));
            }
        }
    }
    out
}

fn asked_after_fixes(view: &View<'_>) -> Vec<usize> {
    let ends = view
        .tree
        .nodes
        .values()
        .filter_map(|node| match &node.kind {
            NodeKind::Conclude(end) => end.verify.as_ref(),
            _ => None,
        });
    view.tree
        .settled
        .iter()
        .chain(ends)
        .filter_map(|answer| view.tree.nodes.get_index_of(&answer.value.node))
        .collect()
}
