//! `Authorization: Basic …`, `Cookie: a=…`: what a request shows its sender by. The scheme and the names of cookies stay.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use crate::redact::{
    Sort,
    rule::{
        made_up::is_made_up,
        word::{self, Quote},
    },
    span::Found,
    token,
};

static NAMES: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?i)(?<login>authorization)|(?<cookie>cookie2?)").ok());

/// What a cookie has besides its value.
const ATTRIBUTES: [&str; 8] = [
    "path", "domain", "expires", "max-age", "samesite", "version", "comment", "priority",
];

/// Words that begin a login. Behind another word, what follows may be a sentence.
const SCHEMES: [&str; 9] = [
    "basic",
    "bearer",
    "digest",
    "ntlm",
    "negotiate",
    "token",
    "apikey",
    "oauth",
    "hawk",
];

/// How far the end of a header's quotes is looked for.
const LONGEST: usize = 8 << 10;

pub(super) fn find(found: &mut Found<'_>) {
    let text = found.text;
    let Some(names) = NAMES.as_ref() else { return };
    let mut from = 0;
    let mut line_end = 0;
    for captures in names.captures_iter(text) {
        let Some(name) = captures.get(0).filter(|name| name.start() >= from) else {
            continue;
        };
        if line_end < name.end() {
            line_end = word::line_end(text, name.end());
        }
        let Some(header) = Header::at(text, name.range(), line_end) else {
            continue;
        };
        from = if captures.name("login").is_some() {
            login(found, header.value)
        } else {
            cookies(found, header)
        };
    }
}

struct Header {
    value: Range<usize>,
    /// `:` or `=`.
    sign: char,
}

impl Header {
    /// What stands behind the header's name, up to the end of its line or of the quotes that it stands in.
    fn at(text: &str, name: Range<usize>, line_end: usize) -> Option<Self> {
        let before = &text.as_bytes()[..name.start];
        let start = name.start
            - before
                .iter()
                .rev()
                .take(32)
                .take_while(|b| of_name(**b))
                .count();
        let mut around = Quote::before(text, start);
        let mut at = name.end;
        if around.is_some()
            && let Some(quote) = Quote::at(text, at)
        {
            at += quote.length;
            around = None;
        }
        at = word::past_blanks(text, at);
        let sign = text[at..]
            .chars()
            .next()
            .filter(|c| matches!(c, ':' | '='))?;
        at = word::past_blanks(text, at + sign.len_utf8());
        let quote = Quote::at(text, at);
        at += quote.as_ref().map_or(0, |quote| quote.length);
        let end = quote.or(around).and_then(|quote| {
            let mut most = (at + LONGEST).min(line_end).max(at);
            while !text.is_char_boundary(most) {
                most -= 1;
            }
            let (end, after) = quote.end(&text[..most], at);
            (end < after).then_some(end)
        });
        Some(Self {
            value: at..end.unwrap_or(line_end).max(at),
            sign,
        })
    }
}

fn of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'
}

/// A login: the scheme's word stays. Gives where to go on.
fn login(found: &mut Found<'_>, region: Range<usize>) -> usize {
    let text = &found.text[region.clone()];
    let scheme = text.bytes().take(32).take_while(|b| of_name(*b)).count();
    let rest = text[scheme..].trim_start_matches(' ');
    let alone = scheme == 0 || rest.len() == text.len() - scheme || rest.trim().is_empty();
    let (start, rest) = if alone {
        (region.start, text)
    } else {
        (region.end - rest.len(), rest)
    };
    let sure = !alone
        && SCHEMES
            .iter()
            .any(|known| text[..scheme].eq_ignore_ascii_case(known));
    let end = start + one_word(rest);
    // No scheme: the login itself, and something behind it.
    if !alone && !sure && is_made_up(&text[..scheme]) {
        found.whole(region.start..region.start + scheme, Sort::Login, false);
    }
    found.whole(start..end, Sort::Login, sure);
    end
}

/// The length of the first word where it is all that a login can be; else of the whole, which then is a list of fields.
fn one_word(text: &str) -> usize {
    if let Some((length, _)) = token::at(text, 0) {
        return length;
    }
    let of_word = |b: &u8| b.is_ascii_alphanumeric() || b"-._~+/=:|".contains(b);
    let length = text.bytes().take_while(of_word).count();
    let after = &text[length..];
    let ends = after.is_empty()
        || after.starts_with(|c: char| c.is_whitespace() || ",;)]}>\"'\\".contains(c));
    let fields = text[..length].ends_with('=') && after.starts_with(['"', '\\']);
    let listed = after.starts_with(',') && text[..length].trim_end_matches('=').contains('=');
    if length > 0 && ends && !fields && !listed {
        length
    } else {
        text.len()
    }
}

/// `a=…; b=…; Path=/`. Gives where to go on.
fn cookies(found: &mut Found<'_>, header: Header) -> usize {
    let region = header.value;
    let text = &found.text[region.clone()];
    if header.sign == '=' && !text.contains('=') {
        let value = word::bare(found.text, region.start, false);
        let end = value.end;
        found.whole(value, Sort::Cookie, true);
        return end;
    }
    let mut from = 0;
    while from < text.len() {
        let end = text[from..]
            .find(';')
            .map_or(text.len(), |length| from + length);
        // Several headers of one name are joined with commas.
        let end = text[from..end]
            .find(", ")
            .map_or(end, |length| from + length);
        let cookie = &text[from..end];
        if let Some((name, value)) = cookie.split_once('=')
            && !ATTRIBUTES
                .iter()
                .any(|known| name.trim().eq_ignore_ascii_case(known))
        {
            let value = value.trim_start_matches('"');
            let start = region.start + end - value.len();
            found.whole(start..start + cookie_length(value), Sort::Cookie, true);
        } else if is_made_up(cookie.trim()) && !cookie.trim().contains(char::is_whitespace) {
            // What was pasted without its name.
            found.whole(region.start + from..region.start + end, Sort::Cookie, true);
        }
        from = end + 1;
    }
    region.end
}

/// Blanks and quotes end the value of a cookie.
fn cookie_length(value: &str) -> usize {
    match token::at(value, 0) {
        Some((length, _)) => length,
        None => value
            .find(|c: char| c.is_whitespace() || c == '"')
            .unwrap_or(value.len()),
    }
}
