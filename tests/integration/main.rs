//! Tests of the whole from outside: one fast binary.

mod layers;
mod lint;
mod live_host;
#[cfg(unix)]
mod manual_commands;
mod support;
