//! A probe's parameters, as its kind's spec describes them.

use indexmap::IndexMap;

use crate::{
    diag::{Diagnostic, Span},
    probe::{ParamSpec, ParamType, Spec},
    tree::{
        Param, PerOs, Spanned,
        lint::codes,
        load::MAX_SIDE_FILE,
        lower::{Lower, fields, nearest, texts},
        words,
        yaml::{Entry, Yaml},
    },
};
use sha2::Digest;

const PATTERN_KEYS: &[&str] = &["match", "near", "within", "in"];
const LOGIN_KEYS: &[&str] = &["user", "password"];
const VIA_KEYS: &[&str] = &["address", "user", "password"];

pub fn params(
    lower: &mut Lower<'_>,
    spec: &'static Spec,
    kind: &Entry<'_>,
) -> IndexMap<String, Spanned<Param>> {
    let mut out = IndexMap::new();
    let value = &kind.value;
    let entries = if value.is_null() {
        &[]
    } else if let Some(entries) = value.as_map() {
        entries
    } else {
        lower.wrong_type(
            value,
            &format!("a mapping with the parameters of `{}`", spec.name),
        );
        return out;
    };
    for entry in entries {
        let Some(param) = spec.params.iter().find(|param| param.name == entry.key) else {
            let names: Vec<&str> = spec.params.iter().map(|param| param.name).collect();
            lower.unknown_key(entry, &format!("`{}`", spec.name), &names);
            continue;
        };
        if let Some(value) = param_by_os(lower, param, &entry.value) {
            out.insert(
                param.name.to_owned(),
                Spanned {
                    value,
                    span: entry.value.span,
                },
            );
        }
    }
    for param in spec.params.iter().filter(|param| param.required) {
        if !entries.iter().any(|entry| entry.key == param.name) {
            let message = format!("`{}` wants `{}`", spec.name, param.name);
            lower.report(
                Diagnostic::error(codes::MISSING_KEY, kind.key_span, message).help(param.doc),
            );
        }
    }
    out
}

fn param_by_os(lower: &mut Lower<'_>, spec: &ParamSpec, value: &Yaml<'_>) -> Option<Param> {
    let free_keys = matches!(
        spec.ty,
        ParamType::Patterns | ParamType::Captures | ParamType::Headers
    );
    if free_keys || !texts::is_per_os(value) {
        return param(lower, spec, value);
    }
    let by_os = lower.per_os(value, |lower, value| {
        Some(Spanned {
            value: param(lower, spec, value)?,
            span: value.span,
        })
    })?;
    Some(match by_os {
        PerOs::One(one) => one.value,
        by_os => Param::PerOs(Box::new(by_os)),
    })
}

fn param(lower: &mut Lower<'_>, spec: &ParamSpec, value: &Yaml<'_>) -> Option<Param> {
    match spec.ty {
        ParamType::Text | ParamType::Path | ParamType::Url | ParamType::Host => text(lower, value),
        ParamType::Paths | ParamType::Texts if value.as_scalar().is_some() => text(lower, value),
        ParamType::List if value.as_scalar().is_some() => one_of_a_list(lower, value),
        ParamType::Paths | ParamType::Texts | ParamType::List => list(lower, value),
        ParamType::Pattern => pattern(lower, value),
        ParamType::Patterns => patterns(lower, value),
        ParamType::Captures => map(lower, value, "a capture's name", pattern),
        ParamType::Headers => map(lower, value, "", text),
        ParamType::Login => named(lower, value, "a login", LOGIN_KEYS),
        ParamType::Via => named(lower, value, "a proxy", VIA_KEYS),
        ParamType::Duration => checked(
            lower,
            value,
            "a duration such as `10s`, `2m` or `7d`",
            |text| words::duration(text).is_some(),
        ),
        ParamType::Size => checked(lower, value, "a size such as `500MB` or `2GiB`", |text| {
            words::size(text).is_some()
        }),
        ParamType::Port => number_or_text(lower, value, "a port from 1 to 65535", |n| {
            (1..=65535).contains(&n)
        }),
        ParamType::Int => number_or_text(lower, value, "a whole number", |n| n >= 0),
        ParamType::Bool => match lower.template_in(value) {
            Some(template) => Some(template),
            None => lower.bool(value).map(Param::Bool),
        },
        ParamType::Word(words) => word(lower, value, words),
        ParamType::SideFile => side_file(lower, value),
    }
}

impl Lower<'_> {
    /// A text with something to fill in, where another type is wanted too.
    fn template_in(&mut self, value: &Yaml<'_>) -> Option<Param> {
        let scalar = value.as_scalar()?;
        if scalar.text.contains("{{") || scalar.text.contains("{%") {
            self.template(value).map(Param::Text)
        } else {
            None
        }
    }
}

