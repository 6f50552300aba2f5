//! A set of literals, searched for at once: where the first of them is, and which of them a line holds.

use aho_corasick::{AhoCorasick, AhoCorasickKind, Input, MatchKind, Span, packed};

use crate::probe::log::windows::{Window, windows};

#[derive(Debug)]
pub struct Literals {
    texts: Vec<Vec<u8>>,
    first: First,
    /// Which literals a line holds.
    all: AhoCorasick,
}

#[derive(Debug)]
enum First {
    /// Many bytes at a time, by windows; `places` are those of each window and of all that begin as it does.
    Packed {
        searcher: packed::Searcher,
        places: Vec<Vec<(usize, usize)>>,
    },
    /// Where there are too many, or the processor cannot do it.
    Automaton(AhoCorasick),
}

impl Literals {
    /// None where there are none, or more than an automaton takes.
    /// `ordinary` is a piece of the text to come, or nothing; the search is made to be quick on such text.
    pub fn new(texts: Vec<Vec<u8>>, ordinary: &[u8]) -> Option<Self> {
        if texts.is_empty() {
            return None;
        }
        let automaton = |kind| {
            AhoCorasick::builder()
                .match_kind(kind)
                .kind(Some(AhoCorasickKind::DFA))
                .build(&texts)
                .ok()
        };
        let first = match packed(&texts, ordinary) {
            Some(packed) => packed,
            None => First::Automaton(automaton(MatchKind::LeftmostFirst)?),
        };
        Some(Self {
            first,
            all: automaton(MatchKind::Standard)?,
            texts,
        })
    }

    /// A byte of the first literal from `from` on.
    pub fn next(&self, text: &[u8], mut from: usize) -> Option<usize> {
        match &self.first {
            First::Automaton(automaton) => automaton
                .find(Input::new(text).range(from..))
                .map(|found| found.start()),
            First::Packed { searcher, places } => loop {
                let found = searcher.find_in(text, Span::from(from..text.len()))?;
                let whole = |(literal, offset): &(usize, usize)| {
                    let start = found.start().checked_sub(*offset);
                    start.is_some_and(|start| text[start..].starts_with(&self.texts[*literal]))
                };
                if places[found.pattern().as_usize()].iter().any(whole) {
                    return Some(found.start());
                }
                from = found.start() + 1;
            },
        }
    }

    /// The literals that `line` holds, by their place among all; some may come more than once.
    pub fn within(&self, line: &[u8]) -> impl Iterator<Item = usize> {
        self.all
            .find_overlapping_iter(line)
            .map(|found| found.pattern().as_usize())
    }
}

/// The most literals for which windows are chosen; the search takes no more patterns than 127.
const MOST: usize = 112;

fn packed(texts: &[Vec<u8>], ordinary: &[u8]) -> Option<First> {
    if texts.len() > MOST {
        return None;
    }
    let windows = windows(texts, ordinary);
    let searcher = packed::Config::new()
        .heuristic_pattern_limits(false)
        .builder()
        .extend(windows.iter().map(|window| &window.text))
        .build()?;
    // Of windows that begin alike, the search names one.
    let alike = |one: &Window, other: &Window| {
        one.text.starts_with(&other.text) || other.text.starts_with(&one.text)
    };
    let places = windows.iter().map(|window| {
        let alike = windows.iter().filter(|other| alike(window, other));
        let mut places: Vec<_> = alike.flat_map(|other| other.places.clone()).collect();
        places.sort_unstable();
        places.dedup();
        places
    });
    Some(First::Packed {
        places: places.collect(),
        searcher,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Few letters, so that literals overlap, contain and begin each other.
        #[test]
        fn finds_the_first_and_all(
            texts in prop::collection::btree_set("[abc]{3,14}", 1..140),
            text in "[abc]{0,6}([abc]{0,20}d?){0,12}",
            ordinary in "[abcd]{0,40}",
        ) {
            let texts: Vec<Vec<u8>> = texts.into_iter().map(String::into_bytes).collect();
            let literals = Literals::new(texts.clone(), ordinary.as_bytes()).expect("there are some, and not many");
            let text = text.as_bytes();
            let held: Vec<_> = (0..texts.len()).filter(|index| memchr::memmem::find(text, &texts[*index]).is_some()).collect();
            let mut within: Vec<_> = literals.within(text).collect();
            within.sort_unstable();
            within.dedup();
            prop_assert_eq!(&within, &held);
            // What is left of a line after each hit still holds what ends there.
            let lines: Vec<&[u8]> = text.split(|byte| *byte == b'd').collect();
            let (mut from, mut start) = (0, 0);
            for line in lines {
                let end = start + line.len();
                let holds = texts.iter().any(|literal| memchr::memmem::find(line, literal).is_some());
                let next = literals.next(text, from.max(start));
                prop_assert_eq!(next.is_some_and(|at| at <= end), holds, "{:?}", line);
                from = end;
                start = end + 1;
            }
        }
    }
}
