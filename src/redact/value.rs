//! Which part of a value is secret. What says that there is none yet, and what says how it is kept, stays.

use std::{borrow::Cow, ops::Range};

use crate::redact::{key, rule::comment, token};

/// The part to mask, as bytes of `value`, where a name tells that it is secret. None where it is empty, a placeholder, a
/// word such as `true`, or masked.
///
/// What says how the rest is kept stays: one of a few words with a colon (`encrypted:`, `vault::`), or a word in braces
/// (`{noop}`).
pub(super) fn secret_part(value: &str) -> Option<Range<usize>> {
    let bare = whole(value)?;
    let start = bare.start + prefix(&value[bare.clone()]);
    (!stays(&value[start..bare.end])).then_some(start..bare.end)
}

/// The same for a value that surely is secret, since a tree or a probe says so: of such a one a placeholder stays only if
/// nobody could take it for a password.
pub(super) fn declared_part(value: &str) -> Option<Range<usize>> {
    let bare = trimmed(value);
    let start = bare.start + prefix(&value[bare.clone()]);
    let rest = &value[start..bare.end];
    let stays = rest.is_empty() || is_token(rest) || is_template(rest);
    (!stays).then_some(start..bare.end)
}

/// As [`secret_part`] for a value that says nothing of how it is kept: blanks around it are left out.
pub(super) fn whole(value: &str) -> Option<Range<usize>> {
    let bare = trimmed(value);
    (!stays(&value[bare.clone()])).then_some(bare)
}

fn trimmed(value: &str) -> Range<usize> {
    let start = value.len() - value.trim_start().len();
    start..value.trim_end().len().max(start)
}

fn stays(bare: &str) -> bool {
    bare.is_empty()
        || is_token(bare)
        || is_plain_word(bare)
        || is_template(bare)
        || is_reference(bare)
}

/// Masked before, and maybe with the sign left behind it that broke the format around it.
fn is_token(bare: &str) -> bool {
    // The line breaks of what it replaced stand before that sign.
    let after =
        token::at(bare, 0).map(|(length, _)| bare[length..].trim_start_matches(['\r', '\n']));
    after.is_some_and(comment::is_left_behind)
}

/// Words that say something of a secret and are none.
fn is_plain_word(bare: &str) -> bool {
    const WORDS: [&str; 13] = [
        "true",
        "false",
        "yes",
        "no",
        "on",
        "off",
        "null",
        "nil",
        "none",
        "undefined",
        "n/a",
        "empty",
        "(null)",
    ];
    WORDS.iter().any(|word| bare.eq_ignore_ascii_case(word))
}

/// Words that templates of configuration files are made of.
const TEMPLATE: [&str; 40] = [
    "YOUR", "MY", "THE", "A", "AN", "ENTER", "INSERT", "PUT", "SET", "FILL", "IN", "CHANGE",
    "REPLACE", "ME", "IT", "THIS", "HERE", "TODO", "TBD", "REDACTED", "HIDDEN", "MASKED",
    "INSTANCE", "PROXY", "DB", "DATABASE", "SERVER", "SERVICE", "ACCOUNT", "USER", "ADMIN", "NEW",
    "OLD", "API", "PASSWORD", "PASS", "SECRET", "TOKEN", "KEY", "VALUE",
];

/// Words of a template that ask for something to be filled in.
const ASKING: [&str; 11] = [
    "YOUR", "ENTER", "INSERT", "PUT", "FILL", "CHANGE", "REPLACE", "HERE", "TODO", "TBD",
    "REDACTED",
];

/// A value that somebody was to fill in, or that was masked by another hand: `YOUR_INSTANCE_PASSWORD_HERE`,
/// `<password>`, `[REDACTED]`, `****`. All of its words are known ones, so that no password that anybody would choose is
/// taken for it.
fn is_template(bare: &str) -> bool {
    const ALONE: [&str; 6] = [
        "CHANGEME",
        "CHANGEIT",
        "REPLACEME",
        "PASSWORD",
        "SECRET",
        "TOKEN",
    ];
    if bare.chars().all(|c| c == '*') || ALONE.contains(&bare) {
        return true;
    }
    if let Some(inside) = inner(bare) {
        return words(inside).any(|word| word.len() > 2) && words(inside).all(is_template_word);
    }
    // In lower case it may be the password of somebody who did not care.
    !bare.contains(|c: char| c.is_ascii_lowercase())
        && words(bare).all(is_template_word)
        && words(bare).any(|word| ASKING.contains(&word))
}

/// `${db_password}`, `{{ mid_password }}`, `%MID_PASSWORD%`, `$MID_PASSWORD`: the name of a secret that stands elsewhere.
fn is_reference(bare: &str) -> bool {
    let name = |text: &str| {
        text.chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-' | ':' | ' '))
    };
    inner(bare).is_some_and(|inside| {
        name(inside)
            && words(inside).last().is_some_and(|last| {
                (last.len() > 2 && is_template_word(last)) || key::is_secret(last)
            })
    })
}

/// What stands in brackets, or behind a dollar.
fn inner(bare: &str) -> Option<&str> {
    const AROUND: [(&str, &str); 6] = [
        ("${", "}"),
        ("{{", "}}"),
        ("%", "%"),
        ("<", ">"),
        ("[", "]"),
        ("$", ""),
    ];
    AROUND.into_iter().find_map(|(open, close)| {
        let inside = bare.strip_prefix(open)?.strip_suffix(close)?;
        (!inside.trim().is_empty()).then_some(inside)
    })
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| matches!(c, '_' | '-' | '.' | ':') || c.is_whitespace())
        .filter(|word| !word.is_empty())
}

fn is_template_word(word: &str) -> bool {
    TEMPLATE
        .iter()
        .any(|known| word.eq_ignore_ascii_case(known))
}

