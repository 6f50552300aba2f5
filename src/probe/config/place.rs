//! Bytes of a text become line and column, and lines become evidence.

use std::ops::Range;

use crate::{finding::Evidence, probe::marked::marked};

/// Where the lines of a text begin.
pub struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    pub fn new(text: &'a str) -> Self {
        let breaks = memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1);
        Self {
            text,
            starts: std::iter::once(0).chain(breaks).collect(),
        }
    }

    /// The line that holds the byte, counted from 1.
    pub fn line(&self, at: usize) -> u64 {
        self.starts.partition_point(|start| *start <= at) as u64
    }

    /// Line and column, both counted from 1, the column in characters.
    pub fn place(&self, at: usize) -> (u64, u64) {
        let line = self.line(at);
        let before = &self.text[self.start(line)..at.min(self.text.len())];
        (line, before.chars().count() as u64 + 1)
    }

    /// The line that holds the first byte of `at`, with what of `at` lies on it marked and `hidden` (in order) hidden.
    pub fn evidence(&self, file: &str, at: Range<usize>, hidden: &[Range<usize>]) -> Evidence {
        let (line, column) = self.place(at.start);
        let start = self.start(line);
        let end = self
            .starts
            .get(line as usize)
            .map_or(self.text.len(), |next| next - 1);
        let text = self.text[start..end].trim_end_matches('\r');
        let within = |range: &Range<usize>| {
            let from = range.start.clamp(start, start + text.len()) - start;
            from..(range.end.clamp(start, start + text.len()) - start).max(from)
        };
        let hidden: Vec<_> = hidden
            .iter()
            .map(within)
            .filter(|range| !range.is_empty())
            .collect();
        let shown = marked(text, within(&at), &hidden);
        Evidence {
            column: Some(column),
            mark: Some(shown.mark).filter(|(from, to)| from < to),
            ..Evidence::line(file, line, shown.text)
        }
    }

    /// The bytes of the line that holds `at`, without its break.
    pub fn bounds(&self, at: usize) -> Range<usize> {
        let line = self.line(at);
        let end = self
            .starts
            .get(line as usize)
            .map_or(self.text.len(), |next| next - 1);
        self.start(line)..end
    }

    fn start(&self, line: u64) -> usize {
        self.starts[(line as usize).saturating_sub(1)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places() {
        let lines = Lines::new("ab\r\ngrün x\n");
        let check = |at, expected| assert_eq!(lines.place(at), expected);
        check(0, (1, 1));
        check(3, (1, 4));
        check(4, (2, 1));
        check(10, (2, 6));
        check(12, (3, 1));
        let shown = lines.evidence("f", 10..11, &[]);
        assert_eq!(
            (shown.text.as_str(), shown.line, shown.column, shown.mark),
            ("grün x", Some(2), Some(6), Some((5, 6)))
        );
        assert_eq!(lines.evidence("f", 0..8, &[]).text, "ab");
    }
}
