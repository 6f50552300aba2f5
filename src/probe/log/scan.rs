//! The lines of one file, in turns: counts every pattern's hits after the last start, keeps the first and the newest ones
//! with their neighbours. Takes memory for those few only.

use std::{collections::VecDeque, ops::Range};

use jiff::Timestamp;
use memchr::{memchr, memchr_iter, memrchr};

use crate::{
    finding::Facts,
    probe::log::{
        hit::{Hit, Scanned, Tally},
        neighbours::{above, below, near, show},
        patterns::Expression,
        scanner::Scanner,
        stamps::InForce,
        wanted::Pattern,
        window::Window,
    },
};

/// The longest text of a hit that becomes a fact, in bytes.
const MAX_TEXT: usize = 8 << 10;

/// One file while it is scanned.
pub struct Scan<'a> {
    scanner: &'a Scanner<'a>,
    /// Which patterns count in this file.
    counts: Vec<bool>,
    scanned: Scanned,
    /// The time in force at the end of the lines that were in turn.
    known: Option<Timestamp>,
    /// The line of the last start; 0 where there is none.
    start_line: u64,
    /// Lines of the file before the first that was read, where that is known.
    missing: Option<u64>,
    /// See [`Scan::timeless`].
    timeless: Option<u64>,
    /// Which expressions may match in a line.
    which: Vec<bool>,
    /// Hits of the lines that were in turn before. Most are soon replaced by newer ones, so that making something of them
    /// waits until the next lines were in turn.
    waiting: Waiting,
}

/// A hit within the window.
#[derive(Debug, Clone)]
struct Raw {
    line: u64,
    /// Without the break.
    bytes: Range<usize>,
    /// The neighbour that made it count.
    near: Option<Range<usize>>,
}

/// What the lines of one turn gave.
#[derive(Default)]
struct Waiting {
    started: Option<Raw>,
    /// One a pattern.
    fresh: Vec<Fresh>,
    /// The time in force before the turn, and where it begins.
    known: Option<Timestamp>,
    from: usize,
}

/// What one pattern gave in one turn.
#[derive(Default)]
struct Fresh {
    first: Option<Raw>,
    recent: VecDeque<Raw>,
}

impl<'a> Scan<'a> {
    /// Of a file whose first lines are `missing`, as many as that; none is none.
    pub fn new(scanner: &'a Scanner<'a>, path: &str, missing: Option<u64>) -> Self {
        let patterns = &scanner.wanted.patterns;
        let counts = |pattern: &Pattern| {
            pattern
                .only
                .as_ref()
                .is_none_or(|only| only.matches_file(path))
        };
        Self {
            scanner,
            counts: patterns.iter().map(counts).collect(),
            scanned: Scanned {
                tallies: patterns.iter().map(|_| Tally::default()).collect(),
                ..Scanned::default()
            },
            known: None,
            start_line: 0,
            missing,
            timeless: None,
            which: Vec::new(),
            waiting: Waiting::default(),
        }
    }

    /// The first line that matches and has no time, where only some times count.
    pub fn timeless(&self) -> Option<u64> {
        self.timeless
    }

    /// The number in the file of a line that was read.
    pub fn number(&self, line: u64) -> Option<u64> {
        Some(self.missing? + line)
    }

    /// Whether a line was read that matches the start.
    pub fn has_started(&self) -> bool {
        self.start_line > 0
    }

    /// `text` is what was in sight at the last turn.
    pub fn finish(mut self, text: &[u8]) -> Scanned {
        let waiting = std::mem::take(&mut self.waiting);
        self.keep(text, waiting);
        self.scanned
    }

