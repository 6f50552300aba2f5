//! What is written down of a case, bytes in and bytes out. Opens no file, and knows no folder.

pub mod bundle;
mod journal;
mod mask;
pub mod request;

pub use journal::{Head, Journal, JournalError, Line, MAX_BYTES, Named, Torn, TreeMark};
pub use mask::{entry, opening};
