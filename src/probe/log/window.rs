//! A moving window over a file's lines: those that are to be judged, with enough lines before and after them to judge and
//! show them. Takes bounded memory, however long a line or a file is.

use std::{
    io::{self, Read},
    ops::Range,
};

use memchr::{memchr, memchr_iter, memrchr};

use crate::probe::decode;

/// What is read at once, in bytes.
const CHUNK: usize = 256 << 10;
/// The longest line, in bytes; the rest of a longer one is passed over.
pub const LONGEST_LINE: usize = 1 << 20;
/// What neighbours take at most on each side, in bytes.
const NEIGHBOURS: usize = 4 << 20;

/// Why reading ended before the file did.
#[derive(Debug)]
pub enum Broken {
    Read(io::Error),
    /// The bytes that all files together may give are used up.
    Bound,
}

pub struct Window {
    reader: Box<dyn Read + Send>,
    /// What was read; a line whose break was not read yet stays at its beginning.
    raw: Box<[u8]>,
    /// How many bytes of `raw` wait for their line break.
    pending: usize,
    /// Whole lines in UTF-8, each with its break.
    text: Vec<u8>,
    active: Range<usize>,
    first_line: u64,
    behind: usize,
    ahead: usize,
    at_end: bool,
    skipping: bool,
    broken: Option<Broken>,
    /// The first and the last line that were cut.
    cut: Option<(u64, u64)>,
    narrow: bool,
}

impl Window {
    /// `behind` and `ahead` are the lines that stay in sight before and after those in turn.
    pub fn new(reader: Box<dyn Read + Send>, behind: usize, ahead: usize) -> Self {
        Self {
            reader,
            raw: vec![0; LONGEST_LINE + CHUNK].into_boxed_slice(),
            pending: 0,
            text: Vec::new(),
            active: 0..0,
            first_line: 1,
            behind,
            ahead,
            at_end: false,
            skipping: false,
            broken: None,
            cut: None,
            narrow: false,
        }
    }

    /// Moves on to the next lines; false where there are none. `passed` is how many lines were in turn. Takes what it reads
    /// from `budget`, and leaves what was in sight in `before`. Goes no further once `stopped`, be it inside a line.
    pub fn advance(
        &mut self,
        passed: u64,
        budget: &mut u64,
        before: &mut Vec<u8>,
        stopped: impl Fn() -> bool,
    ) -> bool {
        self.first_line += passed;
        let keep = self.history();
        std::mem::swap(&mut self.text, before);
        self.text.clear();
        self.text.extend_from_slice(&before[keep..]);
        self.active = self.active.end - keep..self.active.end - keep;
        loop {
            let end = self.judgeable();
            if end > self.active.start || self.at_end {
                self.active.end = end;
                return end > self.active.start;
            }
            if stopped() {
                return false;
            }
            self.read_more(budget);
        }
    }

    /// All that is in sight: whole lines in UTF-8, each with its break.
    pub fn text(&self) -> &[u8] {
        &self.text
    }

    /// The lines in turn. Each line of the file is in turn once.
    pub fn active(&self) -> Range<usize> {
        self.active.clone()
    }

    /// The number of the first line in turn, counted from 1.
    pub fn first_line(&self) -> u64 {
        self.first_line
    }

    /// The first and the last line that were too long and were cut.
    pub fn cut(&self) -> Option<(u64, u64)> {
        self.cut
    }

    /// Neighbours were out of sight, since they are very long.
    pub fn narrow(&self) -> bool {
        self.narrow
    }

    pub fn broken(&mut self) -> Option<Broken> {
        self.broken.take()
    }

    /// Where the lines begin that stay in sight behind those that come.
    fn history(&mut self) -> usize {
        let mut from = self.active.end;
        for _ in 0..self.behind {
            if from == 0 {
                return 0;
            }
            let start = memrchr(b'\n', &self.text[..from - 1]).map_or(0, |at| at + 1);
            if self.active.end - start > NEIGHBOURS {
                self.narrow = true;
                break;
            }
            from = start;
        }
        from
    }

    /// The end of the lines that have enough lines after them.
    fn judgeable(&mut self) -> usize {
        if self.at_end {
            return self.text.len();
        }
        let mut end = self.text.len();
        for _ in 0..self.ahead {
            if end <= self.active.start {
                break;
            }
            end = memrchr(b'\n', &self.text[..end - 1]).map_or(0, |at| at + 1);
        }
        if end <= self.active.start && self.text.len() - self.active.start > NEIGHBOURS {
            self.narrow = true;
            return self.text.len();
        }
        end.max(self.active.start)
    }

