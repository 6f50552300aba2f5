//! `https://user:…@host`, `jdbc:oracle:thin:user/…@host`: a login in an address. The user's name stays, unless it has the
//! form of a token.

use std::sync::LazyLock;

use memchr::memmem;
use regex::Regex;

use crate::redact::{Sort, span::Found, token};

static ORACLE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"(?i)jdbc:oracle:[a-z0-9]+:[^/\s@:"'<>]{1,128}/(?<password>[^\s"'<>]{1,256})@"#)
        .ok()
});

pub(super) fn find(found: &mut Found<'_>) {
    let text = found.text;
    for captures in ORACLE
        .as_ref()
        .into_iter()
        .flat_map(|oracle| oracle.captures_iter(text))
    {
        if let Some(password) = captures.name("password") {
            found.whole(password.range(), Sort::Address, true);
        }
    }
    for sign in memmem::find_iter(text.as_bytes(), "://") {
        let start = sign + 3;
        let end = authority_end(text, start);
        let Some(login) = text[start..end]
            .rfind('@')
            .map(|length| start..start + length)
        else {
            continue;
        };
        match text[login.clone()].find(':') {
            Some(colon) => found.whole(login.start + colon + 1..login.end, Sort::Address, true),
            None if is_like_a_token(&text[login.clone()]) => {
                found.whole(login, Sort::Address, true)
            }
            None => {}
        }
    }
}

/// Where path, query or the address itself ends it. A token counts as one letter.
fn authority_end(text: &str, from: usize) -> usize {
    let mut at = from;
    while let Some(c) = text[at..].chars().next() {
        if let Some((length, _)) = token::at(text, at) {
            at += length;
            continue;
        }
        if c.is_whitespace()
            || c.is_control()
            || matches!(c, '/' | '?' | '#' | '"' | '\'' | '<' | '>' | '`' | '\\')
        {
            break;
        }
        at += c.len_utf8();
    }
    at
}

/// Long and with a digit in it; or not so long, in upper and lower case, with a digit in its midst. Names of users have their
/// digits at the end.
fn is_like_a_token(user: &str) -> bool {
    const SHORTEST: usize = 8;
    const LONG: usize = 20;
    let has = |of: fn(&u8) -> bool| user.bytes().any(|b| of(&b));
    let bare = user.trim_end_matches(|c: char| c.is_ascii_digit());
    let mixed = has(u8::is_ascii_uppercase)
        && has(u8::is_ascii_lowercase)
        && bare.bytes().any(|b| b.is_ascii_digit());
    (user.len() >= LONG && has(u8::is_ascii_digit) || user.len() >= SHORTEST && mixed)
        && user
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
}
