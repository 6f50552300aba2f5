//! The time that a line begins with, in the formats that a tree names. Knows no clock: the zone and the year that a stamp
//! may leave out come in as arguments.

use std::cell::Cell;

use jiff::{
    Span, Timestamp,
    fmt::strtime::{self, BrokenDownTime},
    tz::{Offset, TimeZone},
};

use crate::{finding::Unknown, probe::params::senseless};

/// How far into a line a stamp may stand, in bytes.
const FURTHEST: usize = 80;

/// Formats of stamps, tried in order.
#[derive(Debug)]
pub struct Stamps {
    formats: Vec<String>,
    zone: Option<TimeZone>,
    now: Timestamp,
    /// A stamp without a zone was read, and nobody knows the machine's.
    in_doubt: Cell<bool>,
}

impl Stamps {
    /// A format that cannot be read back is an error that names the parameter.
    pub fn check(formats: &[String]) -> Result<(), Unknown> {
        let sample = Timestamp::UNIX_EPOCH + jiff::SignedDuration::from_millis(1_780_000_000_182);
        let stamps = Stamps {
            formats: formats.to_vec(),
            zone: Some(TimeZone::UTC),
            now: sample,
            in_doubt: Cell::new(false),
        };
        for format in formats {
            let written =
                strtime::format(format, &sample.to_zoned(TimeZone::UTC)).unwrap_or_default();
            if stamps.parse(format, written.as_bytes()).is_none() {
                return Err(senseless(
                    "stamps",
                    &format!("`{format}` is no format of a date with its time"),
                ));
            }
        }
        Ok(())
    }

    /// `zone` is for stamps without one, `now` for those without a year. Where the zone is not known, such a stamp counts as
    /// one of UTC: that keeps the order of the lines, and [`Stamps::offset`] tells that no more is known.
    pub fn new(formats: &[String], zone: Option<TimeZone>, now: Timestamp) -> Self {
        Self {
            formats: formats.to_vec(),
            zone,
            now,
            in_doubt: Cell::new(false),
        }
    }

    /// What the times that were read are told with: the machine's offset, or UTC's where every stamp named its own. `None`
    /// where neither is so.
    pub fn offset(&self) -> Option<Offset> {
        match &self.zone {
            Some(zone) => Some(zone.to_offset(self.now)),
            None if self.in_doubt.get() => None,
            None => Some(Offset::UTC),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.formats.is_empty()
    }

    /// The stamp at the beginning of the line, or after a column such as `INFO   | jvm 1    | `.
    pub fn read(&self, line: &[u8]) -> Option<Timestamp> {
        let mut start = 0;
        loop {
            let rest = &line[start..];
            let blanks = rest
                .iter()
                .take_while(|byte| matches!(byte, b' ' | b'\t' | b'['))
                .count();
            let rest = &rest[blanks..];
            if rest.is_empty() {
                return None;
            }
            if let Some(time) = self
                .formats
                .iter()
                .find_map(|format| self.parse(format, rest))
            {
                return Some(time);
            }
            let bar = memchr::memchr(b'|', &rest[..rest.len().min(FURTHEST)])?;
            start += blanks + bar + 1;
            if start > FURTHEST {
                return None;
            }
        }
    }

    fn parse(&self, format: &str, text: &[u8]) -> Option<Timestamp> {
        let (mut parsed, _) = BrokenDownTime::parse_prefix(format, text).ok()?;
        if let Ok(time) = parsed.to_timestamp() {
            return Some(time);
        }
        let time = self.of_the_machine(&mut parsed)?;
        if self.zone.is_none() {
            self.in_doubt.set(true);
        }
        Some(time)
    }

    /// A stamp without a zone.
    fn of_the_machine(&self, parsed: &mut BrokenDownTime) -> Option<Timestamp> {
        let zone = self.zone.clone().unwrap_or(TimeZone::UTC);
        if parsed.year().is_some() {
            let zoned = parsed.to_datetime().ok()?.to_zoned(zone).ok()?;
            return Some(zoned.timestamp());
        }
        // The year that makes it a time that has been; a day is left for clocks that differ.
        let now = self.now.to_zoned(zone.clone());
        let latest = now.checked_add(Span::new().days(1)).ok()?;
        [now.year(), now.year() - 1].into_iter().find_map(|year| {
            parsed.set_year(Some(year)).ok()?;
            let zoned = parsed.to_datetime().ok()?.to_zoned(zone.clone()).ok()?;
            (zoned <= latest).then(|| zoned.timestamp())
        })
    }
}

/// A time as text: RFC 3339. One offset for all times, so that the later one is also the greater text; where it is not known,
/// the text has none, as ISO 8601 has it for a local time.
pub fn show(time: Timestamp, offset: Option<Offset>) -> String {
    match offset {
        Some(offset) => time.display_with_offset(offset).to_string(),
        None => Offset::UTC.to_datetime(time).to_string(),
    }
}

/// The time in force at places of a text that come in order: a line without a stamp has that of the line before it.
pub struct InForce<'a> {
    stamps: &'a Stamps,
    known: Option<Timestamp>,
    /// `known` is in force before this byte.
    from: usize,
}

impl<'a> InForce<'a> {
    pub fn new(stamps: &'a Stamps, known: Option<Timestamp>, from: usize) -> Self {
        Self {
            stamps,
            known,
            from,
        }
    }

