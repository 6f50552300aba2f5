//! A bundle: what was collected on a machine, in one file to hand over. Bytes in and bytes out; opens no file.
//!
//! It is a tar archive packed with gzip: `bundle.json` ([`About`]) first, then `host.yaml` and `files/`, which are a recording
//! as [`crate::host::Recorded`] reads it. One that was made from a case has `findings.json` ([`Carried`]) behind `host.yaml`.
//! The same content gives the same bytes.
//!
//! Every byte of one is hostile. It is read as a stream, once, and what is kept of it stays in memory: so no name in it ever
//! becomes a name on the reader's disk, and nothing is left behind that would have to be cleared away. What it may hold is bounded
//! by the constants here; past a bound, or against a rule, it is refused as a whole, and the refusal names both.

mod about;
mod carried;
mod name;
mod read;
mod write;

use std::{collections::BTreeMap, sync::Arc};

pub use about::{About, By, Failed, Known};
pub use carried::{Carried, MAX_CARRIED, MAX_FINDINGS};
pub use name::{MAX_DEPTH, MAX_NAME, NameFault, is_plain};

use crate::host::{InMemory, Recorded, RecordedError, Written};

/// The longest bundle, in bytes.
pub const MAX_PACKED: u64 = 256 << 20;
/// What a bundle may unpack to, in bytes; it stands in memory.
pub const MAX_UNPACKED: u64 = 256 << 20;
/// The longest file in it, in bytes.
pub const MAX_FILE: u64 = 64 << 20;
/// The longest `host.yaml`, in bytes: that of any recording.
pub const MAX_HOST: u64 = 16 << 20;
/// The longest `bundle.json`, in bytes.
pub const MAX_ABOUT: u64 = 1 << 20;
/// How long the files' places may be together, in bytes: each is compared with every folder above another.
pub const MAX_PLACES: usize = 8 << 20;
/// The most entries of the archive.
pub const MAX_ENTRIES: usize = 20_000;

const ABOUT: &str = "bundle.json";
const HOST: &str = "host.yaml";
const FINDINGS: &str = "findings.json";
const FILES: &str = "files/";

/// What was collected on a machine.
#[derive(Debug, Clone, PartialEq)]
pub struct Bundle {
    pub about: About,
    /// The text of the recording.
    pub host_yaml: String,
    /// The recording's files, by place.
    pub files: BTreeMap<String, Arc<[u8]>>,
    /// What was found for a case, where the bundle was made from one; it stands in a bundle of [`About::WITH_FINDINGS`] alone.
    pub carried: Option<Vec<Carried>>,
}

/// A file that could not be taken into a bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    pub place: String,
    /// A lowercase fragment.
    pub why: String,
}

/// Why something is no bundle that may be opened. A lowercase fragment for a person.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    #[error("it cannot be read: {0}")]
    Io(std::io::Error),
    #[error("it is no bundle: it is not packed as one")]
    NotPacked,
    /// Packed, but not even its first entry can be read.
    #[error(
        "it is no bundle, or its very beginning is damaged: a bundle is a file that `waypost collect` wrote"
    )]
    NoArchive,
    /// It breaks off, or was changed on its way.
    #[error(
        "it is damaged, or its end is missing: the last that could be read is {0}; \
         let the file that `waypost collect` wrote be sent again"
    )]
    Damaged(Last),
    #[error("it is no bundle: a long name without a file")]
    NameAlone,
    #[error("it is longer than {} MiB, the bound of a bundle", MAX_PACKED >> 20)]
    TooLong,
    #[error("it unpacks to more than {} MiB, the bound of a bundle", MAX_UNPACKED >> 20)]
    Unpacked,
    #[error("it has more than {MAX_ENTRIES} entries, the bound of a bundle")]
    TooMany,
    #[error("it ends before `{0}`")]
    Lacks(&'static str),
    #[error("entry {number}, `{name}`: {why}")]
    Entry {
        /// Counted from 1.
        number: usize,
        /// So that it can be shown.
        name: String,
        why: EntryFault,
    },
    #[error("something follows its end")]
    Follows,
    #[error("`bundle.json`: {0}")]
    About(String),
    #[error("`findings.json`: {0}")]
    Findings(String),
    #[error(
        "its form is {format}, written by version {program}, and this program knows forms up to {}; a newer program can open it",
        About::NEWEST
    )]
    Newer { format: u64, program: String },
    #[error(transparent)]
    Recorded(#[from] RecordedError),
    #[error("`bundle.json` is of another system than `host.yaml`")]
    OtherSystem,
}

/// An entry that was read whole.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("entry {number}, `{name}`")]
pub struct Last {
    /// Counted from 1.
    pub number: usize,
    /// So that it can be shown.
    pub name: String,
}

/// Why an entry may not be in a bundle. A lowercase fragment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EntryFault {
    #[error("it is {0}, and only regular files may be in a bundle")]
    NotRegular(&'static str),
    #[error(transparent)]
    Name(#[from] NameFault),
    #[error("it is longer than {bound} bytes, the bound")]
    TooLong { bound: u64 },
    #[error("its place is taken: `{0}` stands there")]
    Place(&'static str),
    #[error("it lies outside of `files/`")]
    Elsewhere,
    #[error("the files' names take more than {} MiB together, the bound", MAX_PLACES >> 20)]
    Places,
    #[error("it is there twice")]
    Twice,
    #[error("a file lies below it, or it below a file")]
    FileAndFolder,
    #[error("it is not text")]
    NotText,
    #[error("its long name is given twice")]
    TwoNames,
}

impl Bundle {
    /// Puts a recording into a bundle. Files that may not be in one are left out and told: what is not in a recording is unknown.
    pub fn new(about: About, written: Written) -> (Self, Vec<LeftOut>) {
        let mut bundle = Self {
            about,
            host_yaml: written.host_yaml,
            files: BTreeMap::new(),
            carried: None,
        };
        let left_out = bundle.take(written.files);
        (bundle, left_out)
    }

    /// The machine that it holds, and nothing else.
    ///
    /// # Errors
    /// A `host.yaml` that does not fit its format, or is of another system than `bundle.json` says.
    pub fn host(self) -> Result<Recorded, BundleError> {
        let os = self.about.os;
        let host = Recorded::new(&self.host_yaml, InMemory(self.files))?;
        match crate::host::Host::os(&host) == os {
            true => Ok(host),
            false => Err(BundleError::OtherSystem),
        }
    }
}

/// Whether what a file begins with may be a bundle.
pub fn begins(start: &[u8]) -> bool {
    start.starts_with(b"\x1f\x8b")
}

#[cfg(test)]
mod tests;
