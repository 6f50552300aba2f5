//! A compiled template or expression over a scope: parts that stand as they are, and values that were put in.

use minijinja::{Error, ErrorKind, Value as Jinja};

use crate::{
    finding::Value,
    tree::template::{
        EvalError, MAX_RESULT, Scope, checks,
        code::{Body, Code, Piece},
        context::{Found, context, lookup, missing},
        environment,
        statements::statements,
        values::{self, MarkdownValue},
    },
};

/// A stretch of a rendered template.
#[derive(Debug, Clone, PartialEq)]
pub enum Part {
    /// As the author wrote it.
    Raw(String),
    /// A value: text.
    Text(String),
    /// A step's rendered Markdown.
    Markdown(String),
    /// The name of a value that is not known.
    Unknown(String),
}

/// Whether the character is one that rendering uses for itself.
pub fn is_reserved(c: char) -> bool {
    matches!(c, '\u{F0000}'..='\u{FFFFD}')
}

pub fn without_reserved(text: &str) -> String {
    if text.contains(is_reserved) {
        text.replace(is_reserved, "\u{FFFD}")
    } else {
        text.to_owned()
    }
}

/// All parts of a template. With `lenient` a missing value is a part, else an error.
pub fn parts(
    source: &str,
    code: &Code,
    scope: &Scope,
    lenient: bool,
) -> Result<Vec<Part>, EvalError> {
    match &code.body {
        Body::Broken(message) => Err(EvalError::senseless(format!(
            "the text does not parse: {message}"
        ))),
        Body::Statements(written) => statements(written, code, scope, lenient),
        Body::Expression(piece) => Ok(vec![part(source, piece, code, scope, lenient)?]),
        Body::Pieces(pieces) => {
            let mut size = 0;
            let mut out = Vec::with_capacity(pieces.len());
            for piece in pieces {
                let part = part(source, piece, code, scope, lenient)?;
                size += match &part {
                    Part::Raw(text)
                    | Part::Text(text)
                    | Part::Markdown(text)
                    | Part::Unknown(text) => text.len(),
                };
                if size > MAX_RESULT {
                    return Err(error(&checks::too_large(), code, scope));
                }
                out.push(part);
            }
            Ok(out)
        }
    }
}

fn part(
    source: &str,
    piece: &Piece,
    code: &Code,
    scope: &Scope,
    lenient: bool,
) -> Result<Part, EvalError> {
    match piece {
        Piece::Raw(range) => Ok(Part::Raw(source[range.clone()].to_owned())),
        Piece::Chain(chain) => match lookup(chain, scope) {
            Some(Found::Markdown(text)) => Ok(Part::Markdown(text.to_owned())),
            Some(Found::Text(text)) => Ok(Part::Text(text.to_owned())),
            Some(Found::Input(Value::Map(parts))) if parts.contains_key("url") => Ok(Part::Text(
                parts
                    .get("url")
                    .and_then(Value::as_str)
                    .unwrap_or_default()
                    .to_owned(),
            )),
            Some(Found::Input(value) | Found::Fact(value)) => {
                let printed = values::printed(&values::to_jinja(value));
                printed
                    .map(Part::Text)
                    .map_err(|failure| error(&failure, code, scope))
            }
            None if lenient => Ok(Part::Unknown(source[chain.range.clone()].to_owned())),
            None => Err(unknown_name(&source[chain.range.clone()])),
        },
        Piece::Compiled(expression) => {
            let range = &expression.range;
            let value = match expression.eval(context(code, scope)) {
                Ok(value) => value,
                Err(failure) if lenient && is_missing(&failure, code, scope) => {
                    forgiving(&source[range.clone()], code, scope).unwrap_or(Jinja::UNDEFINED)
                }
                Err(failure) => return Err(error(&failure, code, scope)),
            };
            if let Some(step) = value.downcast_object_ref::<MarkdownValue>() {
                return Ok(Part::Markdown(step.0.clone()));
            }
            match values::printed(&value) {
                Ok(text) => Ok(Part::Text(text)),
                Err(_) if lenient => {
                    let name = missing(code, scope)
                        .unwrap_or_else(|| source[range.clone()].trim().to_owned());
                    Ok(Part::Unknown(name))
                }
                Err(failure) => Err(error(&failure, code, scope)),
            }
        }
    }
}

