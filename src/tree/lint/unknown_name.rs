//! A name that nothing provides.

use crate::{
    diag::{Diagnostic, Span},
    finding::{InputName, ProbeName},
    probe::{self, FactSpec},
    tree::{
        Ask, Chain, NodeId, NodeKind, Param, Probe, ProbeBase, StepName,
        lint::{
            rule::{Check, Rule, fixture},
            uses::{Place, Use},
            view::{View, did_you_mean, listed, patterns},
        },
        template::GLOBALS,
    },
};

const CODE: &str = "unknown-name";

pub static RULE: Rule = Rule {
    code: CODE,
    means: "a template, an expression or another key names an input, a probe, a fact, a step or a tree that is not there",
    why: "Its value would never be known: a text would show `‹name›`, a case would always be unknown.",
    bad: fixture!("unknown-name", "bad"),
    good: fixture!("unknown-name", "good"),
    check: Check::Tree(check),
};

fn check(view: &View<'_>, out: &mut Vec<Diagnostic>) {
    for used in &view.tree.uses {
        if view.forest.tree(&used.value).is_none() {
            let diagnostic = Diagnostic::error(
                CODE,
                used.span,
                format!("there is no tree `{}`", used.value),
            );
            let near = view.nearest(
                used.value.as_str(),
                view.forest.trees().map(|tree| tree.id.as_str()),
            );
            out.push(did_you_mean(diagnostic, near));
        }
    }
    for input in view.tree.inputs.values() {
        if let Some(host) = &input.secret_for
            && view.input(host.value.as_str()).is_none()
        {
            let diagnostic = Diagnostic::error(
                CODE,
                host.span,
                format!("there is no input `{}`", host.value),
            );
            out.push(did_you_mean(
                diagnostic,
                near_input(view, host.value.as_str()).as_deref(),
            ));
        }
    }
    for (_, _, ask) in view.questions() {
        let names = match ask.probe.as_ref().map(|probe| &probe.base) {
            Some(ProbeBase::One(name)) => std::slice::from_ref(name),
            Some(ProbeBase::Many(names)) => names,
            None => &[],
        };
        // A probe that is written in the node is there, or its own mistake is reported.
        for name in names
            .iter()
            .filter(|name| !name.value.as_str().starts_with('@'))
        {
            if view.probe(name.value.as_str()).is_none() {
                let diagnostic = Diagnostic::error(
                    CODE,
                    name.span,
                    format!("there is no probe `{}`", name.value),
                );
                out.push(did_you_mean(
                    diagnostic,
                    near_probe(view, name.value.as_str()).as_deref(),
                ));
            }
        }
    }
    for use_of in view.uses() {
        for chain in use_of.chains() {
            out.extend(unknown(view, use_of, chain));
        }
    }
}

