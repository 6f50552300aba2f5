//! A case's journal: JSON lines, appended and never changed. The first says what the case began with, each other one what
//! happened since. With the trees it makes the same session again.
//!
//! A line is whole once its break is there. What stands behind the last break was being written when the program was killed;
//! it is passed over, and told. So is what stands from a line on that cannot be read: a disk that lost its power may keep the
//! end of what was written and not its beginning.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    engine::{Entry, Opening, Parcel, Record},
    finding::{TreeId, visible::brief},
    tree::Origin,
};

/// The longest journal, in bytes.
pub const MAX_BYTES: usize = 256 << 20;
/// The longest line, in bytes: a finding with all that it may show fits.
const MAX_LINE: usize = 32 << 20;
/// The most lines.
const MAX_LINES: usize = 200_000;
/// The longest name of a tree, in bytes.
const MAX_ID: usize = 200;

/// One line of a journal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Line {
    /// The first line, and no other.
    Head(Box<Head>),
    /// What happened.
    Entry(Box<Entry>),
    /// The case was given a name; the last one counts.
    Named(Named),
    /// Trees were changed while the case was open: so many entries still fit; those that follow until here do not count.
    Cut { to: usize },
}

/// What a case began with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Head {
    /// The form of the journal; [`Head::SCHEMA`].
    pub schema: u32,
    /// The program's version that wrote it.
    pub program: String,
    pub opening: Opening,
    /// The trees that could be reached then.
    pub trees: Vec<TreeMark>,
    /// The folder of the recorded host that stood in for the machine, if one did.
    #[serde(default)]
    pub host: Option<String>,
    /// What the bundle was called that the case is of, if it is of one. A copy lies beside the journal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bundle: Option<String>,
}

impl Head {
    pub const SCHEMA: u32 = 1;

    /// The file of the tree that the case opened with; `None` where it came with the program.
    pub fn file(&self) -> Option<&str> {
        let mark = self
            .trees
            .iter()
            .find(|mark| mark.id == self.opening.tree)?;
        (mark.origin != Origin::Embedded.to_string()).then_some(&mark.origin)
    }
}

/// Which tree it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TreeMark {
    pub id: TreeId,
    pub hash: String,
    /// `embedded`, or the file's path.
    pub origin: String,
}

/// What a person calls a case.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    #[serde(default)]
    pub title: Option<String>,
    /// The number of a ticket elsewhere.
    #[serde(default)]
    pub ticket: Option<String>,
}

/// A journal that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Journal {
    pub head: Head,
    /// Those that count, in order.
    pub entries: Vec<Entry>,
    pub named: Named,
    /// When something happened last; the opening's time where nothing did.
    pub last: Timestamp,
    pub torn: Option<Torn>,
}

/// From where on a journal does not count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Torn {
    /// Where it begins, in bytes: all before it is whole.
    pub at: usize,
    /// The line that begins there, from 1.
    pub line: usize,
    /// Why that line cannot be read, as a lowercase fragment; `None`: it is the last one, and was not written to its end.
    pub broken: Option<String>,
}

/// Why a journal cannot be read. A lowercase fragment for a person.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JournalError {
    #[error("it holds nothing")]
    Empty,
    #[error("it is longer than {} MiB", MAX_BYTES >> 20)]
    TooLong,
    #[error("it has more than {MAX_LINES} lines")]
    TooMany,
    #[error(
        "its form is {schema}, written by version {program}, and this program knows forms up to {}; a newer program can open it",
        Head::SCHEMA
    )]
    Newer { schema: u64, program: String },
    #[error("line 1 cannot be read: {0}")]
    Head(String),
    #[error("line 1 does not say what the case began with")]
    NoHead,
    #[error("its tree's name is longer than {MAX_ID} bytes")]
    LongId,
}

impl Line {
    /// The line with its break.
    pub fn bytes(&self) -> Vec<u8> {
        // No map has a key that is no text, and no number is beyond JSON.
        let mut bytes = serde_json::to_vec(self).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }
}

impl Journal {
    /// How many answers were given or found, whether or not they were changed since.
    pub fn answers(&self) -> usize {
        let is_answer =
            |entry: &&Entry| matches!(entry.record, Record::Answer { .. } | Record::Unsure { .. });
        self.entries.iter().filter(is_answer).count()
    }

    /// The bundle that stands in for the machine: of all that were opened, the one that was collected last. Its name, and the
    /// number of its copy. `None`: the case is of no bundle.
    pub fn bundle(&self) -> Option<(&str, u32)> {
        let first = self.head.bundle.as_deref()?;
        let later = self.entries.iter().filter_map(|entry| match &entry.record {
            Record::Parcel(parcel) => Some(parcel),
            _ => None,
        });
        let all = self.head.opening.parcel.iter().chain(later);
        let kept = all.filter_map(|parcel| Some((parcel, parcel.copy?)));
        let newest = kept.max_by_key(|(parcel, _): &(&Parcel, u32)| parcel.at);
        Some(newest.map_or((first, 1), |(parcel, copy)| (&parcel.name, copy)))
    }

