//! A tree that nobody finds.

use crate::{
    diag::Diagnostic,
    tree::lint::{
        rule::{Check, Rule, fixture},
        view::View,
    },
};

const CODE: &str = "no-symptoms";

pub static RULE: Rule = Rule {
    code: CODE,
    means: "a tree with nodes has no symptoms",
    why: "People search by what they see. Without a symptom nobody finds the tree from the start screen.",
    bad: fixture!("no-symptoms", "bad"),
    good: fixture!("no-symptoms", "good"),
    check: Check::Tree(check),
};

fn check(view: &View<'_>, out: &mut Vec<Diagnostic>) {
    if view.tree.nodes.is_empty() || !view.tree.symptoms.is_empty() {
        return;
    }
    let span = view
        .tree
        .start
        .as_ref()
        .map_or(view.tree.title.span, |start| start.span);
    out.push(
        Diagnostic::error(
            CODE,
            span,
            format!("the tree `{}` has no symptoms", view.tree.id),
        )
        .help("say under `symptoms` what a person sees who needs it"),
    );
}
