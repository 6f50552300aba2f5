//! A template's parts become a reader's Markdown, or a parameter's text.
//!
//! Where an inserted value stands is read from the author's own Markdown, with a stand-in for each value: inside code
//! it is quoted for the shell, elsewhere it is escaped. A value can thus never close the code that it stands in.

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag};

use crate::{
    finding::{
        Os,
        visible::{Room, is_hidden, visible},
    },
    tree::template::{
        EvalError, MAX_RESULT, Rendered,
        evaluate::{Part, is_reserved},
        markdown,
        quote::{self, Fragment},
    },
};

/// A longer value is cut for readers, in characters.
const MAX_SHOWN: usize = 2000;

/// What stands in for the value `n` while the author's Markdown is read.
fn stand_in(n: usize) -> char {
    u32::try_from(n)
        .ok()
        .and_then(|n| char::from_u32(0xF0000 + n))
        .unwrap_or('\u{FFFD}')
}

/// How many values a text may have: as many as there are stand-ins.
const MAX_VALUES: usize = 65_000;

/// The parts joined as they are. None of them is unknown: that was an error before.
pub fn plain(parts: &[Part]) -> Result<String, EvalError> {
    let mut out = String::new();
    for part in parts {
        match part {
            Part::Raw(text) | Part::Text(text) | Part::Markdown(text) => out.push_str(text),
            Part::Unknown(name) => {
                return Err(EvalError {
                    message: format!("`{name}` is not known"),
                    missing: true,
                });
            }
        }
    }
    Ok(out)
}

/// A value as it will be shown.
enum Shown {
    Text(String),
    Markdown(String),
    Unknown(String),
}

pub fn render(parts: &[Part], os: Os) -> Result<Rendered, EvalError> {
    let mut unsafe_to_copy = false;
    let mut text = String::new();
    let mut values = Vec::new();
    for part in parts {
        match part {
            Part::Raw(raw) if raw.contains(is_reserved) => {
                text.push_str(&raw.replace(is_reserved, "\u{FFFD}"))
            }
            Part::Raw(raw) => text.push_str(raw),
            value => {
                text.push(stand_in(values.len()));
                values.push(match value {
                    Part::Markdown(markdown) => Shown::Markdown(markdown.clone()),
                    Part::Unknown(name) => Shown::Unknown(format!("‹{name}›")),
                    Part::Text(value) | Part::Raw(value) => {
                        let (shown, hidden) = shown(value);
                        unsafe_to_copy |= hidden;
                        Shown::Text(shown)
                    }
                });
            }
        }
    }
    if values.is_empty() {
        return Ok(Rendered {
            markdown: text,
            unsafe_to_copy,
        });
    }
    if values.len() > MAX_VALUES {
        return Err(EvalError::senseless(format!(
            "a text may show at most {MAX_VALUES} values"
        )));
    }
    let mut out = String::with_capacity(text.len() * 2);
    let mut done = 0;
    for code in codes(&text) {
        let range = code.range();
        if range.start < done {
            continue;
        }
        prose(&text[done..range.start], &values, &mut out);
        match code {
            Code::Span(range) => span(&text[range], &values, os, &mut out),
            Code::Block(range) => out.push_str(&in_code(&text[range], &values, os)),
        }
        done = range.end;
    }
    prose(&text[done..], &values, &mut out);
    if out.len() > MAX_RESULT {
        return Err(EvalError::senseless(format!(
            "the text is larger than {} KiB",
            MAX_RESULT / 1024
        )));
    }
    Ok(Rendered {
        markdown: out,
        unsafe_to_copy,
    })
}

/// A value without what a terminal would obey, and whether it must not be copied.
fn shown(value: &str) -> (String, bool) {
    let hides = value.contains(is_hidden);
    match value.char_indices().nth(MAX_SHOWN) {
        None => (visible(value, Room::Value).into_owned(), hides),
        Some((end, _)) => (format!("{}…", visible(&value[..end], Room::Value)), true),
    }
}

