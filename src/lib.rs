//! Waypost: a guided troubleshooting wizard.
//!
//! # Layers
//!
//! A folder is a layer. What may name what (a test in `tests/integration/layers.rs` holds the direction):
//!
//! | layer | may name | what it is |
//! |---|---|---|
//! | [`finding`] | nothing of ours | the words that layers share: outcome, finding, facts, evidence, source |
//! | [`diag`] | nothing of ours | a text and a mistake in it, shown with its place |
//! | [`redact`] | finding | secrets become tokens |
//! | [`host`] | finding, redact | the machine looked at, as a trait; recorded, layered; live stands behind a feature |
//! | [`probe`] | finding, host | the kinds: what is looked at, and what follows from it |
//! | [`tree`] | diag, finding, probe | YAML becomes a checked tree |
//! | [`engine`] | tree, finding | the pure state machine of a walk |
//! | [`report`] | engine, tree, finding | a case as a reader gets it |
//! | `app` | all | everything impure: command line, runtime, terminal |
//!
//! # Invariants
//!
//! - All layers but `app` and `host::live` are pure: no clock, file, process, socket or randomness. Time and the world
//!   come in as arguments, effects go out as data.
//! - Unknown is never no: a look that failed is [`finding::Judgement::Unknown`] and never an outcome.
//! - Nothing unredacted reaches the engine: the runtime masks a finding before it hands it over.
//! - Deliberately absent: anything about MID Servers. Product knowledge stands in `trees/`.
//!
//! # The way of data
//!
//! Load: file → parse → raw tree → lower → [`tree::Tree`] → lint. Key: event → `Msg` → `update` →
//! [`engine::Session::apply`] → effects → one draw. Probe: `StartProbe{run}` → runtime → `ProbeFinished{run}` → `apply`.

pub mod diag;
pub mod engine;
pub mod finding;
pub mod host;
pub mod probe;
pub mod redact;
pub mod report;
pub mod tree;

#[cfg(feature = "app")]
pub mod app;
