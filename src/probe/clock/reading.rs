//! Two clocks compared: what the reading of one in a reply says about the other. Knows nothing of requests.

use std::time::Duration;

use jiff::{
    SignedDuration, Timestamp,
    fmt::{rfc2822, strtime},
    tz::TimeZone,
};

/// What `Date` leaves out, and what the wait in whole milliseconds does.
const SECOND: SignedDuration = SignedDuration::from_secs(1);
const MILLISECOND: SignedDuration = SignedDuration::from_millis(1);

/// A server's time as it came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reading {
    /// This clock when the reply came.
    pub here: Timestamp,
    /// How long before that the request was begun.
    pub wait_ms: u64,
    /// The server's clock at a moment in between, without the part of a second.
    pub there: Timestamp,
}

/// Where a span lies, held against what is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Inside,
    Outside,
    /// The span reaches over the bound.
    Between,
}

impl Reading {
    /// How far this clock is ahead at the least and at the most.
    fn span(&self) -> (SignedDuration, SignedDuration) {
        let most = self.here.duration_since(self.there);
        let wait = i64::try_from(self.wait_ms).unwrap_or(i64::MAX);
        let wait = SignedDuration::from_millis(wait).saturating_add(MILLISECOND);
        (most.saturating_sub(wait).saturating_sub(SECOND), most)
    }

    /// The middle of the span, and how far its ends are from it.
    fn middle(&self) -> (SignedDuration, SignedDuration) {
        let (least, most) = self.span();
        let half = most.saturating_sub(least) / 2;
        (most.saturating_sub(half), half)
    }

    /// How far this clock is ahead, in whole seconds.
    pub fn offset_s(&self) -> i64 {
        rounded(self.middle().0)
    }

    pub fn against(&self, allow: Duration) -> Side {
        let allow = SignedDuration::try_from(allow).unwrap_or(SignedDuration::MAX);
        let (least, most) = self.span();
        if -allow <= least && most <= allow {
            Side::Inside
        } else if most < -allow || allow < least {
            Side::Outside
        } else {
            Side::Between
        }
    }

    pub fn in_words(&self) -> String {
        let (middle, half) = self.middle();
        let half = half.as_secs() + i64::from(half.subsec_nanos() > 0);
        let offset = rounded(middle);
        let apart = in_words(Duration::from_secs(offset.unsigned_abs()));
        let apart = match offset {
            0 => "this clock and the server's agree".to_owned(),
            1.. => format!("this clock is {apart} ahead of the server's"),
            _ => format!("this clock is {apart} behind the server's"),
        };
        format!("{apart}, give or take {half} s")
    }

    /// This clock in the form that `Date` has.
    pub fn here_in_words(&self) -> String {
        let here = self.here.to_zoned(TimeZone::UTC);
        strtime::format("%a, %d %b %Y %H:%M:%S GMT", &here)
            .unwrap_or_else(|_| self.here.to_string())
    }
}

fn rounded(duration: SignedDuration) -> i64 {
    let half = SignedDuration::from_millis(500);
    if duration.is_negative() {
        duration.saturating_sub(half).as_secs()
    } else {
        duration.saturating_add(half).as_secs()
    }
}

/// A time span with its two largest units: `2 d 3 h`.
pub(super) fn in_words(duration: Duration) -> String {
    const UNITS: [(u64, &str); 4] = [(86_400, "d"), (3_600, "h"), (60, "min"), (1, "s")];
    let seconds = duration.as_secs();
    let first = UNITS
        .iter()
        .position(|(length, _)| seconds >= *length)
        .unwrap_or(UNITS.len() - 1);
    let (length, unit) = UNITS[first];
    let mut words = format!("{} {unit}", seconds / length);
    if let Some((smaller, unit)) = UNITS.get(first + 1) {
        let rest = seconds % length / smaller;
        if rest > 0 {
            words += &format!(" {rest} {unit}");
        }
    }
    words
}