    fn read_more(&mut self, budget: &mut u64) {
        if *budget == 0 {
            self.end(Some(Broken::Bound));
            return;
        }
        let most = usize::try_from(*budget).unwrap_or(usize::MAX).min(CHUNK);
        let count = loop {
            let room = &mut self.raw[self.pending..][..most];
            match self.reader.read(room) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => break read,
            }
        };
        match count {
            Ok(0) => self.end(None),
            Err(error) => self.end(Some(Broken::Read(error))),
            Ok(count) => {
                *budget -= count as u64;
                self.take_lines(self.pending + count);
            }
        }
    }

    /// Moves whole lines out of the first `filled` bytes that were read; in those that are pending there is no break.
    fn take_lines(&mut self, filled: usize) {
        let mut from = 0;
        if self.skipping {
            let Some(at) = memchr(b'\n', &self.raw[..filled]) else {
                self.pending = 0;
                return;
            };
            self.skipping = false;
            from = at + 1;
        }
        let fresh = self.pending.max(from);
        if let Some(last) = memrchr(b'\n', &self.raw[fresh..filled]) {
            let end = fresh + last + 1;
            push_lines(&mut self.text, &self.raw[from..end]);
            from = end;
        }
        self.raw.copy_within(from..filled, 0);
        self.pending = filled - from;
        if self.pending > LONGEST_LINE {
            let mut end = LONGEST_LINE;
            // Not inside a character.
            while end > LONGEST_LINE - 4 && self.raw[end] & 0xc0 == 0x80 {
                end -= 1;
            }
            let line = self.first_line
                + memchr_iter(b'\n', &self.text[self.active.start..]).count() as u64;
            self.cut = Some((self.cut.map_or(line, |(first, _)| first), line));
            push_lines(&mut self.text, &self.raw[..end]);
            self.text.push(b'\n');
            self.pending = 0;
            self.skipping = true;
        }
    }

    fn end(&mut self, broken: Option<Broken>) {
        self.at_end = true;
        self.broken = broken;
        if self.pending > 0 && !self.skipping {
            push_lines(&mut self.text, &self.raw[..self.pending]);
            self.text.push(b'\n');
        }
        self.pending = 0;
    }
}

fn push_lines(text: &mut Vec<u8>, lines: &[u8]) {
    if std::str::from_utf8(lines).is_ok() {
        text.extend_from_slice(lines);
        return;
    }
    for line in lines.split_inclusive(|byte| *byte == b'\n') {
        text.extend_from_slice(decode::line(line).as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    /// Gives a few bytes at a time, as a slow disk may.
    struct Dripping(Cursor<Vec<u8>>, usize);

    impl Read for Dripping {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let most = self.1.min(buffer.len());
            self.0.read(&mut buffer[..most])
        }
    }

    /// All lines in turn, with their numbers, and the lines in sight at the first of each turn.
    fn lines(bytes: &[u8], drip: usize, behind: usize, ahead: usize) -> Vec<(u64, String)> {
        let reader = Dripping(Cursor::new(bytes.to_vec()), drip);
        let mut window = Window::new(Box::new(reader), behind, ahead);
        let mut budget = u64::MAX;
        let mut all: Vec<(u64, String)> = Vec::new();
        let mut passed = 0;
        while window.advance(passed, &mut budget, &mut Vec::new(), || false) {
            passed = memchr_iter(b'\n', &window.text()[window.active()]).count() as u64;
            let active = window.active();
            let before = memchr_iter(b'\n', &window.text()[..active.start]).count();
            assert_eq!(before, behind.min(all.len()), "lines behind");
            let after = memchr_iter(b'\n', &window.text()[active.end..]).count();
            assert!(after == ahead || window.at_end, "lines ahead");
            let text = std::str::from_utf8(&window.text()[active]).expect("it is UTF-8");
            for (number, line) in (window.first_line()..).zip(text.lines()) {
                all.push((number, line.to_owned()));
            }
        }
        all
    }

    #[test]
    fn every_line_is_in_turn_once() {
        let text: String = (1..=500)
            .map(|number| format!("line {number}\r\n"))
            .collect();
        let expected: Vec<_> = (1..=500)
            .map(|number| (number, format!("line {number}")))
            .collect();
        for drip in [1, 7, 100, 4096] {
            for (behind, ahead) in [(0, 0), (2, 2), (5, 0), (0, 7), (1000, 1000)] {
                assert_eq!(
                    lines(text.as_bytes(), drip, behind, ahead),
                    expected,
                    "{drip} {behind} {ahead}"
                );
            }
        }
        assert_eq!(lines(b"", 1, 2, 2), []);
        assert_eq!(
            lines(b"a\n\nb", 1, 1, 1),
            [(1, "a".into()), (2, "".into()), (3, "b".into())]
        );
        assert_eq!(
            lines("gr\u{fc}n\n".as_bytes(), 1, 0, 0),
            [(1, "grün".into())]
        );
        assert_eq!(
            lines(b"gr\xfcn\n\xe2\x80\x9d\n", 9, 0, 0),
            [(1, "grün".into()), (2, "”".into())]
        );
    }

    #[test]
    fn a_huge_line_is_cut_and_the_numbers_stay_right() {
        let text = ["first\n", &"x".repeat(40 << 20), "\nthird\n"].concat();
        let mut window = Window::new(Box::new(Cursor::new(text.into_bytes())), 2, 2);
        let (mut budget, mut most, mut last) = (u64::MAX, 0, 0);
        let mut passed = 0;
        while window.advance(passed, &mut budget, &mut Vec::new(), || false) {
            passed = memchr_iter(b'\n', &window.text()[window.active()]).count() as u64;
            most = most.max(window.text.capacity() + window.raw.len());
            let active = &window.text()[window.active()];
            if let Some(at) = memchr::memmem::find(active, b"third") {
                last = window.first_line() + memchr_iter(b'\n', &active[..at]).count() as u64;
            }
        }
        assert_eq!((last, window.cut()), (3, Some((2, 2))));
        assert!(most < 16 << 20, "{most} bytes were held");
    }

    #[test]
    fn the_bound_ends_it() {
        let mut window = Window::new(Box::new(Cursor::new(b"one\ntwo\nthree\n".to_vec())), 0, 0);
        let mut budget = 6;
        let mut text = Vec::new();
        let mut passed = 0;
        while window.advance(passed, &mut budget, &mut Vec::new(), || false) {
            passed = memchr_iter(b'\n', &window.text()[window.active()]).count() as u64;
            text.extend_from_slice(&window.text()[window.active()]);
        }
        assert_eq!(text, b"one\ntw\n");
        assert!(matches!(window.broken(), Some(Broken::Bound)));
    }
}
