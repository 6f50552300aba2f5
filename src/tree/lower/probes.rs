//! `probes:`, and the probe that is written in a question.

use std::time::Duration;

use indexmap::IndexMap;

use crate::{
    diag::{Diagnostic, Span},
    finding::{Outcome, ProbeName},
    probe::{self, Kind},
    tree::{
        At, Case, CaseOutcome, NodeId, NodeProbe, Probe, ProbeBase, Spanned,
        lint::codes,
        lower::{Lower, fields, nearest, params},
        yaml::{Entry, Yaml},
    },
};

/// How long a probe may take where the tree says nothing.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(10);
/// No probe may wait longer.
const MAX_TIMEOUT: Duration = Duration::from_secs(60 * 60);

pub fn probes(lower: &mut Lower<'_>, value: Option<&Yaml<'_>>) -> IndexMap<ProbeName, Probe> {
    let mut out = IndexMap::new();
    for entry in lower.entries(value) {
        if lower.is_broken(Some(entry)) {
            let name = ProbeName::new(&entry.key);
            out.insert(name.clone(), broken(name, entry.key_span));
            continue;
        }
        lower.snake(entry, "a probe's name");
        let name = ProbeName::new(&entry.key);
        let written = entry
            .value
            .as_map()
            .and_then(|map| map.iter().find(|entry| entry.key == "cases"));
        let before = written.map(|entry| cases(lower, &entry.value, Stands::Declared(&name)));
        if let Some(mut probe) = probe(
            lower,
            name.clone(),
            entry.key_span,
            &entry.value,
            &["cases"],
        ) {
            probe.cases = before.unwrap_or_default();
            out.insert(name, probe);
        }
    }
    out
}

/// Stands for a probe that could not be read, so that what names it finds it. Its kind has no name.
fn broken(name: ProbeName, span: Span) -> Probe {
    Probe {
        name,
        span,
        kind: "",
        params: IndexMap::new(),
        timeout: DEFAULT_TIMEOUT,
        at: At::Host,
        flawed: true,
        cases: Vec::new(),
    }
}

/// A probe from the mapping that holds its kind. Keys in `beside` are someone else's.
fn probe(
    lower: &mut Lower<'_>,
    name: ProbeName,
    span: Span,
    value: &Yaml<'_>,
    beside: &[&str],
) -> Option<Probe> {
    let Some(map) = value.as_map() else {
        lower.wrong_type(value, "a mapping with a kind of probe");
        return None;
    };
    let mut timeout = None;
    let mut at = None;
    let mut kind: Option<(&'static dyn Kind, &Entry<'_>)> = None;
    let mut wrong = false;
    for entry in map {
        match &*entry.key {
            "timeout" => {
                timeout = lower
                    .duration(&entry.value)
                    .map(|timeout| (timeout, entry.value.span))
            }
            "at" => at = where_at(lower, &entry.value),
            key if beside.contains(&key) => {}
            key => match (probe::kind(key), kind) {
                (Some(found), None) => kind = Some((found, entry)),
                (Some(_), Some((first, _))) => {
                    let message = format!(
                        "a probe has one kind, and this one has `{}` already",
                        first.spec().name
                    );
                    lower.report(Diagnostic::error(
                        codes::UNKNOWN_KEY,
                        entry.key_span,
                        message,
                    ));
                }
                (None, _) => {
                    wrong = true;
                    unknown_kind(lower, entry);
                }
            },
        }
    }
    let Some((kind, entry)) = kind else {
        if !wrong {
            let message = format!("the probe `{name}` has no kind");
            lower.report(
                Diagnostic::error(codes::MISSING_KEY, span, message)
                    .help(format!("the kinds are {}", kinds())),
            );
        }
        return None;
    };
    if let Some((timeout, span)) = timeout
        && (timeout > MAX_TIMEOUT || timeout.is_zero())
    {
        lower.report(Diagnostic::error(
            codes::PAST_BOUND,
            span,
            "a timeout is more than nothing and at most an hour",
        ));
    }
    let told = lower.diagnostics.len();
    let params = params::params(lower, kind.spec(), entry);
    Some(Probe {
        name,
        span,
        kind: kind.spec().name,
        params,
        flawed: lower.diagnostics.len() > told,
        timeout: timeout.map_or(DEFAULT_TIMEOUT, |(timeout, _)| timeout.min(MAX_TIMEOUT)),
        at: at.unwrap_or(At::Host),
        cases: Vec::new(),
    })
}

