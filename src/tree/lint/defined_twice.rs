//! One name, two definitions.

use std::collections::HashMap;

use crate::{
    diag::{Diagnostic, Span},
    finding::TreeId,
    tree::{
        Tree,
        lint::{
            rule::{Check, Rule, fixture},
            view::View,
        },
    },
};

const CODE: &str = "defined-twice";

pub static RULE: Rule = Rule {
    code: CODE,
    means: "an input is defined in two of the trees that a case can come to, or a probe or a step in a tree and in one that it uses",
    why: "An input is asked once in a case, whichever tree needs it: with two definitions it would depend on the way which one is asked.",
    bad: fixture!("defined-twice", "bad"),
    good: fixture!("defined-twice", "good"),
    check: Check::Tree(check),
};

fn check(view: &View<'_>, out: &mut Vec<Diagnostic>) {
    let tree = view.tree;
    // Names of this tree against all that a case can come to from here.
    let others = view.links.beyond(view.forest, &tree.id);
    for input in tree.inputs.values() {
        let other = others
            .iter()
            .find(|other| other.inputs.contains_key(&input.name));
        out.extend(other.map(|other| twice("input", input.name.as_str(), input.span, &other.id)));
    }
    let used: Vec<&Tree> = tree
        .uses
        .iter()
        .filter_map(|used| view.forest.tree(&used.value))
        .map(|tree| &**tree)
        .collect();
    for probe in tree.probes.values() {
        let other = used
            .iter()
            .find(|other| other.id != tree.id && other.probes.contains_key(&probe.name));
        let inline = probe.name.as_str().starts_with('@');
        out.extend(
            other
                .filter(|_| !inline)
                .map(|other| twice("probe", probe.name.as_str(), probe.span, &other.id)),
        );
    }
    for step in tree.steps.values() {
        let other = used
            .iter()
            .find(|other| other.id != tree.id && other.steps.contains_key(&step.name));
        out.extend(other.map(|other| twice("step", step.name.as_str(), step.span, &other.id)));
    }
    // Two trees that are used side by side.
    let mut seen: HashMap<(&str, String), &TreeId> = HashMap::new();
    for (entry, other) in tree
        .uses
        .iter()
        .filter_map(|entry| Some((entry, view.forest.tree(&entry.value)?)))
    {
        let probes = other
            .probes
            .keys()
            .filter(|name| !name.as_str().starts_with('@'));
        let names = other.inputs.keys().map(|name| ("input", name.to_string()));
        let names = names.chain(probes.map(|name| ("probe", name.to_string())));
        for (what, name) in names.chain(other.steps.keys().map(|name| ("step", name.to_string()))) {
            if let Some(first) = seen.insert((what, name.clone()), &other.id)
                && *first != other.id
            {
                let message = format!(
                    "the {what} `{name}` is defined in `{first}` and in `{}`",
                    other.id
                );
                out.push(Diagnostic::error(CODE, entry.span, message).help("keep one definition"));
            }
        }
    }
}

fn twice(what: &str, name: &str, span: Span, other: &TreeId) -> Diagnostic {
    Diagnostic::error(
        CODE,
        span,
        format!("the {what} `{name}` is defined in the tree `{other}` as well"),
    )
    .help("keep one definition, in a tree that both name under `use`")
}
