//! XML, whole or broken, and within another text: `<parameter name="db.password" value="…"/>` in either order,
//! `<password>…</password>`, `&lt;password&gt;…`.

use std::ops::Range;

use memchr::memmem;

use crate::redact::{Sort, key, rule::comment, span::Found};

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

/// Attributes that say of the element's value that it is secret.
const MARKING: [&str; 5] = ["secure", "secret", "sensitive", "encrypt", "encrypted"];

/// The signs that a tag stands between: as they are, and as they are written within XML and JSON.
struct Signs {
    open: &'static str,
    close: &'static str,
}

const SIGNS: [Signs; 5] = [
    Signs {
        open: "<",
        close: ">",
    },
    Signs {
        open: "&lt;",
        close: "&gt;",
    },
    Signs {
        open: "&amp;lt;",
        close: "&amp;gt;",
    },
    Signs {
        open: "\\u003c",
        close: "\\u003e",
    },
    Signs {
        open: "\\u003C",
        close: "\\u003E",
    },
];

/// How far behind a sign that breaks the file the end of a value is looked for, in bytes, and over how many quotes.
const LONGEST: usize = 512;
const MOST_QUOTES: usize = 16;

/// How far on later lines the end of a value is looked for, in bytes.
const LONGEST_BELOW: usize = 8 << 10;

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
    entities(found);
    let mut names: Vec<usize> = SIGNS
        .iter()
        .flat_map(|signs| find_between(found, signs))
        .collect();
    names.sort_unstable();
    names
}