fn kinds() -> String {
    let names: Vec<&str> = probe::KINDS.iter().map(|kind| kind.spec().name).collect();
    fields::list(&names, "and")
}

fn unknown_kind(lower: &mut Lower<'_>, entry: &Entry<'_>) {
    let names = probe::KINDS
        .iter()
        .map(|kind| kind.spec().name)
        .chain(["timeout", "at", "of", "cases"]);
    let message = format!("there is no kind of probe `{}`", entry.key);
    let diagnostic = Diagnostic::error(codes::UNKNOWN_KEY, entry.key_span, message);
    lower.report(match nearest(&entry.key, names) {
        Some(near) => diagnostic
            .help(format!("did you mean `{near}`?"))
            .replacement(near),
        None => diagnostic.help(format!("the kinds are {}", kinds())),
    });
}

fn where_at(lower: &mut Lower<'_>, value: &Yaml<'_>) -> Option<At> {
    match &*lower.scalar(value)?.text {
        "host" => Some(At::Host),
        "anywhere" => Some(At::Anywhere),
        other => {
            let message =
                format!("a probe looks from the `host` or from `anywhere`, not from `{other}`");
            lower.report(Diagnostic::error(codes::BAD_VALUE, value.span, message));
            None
        }
    }
}

/// A question's `probe`: a name, `of` with cases, or a probe of its own.
pub fn node_probe(lower: &mut Lower<'_>, node: &NodeId, entry: &Entry<'_>) -> NodeProbe {
    let span = entry.key_span;
    readable(lower, node, entry).unwrap_or_else(|| {
        let name = ProbeName::new(format!("@{node}"));
        lower
            .inline
            .insert(name.clone(), broken(name.clone(), span));
        NodeProbe {
            base: ProbeBase::One(Spanned { value: name, span }),
            cases: Vec::new(),
            commands: true,
            span,
        }
    })
}

fn readable(lower: &mut Lower<'_>, node: &NodeId, entry: &Entry<'_>) -> Option<NodeProbe> {
    let value = &entry.value;
    if value.as_scalar().is_some() {
        let name = Spanned {
            value: ProbeName::new(&lower.scalar(value)?.text),
            span: value.span,
        };
        return Some(NodeProbe {
            base: ProbeBase::One(name),
            cases: Vec::new(),
            commands: true,
            span: value.span,
        });
    }
    let Some(map) = value.as_map() else {
        lower.wrong_type(value, "a probe's name or a mapping");
        return None;
    };
    let find = |key: &str| map.iter().find(|entry| entry.key == key);
    let cases = find("cases")
        .map(|entry| cases(lower, &entry.value, Stands::Question))
        .unwrap_or_default();
    let commands = find("commands").and_then(|entry| lower.bool(&entry.value));
    let commands = commands.unwrap_or(true);
    let base = match find("of") {
        Some(of) => {
            for entry in map
                .iter()
                .filter(|entry| !matches!(&*entry.key, "of" | "cases" | "commands"))
            {
                let message = format!(
                    "`{}` stands where the probe is declared, not beside `of`",
                    entry.key
                );
                lower.report(Diagnostic::error(
                    codes::UNKNOWN_KEY,
                    entry.key_span,
                    message,
                ));
            }
            let mut one = |item: &Yaml<'_>| {
                Some(Spanned {
                    value: ProbeName::new(&lower.scalar(item)?.text),
                    span: item.span,
                })
            };
            match of.value.as_list() {
                Some(items) => {
                    let names: Vec<_> = items.iter().filter_map(one).collect();
                    if cases.is_empty() {
                        let message =
                            "several probes have no outcomes of their own: `cases` compare them";
                        lower.report(Diagnostic::error(codes::MISSING_KEY, of.key_span, message));
                    }
                    ProbeBase::Many(names)
                }
                None => ProbeBase::One(one(&of.value)?),
            }
        }
        None => {
            let name = ProbeName::new(format!("@{node}"));
            let probe = probe(
                lower,
                name.clone(),
                entry.key_span,
                value,
                &["cases", "commands"],
            )
            .unwrap_or_else(|| broken(name.clone(), entry.key_span));
            lower.inline.insert(name.clone(), probe);
            ProbeBase::One(Spanned {
                value: name,
                span: entry.key_span,
            })
        }
    };
    Some(NodeProbe {
        base,
        cases,
        commands,
        span: entry.key_span,
    })
}

