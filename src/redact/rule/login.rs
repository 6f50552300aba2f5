//! `user:…@host` in what is no proper address: without a scheme, with slashes that are too few or lean the wrong way, with a
//! slash or a blank in the password. What is proper is left to the rule for addresses.

use std::ops::Range;

use memchr::memchr_iter;

use crate::redact::{
    Sort,
    rule::word::{self, Quote},
    span::Found,
    token,
};

/// How far before its `@` a login begins, in bytes.
const LONGEST: usize = 320;

/// What may stand before a colon that parts no user from a password, in any case.
const SCHEMES: [&str; 11] = [
    "mailto", "sip", "sips", "xmpp", "acct", "jid", "jdbc", "urn", "arn", "npm", "git",
];

/// What names an address for mails, as well as a user: behind it, a word without a digit is no password.
const LABELS: [&str; 17] = [
    "user", "username", "userid", "login", "account", "mail", "email", "e-mail", "from", "to",
    "cc", "bcc", "reply-to", "owner", "by", "contact", "upn",
];

pub(super) fn find(found: &mut Found<'_>) {
    let text = found.text;
    let mut from = 0;
    for at in memchr_iter(b'@', text.as_bytes()) {
        if at < from {
            continue;
        }
        let Some(host) = Host::at(text, at + 1) else {
            continue;
        };
        let start = text.ceil_char_boundary(at.saturating_sub(LONGEST).max(from));
        let login = quoted(text, start..at, &host).or_else(|| {
            let word = text[start..at]
                .rfind(|c: char| c.is_whitespace() || "\"'`<>“‘".contains(c))
                .map_or(start, |before| text.ceil_char_boundary(start + before + 1));
            Login::read(text, word..at, &host)
        });
        if let Some(login) = login {
            found.whole(login.password, Sort::Address, login.sure);
            from = host.end;
        }
    }
}

/// A login that fills what stands in quotes, or a text of one line: there may be a blank in its password.
fn quoted(text: &str, before: Range<usize>, host: &Host) -> Option<Login> {
    let line = text[before.clone()].rfind('\n');
    let line = line.map_or(before.start, |at| before.start + at + 1);
    let open = text[line..before.end].rfind(['"', '\'', '`', '“', '‘']);
    let (start, whole) = match open {
        Some(at) => {
            let start = text.ceil_char_boundary(line + at + 1);
            let quote = Quote::before(text, start)?;
            let (end, after) = quote.end(text, host.end);
            (start, end < after && is_rest(&text[host.end..end]))
        }
        // Of one line are facts, and what is told of them.
        None if line == 0 => (0, is_rest(&text[host.end..])),
        None => return None,
    };
    if !whole || !text[start..before.end].contains(char::is_whitespace) {
        return None;
    }
    let mut login = Login::read(text, start..before.end, host)?;
    login.sure = true;
    Some(login)
}

/// A port, a path, or nothing.
fn is_rest(text: &str) -> bool {
    (text.is_empty() || text.starts_with([':', '/', '?', '#', '\\']))
        && !text.contains(char::is_whitespace)
}

struct Host {
    /// Its name, and where that ends.
    range: Range<usize>,
    end: usize,
}

impl Host {
    /// What can be a host's name, if nothing says that it is more of a password.
    fn at(text: &str, at: usize) -> Option<Self> {
        let length = text[at..]
            .bytes()
            .take(256)
            .take_while(|b| {
                b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b'[' | b']')
            })
            .count();
        let end = at + length;
        let more = text[end..].starts_with(|c: char| c == '@' || c.is_alphanumeric());
        let name = text[at..end].starts_with(|c: char| c.is_ascii_alphanumeric() || c == '[');
        (name && !more).then_some(Self {
            range: at..end,
            end,
        })
    }
}

struct Login {
    password: Range<usize>,
    /// What surrounds it tells that this is one, and no sentence.
    sure: bool,
}