fn text(lower: &mut Lower<'_>, value: &Yaml<'_>) -> Option<Param> {
    lower.template(value).map(Param::Text)
}

/// A single word stands for a list of one; several would be taken for one name with blanks in it.
fn one_of_a_list(lower: &mut Lower<'_>, value: &Yaml<'_>) -> Option<Param> {
    let text = &lower.scalar(value)?.text;
    let words: Vec<&str> = text.split_whitespace().collect();
    if words.len() > 1 && !text.contains("{{") {
        lower.report(
            Diagnostic::error(
                codes::WRONG_TYPE,
                value.span,
                "a list is wanted here, with each part an item of its own",
            )
            .replacement(format!("[{}]", words.join(", "))),
        );
    }
    list(lower, value)
}

fn list(lower: &mut Lower<'_>, value: &Yaml<'_>) -> Option<Param> {
    let items = lower.items(Some(value))?;
    let items = items
        .iter()
        .filter_map(|item| {
            Some(Spanned {
                value: text(lower, item)?,
                span: item.span,
            })
        })
        .collect();
    Some(Param::List(items))
}

/// A text that must be of a form, unless something is filled in.
fn checked(
    lower: &mut Lower<'_>,
    value: &Yaml<'_>,
    form: &str,
    good: impl Fn(&str) -> bool,
) -> Option<Param> {
    let template = lower.template(value)?;
    if template.is_plain() && !good(&template.source) {
        let message = format!("`{}` is not {form}", template.source);
        lower.report(Diagnostic::error(codes::BAD_VALUE, value.span, message));
    }
    Some(Param::Text(template))
}

fn number_or_text(
    lower: &mut Lower<'_>,
    value: &Yaml<'_>,
    form: &str,
    good: impl Fn(i64) -> bool,
) -> Option<Param> {
    if let Some(template) = lower.template_in(value) {
        return Some(template);
    }
    let text = &lower.scalar(value)?.text;
    match text.trim().parse::<i64>() {
        Ok(number) if good(number) => Some(Param::Int(number)),
        _ => {
            lower.report(Diagnostic::error(
                codes::BAD_VALUE,
                value.span,
                format!("`{text}` is not {form}"),
            ));
            None
        }
    }
}

fn word(lower: &mut Lower<'_>, value: &Yaml<'_>, words: &[&str]) -> Option<Param> {
    let template = lower.template(value)?;
    if template.is_plain() && !words.contains(&&*template.source) {
        let message = format!(
            "`{}` is none of {}",
            template.source,
            fields::list(words, "and")
        );
        let mut diagnostic = Diagnostic::error(codes::BAD_VALUE, value.span, message);
        if let Some(near) = nearest(&template.source, words.iter().copied()) {
            diagnostic = diagnostic
                .help(format!("did you mean `{near}`?"))
                .replacement(near);
        }
        lower.report(diagnostic);
    }
    Some(Param::Text(template))
}

fn pattern(lower: &mut Lower<'_>, value: &Yaml<'_>) -> Option<Param> {
    let template = lower.template(value)?;
    if template.is_plain()
        && let Err(error) = regex_syntax::parse(&template.source)
    {
        let (what, inner) = match &error {
            regex_syntax::Error::Parse(error) => (error.kind().to_string(), Some(*error.span())),
            regex_syntax::Error::Translate(error) => {
                (error.kind().to_string(), Some(*error.span()))
            }
            _ => (error.to_string(), None),
        };
        let place = inner.map_or(value.span, |inner| {
            part_of(lower, &template.source, value.span, inner)
        });
        let message = format!("the regular expression does not parse: {what}");
        lower.report(Diagnostic::error(codes::BAD_PATTERN, place, message));
    }
    Some(Param::Text(template))
}

/// Where the part of a regular expression stands in the file, if it is written there without escapes.
fn part_of(lower: &Lower<'_>, source: &str, span: Span, inner: regex_syntax::ast::Span) -> Span {
    let written = lower.source.slice(span);
    match written.find(source) {
        Some(at) => {
            let start = span.start + at + inner.start.offset;
            Span::new(
                start,
                span.start + at + inner.end.offset.max(inner.start.offset),
            )
        }
        None => span,
    }
}

