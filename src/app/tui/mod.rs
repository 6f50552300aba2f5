//! The wizard on a full screen.
//!
//! # The way of a key
//!
//! terminal event → `input` → `msg::Msg` → `update` (changes the `model`, gives `msg::Task`s) → the tasks are
//! carried out → `view` draws the model once.
//!
//! # Invariants
//!
//! - `input`, `guard`, `clipboard` and `run` alone see crossterm. `model` and `update` know no ratatui. `view` reads the model and
//!   nothing else.
//! - What the walk does is the engine's; nothing is decided here. Time comes in with each message.
//! - Text from outside is laid out through `visible`: control characters are shown, never obeyed.
//! - Deliberately absent: the mouse (text can always be selected), and any wait that a key cannot end.

mod clipboard;
mod guard;
mod input;
mod keys;
pub(in crate::app) mod markdown;
mod model;
mod msg;
mod place;
mod port;
mod run;
mod theme;
mod update;
mod view;

#[cfg(test)]
mod tests;
mod wizard;

pub use msg::Task;
pub use port::{CaseId, CaseRedactor, Consent, Incoming, Runtime, RuntimeMsg, Save, TuiOpening};
pub use run::{Behind, CHANNEL, run};
pub use wizard::Wizard;