    /// What holds after the line that ends (with its break) just before `end`.
    pub fn before(&mut self, text: &[u8], end: usize) -> Option<Timestamp> {
        let mut line_end = end;
        while line_end > self.from && !self.stamps.is_empty() {
            let start = memchr::memrchr(b'\n', &text[self.from..line_end - 1])
                .map_or(self.from, |at| self.from + at + 1);
            if let Some(time) = self.stamps.read(&text[start..line_end - 1]) {
                self.known = Some(time);
                break;
            }
            line_end = start;
        }
        self.from = self.from.max(end);
        self.known
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORMATS: [&str; 5] = [
        "%m/%d/%y %H:%M:%S",
        "%Y-%m-%d %H:%M:%S",
        "%Y-%m-%dT%H:%M:%S%.f%z",
        "%Y/%m/%d %H:%M:%S%.f",
        "%b %d %H:%M:%S",
    ];

    fn stamps() -> Stamps {
        let zone = TimeZone::fixed(jiff::tz::offset(-5));
        let now = "2026-02-01T00:00:00Z".parse().expect("a time");
        Stamps::new(&FORMATS.map(str::to_owned), Some(zone), now)
    }

    #[test]
    fn lines() {
        let check = |line: &str, expected: Option<&str>| {
            let stamps = stamps();
            let read = stamps
                .read(line.as_bytes())
                .map(|time| show(time, Some(jiff::tz::offset(-5))));
            assert_eq!(read.as_deref(), expected, "{line}");
        };
        check(
            "08/23/21 08:38:29 (563) StartupSequencer x",
            Some("2021-08-23T08:38:29-05:00"),
        );
        check(
            "2020-03-13 06:09:54  (390) Worker SEVERE *** ERROR *** x",
            Some("2020-03-13T06:09:54-05:00"),
        );
        check(
            "2026-06-03T09:46:18.182-0400 WARN  (MIDServer) [Main:209] x",
            Some("2026-06-03T08:46:18.182-05:00"),
        );
        check("2019/12/15 00:37:34 | x", Some("2019-12-15T00:37:34-05:00"));
        check(
            "INFO   | jvm 1    | 2018/04/27 17:12:11.951 | SEVERE: x",
            Some("2018-04-27T17:12:11.951-05:00"),
        );
        check("[2019/12/15 00:37:34] x", Some("2019-12-15T00:37:34-05:00"));
        check("Jan 31 10:00:00 host x", Some("2026-01-31T10:00:00-05:00"));
        check("Dec 31 10:00:00 host x", Some("2025-12-31T10:00:00-05:00"));
        check("    at com.example.Main(Main.java:1)", None);
        check("", None);
        check("13/45/21 08:38:29", None);
        check("x 08/23/21 08:38:29", None);
        check(&format!("{}| 2019/12/15 00:37:34", "x".repeat(200)), None);
    }

    #[test]
    fn formats_are_checked() {
        let check = |format: &str, right| {
            assert_eq!(
                Stamps::check(&[format.to_owned()]).is_ok(),
                right,
                "{format}"
            )
        };
        FORMATS.iter().for_each(|format| check(format, true));
        check("%m/%d/%y %H:%M:%S (%f)", true);
        check("%H:%M:%S", false);
        check("%Y-%m-%d %H:%M:%", false);
        check("", false);
    }

    #[test]
    fn the_offset_of_an_unknown_zone_is_known_only_where_every_stamp_names_its_own() {
        let check = |lines: &[&str], expected: Option<&str>| {
            let now = "2026-02-01T00:00:00Z".parse().expect("a time");
            let stamps = Stamps::new(&FORMATS.map(str::to_owned), None, now);
            let last = lines
                .iter()
                .filter_map(|line| stamps.read(line.as_bytes()))
                .last();
            let shown = last.map(|time| show(time, stamps.offset()));
            assert_eq!(shown.as_deref(), expected, "{lines:?}");
        };
        let zoned = "2026-01-03T09:46:18-0400 x";
        check(&[zoned], Some("2026-01-03T13:46:18+00:00"));
        check(&["2026-01-03 09:46:18 x"], Some("2026-01-03T09:46:18"));
        check(&["Jan 31 10:00:00 host x"], Some("2026-01-31T10:00:00"));
        check(
            &["2026-01-03 09:46:18 x", zoned],
            Some("2026-01-03T13:46:18"),
        );
        check(&["no stamp"], None);
    }

    #[test]
    fn lines_without_a_stamp_have_that_of_the_line_before() {
        let text = b"  at x\n08/23/21 08:00:00 a\n  at y\n  at z\n08/23/21 09:00:00 b\n";
        let stamps = stamps();
        let mut clock = InForce::new(&stamps, None, 0);
        let mut at = |end| {
            clock
                .before(text, end)
                .map(|time| show(time, Some(jiff::tz::offset(-5)))[11..16].to_owned())
        };
        assert_eq!(at(7), None);
        assert_eq!(at(34).as_deref(), Some("08:00"));
        assert_eq!(at(41).as_deref(), Some("08:00"));
        assert_eq!(at(text.len()).as_deref(), Some("09:00"));
        let mut later = InForce::new(&stamps, "2021-01-01T17:00:00Z".parse().ok(), 0);
        assert_eq!(
            later
                .before(text, 7)
                .map(|time| show(time, Some(jiff::tz::offset(-5))))
                .as_deref(),
            Some("2021-01-01T12:00:00-05:00")
        );
    }
}
