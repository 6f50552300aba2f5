//! This machine's time as the command to copy prints it right before and right after a request. What the request's reply
//! says of the server's time was said in between, however long the commands took.

use jiff::{SignedDuration, Timestamp, fmt::rfc2822};

use super::cut;
use crate::{
    finding::{Reason, Unknown},
    host::Moment,
};

/// What stands before the time.
pub const BEFORE: &str = "here before: ";
pub const AFTER: &str = "here after: ";

/// When the reply came, as far as the two times tell.
///
/// # Errors
/// One of them is missing or no time, or the clock was set in between.
pub fn read(text: &str) -> Result<Moment, Unknown> {
    let first = text.lines().find_map(|line| time(line, BEFORE));
    let last = text.lines().rev().find_map(|line| time(line, AFTER));
    let (Some(first), Some(last)) = (first, last) else {
        return Err(cut(
            "date",
            "the times before and after do not both stand there",
        ));
    };
    // A part of a second is not printed.
    let end = last
        .checked_add(SignedDuration::from_secs(1))
        .unwrap_or(Timestamp::MAX);
    let wait = end.duration_since(first);
    if last < first {
        let why = "this machine's clock was set back while the command ran";
        return Err(Unknown::new(Reason::Other, why));
    }
    Ok(Moment {
        at: end,
        wait_ms: u64::try_from(wait.as_millis()).unwrap_or(u64::MAX),
    })
}

fn time(line: &str, label: &str) -> Option<Timestamp> {
    let time = line.trim().strip_prefix(label)?.strip_suffix(" GMT")?;
    Some(rfc2822::parse(&format!("{time} GMT")).ok()?.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments() {
        let check = |text: &str, expected: Result<(&str, u64), &str>| {
            let found = read(text).map(|moment| (moment.at.to_string(), moment.wait_ms));
            let found = found.as_ref().map_err(|unknown| unknown.detail.as_str());
            let found = found.map(|(at, wait)| (at.as_str(), *wait));
            assert_eq!(found, expected, "{text}");
        };
        let before = "here before: Fri, 20 Nov 2026 10:00:00 GMT\n";
        check(
            &format!("{before}x\nhere after: Fri, 20 Nov 2026 10:00:02 GMT\n"),
            Ok(("2026-11-20T10:00:03Z", 3000)),
        );
        check(
            &format!("{before}here after: Fri, 20 Nov 2026 09:00:00 GMT\n"),
            Err("this machine's clock was set back while the command ran"),
        );
        for missing in [before, "", "here after: Fri, 20 Nov 2026 10:00:02 GMT\n"] {
            check(
                missing,
                Err(
                    "what `date` printed is cut: the times before and after do not both stand there",
                ),
            );
        }
    }
}
