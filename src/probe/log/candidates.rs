//! Finds the lines that are worth a closer look, many lines at a time, and says which expressions may match there. May name
//! a line in which nothing matches, and never passes over one in which something does: all that the scan rests on.
//!
//! Most expressions need one of a few literals ([`required`]), and those are searched for many at a time. Expressions without
//! literals are joined to one, which runs over the text as it is.

use std::ops::Range;

use regex::bytes::{Regex, RegexBuilder};
use regex_syntax::hir::Hir;

use crate::probe::log::{
    literals::{Hit, Literals},
    patterns::{Expression, without_captures},
    required::{BEYOND, required},
};

/// The most memory that joined expressions take, in bytes. Beyond it every line is a candidate for each of them.
const JOINED_BYTES: usize = 16 << 20;

#[derive(Debug)]
pub struct Candidates {
    literals: Option<Literals>,
    /// The expressions that each literal is of.
    owners: Vec<Vec<usize>>,
    /// Expressions without literals, by their place among all.
    open: Vec<usize>,
    /// Finds lines for `open`, and those with a letter that no literal stands for.
    rest: Rest,
    /// How many expressions there are.
    count: usize,
}

#[derive(Debug)]
enum Rest {
    Joined(Regex),
    EveryLine,
}

/// A text of whole lines while its candidates are found.
pub struct Search<'a> {
    candidates: &'a Candidates,
    text: &'a [u8],
    /// Only an expression without literals, or a letter beyond ASCII, makes it worth to look for the rest.
    looks_for_rest: bool,
    /// What comes next, found ahead.
    literal: Option<Hit>,
    rest: Option<usize>,
}

impl Candidates {
    /// `expressions` are held to one line each. `ordinary` is a piece of the text to come, or nothing: the search is made to
    /// be quick on such text.
    pub fn new<'a>(expressions: impl Iterator<Item = &'a Expression>, ordinary: &[u8]) -> Self {
        let mut owned: Vec<(Vec<u8>, Vec<usize>)> = Vec::new();
        let mut open = Vec::new();
        let mut joined: Vec<Hir> = BEYOND
            .iter()
            .map(|letter| Hir::literal(letter.to_string().into_bytes()))
            .collect();
        let mut count = 0;
        for (index, expression) in expressions.enumerate() {
            count += 1;
            let Some(literals) = required(&expression.hir) else {
                open.push(index);
                joined.push(without_captures(&expression.hir));
                continue;
            };
            for literal in literals {
                match owned.iter_mut().find(|(known, _)| *known == literal) {
                    Some((_, owners)) => owners.push(index),
                    None => owned.push((literal, vec![index])),
                }
            }
        }
        let rest = RegexBuilder::new(&Hir::alternation(joined).to_string())
            .size_limit(JOINED_BYTES)
            .build();
        let (texts, owners): (Vec<_>, Vec<_>) = owned.into_iter().unzip();
        Self {
            literals: Literals::new(texts, ordinary),
            owners,
            open,
            rest: rest.map_or(Rest::EveryLine, Rest::Joined),
            count,
        }
    }

    /// `text` is whole lines, each with its break.
    pub fn search<'a>(&'a self, text: &'a [u8]) -> Search<'a> {
        let mut search = Search {
            candidates: self,
            text,
            looks_for_rest: !self.open.is_empty() || !text.is_ascii(),
            literal: self
                .literals
                .as_ref()
                .and_then(|literals| literals.next(text, 0)),
            rest: None,
        };
        search.rest = search.next_rest(0);
        search
    }
}

