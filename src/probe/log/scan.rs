//! Scans one file: counts every pattern's hits after the last start, keeps the first and the newest ones with their
//! neighbours. Takes memory for those few only.

use std::{collections::VecDeque, io::Read, ops::Range};

use jiff::Timestamp;
use memchr::{memchr, memchr_iter, memrchr};

use crate::{
    finding::{Facts, Reason, Unknown},
    probe::{
        Judging,
        excerpt::{LINE, cut},
        log::{
            candidates::Candidates,
            patterns::Expression,
            source,
            stamps::{InForce, Stamps},
            wanted::{Pattern, Wanted},
            window::{Broken, LONGEST_LINE, Window},
        },
    },
};

/// What all files of one probe may give together, inflated.
pub const MAX_BYTES: u64 = 4 << 30;
/// The longest text of a hit that becomes a fact, in bytes.
const MAX_TEXT: usize = 8 << 10;

/// A line in which a pattern or the start matches.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    pub line: u64,
    /// Cut where it is very long; `mark` is in it.
    pub text: String,
    /// The matching part, as bytes of `text`.
    pub mark: Range<usize>,
    /// Counted from 1, in characters of the whole line.
    pub column: u64,
    /// Of the line, or the last one before it in the file.
    pub time: Option<Timestamp>,
    pub before: Vec<String>,
    pub after: Vec<String>,
    pub captures: Facts,
}

/// What one pattern gave in one file.
#[derive(Debug, Default)]
pub struct Tally {
    pub count: u64,
    pub first: Option<Hit>,
    /// The newest ones, oldest first.
    pub recent: VecDeque<Hit>,
}

/// What one file gave.
#[derive(Debug, Default)]
pub struct Scanned {
    /// One a pattern, in their order.
    pub tallies: Vec<Tally>,
    /// The last start in the file; all tallies are of lines after it.
    pub started: Option<Hit>,
    /// Why the file was not seen whole.
    pub gaps: Vec<Unknown>,
    pub stopped: bool,
}

/// What is the same for all files.
pub struct Scanner<'a> {
    pub wanted: &'a Wanted,
    pub judging: &'a Judging<'a>,
    candidates: Candidates,
    stamps: Stamps,
    /// Lines with an older time do not count.
    oldest: Option<Timestamp>,
}

impl<'a> Scanner<'a> {
    pub fn new(wanted: &'a Wanted, judging: &'a Judging<'a>) -> Self {
        let expressions = wanted
            .patterns
            .iter()
            .map(|pattern| &pattern.expression)
            .chain(&wanted.start);
        Self {
            wanted,
            judging,
            candidates: Candidates::new(expressions),
            stamps: Stamps::new(&wanted.stamps, judging.zone.clone(), judging.now),
            oldest: wanted
                .since
                .map(|since| judging.now.checked_sub(since).unwrap_or(Timestamp::MIN)),
        }
    }

    /// Scans a file from its beginning to its end. Takes what it reads from `budget`.
    pub fn scan(&self, path: &str, content: Box<dyn Read + Send>, budget: &mut u64) -> Scanned {
        let mut file = File {
            scanner: self,
            counts: self
                .wanted
                .patterns
                .iter()
                .map(|p| p.only.as_ref().is_none_or(|only| only.matches_file(path)))
                .collect(),
            scanned: Scanned {
                tallies: self
                    .wanted
                    .patterns
                    .iter()
                    .map(|_| Tally::default())
                    .collect(),
                ..Scanned::default()
            },
            known: None,
            start_line: 0,
            timeless: None,
        };
        let content = match source::open(content) {
            Ok(content) => content,
            Err(error) => {
                file.gap(path, &error.to_string());
                return file.scanned;
            }
        };
        let reach = self.wanted.reach();
        let mut window = Window::new(content, reach, reach);
        while window.advance(budget) {
            if self.judging.stopped() {
                file.scanned.stopped = true;
                return file.scanned;
            }
            file.block(&window);
        }
        match window.broken() {
            Some(Broken::Read(error)) => file.gap(path, &error.to_string()),
            Some(Broken::Bound) => file.gap(
                path,
                &format!(
                    "not read to its end: the bound is {} GiB for all files",
                    MAX_BYTES >> 30
                ),
            ),
            None => {}
        }
        if let Some(line) = window.cut() {
            file.gap(
                path,
                &format!(
                    "line {line} is longer than {} MiB and was cut",
                    LONGEST_LINE >> 20
                ),
            );
        }
        if window.narrow() {
            file.gap(path, "its lines are too long to compare neighbours");
        }
        if let Some(line) = file.timeless {
            file.gap(
                path,
                &format!("line {line} matches, and no line up to it has a time"),
            );
        }
        file.scanned
    }
}

/// One file while it is scanned.
struct File<'a> {
    scanner: &'a Scanner<'a>,
    /// Which patterns count in this file.
    counts: Vec<bool>,
    scanned: Scanned,
    /// The time in force at the end of the lines that were in turn.
    known: Option<Timestamp>,
    /// The line of the last start; 0 where there is none.
    start_line: u64,
    /// The first line that matches and has no time, where only some times count.
    timeless: Option<u64>,
}

