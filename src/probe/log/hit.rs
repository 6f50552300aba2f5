//! What a scan keeps of a file: few hits, with their neighbours.

use std::{collections::VecDeque, ops::Range};

use jiff::Timestamp;

use crate::{finding::Facts, probe::log::gap::Hole};

/// A line in which a pattern or the start matches.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// Counted from 1 in what was read: the order of the hits.
    pub line: u64,
    /// The line of the file; none where its start is missing, and nobody counted that.
    pub number: Option<u64>,
    /// Cut where it is very long; `mark` is in it.
    pub text: String,
    /// The matching part, as bytes of `text`.
    pub mark: Range<usize>,
    /// Counted from 1, in characters of the whole line.
    pub column: u64,
    /// Of the line, or the last one before it in the file.
    pub time: Option<Timestamp>,
    pub before: Vec<String>,
    pub after: Vec<String>,
    pub captures: Facts,
}

/// What one pattern gave in one file.
#[derive(Debug, Default)]
pub struct Tally {
    pub count: u64,
    pub first: Option<Hit>,
    /// The newest ones, oldest first.
    pub recent: VecDeque<Hit>,
}

/// What one file gave.
#[derive(Debug, Default)]
pub struct Scanned {
    /// One a pattern, in their order.
    pub tallies: Vec<Tally>,
    /// The last start in the file; all tallies are of lines after it.
    pub started: Option<Hit>,
    /// Why the file was not seen whole.
    pub holes: Vec<Hole>,
    pub stopped: bool,
}
