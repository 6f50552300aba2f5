//! YAML, with the place of every key: nested keys are joined by `.`, items of a list are numbered from 0. Aliases are
//! followed and `<<` is merged, both within the bound on entries.

use std::{collections::HashMap, ops::Range};

use granit_parser::{Event, Parser};

use crate::probe::config::{
    entry::{Entry, Malformed, Parsed},
    properties,
};

pub fn parse(text: &str) -> Parsed {
    let mut walk = Walk::default();
    for event in Parser::new_from_str(text) {
        if walk.parsed.full() || walk.parsed.malformed.is_some() {
            break;
        }
        match event {
            Ok((event, span)) => walk.event(event, span.byte_range().unwrap_or(0..0)),
            Err(error) => {
                let mut at = error
                    .marker()
                    .byte_offset()
                    .unwrap_or(text.len())
                    .min(text.len());
                if text[at..].trim().is_empty() {
                    // At the end of the file there is nothing to see but the last line.
                    at = text.trim_end().rfind('\n').map_or(0, |start| start + 1);
                }
                let end = text[at..]
                    .find(['\r', '\n'])
                    .map_or(text.len(), |end| at + end);
                walk.parsed.malformed = Some(Malformed::new(at..end, error.kind().to_string()));
                break;
            }
        }
    }
    walk.parsed
}

#[derive(Default)]
struct Walk {
    parsed: Parsed,
    open: Vec<Open>,
    anchors: HashMap<usize, Anchor>,
}

/// A mapping or a list that is being read.
struct Open {
    /// The name of what is in it, without the last part.
    prefix: String,
    /// In a mapping the key whose value comes next; `None` where a key comes next.
    key: Option<(String, Range<usize>)>,
    /// In a list the number of the next item.
    index: Option<usize>,
    anchor: usize,
    first_entry: usize,
}

/// Levels of nesting.
const MAX_DEPTH: usize = 128;

/// What an alias stands for: entries that begin with a name.
struct Anchor {
    prefix: String,
    entries: Range<usize>,
}

impl Walk {
    fn event(&mut self, event: Event<'_>, at: Range<usize>) {
        match event {
            Event::Comment(comment, _) => self
                .parsed
                .commented
                .extend(properties::commented(&comment)),
            Event::Scalar(value, _, anchor, _) => {
                if self.takes_key() {
                    self.set_key(value.into_owned(), at);
                    return;
                }
                let (name, name_at) = self.place(&at);
                let from = self.parsed.entries.len();
                self.parsed.push(Entry {
                    name: name.clone(),
                    value: value.into_owned(),
                    name_at,
                    value_at: at,
                    secret: false,
                });
                self.anchors.insert(
                    anchor,
                    Anchor {
                        prefix: name,
                        entries: from..from + 1,
                    },
                );
            }
            Event::MappingStart(_, anchor, _) => self.begin(anchor, None, &at),
            Event::SequenceStart(_, anchor, _) => self.begin(anchor, Some(0), &at),
            Event::MappingEnd | Event::SequenceEnd => {
                if let Some(open) = self.open.pop() {
                    let entries = open.first_entry..self.parsed.entries.len();
                    self.anchors.insert(
                        open.anchor,
                        Anchor {
                            prefix: open.prefix,
                            entries,
                        },
                    );
                }
            }
            Event::Alias(id) if self.takes_key() => {
                let key = self
                    .anchors
                    .get(&id)
                    .and_then(|anchor| self.parsed.entries.get(anchor.entries.start));
                let key = key.map(|entry| entry.value.clone()).unwrap_or_default();
                self.set_key(key, at);
            }
            Event::Alias(id) => self.alias(id, &at),
            _ => {}
        }
    }

    fn begin(&mut self, anchor: usize, index: Option<usize>, at: &Range<usize>) {
        if self.takes_key() {
            // A mapping or a list as a key has no name; what it holds is read under `?`.
            self.set_key("?".to_owned(), at.clone());
        }
        let prefix = self.place(at).0;
        self.parsed.hold(prefix.len());
        if self.open.len() == MAX_DEPTH {
            let why = format!("nested deeper than {MAX_DEPTH} levels");
            self.parsed.malformed = Some(Malformed::bound(at.start..at.start, why));
        }
        self.open.push(Open {
            prefix,
            key: None,
            index,
            anchor,
            first_entry: self.parsed.entries.len(),
        });
    }