impl Search<'_> {
    /// A byte of the next line in which something may match. The same until [`Search::may_match`] has passed that line.
    pub fn next(&self) -> Option<usize> {
        let literal = self.literal.map(|hit| hit.at);
        match (literal, self.rest) {
            (Some(literal), Some(rest)) => Some(literal.min(rest)),
            (literal, rest) => literal.or(rest),
        }
    }

    /// Sets the expressions that may match in `line`, which [`Search::next`] has named, to true, by their place among all,
    /// and all others to false. Goes on to the lines after it.
    pub fn may_match(&mut self, line: Range<usize>, which: &mut Vec<bool>) {
        let Candidates {
            literals,
            owners,
            open,
            count,
            ..
        } = self.candidates;
        which.clear();
        which.resize(*count, false);
        for index in open {
            which[*index] = true;
        }
        if let Some(hit) = self.literal.filter(|hit| hit.at < line.end) {
            self.literal = literals.as_ref().and_then(|literals| {
                literals.within(self.text, line.clone(), hit, |literal| {
                    for index in &owners[literal] {
                        which[*index] = true;
                    }
                })
            });
        }
        if self.rest.is_some_and(|at| at <= line.end) {
            let text = String::from_utf8_lossy(&self.text[line.clone()]);
            if BEYOND.iter().any(|letter| text.contains(*letter)) {
                which.fill(true);
            }
            self.rest = self.next_rest(line.end + 1);
        }
    }

    fn next_rest(&self, from: usize) -> Option<usize> {
        if !self.looks_for_rest || from >= self.text.len() {
            return None;
        }
        match &self.candidates.rest {
            Rest::Joined(regex) => regex
                .find_at(self.text, from)
                .map(|found| found.start())
                .filter(|at| *at < self.text.len()),
            Rest::EveryLine => Some(from),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn expressions(sources: &[&str], case: bool) -> Vec<Expression> {
        let compiled = sources
            .iter()
            .map(|source| Expression::new("match", source, case).expect("a regular expression"));
        compiled.collect()
    }

    /// The lines that are named, from 0, and the expressions that may match in each.
    fn named(expressions: &[Expression], text: &str) -> Vec<(usize, Vec<usize>)> {
        let candidates = Candidates::new(expressions.iter(), b"");
        let mut search = candidates.search(text.as_bytes());
        let (mut named, mut which) = (Vec::new(), Vec::new());
        while let Some(at) = search.next() {
            // A match may begin inside of a character.
            let (before, rest) = text.as_bytes().split_at(at);
            let is_break = |byte: &u8| *byte == b'\n';
            let start = before.iter().rposition(is_break).map_or(0, |at| at + 1);
            let end = at
                + rest
                    .iter()
                    .position(is_break)
                    .expect("each line has its break");
            search.may_match(start..end, &mut which);
            let which = (0..which.len()).filter(|index| which[*index]).collect();
            named.push((before.iter().filter(|byte| is_break(byte)).count(), which));
        }
        named
    }

    #[test]
    fn names_lines_and_expressions() {
        let check = |sources: &[&str], text: &str, expected: &[(usize, &[usize])]| {
            let expected: Vec<_> = expected
                .iter()
                .map(|(line, which)| (*line, which.to_vec()))
                .collect();
            assert_eq!(
                named(&expressions(sources, false), text),
                expected,
                "{sources:?} in {text:?}"
            );
        };
        check(
            &["one", "(?<x>two)", "(?<x>six)"],
            "no\nOne two\n\nsix\n",
            &[(1, &[0, 1]), (3, &[2])],
        );
        check(&["one", "q"], "no\nq\none\n", &[(1, &[1]), (2, &[0, 1])]);
        check(
            &["one", "onerous"],
            "onerous\none\n",
            &[(0, &[0, 1]), (1, &[0])],
        );
        check(&["q"], "a\nb\n", &[]);
        check(&["^b"], "ab\nb\n", &[(1, &[0])]);
        check(&["x*"], "a\n", &[(0, &[0])]);
        check(&["$"], "a\r\n\r\n", &[(0, &[0]), (1, &[0])]);
        check(&["one"], "", &[]);
        // The sign for kelvin is a `k` where case is ignored, and the long s an `s`.
        check(&["task", "one"], "ta\u{17f}\u{212a}\nüü\n", &[(0, &[0, 1])]);
    }

    #[test]
    fn many_literals_take_the_other_way() {
        let sources: Vec<String> = (1000..1300).map(|number| format!("no{number}")).collect();
        let sources: Vec<&str> = sources.iter().map(String::as_str).collect();
        let named = named(&expressions(&sources, false), "x\nno1000 no1299\n");
        assert_eq!(named, [(1, vec![0, 299])]);
    }

    /// Of which expressions are made up.
    const PIECES: &[&str] = &[
        "a",
        "s",
        "K",
        "ask",
        "\u{17f}",
        "ü",
        "(s|ask|kK)",
        "[ks]",
        "[^a]",
        "s+",
        "(ks)?",
        "(.)",
        r"\w",
        "a{2}",
        "(sa){1,2}",
        "^",
        "$",
        r"\b",
        "b*",
        "(?i:ka)",
        "(|s)",
    ];

    proptest! {
            #[test]
            fn nothing_that_matches_is_passed_over(
    sources in prop::collection::vec(prop::collection::vec(prop::sample::select(PIECES), 1..7), 1..6),
                text in "([askASKb \u{17f}\u{212a}ü]{0,12}\r?\n){0,12}",
                case: bool,
            ) {
                let sources: Vec<String> = sources.iter().map(|pieces| pieces.concat()).collect();
                let sources: Vec<&str> = sources.iter().map(String::as_str).collect();
                let expressions = expressions(&sources, case);
                let named = named(&expressions, &text);
                for (number, line) in text.split_terminator('\n').enumerate() {
                    let line = line.strip_suffix('\r').unwrap_or(line);
                    for (index, expression) in expressions.iter().enumerate() {
                        if expression.is_match(line.as_bytes()) {
                            prop_assert!(
                                named.iter().any(|(named, which)| *named == number && which.contains(&index)),
                                "{} in line {number} of {text:?}", expression.source
                            );
                        }
                    }
                }
            }
        }
}
