//! An outcome that two answers stand for.

use std::collections::HashMap;

use crate::{
    diag::Diagnostic,
    tree::{
        Leave,
        lint::{
            rule::{Check, Rule, fixture},
            view::View,
        },
    },
};

const CODE: &str = "outcome-handled-twice";

pub static RULE: Rule = Rule {
    code: CODE,
    means: "two answers of a question stand for one outcome, or one does and it is left to the person as well",
    why: "The evidence would choose two ways at once.",
    bad: fixture!("outcome-handled-twice", "bad"),
    good: fixture!("outcome-handled-twice", "good"),
    check: Check::Tree(check),
};

fn check(view: &View<'_>, out: &mut Vec<Diagnostic>) {
    for (_, _, ask) in view.questions() {
        let count = ask
            .answers
            .iter()
            .map(|answer| answer.when.len())
            .sum::<usize>();
        let mut seen = HashMap::with_capacity(count);
        let answers = ask
            .answers
            .iter()
            .flat_map(|answer| answer.when.iter().map(move |when| (when, Some(&answer.id))));
        let left = match &ask.leave {
            Leave::Named(left) => left.as_slice(),
            Leave::Rest => &[],
        };
        for (outcome, answer) in answers.chain(left.iter().map(|left| (left, None))) {
            let Some(first) = seen.insert(&outcome.value, answer) else {
                continue;
            };
            let message = match (first, answer) {
                (Some(first), Some(second)) if first == second => {
                    format!("`{}` stands here twice", outcome.value)
                }
                (Some(first), Some(_)) => format!(
                    "the answer `{first}` stands for `{}` already",
                    outcome.value
                ),
                (Some(first), None) => format!(
                    "the answer `{first}` stands for `{}`: it is not left",
                    outcome.value
                ),
                (None, _) => format!("`{}` is left twice", outcome.value),
            };
            out.push(Diagnostic::error(CODE, outcome.span, message).help("name each outcome once"));
        }
    }
}
