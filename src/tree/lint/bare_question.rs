//! A question that nobody can answer.

use crate::{
    diag::Diagnostic,
    tree::lint::{
        rule::{Check, Rule, fixture},
        view::{View, listed},
    },
};

const CODE: &str = "bare-question";

pub static RULE: Rule = Rule {
    code: CODE,
    means: "a question has neither `how` nor `why` nor `probe`, on some system or on all",
    why: "Whoever is asked may not know the answer, and nothing tells how to find out.",
    bad: fixture!("bare-question", "bad"),
    good: fixture!("bare-question", "good"),
    check: Check::Tree(check),
};

fn check(view: &View<'_>, out: &mut Vec<Diagnostic>) {
    for (_, node, ask) in view.questions() {
        if ask.why.is_some() || ask.probe.is_some() {
            continue;
        }
        let Some(how) = &ask.how else {
            let message = format!(
                "the question `{}` has neither `how` nor `why` nor `probe`",
                node.id
            );
            out.push(
                Diagnostic::error(CODE, node.span, message)
                    .help("say under `how` how a person finds out"),
            );
            continue;
        };
        let bare = how.missing();
        if !bare.is_empty() {
            let message = format!(
                "on {} the question `{}` has neither `how` nor `why` nor `probe`",
                listed(bare, "and"),
                node.id
            );
            out.push(
                Diagnostic::error(CODE, node.span, message)
                    .help("say under `any` how a person finds out on all other systems"),
            );
        }
    }
}