    fn alias(&mut self, id: usize, at: &Range<usize>) {
        let (mut name, name_at) = self.place(at);
        let Some(anchor) = self.anchors.get(&id) else {
            return;
        };
        let merge = name == "<<" || name.ends_with(".<<");
        if merge {
            name.truncate(name.len().saturating_sub(3));
        }
        for index in anchor.entries.clone() {
            if self.parsed.full() {
                return;
            }
            let from = &self.parsed.entries[index];
            let rest = from.name[anchor.prefix.len()..].trim_start_matches('.');
            let joined = join(&name, rest);
            if merge && self.parsed.entries.iter().any(|entry| entry.name == joined) {
                continue;
            }
            let entry = Entry {
                name: joined,
                value: from.value.clone(),
                name_at: name_at.clone(),
                value_at: at.clone(),
                secret: from.secret,
            };
            self.parsed.push(entry);
        }
    }

    fn takes_key(&self) -> bool {
        self.open
            .last()
            .is_some_and(|open| open.index.is_none() && open.key.is_none())
    }

    fn set_key(&mut self, key: String, at: Range<usize>) {
        if let Some(open) = self.open.last_mut() {
            open.key = Some((key, at));
        }
    }

    /// The name of the value that comes now, and where its key stands; moves on to the next.
    fn place(&mut self, at: &Range<usize>) -> (String, Range<usize>) {
        let Some(open) = self.open.last_mut() else {
            return (String::new(), at.start..at.start);
        };
        match (&mut open.index, open.key.take()) {
            (Some(index), _) => {
                *index += 1;
                (
                    join(&open.prefix, &(*index - 1).to_string()),
                    at.start..at.start,
                )
            }
            (None, Some((key, key_at))) => (join(&open.prefix, &key), key_at),
            (None, None) => (open.prefix.clone(), at.start..at.start),
        }
    }
}

fn join(prefix: &str, name: &str) -> String {
    match (prefix, name) {
        ("", name) => name.to_owned(),
        (prefix, "") => prefix.to_owned(),
        (prefix, name) => format!("{prefix}.{name}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files() {
        let check =
            |text: &str, entries: &[(&str, &str)], commented: &[&str], malformed: Option<usize>| {
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
                let line = parsed
                    .malformed
                    .map(|m| text[..m.at.start].matches('\n').count() + 1);
                assert_eq!(line, malformed, "{text}");
            };
        check("", &[], &[], None);
        check(
            "a: 1\r\nb:\r\n  c: 'x y'\r\n  # d: 2\r\n  e: [true, {f: null}]\r\n",
            &[
                ("a", "1"),
                ("b.c", "x y"),
                ("b.e.0", "true"),
                ("b.e.1.f", "null"),
            ],
            &["d"],
            None,
        );
        check("a: 1\na: 2\n", &[("a", "1"), ("a", "2")], &[], None);
        check(
            "base: &b {x: 1, y: 2}\nuse: *b\nmore:\n  x: 9\n  <<: *b\n",
            &[
                ("base.x", "1"),
                ("base.y", "2"),
                ("use.x", "1"),
                ("use.y", "2"),
                ("more.x", "9"),
                ("more.y", "2"),
            ],
            &[],
            None,
        );
        check("a: &s 1\nb: *s\n", &[("a", "1"), ("b", "1")], &[], None);
        check("a: 1\nb: 'open\n", &[("a", "1")], &[], Some(2));
        check("a: 1\nb: [x\nc: 2\n", &[("a", "1")], &[], Some(3));
    }

    #[test]
    fn aliases_cannot_blow_up() {
        let mut text = "a0: &a0 [1,2,3,4,5,6,7,8,9]\n".to_owned();
        for level in 1..20 {
            let last = level - 1;
            text += &format!(
                "a{level}: &a{level} [*a{last},*a{last},*a{last},*a{last},*a{last},*a{last},*a{last},*a{last}]\n"
            );
        }
        let parsed = parse(&text);
        assert!(parsed.full());
        assert!(parsed.entries.len() < 2 * super::super::entry::MAX_ENTRIES);
    }
}
