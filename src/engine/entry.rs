//! The transcript: what happened, without run ids, fit to be written down.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    engine::{Choice, Effect, Given, Parcel, ProbeKey, Session, Spot},
    finding::{Finding, InputName, Outcome, Source},
    tree::AnswerId,
};

/// One accepted event. Entries are appended and never changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    pub at: Timestamp,
    /// Where the case stood when it happened (the step's place, for an edit or a note at a step).
    pub spot: Spot,
    pub generation: u32,
    pub record: Record,
}

impl Entry {
    /// A person did it; all else came of looks.
    pub fn is_by_person(&self) -> bool {
        !matches!(self.record, Record::Found { .. } | Record::Suggested { .. })
    }
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Record {
    Input {
        name: InputName,
        given: Given,
    },
    /// `source` and `outcome` stand as they were then: evidence that is read back has lost its secrets.
    Answer {
        answer: AnswerId,
        source: Source,
        outcome: Option<Outcome>,
    },
    Unsure {
        skipped: bool,
        source: Source,
        outcome: Option<Outcome>,
    },
    Done,
    Unable,
    Applied,
    Helped(Option<bool>),
    SkipWait,
    Back,
    Edit {
        step: usize,
        choice: Choice,
    },
    Look,
    Stop,
    Found {
        probe: ProbeKey,
        params: String,
        finding: Arc<Finding>,
    },
    Pasted {
        probe: ProbeKey,
        params: String,
        finding: Arc<Finding>,
    },
    Parcel(Parcel),
    Suggested {
        input: InputName,
        candidates: Vec<String>,
    },
    Note {
        step: Option<usize>,
        text: String,
    },
}

/// What came of replaying a transcript.
#[derive(Debug)]
pub struct Replayed {
    pub session: Session,
    /// What is to be done so that the session goes on: the runs that it waits for.
    pub effects: Vec<Effect>,
    /// Where the transcript stopped fitting; `None`: all of it fits.
    pub stopped: Option<StoppedFitting>,
}

/// The first entry that does not fit the trees as they are now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoppedFitting {
    /// Counted from 0; it and all that follow were left out.
    pub entry: usize,
    pub spot: Spot,
    /// A lowercase fragment.
    pub why: String,
}