/// For a reader, a value that is asked for (`| default(…)`) may also be missing together with what holds it.
fn forgiving(source: &str, code: &Code, scope: &Scope) -> Option<Jinja> {
    if missing(code, scope).is_some() {
        return None;
    }
    environment::LENIENT
        .compile_expression(source)
        .ok()?
        .eval(context(code, scope))
        .ok()
}

/// An expression's value.
pub fn value(source: &str, code: &Code, scope: &Scope) -> Result<Value, EvalError> {
    match &code.body {
        Body::Expression(Piece::Chain(chain)) => match lookup(chain, scope) {
            Some(Found::Markdown(text) | Found::Text(text)) => Ok(Value::Text(text.to_owned())),
            Some(Found::Input(value) | Found::Fact(value)) => Ok(value.clone()),
            None => Err(unknown_name(&source[chain.range.clone()])),
        },
        _ => values::from_jinja(&evaluated(code, scope)?)
            .map_err(|failure| error(&failure, code, scope)),
    }
}

/// An expression as a condition.
pub fn holds(source: &str, code: &Code, scope: &Scope) -> Result<bool, EvalError> {
    match &code.body {
        Body::Expression(Piece::Chain(chain)) => match lookup(chain, scope) {
            Some(Found::Markdown(text) | Found::Text(text)) => Ok(!text.is_empty()),
            Some(Found::Input(value) | Found::Fact(value)) => Ok(is_true(value)),
            None => Err(unknown_name(&source[chain.range.clone()])),
        },
        _ => {
            let value = evaluated(code, scope)?;
            if value.is_undefined() {
                return Err(error(&Error::from(ErrorKind::UndefinedError), code, scope));
            }
            Ok(value.is_true())
        }
    }
}

fn evaluated(code: &Code, scope: &Scope) -> Result<Jinja, EvalError> {
    match &code.body {
        Body::Expression(Piece::Compiled(expression)) => expression
            .eval(context(code, scope))
            .map_err(|failure| error(&failure, code, scope)),
        Body::Broken(message) => Err(EvalError::senseless(format!(
            "the expression does not parse: {message}"
        ))),
        _ => Err(EvalError::senseless("this is no expression")),
    }
}

/// MiniJinja's truth, for a value that never became one of its own.
fn is_true(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(value) => *value,
        Value::Int(value) => *value != 0,
        Value::Float(value) => *value != 0.0,
        Value::Text(text) => !text.is_empty(),
        // One that is forgotten had something to hide.
        Value::Secret(secret) => secret.expose().is_none_or(|text| !text.is_empty()),
        Value::List(list) => !list.is_empty(),
        Value::Map(map) => match map.get("url") {
            Some(Value::Text(url)) => !url.is_empty(),
            _ => !map.is_empty(),
        },
    }
}

/// Whether the evaluation failed for a value that is not known.
pub fn is_missing(failure: &Error, code: &Code, scope: &Scope) -> bool {
    match failure.kind() {
        ErrorKind::UndefinedError => true,
        ErrorKind::InvalidOperation => missing(code, scope).is_some(),
        _ => false,
    }
}

fn unknown_name(name: &str) -> EvalError {
    EvalError {
        message: format!("`{name}` is not known"),
        missing: true,
    }
}

/// MiniJinja's error in our words. Its own text never holds a secret: a secret shows its token there too.
pub fn error(failure: &Error, code: &Code, scope: &Scope) -> EvalError {
    let is_missing = is_missing(failure, code, scope);
    let message = match failure.kind() {
        _ if is_missing => match missing(code, scope) {
            Some(name) => format!("`{name}` is not known"),
            None => "a value in it is not known".to_owned(),
        },
        ErrorKind::OutOfFuel => "it takes too many steps".to_owned(),
        _ => {
            // A writer's error is wrapped; the bound that was passed stands inside.
            std::error::Error::source(failure).map_or_else(
                || {
                    failure
                        .detail()
                        .map_or_else(|| failure.to_string(), str::to_owned)
                },
                ToString::to_string,
            )
        }
    };
    EvalError {
        message,
        missing: is_missing,
    }
}
