//! An input and a probe that wait for each other.

use std::collections::HashSet;

use crate::{
    diag::Diagnostic,
    finding::{InputName, ProbeName},
    tree::{
        Demands,
        lint::{
            rule::{Check, Rule, fixture},
            uses,
            view::View,
        },
    },
};

const CODE: &str = "demand-cycle";

pub static RULE: Rule = Rule {
    code: CODE,
    means: "an input is taken from facts that can only be gathered once that input is known",
    why: "Each waits for the other: neither would ever be known.",
    bad: fixture!("demand-cycle", "bad"),
    good: fixture!("demand-cycle", "good"),
    check: Check::Tree(check),
};

fn check(view: &View<'_>, out: &mut Vec<Diagnostic>) {
    for input in view.tree.inputs.values() {
        let Some(from) = &input.from else { continue };
        if let Some(through) = needs(view, &from.demands, &input.name) {
            let message = match through {
                Some(probe) => format!(
                    "`{}` is taken from `{probe}`, which needs `{}` itself",
                    input.name, input.name
                ),
                None => format!("`{}` is taken from itself", input.name),
            };
            out.push(
                Diagnostic::error(CODE, from.span, message)
                    .help("take it from something else, or let it be asked"),
            );
        }
    }
}

/// Whether these demands lead back to `input`, and through which probe.
fn needs(view: &View<'_>, demands: &Demands, input: &InputName) -> Option<Option<ProbeName>> {
    let mut inputs = HashSet::new();
    let mut probes = HashSet::new();
    let mut open: Vec<(InputName, Option<ProbeName>)> = demands
        .inputs
        .iter()
        .map(|name| (name.clone(), None))
        .collect();
    let mut open_probes: Vec<(ProbeName, Option<ProbeName>)> = demands
        .probes
        .iter()
        .map(|name| (name.clone(), Some(name.clone())))
        .collect();
    loop {
        if let Some((name, through)) = open.pop() {
            if name == *input {
                return Some(through);
            }
            if !inputs.insert(name.clone()) {
                continue;
            }
            let Some(from) = view
                .input(name.as_str())
                .and_then(|input| input.from.as_ref())
            else {
                continue;
            };
            open.extend(
                from.demands
                    .inputs
                    .iter()
                    .map(|name| (name.clone(), through.clone())),
            );
            let via =
                |name: &ProbeName| (name.clone(), through.clone().or_else(|| Some(name.clone())));
            open_probes.extend(from.demands.probes.iter().map(via));
        } else if let Some((name, through)) = open_probes.pop() {
            if !probes.insert(name.clone()) {
                continue;
            }
            let Some(probe) = view.probe(name.as_str()) else {
                continue;
            };
            uses::params(probe, &mut |use_of| {
                open.extend(
                    use_of
                        .demands()
                        .inputs
                        .iter()
                        .map(|name| (name.clone(), through.clone())),
                );
                open_probes.extend(
                    use_of
                        .demands()
                        .probes
                        .iter()
                        .map(|name| (name.clone(), through.clone())),
                );
            });
        } else {
            return None;
        }
    }
}
