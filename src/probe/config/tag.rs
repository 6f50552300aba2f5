//! One XML tag, checked to the letter: names, quotes, attributes, references. Says what a person did wrong, since that is
//! mostly a lost quote, a curly one out of a text editor, or a bare `&`.

use std::ops::Range;

use crate::probe::config::entry::{Fault, MARKS, Malformed, Shape};

/// Attributes of one tag.
const MAX_ATTRIBUTES: usize = 256;

/// A start tag.
#[derive(Debug, Default, PartialEq)]
pub struct Tag {
    pub name: Range<usize>,
    pub attributes: Vec<Attribute>,
    /// Ends in `/>`.
    pub empty: bool,
    /// Just after its `>`.
    pub end: usize,
}

#[derive(Debug, PartialEq)]
pub struct Attribute {
    pub name: Range<usize>,
    /// Without the quotes.
    pub value: Range<usize>,
}

/// What is known before a tag is read.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    pub shape: &'a Shape,
    /// The name of the top element; empty before it.
    pub root: &'a str,
    /// A document type may define further entities.
    pub entities: bool,
}

impl Known<'_> {
    /// Whether a message may show this name. In a broken file anything may look like one, a password too.
    pub fn shows(&self, name: &str) -> bool {
        let shape = [&self.shape.entry, &self.shape.key];
        !name.is_empty()
            && (shape
                .into_iter()
                .chain(&self.shape.value)
                .any(|known| known == name)
                || name == self.root
                || MARKS.contains(&name))
    }

    /// An element in a message.
    pub fn element(&self, name: &str) -> String {
        if self.shows(name) {
            format!("`<{name}>`")
        } else {
            "an element".to_owned()
        }
    }

    /// A tag that is not whole, in a message.
    fn tag(&self, name: &str) -> String {
        if self.shows(name) {
            format!("the tag `<{name}`")
        } else {
            "the tag".to_owned()
        }
    }

    fn attribute(&self, name: &str) -> String {
        if self.shows(name) {
            format!("the attribute `{name}`")
        } else {
            "an attribute".to_owned()
        }
    }

    fn value_of(&self, name: &str) -> String {
        if self.shows(name) {
            format!("the value of `{name}`")
        } else {
            "the value of an attribute".to_owned()
        }
    }
}

/// Reads the start tag whose `<` stands at `start`.
pub fn scan(text: &str, start: usize, known: Known<'_>) -> Result<Tag, Malformed> {
    Scanner {
        text,
        start,
        at: start + 1,
        known,
    }
    .tag()
    .map_err(|malformed| blame_curly_quote(text, start, malformed))
}

/// The text with its references resolved, or the reference that is wrong.
pub fn unescape(text: &str, at: Range<usize>, entities: bool) -> Result<String, Malformed> {
    let mut value = String::with_capacity(at.len());
    let mut rest = at.clone();
    while let Some(before) = text[rest.clone()].find('&') {
        let amp = rest.start + before;
        value += &text[rest.start..amp];
        let name_end = text[amp + 1..at.end]
            .find(|c: char| !is_name(c) && c != '#')
            .map_or(at.end, |end| amp + 1 + end);
        let name = &text[amp + 1..name_end];
        if name.is_empty() || !text[name_end..at.end].starts_with(';') {
            return Err(Malformed::ampersand(
                amp..amp + 1,
                "an `&` that begins no entity: write `&amp;`",
            ));
        }
        rest.start = name_end + 1;
        match entity(name) {
            Some(c) => value.push(c),
            None if entities && !name.starts_with('#') => value += &text[amp..rest.start],
            None => {
                let why = "an entity that XML does not know: where `&` is meant, write `&amp;`";
                return Err(Malformed::ampersand(amp..rest.start, why));
            }
        }
    }
    value += &text[rest];
    Ok(value)
}

