//! Everything impure: the command line, the catalogue of trees, the runtime that carries out effects, the drivers.

pub mod answering;
pub mod bundled;
mod carrying;
pub mod cases;
pub mod catalog;
pub mod cli;
pub mod collecting;
pub mod command;
mod demo_files;
pub mod demos;
mod embedded;
pub mod exit;
#[cfg(all(test, target_os = "linux"))]
mod full_disk;
pub mod givens;
pub mod headless;
mod hiding;
pub mod looking;
pub mod panicking;
pub mod plain;
mod private;
pub mod prose;
mod record;
mod report_file;
pub mod runtime;
mod search;
mod secret_use;
pub mod trust;
pub mod tui;
mod unwritten;
pub mod vault;
pub mod watch;
