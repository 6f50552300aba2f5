//! A bundle that was opened into a case.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Which bundle it was: what a report tells of where its evidence comes from, and how old that is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parcel {
    /// What its file was called when it was opened.
    pub name: String,
    /// When it was collected, by the clock there.
    pub at: Timestamp,
    /// What the machine calls itself; `None` where it did not say.
    #[serde(default)]
    pub machine: Option<String>,
    /// The number of the copy that lies with the case, the first being 1: it stands in for the machine. `None` where what was read
    /// of it is in the transcript, and nothing else is kept.
    #[serde(default)]
    pub copy: Option<u32>,
}
