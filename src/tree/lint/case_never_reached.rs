//! A case that another one hides.

use std::collections::HashMap;

use crate::{
    diag::Diagnostic,
    tree::lint::{
        rule::{Check, Rule, fixture},
        view::View,
    },
};

const CODE: &str = "case-never-reached";

pub static RULE: Rule = Rule {
    code: CODE,
    means: "a case stands after `true`, or after one with the same condition",
    why: "Cases are read from the top and the first that holds names the outcome: this one never would.",
    bad: fixture!("case-never-reached", "bad"),
    good: fixture!("case-never-reached", "good"),
    check: Check::Tree(check),
};

fn check(view: &View<'_>, out: &mut Vec<Diagnostic>) {
    for (_, _, ask) in view.questions() {
        let mut seen: HashMap<&str, usize> = HashMap::new();
        let mut always = None;
        for case in ask.probe.iter().flat_map(|probe| &probe.cases) {
            let condition = case.condition.source.trim();
            let line = view.tree.source.position(case.span.start).line;
            if let Some(line) = always {
                let message =
                    format!("this case is never reached: the one on line {line} is always true");
                out.push(
                    Diagnostic::error(CODE, case.span, message).help("move it up, or take it out"),
                );
            } else if let Some(line) = seen.insert(condition, line) {
                let message = format!("the case on line {line} has the same condition");
                out.push(Diagnostic::error(CODE, case.span, message).help("take one of them out"));
            }
            if condition.eq_ignore_ascii_case("true") && always.is_none() {
                always = Some(line);
            }
        }
    }
}
