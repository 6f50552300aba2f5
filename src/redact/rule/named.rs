//! `password=…`, `"token": "…"`, `--secret …`: a value behind a name that stands for a secret.

use std::{ops::Range, sync::LazyLock};

use aho_corasick::AhoCorasick;

use crate::redact::{
    Sort, key,
    rule::{
        folded,
        made_up::is_made_up,
        sentence,
        word::{self, Quote},
    },
    span::Found,
    value,
};

/// What a name of a secret has in it; [`key::is_secret`] decides on the whole name.
static PARTS: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let parts = [
        "pass",
        "pwd",
        "pswd",
        "pswrd",
        "psswrd",
        "pasw",
        "credential",
        "creds",
        "kennwort",
        "secret",
        "token",
        "apikey",
        "api_key",
        "api-key",
        "api key",
        "api.key",
        "accesskey",
        "access_key",
        "access-key",
        "access key",
        "privatekey",
        "private_key",
        "private-key",
        "private key",
        "sessionid",
        "session_id",
        "session-id",
        "session id",
        "sessid",
        "session_store",
        "user_session",
        "usersession",
        "pw",
        "community",
    ];
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .build(parts)
        .ok()
});

/// How far a name is read to each side.
const NAME: usize = 128;

/// How long a word in a sentence may be, in bytes.
const LONGEST_WORD: usize = 256;

/// `attributes` are where names begin that were read before.
pub(super) fn find(found: &mut Found<'_>, attributes: &[usize]) {
    let text = found.text;
    let Some(parts) = PARTS.as_ref() else { return };
    let mut from = 0;
    for part in parts.find_iter(text) {
        if part.start() < from {
            continue;
        }
        let name = name(text, part.range());
        from = name.end;
        let read_before = attributes.binary_search(&name.start).is_ok();
        let in_token = text[..name.start].ends_with('‹');
        if read_before || in_token || !key::is_secret(&text[name.clone()]) {
            continue;
        }
        if let Some(end) = read(found, name) {
            from = end;
        }
    }
}

/// The whole name around a part of it.
fn name(text: &str, part: Range<usize>) -> Range<usize> {
    let of_name = |b: &&u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b'$');
    let (before, after) = text.as_bytes().split_at(part.end);
    let before = &before[..part.start];
    let start = part.start - before.iter().rev().take(NAME).take_while(of_name).count();
    let start = word::past_colour_before(text, start).min(part.start);
    start..part.end + after.iter().take(NAME).take_while(of_name).count()
}

/// Reads what stands behind the name. Gives where to go on.
fn read(found: &mut Found<'_>, name: Range<usize>) -> Option<usize> {
    let text = found.text;
    let option = text[name.clone()].starts_with('-');
    let opened = Quote::before(text, name.start);
    let mut at = name.end;
    // The quote, bracket or both that close a name: `"password"`, `['password']`, `password[]`.
    if opened.is_some()
        && let Some(quote) = Quote::at(text, at)
    {
        at += quote.length;
    }
    at += ["[]", "]", ")"]
        .into_iter()
        .find(|close| text[at..].starts_with(close))
        .map_or(0, str::len);
    let after_name = at;
    at = word::past_blanks(text, word::past_colours(text, at));
    // A community is a crowd of people, too.
    let crowd = text[name.clone()].eq_ignore_ascii_case("community");
    let string = crowd && text[at..].starts_with("string");
    if string {
        at = word::past_blanks(text, at + "string".len());
    }
    let rest = &text[at..];
    let separator = [
        "=>", ":=", "==", "=", ":", "->", "%3D", "%3d", "%3A", "%3a", r"\u003d", r"\u003D",
        r"\u003a", r"\u003A",
    ]
    .into_iter()
    .find(|sign| rest.starts_with(sign));
    match separator {
        Some(":") if rest.starts_with("::") => return None,
        // Of people it is said as well: only what nobody would take for a word.
        Some(":") if crowd && !string && opened.is_none() => {
            let range = word::bare(text, word::past_blanks(text, at + 1), false);
            if !is_made_up(&text[range.clone()]) {
                return None;
            }
            let end = range.end;
            found.value(range, Sort::Named, true);
            return Some(end);
        }
        Some(sign) if sign.starts_with('%') => {
            let range = word::encoded(text, at + sign.len());
            let end = range.end;
            found.value(range, Sort::Named, true);
            return Some(end);
        }
        Some(sign) => {
            at = word::past_blanks(text, word::past_colours(text, at + sign.len()));
            at = word::past_colours(text, at);
        }
        // The sentence is over: what follows is another one.
        None if text[name.clone()].ends_with('.') => return None,
        None if option && at > after_name => return argument(found, at),
        None if at > after_name => {
            let sentence = opened.is_none();
            return match quoted(found, at) {
                None if sentence => sentence::find(found, &name, at),
                end => end,
            };
        }
        None => return None,
    }
    // As JSON is written by libraries that make texts fit for HTML.
    if separator.is_some_and(|sign| sign.starts_with('\\')) {
        // Looked for nearby alone: a long line may have many of them, or none.
        let near = text.floor_char_boundary(at + LONGEST_WORD);
        let next = text[at..near].find(r"\u0026");
        let text = next.map_or(text, |length| &text[..at + length]);
        let range = word::bare(text, at, false);
        let end = range.end;
        found.value(range, Sort::Named, true);
        return Some(end);
    }
    // JSON may break the line behind the colon.
    if opened.is_some() && word::ends_line(text.as_bytes(), at) {
        at += text.as_bytes()[at..]
            .iter()
            .take(64)
            .take_while(|b| b.is_ascii_whitespace())
            .count();
    }
    let quoted = opened.is_some() && after_name > name.end;
    let lines = opened.is_none() && !option && begins_line(text, name.start);
    if lines && let Some(end) = folded::value(found, name.start, at) {
        return Some(end);
    }
    let sure = separator != Some(":") || quoted || lines;
    // Of credentials sentences speak as well.
    let of_sentences = text[name.clone()].to_ascii_lowercase().contains("cred");
    if of_sentences && separator == Some(":") && !quoted {
        let range = word::bare(text, at, false);
        if !is_made_up(&text[range.clone()]) {
            return None;
        }
    }
    // The shell's working directory is called PWD.
    let folder = matches!(&text[name.clone()], "PWD" | "OLDPWD") && is_path(&text[at..]);
    if folder {
        None
    } else {
        value(found, at, lines, sure)
    }
}

