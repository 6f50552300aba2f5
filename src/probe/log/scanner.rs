//! Reads one file through and says what it gave, and why it was not seen whole.

use std::{cell::OnceCell, io::Read};

use jiff::{SignedDuration, Timestamp};

use crate::{
    finding::{Reason, Unknown},
    probe::{
        Judging,
        log::{
            candidates::Candidates,
            gap::Hole,
            hit::Scanned,
            scan::Scan,
            source,
            stamps::Stamps,
            wanted::Wanted,
            window::{Broken, LONGEST_LINE, Window},
        },
    },
};

/// What all files of one probe may give together, inflated.
pub const MAX_BYTES: u64 = 4 << 30;
/// How far a local time may lie behind the same digits of UTC: no zone is farther east than UTC+14.
const FARTHEST_EAST: SignedDuration = SignedDuration::from_hours(14);

/// What is the same for all files.
pub struct Scanner<'a> {
    pub wanted: &'a Wanted,
    pub judging: &'a Judging<'a>,
    candidates: OnceCell<Candidates>,
    pub stamps: Stamps,
    /// Lines with an older time do not count.
    pub oldest: Option<Timestamp>,
}

impl<'a> Scanner<'a> {
    pub fn new(wanted: &'a Wanted, judging: &'a Judging<'a>) -> Self {
        Self {
            wanted,
            judging,
            candidates: OnceCell::new(),
            stamps: Stamps::new(&wanted.stamps, judging.zone.clone(), judging.now),
            oldest: wanted.since.map(|since| {
                // Too many lines rather than too few: that none is there is an answer too.
                let doubt = match judging.zone {
                    Some(_) => SignedDuration::ZERO,
                    None => FARTHEST_EAST,
                };
                let since = since.saturating_add(doubt);
                judging.now.checked_sub(since).unwrap_or(Timestamp::MIN)
            }),
        }
    }

    /// What finds the lines worth a look, made for text such as `text`. The start stands behind the
    /// patterns.
    pub fn candidates(&self, text: &[u8]) -> &Candidates {
        self.candidates.get_or_init(|| {
            let patterns = &self.wanted.patterns;
            let expressions = patterns.iter().map(|pattern| &pattern.expression);
            Candidates::new(expressions.chain(&self.wanted.start), text)
        })
    }

