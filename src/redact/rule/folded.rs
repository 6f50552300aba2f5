//! A value over several lines, behind a name at the beginning of a line: `password=abc\` of a properties file, a block of
//! YAML (`password: |`), and a text of PowerShell between `@'` and `'@`.

use std::ops::Range;

use crate::redact::{Sort, rule::word, span::Found};

/// The most lines of one value.
const MOST: usize = 200;

/// Reads the value that begins at `at`, whose name begins at `name`. Gives where to go on; `None`: it is of one line.
pub(super) fn value(found: &mut Found<'_>, name: usize, at: usize) -> Option<usize> {
    let text = found.text;
    let end = word::line_end(text, at);
    let first = text.get(at..end)?.trim_end();
    if goes_on(first) {
        return Some(joined(found, at, end));
    }
    if let Some(closing) = match first {
        "@'" => Some("'@"),
        "@\"" => Some("\"@"),
        _ => None,
    } {
        let within = |line: &str| !line.trim_start().starts_with(closing);
        return each(found, end, within);
    }
    if !is_block(first) {
        return None;
    }
    let line = text[..name].rfind('\n').map_or(0, |at| at + 1);
    let indent = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let outer = indent(&text[line..name]);
    each(found, end, |line| {
        line.trim().is_empty() || indent(line) > outer
    })
}

/// A word that goes on in the next line, wherever its name stands: `java -Dkey.password=abc\`. The backslashes stay, and each
/// part is masked for itself, so that the lines are still the same ones. Gives where to go on; `None`: the word is whole.
pub(super) fn word(found: &mut Found<'_>, word: Range<usize>, sure: bool) -> Option<usize> {
    let text = found.text;
    let ends = word.end == word::line_end(text, word.end);
    if !ends || word.len() < 2 || !goes_on(&text[word.clone()]) {
        return None;
    }
    found.value(word.start..word.end - 1, Sort::Named, sure);
    let mut last = word.end;
    for line in following(text, word.end).take(MOST) {
        let start = word::past_blanks(text, line.start);
        let part = word::bare(text, start, false);
        // The next option, or nothing at all: the word had ended.
        if part.is_empty() || text[part.clone()].starts_with('-') {
            break;
        }
        last = part.end;
        let more = part.end == line.end && goes_on(&text[part.clone()]);
        found.whole(part.start..part.end - usize::from(more), Sort::Named, sure);
        if !more {
            break;
        }
    }
    Some(last)
}

/// Whether the line goes on in the next one: a backslash at its end that no other one quotes.
fn goes_on(line: &str) -> bool {
    line.bytes().rev().take_while(|b| *b == b'\\').count() % 2 == 1
}

/// `|`, `>-`, `|2+`.
fn is_block(first: &str) -> bool {
    let rest = first.strip_prefix(['|', '>']);
    rest.is_some_and(|rest| rest.len() <= 2 && rest.chars().all(|c| "+-123456789".contains(c)))
}

/// All lines as one value.
fn joined(found: &mut Found<'_>, at: usize, first: usize) -> usize {
    let mut end = first;
    for line in following(found.text, first).take(MOST) {
        end = line.end;
        if !goes_on(found.text[line].trim_end()) {
            break;
        }
    }
    found.value(at..end, Sort::Named, true);
    end
}

/// Each line for itself, as long as they are `within`. `None` where the first is not.
fn each(found: &mut Found<'_>, first: usize, within: impl Fn(&str) -> bool) -> Option<usize> {
    let mut last = None;
    let text = found.text;
    for line in following(text, first).take(MOST) {
        if !within(&text[line.clone()]) {
            break;
        }
        last = Some(line.end);
        found.whole(line, Sort::Named, true);
    }
    last
}

/// The lines behind the one that ends at `end`, without their breaks.
fn following(text: &str, end: usize) -> impl Iterator<Item = Range<usize>> {
    let mut at = end;
    std::iter::from_fn(move || {
        let next = at + text[at..].find('\n')? + 1;
        if next >= text.len() {
            return None;
        }
        at = word::line_end(text, next);
        Some(next..at)
    })
}
