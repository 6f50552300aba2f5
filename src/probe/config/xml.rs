//! XML: entries are elements of one name, anywhere, with key and value as attributes (or the value as text). Stops at the
//! first place where it is not well-formed, as the program that reads the file would. Expands no document type's entities.

use std::ops::Range;

use quick_xml::{Reader, events::Event};

use crate::probe::config::{
    entry::{Entry, MARKS, Malformed, Parsed, Shape},
    tag::{self, Known, Tag},
    xml_error,
};

/// Levels of nesting.
const MAX_DEPTH: usize = 1_000;
/// The longest tag that is looked for in a comment, in bytes.
const LONGEST_COMMENTED: usize = 16 << 10;
/// How many beginnings of a tag in comments may turn out to be none.
const MAX_BROKEN: usize = 200;

pub fn parse(text: &str, shape: &Shape) -> Parsed {
    let mut walk = Walk {
        text,
        shape,
        parsed: Parsed::default(),
        open: Vec::new(),
        root: None,
        entities: false,
        broken: 0,
    };
    let malformed = walk.run().err();
    let control = text
        .char_indices()
        .find(|(_, c)| !tag::is_char(*c))
        .map(|(at, c)| {
            let why = format!(
                "the control character U+{:04X} may not stand in XML",
                u32::from(c)
            );
            Malformed::new(at..at + c.len_utf8(), why)
        });
    let mut parsed = walk.parsed;
    parsed.malformed = malformed
        .into_iter()
        .chain(control)
        .min_by_key(|malformed| malformed.at.start);
    parsed
}

struct Walk<'a> {
    text: &'a str,
    shape: &'a Shape,
    parsed: Parsed,
    open: Vec<Open>,
    /// The name of the top element, once it has begun.
    root: Option<Range<usize>>,
    /// A document type may define entities.
    entities: bool,
    /// How many beginnings of a tag in comments were none.
    broken: usize,
}

struct Open {
    at: usize,
    tag_end: usize,
    name: Range<usize>,
    /// An entry whose value is this element's text.
    entry: Option<Entry>,
}

