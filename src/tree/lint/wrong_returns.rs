//! `then` that does not fit the visited tree.

use std::collections::{HashMap, HashSet};

use crate::{
    diag::Diagnostic,
    finding::TreeId,
    tree::{
        Forest, NodeId, NodeKind, Target, Verdict,
        lint::{
            graph,
            rule::{Check, Rule, fixture},
            view::{View, listed},
        },
    },
};

const CODE: &str = "wrong-returns";

pub static RULE: Rule = Rule {
    code: CODE,
    means: "`then` lacks an end that the visited tree can come back with, or names one that it cannot have",
    why: "The walk would come back and not know where to go on; or a branch is written that nobody will ever take.",
    bad: fixture!("wrong-returns", "bad"),
    good: fixture!("wrong-returns", "good"),
    check: Check::Tree(check),
};

fn check(view: &View<'_>, out: &mut Vec<Diagnostic>) {
    let mut known = HashMap::new();
    for node in view.tree.nodes.values() {
        let NodeKind::Visit(visit) = &node.kind else {
            continue;
        };
        let ends = known
            .entry(&visit.tree.value)
            .or_insert_with(|| ends(view.forest, &visit.tree.value));
        let Some(ends) = ends else {
            continue;
        };
        let then = &visit.then;
        let named = [
            (Verdict::Healthy, &then.healthy),
            (Verdict::Unresolved, &then.unresolved),
            (Verdict::NotApplicable, &then.not_applicable),
        ];
        let lacking: Vec<&str> = named
            .iter()
            .filter(|(verdict, goto)| goto.is_none() && ends.contains(verdict))
            .map(|(verdict, _)| verdict.name())
            .collect();
        let span = if then.span.end > then.span.start {
            then.span
        } else {
            node.span
        };
        if !lacking.is_empty() {
            let message = format!(
                "the tree `{}` can end {}, and `then` does not say where to go on",
                visit.tree.value,
                listed(lacking.iter().copied(), "or")
            );
            out.push(
                Diagnostic::error(CODE, span, message)
                    .help(format!("add `{}: …`", lacking.join(": …, "))),
            );
        }
        for (verdict, goto) in named {
            if let Some(target) = goto
                .as_ref()
                .filter(|_| !ends.contains(&verdict))
                .and_then(|goto| goto.values().next())
            {
                let message = format!(
                    "the tree `{}` cannot end {}",
                    visit.tree.value,
                    listed([verdict.name()], "or")
                );
                out.push(
                    Diagnostic::error(CODE, target.span, message)
                        .help(format!("take out `{}`", verdict.name())),
                );
            }
        }
    }
}

/// In what a visit of the tree can come back; `None` where the tree is not there or could not be read whole.
fn ends(forest: &Forest, tree: &TreeId) -> Option<HashSet<Verdict>> {
    let start = forest.tree(tree)?.start.as_ref()?.value.clone();
    let mut ends = HashSet::new();
    let mut seen: HashSet<(TreeId, NodeId)> = HashSet::new();
    let mut open = vec![(tree.clone(), start)];
    let mut asks = false;
    let mut open_end = false;
    while let Some((tree, id)) = open.pop() {
        if !seen.insert((tree.clone(), id.clone())) {
            continue;
        }
        let Some(node) = forest.node(&tree, &id) else {
            continue;
        };
        if node.is_broken() {
            return None;
        }
        graph::each_target(&node.kind, &mut |_, target| match &target.value {
            Target::Here(node) => open.push((tree.clone(), node.clone())),
            Target::There(other, Some(node)) => open.push((other.clone(), node.clone())),
            Target::There(other, None) => {
                let start = forest.tree(other).and_then(|tree| tree.start.as_ref());
                open.extend(start.map(|start| (other.clone(), start.value.clone())));
            }
        });
        match &node.kind {
            NodeKind::Ask(ask) => {
                asks = true;
                open_end |= ask.unsure.is_none();
            }
            NodeKind::Do(instruction) => open_end |= instruction.unable.is_none(),
            NodeKind::Visit(_) => asks = true,
            NodeKind::Conclude(end) => {
                open_end |= end.verdict == Verdict::Cause && end.otherwise.is_none();
                ends.insert(end.verdict);
            }
        }
    }
    // Healthy with a question left open comes back unresolved, and so does a cause that is not known for sure.
    if open_end || asks && (ends.contains(&Verdict::Healthy) || ends.contains(&Verdict::Cause)) {
        ends.insert(Verdict::Unresolved);
    }
    Some(ends)
}