impl Login {
    /// `[scheme:][/\\…]user:password`, with anything before it that ends a word.
    fn read(text: &str, word: Range<usize>, host: &Host) -> Option<Self> {
        let mut from = word.start;
        let mut schemed = false;
        loop {
            let colon = from + text[from..word.end].find(':')?;
            let slashes = text[colon + 1..word.end]
                .bytes()
                .take_while(|b| matches!(b, b'/' | b'\\'))
                .count();
            if slashes > 0 {
                from = colon + 1 + slashes;
                schemed = true;
                continue;
            }
            let user = user(text, from..colon, schemed)?;
            let password = colon + 1..word.end;
            let known =
                schemed || is_login(&text[user.clone()], &text[password.clone()], host, text);
            if !known || is_port(&text[password.clone()]) || !is_password(&text[password.clone()]) {
                return None;
            }
            // With a proper scheme, the other rule sees to what stands before the first slash.
            let proper = schemed && text[..from].ends_with("://");
            let slash = text[password.clone()].find(['/', '?', '#', '\\']);
            let seen = slash.is_some_and(|slash| text[password.start..][..slash].contains('@'));
            if proper && seen {
                return None;
            }
            let before = text[..user.start].chars().next_back();
            let sure = schemed || matches!(before, None | Some('"' | '\'' | '`' | '=' | '“' | '‘'));
            return Some(Self { password, sure });
        }
    }
}

/// The name before the colon: all of what stands there behind a scheme, else the end of it.
fn user(text: &str, before: Range<usize>, schemed: bool) -> Option<Range<usize>> {
    let of_user = |c: &char| c.is_alphanumeric() || "._-%+$~".contains(*c);
    let length: usize = text[before.clone()]
        .chars()
        .rev()
        .take_while(of_user)
        .map(char::len_utf8)
        .sum();
    let start = before.end - length;
    let left = text[before.start..start].chars().next_back();
    let begins = match left {
        None => true,
        // A domain, or a name that is an address.
        Some('\\' | '@') => true,
        Some(c) => !schemed && "=(,;[{|".contains(c),
    };
    (length > 0 && begins).then_some(start..before.end)
}

/// Whether this is no address for mails, no version, no time, no object of Java.
fn is_login(user: &str, password: &str, host: &Host, text: &str) -> bool {
    let is = |known: &&str| user.eq_ignore_ascii_case(known);
    if user.starts_with(|c: char| c.is_ascii_digit()) || SCHEMES.iter().any(is) {
        return false;
    }
    let plain = |c: char| c.is_ascii_alphabetic() || "._-".contains(c);
    if LABELS.iter().any(is) && password.chars().all(plain) {
        return false;
    }
    let host = &text[host.range.clone()];
    let hex = host.len() <= 8 && host.bytes().all(|b| b.is_ascii_hexdigit());
    let class = password.contains('.') && password.chars().all(|c| plain(c) || c == '$');
    let version =
        host.bytes().all(|b| b.is_ascii_digit() || b == b'.') && host.matches('.').count() < 3;
    let digest = ["sha1", "sha256", "sha384", "sha512", "md5"].contains(&host);
    !(hex && class || version || digest || password.starts_with(['/', '\\']))
}

/// Digits up to where a path begins.
fn is_port(text: &str) -> bool {
    let digits = text.bytes().take(6).take_while(u8::is_ascii_digit).count();
    let after = text[digits..].chars().next();
    digits < 6 && after.is_some_and(|c| matches!(c, '/' | '?' | '#' | '\\') || c.is_whitespace())
        || text.is_empty()
}

fn is_password(text: &str) -> bool {
    !text.starts_with(|c: char| c.is_whitespace() || c == ':')
        && !word::ends_line(text.as_bytes(), 0)
        && !text.contains('\n')
        && token::at(text, 0).is_none_or(|(length, _)| length < text.len())
}
