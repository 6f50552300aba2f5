//! A probe that runs a program.

use crate::{
    diag::Diagnostic,
    probe,
    tree::lint::{
        rule::{Check, Rule, fixture},
        view::View,
    },
};

const CODE: &str = "command-probe";

pub static RULE: Rule = Rule {
    code: CODE,
    means: "a probe runs a program of the machine",
    why: "It needs an agreement of its own (`--allow-commands`), and many will not give it. Another kind of probe may tell the same.",
    bad: fixture!("command-probe", "bad"),
    good: fixture!("command-probe", "good"),
    check: Check::Tree(check),
};

fn check(view: &View<'_>, out: &mut Vec<Diagnostic>) {
    for probe in view.tree.probes.values() {
        if probe::kind(probe.kind).is_some_and(|kind| kind.spec().executes) {
            let message = format!(
                "`{}` runs a program: it needs an agreement of its own",
                probe.name
            );
            out.push(Diagnostic::warning(CODE, probe.span, message));
        }
    }
}