    /// Reads a journal, up to the first line that cannot be read.
    ///
    /// # Errors
    /// What does not say what the case began with, is past a bound, or was written by a newer program.
    pub fn read(bytes: &[u8]) -> Result<Self, JournalError> {
        if bytes.len() > MAX_BYTES {
            return Err(JournalError::TooLong);
        }
        let whole = memchr::memrchr(b'\n', bytes).map_or(0, |at| at + 1);
        let mut lines = bytes[..whole].split_inclusive(|byte| *byte == b'\n');
        let first = lines.next().ok_or(JournalError::Empty)?;
        let head = head(first)?;
        // Before any of them is kept.
        if memchr::memchr_iter(b'\n', &bytes[..whole])
            .nth(MAX_LINES)
            .is_some()
        {
            return Err(JournalError::TooMany);
        }
        let mut journal = Self {
            last: head.opening.at,
            head,
            entries: Vec::new(),
            named: Named::default(),
            torn: None,
        };
        let mut torn = Torn {
            at: first.len(),
            line: 2,
            broken: None,
        };
        for bytes in lines {
            match line(bytes) {
                Err(why) => {
                    torn.broken = Some(why);
                    break;
                }
                Ok(Line::Head(_)) => {
                    torn.broken =
                        Some("only the first line says what the case began with".to_owned());
                    break;
                }
                Ok(Line::Entry(entry)) => {
                    journal.last = entry.at;
                    journal.entries.push(*entry);
                }
                Ok(Line::Named(named)) => journal.named = named,
                Ok(Line::Cut { to }) => journal.entries.truncate(to),
            }
            torn.at += bytes.len();
            torn.line += 1;
        }
        journal.torn = (torn.at < bytes.len()).then_some(torn);
        Ok(journal)
    }
}

/// The error is a lowercase fragment for a person.
fn line(bytes: &[u8]) -> Result<Line, String> {
    if bytes.len() > MAX_LINE {
        return Err(format!("it is longer than {} MiB", MAX_LINE >> 20));
    }
    serde_json::from_slice(bytes).map_err(|error| brief(&error.to_string()))
}

