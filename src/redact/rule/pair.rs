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

/// `name=password, value=…`, as programs print what they set.
static BARE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r#"(?i)\b(?:name|key|field|parameter|property)\s?[=:]\s?(?<name>[^\s=:,;"'<>]{1,128})\s?[,;]?\s?(?:value|val)\s?[=:]\s?(?<value>)"#,
    )
    .ok()
});

/// The same the other way round.
static BARE_BACKWARD: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r#"(?i)\b(?:value|val)\s?[=:]\s?["']?(?<value>[^\s,;"']{1,256})["']?[,;]?\s(?:name|key|field|parameter|property)\s?[=:]\s?(?<name>[^\s=:,;"'<>]{1,128})"#,
    )
    .ok()
});

pub(super) fn find(found: &mut Found<'_>) {
    let text = found.text;
    let is_secret = |captures: &regex::Captures<'_>| {
        captures
            .name("name")
            .is_some_and(|name| key::is_secret(name.as_str()))
    };
    for forward in [FORWARD.as_ref(), BARE.as_ref()].into_iter().flatten() {
        let mut from = 0;
        for captures in forward.captures_iter(text).filter(is_secret) {
            if let Some(value) = captures.name("value").filter(|value| value.start() >= from) {
                from = named::value(found, value.start(), false, true).unwrap_or(from);
            }
        }
    }
    for backward in [BACKWARD.as_ref(), BARE_BACKWARD.as_ref()]
        .into_iter()
        .flatten()
    {
        for captures in backward.captures_iter(text).filter(is_secret) {
            if let Some(value) = captures.name("value") {
                found.value(value.range(), Sort::Named, true);
            }
        }
    }
}
