//! A set of literals, searched for at once: where the first of them is, and which of them a line holds.

use std::ops::Range;

use aho_corasick::{AhoCorasick, AhoCorasickKind, Input, MatchKind, Span, packed};

use crate::probe::log::windows::{Window, windows};

#[derive(Debug)]
pub struct Literals {
    texts: Vec<Vec<u8>>,
    first: First,
    /// Which literals a line holds, where that is not told by windows.
    all: AhoCorasick,
}

/// A place where a literal is.
#[derive(Debug, Clone, Copy)]
pub struct Hit {
    /// A byte of the literal.
    pub at: usize,
    window: usize,
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

    /// The first place from `from` on where literals are.
    pub fn next(&self, text: &[u8], mut from: usize) -> Option<Hit> {
        match &self.first {
            First::Automaton(automaton) => {
                let found = automaton.find(Input::new(text).range(from..))?;
                let (at, window) = (found.start(), found.pattern().as_usize());
                Some(Hit { at, window })
            }
            First::Packed { searcher, places } => loop {
                let found = searcher.find_in(text, Span::from(from..text.len()))?;
                let (at, window) = (found.start(), found.pattern().as_usize());
                if places[window]
                    .iter()
                    .any(|place| self.is_whole(text, at, *place))
                {
                    return Some(Hit { at, window });
                }
                from = at + 1;
            },
        }
    }

    /// Names the literals that a line holds, the first of which is at `hit`, to `name`; some more than once. Gives the first
    /// hit after the line.
    pub fn within(
        &self,
        text: &[u8],
        line: Range<usize>,
        hit: Hit,
        mut name: impl FnMut(usize),
    ) -> Option<Hit> {
        match &self.first {
            First::Automaton(_) => {
                let found = self.all.find_overlapping_iter(&text[line.clone()]);
                found.for_each(|found| name(found.pattern().as_usize()));
                self.next(text, line.end)
            }
            First::Packed { places, .. } => {
                let mut hit = Some(hit);
                while let Some(Hit { at, window }) = hit.filter(|hit| hit.at < line.end) {
                    let whole = |place: &&(usize, usize)| self.is_whole(text, at, **place);
                    let whole = places[window].iter().filter(whole);
                    whole.for_each(|(literal, _)| name(*literal));
                    hit = self.next(text, at + 1);
                }
                hit
            }
        }
    }

    fn is_whole(&self, text: &[u8], at: usize, (literal, offset): (usize, usize)) -> bool {
        let start = at.checked_sub(offset);
        start.is_some_and(|start| text[start..].starts_with(&self.texts[literal]))
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
            let holds = |line: &[u8]| -> Vec<usize> {
                let held = |index: &usize| memchr::memmem::find(line, &texts[*index]).is_some();
                (0..texts.len()).filter(held).collect()
            };
            let (mut hit, mut start) = (literals.next(text, 0), 0);
            for line in text.split(|byte| *byte == b'd') {
                let end = start + line.len();
                let mut named = Vec::new();
                if let Some(here) = hit.filter(|hit| hit.at < end) {
                    hit = literals.within(text, start..end, here, |literal| named.push(literal));
                }
                named.sort_unstable();
                named.dedup();
                prop_assert_eq!(named, holds(line), "{:?}", line);
                start = end + 1;
            }
        }
    }
}