fn find_between(found: &mut Found<'_>, signs: &Signs) -> Vec<usize> {
    let text = found.text;
    let mut names = Vec::new();
    // A property list has the key in an element of its own.
    let mut key_before = false;
    let mut from = 0;
    for open in memmem::find_iter(text.as_bytes(), signs.open) {
        if open < from {
            continue;
        }
        let Some(element) = element(text, open + signs.open.len(), signs) else {
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
            let name = local_of(text, &attribute.name);
            let value = text_of(&attribute.value);
            (is_one_of(&NAMING, name) && key::is_secret(value))
                || swallows_a_name(text, &attribute.value)
                || (is_one_of(&MARKING, name) && is_one_of(&["true", "yes", "1"], value))
        });
        let mut held = false;
        for attribute in &element.attributes {
            let name = local_of(text, &attribute.name);
            let holds = named && is_one_of(&HOLDING, name);
            held |= holds;
            if holds || (key::is_secret(name) && !is_one_of(&NAMING, name)) {
                let breaks = breaking(text, &attribute.value);
                found.broken(attribute.value.clone(), Sort::Named, true, breaks);
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
            from = content_of(found, content, text_of(&element.name), signs);
        } else if local.eq_ignore_ascii_case("key") || local.eq_ignore_ascii_case("name") {
            let end = memmem::find(&text.as_bytes()[content..], signs.open.as_bytes())
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
fn content_of(found: &mut Found<'_>, from: usize, name: &str, signs: &Signs) -> usize {
    const CDATA: &str = "<![CDATA[";
    let text = found.text;
    let cdata = text[from..].starts_with(CDATA);
    let (start, end) = if cdata {
        (from + CDATA.len(), "]]>")
    } else {
        (from, signs.open)
    };
    let end = memmem::find(&text.as_bytes()[start..], end.as_bytes())
        .map_or(text.len(), |length| start + length);
    let ended = text[end..]
        .strip_prefix(signs.open)
        .and_then(|rest| rest.strip_prefix('/'))
        .is_some_and(|rest| rest.starts_with(name));
    let shown = if cdata || ended {
        start..end
    } else {
        start..start + comment::without_end(&text[start..end]).len()
    };
    let word = || !text[shown.clone()].trim().contains(char::is_whitespace);
    if cdata || ended || word() {
        let breaks = match cdata {
            true => control(&text[start..end]),
            false => breaking(text, &shown),
        };
        found.broken(shown, Sort::Named, true, breaks);
    }
    end
}

/// The element whose name begins at `at`.
fn element(text: &str, at: usize, signs: &Signs) -> Option<Element> {
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
        let rest = &bytes[at..];
        if rest.starts_with(signs.close.as_bytes()) {
            element.content = Some(at + signs.close.len());
            break;
        }
        if rest.is_empty() || rest.starts_with(signs.open.as_bytes()) || rest[0] == b'/' {
            break;
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
        let (value, after) = value(text, at, signs);
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
fn value(text: &str, at: usize, signs: &Signs) -> (Range<usize>, usize) {
    const QUOTES: [(&str, &str); 9] = [
        ("\"", "\""),
        ("'", "'"),
        ("“", "”"),
        ("&quot;", "&quot;"),
        ("&amp;quot;", "&amp;quot;"),
        ("&#34;", "&#34;"),
        ("&apos;", "&apos;"),
        ("\\\"", "\\\""),
        ("\\u0022", "\\u0022"),
    ];
    let rest = &text[at..];
    let Some((open, close)) = QUOTES.into_iter().find(|(open, _)| rest.starts_with(open)) else {
        let length = rest
            .find(|c: char| c.is_whitespace() || matches!(c, '<' | '>'))
            .unwrap_or(rest.len());
        let length =
            memmem::find(&rest.as_bytes()[..length], signs.close.as_bytes()).unwrap_or(length);
        let length = rest[..length].trim_end_matches('/').len();
        return (at..at + length, at + length);
    };
    let start = at + open.len();
    let rest = &text[start..];
    // A `<` in a value breaks the file; mostly the next tag begins there, and the quote before it is lost.
    let limit = memmem::find(rest.as_bytes(), signs.open.as_bytes()).unwrap_or(rest.len());
    let limit = memchr::memchr2(b'<', b'\n', &rest.as_bytes()[..limit]).unwrap_or(limit);
    if let Some(length) = closing(rest, close, limit) {
        return (start..start + length, start + length + close.len());
    }
    if rest[limit..].starts_with(['\n', '\r'])
        && let Some(length) = closing_below(rest, close, limit)
    {
        return (start..start + length, start + length + close.len());
    }
    // Without its quote, a value goes on behind a `<` where no other tag can have begun.
    let most = rest.floor_char_boundary(limit.saturating_add(LONGEST));
    let line = rest[limit..most].lines().next().unwrap_or_default();
    let goes_on = line.starts_with('<') && !line.contains('=') && !line.contains("</");
    let limit = if goes_on { limit + line.len() } else { limit };
    let value = rest[..limit].trim_end();
    let value = value.strip_suffix(signs.close).map_or(value, |value| {
        let ends = value.strip_suffix('/').or(value.strip_suffix("--"));
        ends.unwrap_or(value)
    });
    let value = value.trim_end_matches(['”', '“']).trim_end();
    (start..start + value.len(), start + limit)
}

/// Where the quote stands that closes a value, in its line. One that is followed by what follows no value is part of it, and
/// so may a `<` be: a password holds such signs, and whoever typed it did not know that it may not.
fn closing(rest: &str, close: &str, limit: usize) -> Option<usize> {
    let ends = |length: usize| ends_value(&rest[length + close.len()..]);
    let first = memmem::find(&rest.as_bytes()[..limit], close.as_bytes());
    if first.is_some_and(ends) {
        return first;
    }
    let most = rest.floor_char_boundary(limit.saturating_add(LONGEST));
    let line = rest[..most].lines().next().unwrap_or_default();
    // Beyond a `<` another tag may have begun, whose attributes these are.
    let other_tag = |length: usize| length > limit && line[limit..length].contains('=');
    memmem::find_iter(line.as_bytes(), close)
        .skip_while(|length| first.is_some_and(|first| *length <= first))
        .take(MOST_QUOTES)
        .find(|length| ends(*length) && !other_tag(*length))
}

/// Where the quote stands on a later line that closes a value, before any other tag can have begun. A quote behind `=` opens
/// one: then the quote of this value is missing.
fn closing_below(rest: &str, close: &str, from: usize) -> Option<usize> {
    let most = rest.floor_char_boundary(from.saturating_add(LONGEST_BELOW));
    let below = &rest[from..most];
    let below = &below[..memchr::memchr(b'<', below.as_bytes()).unwrap_or(below.len())];
    let length = memmem::find(below.as_bytes(), close.as_bytes())?;
    let opens = below[..length].trim_end().ends_with('=');
    (!opens && ends_value(&below[length + close.len()..])).then_some(from + length)
}

/// `<!ENTITY name "…">`: what it stands for may be a password, whatever it is called. One that stands elsewhere is none.
fn entities(found: &mut Found<'_>) {
    let text = found.text;
    for declared in memmem::find_iter(text.as_bytes(), "<!ENTITY") {
        let bytes = text.as_bytes();
        let mut at = past_whitespace(bytes, declared + "<!ENTITY".len());
        if bytes.get(at) == Some(&b'%') {
            at = past_whitespace(bytes, at + 1);
        }
        let name = at..name_end(bytes, at);
        let open = past_whitespace(bytes, name.end);
        let Some(quote) = bytes.get(open).filter(|b| matches!(b, b'"' | b'\'')) else {
            continue;
        };
        let most = text.floor_char_boundary(open.saturating_add(LONGEST_BELOW));
        let Some(length) = memchr::memchr(*quote, &bytes[open + 1..most.max(open + 1)]) else {
            continue;
        };
        let value = open + 1..open + 1 + length;
        // A letter by its number.
        let letter = text[value.clone()].starts_with("&#") && length <= 10;
        if !letter {
            found.whole(value, Sort::Named, key::is_secret(&text[name]));
        }
    }
}

/// Whether this is what follows the quote that closes a value: the end of the tag, or another attribute.
fn ends_value(behind: &str) -> bool {
    let bare = behind.trim_start();
    let name = name_end(bare.as_bytes(), 0);
    bare.is_empty()
        || bare.starts_with(['/', '>', '?'])
        || bare.starts_with("&gt;")
        || bare.starts_with("&amp;gt;")
        || bare.starts_with("\\u003")
        || (name > 0 && bare[name..].trim_start().starts_with('='))
}

/// Whether a value with a quote in it may have taken the attribute behind it for a part of itself, and that names a secret.
fn swallows_a_name(text: &str, value: &Range<usize>) -> bool {
    let quote = text[..value.start].chars().next_back();
    let shown = &text[value.clone()];
    shown.contains('=')
        && shown.len() <= 4 * LONGEST
        && quote.is_some_and(|quote| matches!(quote, '"' | '\'') && shown.contains(quote))
        && shown
            .split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-')))
            .any(key::is_secret)
}

/// Characters that may not stand in XML at all.
const NEVER: &str = "\0\u{1}\u{2}\u{3}\u{4}\u{5}\u{6}\u{7}\u{8}\u{b}\u{c}\u{e}\u{f}\u{10}\u{11}\u{12}\u{13}\u{14}\u{15}\u{16}\
                     \u{17}\u{18}\u{19}\u{1a}\u{1b}\u{1c}\u{1d}\u{1e}\u{1f}\u{fffe}\u{ffff}";

/// The first of them in a text.
pub(super) fn control(text: &str) -> Option<&'static str> {
    text.chars().find_map(|c| NEVER.matches(c).next())
}

/// Whether this is one of the signs that break a file, or nothing.
pub(super) fn is_sign(text: &str) -> bool {
    matches!(text, "" | "&" | "<" | "\"" | "'" | "\"\"" | "''" | "]]>")
        || control(text) == Some(text)
}

/// The first sign in a value that breaks the file, if it stands in one as it is. A quote that nothing closes has to be
/// there twice, or what is left would be whole.
fn breaking(text: &str, value: &Range<usize>) -> Option<&'static str> {
    let quote = text[..value.start].chars().next_back();
    let closed = quote.is_some_and(|quote| text[value.end..].starts_with(quote));
    breaking_sign(&text[value.clone()], quote, closed)
}

pub(super) fn breaking_sign(
    shown: &str,
    quote: Option<char>,
    closed: bool,
) -> Option<&'static str> {
    let entity = |rest: &str| {
        let name = rest
            .bytes()
            .take(32)
            .take_while(|b| b.is_ascii_alphanumeric() || *b == b'#')
            .count();
        name > 0 && rest[name..].starts_with(';')
    };
    shown.char_indices().find_map(|(at, c)| match c {
        '<' => Some("<"),
        '&' if !entity(&shown[at + 1..]) => Some("&"),
        '"' if quote == Some(c) && closed => Some("\""),
        '\'' if quote == Some(c) && closed => Some("'"),
        '"' if quote == Some(c) => Some("\"\""),
        '\'' if quote == Some(c) => Some("''"),
        ']' if quote == Some('>') && shown[at..].starts_with("]]>") => Some("]]>"),
        c => NEVER.matches(c).next(),
    })
}