/// Words that tell how what follows them is kept, or where: before a colon, or in braces.
const KEPT: [&str; 26] = [
    "encrypted",
    "encrypt",
    "enc",
    "cipher",
    "crypt",
    "aes",
    "des",
    "rsa",
    "xor",
    "sha",
    "ssha",
    "sha256",
    "sha512",
    "md5",
    "bcrypt",
    "scrypt",
    "argon2",
    "pbkdf2",
    "noop",
    "base64",
    "plain",
    "env",
    "file",
    "vault",
    "cyberark",
    "hashicorp",
];

/// The length of what says how the rest is kept.
fn prefix(bare: &str) -> usize {
    let known = |word: &str| KEPT.iter().any(|kept| word.eq_ignore_ascii_case(kept));
    if let Some(length) = braced(bare) {
        return if known(&bare[1..length - 1]) {
            length
        } else {
            0
        };
    }
    let letters = bare
        .bytes()
        .take(20)
        .take_while(u8::is_ascii_alphanumeric)
        .count();
    let colons = bare[letters..].bytes().take_while(|b| *b == b':').count();
    if known(&bare[..letters]) && (1..=2).contains(&colons) {
        letters + colons
    } else {
        0
    }
}

/// The length of a word in braces at the start, with more behind it.
pub(super) fn braced(bare: &str) -> Option<usize> {
    let rest = bare.strip_prefix('{')?;
    let word = rest
        .bytes()
        .take(20)
        .take_while(|b| b.is_ascii_alphanumeric() || *b == b'-')
        .count();
    let more = rest[word..].strip_prefix('}')?;
    (word >= 2 && more.starts_with(|c: char| !c.is_whitespace())).then_some(word + 2)
}

/// The secret as it is meant: XML's entities undone, so that one secret has one token.
pub(super) fn meant(secret: &str) -> Cow<'_, str> {
    if !secret.contains('&') {
        return Cow::Borrowed(secret);
    }
    quick_xml::escape::unescape(secret).unwrap_or(Cow::Borrowed(secret))
}

/// Base64 of something encrypted: whole groups, and padded or of some length. Without both any word of four letters would
/// have the form.
pub(super) fn is_base64(secret: &str) -> bool {
    const LONG: usize = 32;
    let body = secret.trim_end_matches('=');
    !body.is_empty()
        && secret.len().is_multiple_of(4)
        && (body.len() < secret.len() || secret.len() >= LONG)
        && secret.len() - body.len() <= 2
        && body
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'+' || b == b'/')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts() {
        let check = |value: &str, expected: Option<&str>| {
            assert_eq!(
                secret_part(value).map(|range| &value[range]),
                expected,
                "{value}"
            );
        };
        check("hunter2", Some("hunter2"));
        check(" two words ", Some("two words"));
        check("encrypted:AqSK==", Some("AqSK=="));
        check("vault::id=x,type=y", Some("id=x,type=y"));
        check("{noop}geheim", Some("geheim"));
        check("Summer:2024", Some("Summer:2024"));
        check("a:b", Some("a:b"));
        check("cyberark::id=x", Some("id=x"));
        check("summer:2024", Some("summer:2024"));
        for kept in [
            "",
            "  ",
            "encrypted:",
            "YOUR_INSTANCE_PASSWORD_HERE",
            "encrypted:YOUR_PASSWORD",
            "CHANGEME",
            "true",
            "False",
            "null",
            "********",
            "${DB_PASSWORD}",
            "{{ mid_password }}",
            "%DB_PASSWORD%",
            "<password>",
            "[REDACTED]",
            "$PASSWORD",
            "‹secret-1›",
            "encrypted:‹secret-1 base64›",
        ] {
            check(kept, None);
        }
        // Near to what stays, and yet secrets.
        for masked in [
            "TRUE1",
            "QWERTZ",
            "HUSH_TAIL",
            "$HUSHTAIL",
            "%HUSHTAIL%",
            "${HUSHTAIL}",
            "<hushword>",
            "[HUSH]",
            "{hushtail7}x",
            "hush:tail",
            "password",
            "your password",
            "$",
            "<>",
            "A1_B2",
            "$1PASS",
            "<p4ss>",
            "%a%",
            "‹secret-1›x",
            "_____a",
            "___",
            "ADMIN",
            "NEW_PASSWORD",
        ] {
            check(masked, Some(masked));
        }
    }

    #[test]
    fn of_what_is_declared_only_templates_stay() {
        let check = |value: &str, expected: Option<&str>| {
            let part = declared_part(value).map(|range| &value[range]);
            assert_eq!(part, expected, "{value}");
        };
        for kept in [
            "",
            " ",
            "YOUR_INSTANCE_PASSWORD_HERE",
            "encrypted:YOUR_PASSWORD",
            "[password]",
            "<your password>",
            "********",
            "encrypted:",
            "encrypted:‹secret-1 base64›",
        ] {
            check(kept, None);
        }
        for masked in [
            "HUSH_TAIL",
            "$HUSHTAIL",
            "%HUSHTAIL%",
            "<hushword>",
            "${mid_password}",
            "true",
            "none",
            "changeit",
            "YOUR_HUSH",
        ] {
            check(masked, Some(masked));
        }
        check("encrypted:HUSH_TAIL", Some("HUSH_TAIL"));
    }

    #[test]
    fn base64_is_told_by_its_form() {
        let check = |text, expected| assert_eq!(is_base64(text), expected, "{text}");
        check("AqSKti1xfos2IuWzkMQTFg==", true);
        check("AqSKti1xfos2IuWzkMQTFgAqSKti1xfo", true);
        check("abcd", false);
        check("Seagull1", false);
        check("abc", false);
        check("abc-", false);
        check("====", false);
        check("", false);
    }
}
