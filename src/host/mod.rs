//! The machine looked at, as a trait with one method: a [`Look`] goes in, a [`Reply`] comes out.
//!
//! A look is data, so that it can be recorded, layered, shown for consent and replaced by what a person pastes. Judging
//! a reply is the probe's half. Deliberately absent: any way to change the machine.

mod layered;
mod look;
mod recorded;
mod reply;

#[cfg(feature = "app")]
pub mod live;

use std::{future::Future, pin::Pin, time::Duration};

pub use layered::Layered;
pub use look::{HttpRequest, Login, Look, SecretRef, Via};
pub use recorded::Recorded;
pub use reply::{
    Connection, DiskSpace, FileMeta, HttpReply, NameReply, Opened, Process, ProcessList,
    ProgramReply, Reply, ServiceState, Services, built_for,
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

    /// Looks once. Cancelled by dropping the future; then nothing of it goes on but what a system call holds.
    fn look<'a>(&'a self, look: &'a Look, limits: Limits) -> BoxFuture<'a, Result<Reply, Unknown>>;
}