enum Code {
    /// With its backticks.
    Span(Range<usize>),
    /// What stands between the fences.
    Block(Range<usize>),
}

impl Code {
    fn range(&self) -> Range<usize> {
        match self {
            Code::Span(range) | Code::Block(range) => range.clone(),
        }
    }
}

/// Where code with a value in it stands, in order.
fn codes(text: &str) -> Vec<Code> {
    let mut out = Vec::new();
    let mut in_block = false;
    for (event, range) in Parser::new_ext(text, Options::empty()).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(_)) => in_block = true,
            Event::End(pulldown_cmark::TagEnd::CodeBlock) => in_block = false,
            Event::Text(_) if in_block && text[range.clone()].contains(is_reserved) => {
                out.push(Code::Block(range))
            }
            Event::Code(_) if text[range.clone()].contains(is_reserved) => {
                out.push(Code::Span(range))
            }
            _ => {}
        }
    }
    out
}

fn value_of(c: char, values: &[Shown]) -> Option<&Shown> {
    values.get((c as u32).checked_sub(0xF0000)? as usize)
}

fn prose(text: &str, values: &[Shown], out: &mut String) {
    for c in text.chars() {
        match value_of(c, values).filter(|_| is_reserved(c)) {
            None => out.push(c),
            Some(Shown::Unknown(name)) => out.push_str(&markdown::escaped(name, false)),
            Some(Shown::Text(value)) => {
                let line = out.rsplit('\n').next().unwrap_or("");
                out.push_str(&markdown::escaped(value, is_marker(line)));
            }
            Some(Shown::Markdown(step)) => {
                let line = out.rsplit('\n').next().unwrap_or("");
                let indent = if is_marker(line) {
                    line.chars().count()
                } else {
                    0
                };
                let step = step
                    .trim_end()
                    .replace('\n', &format!("\n{}", " ".repeat(indent)));
                out.push_str(&step);
            }
        }
    }
}

/// Whether a line holds nothing yet but what stands before a paragraph: white space, a list's mark, a quote's.
fn is_marker(line: &str) -> bool {
    let rest = line
        .trim_start()
        .trim_start_matches(|c: char| c.is_ascii_digit());
    rest.is_empty() && line.trim().is_empty()
        || matches!(rest.trim_end(), "-" | "*" | "+" | ">" | "." | ")")
            && rest.ends_with([' ', '>'])
}

/// A code span with its values in place, in as many backticks as they ask for.
fn span(text: &str, values: &[Shown], os: Os, out: &mut String) {
    let ticks = text.len() - text.trim_start_matches('`').len();
    let inner = &text[ticks..text.len() - ticks];
    let padded = inner.len() > 2 && inner.starts_with(' ') && inner.ends_with(' ');
    let inner = if padded {
        &inner[1..inner.len() - 1]
    } else {
        inner
    };
    let code = in_code(inner, values, os);
    let longest = code.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let pad = if code.starts_with('`')
        || code.ends_with('`')
        || code.starts_with(' ') && code.ends_with(' ')
    {
        " "
    } else {
        ""
    };
    out.push_str(&fence);
    out.push_str(pad);
    out.push_str(&code);
    out.push_str(pad);
    out.push_str(&fence);
}

/// Code with its values quoted, line by line.
fn in_code(text: &str, values: &[Shown], os: Os) -> String {
    text.split_inclusive('\n')
        .map(|line| {
            let mut fragments = Vec::new();
            let mut done = 0;
            for (at, c) in line.char_indices().filter(|(_, c)| is_reserved(*c)) {
                fragments.push(Fragment::Code(&line[done..at]));
                match value_of(c, values) {
                    Some(Shown::Text(value)) => fragments.push(Fragment::Value(value)),
                    Some(Shown::Unknown(text) | Shown::Markdown(text)) => {
                        fragments.push(Fragment::Fixed(text))
                    }
                    None => {}
                }
                done = at + c.len_utf8();
            }
            fragments.push(Fragment::Code(&line[done..]));
            quote::quoted(&fragments, os)
        })
        .collect()
}