/// A hit within the window.
#[derive(Debug, Clone)]
struct Raw {
    line: u64,
    /// Without the break.
    bytes: Range<usize>,
    mark: Range<usize>,
    /// The neighbour that made it count.
    near: Option<Range<usize>>,
}

/// What one pattern gave in one window.
#[derive(Default)]
struct Fresh {
    first: Option<Raw>,
    recent: VecDeque<Raw>,
}

impl File<'_> {
    fn gap(&mut self, path: &str, why: &str) {
        self.scanned
            .gaps
            .push(Unknown::new(Reason::NotWhole, format!("{path}: {why}")));
    }

    fn block(&mut self, window: &Window) {
        let wanted = self.scanner.wanted;
        let (text, active) = (window.text(), window.active());
        let mut fresh: Vec<Fresh> = wanted.patterns.iter().map(|_| Fresh::default()).collect();
        let mut started: Option<Raw> = None;
        let mut clock = InForce::new(&self.scanner.stamps, self.known, active.start);
        let (mut line, mut counted, mut from) = (window.first_line(), active.start, active.start);
        while let Some(found) = self.scanner.candidates.next(&text[from..active.end]) {
            let at = from + found;
            let start = memrchr(b'\n', &text[from..at]).map_or(from, |before| from + before + 1);
            let end = memchr(b'\n', &text[at..active.end]).map_or(active.end, |after| at + after);
            line += memchr_iter(b'\n', &text[counted..start]).count() as u64;
            (counted, from) = (start, end + 1);
            let bytes = start..if text[start..end].ends_with(b"\r") {
                end - 1
            } else {
                end
            };
            if let Some(mark) = wanted
                .start
                .as_ref()
                .and_then(|start| find(start, text, &bytes))
            {
                started = Some(Raw {
                    line,
                    bytes,
                    mark,
                    near: None,
                });
                self.start_line = line;
                fresh.iter_mut().for_each(|fresh| *fresh = Fresh::default());
                self.scanned
                    .tallies
                    .iter_mut()
                    .for_each(|tally| *tally = Tally::default());
                self.timeless = None;
                continue;
            }
            for (index, pattern) in wanted
                .patterns
                .iter()
                .enumerate()
                .filter(|(index, _)| self.counts[*index])
            {
                let Some(mark) = find(&pattern.expression, text, &bytes) else {
                    continue;
                };
                let Some(near) = self.near(pattern, text, &bytes, line) else {
                    continue;
                };
                if let Some(oldest) = self.scanner.oldest {
                    match clock.before(text, end + 1) {
                        Some(time) if time < oldest => continue,
                        Some(_) => {}
                        None => {
                            self.timeless.get_or_insert(line);
                            continue;
                        }
                    }
                }
                let raw = Raw {
                    line,
                    bytes: bytes.clone(),
                    mark,
                    near,
                };
                self.scanned.tallies[index].count += 1;
                let fresh = &mut fresh[index];
                fresh.first.get_or_insert_with(|| raw.clone());
                fresh.recent.push_back(raw);
                if fresh.recent.len() > wanted.limit.max(1) {
                    fresh.recent.pop_front();
                }
            }
            if from >= active.end {
                break;
            }
        }
        self.keep(text, &active, fresh, started);
    }

    /// Makes hits of those that stay, in the order of their lines, since times are told in that order.
    fn keep(
        &mut self,
        text: &[u8],
        active: &Range<usize>,
        fresh: Vec<Fresh>,
        started: Option<Raw>,
    ) {
        enum Place {
            Start,
            First(usize),
            Recent(usize),
        }
        let mut raws: Vec<(Place, Raw)> =
            started.map(|raw| (Place::Start, raw)).into_iter().collect();
        for (index, fresh) in fresh.into_iter().enumerate() {
            let first = fresh
                .first
                .filter(|_| self.scanned.tallies[index].first.is_none());
            raws.extend(first.map(|raw| (Place::First(index), raw)));
            raws.extend(
                fresh
                    .recent
                    .into_iter()
                    .map(|raw| (Place::Recent(index), raw)),
            );
        }
        raws.sort_by_key(|(_, raw)| raw.bytes.start);
        let mut clock = InForce::new(&self.scanner.stamps, self.known, active.start);
        for (place, raw) in raws {
            let end = memchr(b'\n', &text[raw.bytes.end..])
                .map_or(text.len(), |after| raw.bytes.end + after + 1);
            let mut hit = self.hit(text, &raw, clock.before(text, end));
            match place {
                Place::Start => self.scanned.started = Some(hit),
                Place::First(index) => self.scanned.tallies[index].first = Some(hit),
                Place::Recent(index) => {
                    hit.captures = captures(&self.scanner.wanted.patterns[index], text, &raw);
                    let recent = &mut self.scanned.tallies[index].recent;
                    recent.push_back(hit);
                    if recent.len() > self.scanner.wanted.limit.max(1) {
                        recent.pop_front();
                    }
                }
            }
        }
        self.known = clock.before(text, active.end);
    }

    fn hit(&self, text: &[u8], raw: &Raw, time: Option<Timestamp>) -> Hit {
        let line = String::from_utf8_lossy(&text[raw.bytes.clone()]);
        // The window holds UTF-8, and a match of an expression over it begins and ends between characters.
        let start = line.floor_char_boundary(raw.mark.start - raw.bytes.start);
        let end = line
            .ceil_char_boundary(raw.mark.end - raw.bytes.start)
            .max(start);
        let from = line.floor_char_boundary(start.saturating_sub(MAX_TEXT / 2));
        let to = line
            .floor_char_boundary((from + MAX_TEXT).min(line.len()))
            .max(start);
        let context = self.scanner.wanted.context;
        let mut before: Vec<String> = above(text, raw.bytes.start)
            .take(context)
            .map(|line| show(text, line))
            .collect();
        before.reverse();
        Hit {
            line: raw.line,
            text: line[from..to].to_owned(),
            mark: start - from..end.min(to) - from,
            column: line[..start].chars().count() as u64 + 1,
            time,
            before,
            after: below(text, raw.bytes.end)
                .take(context)
                .map(|line| show(text, line))
                .collect(),
            captures: Facts::new(),
        }
    }

    /// `None`: does not count; `Some(None)`: no neighbour is asked for. Lines up to the last start are no neighbours.
    fn near(
        &self,
        pattern: &Pattern,
        text: &[u8],
        bytes: &Range<usize>,
        line: u64,
    ) -> Option<Option<Range<usize>>> {
        let Some(near) = &pattern.near else {
            return Some(None);
        };
        if near.is_match(&text[bytes.clone()]) {
            return Some(Some(bytes.clone()));
        }
        let since_start = usize::try_from(line - self.start_line - 1).unwrap_or(usize::MAX);
        let mut above = above(text, bytes.start).take(pattern.within.min(since_start));
        let mut below = below(text, bytes.end).take(pattern.within);
        (0..pattern.within)
            .find_map(|_| {
                let pair = [above.next(), below.next()];
                pair.into_iter()
                    .flatten()
                    .find(|line| near.is_match(&text[line.clone()]))
            })
            .map(Some)
    }
}