    /// Scans a file from its beginning to its end. Takes what it reads from `budget`.
    pub fn scan(&self, path: &str, content: Box<dyn Read + Send>, budget: &mut u64) -> Scanned {
        let mut holes = Vec::new();
        let mut hole = |upto: Option<u64>, why: String| {
            let why = Unknown::new(Reason::NotWhole, format!("{path}: {why}"));
            holes.push(Hole { why, upto });
        };
        let text = match source::open(content) {
            Ok(text) => text,
            Err(error) => {
                hole(None, error.to_string());
                return Scanned {
                    holes,
                    ..Scan::new(self, path, None).finish(&[])
                };
            }
        };
        let missing = text.lacks.map_or(Some(0), |lacks| lacks.lines);
        let mut scan = Scan::new(self, path, missing);
        let mut stopped = false;
        // What was in sight at the last turn.
        let mut sight = Vec::new();
        let reach = self.wanted.reach();
        let mut window = Window::new(text.content, reach, reach);
        let mut passed = 0;
        while window.advance(passed, budget, &mut sight, || self.judging.stopped()) {
            passed = scan.turn(&window, &sight);
            if self.judging.stopped() {
                stopped = true;
                sight = window.text().to_vec();
                break;
            }
        }
        // Also inside a line that is passed over, which has no end.
        stopped |= self.judging.stopped();
        let line = |line: u64| match scan.number(line) {
            Some(number) => format!("line {number}"),
            None => "a line".to_owned(),
        };
        match window.broken() {
            Some(Broken::Read(error)) => hole(None, error.to_string()),
            Some(Broken::Bound) => {
                let bound = MAX_BYTES >> 30;
                hole(
                    None,
                    format!("not read to its end: the bound is {bound} GiB for all files"),
                );
            }
            None => {}
        }
        if let Some((first, last)) = window.cut() {
            let most = LONGEST_LINE >> 20;
            let why = format!("{} is longer than {most} MiB and was cut", line(first));
            hole(Some(last), why);
        }
        if window.narrow() {
            hole(
                None,
                "its lines are too long to compare neighbours".to_owned(),
            );
        }
        if let Some(timeless) = scan.timeless() {
            // Every line that has a time comes after all that have none.
            let why = format!(
                "{} matches, and no line up to it has a time",
                line(timeless)
            );
            hole(Some(timeless), why);
        }
        // What stood before the start counts in no file, whether or not it is there.
        if let Some(lacks) = text.lacks.filter(|_| !scan.has_started()) {
            hole(Some(0), lacks.to_string());
        }
        Scanned {
            holes,
            stopped,
            ..scan.finish(&sight)
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::{Compression, write::GzEncoder};
    use serde_json::json;

    use super::*;
    use crate::{
        finding::Value,
        probe::log::sample::{file, opened, run},
    };

    /// Every seventh line hits, each with its number.
    fn numbered(lines: u64) -> String {
        (1..=lines)
            .map(|line| {
                if line % 7 == 0 {
                    format!("grün hit {line} of many\r\n")
                } else {
                    format!("line {line}\r\n")
                }
            })
            .collect()
    }

    #[test]
    fn counts_lines_and_numbers_are_right_in_every_encoding() {
        let text = numbered(40_000);
        let changes =
            json!({"start": null, "limit": 2, "patterns": {"hit": "GRÜN HIT (?<number>[0-9]+)"}});
        let last = 40_000 / 7 * 7;
        let mut archive = GzEncoder::new(Vec::new(), Compression::fast());
        archive.write_all(text.as_bytes()).expect("memory takes it");
        let contents = [
            text.clone().into_bytes(),
            text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            [
                b"\xfe\xff".to_vec(),
                text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
            ]
            .concat(),
            encoding_rs::WINDOWS_1252.encode(&text).0.into_owned(),
            archive.finish().expect("memory takes it"),
        ];
        for content in contents {
            let judged = run(changes.clone(), vec![file("a", content)], false);
            let hit = &judged.facts["hit"];
            assert_eq!(hit.get("count"), Some(&Value::from(40_000u64 / 7)));
            assert_eq!(
                hit.get("first").and_then(|first| first.get("line")),
                Some(&Value::from(7u64))
            );
            assert_eq!(
                hit.get("last").and_then(|last| last.get("line")),
                Some(&Value::from(last as u64))
            );
            assert_eq!(
                hit.get("captures").and_then(|c| c.get("number")),
                Some(&Value::from(last.to_string()))
            );
            let excerpts = serde_json::to_value(hit.get("excerpts")).expect("facts are JSON");
            assert_eq!(
                excerpts[1]["text"],
                format!("grün hit {} of many", last - 7)
            );
            assert_eq!(
                excerpts[1]["before"],
                json!([format!("line {}", last - 9), format!("line {}", last - 8)])
            );
            assert_eq!(
                excerpts[1]["after"],
                json!([format!("line {}", last - 6), format!("line {}", last - 5)])
            );
        }
    }

    #[test]
    fn a_line_of_another_encoding_is_no_hole() {
        let judged = run(
            json!({"start": null, "patterns": {"hit": "user '.*' is locked"}}),
            vec![file(
                "a",
                b"\xe2\x80\x9dx\nuser 'M\xfcller' is locked\n".to_vec(),
            )],
            false,
        );
        let text = judged.facts["hit"]
            .get("last")
            .and_then(|last| last.get("text"));
        assert_eq!(text, Some(&Value::from("user 'Müller' is locked")));
    }

    #[test]
    fn a_hit_far_into_a_long_line_is_shown() {
        let line = format!("{}HIT{}\n", "ä".repeat(200_000), "b".repeat(200_000));
        let judged = run(
            json!({"start": null, "patterns": {"hit": "HIT"}}),
            vec![file("a", line)],
            false,
        );
        let evidence = &judged.evidence[0];
        let (from, to) = evidence.mark.expect("the match is marked");
        assert_eq!(
            evidence
                .text
                .chars()
                .skip(from)
                .take(to - from)
                .collect::<String>(),
            "HIT"
        );
        assert_eq!(evidence.column, Some(200_001));
    }

    /// Ends never.
    struct Endless(u8);

    impl Read for Endless {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            buffer.fill(self.0);
            Ok(buffer.len())
        }
    }

    /// Says stop once so much was read.
    struct Stopping(std::sync::Arc<std::sync::atomic::AtomicBool>, usize);

    impl Read for Stopping {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            use std::sync::atomic::Ordering;

            assert!(!self.0.load(Ordering::Relaxed), "nobody waits for it");
            buffer.fill(b'-');
            self.1 = self.1.saturating_sub(buffer.len());
            self.0.store(self.1 == 0, Ordering::Relaxed);
            Ok(buffer.len())
        }
    }

    #[test]
    fn a_line_without_an_end_is_left_when_nobody_waits() {
        let params = crate::probe::log::sample::params(json!({"patterns": {"hit": "x"}}));
        let wanted = Wanted::new(&params).expect("the parameters make sense");
        let stop = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
        let judging = Judging {
            now: Timestamp::UNIX_EPOCH,
            zone: Some(jiff::tz::TimeZone::UTC),
            os: crate::finding::Os::Linux,
            stop: &stop,
        };
        // Far into what is passed over.
        let content = Box::new(Stopping(std::sync::Arc::clone(&stop), 8 << 20));
        let mut budget = MAX_BYTES;
        let scanned = Scanner::new(&wanted, &judging).scan("a", content, &mut budget);
        assert!(scanned.stopped);
        assert!(budget > MAX_BYTES - (16 << 20), "{budget}");
    }

    #[test]
    fn what_never_ends_meets_the_bound() {
        let changes = json!({"start": null, "patterns": {"hit": "x"}});
        let params = crate::probe::log::sample::params(changes);
        let wanted = Wanted::new(&params).expect("the parameters make sense");
        let stop = std::sync::atomic::AtomicBool::new(false);
        let judging = Judging {
            now: Timestamp::UNIX_EPOCH,
            zone: Some(jiff::tz::TimeZone::UTC),
            os: crate::finding::Os::Linux,
            stop: &stop,
        };
        let mut budget = 40 << 20;
        let endless = opened("a", Ok(Box::new(Endless(b'-'))));
        let scanned = Scanner::new(&wanted, &judging).scan(
            "a",
            endless.content.expect("it can be read"),
            &mut budget,
        );
        let holes = scanned.holes.iter();
        let holes: Vec<_> = holes.map(|hole| hole.why.detail.as_str()).collect();
        assert_eq!(
            holes,
            [
                "a: not read to its end: the bound is 4 GiB for all files",
                "a: line 1 is longer than 1 MiB and was cut"
            ]
        );
        assert_eq!(budget, 0);
    }
}
