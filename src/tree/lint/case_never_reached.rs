//! A case that another one hides.

use std::collections::HashMap;

use crate::{
    diag::{Diagnostic, Span},
    tree::{
        Case,
        lint::{
            rule::{Check, Rule, fixture},
            view::View,
        },
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
        hidden(view, ask.probe.iter().flat_map(|probe| &probe.cases), out);
    }
    for probe in view.tree.probes.values() {
        hidden(view, &probe.cases, out);
    }
}

fn hidden<'t>(
    view: &View<'_>,
    cases: impl IntoIterator<Item = &'t Case>,
    out: &mut Vec<Diagnostic>,
) {
    let line = |span: Span| view.tree.source.position(span.start).line;
    let mut seen: HashMap<&str, Span> = HashMap::new();
    let mut always = None;
    for case in cases {
        let condition = case.condition.source.trim();
        if let Some(first) = always {
            let message = format!(
                "this case is never reached: the one on line {} is always true",
                line(first)
            );
            out.push(
                Diagnostic::error(CODE, case.span, message).help("move it up, or take it out"),
            );
        } else if let Some(first) = seen.insert(condition, case.span) {
            let message = format!("the case on line {} has the same condition", line(first));
            out.push(Diagnostic::error(CODE, case.span, message).help("take one of them out"));
        }
        if condition.eq_ignore_ascii_case("true") && always.is_none() {
            always = Some(case.span);
        }
    }
}
