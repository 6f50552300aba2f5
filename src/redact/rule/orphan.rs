//! The end of a tag whose beginning is not there, as an excerpt may have it in its first line: `value="…" />`. Nobody knows
//! any more what the value is of.

use std::sync::LazyLock;

use regex::Regex;

use crate::redact::{Sort, span::Found};

static TAIL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r#"(?i)\A\s*(?:[a-z0-9_.:-]+\s*=\s*(?:"[^"<>]*"|'[^'<>]*')\s*)*?value\s*=\s*(?:"(?<double>[^"<>]+)"|'(?<single>[^'<>]+)')[^<>]*>"#,
    )
    .ok()
});

pub(super) fn find(found: &mut Found<'_>) {
    let Some(captures) = TAIL.as_ref().and_then(|tail| tail.captures(found.text)) else {
        return;
    };
    let value = captures.name("double").or(captures.name("single"));
    if let Some(value) = value.map(|value| value.range()) {
        found.value(value, Sort::Named, false);
    }
}

#[cfg(test)]
mod tests {
    use crate::redact::Redactor;

    #[test]
    fn tails() {
        let check = |text: &str, expected: &str| {
            assert_eq!(Redactor::default().text(text), expected);
        };
        check("  value=\"hush7\"/>\nx", "  value=\"‹secret-1›\"/>\nx");
        check(
            "type='a' value='hush7' secure='true'>",
            "type='a' value='‹secret-1›' secure='true'>",
        );
        check(
            "value=\"encrypted:hush7\"/>",
            "value=\"encrypted:‹secret-1›\"/>",
        );
        for kept in [
            "value=\"true\"/>",
            "value=7 > 5",
            "x\nvalue=\"hush7\"/>",
            "<a value=\"hush7\"/>",
            "value=\"hush7\"",
        ] {
            check(kept, kept);
        }
    }
}
