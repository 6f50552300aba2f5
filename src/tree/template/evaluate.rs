//! A compiled template or expression over a scope: parts that stand as they are, and values that were put in.

use std::{
    collections::BTreeMap,
    fmt,
    io::{self, Write},
    sync::Arc,
};

use minijinja::{
    Error, ErrorKind, Output, State, Value as Jinja,
    value::{Object, ObjectRepr},
};

use crate::{
    finding::Value,
    tree::template::{
        EvalError, MAX_RESULT, Scope, checks,
        code::{Body, Code, FUNCTIONS, GLOBALS, Piece},
        environment, scan,
        scan::{Chain, Stretch},
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

/// Under what name the time is there; no template can write it.
pub const NOW: &str = "@now";

/// Put around a value by the formatter. Private-use characters: a value's own are replaced.
const OPEN_TEXT: char = '\u{F0001}';
const OPEN_MARKDOWN: char = '\u{F0002}';
const OPEN_UNKNOWN: char = '\u{F0003}';
const CLOSE: char = '\u{F0004}';

/// Whether the character is one that rendering uses for itself.
pub fn is_reserved(c: char) -> bool {
    matches!(c, '\u{F0000}'..='\u{FFFFD}')
}

fn without_reserved(text: &str) -> String {
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
        Body::Broken(message) => Err(EvalError {
            message: format!("the text does not parse: {message}"),
        }),
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
        Piece::Compiled(range, expression) => {
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
        Body::Expression(Piece::Compiled(_, expression)) => expression
            .eval(context(code, scope))
            .map_err(|failure| error(&failure, code, scope)),
        Body::Broken(message) => Err(EvalError {
            message: format!("the expression does not parse: {message}"),
        }),
        _ => Err(EvalError {
            message: "this is no expression".to_owned(),
        }),
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
        Value::Secret(secret) => !secret.expose().is_empty(),
        Value::List(list) => !list.is_empty(),
        Value::Map(map) => match map.get("url") {
            Some(Value::Text(url)) => !url.is_empty(),
            _ => !map.is_empty(),
        },
    }
}

enum Found<'a> {
    Input(&'a Value),
    Fact(&'a Value),
    Text(&'a str),
    Markdown(&'a str),
}

/// What a chain of names leads to, without MiniJinja. Null is absent.
fn lookup<'a>(chain: &Chain, scope: &'a Scope) -> Option<Found<'a>> {
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
fn context(code: &Code, scope: &Scope) -> Jinja {
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
fn missing(code: &Code, scope: &Scope) -> Option<String> {
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

/// Whether the evaluation failed for a value that is not known.
fn is_missing(failure: &Error, code: &Code, scope: &Scope) -> bool {
    match failure.kind() {
        ErrorKind::UndefinedError => true,
        ErrorKind::InvalidOperation => missing(code, scope).is_some(),
        _ => false,
    }
}

fn unknown_name(name: &str) -> EvalError {
    EvalError {
        message: format!("`{name}` is not known"),
    }
}

/// MiniJinja's error in our words. Its own text never holds a secret: a secret shows its token there too.
fn error(failure: &Error, code: &Code, scope: &Scope) -> EvalError {
    let message = match failure.kind() {
        _ if is_missing(failure, code, scope) => match missing(code, scope) {
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
    EvalError { message }
}

/// A placeholder for a missing value; prints as its name in the formatter's marks.
#[derive(Debug)]
struct UnknownValue(String);

impl Object for UnknownValue {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn is_true(self: &Arc<Self>) -> bool {
        false
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "‹{}›", self.0)
    }
}

pub fn unknown(name: &str) -> Jinja {
    Jinja::from_object(UnknownValue(name.to_owned()))
}

/// Marks what an expression put in, so that it is told apart from the author's text.
pub fn format(out: &mut Output<'_>, _: &mut State<'_, '_>, value: &Jinja) -> Result<(), Error> {
    let (open, text) = if let Some(unknown) = value.downcast_object_ref::<UnknownValue>() {
        (OPEN_UNKNOWN, unknown.0.clone())
    } else if let Some(step) = value.downcast_object_ref::<MarkdownValue>() {
        (OPEN_MARKDOWN, step.0.clone())
    } else {
        (OPEN_TEXT, values::printed(value)?)
    };
    write!(out, "{open}{}{CLOSE}", without_reserved(&text)).map_err(Error::from)
}

fn statements(
    written: &str,
    code: &Code,
    scope: &Scope,
    lenient: bool,
) -> Result<Vec<Part>, EvalError> {
    let context = context(code, scope);
    let written = without_reserved(written);
    let first = rendered(&environment::STRICT, &written, context.clone());
    let text = match first {
        Ok(text) => text,
        Err(failure) if lenient && is_missing(&failure, code, scope) => {
            rendered(&environment::LENIENT, &with_names(&written), context)
                .map_err(|failure| error(&failure, code, scope))?
        }
        Err(failure) => return Err(error(&failure, code, scope)),
    };
    let mut out = Vec::new();
    let mut rest = text.as_str();
    while let Some(at) = rest.find(is_reserved) {
        let open = rest[at..].chars().next().unwrap_or(OPEN_TEXT);
        let inner = &rest[at + open.len_utf8()..];
        let end = inner.find(CLOSE).unwrap_or(inner.len());
        out.push(Part::Raw(rest[..at].to_owned()));
        let value = inner[..end].to_owned();
        out.push(match open {
            OPEN_UNKNOWN => Part::Unknown(value),
            OPEN_MARKDOWN => Part::Markdown(value),
            _ => Part::Text(value),
        });
        rest = inner.get(end + CLOSE.len_utf8()..).unwrap_or("");
    }
    out.push(Part::Raw(rest.to_owned()));
    Ok(out)
}

/// The template with each expression followed by a filter that gives a missing value its name.
fn with_names(written: &str) -> String {
    let mut out = String::with_capacity(written.len() + 64);
    let mut done = 0;
    for stretch in scan::stretches(written).unwrap_or_default() {
        if let Stretch::Expression(range) = stretch {
            let expression = written[range.clone()].trim();
            let name = expression.replace(['\\', '\'', '\n'], "");
            out.push_str(&written[done..range.start]);
            out.push_str(&format!(
                "({expression}) | {}('{name}')",
                environment::OR_UNKNOWN
            ));
            done = range.end;
        }
    }
    out.push_str(&written[done..]);
    out
}

fn rendered(
    env: &minijinja::Environment<'static>,
    written: &str,
    context: Jinja,
) -> Result<String, Error> {
    let mut out = Bounded(Vec::new());
    env.template_from_str(written)?
        .render_captured_to(context, &mut out)?;
    String::from_utf8(out.0)
        .map_err(|_| Error::new(ErrorKind::InvalidOperation, "the result is no text"))
}

/// Takes at most [`MAX_RESULT`] bytes.
struct Bounded(Vec<u8>);

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > MAX_RESULT {
            return Err(io::Error::other(format!(
                "the result is larger than {} KiB",
                MAX_RESULT / 1024
            )));
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
