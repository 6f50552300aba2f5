//! Cases on disk: a folder each, with its journal and a lock. What a journal says is [`crate::case`]'s; here it is found,
//! locked, read, and written in order.
//!
//! Nothing that was written is ever changed: a journal is appended to, and only what a torn write left behind its last
//! whole line is cut off before more is written. What cannot be read in the middle of it is kept in a file beside.

mod broken;
mod keeper;
mod store;
mod taken_up;
mod unkept;
mod writer;

pub use keeper::{Bundled, Handed, Keeper, Tell, ear};
pub use store::{Case, CaseError, Cases, KeptCase, Listed};
pub use taken_up::{TakenUp, as_left, take_up};
pub use unkept::{Change, Unkept};
pub use writer::{Kept, Writer};
