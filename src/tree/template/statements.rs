//! Templates with `{% if %}` and `{% for %}`: rendered by MiniJinja as a whole, with marks around each value.

use std::{
    fmt,
    io::{self, Write},
    sync::Arc,
};

use minijinja::{
    Error, ErrorKind, Output, State, Value as Jinja,
    value::{Object, ObjectRepr},
};

use crate::tree::template::{
    EvalError, MAX_RESULT, Scope,
    code::Code,
    context::context,
    environment,
    evaluate::{Part, error, is_missing, is_reserved, without_reserved},
    scan::{self, Stretch},
    values::{self, MarkdownValue},
};

/// Put around a value by the formatter. Private-use characters: a value's own are replaced.
const OPEN_TEXT: char = '\u{F0001}';
const OPEN_MARKDOWN: char = '\u{F0002}';
const OPEN_UNKNOWN: char = '\u{F0003}';
const CLOSE: char = '\u{F0004}';

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

/// The parts of a template with statements.
pub fn statements(
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