/// The first reference from there on that XML itself does not know; one in a comment counts as well.
pub fn declared_entity(text: &str, from: usize) -> Option<Range<usize>> {
    text[from..].match_indices('&').find_map(|(at, _)| {
        let start = from + at;
        let end = start + 1 + text[start + 1..].find(|c: char| !is_name(c))?;
        let name = &text[start + 1..end];
        let declared = text[end..].starts_with(';') && !name.is_empty() && entity(name).is_none();
        declared.then_some(start..end + 1)
    })
}

pub fn is_name_start(c: char) -> bool {
    c.is_alphabetic() || matches!(c, '_' | ':')
}

pub fn is_name(c: char) -> bool {
    is_name_start(c) || c.is_numeric() || matches!(c, '-' | '.' | '\u{b7}')
}

/// A character that XML 1.0 allows.
pub fn is_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r') || (c >= ' ' && !matches!(c, '\u{fffe}' | '\u{ffff}'))
}

fn entity(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix('x') {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code).filter(|c| is_char(*c))
        }
    }
}

struct Scanner<'a> {
    text: &'a str,
    start: usize,
    at: usize,
    known: Known<'a>,
}

impl Scanner<'_> {
    fn tag(mut self) -> Result<Tag, Malformed> {
        let mut tag = Tag {
            name: self.name(),
            ..Tag::default()
        };
        if tag.name.is_empty() {
            return Err(Malformed::new(
                self.start..self.start + 1,
                "a `<` that begins no tag: write `&lt;`",
            ));
        }
        loop {
            let blank = self.skip_blanks();
            match self.peek() {
                None => return Err(self.cut_off(&tag)),
                Some('>') => {
                    tag.end = self.at + 1;
                    return Ok(tag);
                }
                Some('/') if self.text[self.at..].starts_with("/>") => {
                    tag.empty = true;
                    tag.end = self.at + 2;
                    return Ok(tag);
                }
                Some('/') => {
                    let tag = self.known.tag(&self.text[tag.name.clone()]);
                    let why = format!("{tag} ends in `/` without `>`");
                    return Err(Malformed::not_closed(self.at..self.at + 1, why));
                }
                Some('<') => {
                    let end = self.text[..self.at].trim_end().len();
                    let tag = self.known.tag(&self.text[tag.name.clone()]);
                    let why = format!("{tag} is not closed: `>` or `/>` is missing");
                    return Err(Malformed::not_closed(self.start..end, why));
                }
                Some(c) if is_name_start(c) => {
                    let name = self.name();
                    if !blank {
                        let attribute = self.known.attribute(&self.text[name.clone()]);
                        let why = format!(
                            "a blank is missing before {attribute}, or a quote stands in the wrong place"
                        );
                        return Err(Malformed::quote(name, why));
                    }
                    let attribute = self.attribute(name)?;
                    if tag.attributes.len() == MAX_ATTRIBUTES {
                        let why = format!("more than {MAX_ATTRIBUTES} attributes in one tag");
                        return Err(Malformed::bound(self.start..self.start, why));
                    }
                    let same = |other: &&Attribute| {
                        self.text[other.name.clone()] == self.text[attribute.name.clone()]
                    };
                    if tag.attributes.iter().find(same).is_some() {
                        let shown = self.known.attribute(&self.text[attribute.name.clone()]);
                        let why = format!("{shown} stands twice in one tag");
                        return Err(Malformed::new(attribute.name, why));
                    }
                    tag.attributes.push(attribute);
                }
                Some(c) => {
                    let sign = match c {
                        '"' | '\'' => format!("`{c}`"),
                        _ => "this sign".to_owned(),
                    };
                    return Err(Malformed::new(
                        self.at..self.at + c.len_utf8(),
                        format!("{sign} may not stand inside a tag"),
                    ));
                }
            }
        }
    }

    fn attribute(&mut self, name: Range<usize>) -> Result<Attribute, Malformed> {
        let known = self.known;
        let shown = &self.text[name.clone()];
        self.skip_blanks();
        if self.peek() != Some('=') {
            return Err(match self.peek() {
                None => self.cut_off(&Tag {
                    name: self.start + 1..self.start + 1,
                    ..Tag::default()
                }),
                Some(_) => Malformed::new(
                    name.clone(),
                    format!("{} has no value", known.attribute(shown)),
                ),
            });
        }
        self.at += 1;
        self.skip_blanks();
        let quote = match self.peek() {
            Some(quote @ ('"' | '\'')) => quote,
            Some(_) => {
                let rest = &self.text[self.at..];
                let end = rest
                    .find(|c: char| c.is_whitespace() || matches!(c, '>' | '<'))
                    .unwrap_or(rest.len());
                let why = format!("{} does not stand in quotes", known.value_of(shown));
                return Err(Malformed::quote(self.at..self.at + end, why));
            }
            None => {
                let why = format!(
                    "the file ends before {}: it may be cut off",
                    known.value_of(shown)
                );
                return Err(Malformed::cut_off(name, why));
            }
        };
        let open = self.at;
        let rest = &self.text[open + 1..];
        let closed = rest.find(quote);
        let value = open + 1..open + 1 + closed.unwrap_or(rest.len());
        // Only where something is wrong: of a file that is one line this is all of it.
        let line_end = || {
            self.text[open..]
                .find(['\r', '\n'])
                .map_or(self.text.len(), |end| open + end)
        };
        if let Some(less) = self.text[value.clone()].find('<') {
            let less = value.start + less;
            // On a line of its own, the `<` begins the next tag; then the quote is what is wrong.
            let line_end = line_end();
            return Err(if less < line_end {
                Malformed::quote(
                    less..less + 1,
                    format!(
                        "a `<` inside {}: write `&lt;`, or close the value with `{quote}`",
                        known.value_of(shown)
                    ),
                )
            } else {
                Malformed::quote(
                    open..line_end,
                    format!(
                        "{} is not closed: `{quote}` is missing",
                        known.value_of(shown)
                    ),
                )
            });
        }
        if closed.is_none() {
            let why = format!(
                "{} is not closed before the end of the file: it may be cut off",
                known.value_of(shown)
            );
            return Err(Malformed::cut_off(open..line_end(), why));
        }
        unescape(self.text, value.clone(), known.entities)?;
        self.at = value.end + 1;
        Ok(Attribute { name, value })
    }

    fn cut_off(&self, tag: &Tag) -> Malformed {
        let end = self.text[self.start..]
            .find(['\r', '\n'])
            .map_or(self.text.len(), |end| self.start + end);
        let tag = self.known.tag(&self.text[tag.name.clone()]);
        Malformed::cut_off(
            self.start..end,
            format!("{tag} is not closed before the end of the file: it may be cut off"),
        )
    }

    fn name(&mut self) -> Range<usize> {
        let start = self.at;
        if self.peek().is_some_and(is_name_start) {
            let rest = &self.text[start..];
            self.at += rest.find(|c| !is_name(c)).unwrap_or(rest.len());
        }
        start..self.at
    }

    fn skip_blanks(&mut self) -> bool {
        let rest = &self.text[self.at..];
        let blanks = rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len();
        self.at += blanks;
        blanks > 0
    }

    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }
}

/// A curly double quote in a broken tag is what broke it: it looks like the straight one and closes nothing.
fn blame_curly_quote(text: &str, start: usize, malformed: Malformed) -> Malformed {
    if malformed.fault == Fault::Bound {
        return malformed;
    }
    let end = text[malformed.at.start..]
        .find('\n')
        .map_or(text.len(), |end| malformed.at.start + end);
    let curly = |c: char| {
        matches!(
            c,
            '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{201f}' | '\u{2033}'
        )
    };
    match text[start..end].char_indices().find(|(_, c)| curly(*c)) {
        Some((at, c)) => {
            let at = start + at..start + at + c.len_utf8();
            Malformed::quote(
                at,
                format!("the curly quote `{c}` is none for XML: write `\"`"),
            )
        }
        None => malformed,
    }
}

#[cfg(test)]
mod tests;