impl Walk<'_> {
    fn run(&mut self) -> Result<(), Malformed> {
        if self.text.trim().is_empty() {
            return Err(Malformed::empty());
        }
        let mut reader = Reader::from_str(self.text);
        let config = reader.config_mut();
        config.allow_dangling_amp = true;
        config.allow_unmatched_ends = true;
        config.check_end_names = false;
        while !self.parsed.full() {
            let start = reader.buffer_position() as usize;
            let event = reader.read_event().map_err(|error| {
                xml_error::malformed(
                    self.text,
                    &error,
                    reader.error_position() as usize,
                    self.known(),
                )
            })?;
            let at = start..reader.buffer_position() as usize;
            match event {
                Event::Eof => return self.end_of_file(),
                Event::Start(_) | Event::Empty(_) => self.start(at.start)?,
                Event::End(_) => self.end(at)?,
                Event::Text(_) | Event::GeneralRef(_) => self.content(at)?,
                Event::CData(_) => {
                    let inner = at.start + 9..at.end - 3;
                    self.outside(&at)?;
                    self.text_of_entry(&self.text[inner.clone()], inner);
                }
                Event::Comment(_) => self.comment(at.start + 4..at.end - 3)?,
                Event::Decl(_) if at.start > 0 => {
                    return Err(Malformed::new(
                        at,
                        "the XML declaration must stand at the very beginning of the file",
                    ));
                }
                Event::DocType(_) if self.entities || self.root.is_some() => {
                    return Err(Malformed::new(
                        at,
                        "a document type stands once, and before the top element",
                    ));
                }
                Event::DocType(_) => {
                    self.entities = true;
                    self.parsed.unfollowed = tag::declared_entity(self.text, at.end);
                }
                Event::Decl(_) | Event::PI(_) => {}
            }
        }
        Ok(())
    }

    fn start(&mut self, at: usize) -> Result<(), Malformed> {
        let tag = tag::scan(self.text, at, self.known())?;
        if self.open.is_empty() && self.root.is_some() {
            let why = "a second top element: the first one is closed already";
            return Err(Malformed::new(at..tag.end, why));
        }
        if !tag.empty && self.open.len() == MAX_DEPTH {
            let why = format!("nested deeper than {MAX_DEPTH} levels");
            return Err(Malformed::bound(at..at, why));
        }
        self.root.get_or_insert(tag.name.clone());
        let entry = self.entry(&tag)?;
        match entry {
            Some(entry) if tag.empty || self.shape.value.is_some() => {
                self.parsed.push(entry);
                if !tag.empty {
                    self.open.push(Open {
                        at,
                        tag_end: tag.end,
                        name: tag.name,
                        entry: None,
                    });
                }
            }
            entry if !tag.empty => self.open.push(Open {
                at,
                tag_end: tag.end,
                name: tag.name,
                entry,
            }),
            _ => {}
        }
        Ok(())
    }

    fn entry(&self, tag: &Tag) -> Result<Option<Entry>, Malformed> {
        if self.text[tag.name.clone()] != self.shape.entry {
            return Ok(None);
        }
        let attribute = |name: &str| {
            tag.attributes
                .iter()
                .find(|a| self.text[a.name.clone()] == *name)
        };
        let read = |at: &Range<usize>| -> Result<String, Malformed> {
            // A parser makes a blank of every blank, and one of a line break.
            let blanks = |text: String| text.replace("\r\n", " ").replace(['\n', '\r', '\t'], " ");
            tag::unescape(self.text, at.clone(), self.entities).map(blanks)
        };
        let Some(key) = attribute(&self.shape.key) else {
            return Ok(None);
        };
        let value = match self.shape.value.as_deref().map(attribute) {
            Some(Some(value)) => value.value.clone(),
            // An entry without a value is none.
            Some(None) => return Ok(None),
            None => tag.end..tag.end,
        };
        Ok(Some(Entry {
            name: read(&key.value)?,
            value: read(&value)?,
            name_at: key.value.clone(),
            value_at: value,
            secret: tag.attributes.iter().any(|attribute| {
                MARKS.contains(&&self.text[attribute.name.clone()])
                    && self.text[attribute.value.clone()].trim() == "true"
            }),
        }))
    }

    fn end(&mut self, at: Range<usize>) -> Result<(), Malformed> {
        let name = self.text[at.start + 2..at.end - 1].trim_end();
        let opened = self
            .open
            .iter()
            .rposition(|open| self.text[open.name.clone()] == *name);
        match (opened, self.open.pop()) {
            (None, None) => Err(Malformed::not_closed(
                at,
                format!("{} closes nothing", self.end_tag(name)),
            )),
            (None, Some(open)) => {
                let inner = self.known().element(&self.text[open.name]);
                let line = self.line(open.at);
                let end = self.end_tag(name);
                Err(Malformed::not_closed(
                    at,
                    format!("{end} closes nothing: {inner} of line {line} is open here"),
                ))
            }
            (Some(opened), Some(open)) if opened < self.open.len() => {
                let element = self.known().element(&self.text[open.name.clone()]);
                let end = self.end_tag(name);
                let line = self.line(at.start);
                let missing = match &self.text[open.name.clone()] {
                    inner if self.known().shows(inner) => format!("`/>` or `</{inner}>`"),
                    _ => "`/>` or an end tag".to_owned(),
                };
                let why = format!(
                    "{element} is not closed: {end} on line {line} comes first, {missing} is missing"
                );
                Err(Malformed::not_closed(open.at..open.tag_end, why))
            }
            (Some(_), open) => {
                if let Some(entry) = open.and_then(|open| open.entry) {
                    self.parsed.push(entry);
                }
                Ok(())
            }
        }
    }

    fn content(&mut self, at: Range<usize>) -> Result<(), Malformed> {
        let text = tag::unescape(self.text, at.clone(), self.entities)?;
        if let Some(end) = self.text[at.clone()].find("]]>") {
            let end = at.start + end;
            return Err(Malformed::new(
                end..end + 3,
                "`]]>` may not stand in a text: write `]]&gt;`",
            ));
        }
        self.outside(&at)?;
        self.text_of_entry(&text, at);
        Ok(())
    }

    /// Text before or after the top element.
    fn outside(&self, at: &Range<usize>) -> Result<(), Malformed> {
        let text = &self.text[at.clone()];
        if !self.open.is_empty() || text.trim().is_empty() {
            return Ok(());
        }
        let start = at.start + (text.len() - text.trim_start().len());
        let end = text
            .trim()
            .find(['\r', '\n'])
            .map_or(start + text.trim().len(), |end| start + end);
        let side = if self.root.is_some() {
            "after"
        } else {
            "before"
        };
        Err(Malformed::new(
            start..end,
            format!("text {side} the top element"),
        ))
    }

    fn text_of_entry(&mut self, text: &str, at: Range<usize>) {
        if let Some(entry) = self.open.last_mut().and_then(|open| open.entry.as_mut()) {
            entry.value += text;
            entry.value_at.end = at.end;
        }
    }

    fn comment(&mut self, at: Range<usize>) -> Result<(), Malformed> {
        let text = &self.text[at.clone()];
        if let Some(dashes) = text
            .find("--")
            .or_else(|| text.ends_with('-').then(|| text.len() - 1))
        {
            let dashes = at.start + dashes;
            return Err(Malformed::new(
                dashes..dashes + 2,
                "`--` may not stand inside a comment",
            ));
        }
        // A bare `&` is no mistake in a comment.
        let text = text.replace('&', "_");
        let begin = format!("<{}", self.shape.entry);
        let mut from = 0;
        while let Some(found) = text[from..].find(&begin) {
            let found = from + found;
            let end = text.floor_char_boundary(found + LONGEST_COMMENTED);
            let part = &text[found..end];
            let within = self.within(part);
            let read = tag::scan(part, 0, within.known())
                .and_then(|tag| Ok((tag.end, within.entry(&tag)?)));
            match read {
                Ok((end, entry)) => {
                    self.parsed.commented.extend(entry.map(|entry| entry.name));
                    from = found + end;
                }
                // What breaks one may lie far behind it, so that not all can be tried.
                Err(_) if self.broken == MAX_BROKEN => {
                    let why = format!("more than {MAX_BROKEN} broken tags in comments");
                    return Err(Malformed::bound(at.start..at.start, why));
                }
                Err(_) => {
                    self.broken += 1;
                    from = found + begin.len();
                }
            }
        }
        Ok(())
    }

    /// The same rules over a comment's text.
    fn within<'b>(&'b self, text: &'b str) -> Walk<'b> {
        Walk {
            text,
            shape: self.shape,
            parsed: Parsed::default(),
            open: Vec::new(),
            root: None,
            entities: true,
            broken: 0,
        }
    }

    fn end_of_file(&self) -> Result<(), Malformed> {
        match self.open.last() {
            Some(open) => {
                let element = self.known().element(&self.text[open.name.clone()]);
                let line = self.line(open.at);
                let last = self.line(self.text.trim_end().len());
                let why = format!(
                    "{element} of line {line} is not closed before the end of the file on line {last}: it may be cut off"
                );
                Err(Malformed::cut_off(open.at..open.tag_end, why))
            }
            None if self.root.is_none() => Err(Malformed::new(0..0, "the file holds no element")),
            None => Ok(()),
        }
    }

    fn known(&self) -> Known<'_> {
        Known {
            shape: self.shape,
            root: self.root.clone().map_or("", |name| &self.text[name]),
            entities: self.entities,
        }
    }

    fn end_tag(&self, name: &str) -> String {
        if self.known().shows(name) {
            format!("`</{name}>`")
        } else {
            "an end tag".to_owned()
        }
    }

    fn line(&self, at: usize) -> usize {
        memchr::memchr_iter(b'\n', &self.text.as_bytes()[..at.min(self.text.len())]).count() + 1
    }
}

#[cfg(test)]
mod tests;
