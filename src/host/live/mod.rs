//! The machine that this program runs on. The only part of `host` that is impure.
