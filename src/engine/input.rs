//! Inputs as values: what a text must look like for each type, and what templates then see.

mod url;

use std::collections::BTreeMap;

use crate::{
    finding::{Facts, InputName, Os, Value},
    tree::{Input, InputType},
};

/// The longest text that an input may have, in bytes.
pub(in crate::engine) const MAX_INPUT: usize = 4096;

/// The value of a text, or what is expected, as a lowercase fragment.
pub(in crate::engine) fn value(input: &Input, os: Os, text: &str) -> Result<Value, String> {
    if text.len() > MAX_INPUT {
        return Err(format!("a text of at most {MAX_INPUT} bytes is expected"));
    }
    if text.chars().any(char::is_control) {
        return Err("a text without control characters and line breaks is expected".to_owned());
    }
    let trimmed = text.trim();
    if trimmed.is_empty() {
        if let Some(nothing) = empty(&input.ty).filter(|_| input.optional) {
            return Ok(nothing);
        }
        if !input.optional {
            return Err("a value is expected".to_owned());
        }
    }
    match &input.ty {
        InputType::Text => Ok(trimmed.into()),
        InputType::Directory => path(unquoted(trimmed), os, "a folder's full path is expected")
            .map(|path| directory(path).into()),
        InputType::File => {
            path(unquoted(trimmed), os, "a file's full path is expected").map(Value::from)
        }
        InputType::Host => url::host(trimmed).map(Value::from).ok_or_else(|| {
            "a host name or an address is expected, without `https://`, port or path".to_owned()
        }),
        InputType::Url => url::parse(trimmed).map(|url| url.value()),
        InputType::Port => trimmed
            .parse::<u16>()
            .ok()
            .filter(|port| *port != 0)
            .map(Value::from)
            .ok_or_else(|| "a port from 1 to 65535 is expected".to_owned()),
        InputType::Choice(of) if of.contains_key(trimmed) => Ok(trimmed.into()),
        InputType::Choice(of) => {
            let ids: Vec<String> = of.keys().map(|id| format!("`{id}`")).collect();
            Err(format!("one of {} is expected", ids.join(", ")))
        }
        InputType::YesNo => match trimmed.to_ascii_lowercase().as_str() {
            "yes" | "y" | "true" => Ok(true.into()),
            "no" | "n" | "false" => Ok(false.into()),
            _ => Err("`yes` or `no` is expected".to_owned()),
        },
        InputType::Secret => Err("a secret is not given as text".to_owned()),
    }
}

/// What an optional input is that is left empty. Neither a *no* nor a choice: those are never empty.
pub(in crate::engine) fn empty(ty: &InputType) -> Option<Value> {
    match ty {
        InputType::Url => Some(url::Url::default().value()),
        InputType::YesNo | InputType::Choice(_) => None,
        _ => Some("".into()),
    }
}

/// Whether the path leads to another machine or to a device, on whatever system: opening one could contact that machine.
pub(in crate::engine) fn leads_away(path: &str) -> bool {
    let path = path.trim_start();
    path.starts_with(['/', '\\']) && path[1..].starts_with(['/', '\\'])
}

/// What stands in commands in the place of a value that is not known: `‹agent_dir›`.
pub(in crate::engine) fn placeholder(name: &InputName, ty: Option<&InputType>) -> Value {
    let whole = format!("‹{name}›");
    if ty != Some(&InputType::Url) {
        return whole.into();
    }
    let part = |part: &str| (part.to_owned(), Value::from(format!("‹{name}.{part}›")));
    let mut map: Facts = ["scheme", "host", "port", "path", "origin"]
        .map(part)
        .into_iter()
        .collect();
    map.insert("url".to_owned(), whole.into());
    map.into()
}

/// The text that a value from evidence would be typed as, where it is a plain one.
pub(in crate::engine) fn typed(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) => Some(text.clone()),
        Value::Int(number) => Some(number.to_string()),
        Value::Bool(true) => Some("yes".to_owned()),
        Value::Bool(false) => Some("no".to_owned()),
        Value::Map(map) => map.get("url").and_then(Value::as_str).map(str::to_owned),
        Value::Null | Value::Float(_) | Value::Secret(_) | Value::List(_) => None,
    }
}

/// Typed inputs by name, as a driver shows them.
pub(in crate::engine) type Values = BTreeMap<InputName, Value>;

