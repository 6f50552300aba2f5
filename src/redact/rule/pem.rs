//! Private keys between their `BEGIN` and `END`. Where an excerpt has only one of the two, what can belong to it.

use std::sync::LazyLock;

use regex::Regex;

use crate::redact::{Sort, span::Found, token};

static MARKS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"-----(?:(?<begin>BEGIN)|END) [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----").ok()
});

pub(super) fn find(found: &mut Found<'_>) {
    let text = found.text;
    let Some(marks) = MARKS.as_ref() else { return };
    let mut begun: Option<usize> = None;
    let mut from = 0;
    for captures in marks.captures_iter(text) {
        let Some(mark) = captures.get(0) else {
            continue;
        };
        if captures.name("begin").is_some() {
            if let Some(start) = begun {
                found.whole(
                    start..start + body(&text[start..mark.start()]),
                    Sort::Key,
                    true,
                );
            }
            begun = Some(mark.end());
        } else {
            let start = begun
                .take()
                .unwrap_or_else(|| body_before(text, from, mark.start()));
            found.whole(start..mark.start(), Sort::Key, true);
        }
        from = mark.end();
    }
    if let Some(start) = begun {
        found.whole(start..start + body(&text[start..]), Sort::Key, true);
    }
}

/// The length of what can be part of a key at the start: the rest of a line, and then whole lines.
fn body(text: &str) -> usize {
    let mut length = 0;
    for (at, line) in text.split_inclusive('\n').enumerate() {
        if is_of_key(line) {
            length += line.len();
        } else {
            // A key in a quoted text goes on in the line of its mark.
            let rest = if at == 0 {
                line.bytes().take_while(|b| is_letter(*b)).count()
            } else {
                0
            };
            return length + rest;
        }
    }
    length
}

/// Where the lines begin that can be part of a key and end at `end`.
fn body_before(text: &str, from: usize, end: usize) -> usize {
    let lines = text[from..end].split_inclusive('\n').rev();
    let length: usize = lines.take_while(|line| is_of_key(line)).map(str::len).sum();
    end - length
}

fn is_of_key(line: &str) -> bool {
    let line = line.trim().trim_end_matches('…');
    line.starts_with("Proc-Type:")
        || line.starts_with("DEK-Info:")
        || line.bytes().all(is_letter)
        || token::at(line, 0).is_some_and(|(length, _)| length == line.len())
}

/// Of base64; with the backslash that breaks lines within quotes.
fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=' | b'\\')
}
