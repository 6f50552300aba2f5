//! `password is …`, `changed the password from … to …`, `Password<TAB>…`: a value behind the name of a secret with no sign
//! between them. A word of the language is taken for a secret only where somebody is said to have set it.

use std::ops::Range;

use crate::redact::{
    Sort,
    rule::{
        made_up::is_made_up,
        word::{self, Quote},
    },
    span::Found,
};

/// How far before the name the word is looked for that says what was done to it, in bytes.
const BEFORE: usize = 48;

/// How long a word may be, in bytes.
const LONGEST: usize = 256;

const SETTING: [&str; 14] = [
    "set",
    "sets",
    "setting",
    "change",
    "changed",
    "changes",
    "changing",
    "update",
    "updated",
    "updating",
    "reset",
    "resetting",
    "rotated",
    "rotating",
];

/// What follows `to` in sentences that name no value.
const PROSE: [&str; 26] = [
    "a", "an", "the", "this", "that", "it", "its", "be", "new", "old", "your", "our", "his", "use",
    "match", "meet", "expire", "connect", "continue", "proceed", "access", "login", "log", "sign",
    "default", "blank",
];

/// Reads what stands behind the name, and behind blanks. Gives where to go on.
pub(super) fn find(found: &mut Found<'_>, name: &Range<usize>, at: usize) -> Option<usize> {
    let text = found.text;
    let blanks = text[..at].len() - text[..at].trim_end_matches([' ', '\t']).len();
    if text[at - blanks..at].contains('\t') || blanks > 1 {
        return column(found, name, at);
    }
    let mut next = at;
    let mut set = is_set_before(text, name.start);
    for turn in 0..4 {
        let range = next_word(text, next);
        let after = word::past_blanks(text, range.end);
        let told = text[range.clone()]
            .trim_end_matches(':')
            .to_ascii_lowercase();
        match told.as_str() {
            "is" | "was" | "has" | "been" | "ist" | "war" | "lautet" | "lautete"
                if after > range.end =>
            {
                if let Some(end) = value(found, after, false) {
                    return Some(end);
                }
            }
            "set" | "changed" | "updated" | "reset" => set = true,
            "to" => return value(found, after, set),
            "from" => {
                let end = value(found, after, set)?;
                let to = next_word(text, word::past_blanks(text, end));
                if !text[to.clone()].eq_ignore_ascii_case("to") {
                    return Some(end);
                }
                let at = word::past_blanks(text, to.end);
                return value(found, at, set).or(Some(end));
            }
            // `passwd X`: only what nobody would take for a word.
            _ if turn == 0 => return value(found, next, set),
            _ => return None,
        }
        next = after;
    }
    None
}

/// A cell beside the name: one that is made up, or all that its line holds besides.
fn column(found: &mut Found<'_>, name: &Range<usize>, at: usize) -> Option<usize> {
    let text = found.text;
    let range = next_word(text, at);
    let before = text[..name.start].chars().next_back();
    let alone = text[name.end..at].contains('\t')
        && before.is_none_or(|c| c == '\n')
        && word::ends_line(text.as_bytes(), range.end);
    if !alone && !is_made_up(&text[range.clone()]) {
        return None;
    }
    let end = range.end;
    found.whole(range, Sort::Named, !alone);
    Some(end)
}

fn value(found: &mut Found<'_>, at: usize, set: bool) -> Option<usize> {
    let text = found.text;
    let range = match Quote::at(text, at) {
        Some(quote) => {
            let start = at + quote.length;
            let most = text.floor_char_boundary(start + LONGEST);
            let (end, after) = quote.end(&text[..most], start);
            (end < after).then_some(start..end)?
        }
        None => word::bare(text, at, false),
    };
    let bare = &text[range.clone()];
    // Where it was set, even what looks like a host's name is one.
    let sure = is_made_up(bare) || set && bare.contains(|c: char| c.is_ascii_digit());
    let after = &text[range.end..];
    let ends = word::ends_line(text.as_bytes(), range.end)
        || after.starts_with(['.', ',', ';', ')', '"', '\''])
        || after.trim_start().starts_with("to ");
    let prose = || PROSE.iter().any(|known| bare.eq_ignore_ascii_case(known));
    if range.is_empty() || range.len() > LONGEST || !(sure || set && ends && !prose()) {
        return None;
    }
    let end = range.end;
    found.whole(range, Sort::Named, sure);
    Some(end)
}

/// Whether a word shortly before the name says that it was set.
fn is_set_before(text: &str, name: usize) -> bool {
    let from = text.ceil_char_boundary(name.saturating_sub(BEFORE));
    let before = text[from..name].rsplit('\n').next().unwrap_or_default();
    before
        .split(|c: char| !c.is_alphanumeric())
        .any(|word| SETTING.iter().any(|known| word.eq_ignore_ascii_case(known)))
}

fn next_word(text: &str, at: usize) -> Range<usize> {
    let most = text.floor_char_boundary(at + LONGEST);
    let length = text[at..most].find(char::is_whitespace);
    at..length.map_or(most, |length| at + length)
}
