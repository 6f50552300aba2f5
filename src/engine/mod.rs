//! The pure state machine of a walk.
//!
//! A [`Session`] takes an [`Event`] with the time at which it happened and gives [`Effect`]s as data; whoever runs them
//! feeds what came of them back as events. A rejected event changes nothing.
//!
//! # How it works
//!
//! Events change a *ledger*: inputs, answers, marks and findings, each kept by what it belongs to and by its generation.
//! The position is never stored: it is derived by walking from the start through the ledger until something is missing.
//! So back, edit, replay and a changed tree are one thing, and later answers that still fit are kept by themselves.
//!
//! # Invariants
//!
//! - No clock, file, socket or randomness. Time is an argument; run ids count from one and never reach the transcript.
//! - Nothing is concluded from not knowing: a cause stands only if the last question before it was answered.
//! - A login is tried only after an explicit [`Event::Look`], once for each.
//! - Drivers decide nothing: what headless does next stands in [`Session::follow`].
//!
//! Deliberately absent: rendering of Markdown, manual commands (a driver makes them from a [`ProbeRequest`]), secrets'
//! values (the engine knows only that one was given).

mod effect;
mod entry;
mod event;
mod grounds;
mod input;
mod ledger;
mod opening;
mod outlook;
mod parcel;
mod reading;
mod rejection;
mod result;
mod session;
#[cfg(test)]
mod sketch;
mod spot;
mod stage;
mod step;
#[cfg(test)]
mod tests;
mod walk;

pub use effect::{Effect, ProbeKey, ProbeRequest, RunId, SecretUse, Transition};
pub use entry::{Entry, Record, Replayed, StoppedFitting};
pub use event::{Choice, Event, Follow, Given};
pub use opening::{GivenAnswer, Opening, Place};
pub use outlook::Outlook;
pub use parcel::Parcel;
pub use rejection::Rejection;
pub use result::{
    CaseResult, ConclusionResult, EvidenceResult, FindingResult, OpenQuestion, StepResult,
    TreeResult, VerdictName,
};
pub use session::{Alternative, FindingView, FixCheck, Leads, MOST_AHEAD, Session, Standing};
pub use spot::Spot;
pub use stage::{
    Again, AnswerView, ConclusionStage, DoStage, Ended, EvidenceView, InputAsk, LookView, Phase,
    Purpose, QuestionStage, Stage,
};
pub use step::{Step, StepKind};
