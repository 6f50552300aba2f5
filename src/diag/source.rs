//! A named text and places in it.

use std::{ops::Range, sync::Arc};

/// A range of bytes in a [`SourceText`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    pub start: usize,
    pub end: usize,
}

impl Span {
    pub fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    pub fn range(self) -> Range<usize> {
        self.start..self.end
    }
}

/// Line and column, both counted from 1; the column counts characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    pub line: usize,
    pub column: usize,
}

/// A text with its name (a path, or `embedded:mid-down`) and the places where its lines begin.
#[derive(Debug, Clone)]
pub struct SourceText {
    name: Arc<str>,
    text: Arc<str>,
    line_starts: Arc<[usize]>,
}

impl SourceText {
    pub fn new(name: impl AsRef<str>, text: impl Into<Arc<str>>) -> Self {
        let text: Arc<str> = text.into();
        let line_starts = std::iter::once(0)
            .chain(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1))
            .collect();
        Self {
            name: name.as_ref().into(),
            text,
            line_starts,
        }
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    /// What the span covers; empty where it lies outside the text or splits a character.
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or("")
    }

    /// The position of a byte; past the end it is the end's.
    pub fn position(&self, byte: usize) -> Position {
        let byte = byte.min(self.text.len());
        let line = self.line_starts.partition_point(|start| *start <= byte);
        let start = self.line_starts[line - 1];
        let column = self
            .text
            .get(start..byte)
            .map_or(byte - start, |before| before.chars().count())
            + 1;
        Position { line, column }
    }

    /// The bytes of the lines from `first` to `last` (counted from 1, both included), cut to the lines that there are.
    pub fn lines(&self, first: usize, last: usize) -> Range<usize> {
        let first = first.clamp(1, self.line_starts.len());
        let start = self.line_starts[first - 1];
        let end = self
            .line_starts
            .get(last.max(first))
            .copied()
            .unwrap_or(self.text.len());
        start..end
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_characters() {
        let source = SourceText::new("x", "ab\nüöx\n");
        let check = |byte, line, column| {
            assert_eq!(
                source.position(byte),
                Position { line, column },
                "byte {byte}"
            )
        };
        check(0, 1, 1);
        check(2, 1, 3);
        check(3, 2, 1);
        check(7, 2, 3);
        check(99, 3, 1);
    }

    #[test]
    fn lines_are_cut_to_the_text() {
        let source = SourceText::new("x", "a\nb\nc");
        assert_eq!(source.lines(2, 2), 2..4);
        assert_eq!(source.lines(2, 99), 2..5);
        assert_eq!(source.lines(0, 1), 0..2);
    }
}
