//! A case's journal: JSON lines, appended and never changed. The first says what the case began with, each other one what
//! happened since. With the trees it makes the same session again.
//!
//! A line is whole once its break is there. What stands behind the last break was being written when the program was killed;
//! it is passed over, and told. So is what stands from a line on that cannot be read: a disk that lost its power may keep the
//! end of what was written and not its beginning.

#[cfg(test)]
mod tests;

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

    /// From where on it cannot be read, if it is broken before its end.
    pub fn broken(&self) -> Option<&Torn> {
        self.torn.as_ref().filter(|torn| torn.broken.is_some())
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
    is_short(bytes)?;
    serde_json::from_slice(bytes).map_err(|error| brief(&error.to_string()))
}

fn is_short(bytes: &[u8]) -> Result<(), String> {
    if bytes.len() > MAX_LINE {
        return Err(format!("it is longer than {} MiB", MAX_LINE >> 20));
    }
    Ok(())
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
    is_short(bytes).map_err(JournalError::Head)?;
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
