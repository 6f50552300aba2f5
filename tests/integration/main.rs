//! Tests of the whole from outside: one fast binary.

mod layers;
mod lint;