/// A full path that is no network or device path: opening those would contact other machines.
fn path<'a>(text: &'a str, os: Os, expected: &str) -> Result<&'a str, String> {
    let refused = leads_away(text);
    let full = match os {
        Os::Windows => {
            let mut characters = text.chars();
            let drive = characters
                .next()
                .is_some_and(|letter| letter.is_ascii_alphabetic());
            drive && characters.next() == Some(':') && matches!(characters.next(), Some('\\' | '/'))
        }
        Os::Linux | Os::Macos => text.starts_with('/'),
    };
    if refused {
        Err(format!("{expected}, not a network or device path"))
    } else if full {
        Ok(text)
    } else {
        let example = if os == Os::Windows {
            r"`C:\…`"
        } else {
            "`/…`"
        };
        Err(format!("{expected}, such as {example}"))
    }
}

/// Without the quotes around it that file managers copy with a path.
fn unquoted(text: &str) -> &str {
    let inside = |quote: char| text.strip_prefix(quote)?.strip_suffix(quote);
    inside('"').or_else(|| inside('\'')).unwrap_or(text)
}

/// Without the separator at its end: trees write `{{ agent_dir }}/config.xml`.
fn directory(path: &str) -> &str {
    let cut = path.trim_end_matches(['/', '\\']);
    if cut.is_empty() || cut.ends_with(':') {
        path
    } else {
        cut
    }
}

#[cfg(test)]
mod tests {
    use indexmap::IndexMap;

    use super::*;
    use crate::engine::sketch;

    fn check_on(os: Os, ty: InputType, text: &str, expected: Result<Value, &str>) {
        let mut input = sketch::input("x");
        input.ty = ty;
        let expected = expected.map_err(str::to_owned);
        assert_eq!(value(&input, os, text), expected, "{text}");
    }

    #[test]
    fn a_text_must_fit_its_type() {
        let check = |ty, text, expected| check_on(Os::Linux, ty, text, expected);
        check(InputType::Text, " a b ", Ok("a b".into()));
        check(InputType::Text, "  ", Err("a value is expected"));
        check(
            InputType::Text,
            "a\nb",
            Err("a text without control characters and line breaks is expected"),
        );
        check(
            InputType::Directory,
            "/opt/mid/agent/",
            Ok("/opt/mid/agent".into()),
        );
        check(InputType::Directory, "/", Ok("/".into()));
        check(
            InputType::Directory,
            "\"/opt/a b/agent\"",
            Ok("/opt/a b/agent".into()),
        );
        check(
            InputType::Directory,
            "agent",
            Err("a folder's full path is expected, such as `/…`"),
        );
        check(
            InputType::File,
            "//srv/x",
            Err("a file's full path is expected, not a network or device path"),
        );
        check(InputType::Port, "443", Ok(443_u16.into()));
        check(
            InputType::Port,
            "0",
            Err("a port from 1 to 65535 is expected"),
        );
        check(
            InputType::Port,
            "65536",
            Err("a port from 1 to 65535 is expected"),
        );
        check(InputType::YesNo, "Yes", Ok(true.into()));
        check(InputType::YesNo, "maybe", Err("`yes` or `no` is expected"));
        check(InputType::Host, "a.example", Ok("a.example".into()));
        check(
            InputType::Host,
            "https://a.example",
            Err("a host name or an address is expected, without `https://`, port or path"),
        );
        let of: IndexMap<_, _> = [
            ("a".to_owned(), sketch::text("A")),
            ("b".to_owned(), sketch::text("B")),
        ]
        .into();
        check(InputType::Choice(of.clone()), "b", Ok("b".into()));
        check(
            InputType::Choice(of),
            "c",
            Err("one of `a`, `b` is expected"),
        );
        check(InputType::Secret, "x", Err("a secret is not given as text"));
    }

    #[test]
    fn windows_has_paths_of_its_own() {
        let check = |text, expected| check_on(Os::Windows, InputType::Directory, text, expected);
        check(r"C:\MID\agent\", Ok(r"C:\MID\agent".into()));
        check(r"C:\", Ok(r"C:\".into()));
        check(
            r"\\srv\share",
            Err("a folder's full path is expected, not a network or device path"),
        );
        check(
            "/opt",
            Err(r"a folder's full path is expected, such as `C:\…`"),
        );
    }
}