/// A `Date` in one of the three forms of RFC 9110, 5.6.7.
pub(super) fn date(text: &str) -> Option<Timestamp> {
    if let Ok(zoned) = rfc2822::parse(text) {
        return Some(zoned.timestamp());
    }
    // The two that only old servers send.
    ["%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"]
        .into_iter()
        .find_map(|form| strtime::parse(form, text).ok()?.to_datetime().ok())
        .and_then(|date| date.to_zoned(TimeZone::UTC).ok())
        .map(|zoned| zoned.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(text: &str) -> Timestamp {
        text.parse().expect("it is a time")
    }

    #[test]
    fn dates_of_servers() {
        // The same moment in the three forms of RFC 9110, 5.6.7.
        let example = Some(time("1994-11-06T08:49:37Z"));
        let check =
            |text: &str, expected: Option<Timestamp>| assert_eq!(date(text), expected, "{text}");
        check("Sun, 06 Nov 1994 08:49:37 GMT", example);
        check("Sunday, 06-Nov-94 08:49:37 GMT", example);
        check("Sun Nov  6 08:49:37 1994", example);
        check("Sun, 6 Nov 1994 09:49:37 +0100", example);
        check("Sunday, 19-Jan-38 03:14:07 GMT", None);
        check(
            "Tuesday, 19-Jan-38 03:14:07 GMT",
            Some(time("2038-01-19T03:14:07Z")),
        );
        for bad in [
            "",
            "now",
            "0",
            "1994-11-06",
            "Sun, 06 Nov 1994 25:49:37 GMT",
            "Sun, 31 Feb 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT",
            "Sun, 06 Nov 99999999999 08:49:37 GMT",
        ] {
            check(bad, None);
        }
    }

    fn reading(here: &str, wait_ms: u64) -> Reading {
        Reading {
            here: time(here),
            wait_ms,
            there: time("2026-11-18T10:00:00Z"),
        }
    }

    #[test]
    fn a_span_and_its_middle() {
        let check = |here: &str, wait_ms, offset_s: i64, words: &str| {
            let reading = reading(here, wait_ms);
            assert_eq!(
                (reading.offset_s(), reading.in_words().as_str()),
                (offset_s, words),
                "{here}"
            );
        };
        let agree = "this clock and the server's agree, give or take 1 s";
        // `Date` leaves out up to a second, so that half of one is taken for the likeliest.
        check(
            "2026-11-18T10:00:00Z",
            0,
            -1,
            "this clock is 1 s behind the server's, give or take 1 s",
        );
        check("2026-11-18T10:00:00.4Z", 100, 0, agree);
        check("2026-11-18T10:00:00.999Z", 100, 0, agree);
        check(
            "2026-11-18T10:00:02Z",
            2000,
            0,
            "this clock and the server's agree, give or take 2 s",
        );
        check(
            "2026-11-18T10:05:12.6Z",
            200,
            312,
            "this clock is 5 min 12 s ahead of the server's, give or take 1 s",
        );
        check(
            "2026-11-17T09:00:00.6Z",
            200,
            -90_000,
            "this clock is 1 d 1 h behind the server's, give or take 1 s",
        );
        check(
            "2026-11-18T10:00:10Z",
            20_000,
            -1,
            "this clock is 1 s behind the server's, give or take 11 s",
        );
        check(
            "1970-01-01T00:00:00Z",
            0,
            -1_794_996_001,
            "this clock is 20775 d 10 h behind the server's, give or take 1 s",
        );
    }

    #[test]
    fn only_a_whole_span_is_inside_or_outside() {
        let check = |here: &str, wait_ms, expected| {
            let side = reading(here, wait_ms).against(Duration::from_secs(60));
            assert_eq!(side, expected, "{here} {wait_ms}");
        };
        check("2026-11-18T10:00:00Z", 0, Side::Inside);
        check("2026-11-18T10:01:00Z", 0, Side::Inside);
        check("2026-11-18T10:01:00.001Z", 0, Side::Between);
        check("2026-11-18T10:01:01Z", 0, Side::Between);
        check("2026-11-18T10:01:01.002Z", 0, Side::Outside);
        check("2026-11-18T10:01:01.002Z", 100, Side::Between);
        check("2026-11-18T09:59:01.001Z", 0, Side::Inside);
        check("2026-11-18T09:59:01Z", 0, Side::Between);
        check("2026-11-18T09:59:00Z", 0, Side::Between);
        check("2026-11-18T09:58:59.999Z", 0, Side::Outside);
        // A reply that took longer than what is allowed can never say that all is well.
        check("2026-11-18T10:00:30Z", 130_000, Side::Between);
        check("9999-12-30T22:00:00Z", u64::MAX, Side::Between);
    }

    #[test]
    fn times_as_words() {
        let check =
            |seconds, expected: &str| assert_eq!(in_words(Duration::from_secs(seconds)), expected);
        check(0, "0 s");
        check(59, "59 s");
        check(60, "1 min");
        check(300, "5 min");
        check(3_661, "1 h 1 min");
        check(86_400, "1 d");
        check(100_000, "1 d 3 h");
    }

    #[test]
    fn this_clock_is_shown_as_the_server_shows_its_own() {
        let reading = reading("1994-11-06T08:49:37.9Z", 0);
        assert_eq!(reading.here_in_words(), "Sun, 06 Nov 1994 08:49:37 GMT");
    }
}