/// A word in quotes behind the name, as in a sentence: `the password "…" was refused`. With a digit in it, it is no word of
/// the language.
fn quoted(found: &mut Found<'_>, at: usize) -> Option<usize> {
    let text = found.text;
    let quote = Quote::at(text, at)?;
    let start = at + quote.length;
    let most = text.floor_char_boundary(start + LONGEST_WORD);
    let (end, after) = quote.end(&text[..most], start);
    let word = &text[start..end];
    let digit = word.contains(|c: char| c.is_ascii_digit());
    if end == after || !digit || word.contains(char::is_whitespace) {
        return None;
    }
    found.whole(start..end, Sort::Named, true);
    Some(after)
}

/// The word behind an option: `--password geheim`.
fn argument(found: &mut Found<'_>, at: usize) -> Option<usize> {
    if found.text[at..].starts_with(['-', '|', '<', '>', '(']) {
        return None;
    }
    value(found, at, false, true)
}

/// A value wherever it stands; gives its end.
pub(super) fn value(found: &mut Found<'_>, at: usize, lines: bool, sure: bool) -> Option<usize> {
    let text = found.text;
    if let Some(quote) = Quote::at(text, at) {
        let start = at + quote.length;
        let (end, after) = quote.end(text, start);
        found.value(start..end, Sort::Named, sure);
        return Some(after.max(start));
    }
    if let Some(range) = word::angled(text, at) {
        let end = range.end;
        // As a whole it may be a placeholder.
        if value::secret_part(&text[range.clone()]).is_some() {
            found.value(range.start + 1..end - 1, Sort::Named, sure);
        }
        return Some(end);
    }
    if text[at..].starts_with('[') {
        return list(found, at + 1, sure);
    }
    if text[at..].starts_with(['{', '(']) && value::braced(&text[at..]).is_none() {
        return None;
    }
    let range = word::bare(text, at, lines);
    let bare = &text[range.clone()];
    if !sure && is_prose(bare) {
        return None;
    }
    if let Some(end) = folded::word(found, range.clone(), sure) {
        return Some(end);
    }
    let end = range.end;
    found.value(range, Sort::Named, sure);
    Some(end)
}

/// Every text of a list in brackets, on one line. Gives where it stops being one.
fn list(found: &mut Found<'_>, mut at: usize, sure: bool) -> Option<usize> {
    let text = found.text;
    loop {
        at = word::past_blanks(text, at);
        if word::ends_line(text.as_bytes(), at) || text[at..].starts_with(']') {
            return Some(at);
        }
        if let Some(quote) = Quote::at(text, at) {
            let start = at + quote.length;
            let (close, after) = quote.end(text, start);
            found.value(start..close, Sort::Named, sure);
            at = after;
        } else {
            let length = text[at..].find([',', ']', '\n']).unwrap_or(text.len() - at);
            found.value(at..at + length, Sort::Named, sure);
            at += length;
        }
        at = word::past_blanks(text, at);
        match text.as_bytes().get(at) {
            Some(b',') => at += 1,
            _ => return Some(at),
        }
    }
}

/// Whether the name is the first thing in its line, as in a file of properties.
fn begins_line(text: &str, at: usize) -> bool {
    let mut from = at.saturating_sub(64);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let before = &text[from..at];
    let before = match before.rfind('\n') {
        Some(at) => &before[at + 1..],
        None if from == 0 => before,
        None => return false,
    };
    let before =
        before.trim_start_matches(|c: char| c.is_whitespace() || "#;!/*<>-\u{feff}".contains(c));
    let before = before.trim_end();
    before.is_empty()
        || [
            "export", "set", "declare", "$env:", "env", "var", "let", "const",
        ]
        .contains(&before)
}

/// What a sentence may have behind a colon: signs alone, or the name of an error.
fn is_prose(bare: &str) -> bool {
    let signs = bare.chars().count() <= 2 && !bare.chars().any(char::is_alphanumeric);
    let error = bare.contains('.')
        && (bare.ends_with("Exception") || bare.ends_with("Error"))
        && bare.chars().all(|c| c.is_ascii_alphabetic() || c == '.');
    signs || error
}

fn is_path(text: &str) -> bool {
    text.starts_with(['/', '~']) || text.as_bytes().get(1) == Some(&b':')
}