/// What is wrong with one use of a name, if anything.
fn unknown(view: &View<'_>, use_of: &Use<'_>, chain: &Chain) -> Option<Diagnostic> {
    let at = |segment: usize| {
        let range = chain
            .path
            .get(segment)
            .map_or(&chain.range, |segment| &segment.range);
        use_of.locate(&view.tree.source, range)
    };
    let error = |segment: usize, message: String| Diagnostic::error(CODE, at(segment), message);
    if let Place::Declared(probe) = use_of.place {
        return match chain.root() {
            "found" => fact(view, use_of, probe, chain, 1),
            "os" | "range" | "dict" => None,
            root => Some(
                error(
                    0,
                    format!("a case where a probe is declared sees `found` alone, not `{root}`"),
                )
                .help("what depends on more stands in the question's own cases"),
            ),
        };
    }
    match (chain.root(), chain.name(1)) {
        ("os", _) | ("range" | "dict", None) => None,
        ("facts", None) => Some(error(
            0,
            "`facts` names a probe and a fact: `facts.config.values`".to_owned(),
        )),
        ("facts", Some(name)) => match view.probe(name) {
            Some(probe) => fact(view, use_of, probe, chain, 2),
            None => {
                let diagnostic = error(1, format!("there is no probe `{name}`"));
                Some(did_you_mean(diagnostic, near_probe(view, name).as_deref()))
            }
        },
        ("answers", None) => Some(error(
            0,
            "`answers` names a node: `answers['service-running']`".to_owned(),
        )),
        ("answers", Some(name)) if view.tree.nodes.contains_key(name) => {
            match &view.tree.nodes[name].kind {
                NodeKind::Ask(ask) => compared(view, use_of, chain, ask),
                NodeKind::Do(_) | NodeKind::Visit(_) | NodeKind::Conclude(_) => None,
            }
        }
        ("answers", Some(name)) => Some({
            let near = view
                .nearest(name, view.tree.nodes.keys().map(NodeId::as_str))
                .map(|near| format!("'{near}'"));
            did_you_mean(
                error(1, format!("there is no question `{name}`")),
                near.as_deref(),
            )
        }),
        ("steps", None) => Some(error(0, "`steps` names a step: `steps.restart`".to_owned())),
        ("steps", Some(name)) => view.step(name).is_none().then(|| {
            let names = view
                .near()
                .iter()
                .flat_map(|tree| tree.steps.keys().map(StepName::as_str));
            did_you_mean(
                error(1, format!("there is no step `{name}`")),
                view.nearest(name, names),
            )
        }),
        ("found", _) => match use_of.place {
            Place::Found(node, ask) => match ask.probe.as_ref().map(|probe| &probe.base) {
                Some(ProbeBase::One(name)) => {
                    fact(view, use_of, view.probe(name.value.as_str())?, chain, 1)
                }
                Some(ProbeBase::Many(_)) => Some(
                    error(0, "several probes have no `found`".to_owned())
                        .help("name the probe: `facts.NAME.FACT`"),
                ),
                None => Some(error(
                    0,
                    format!("`{}` has no probe, so that nothing is `found`", node.id),
                )),
            },
            _ => Some(
                error(
                    0,
                    "`found` is there in a question's cases and notes only".to_owned(),
                )
                .help("elsewhere name the probe: `facts.NAME.FACT`"),
            ),
        },
        (name, part) => {
            let Some(input) = view.input(name) else {
                let near = view.nearest(
                    name,
                    view.near()
                        .iter()
                        .flat_map(|tree| tree.inputs.keys())
                        .map(InputName::as_str)
                        .chain(GLOBALS.iter().copied()),
                );
                let diagnostic = error(0, format!("there is no input `{name}`"));
                if near.is_none() && view.probe(name).is_some() {
                    return Some(
                        diagnostic
                            .help(format!("`{name}` is a probe: its facts are `facts.{name}`")),
                    );
                }
                return Some(did_you_mean(diagnostic, near));
            };
            let part = part?;
            if input.ty != crate::tree::InputType::Url {
                return Some(error(
                    1,
                    format!("`{name}` has no parts: only an input of the type `url` has"),
                ));
            }
            let parts = ["scheme", "host", "port", "path", "origin", "url"];
            (!parts.contains(&part)).then(|| {
                let diagnostic = error(1, format!("a url has no part `{part}`"));
                did_you_mean(diagnostic, view.nearest(part, parts))
            })
        }
    }
}

/// Whether the fact at `from` in the chain is one that the probe's kind has.
fn fact(
    view: &View<'_>,
    use_of: &Use<'_>,
    probe: &Probe,
    chain: &Chain,
    from: usize,
) -> Option<Diagnostic> {
    let name = chain.name(from)?;
    let spec = probe::kind(probe.kind)?.spec();
    let patterns = patterns(probe);
    let at = |segment: usize| use_of.locate(&view.tree.source, &chain.path[segment].range);
    if patterns.contains(&name) {
        let inner = chain.name(from + 1)?;
        if inner == "captures" {
            let given = groups(probe, name)?;
            return capture(view, &given, chain, from + 2, at);
        }
        if has(spec.pattern_facts, inner) || spec.pattern_facts.is_empty() {
            return None;
        }
        let diagnostic = Diagnostic::error(
            CODE,
            at(from + 1),
            format!("a pattern has no fact `{inner}`"),
        );
        let names = spec.pattern_facts.iter().map(|fact| fact.name);
        return Some(match view.nearest(inner, names.clone()) {
            Some(near) => did_you_mean(diagnostic, Some(near)),
            None => diagnostic.help(format!("it has {}", listed(names, "and"))),
        });
    }
    if name == "captures" && spec.params.iter().any(|param| param.name == "capture") {
        let given = match probe.params.get("capture").map(|param| &param.value) {
            Some(Param::Map(map)) => map.keys().cloned().collect(),
            Some(_) => return None,
            None => Vec::new(),
        };
        return capture(view, &given, chain, from + 1, at);
    }
    if has(spec.facts, name) {
        return None;
    }
    let what = if spec.pattern_facts.is_empty() {
        "fact"
    } else {
        "pattern or fact"
    };
    let diagnostic = Diagnostic::error(
        CODE,
        at(from),
        format!("a `{}` probe has no {what} `{name}`", spec.name),
    );
    let names = patterns
        .iter()
        .copied()
        .chain(spec.facts.iter().map(|fact| fact.name));
    Some(match view.nearest(name, names.clone()) {
        Some(near) => did_you_mean(diagnostic, Some(near)),
        None => diagnostic.help(format!("it has {}", listed(names, "and"))),
    })
}

