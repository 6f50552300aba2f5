//! What every format gives: entries with the bytes that they were written with, and the first place that breaks it.

use std::ops::Range;

/// Entries of one file. More are a sign that this is no configuration.
pub const MAX_ENTRIES: usize = 20_000;

/// One `key = value`, as it was written.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    pub name: String,
    /// Unescaped.
    pub value: String,
    /// Bytes of the text; escapes and quotes are as in the file.
    pub name_at: Range<usize>,
    pub value_at: Range<usize>,
}

/// The first place where the text breaks its format.
#[derive(Debug, Clone, PartialEq)]
pub struct Malformed {
    pub at: Range<usize>,
    pub why: String,
}

impl Malformed {
    pub fn new(at: Range<usize>, why: impl Into<String>) -> Self {
        Self {
            at,
            why: why.into(),
        }
    }
}

/// A file, read as far as it goes.
#[derive(Debug, Default, PartialEq)]
pub struct Parsed {
    /// In the file's order; a key that stands twice is here twice.
    pub entries: Vec<Entry>,
    /// Names of entries that are commented out, in the file's order.
    pub commented: Vec<String>,
    pub malformed: Option<Malformed>,
}

impl Parsed {
    /// Whether no more is to be read.
    pub fn full(&self) -> bool {
        self.entries.len() > MAX_ENTRIES
    }
}