fn patterns(lower: &mut Lower<'_>, value: &Yaml<'_>) -> Option<Param> {
    map(lower, value, "a pattern's name", |lower, value| {
        if value.as_map().is_none() {
            return pattern(lower, value);
        }
        let mut fields = fields::Fields::of(lower, value, "a pattern", PATTERN_KEYS)?;
        let mut out = IndexMap::new();
        let mut put = |key: &str, value: Option<&Yaml<'_>>, param: Option<Param>| {
            if let (Some(value), Some(param)) = (value, param) {
                out.insert(
                    key.to_owned(),
                    Spanned {
                        value: param,
                        span: value.span,
                    },
                );
            }
        };
        let found = fields.required(lower, "match", value.span);
        let read = found.and_then(|value| pattern(lower, value));
        put("match", found, read);
        let near = fields.take("near");
        let read = near.and_then(|value| pattern(lower, value));
        put("near", near, read);
        let within = fields.take("within");
        let read = within.and_then(|value| {
            number_or_text(lower, value, "a number of lines", |n| {
                (0..=10_000).contains(&n)
            })
        });
        put("within", within, read);
        let file = fields.take("in");
        let read = file.and_then(|value| text(lower, value));
        put("in", file, read);
        if let (Some(entry), None) = (fields.entry("within"), near) {
            let message = "`within` tells how far away `near` may be, and there is no `near`";
            lower.report(Diagnostic::error(
                codes::MISSING_KEY,
                entry.key_span,
                message,
            ));
        }
        Some(Param::Map(out))
    })
}

/// A mapping with free keys; `name` is what a key is, and empty where it is no name of the language.
fn map(
    lower: &mut Lower<'_>,
    value: &Yaml<'_>,
    name: &str,
    mut one: impl FnMut(&mut Lower<'_>, &Yaml<'_>) -> Option<Param>,
) -> Option<Param> {
    if value.as_map().is_none() {
        lower.wrong_type(value, "a mapping");
        return None;
    }
    let mut out = IndexMap::new();
    for entry in lower.entries(Some(value)) {
        if !name.is_empty() {
            lower.snake(entry, name);
        }
        if let Some(param) = one(lower, &entry.value) {
            out.insert(
                entry.key.to_string(),
                Spanned {
                    value: param,
                    span: entry.value.span,
                },
            );
        }
    }
    Some(Param::Map(out))
}

/// A mapping of texts with known keys, the first of which must be there.
fn named(
    lower: &mut Lower<'_>,
    value: &Yaml<'_>,
    what: &'static str,
    keys: &'static [&'static str],
) -> Option<Param> {
    let mut fields = fields::Fields::of(lower, value, what, keys)?;
    let mut out = IndexMap::new();
    for (at, key) in keys.iter().enumerate() {
        let value = if at == 0 {
            fields.required(lower, key, value.span)
        } else {
            fields.take(key)
        };
        if let Some(value) = value
            && let Some(param) = text(lower, value)
        {
            out.insert(
                (*key).to_owned(),
                Spanned {
                    value: param,
                    span: value.span,
                },
            );
        }
    }
    Some(Param::Map(out))
}

/// An empty line of a side file, or one that begins with `#`: for whoever edits it.
fn is_remark(line: &str) -> bool {
    let line = line.trim();
    line.is_empty() || line.starts_with('#')
}

/// The lines of a file beside the tree. Its name is part of the tree and leads nowhere else.
fn side_file(lower: &mut Lower<'_>, value: &Yaml<'_>) -> Option<Param> {
    let name = lower.scalar(value)?.text.to_string();
    let leaves = name.is_empty()
        || name.contains(['\\', ':', '\0'])
        || name.starts_with('/')
        || name.split('/').any(|part| matches!(part, "" | "." | ".."));
    let read = if leaves {
        Err("it must lie beside the tree".to_owned())
    } else {
        (lower.side_files)(&name)
    };
    let bytes = match read {
        Ok(bytes) if bytes.len() > MAX_SIDE_FILE => {
            Err(format!("it has more than {} MiB", MAX_SIDE_FILE >> 20))
        }
        other => other,
    };
    let text = bytes.and_then(|bytes| {
        lower.hash.update(name.as_bytes());
        lower.hash.update([0]);
        lower
            .hash
            .update(u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_be_bytes());
        lower.hash.update(&bytes);
        String::from_utf8(bytes).map_err(|_| "it is no UTF-8".to_owned())
    });
    match text {
        Ok(text) => Some(Param::SideFile(
            text.trim_start_matches('\u{FEFF}')
                .lines()
                .filter(|line| !is_remark(line))
                .map(str::to_owned)
                .collect(),
        )),
        Err(why) => {
            let message = format!("the side file `{name}` cannot be used: {why}");
            lower.report(Diagnostic::error(codes::BAD_SIDE_FILE, value.span, message));
            None
        }
    }
}
