//! The checker.

pub mod codes;