/// Whether the capture at `segment` of the chain is one that the probe is told to make.
fn capture(
    view: &View<'_>,
    given: &[String],
    chain: &Chain,
    segment: usize,
    at: impl Fn(usize) -> Span,
) -> Option<Diagnostic> {
    let name = chain.name(segment)?;
    if given.iter().any(|known| known == name) {
        return None;
    }
    let diagnostic = Diagnostic::error(CODE, at(segment), format!("nothing captures `{name}`"));
    let names = given.iter().map(String::as_str);
    Some(match view.nearest(name, names.clone()) {
        Some(near) => did_you_mean(diagnostic, Some(near)),
        None if given.is_empty() => diagnostic,
        None => diagnostic.help(format!("it has {}", listed(names, "and"))),
    })
}

/// The named groups of a log's pattern; `None` where something is filled in, or the expression is wrong.
fn groups(probe: &Probe, pattern: &str) -> Option<Vec<String>> {
    let Some(Param::Map(patterns)) = probe.params.get("patterns").map(|param| &param.value) else {
        return None;
    };
    let mut open = vec![&patterns.get(pattern)?.value];
    let mut names = Vec::new();
    while let Some(param) = open.pop() {
        match param {
            Param::Text(text) if text.is_plain() => {
                let expression = regex::Regex::new(&text.source).ok()?;
                names.extend(expression.capture_names().flatten().map(str::to_owned));
            }
            Param::Map(map) => open.extend(map.values().map(|param| &param.value)),
            _ => return None,
        }
    }
    Some(names)
}

/// A question's answer that is compared with something that is none of its ids: `answers['power'] == 'yess'`.
fn compared(view: &View<'_>, use_of: &Use<'_>, chain: &Chain, ask: &Ask) -> Option<Diagnostic> {
    let source = use_of.source();
    let behind = source.get(chain.range.end..)?;
    let mut rest = behind.trim_start();
    if let Some(filter) = rest.strip_prefix('|') {
        let filter = filter.trim_start().strip_prefix("default(")?;
        rest = filter.split_once(')')?.1.trim_start();
    }
    let rest = rest
        .strip_prefix("==")
        .or_else(|| rest.strip_prefix("!="))?;
    let literal = rest.trim_start();
    let quote = literal.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
    let (id, _) = literal[1..].split_once(quote)?;
    let ids = || ask.answers.iter().map(|answer| answer.id.as_str());
    // The empty text stands for an answer that is not known.
    if id.is_empty() || ids().any(|known| known == id) {
        return None;
    }
    let start = source.len() - literal.len() + 1;
    let span = use_of.locate(&view.tree.source, &(start..start + id.len()));
    let message = format!("the question has no answer `{id}`");
    let diagnostic = Diagnostic::error(CODE, span, message);
    Some(match view.nearest(id, ids()) {
        Some(near) => did_you_mean(diagnostic, Some(near)),
        None => diagnostic.help(format!("it has {}", listed(ids(), "and"))),
    })
}

fn has(facts: &[FactSpec], name: &str) -> bool {
    facts.iter().any(|fact| fact.name == name)
}

fn near_input(view: &View<'_>, name: &str) -> Option<String> {
    view.nearest(
        name,
        view.near()
            .iter()
            .flat_map(|tree| tree.inputs.keys())
            .map(InputName::as_str),
    )
    .map(str::to_owned)
}

fn near_probe(view: &View<'_>, name: &str) -> Option<String> {
    let names = view
        .near()
        .iter()
        .flat_map(|tree| tree.probes.keys())
        .map(ProbeName::as_str);
    view.nearest(name, names.filter(|name| !name.starts_with('@')))
        .map(str::to_owned)
}
