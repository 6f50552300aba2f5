//! Which part of a value is secret. What says that there is none yet, and what says how it is kept, stays.

use std::{borrow::Cow, ops::Range};

use crate::redact::token;

/// The part to mask, as bytes of `value`. None where it is empty, a placeholder, a word such as `true`, or masked.
///
/// A word with a colon before the rest stays (`encrypted:`, `vault::`), and so does one in braces (`{noop}`): it tells
/// how the rest is kept. A part that one password in a great many shows by that is the price of the relation.
pub(super) fn secret_part(value: &str) -> Option<Range<usize>> {
    let bare = whole(value)?;
    let start = bare.start + prefix(&value[bare.clone()]);
    (!stays(&value[start..bare.end])).then_some(start..bare.end)
}

/// The same for a value that says nothing of how it is kept: blanks around it are left out.
pub(super) fn whole(value: &str) -> Option<Range<usize>> {
    let start = value.len() - value.trim_start().len();
    let end = value.trim_end().len();
    (start < end && !stays(&value[start..end])).then_some(start..end)
}

fn stays(bare: &str) -> bool {
    bare.is_empty() || is_token(bare) || is_plain_word(bare) || is_placeholder(bare)
}

/// Masked before.
fn is_token(bare: &str) -> bool {
    token::at(bare, 0).is_some_and(|(length, _)| length == bare.len())
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

/// A value that somebody was to fill in, that points to another place, or that was masked by another hand.
fn is_placeholder(bare: &str) -> bool {
    const WORDS: [&str; 9] = [
        "CHANGEME",
        "CHANGEIT",
        "REPLACEME",
        "PASSWORD",
        "SECRET",
        "TOKEN",
        "TODO",
        "TBD",
        "REDACTED",
    ];
    let capitals = |text: &str| text.chars().all(|c| c.is_ascii_uppercase() || c == '_');
    let name = |text: &str| {
        !text.is_empty()
            && text
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-' | ':' | ' '))
    };
    let between = |open: &str, close: &str| {
        bare.strip_prefix(open)
            .and_then(|rest| rest.strip_suffix(close))
    };
    bare.chars().all(|c| c == '*')
        || WORDS.contains(&bare)
        // YOUR_INSTANCE_PASSWORD_HERE
        || (capitals(bare) && bare.trim_matches('_').contains('_'))
        // ${DB_PASSWORD}, {{ password }}, %PASSWORD%, <password>, [REDACTED]
        || between("${", "}").is_some_and(name)
        || between("{{", "}}").is_some_and(name)
        || between("%", "%").is_some_and(|text| !text.is_empty() && capitals(text))
        || between("<", ">").is_some_and(|text| name(text) && !text.contains(|c: char| c.is_ascii_digit()))
        || between("[", "]").is_some_and(|text| !text.is_empty() && capitals(text))
        || bare.strip_prefix('$').is_some_and(|text| text.len() > 1 && capitals(text))
}

/// The length of what says how the rest is kept.
fn prefix(bare: &str) -> usize {
    if let Some(length) = braced(bare) {
        return length;
    }
    let letters = bare
        .bytes()
        .take(20)
        .take_while(u8::is_ascii_alphabetic)
        .count();
    let word = &bare[..letters];
    let one_case = word.bytes().all(|b| b.is_ascii_lowercase())
        || word.bytes().all(|b| b.is_ascii_uppercase());
    let colons = bare[letters..].bytes().take_while(|b| *b == b':').count();
    if letters >= 3 && one_case && (1..=2).contains(&colons) {
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

/// The same form that the test `base64` of expressions takes.
pub(super) fn is_base64(secret: &str) -> bool {
    let body = secret.trim_end_matches('=');
    !body.is_empty()
        && secret.len().is_multiple_of(4)
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
            "A1_B2",
            "$1PASS",
            "<p4ss>",
            "%a%",
            "‹secret-1›x",
            "_____a",
        ] {
            check(masked, Some(masked));
        }
    }

    #[test]
    fn base64_is_told_by_its_form() {
        let check = |text, expected| assert_eq!(is_base64(text), expected, "{text}");
        check("AqSKti1xfos2IuWzkMQTFg==", true);
        check("abcd", true);
        check("abc", false);
        check("abc-", false);
        check("====", false);
        check("", false);
    }
}
