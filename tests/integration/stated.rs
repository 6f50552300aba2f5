//! The shipped trees, walked with a person's answers alone: no look ever runs.

mod causes;
mod texts;
mod walk;
