//! A finding masked: facts, evidence, and why nothing is known.

use crate::{
    finding::{Evidence, Facts, Finding, Judgement, Unknown, Value},
    redact::{Redactor, Sort, key, value},
};

pub(super) fn masked(redactor: &mut Redactor, finding: Finding) -> Finding {
    // All secrets are learnt first, so that none is shown by what comes before it.
    if let (Some(hosts), Some(name)) = (&redactor.hosts, &finding.machine) {
        hosts.machine(name);
    }
    for (name, value) in &finding.facts {
        learn(redactor, Some(name), value);
    }
    let judgement = match finding.judgement {
        Judgement::Unknown(unknown) => Judgement::Unknown(Unknown {
            detail: redactor.text(&unknown.detail),
            ..unknown
        }),
        outcome => outcome,
    };
    // Evidence goes before the facts, since it may teach more.
    let evidence = finding
        .evidence
        .into_iter()
        .map(|evidence| excerpt(redactor, evidence))
        .collect();
    Finding {
        judgement,
        facts: facts(redactor, finding.facts),
        evidence,
        machine: finding.machine.map(|name| redactor.text(&name)),
        ..finding
    }
}

fn learn(redactor: &mut Redactor, name: Option<&str>, value: &Value) {
    match value {
        Value::Secret(secret) => {
            if let Some(secret) = secret.expose() {
                token(redactor, secret);
            }
        }
        Value::Text(text) if name.is_some_and(key::is_secret) => {
            named(redactor, text);
        }
        Value::Text(text) => {
            if let (Some(hosts), Some(name)) = (&redactor.hosts, name) {
                hosts.fact(name, text);
            }
        }
        Value::List(list) => list.iter().for_each(|value| learn(redactor, name, value)),
        Value::Map(map) => {
            let named = names_a_secret(map);
            for (key, value) in map {
                let name = if holds(named, key) { "password" } else { key };
                learn(redactor, Some(name), value);
            }
        }
        _ => {}
    }
}

fn facts(redactor: &mut Redactor, facts: Facts) -> Facts {
    let named = names_a_secret(&facts);
    facts
        .into_iter()
        .map(|(key, value)| {
            let name = if holds(named, &key) { "password" } else { &key };
            let value = fact(redactor, Some(name), value);
            (redactor.text(&key), value)
        })
        .collect()
}

fn fact(redactor: &mut Redactor, name: Option<&str>, value: Value) -> Value {
    match value {
        Value::Secret(secret) => {
            let token = secret.expose().map(|secret| token(redactor, secret));
            Value::Secret(match token {
                Some(token) => secret.with_token(token),
                None => secret,
            })
        }
        Value::Text(text) => Value::Text(match name {
            Some(name) if key::is_secret(name) => named(redactor, &text),
            Some(name) if is_header(name) => header(redactor, name, &text),
            _ => redactor.text(&text),
        }),
        Value::List(list) => Value::List(match lines(redactor, name, &list) {
            Some(masked) => masked,
            None => list
                .into_iter()
                .map(|value| fact(redactor, name, value))
                .collect(),
        }),
        Value::Map(map) => {
            let map = around(redactor, map);
            Value::Map(facts(redactor, map))
        }
        value => value,
    }
}

/// A list of texts, read as the one text that they may have been.
fn lines(redactor: &mut Redactor, name: Option<&str>, list: &[Value]) -> Option<Vec<Value>> {
    if list.len() < 2 || name.is_some_and(|name| key::is_secret(name) || is_header(name)) {
        return None;
    }
    let texts: Option<Vec<&str>> = list.iter().map(Value::as_str).collect();
    Some(
        together(redactor, &texts?)?
            .into_iter()
            .map(Value::Text)
            .collect(),
    )
}

/// A line and those around it (`before`, `text`, `after`) are one text too: a secret may go over several of them.
fn around(redactor: &mut Redactor, mut map: Facts) -> Facts {
    const PARTS: [&str; 3] = ["before", "text", "after"];
    let part = |map: &Facts, name: &str| -> Option<Vec<String>> {
        match map.get(name)? {
            Value::Text(text) => Some(vec![text.clone()]),
            Value::List(list) => list
                .iter()
                .map(|line| line.as_str().map(str::to_owned))
                .collect(),
            _ => None,
        }
    };
    let parts: Option<Vec<Vec<String>>> = PARTS.iter().map(|name| part(&map, name)).collect();
    let Some(parts) = parts else {
        return map;
    };
    let all: Vec<&str> = parts.iter().flatten().map(String::as_str).collect();
    let Some(masked) = together(redactor, &all) else {
        return map;
    };
    let mut masked = masked.into_iter();
    for (name, lines) in PARTS.iter().zip(&parts) {
        let mut taken = masked.by_ref().take(lines.len());
        if let Some(value) = map.get_mut(*name) {
            *value = match value {
                Value::Text(_) => Value::Text(taken.next().unwrap_or_default()),
                _ => Value::List(taken.map(Value::Text).collect()),
            };
        }
    }
    map
}

