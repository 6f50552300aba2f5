//! `{"name": "db.password", "value": "…"}`: name and value side by side, in either order.

use std::sync::LazyLock;

use regex::Regex;

use crate::redact::{Sort, key, rule::named, span::Found};

const NAMES: &str = r#""(?i:name|key|id|field|parameter|property)"\s*:\s*"(?<name>[^"\n]*)""#;

static FORWARD: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(&format!(
        r#"{NAMES}\s*,\s*"(?i:value|val|default|secret)"\s*:\s*(?<value>)"#
    ))
    .ok()
});

static BACKWARD: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(&format!(
        r#""(?i:value|val|default)"\s*:\s*"(?<value>(?:[^"\\\n]|\\.)*)"\s*,\s*{NAMES}"#
    ))
    .ok()
});

pub(super) fn find(found: &mut Found<'_>) {
    let text = found.text;
    let is_secret = |captures: &regex::Captures<'_>| {
        captures
            .name("name")
            .is_some_and(|name| key::is_secret(name.as_str()))
    };
    if let Some(forward) = FORWARD.as_ref() {
        let mut from = 0;
        for captures in forward.captures_iter(text).filter(is_secret) {
            if let Some(value) = captures.name("value").filter(|value| value.start() >= from) {
                from = named::value(found, value.start(), false, true).unwrap_or(from);
            }
        }
    }
    if let Some(backward) = BACKWARD.as_ref() {
        for captures in backward.captures_iter(text).filter(is_secret) {
            if let Some(value) = captures.name("value") {
                found.value(value.range(), Sort::Named, true);
            }
        }
    }
}
