//! The number that a pid file holds.

use std::io::Read;

use super::{Stop, files};

/// The longest pid file, in bytes.
const LONGEST: u64 = 64;

/// `None` where there is none, it cannot be read, or it holds something else.
pub(super) fn read(path: &str, stop: &Stop) -> Option<u32> {
    let opened = files::open_first(&[path.to_owned()], stop).ok()?.pop()?;
    let mut text = String::new();
    opened
        .content
        .ok()?
        .take(LONGEST)
        .read_to_string(&mut text)
        .ok()?;
    text.trim().parse().ok()
}
