//! What a template's names lead to in a scope.

use std::collections::BTreeMap;

use minijinja::Value as Jinja;

use crate::{
    finding::Value,
    tree::template::{
        Scope,
        code::{Code, FUNCTIONS, GLOBALS},
        scan::Chain,
        values::{self, MarkdownValue},
    },
};

/// Under what name the time is there; no template can write it.
pub const NOW: &str = "@now";

/// What a name leads to.
pub enum Found<'a> {
    Input(&'a Value),
    Fact(&'a Value),
    Text(&'a str),
    Markdown(&'a str),
}

/// What a chain of names leads to, without MiniJinja. Null is absent.
pub fn lookup<'a>(chain: &Chain, scope: &'a Scope) -> Option<Found<'a>> {
    let rest = |value: &'a Value, from: usize| {
        chain
            .path
            .get(from..)
            .unwrap_or_default()
            .iter()
            .try_fold(value, |value, segment| match value {
                Value::Map(map) => map.get(&segment.name),
                Value::List(list) => list.get(segment.name.parse::<usize>().ok()?),
                _ => None,
            })
    };
    let fact = |value: &'a Value, from| {
        rest(value, from)
            .filter(|value| **value != Value::Null)
            .map(Found::Fact)
    };
    match chain.root() {
        "os" if chain.path.len() == 1 => Some(Found::Text(scope.os.name())),
        "facts" => fact(scope.facts.get(chain.name(1)?)?, 2),
        "found" => fact(scope.found.as_ref()?, 1),
        "answers" if chain.path.len() == 2 => {
            scope.answers.get(chain.name(1)?).map(|id| Found::Text(id))
        }
        "steps" if chain.path.len() == 2 => scope
            .steps
            .get(chain.name(1)?)
            .map(|text| Found::Markdown(text)),
        name => {
            let value = scope.inputs.get(name)?;
            let found = rest(value, 1).filter(|value| **value != Value::Null)?;
            Some(if chain.path.len() == 1 {
                Found::Input(found)
            } else {
                Found::Fact(found)
            })
        }
    }
}

/// Everything that the code names and the scope has.
pub fn context(code: &Code, scope: &Scope) -> Jinja {
    let mut root: BTreeMap<&str, Jinja> = BTreeMap::new();
    let mut facts: BTreeMap<&str, Jinja> = BTreeMap::new();
    let mut steps: BTreeMap<&str, Jinja> = BTreeMap::new();
    for chain in code.chains() {
        let name = chain.name(1);
        match (chain.root(), name) {
            ("facts", Some(name)) if !facts.contains_key(name) => {
                if let Some(value) = scope.facts.get(name) {
                    facts.insert(name, values::to_jinja(value));
                }
            }
            ("steps", Some(name)) => {
                if let Some(text) = scope.steps.get(name) {
                    steps.insert(name, Jinja::from_object(MarkdownValue(text.clone())));
                }
            }
            ("found", _) if !root.contains_key("found") => {
                if let Some(found) = &scope.found {
                    root.insert("found", values::to_jinja(found));
                }
            }
            (name, _)
                if GLOBALS.contains(&name)
                    || FUNCTIONS.contains(&name)
                    || root.contains_key(name) => {}
            (name, _) => {
                if let Some(value) = scope.inputs.get(name) {
                    root.insert(name, values::input(value));
                }
            }
        }
    }
    let answers = scope
        .answers
        .iter()
        .map(|(node, answer)| (node.as_str(), Jinja::from(answer.as_str())));
    root.insert("answers", Jinja::from_pairs(answers));
    root.insert("facts", Jinja::from_pairs(facts));
    root.insert("steps", Jinja::from_pairs(steps));
    root.insert("os", Jinja::from(scope.os.name()));
    if let Some(now) = scope.now {
        root.insert(NOW, Jinja::from(now.as_millisecond()));
    }
    Jinja::from_pairs(root)
}

/// The first name in the code that leads nowhere and that nothing asked for.
pub fn missing(code: &Code, scope: &Scope) -> Option<String> {
    code.chains()
        .iter()
        .find(|chain| {
            !chain.asked && !FUNCTIONS.contains(&chain.root()) && lookup(chain, scope).is_none()
        })
        .map(|chain| {
            chain
                .path
                .iter()
                .map(|segment| segment.name.as_str())
                .collect::<Vec<_>>()
                .join(".")
        })
}
