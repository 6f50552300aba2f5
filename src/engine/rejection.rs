//! Why an event does not fit. Nothing was changed.

use crate::{
    engine::{ProbeKey, RunId},
    finding::InputName,
    tree::AnswerId,
};

/// A lowercase fragment for a person.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    #[error("no question is asked now")]
    NoQuestion,
    #[error("the question has no answer `{0}`")]
    NoSuchAnswer(AnswerId),
    #[error("no instruction is shown now")]
    NoInstruction,
    #[error("no fix is shown now")]
    NoFix,
    #[error("nobody asks now whether it helped")]
    NotAskedWhetherItHelped,
    #[error("there is nothing to wait for")]
    NoWait,
    #[error("this is the first step")]
    NothingBefore,
    #[error("there is no step {0}")]
    NoSuchStep(usize),
    #[error("step {0} cannot be answered like that")]
    ChoiceDoesNotFit(usize),
    #[error("no tree in use has an input `{0}`")]
    NoSuchInput(InputName),
    /// The message names what is expected.
    #[error("`{name}`: {why}")]
    InputDoesNotFit { name: InputName, why: String },
    #[error("nothing can be looked at here")]
    NothingToLookAt,
    #[error("it is being looked at already")]
    LookingAlready,
    #[error("nothing is being looked at")]
    NotLooking,
    #[error("{0} is not awaited")]
    NotAwaited(RunId),
    #[error("no tree in use has a probe `{0}`")]
    NoSuchProbe(ProbeKey),
    #[error("`{0}` would look elsewhere by now: what it is asked with has changed")]
    OtherParameters(ProbeKey),
    #[error(
        "`{0}` was looked at before the last fix was carried out, by the clock there; have it run again"
    )]
    GatheredBefore(ProbeKey),
    /// It was gathered before what the case has from there already.
    #[error("`{0}` is known by a later look at that machine already")]
    OlderThanKnown(ProbeKey),
    #[error("a note has no text")]
    EmptyNote,
    #[error("a note may have {0} bytes at most")]
    LongNote(usize),
}