    /// Judges the lines that are in turn, and says how many they are. `before` is what was in sight at the turn before.
    pub fn turn(&mut self, window: &Window, before: &[u8]) -> u64 {
        let wanted = self.scanner.wanted;
        let (text, active) = (window.text(), window.active());
        let mut fresh: Vec<Fresh> = wanted.patterns.iter().map(|_| Fresh::default()).collect();
        let mut started: Option<Raw> = None;
        let mut clock = InForce::new(&self.scanner.stamps, self.known, active.start);
        let (mut line, mut counted, mut from) = (window.first_line(), active.start, active.start);
        let turn = &text[active.clone()];
        let base = active.start;
        let mut search = self.scanner.candidates(turn).search(turn);
        while let Some(found) = search.next() {
            let at = base + found;
            let start = memrchr(b'\n', &text[from..at]).map_or(from, |before| from + before + 1);
            let end = memchr(b'\n', &text[at..active.end]).map_or(active.end, |after| at + after);
            line += memchr_iter(b'\n', &text[counted..start]).count() as u64;
            (counted, from) = (start, end + 1);
            search.may_match(start - base..end - base, &mut self.which);
            let bytes = start..if text[start..end].ends_with(b"\r") {
                end - 1
            } else {
                end
            };
            // The start stands behind the patterns.
            if self.which.last() == Some(&true)
                && let Some(start) = &wanted.start
                && start.is_match(&text[bytes.clone()])
            {
                started = Some(Raw {
                    line,
                    bytes,
                    near: None,
                });
                self.waiting = Waiting::default();
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
                .filter(|(index, _)| self.which[*index] && self.counts[*index])
            {
                if !pattern.expression.is_match(&text[bytes.clone()]) {
                    continue;
                }
                let Some(near) = near(pattern, text, &bytes, line - self.start_line - 1) else {
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
        }
        let lines = line - window.first_line()
            + memchr_iter(b'\n', &text[counted..active.end]).count() as u64;
        let newer = Waiting {
            started,
            fresh,
            known: self.known,
            from: active.start,
        };
        self.known = clock.before(text, active.end);
        let mut older = std::mem::replace(&mut self.waiting, newer);
        // What newer hits replace needs no text.
        let limit = wanted.limit.max(1);
        for (older, newer) in older.fresh.iter_mut().zip(&self.waiting.fresh) {
            let stay = limit.saturating_sub(newer.recent.len());
            older
                .recent
                .drain(..older.recent.len().saturating_sub(stay));
        }
        self.keep(before, older);
        lines
    }

    /// Makes hits of those that stay, in the order of their lines, since times are told in that order.
    fn keep(&mut self, text: &[u8], waiting: Waiting) {
        enum Place {
            Start,
            First(usize),
            Recent(usize),
        }
        let mut raws: Vec<(Place, Raw)> = Vec::new();
        raws.extend(waiting.started.map(|raw| (Place::Start, raw)));
        for (index, fresh) in waiting.fresh.into_iter().enumerate() {
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
        let mut clock = InForce::new(&self.scanner.stamps, waiting.known, waiting.from);
        for (place, raw) in raws {
            let end = memchr(b'\n', &text[raw.bytes.end..])
                .map_or(text.len(), |after| raw.bytes.end + after + 1);
            let patterns = &self.scanner.wanted.patterns;
            let expression = match place {
                Place::Start => self.scanner.wanted.start.as_ref(),
                Place::First(index) | Place::Recent(index) => Some(&patterns[index].expression),
            };
            let mark = expression.and_then(|expression| find(expression, text, &raw.bytes));
            let mark = mark.unwrap_or_else(|| raw.bytes.clone());
            let mut hit = self.hit(text, &raw, mark, clock.before(text, end));
            match place {
                Place::Start => self.scanned.started = Some(hit),
                Place::First(index) => self.scanned.tallies[index].first = Some(hit),
                Place::Recent(index) => {
                    hit.captures = captures(&patterns[index], text, &raw);
                    let recent = &mut self.scanned.tallies[index].recent;
                    recent.push_back(hit);
                    if recent.len() > self.scanner.wanted.limit.max(1) {
                        recent.pop_front();
                    }
                }
            }
        }
    }

    fn hit(&self, text: &[u8], raw: &Raw, mark: Range<usize>, time: Option<Timestamp>) -> Hit {
        let line = String::from_utf8_lossy(&text[raw.bytes.clone()]);
        // The window holds UTF-8, and a match of an expression over it begins and ends between characters.
        let start = line.floor_char_boundary(mark.start - raw.bytes.start);
        let end = line
            .ceil_char_boundary(mark.end - raw.bytes.start)
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
            number: self.number(raw.line),
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use crate::{
        finding::Value,
        probe::log::sample::{file, run},
    };

    /// What the specification says, the slow way: `hit` needs `B`, with `A` at most `within` lines away, after the last
    /// `START`. Numbers count from 1.
    fn expected(lines: &[&str], within: usize) -> (Option<usize>, Vec<usize>) {
        let start = lines.iter().rposition(|line| line.contains("START"));
        let from = start.map_or(0, |start| start + 1);
        let hits = (from..lines.len()).filter(|at| {
            let around = at.saturating_sub(within).max(from)..(at + within + 1).min(lines.len());
            lines[*at].contains('B') && lines[around].iter().any(|line| line.contains('A'))
        });
        (
            start.map(|start| start + 1),
            hits.map(|hit| hit + 1).collect(),
        )
    }

    fn number(hit: Option<&Value>) -> Option<usize> {
        match hit?.get("line")? {
            Value::Int(line) => usize::try_from(*line).ok(),
            _ => None,
        }
    }

    proptest! {
        #[test]
        fn a_scan_says_what_a_slow_reading_says(
            lines in prop::collection::vec(prop::sample::select(vec!["", "A", "xB", "x", "AB ü", "START", "y"]), 0..60),
            within in 0..5usize,
            ending in prop::sample::select(vec!["\n", "\r\n"]),
        ) {
            let changes = json!({
                "start": "START", "case": true, "limit": 2, "patterns": {"hit": {"match": "B", "near": "A", "within": within}},
            });
            let judged = run(changes, vec![file("a", lines.join(ending))], false);
            let (start, hits) = expected(&lines, within);
            prop_assert_eq!(number(judged.facts.get("started")), start);
            let hit = judged.facts.get("hit");
            prop_assert_eq!(hit.is_none(), hits.is_empty() && start.is_none());
            if let Some(hit) = hit {
                prop_assert_eq!(hit.get("count"), Some(&Value::from(hits.len())));
                prop_assert_eq!(number(hit.get("first")), hits.first().copied());
                prop_assert_eq!(number(hit.get("last")), hits.last().copied());
                if let Some(Value::List(excerpts)) = hit.get("excerpts") {
                    let found: Vec<_> = excerpts.iter().filter_map(|excerpt| number(Some(excerpt))).collect();
                    let newest: Vec<_> = hits.iter().rev().take(2).copied().collect();
                    prop_assert_eq!(found, newest);
                }
            }
        }
    }
}
