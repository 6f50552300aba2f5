//! `waypost explain CODE`: what a code of the checker means.

use anyhow::Result;

use crate::app::{command::UsageError, exit::Exit};

pub fn explain(code: Option<&str>) -> Result<Exit> {
    let _ = code;
    Err(UsageError("not yet".to_owned()).into())
}
