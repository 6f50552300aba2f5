//! The closing line that sets our times beside a rival's. Only the ratio of two that were measured in turn says something.

use std::time::Duration;

use crate::measure::{Times, show};

/// Both figures, their ratio, and what it is to reach.
pub fn closing(bench: &str, ours: &Times, rival: &str, theirs: &Times, to_reach: f64) {
    println!(
        "{bench}: {} against {} of {rival}: ratio {:.2} (minima {} against {}: {:.2}), to reach {to_reach:.1} at most",
        show(ours.median()),
        show(theirs.median()),
        ratio(ours.median(), theirs.median()),
        show(ours.min()),
        show(theirs.min()),
        ratio(ours.min(), theirs.min()),
    );
}

fn ratio(ours: Duration, theirs: Duration) -> f64 {
    ours.as_secs_f64() / theirs.as_secs_f64()
}
