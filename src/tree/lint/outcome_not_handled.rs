//! An outcome that no answer stands for.

use std::collections::HashSet;

use crate::{
    diag::Diagnostic,
    tree::{
        Leave,
        lint::{
            rule::{Check, Rule, fixture},
            view::{View, listed},
        },
    },
};

const CODE: &str = "outcome-not-handled";

/// Up to so many outcomes are compared one by one.
const SMALL: usize = 16;

pub static RULE: Rule = Rule {
    code: CODE,
    means: "the question's probe can end in something that no answer stands for",
    why: "The probe would find it, and the walk would not know what it means. What is left to the person is to be left on purpose.",
    bad: fixture!("outcome-not-handled", "bad"),
    good: fixture!("outcome-not-handled", "good"),
    check: Check::Tree(check),
};

fn check(view: &View<'_>, out: &mut Vec<Diagnostic>) {
    for (at, _, ask) in view.questions() {
        let (Some(probe), Leave::Named(left)) = (&ask.probe, &ask.leave) else {
            continue;
        };
        let Some(outcomes) = view.outcomes(at, probe) else {
            continue;
        };
        let named = || {
            ask.answers
                .iter()
                .flat_map(|answer| &answer.when)
                .chain(left)
        };
        let all: HashSet<&str> = if outcomes.len() > SMALL {
            named().map(|outcome| outcome.value.as_str()).collect()
        } else {
            HashSet::new()
        };
        let is_named = |outcome: &str| {
            if outcomes.len() > SMALL {
                all.contains(outcome)
            } else {
                named().any(|named| named.value == *outcome)
            }
        };
        let outcomes = outcomes.iter().map(String::as_str);
        let open: Vec<&str> = outcomes.filter(|outcome| !is_named(outcome)).collect();
        if open.is_empty() {
            continue;
        }
        let message = format!(
            "no answer stands for {}",
            listed(open.iter().copied(), "and")
        );
        let left = left
            .iter()
            .map(|outcome| outcome.value.as_str())
            .chain(open)
            .collect::<Vec<_>>()
            .join(", ");
        out.push(
            Diagnostic::error(CODE, probe.span, message)
                .label("can end so")
                .help(format!(
                    "name it under an answer's `when`, or leave it to the person: `leave: [{left}]`"
                )),
        );
    }
}
