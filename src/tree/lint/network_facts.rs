//! Something found that would be sent out.

use crate::{
    diag::Diagnostic,
    probe,
    tree::lint::{
        rule::{Check, Rule, fixture},
        uses::Place,
        view::View,
    },
};

const CODE: &str = "network-facts";

pub static RULE: Rule = Rule {
    code: CODE,
    means: "a parameter of a network probe uses facts or answers",
    why: "What was found on a machine would go out to where what was found says, and nobody would have seen it before. An input with `from` is shown and can be corrected.",
    bad: fixture!("network-facts", "bad"),
    good: fixture!("network-facts", "good"),
    check: Check::Tree(check),
};

fn check(view: &View<'_>, out: &mut Vec<Diagnostic>) {
    for use_of in view.uses() {
        let Place::Param { probe, name, .. } = use_of.place else {
            continue;
        };
        if !probe::kind(probe.kind).is_some_and(|kind| kind.spec().network) {
            continue;
        }
        for chain in use_of
            .chains()
            .iter()
            .filter(|chain| matches!(chain.root(), "facts" | "found" | "answers" | "steps"))
        {
            let span = use_of.locate(&view.tree.source, &chain.range);
            let message = format!(
                "`{name}` of a network probe uses inputs only, never `{}`",
                chain.root()
            );
            out.push(
                Diagnostic::error(CODE, span, message)
                    .help("declare an input that has this under `from`"),
            );
        }
    }
}
