//! The real program in a pseudo-terminal of 80×24.
#![cfg(unix)]

mod call;
mod cases;
mod paths;
mod planted;
mod restore;
mod terminal;
mod walks;

pub const ENTER: &str = "\r";
pub const ESC: &str = "\u{1b}";
pub const CTRL_C: &str = "\u{3}";
