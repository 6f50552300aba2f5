//! A secret where it does not belong.

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
    for use_of in view.uses() {
        if matches!(use_of.place, Place::Param { login: true, .. }) {
            continue;
        }
        for chain in use_of.chains() {
            let is_secret = view
                .forest
                .input(&view.tree.id, &chain.root().into())
                .is_some_and(|input| input.ty == InputType::Secret);
            if is_secret {
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
