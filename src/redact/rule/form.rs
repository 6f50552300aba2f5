//! Tokens that are known by their form alone: `Bearer …`, `Basic …` outside a header, signed tokens.

use std::sync::LazyLock;

use regex::Regex;

use crate::redact::{Sort, span::Found};

static FORMS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"\b(?i:bearer)[ ]+(?<bearer>[A-Za-z0-9._~+/-]{8,}=*)",
        r"|\b(?i:basic)[ ]+(?<basic>[A-Za-z0-9+/]{4,}={0,2})",
        r"|\b(?<signed>eyJ[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]*)",
        r"|\b(?<keyed>gh[pousr]_[A-Za-z0-9]{20,}|xox[abprs]-[A-Za-z0-9-]{10,})",
    ))
    .ok()
});

pub(super) fn find(found: &mut Found<'_>) {
    let text = found.text;
    let Some(forms) = FORMS.as_ref() else { return };
    for captures in forms.captures_iter(text) {
        if let Some(bearer) = captures
            .name("bearer")
            .filter(|bearer| bearer.as_str().bytes().any(|b| b.is_ascii_digit()))
        {
            found.whole(bearer.range(), Sort::Login, true);
        }
        if let Some(basic) = captures
            .name("basic")
            .filter(|basic| is_login(basic.as_str()))
        {
            found.whole(basic.range(), Sort::Login, true);
        }
        if let Some(form) = captures.name("signed").or_else(|| captures.name("keyed")) {
            found.whole(form.range(), Sort::Form, true);
        }
    }
}

/// Whether this is base64 of `user:password`.
fn is_login(text: &str) -> bool {
    decoded(text)
        .is_some_and(|bytes| bytes.contains(&b':') && !bytes.iter().any(|b| b.is_ascii_control()))
}

fn decoded(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(4) {
        return None;
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut bits = 0_u32;
    let mut count = 0_u32;
    for byte in text.trim_end_matches('=').bytes() {
        let six = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = (bits << 6 | u32::from(six)) & 0xff_ffff;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count & 0xff) as u8);
        }
    }
    Some(bytes)
}
