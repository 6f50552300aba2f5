//! The machine looked at, as a trait with one method: a [`Look`] goes in, a [`Reply`] comes out.
//!
//! A look is data, so that it can be recorded, layered, shown for consent and replaced by what a person pastes. Judging
//! a reply is the probe's half. Deliberately absent: any way to change the machine.

mod certificate;
mod challenge;
mod glob;
pub mod key_store;
mod layered;
mod look;
mod order;
mod part;
mod path;
mod pid_file;
pub mod printed;
mod recorded;
mod recorder;
mod reply;
mod revocation;
mod socks_code;
mod tls;

#[cfg(feature = "app")]
pub mod live;

use std::{future::Future, pin::Pin, sync::Arc, time::Duration};

use jiff::{Timestamp, tz::TimeZone};

pub use certificate::Certificate;
pub(crate) use glob::{TextGlob, name_matches as glob_fits};
pub use layered::Layered;
pub use look::{HttpRequest, Login, Look, SecretRef, Via};
#[cfg(test)]
pub(crate) use order::newest_first;
pub use part::LacksStart;
#[cfg(feature = "app")]
pub(crate) use path::machine_path;
pub use recorded::{
    Embedded, Files, InMemory, MAX_DEPTH as MAX_YAML_DEPTH, NoFiles, Recorded, RecordedError,
    within as yaml_within,
};
pub use recorder::{Keep, Recorder, Recording, Written};
pub use reply::{
    Connection, DiskSpace, FileMeta, HttpReply, Moment, NameReply, Opened, PingReply, Process,
    ProcessList, ProgramReply, Reply, ServiceState, Services, built_for,
};
pub use tls::{
    BrokeOff, Broken, Distrust, Revocation, RevocationKind, Shown, TlsReply, TlsRequest, Trust,
    Verdict,
};

use crate::finding::{Os, Unknown};

/// A future that a trait object can return.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// What bounds one look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// For network looks: no reply within it is the outcome `timed-out`; for others the look is then unknown.
    pub timeout: Duration,
}

/// A machine. An `Err` is always *unknown*, never *no*: that something is absent or refused is a reply.
pub trait Host: Send + Sync {
    fn os(&self) -> Os;

    /// The machine's time, where it is not this program's: a recorded machine stands still.
    fn now(&self) -> Option<Timestamp> {
        None
    }

    /// The machine's time zone, where it is known.
    fn zone(&self) -> Option<TimeZone> {
        None
    }

    /// Looks once. Cancelled by dropping the future; then nothing of it goes on but what a system call holds.
    fn look<'a>(&'a self, look: &'a Look, limits: Limits) -> BoxFuture<'a, Result<Reply, Unknown>>;
}

impl<H: Host + ?Sized> Host for Arc<H> {
    fn os(&self) -> Os {
        (**self).os()
    }

    fn now(&self) -> Option<Timestamp> {
        (**self).now()
    }

    fn zone(&self) -> Option<TimeZone> {
        (**self).zone()
    }

    fn look<'a>(&'a self, look: &'a Look, limits: Limits) -> BoxFuture<'a, Result<Reply, Unknown>> {
        (**self).look(look, limits)
    }
}

/// How many problems are told beside the files that were found.
const PROBLEMS: usize = 20;

/// Files that were found, and behind them what could not be seen, each as an entry without content, so that a judge
/// knows that the material is not whole. With no file at all the first problem is the answer.
pub(crate) fn with_problems(
    mut files: Vec<Opened>,
    mut problems: Vec<Unknown>,
) -> Result<Vec<Opened>, Unknown> {
    if files.is_empty() && !problems.is_empty() {
        return Err(problems.swap_remove(0));
    }
    files.extend(problems.into_iter().take(PROBLEMS).map(|problem| {
        Opened {
            path: problem
                .detail
                .split(": ")
                .next()
                .unwrap_or_default()
                .to_owned(),
            size_bytes: 0,
            modified: None,
            content: Err(problem),
        }
    }));
    Ok(files)
}
