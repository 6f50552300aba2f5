//! A secret where it does not belong.

use std::collections::HashSet;

use crate::{
    diag::Diagnostic,
    tree::{
        InputType,
        lint::{
            rule::{Check, Rule, fixture},
            uses::Place,
            view::View,
        },
    },
};

const CODE: &str = "misplaced-secret";

pub static RULE: Rule = Rule {
    code: CODE,
    means: "a secret input stands elsewhere than in a `login` or a `via`",
    why: "Only there it goes to the host that it was given for, and nowhere else. In a text its token would show, in another parameter it would be sent or looked for as plain text.",
    bad: fixture!("misplaced-secret", "bad"),
    good: fixture!("misplaced-secret", "good"),
    check: Check::Tree(check),
};

fn check(view: &View<'_>, out: &mut Vec<Diagnostic>) {
    let inputs = view.near().iter().flat_map(|tree| tree.inputs.values());
    let secrets: HashSet<&str> = inputs
        .filter(|input| input.ty == InputType::Secret)
        .map(|input| input.name.as_str())
        .collect();
    if secrets.is_empty() {
        return;
    }
    for use_of in view.uses() {
        if matches!(use_of.place, Place::Param { login: true, .. }) {
            continue;
        }
        for chain in use_of.chains() {
            if secrets.contains(chain.root()) {
                let span = use_of.locate(&view.tree.source, &chain.range);
                let message = format!(
                    "the secret `{}` stands outside of `login` and `via`",
                    chain.root()
                );
                out.push(Diagnostic::error(CODE, span, message));
            }
        }
    }
}
