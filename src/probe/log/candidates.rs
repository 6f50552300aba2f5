//! Finds the lines that are worth a closer look, many lines at a time. May name a line in which nothing matches, and never
//! passes over one in which something does: that is all that the scan rests on, so that a faster finder can stand here.

use regex::bytes::{Regex, RegexBuilder};
use regex_syntax::hir::Hir;

use crate::probe::log::patterns::{Expression, without_captures};

/// The most memory that all patterns together take, in bytes. Beyond it every line is a candidate.
const ALL_BYTES: usize = 16 << 20;

#[derive(Debug)]
pub enum Candidates {
    /// One pass with all expressions joined.
    Alternation(Regex),
    EveryLine,
}

impl Candidates {
    /// `expressions` are held to one line each.
    pub fn new<'a>(expressions: impl Iterator<Item = &'a Expression>) -> Self {
        let all: Vec<Hir> = expressions
            .map(|expression| without_captures(&expression.hir))
            .collect();
        match RegexBuilder::new(&Hir::alternation(all).to_string())
            .size_limit(ALL_BYTES)
            .build()
        {
            Ok(regex) => Self::Alternation(regex),
            Err(_) => Self::EveryLine,
        }
    }

    /// A byte of the first line in `lines` that may match. `lines` begins with a line and ends with a line break.
    pub fn next(&self, lines: &[u8]) -> Option<usize> {
        match self {
            Self::Alternation(regex) => regex
                .find(lines)
                .map(|found| found.start())
                .filter(|at| *at < lines.len()),
            Self::EveryLine => (!lines.is_empty()).then_some(0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_first_line_that_may_match() {
        let check = |sources: &[&str], lines: &str, expected| {
            let expressions: Vec<_> = sources
                .iter()
                .map(|source| {
                    Expression::new("match", source, false).expect("a regular expression")
                })
                .collect();
            let candidates = Candidates::new(expressions.iter());
            assert_eq!(
                candidates.next(lines.as_bytes()),
                expected,
                "{sources:?} in {lines:?}"
            );
        };
        check(&["b", "(?<x>c)", "(?<x>d)"], "a\nxc\nb\n", Some(3));
        check(&["^b"], "ab\nb\n", Some(3));
        check(&["q"], "a\nb\n", None);
        check(&["x*"], "a\n", Some(0));
        check(&["$"], "a\r\n", Some(1));
        check(&["a"], "", None);
    }
}
