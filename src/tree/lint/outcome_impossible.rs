//! An outcome that the probe cannot have.

use crate::{
    diag::Diagnostic,
    tree::{
        Leave,
        lint::{
            rule::{Check, Rule, fixture},
            view::{View, did_you_mean, listed},
        },
    },
};

const CODE: &str = "outcome-impossible";

pub static RULE: Rule = Rule {
    code: CODE,
    means: "`when` or `leave` names an outcome that the question's probe cannot have",
    why: "The answer would never be chosen by evidence. Most often the outcome is misspelt, or cases have replaced it.",
    bad: fixture!("outcome-impossible", "bad"),
    good: fixture!("outcome-impossible", "good"),
    check: Check::Tree(check),
};

fn check(view: &View<'_>, out: &mut Vec<Diagnostic>) {
    for (at, node, ask) in view.questions() {
        let left = match &ask.leave {
            Leave::Named(left) => left.as_slice(),
            Leave::Rest => &[],
        };
        let mut named = ask
            .answers
            .iter()
            .flat_map(|answer| &answer.when)
            .chain(left)
            .peekable();
        let Some(probe) = &ask.probe else {
            if let Some(outcome) = named.next() {
                let message = format!("`{}` has no probe, so that it has no outcomes", node.id);
                out.push(
                    Diagnostic::error(CODE, outcome.span, message)
                        .help("give it a `probe`, or take out `when`"),
                );
            }
            continue;
        };
        if named.peek().is_none() {
            continue;
        }
        let Some(outcomes) = view.outcomes(at, probe) else {
            continue;
        };
        for outcome in named.filter(|outcome| {
            !outcomes
                .iter()
                .any(|known| *known == *outcome.value.as_str())
        }) {
            let message = format!(
                "the probe of `{}` cannot end in `{}`",
                node.id, outcome.value
            );
            let diagnostic = Diagnostic::error(CODE, outcome.span, message);
            out.push(
                match view.nearest(outcome.value.as_str(), outcomes.iter().map(String::as_str)) {
                    Some(near) => did_you_mean(diagnostic, Some(near)),
                    None => diagnostic.help(format!(
                        "it can end in {}",
                        listed(outcomes.iter().map(String::as_str), "or")
                    )),
                },
            );
        }
    }
}
