//! The words that layers share: what a probe found, from where, and how sure.
//!
//! A [`Finding`] is the end of one look. Its [`Judgement`] is an [`Outcome`] or [`Unknown`] with the reason; there is
//! no third. Nothing here reads, waits or decides.

mod address;
mod name;
mod value;
pub mod visible;

use std::{fmt, time::Duration};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use address::{Address, AddressError};
pub(crate) use name::name_type;
pub use name::{InputName, Outcome, ProbeName, TreeId};
pub use value::{FORGOTTEN, Facts, Secret, Value, shown};

/// The operating system of the machine that a case is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Os {
    Linux,
    Windows,
    Macos,
}

impl Os {
    /// The name that trees use: `linux`, `windows`, `macos`.
    pub fn name(self) -> &'static str {
        match self {
            Os::Linux => "linux",
            Os::Windows => "windows",
            Os::Macos => "macos",
        }
    }
}

/// What one look at one thing gave.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    pub judgement: Judgement,
    /// What was read, by name; what each kind gives stands in its spec.
    pub facts: Facts,
    /// What a person would want to see to believe it.
    pub evidence: Vec<Evidence>,
    pub source: Source,
    /// When the look ended.
    pub at: Timestamp,
    /// How long the look took.
    pub took: Duration,
    /// What the machine is called that a bundle or an answer came from; `None` where it did not say, and for what came another
    /// way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub machine: Option<String>,
}

impl Finding {
    /// A finding that says only that the look failed, and why.
    pub fn unknown(why: Unknown, source: Source, at: Timestamp, took: Duration) -> Self {
        Self {
            judgement: Judgement::Unknown(why),
            facts: Facts::default(),
            evidence: Vec::new(),
            source,
            at,
            took,
            machine: None,
        }
    }

    /// The outcome, where there is one.
    pub fn outcome(&self) -> Option<&Outcome> {
        match &self.judgement {
            Judgement::Outcome(outcome) => Some(outcome),
            Judgement::Unknown(_) => None,
        }
    }
}

/// The two ends of a look.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Judgement {
    Outcome(Outcome),
    Unknown(Unknown),
}

/// Why a look gave no outcome. Never to be read as *no*.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unknown {
    pub reason: Reason,
    /// A lowercase fragment for a person that names the place: `/opt/x/config.xml: permission denied`.
    pub detail: String,
}

impl Unknown {
    pub fn new(reason: Reason, detail: impl Into<String>) -> Self {
        Self {
            reason,
            detail: detail.into(),
        }
    }
}

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.detail)
    }
}

/// The groups that reasons of not knowing fall into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// This user has no right to look.
    NoRight,
    /// The probe's own time was up while it gathered.
    OutOfTime,
    /// What is needed to look is not on this machine.
    NotAvailable,
    /// The machine is a recorded one, and nobody looked there when it was recorded.
    NotRecorded,
    /// An input that the probe needs is not known.
    InputUnknown,
    /// An expression or a template failed.
    Expression,
    /// Parts of the material are missing: a bound was passed, a file could not be read, no start marker.
    NotWhole,
    /// What stands there is no regular file.
    NotRegular,
    /// The tree leaves this outcome to the person on purpose.
    LeftToPerson,
    /// The person stopped the look.
    Stopped,
    /// The probe needs an agreement that was not given.
    NotAgreed,
    /// The login was refused. It is not tried again before it is given anew.
    LoginRefused,
    /// Anything else; the detail says it.
    Other,
}

/// Where an answer comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// A probe looked at the machine itself.
    Observed,
    /// A person pasted a command's output or a file.
    Pasted,
    /// A bundle that was collected on the machine.
    Bundled,
    /// A person said so.
    Stated,
}

impl Source {
    pub fn name(self) -> &'static str {
        match self {
            Source::Observed => "observed",
            Source::Pasted => "pasted",
            Source::Bundled => "bundled",
            Source::Stated => "stated",
        }
    }
}

/// An excerpt that shows what was found: a line of a file, or a reply.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Evidence {
    /// The file, or what was asked (`POST https://…`), or `None` for a plain statement.
    pub file: Option<String>,
    /// Counted from 1.
    pub line: Option<u64>,
    /// Counted from 1, in characters.
    pub column: Option<u64>,
    pub text: String,
    /// What stands before `text`, oldest first.
    pub before: Vec<String>,
    pub after: Vec<String>,
    /// The part of `text` that is the point, as character positions (start, end) counted from 0.
    pub mark: Option<(usize, usize)>,
}

impl Evidence {
    /// Something said about the machine that has no file and line.
    pub fn plain(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            ..Self::default()
        }
    }

    /// One line of a file; `line` counts from 1.
    pub fn line(file: impl Into<String>, line: u64, text: impl Into<String>) -> Self {
        Self {
            file: Some(file.into()),
            line: Some(line),
            text: text.into(),
            ..Self::default()
        }
    }
}