/// Where cases stand.
#[derive(Clone, Copy)]
enum Stands<'n> {
    Question,
    /// With a probe that several questions share.
    Declared(&'n ProbeName),
}

/// `- outcome: expression`, from the top; behind `unknown` also `because`. A list among them is read as if its items stood
/// there, so that an alias can bring several.
fn cases(lower: &mut Lower<'_>, value: &Yaml<'_>, stands: Stands<'_>) -> Vec<Case> {
    let Some(items) = value.as_list() else {
        lower.wrong_type(value, "a list of cases");
        return Vec::new();
    };
    let mut out = Vec::with_capacity(items.len());
    for item in items {
        match item.as_list() {
            Some(inner) => out.extend(inner.iter().filter_map(|item| case(lower, item, stands))),
            None => out.extend(case(lower, item, stands)),
        }
    }
    out
}

fn case(lower: &mut Lower<'_>, item: &Yaml<'_>, stands: Stands<'_>) -> Option<Case> {
    let map = item.as_map().unwrap_or_default();
    let because = map.iter().find(|entry| entry.key == "because");
    let mut others = map.iter().filter(|entry| entry.key != "because");
    let (Some(only), None) = (others.next(), others.next()) else {
        const KEYS: &[&str] = &["unknown", "because"];
        let odd = map.iter().find(|entry| !KEYS.contains(&&*entry.key));
        if let Some(odd) = odd.filter(|_| map.iter().any(|entry| entry.key == "unknown")) {
            lower.unknown_key(odd, "a case that is `unknown`", KEYS);
            return None;
        }
        let message = format!(
            "a case is one `outcome: expression`, and this is {}",
            item.what()
        );
        lower.report(Diagnostic::error(codes::WRONG_TYPE, item.span, message));
        return None;
    };
    let outcome = if only.key == "unknown" {
        CaseOutcome::Unknown
    } else {
        lower.check_kebab(&only.key, only.key_span, "an outcome");
        CaseOutcome::Named(Outcome::new(&only.key))
    };
    if let (Stands::Declared(name), CaseOutcome::Named(_)) = (stands, &outcome) {
        let message = "where a probe is declared, a case says only what is no answer: `unknown`";
        lower.report(
            Diagnostic::error(codes::UNKNOWN_KEY, only.key_span, message).help(format!(
                "a question names outcomes: `probe: {{ of: {name}, cases: … }}`"
            )),
        );
    }
    if let (Some(because), CaseOutcome::Named(_)) = (because, &outcome) {
        let message = "`because` tells why a case is `unknown`; what an outcome means stands in an answer's `note`";
        lower.report(Diagnostic::error(
            codes::UNKNOWN_KEY,
            because.key_span,
            message,
        ));
    }
    let because = because.and_then(|entry| lower.template(&entry.value));
    Some(Case {
        outcome,
        condition: lower.expression(&only.value)?,
        because,
        span: only.key_span,
    })
}