/// A newer program may have written what this one does not know, so that its form is read first, and alone.
fn head(bytes: &[u8]) -> Result<Head, JournalError> {
    #[derive(Deserialize)]
    struct Outer {
        head: Form,
    }
    #[derive(Deserialize)]
    struct Form {
        schema: u64,
        #[serde(default)]
        program: String,
    }
    let Ok(Outer { head: form }) = serde_json::from_slice(bytes) else {
        return Err(JournalError::NoHead);
    };
    if form.schema > u64::from(Head::SCHEMA) {
        return Err(JournalError::Newer {
            schema: form.schema,
            program: brief(&form.program),
        });
    }
    match line(bytes).map_err(JournalError::Head)? {
        Line::Head(head) if head.opening.tree.as_str().len() > MAX_ID => Err(JournalError::LongId),
        Line::Head(head) => Ok(*head),
        _ => Err(JournalError::NoHead),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        engine::{Given, Spot},
        finding::Os,
    };

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).expect("a small number")
    }

    fn opened() -> Head {
        Head {
            schema: Head::SCHEMA,
            program: "0.1.0".to_owned(),
            opening: Opening::new("t".into(), Os::Linux, at(1)),
            trees: vec![TreeMark {
                id: "t".into(),
                hash: "abc".to_owned(),
                origin: "embedded".to_owned(),
            }],
            host: None,
            bundle: None,
        }
    }

    fn note(second: i64) -> Entry {
        Entry {
            at: at(second),
            spot: Spot::new("t".into(), "a".into()),
            generation: 0,
            record: Record::Note {
                step: None,
                text: format!("note {second}\nin two lines"),
            },
        }
    }

    fn written(lines: &[Line]) -> Vec<u8> {
        let head = Line::Head(Box::new(opened())).bytes();
        lines.iter().fold(head, |mut all, line| {
            all.extend(line.bytes());
            all
        })
    }

    #[test]
    fn what_is_written_is_read() {
        let named = Named {
            title: Some("Harbour".to_owned()),
            ticket: Some("INC1".to_owned()),
        };
        let journal = Journal::read(&written(&[
            Line::Entry(Box::new(note(2))),
            Line::Named(Named::default()),
            Line::Named(named.clone()),
            Line::Entry(Box::new(note(3))),
        ]));
        let mut head = opened();
        // Consent is never written down.
        head.opening.trusted = false;
        assert_eq!(
            journal,
            Ok(Journal {
                head,
                entries: vec![note(2), note(3)],
                named,
                last: at(3),
                torn: None,
            })
        );
    }

    #[test]
    fn consent_is_not_brought_along() {
        let mut head = opened();
        (head.opening.trusted, head.opening.commands) = (true, true);
        head.opening.inputs.insert("x".into(), Given::Secret);
        let text = String::from_utf8(Line::Head(Box::new(head)).bytes()).expect("JSON is text");
        assert!(
            !text.contains("trusted") && !text.contains("commands"),
            "{text}"
        );
        let forged = text.replace("\"tree\":", "\"trusted\":true,\"commands\":true,\"tree\":");
        assert_ne!(forged, text);
        if let Ok(journal) = Journal::read(forged.as_bytes()) {
            let opening = journal.head.opening;
            assert!(!opening.trusted && !opening.commands);
        }
    }

    /// Wherever the program is killed, what was whole is there.
    #[test]
    fn a_torn_last_line_is_passed_over_and_told() {
        let lines = [
            Line::Entry(Box::new(note(2))),
            Line::Entry(Box::new(note(3))),
        ];
        let bytes = written(&lines);
        let ends: Vec<usize> = memchr::memchr_iter(b'\n', &bytes)
            .map(|at| at + 1)
            .collect();
        for length in 0..=bytes.len() {
            let whole = ends.iter().filter(|end| **end <= length).count();
            let read = Journal::read(&bytes[..length]);
            if whole == 0 {
                assert_eq!(read, Err(JournalError::Empty), "{length}");
                continue;
            }
            let journal = read.expect("its whole lines can be read");
            assert_eq!(journal.entries.len(), whole - 1, "{length}");
            let torn = (!ends.contains(&length)).then_some(Torn {
                at: ends[whole - 1],
                line: whole + 1,
                broken: None,
            });
            assert_eq!(journal.torn, torn, "{length}");
        }
    }

    #[test]
    fn what_no_longer_fits_does_not_count() {
        let lines = [2, 3, 4].map(|second| Line::Entry(Box::new(note(second))));
        let mut bytes = written(&lines);
        bytes.extend(Line::Cut { to: 1 }.bytes());
        bytes.extend(Line::Entry(Box::new(note(5))).bytes());
        let journal = Journal::read(&bytes).expect("it is whole");
        assert_eq!(journal.entries, [note(2), note(5)]);
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let check = |bytes: &[u8], expected: &str| {
            let error = Journal::read(bytes).expect_err("it is no journal");
            assert_eq!(error.to_string(), expected);
        };
        check(b"", "it holds nothing");
        check(b"{\"head\":", "it holds nothing");
        check(b"{}\n", "line 1 does not say what the case began with");
        check(
            b"\xff\xfe\n",
            "line 1 does not say what the case began with",
        );
        let entry = Line::Entry(Box::new(note(1))).bytes();
        check(&entry, "line 1 does not say what the case began with");
        check(
            b"{\"head\":{\"schema\":9,\"program\":\"7.1\",\"more\":[]}}\n",
            "its form is 9, written by version 7.1, and this program knows forms up to 1; a newer program can open it",
        );
        let mut long = opened();
        long.opening.tree = TreeId::new("t".repeat(201));
        check(
            &Line::Head(Box::new(long)).bytes(),
            "its tree's name is longer than 200 bytes",
        );
        // Nothing of what is too much is read: no line of it is one.
        let many = [written(&[]), b"x\n".repeat(200_000)].concat();
        check(&many, "it has more than 200000 lines");
        let head = String::from_utf8(written(&[])).expect("JSON is text");
        let later = head.replace("\"program\":\"0.1.0\"", "\"program\":7");
        assert_ne!(later, head);
        check(
            later.as_bytes(),
            "line 1 does not say what the case began with",
        );
        check(
            b"{\"head\":{\"schema\":1}}\n",
            "line 1 cannot be read: missing field `program` at line 1 column 20",
        );
    }

    /// What stands before a line that cannot be read is there, and where that begins is told.
    #[test]
    fn what_is_broken_is_passed_over_with_what_follows() {
        let before = written(&[Line::Entry(Box::new(note(2)))]);
        let check = |broken: &[u8], expected: &str| {
            let after = Line::Entry(Box::new(note(3))).bytes();
            let all = [&before, broken, b"\n", &after].concat();
            let journal = Journal::read(&all).expect("its beginning can be read");
            assert_eq!(journal.entries, [note(2)]);
            let torn = journal.torn.expect("it is told");
            assert_eq!((torn.at, torn.line), (before.len(), 3));
            let why = torn.broken.expect("it is told why");
            assert!(why.starts_with(expected), "{why}");
            assert!(why.len() < 300, "{} bytes", why.len());
        };
        check(&[0; 4096], "expected value at line 1 column 1");
        check(b"", "EOF while parsing a value");
        check(b"{\"entry\":{}}", "missing field `at` at line 1 column 11");
        check(b"{\"later\":{}}", "unknown variant `later`");
        check(
            written(&[]).trim_ascii_end(),
            "only the first line says what the case began with",
        );
        check("[".repeat(10_000).as_bytes(), "expected value at line 1");
        let word = format!("{{\"entry\":\"\\u001b{}\"}}", "x".repeat(100_000));
        check(word.as_bytes(), "invalid type: string");
        let much = b"x\n".repeat(199_997);
        let journal = Journal::read(&[&before[..], &much].concat()).expect("it is no more");
        assert_eq!(journal.torn.map(|torn| torn.line), Some(3));
    }
}
