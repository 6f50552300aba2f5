//! `inputs:` what must be known about the machine.

use indexmap::IndexMap;

use crate::{
    diag::{Diagnostic, Span},
    finding::InputName,
    tree::{
        Input, InputType, PerOs, Spanned, Template, Text,
        lint::codes,
        lower::{Lower, fields::Fields, nearest},
        template::GLOBALS,
        yaml::{Entry, Yaml},
    },
};

const KEYS: &[&str] = &[
    "ask", "help", "type", "of", "optional", "default", "suggest", "from", "for",
];

const TYPES: &[&str] = &[
    "text",
    "directory",
    "file",
    "host",
    "url",
    "port",
    "choice",
    "yes-no",
    "secret",
];

pub fn inputs(lower: &mut Lower<'_>, value: Option<&Yaml<'_>>) -> IndexMap<InputName, Input> {
    let mut out = IndexMap::new();
    for entry in lower.entries(value) {
        if lower.is_broken(Some(entry)) {
            let input = broken(entry);
            out.insert(input.name.clone(), input);
            continue;
        }
        lower.snake(entry, "an input's name");
        if GLOBALS.contains(&&*entry.key) {
            let message = format!(
                "`{}` is no name for an input: expressions use it for something else",
                entry.key
            );
            lower.report(Diagnostic::error(codes::BAD_NAME, entry.key_span, message));
        }
        let input = input(lower, entry).unwrap_or_else(|| broken(entry));
        out.insert(input.name.clone(), input);
    }
    out
}

/// Stands for an input that could not be read, so that what names it finds it.
fn broken(entry: &Entry<'_>) -> Input {
    Input {
        name: InputName::new(&entry.key),
        span: entry.key_span,
        ask: PerOs::One(Template::plain(&*entry.key)),
        help: None,
        ty: InputType::Text,
        optional: false,
        default: None,
        suggest: None,
        from: None,
        secret_for: None,
    }
}

fn input(lower: &mut Lower<'_>, entry: &Entry<'_>) -> Option<Input> {
    let span = entry.key_span;
    let mut fields = Fields::of(lower, &entry.value, "an input", KEYS)?;
    let ask = fields
        .required(lower, "ask", span)
        .and_then(|value| lower.text(value));
    let help = fields.take("help").and_then(|value| lower.text(value));
    let of = fields.entry("of");
    let ty = fields
        .required(lower, "type", span)
        .and_then(|value| ty(lower, value, of, span));
    let optional = fields
        .take("optional")
        .and_then(|value| lower.bool(value))
        .unwrap_or(false);
    let default = fields
        .take("default")
        .and_then(|value| default(lower, value, ty.as_ref()));
    let suggest = fields
        .take("suggest")
        .and_then(|value| suggest(lower, value));
    let from = fields
        .take("from")
        .and_then(|value| lower.expression(value));
    let secret_for = fields.take("for").and_then(|value| {
        Some(Spanned {
            value: InputName::new(&lower.scalar(value)?.text),
            span: value.span,
        })
    });
    let name = InputName::new(&entry.key);
    if ty == Some(InputType::Secret) {
        if fields.entry("for").is_none() {
            lower.report(
                Diagnostic::error(
                    codes::MISSING_KEY,
                    span,
                    format!("the secret `{name}` wants `for`"),
                )
                .help("name the input that holds the host or address which alone may get it"),
            );
        }
        for key in ["default", "suggest", "from"] {
            if let Some(entry) = fields.entry(key) {
                let message = format!("a secret has no `{key}`: it lives in memory alone");
                lower.report(Diagnostic::error(
                    codes::UNKNOWN_KEY,
                    entry.key_span,
                    message,
                ));
            }
        }
    } else if let Some(entry) = fields.entry("for") {
        lower.report(Diagnostic::error(
            codes::UNKNOWN_KEY,
            entry.key_span,
            "only a secret has `for`",
        ));
    }
    Some(Input {
        name,
        span,
        ask: ask.unwrap_or_else(|| PerOs::One(Template::plain(&*entry.key))),
        help,
        ty: ty.unwrap_or(InputType::Text),
        optional,
        default,
        suggest,
        from,
        secret_for,
    })
}

fn ty(
    lower: &mut Lower<'_>,
    value: &Yaml<'_>,
    of: Option<&Entry<'_>>,
    at: Span,
) -> Option<InputType> {
    let name = &*lower.scalar(value)?.text;
    let ty = match name {
        "text" => InputType::Text,
        "directory" => InputType::Directory,
        "file" => InputType::File,
        "host" => InputType::Host,
        "url" => InputType::Url,
        "port" => InputType::Port,
        "yes-no" => InputType::YesNo,
        "secret" => InputType::Secret,
        "choice" => {
            let Some(of) = of else {
                lower.report(
                    Diagnostic::error(codes::MISSING_KEY, at, "a choice wants `of`")
                        .help("write `of: { id: label, … }`"),
                );
                return Some(InputType::Choice(IndexMap::new()));
            };
            return Some(InputType::Choice(choices(lower, &of.value)));
        }
        _ => {
            let diagnostic = Diagnostic::error(
                codes::BAD_VALUE,
                value.span,
                format!("there is no type `{name}`"),
            );
            lower.report(match nearest(name, TYPES.iter().copied()) {
                Some(near) => diagnostic
                    .help(format!("did you mean `{near}`?"))
                    .replacement(near),
                None => diagnostic.help(format!(
                    "the types are {}",
                    super::fields::list(TYPES, "and")
                )),
            });
            return None;
        }
    };
    if let Some(of) = of {
        lower.report(Diagnostic::error(
            codes::UNKNOWN_KEY,
            of.key_span,
            "only a choice has `of`",
        ));
    }
    Some(ty)
}

fn choices(lower: &mut Lower<'_>, value: &Yaml<'_>) -> IndexMap<String, Text> {
    let mut out = IndexMap::new();
    for entry in lower.entries(Some(value)) {
        lower.check_kebab(&entry.key, entry.key_span, "a choice's id");
        if let Some(label) = lower.text(&entry.value) {
            out.insert(entry.key.to_string(), label);
        }
    }
    out
}

fn default(lower: &mut Lower<'_>, value: &Yaml<'_>, ty: Option<&InputType>) -> Option<Template> {
    let template = lower.template(value)?;
    let refused = match ty {
        Some(InputType::Choice(of))
            if template.is_plain() && !of.contains_key(&*template.source) =>
        {
            let ids: Vec<&str> = of.keys().map(String::as_str).collect();
            Some(format!(
                "the default is none of {}",
                super::fields::list(&ids, "and")
            ))
        }
        Some(InputType::YesNo)
            if template.is_plain() && !matches!(&*template.source, "yes" | "no") =>
        {
            Some("the default is `yes` or `no`".to_owned())
        }
        Some(InputType::Port) if template.is_plain() && template.source.parse::<u16>().is_err() => {
            Some(format!("`{}` is no port", template.source))
        }
        _ => None,
    };
    if let Some(message) = refused {
        lower.report(Diagnostic::error(codes::BAD_VALUE, value.span, message));
    }
    Some(template)
}

fn suggest(lower: &mut Lower<'_>, value: &Yaml<'_>) -> Option<PerOs<Vec<Template>>> {
    lower.per_os(value, |lower, value| {
        let items = lower.items(Some(value))?;
        Some(
            items
                .iter()
                .filter_map(|item| lower.template(item))
                .collect(),
        )
    })
}
