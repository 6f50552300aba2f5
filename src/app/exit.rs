//! Exit codes: documented constants, the same for every command that can end that way; and the errors that have one of their
//! own.

use std::process::ExitCode;

/// The program was used wrongly: [`Exit::Usage`].
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct UsageError(pub String);

/// A tree that is to be used is faulty: [`Exit::FaultyTree`]. The message holds all its mistakes.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct FaultyTree(pub String);

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// The wizard ended, `diagnose` found the machine healthy or the tree not applicable, or `collect` wrote its file, whatever
    /// its probes could see.
    Fine,
    /// `diagnose` found a cause, or something to escalate.
    Found,
    /// The command line makes no sense.
    Usage,
    /// `diagnose` needs an answer that evidence does not give, or stays unresolved.
    NeedsAnswer,
    /// A tree is faulty.
    FaultyTree,
    /// The command could not run at all, or a file that it is to write or read could not be written or read.
    CouldNotRun,
    /// Ctrl-C, or another signal that ends programs.
    Interrupted,
}

impl Exit {
    pub const fn code(self) -> u8 {
        match self {
            Exit::Fine => 0,
            Exit::Found => 1,
            Exit::Usage => 2,
            Exit::NeedsAnswer => 3,
            Exit::FaultyTree => 4,
            Exit::CouldNotRun => 5,
            Exit::Interrupted => 130,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit.code())
    }
}
