//! What the targets share: the shipped trees' probes with their parameters filled in, and a host without a world.
//!
//! Asserts nothing: what holds for an input, its target says.

mod machine;
mod shipped;

pub use machine::{Dripping, OneFile, judged, looked};
pub use shipped::{AGENT, params};
