//! Durations as people write them.

use std::time::Duration;

/// The longest, in seconds: what clocks can still be turned back by.
const LONGEST: u64 = 1_000_000_000_000;

/// The time of `500ms`, `10s`, `2m`, `5 min`, `12h`, `7d` or `2w`.
pub fn parse(text: &str) -> Option<Duration> {
    let text = text.trim();
    let digits = text.find(|c: char| !c.is_ascii_digit())?;
    let number: u64 = text[..digits].parse().ok()?;
    let factor = match text[digits..].trim_start() {
        "ms" => return Some(Duration::from_millis(number)),
        "s" => 1,
        "m" | "min" => 60,
        "h" => 60 * 60,
        "d" => 24 * 60 * 60,
        "w" => 7 * 24 * 60 * 60,
        _ => return None,
    };
    let seconds = number.checked_mul(factor);
    seconds
        .filter(|seconds| *seconds <= LONGEST)
        .map(Duration::from_secs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        let check = |text: &str, expected: Option<u64>| {
            assert_eq!(parse(text), expected.map(Duration::from_millis), "{text}")
        };
        check("10s", Some(10_000));
        check("2m", Some(120_000));
        check("5min", Some(300_000));
        check(" 5 min ", Some(300_000));
        check("7d", Some(604_800_000));
        check("2w", Some(1_209_600_000));
        check("500ms", Some(500));
        check("10", None);
        check("s", None);
        check("-3s", None);
        check("1.5h", None);
        check("99999999999999999999s", None);
        check("18446744073709551615d", None);
        check("1000000000001s", None);
    }
}