/// Lines masked as one text, each for itself again; `None` where one of them has a break within.
fn together(redactor: &mut Redactor, lines: &[&str]) -> Option<Vec<String>> {
    if lines.iter().any(|line| line.contains('\n')) {
        return None;
    }
    let masked = redactor.text(&lines.join("\n"));
    let masked: Vec<String> = masked.split('\n').map(str::to_owned).collect();
    (masked.len() == lines.len()).then_some(masked)
}

/// What is shown in the place of a secret; what says how it is kept stays.
fn token(redactor: &mut Redactor, secret: &str) -> String {
    let Some(part) = value::declared_part(secret) else {
        return secret.to_owned();
    };
    let token = redactor
        .secrets
        .token(&secret[part.clone()], Sort::Named, true);
    format!("{}{token}{}", &secret[..part.start], &secret[part.end..])
}

/// The same for a fact that is secret by its name alone.
fn named(redactor: &mut Redactor, text: &str) -> String {
    if value::secret_part(text).is_none() {
        return text.to_owned();
    }
    token(redactor, text)
}

/// `{"name": "db.password", "value": …}`.
fn names_a_secret(map: &Facts) -> bool {
    let name = map
        .get("name")
        .or_else(|| map.get("key"))
        .and_then(Value::as_str);
    name.is_some_and(key::is_secret)
}

/// Where the value stands in such a map.
fn holds(named: bool, key: &str) -> bool {
    named && matches!(key, "value" | "values")
}

fn is_header(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.ends_with("authorization") || name.ends_with("cookie") || name.ends_with("cookie2")
}

/// A header is read together with its name.
fn header(redactor: &mut Redactor, name: &str, text: &str) -> String {
    let start = format!("{name}: ");
    let line = redactor.text(&format!("{start}{text}"));
    line.strip_prefix(&start)
        .map_or_else(|| line.clone(), str::to_owned)
}

/// The lines are read as the one text that they were, so that what spans several of them is seen.
fn excerpt(redactor: &mut Redactor, evidence: Evidence) -> Evidence {
    let breaks = |lines: &[String]| {
        lines
            .iter()
            .map(|line| line.matches('\n').count())
            .collect::<Vec<_>>()
    };
    let sizes: Vec<usize> = breaks(&evidence.before)
        .into_iter()
        .chain(breaks(std::slice::from_ref(&evidence.text)))
        .chain(breaks(&evidence.after))
        .collect();
    let lines: Vec<&str> = evidence
        .before
        .iter()
        .chain([&evidence.text])
        .chain(&evidence.after)
        .map(String::as_str)
        .collect();
    let start: usize = lines[..evidence.before.len()]
        .iter()
        .map(|line| line.len() + 1)
        .sum();
    let masked = redactor.masked(&lines.join("\n"));
    let mut rest = masked.text.split('\n');
    let mut taken: Vec<String> = sizes
        .iter()
        .map(|breaks| {
            rest.by_ref()
                .take(breaks + 1)
                .collect::<Vec<_>>()
                .join("\n")
        })
        .collect();
    let after = taken.split_off(evidence.before.len() + 1);
    let text = taken.pop().unwrap_or_default();
    let text_start: usize = taken.iter().map(|line| line.len() + 1).sum();
    // A place in the text before, counted in characters, as one in the text after.
    let place = |character: usize, is_end: bool| -> Option<usize> {
        let byte = byte_of(&evidence.text, character)?;
        let moved = masked.place(start + byte, is_end).checked_sub(text_start)?;
        Some(text.get(..moved)?.chars().count())
    };
    let unchanged = text == evidence.text;
    let mark = match evidence.mark {
        Some(mark) if unchanged => Some(mark),
        Some((from, to)) => place(from, false)
            .zip(place(to, true))
            .filter(|(from, to)| from < to),
        None => None,
    };
    let column = match evidence.column {
        Some(column) if unchanged => Some(column),
        Some(column) => usize::try_from(column)
            .ok()
            .and_then(|column| place(column.checked_sub(1)?, false))
            .and_then(|column| u64::try_from(column + 1).ok()),
        None => None,
    };
    Evidence {
        file: evidence.file.map(|file| redactor.text(&file)),
        line: evidence.line,
        column,
        before: taken,
        after,
        mark,
        text,
    }
}

/// Where this character begins; the end of the text counts.
fn byte_of(text: &str, character: usize) -> Option<usize> {
    text.char_indices()
        .map(|(at, _)| at)
        .chain([text.len()])
        .nth(character)
}
