//! Sections of `key = value` lines; a key under `[section]` is named `section.key`. `;` and `#` begin a comment line.

use crate::probe::config::{
    entry::{Entry, Malformed, Parsed},
    properties,
};

pub fn parse(text: &str) -> Parsed {
    let mut parsed = Parsed::default();
    let mut section = String::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let shown = line.trim();
        let from = start + (line.len() - line.trim_start().len());
        let prefixed = |name: &str| {
            if section.is_empty() {
                name.to_owned()
            } else {
                format!("{section}.{name}")
            }
        };
        if parsed.full() || parsed.malformed.is_some() {
            break;
        }
        match shown.chars().next() {
            None => {}
            Some(';' | '#') => parsed
                .commented
                .extend(properties::commented(&shown[1..]).map(|name| prefixed(&name))),
            Some('[') => match shown.find(']') {
                Some(end) => section = shown[1..end].trim().to_owned(),
                None => {
                    parsed.malformed = Some(Malformed::new(
                        from..from + shown.len(),
                        "the section's `]` is missing",
                    ))
                }
            },
            Some('=' | ':') => {
                parsed.malformed = Some(Malformed::new(
                    from..from + shown.len(),
                    "a value without a key",
                ));
            }
            Some(_) => {
                let separator = shown.find(['=', ':']).unwrap_or(shown.len());
                let name = shown[..separator].trim_end();
                let raw = shown.get(separator + 1..).unwrap_or_default().trim_start();
                let value_at = from + shown.len() - raw.len()..from + shown.len();
                parsed.push(Entry {
                    name: prefixed(name),
                    value: unquote(raw).to_owned(),
                    name_at: from..from + name.len(),
                    value_at,
                    secret: false,
                });
            }
        }
    }
    parsed
}

/// Without the quotes that stand around all of it.
fn unquote(value: &str) -> &str {
    let inner = |quote| {
        value
            .strip_prefix(quote)?
            .strip_suffix(quote)
            .filter(|inner: &&str| !inner.contains(quote))
    };
    inner('"').or_else(|| inner('\'')).unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files() {
        let check = |text: &str,
                     entries: &[(&str, &str)],
                     commented: &[&str],
                     malformed: Option<(&str, &str)>| {
            let parsed = parse(text);
            let found: Vec<_> = parsed
                .entries
                .iter()
                .map(|e| (e.name.as_str(), e.value.as_str()))
                .collect();
            assert_eq!(
                (found, parsed.commented),
                (
                    entries.to_vec(),
                    commented.iter().map(|c| c.to_string()).collect()
                ),
                "{text}"
            );
            assert_eq!(
                parsed
                    .malformed
                    .as_ref()
                    .map(|m| (&text[m.at.clone()], m.why.as_str())),
                malformed,
                "{text}"
            );
        };
        check("", &[], &[], None);
        check(
            "top = 1\r\n[server]\r\nhost=x.example\r\n; port=1\r\n name: \"a b\"\r\n[ other ]\r\n# k = 2\r\nflag\r\n",
            &[
                ("top", "1"),
                ("server.host", "x.example"),
                ("server.name", "a b"),
                ("other.flag", ""),
            ],
            &["server.port", "other.k"],
            None,
        );
        check(
            "[a\nb=1",
            &[],
            &[],
            Some(("[a", "the section's `]` is missing")),
        );
        check(
            "a=1\n =x",
            &[("a", "1")],
            &[],
            Some(("=x", "a value without a key")),
        );
        check("a=\"", &[("a", "\"")], &[], None);
    }
}
