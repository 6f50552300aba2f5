//! XML, whole or broken: `<parameter name="db.password" value="…"/>` in either order, `<password>…</password>`.

use std::ops::Range;

use memchr::memmem;

use crate::redact::{Sort, key, span::Found};

/// Attributes whose value names what the element is about.
const NAMING: [&str; 8] = [
    "name",
    "key",
    "id",
    "property",
    "param",
    "parameter",
    "field",
    "type",
];

/// Attributes that hold what such an element is about.
const HOLDING: [&str; 6] = ["value", "val", "default", "content", "data", "text"];

/// How many attributes of one element are read.
const MOST: usize = 256;

struct Attribute {
    name: Range<usize>,
    value: Range<usize>,
}

struct Element {
    name: Range<usize>,
    attributes: Vec<Attribute>,
    /// Where its content begins; none where it has none, or is broken.
    content: Option<usize>,
}

/// Gives where the names of attributes begin, in order.
pub(super) fn find(found: &mut Found<'_>) -> Vec<usize> {
    let text = found.text;
    let mut names = Vec::new();
    // A property list has the key in an element of its own.
    let mut key_before = false;
    let mut from = 0;
    for open in memchr::memchr_iter(b'<', text.as_bytes()) {
        if open < from {
            continue;
        }
        let Some(element) = element(text, open + 1) else {
            continue;
        };
        let local = local(&text[element.name.clone()]);
        names.extend(
            element
                .attributes
                .iter()
                .map(|attribute| attribute.name.start),
        );
        let text_of = |range: &Range<usize>| &text[range.clone()];
        let named = element.attributes.iter().any(|attribute| {
            is_one_of(&NAMING, local_of(text, &attribute.name))
                && key::is_secret(text_of(&attribute.value))
        });
        let mut held = false;
        for attribute in &element.attributes {
            let name = local_of(text, &attribute.name);
            let holds = named && is_one_of(&HOLDING, name);
            held |= holds;
            if holds || (key::is_secret(name) && !is_one_of(&NAMING, name)) {
                found.value(attribute.value.clone(), Sort::Named, true);
            }
        }
        let Some(content) = element.content else {
            continue;
        };
        let holds = key::is_secret(local)
            || (named && !held)
            || (key_before && is_one_of(&["string", "value"], local));
        key_before = false;
        if holds {
            from = content_of(found, content, text_of(&element.name));
        } else if local.eq_ignore_ascii_case("key") || local.eq_ignore_ascii_case("name") {
            let end = memchr::memchr(b'<', &text.as_bytes()[content..])
                .map_or(content, |length| content + length);
            key_before = key::is_secret(&text[content..end]);
        }
    }
    names
}

fn is_one_of(names: &[&str], name: &str) -> bool {
    names.iter().any(|known| name.eq_ignore_ascii_case(known))
}

/// A name without its prefix.
fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

fn local_of<'a>(text: &'a str, range: &Range<usize>) -> &'a str {
    local(&text[range.clone()])
}

/// Masks the text in an element, up to where the next begins. Without its end it has to be a single word. Gives where
/// it ends.
fn content_of(found: &mut Found<'_>, from: usize, name: &str) -> usize {
    const CDATA: &str = "<![CDATA[";
    let text = found.text;
    let cdata = text[from..].starts_with(CDATA);
    let (start, end) = if cdata {
        (from + CDATA.len(), "]]>")
    } else {
        (from, "<")
    };
    let end = memmem::find(&text.as_bytes()[start..], end.as_bytes())
        .map_or(text.len(), |length| start + length);
    let ended = text[end..]
        .strip_prefix("</")
        .is_some_and(|rest| rest.starts_with(name));
    let word = || !text[start..end].trim().contains(char::is_whitespace);
    if cdata || ended || word() {
        found.value(start..end, Sort::Named, true);
    }
    end
}

/// The element whose name begins at `at`.
fn element(text: &str, at: usize) -> Option<Element> {
    let bytes = text.as_bytes();
    let name = at..name_end(bytes, at);
    if name.is_empty() {
        return None;
    }
    let mut element = Element {
        attributes: Vec::new(),
        content: None,
        name: name.clone(),
    };
    let mut at = name.end;
    while element.attributes.len() < MOST {
        at = past_whitespace(bytes, at);
        match bytes.get(at) {
            Some(b'>') => {
                element.content = Some(at + 1);
                break;
            }
            None | Some(b'<' | b'/') => break,
            Some(_) => {}
        }
        let name = at..name_end(bytes, at);
        if name.is_empty() {
            break;
        }
        at = past_whitespace(bytes, name.end);
        if bytes.get(at) != Some(&b'=') {
            continue;
        }
        at = past_whitespace(bytes, at + 1);
        let (value, after) = value(text, at);
        at = after;
        element.attributes.push(Attribute { name, value });
    }
    Some(element)
}

fn name_end(bytes: &[u8], at: usize) -> usize {
    let of_name = |b: &&u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b':');
    at + bytes[at..].iter().take(256).take_while(of_name).count()
}

fn past_whitespace(bytes: &[u8], at: usize) -> usize {
    at + bytes[at..]
        .iter()
        .take_while(|b| b.is_ascii_whitespace())
        .count()
}

/// An attribute's value and where to go on. In a broken file the closing quote may be missing, or curly.
fn value(text: &str, at: usize) -> (Range<usize>, usize) {
    let rest = &text[at..];
    let quotes = [("\"", "\""), ("'", "'"), ("“", "”")];
    let Some((open, close)) = quotes.into_iter().find(|(open, _)| rest.starts_with(open)) else {
        let length = rest
            .find(|c: char| c.is_whitespace() || matches!(c, '<' | '>'))
            .unwrap_or(rest.len());
        let length = rest[..length].trim_end_matches('/').len();
        return (at..at + length, at + length);
    };
    let start = at + open.len();
    let rest = &text[start..];
    // No value of an attribute has a `<` in it, nor do those that are read here run over lines.
    let limit = memchr::memchr2(b'<', b'\n', rest.as_bytes()).unwrap_or(rest.len());
    match rest[..limit].find(close) {
        Some(length) => (start..start + length, start + length + close.len()),
        None => {
            let value = rest[..limit].trim_end();
            let value = value
                .strip_suffix('>')
                .map_or(value, |value| value.strip_suffix('/').unwrap_or(value));
            let value = value.trim_end_matches(['”', '“']).trim_end();
            (start..start + value.len(), start + limit)
        }
    }
}
