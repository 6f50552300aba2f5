//! Everything impure: the command line, the catalogue of trees, the runtime that carries out effects, the drivers.

pub mod answering;
pub mod bundled;
pub mod cases;
pub mod catalog;
pub mod cli;
pub mod collecting;
pub mod command;
pub mod demos;
mod embedded;
pub mod exit;
pub mod givens;
pub mod headless;
pub mod looking;
pub mod plain;
pub mod prose;
mod recording;
mod report_file;
pub mod runtime;
mod search;
mod secret_use;
pub mod trust;
pub mod tui;
pub mod vault;
pub mod watch;
