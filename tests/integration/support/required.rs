//! Tests that need more than every machine has.

use std::env;

/// Says that a test was left out, and why.
///
/// # Panics
/// Where `WAYPOST_REAL_PARTS=required` says that nothing may be left out.
pub fn left_out(why: &str) {
    let required = env::var("WAYPOST_REAL_PARTS").is_ok_and(|value| value == "required");
    assert!(!required, "this must not be left out: {why}");
    eprintln!("left out, {why}");
}