fn find(expression: &Expression, text: &[u8], line: &Range<usize>) -> Option<Range<usize>> {
    let found = expression.regex.find(&text[line.clone()])?;
    Some(line.start + found.start()..line.start + found.end())
}

fn captures(pattern: &Pattern, text: &[u8], raw: &Raw) -> Facts {
    let mut facts = Facts::new();
    let near = pattern.near.as_ref().zip(raw.near.as_ref());
    for (expression, line) in near.into_iter().chain([(&pattern.expression, &raw.bytes)]) {
        let Some(found) = expression.regex.captures(&text[line.clone()]) else {
            continue;
        };
        for name in expression.regex.capture_names().flatten() {
            if let Some(group) = found.name(name) {
                let group = String::from_utf8_lossy(group.as_bytes());
                facts.insert(
                    name.to_owned(),
                    group[..group.floor_char_boundary(MAX_TEXT)].into(),
                );
            }
        }
    }
    facts
}

/// The lines that end before `at`, the start of a line; the nearest first, without breaks.
fn above(text: &[u8], at: usize) -> impl Iterator<Item = Range<usize>> {
    let mut end = at;
    std::iter::from_fn(move || {
        let last = end.checked_sub(1)?;
        let start = memrchr(b'\n', &text[..last]).map_or(0, |before| before + 1);
        end = start;
        Some(start..last)
    })
}

/// The lines after the one that `at` lies in.
fn below(text: &[u8], at: usize) -> impl Iterator<Item = Range<usize>> {
    let mut from = memchr(b'\n', &text[at..]).map_or(text.len(), |after| at + after + 1);
    std::iter::from_fn(move || {
        let end = from + memchr(b'\n', &text[from..])?;
        let line = from..end;
        from = end + 1;
        Some(line)
    })
}

fn show(text: &[u8], line: Range<usize>) -> String {
    let line = &text[line];
    cut(
        String::from_utf8_lossy(&line[..line.len().min(4 * LINE + 4)]).trim_end_matches('\r'),
        LINE,
    )
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

    #[test]
    fn what_never_ends_meets_the_bound() {
        let changes = json!({"start": null, "patterns": {"hit": "x"}});
        let params = crate::probe::log::sample::params(changes);
        let wanted = Wanted::new(&params).expect("the parameters make sense");
        let stop = std::sync::atomic::AtomicBool::new(false);
        let judging = Judging {
            now: Timestamp::UNIX_EPOCH,
            zone: jiff::tz::TimeZone::UTC,
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
        let gaps: Vec<_> = scanned.gaps.iter().map(|gap| gap.detail.as_str()).collect();
        assert_eq!(
            gaps,
            [
                "a: not read to its end: the bound is 4 GiB for all files",
                "a: line 1 is longer than 1 MiB and was cut"
            ]
        );
        assert_eq!(budget, 0);
    }
}
