//! What can still come.

use crate::engine::Spot;

/// The way ahead from where the case stands. `verify` and `otherwise` are left out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outlook {
    /// Causes that can still be reached, in the order of their trees.
    pub causes: Vec<Spot>,
    /// The fewest questions until an end, the one on the screen counted.
    pub fewest: u32,
    /// The most questions, each counted once.
    pub most: u32,
    /// A loop lies ahead: it can be more than [`Outlook::most`] if it is repeated.
    pub repeats: bool,
}
