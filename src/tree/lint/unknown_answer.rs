//! A `verify`, `settled`, `needs` or `same` whose question or answer is not there.

use std::collections::BTreeSet;

use crate::{
    diag::{Diagnostic, Span},
    tree::{
        AnswerId, AnswerRef, Ask, NodeId, NodeKind, SameAs, Spanned,
        lint::{
            rule::{Check, Rule, fixture},
            uses::Place,
            view::{View, did_you_mean, listed},
        },
    },
};

const CODE: &str = "unknown-answer";

pub static RULE: Rule = Rule {
    code: CODE,
    means: "`verify`, `settled`, a step's `needs` or a question's `same` names a question or an answer that is not there",
    why: "The check after a fix, or the guard before a dangerous step, would never be passed.",
    bad: fixture!("unknown-answer", "bad"),
    good: fixture!("unknown-answer", "good"),
    check: Check::Tree(check),
};

fn check(view: &View<'_>, out: &mut Vec<Diagnostic>) {
    let tree = view.tree;
    if let Some(settled) = &tree.settled {
        out.extend(unknown(view, &settled.value, settled.span, true));
    }
    for node in tree.nodes.values() {
        if let NodeKind::Conclude(end) = &node.kind
            && let Some(verify) = &end.verify
        {
            out.extend(unknown(view, &verify.value, verify.span, true));
        }
    }
    if !tree.nodes.is_empty() {
        for guard in tree.steps.values().filter_map(|step| step.guard.as_ref()) {
            out.extend(unknown(view, &guard.needs.value, guard.needs.span, true));
        }
    }
    used_guards(view, out);
    for node in tree.nodes.values() {
        if let NodeKind::Ask(ask) = &node.kind
            && let Some(same) = &ask.same
        {
            out.extend(not_the_same(view, ask, same));
        }
    }
}

/// What keeps a question from being the same as one of another tree.
fn not_the_same(view: &View<'_>, ask: &Ask, same: &Spanned<SameAs>) -> Option<Diagnostic> {
    let SameAs { tree, node } = &same.value;
    let found = view.forest.node(tree, node).map(|node| &node.kind);
    let Some(NodeKind::Ask(other)) = found else {
        let message = format!("there is no question `{tree}/{node}`");
        return Some(Diagnostic::error(CODE, same.span, message));
    };
    if let Some(further) = &other.same {
        let message = format!("`{tree}/{node}` is itself the same as another question");
        let help = format!(
            "name that one: `{}/{}`",
            further.value.tree, further.value.node
        );
        return Some(Diagnostic::error(CODE, same.span, message).help(help));
    }
    let ids = |ask: &Ask| {
        let ids = ask.answers.iter().map(|answer| answer.id.clone());
        ids.collect::<BTreeSet<AnswerId>>()
    };
    (ids(ask) != ids(other)).then(|| {
        let message = format!("`{tree}/{node}` has other answers, so that it is not the same");
        let ids = other.answers.iter().map(|answer| answer.id.as_str());
        let help = format!("it has {}", listed(ids, "and"));
        Diagnostic::error(CODE, same.span, message).help(help)
    })
}

/// The guards of steps of other trees, which are resolved in this one.
fn used_guards(view: &View<'_>, out: &mut Vec<Diagnostic>) {
    for use_of in view.uses() {
        if matches!(use_of.place, Place::Step) && view.tree.nodes.is_empty() {
            continue;
        }
        for chain in use_of
            .chains()
            .iter()
            .filter(|chain| chain.root() == "steps")
        {
            let Some(step) = chain.path.get(1) else {
                continue;
            };
            let name = step.name.as_str();
            if view.tree.steps.contains_key(name) {
                continue;
            }
            let Some(guard) = view.step(name).and_then(|step| step.guard.as_ref()) else {
                continue;
            };
            let span = use_of.locate(&view.tree.source, &step.range);
            if let Some(diagnostic) = unknown(view, &guard.needs.value, span, false) {
                let help = format!(
                    "the step `{name}` needs `{}/{}` in this tree",
                    guard.needs.value.node, guard.needs.value.answer
                );
                out.push(diagnostic.help(help));
            } else if !view.tree.nodes.contains_key(&guard.otherwise.value) {
                let message = format!("there is no node `{}`", guard.otherwise.value);
                let help =
                    format!("the step `{name}` leads there where its question has another answer");
                out.push(Diagnostic::error(CODE, span, message).help(help));
            }
        }
    }
}

/// What is wrong with an answer that is named at `span`; `own` tells whether its name stands there itself.
fn unknown(view: &View<'_>, named: &AnswerRef, span: Span, own: bool) -> Option<Diagnostic> {
    let Some(node) = view.tree.nodes.get(&named.node) else {
        let diagnostic =
            Diagnostic::error(CODE, span, format!("there is no question `{}`", named.node));
        let near = view.nearest(
            named.node.as_str(),
            view.tree.nodes.keys().map(NodeId::as_str),
        );
        let near = near
            .filter(|_| own)
            .map(|near| format!("{near}/{}", named.answer));
        return Some(did_you_mean(diagnostic, near.as_deref()));
    };
    match &node.kind {
        NodeKind::Ask(ask) => {
            if ask.answers.iter().any(|answer| answer.id == named.answer) {
                return None;
            }
            let message = format!(
                "the question `{}` has no answer `{}`",
                named.node, named.answer
            );
            let diagnostic = Diagnostic::error(CODE, span, message);
            let ids = ask.answers.iter().map(|answer| answer.id.as_str());
            let near = view
                .nearest(named.answer.as_str(), ids.clone())
                .filter(|_| own);
            Some(match near {
                Some(near) => did_you_mean(diagnostic, Some(&format!("{}/{near}", named.node))),
                None => diagnostic.help(format!("it has {}", listed(ids, "and"))),
            })
        }
        _ if node.is_broken() => None,
        _ => Some(Diagnostic::error(
            CODE,
            span,
            format!("`{}` is no question", named.node),
        )),
    }
}
