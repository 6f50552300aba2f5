//! Everything impure: the command line, the catalogue of trees, the runtime that carries out effects, the drivers.

pub mod catalog;
pub mod cli;
mod embedded;
pub mod exit;
