//! Parameters that have the right form and that the kind would still refuse: asked of the kind itself, so that the checker
//! and the probe cannot differ. Where something is filled in, a value stands that every kind takes; what it will be is
//! not known here.

use std::collections::BTreeSet;

use indexmap::IndexMap;

use crate::{
    diag::{Diagnostic, Span},
    finding::{Facts, Os, Value},
    probe::{self, Kind, ParamType, Params},
    tree::{
        Param, PerOs, Probe, Spanned,
        lint::{
            rule::{Check, Rule, fixture},
            view::View,
        },
    },
};

const CODE: &str = "refused-value";

pub static RULE: Rule = Rule {
    code: CODE,
    means: "a probe's parameter has the right form, and its kind still refuses it",
    why: "The probe would be unknown each time: it does not look with a parameter that makes no sense to it.",
    bad: fixture!("refused-value", "bad"),
    good: fixture!("refused-value", "good"),
    check: Check::Tree(check),
};

type Written = IndexMap<String, Spanned<Param>>;

fn check(view: &View<'_>, out: &mut Vec<Diagnostic>) {
    for probe in view.tree.probes.values().filter(|probe| !probe.flawed) {
        if let Some(kind) = probe::kind(probe.kind) {
            report(kind, probe, out);
        }
    }
}

/// Reports what the kind refuses on any operating system that the parameters tell apart.
fn report(kind: &dyn Kind, probe: &Probe, out: &mut Vec<Diagnostic>) {
    let params = &probe.params;
    let (mut told, mut last) = (BTreeSet::new(), None);
    for os in [Os::Linux, Os::Windows, Os::Macos] {
        let mut sample = Sample {
            os,
            filled: BTreeSet::new(),
        };
        let given = sample.params(kind, params);
        // Mostly all systems are one.
        if last.as_ref() == Some(&given) {
            continue;
        }
        let refused = probe::refused(kind, &given);
        last = Some(given);
        let Some((name, why)) = refused else {
            continue;
        };
        let top = name.split('.').next().unwrap_or_default();
        // A parameter that is not there may be needed because of another one; which, is known where none is filled in.
        let certain = match params.contains_key(top) {
            true => !sample.filled.contains(top),
            false => sample.filled.is_empty(),
        };
        if certain && told.insert((name.clone(), why.clone())) {
            let span = place(params, &name, os).unwrap_or(probe.span);
            let message = format!("`{}` refuses `{name}`: {why}", kind.spec().name);
            out.push(Diagnostic::error(CODE, span, message));
        }
    }
}

/// Where the parameter of this name stands, or what of it was written.
fn place(params: &Written, name: &str, os: Os) -> Option<Span> {
    let mut parts = name.split('.');
    let mut found = params.get(parts.next()?)?;
    loop {
        if let Param::PerOs(by) = &found.value {
            found = by.get(os)?;
            continue;
        }
        let Param::Map(map) = &found.value else {
            return Some(found.span);
        };
        let Some(inner) = parts.next().and_then(|part| map.get(part)) else {
            return Some(found.span);
        };
        found = inner;
    }
}

/// Parameters as they could be rendered.
struct Sample {
    os: Os,
    /// Those in which something is filled in.
    filled: BTreeSet<String>,
}

impl Sample {
    fn params(&mut self, kind: &dyn Kind, params: &Written) -> Params {
        let mut given = Params::new();
        for (name, param) in params {
            let spec = kind.spec().params.iter().find(|spec| spec.name == name);
            let ty = spec.map_or(ParamType::Text, |spec| spec.ty);
            if let Some(value) = self.value(name, ty, &param.value) {
                given.insert(name.clone(), value);
            }
        }
        given
    }

    fn value(&mut self, top: &str, ty: ParamType, param: &Param) -> Option<Value> {
        Some(match param {
            Param::Text(template) if template.is_plain() => match ty {
                // Where a path may lead is another rule's matter.
                ParamType::Path | ParamType::Paths if !template.source.trim().is_empty() => {
                    sample(ty, &template.source)
                }
                _ => Value::from(&*template.source),
            },
            Param::Text(template) => {
                // What is written around it is known.
                if let Some(known) = known(ty, &template.source) {
                    return Some(known);
                }
                self.filled.insert(top.to_owned());
                sample(ty, &template.source)
            }
            Param::Bool(value) => (*value).into(),
            Param::Int(value) => (*value).into(),
            Param::List(list) => Value::List(
                list.iter()
                    .filter_map(|item| self.value(top, ty, &item.value))
                    .collect(),
            ),
            Param::Map(map) => self.map(top, ty, map).into(),
            Param::PerOs(by) => return self.by_os(top, ty, by),
            Param::SideFile(lines) => Value::List(
                lines
                    .iter()
                    .map(|line| Value::from(line.as_str()))
                    .collect(),
            ),
        })
    }

    fn by_os(&mut self, top: &str, ty: ParamType, by: &PerOs<Spanned<Param>>) -> Option<Value> {
        match by.get(self.os) {
            Some(param) => self.value(top, ty, &param.value),
            // The tree says nothing for this system, which is no mistake.
            None => {
                self.filled.insert(top.to_owned());
                None
            }
        }
    }

    fn map(&mut self, top: &str, ty: ParamType, map: &Written) -> Facts {
        let value = |(name, param): (&String, &Spanned<Param>)| {
            let ty = match (ty, name.as_str()) {
                (ParamType::Patterns, "within") => ParamType::Int,
                (ParamType::Via, "address") => ParamType::Via,
                (ParamType::Via | ParamType::Login, "password") => ParamType::Login,
                // The pattern's own map has the same names.
                (ParamType::Patterns, _) => ParamType::Patterns,
                _ => ParamType::Text,
            };
            Some((name.clone(), self.value(top, ty, &param.value)?))
        };
        map.iter().filter_map(value).collect()
    }
}

/// A value that stands for every one that a text with something filled in can become, where what is written around it may
/// already be refused: a path with a control character, an address without encryption.
fn known(ty: ParamType, source: &str) -> Option<Value> {
    let mut written = source
        .split("{{")
        .map(|part| part.split_once("}}").map_or(part, |(_, behind)| behind));
    match ty {
        ParamType::Path | ParamType::Paths => {
            let broken = written.find(|part| part.contains(char::is_control))?;
            Some(format!("/x{broken}").into())
        }
        ParamType::Url => {
            let scheme = written.next()?.split_once("://")?.0;
            scheme
                .eq_ignore_ascii_case("http")
                .then(|| "http://x.example/".into())
        }
        _ => None,
    }
}

/// A value that a kind takes, in the place of one that is not known.
fn sample(ty: ParamType, source: &str) -> Value {
    match ty {
        // What a path ends in may tell what the file holds.
        ParamType::Path | ParamType::Paths => {
            let end = source.rsplit(['}', '%']).next().unwrap_or_default();
            format!("/x{end}").into()
        }
        ParamType::Duration => "1s".into(),
        ParamType::Size => "1".into(),
        ParamType::Bool => true.into(),
        ParamType::Int => 1_i64.into(),
        ParamType::Port => 443_u16.into(),
        ParamType::Url => "https://x.example/".into(),
        ParamType::Word(words) => words.first().copied().unwrap_or_default().into(),
        ParamType::Via => "x.example:1".into(),
        ParamType::Login => Facts::from([("secret".to_owned(), "x".into())]).into(),
        ParamType::Host
        | ParamType::Text
        | ParamType::Texts
        | ParamType::List
        | ParamType::Pattern
        | ParamType::Patterns
        | ParamType::Captures
        | ParamType::Headers
        | ParamType::SideFile => "x".into(),
    }
}
