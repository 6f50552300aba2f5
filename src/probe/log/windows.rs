//! Which few bytes of each literal are searched for, and in which order they are given to the packed search. Changes how
//! fast a search is, never what it finds.
//!
//! Teddy deals its patterns to 8 or 16 buckets, and passes over a place in the text where no bucket takes the first four
//! bytes. A bucket knows those by their lower and upper halves only, mixed over its patterns, so that patterns dealt as
//! they come stop the search every few bytes. Here literals share a window where they can, and each window goes where it
//! adds least to what a bucket takes of ordinary text.

use std::collections::{BTreeMap, BTreeSet};

/// The longest window, in bytes: long enough that it is seldom in a line by chance.
const LONGEST: usize = 6;
/// The bytes that a bucket knows of its patterns.
const FINGERPRINT: usize = 4;
/// Up to so many windows there are 8 buckets and not 16, and the search takes twice as many bytes at once.
const SLIM: usize = 32;
/// The most bytes of ordinary text that are looked at.
const ORDINARY: usize = 4 << 10;
/// How often each window may choose again.
const ROUNDS: usize = 3;

/// What is searched for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    pub text: Vec<u8>,
    /// The literals that it is part of, and where it begins in each.
    pub places: Vec<(usize, usize)>,
}

/// The windows of `literals`, none of which is empty, in the order in which they are to be given: a pattern's place in it,
/// modulo the number of buckets, is its bucket. A window may be there twice, so that this comes out. `ordinary` is a piece
/// of the text to be searched; with none, any choice is as good.
pub fn windows(literals: &[Vec<u8>], ordinary: &[u8]) -> Vec<Window> {
    let groups = groups(literals);
    let count = if groups.len() > SLIM { 16 } else { 8 };
    let buckets = dealt(&groups, count, &Ordinary::new(ordinary));
    let rows = buckets.iter().map(|bucket| bucket.windows.len()).max();
    let mut windows = Vec::new();
    for row in 0..rows.unwrap_or(0) {
        for bucket in &buckets {
            let own = bucket.windows.get(row).or(bucket.windows.last());
            // An empty bucket is filled with what stands elsewhere; the search sees that it is the same.
            let any = || buckets.iter().find_map(|other| other.windows.first());
            windows.extend(own.or_else(any).cloned());
        }
    }
    windows
}

/// Literals with the windows that all of them have; any will do.
type Group = Vec<Window>;

/// As few groups as can be told quickly: the window that most literals share takes them, then the next.
fn groups(literals: &[Vec<u8>]) -> Vec<Group> {
    let mut places: BTreeMap<&[u8], BTreeMap<usize, usize>> = BTreeMap::new();
    for (index, literal) in literals.iter().enumerate() {
        let length = literal.len().clamp(1, LONGEST);
        for (at, window) in literal.windows(length).enumerate() {
            places.entry(window).or_default().entry(index).or_insert(at);
        }
    }
    let mut left: BTreeSet<usize> = (0..literals.len()).collect();
    let mut groups = Vec::new();
    while !left.is_empty() {
        places.retain(|_, of| {
            of.retain(|index, _| left.contains(index));
            !of.is_empty()
        });
        let Some(most) = places.values().max_by_key(|of| of.len()) else {
            break;
        };
        let members: BTreeSet<usize> = most.keys().copied().collect();
        let shared = places
            .iter()
            .filter(|(_, of)| of.keys().eq(&members))
            .map(|(text, of)| Window {
                text: text.to_vec(),
                places: of.iter().map(|(index, at)| (*index, *at)).collect(),
            });
        groups.push(shared.collect());
        left = &left - &members;
    }
    groups
}

/// Ordinary text as sets of its places: those where the byte so far on has this lower, or this upper, half.
struct Ordinary {
    lower: [[Vec<u64>; 16]; FINGERPRINT],
    upper: [[Vec<u64>; 16]; FINGERPRINT],
}

impl Ordinary {
    fn new(text: &[u8]) -> Self {
        let text = &text[..text.len().min(ORDINARY)];
        let count = text.len().saturating_sub(FINGERPRINT - 1);
        let empty = || std::array::from_fn(|_| vec![0; count.div_ceil(64)]);
        let mut all = Self {
            lower: std::array::from_fn(|_| empty()),
            upper: std::array::from_fn(|_| empty()),
        };
        for place in 0..count {
            for at in 0..FINGERPRINT {
                let byte = text[place + at];
                let bit = 1 << (place % 64);
                all.lower[at][usize::from(byte & 15)][place / 64] |= bit;
                all.upper[at][usize::from(byte >> 4)][place / 64] |= bit;
            }
        }
        all
    }

    fn words(&self) -> usize {
        self.lower[0][0].len()
    }

    /// The places whose byte `at` has the lower, and those where it has the upper, half of the window's. Past the end of a
    /// short window every byte is taken.
    fn of(&self, window: &[u8], at: usize) -> Option<(&[u64], &[u64])> {
        let byte = *window.get(at)?;
        let lower = &self.lower[at][usize::from(byte & 15)];
        Some((lower, &self.upper[at][usize::from(byte >> 4)]))
    }
}

#[derive(Debug, Clone)]
struct Bucket {
    windows: Vec<Window>,
    /// Which places it takes, by each byte's halves.
    lower: [Vec<u64>; FINGERPRINT],
    upper: [Vec<u64>; FINGERPRINT],
}

impl Bucket {
    fn new(windows: Vec<Window>, ordinary: &Ordinary) -> Self {
        let none = || std::array::from_fn(|_| vec![0; ordinary.words()]);
        let mut bucket = Self {
            windows: Vec::new(),
            lower: none(),
            upper: none(),
        };
        for window in windows {
            bucket.push(window, ordinary);
        }
        bucket
    }

    fn push(&mut self, window: Window, ordinary: &Ordinary) {
        for at in 0..FINGERPRINT {
            let of = ordinary.of(&window.text, at);
            let join = |set: &mut Vec<u64>, more: Option<&[u64]>| {
                for (index, word) in set.iter_mut().enumerate() {
                    *word |= more.map_or(u64::MAX, |more| more[index]);
                }
            };
            join(&mut self.lower[at], of.map(|(lower, _)| lower));
            join(&mut self.upper[at], of.map(|(_, upper)| upper));
        }
        self.windows.push(window);
    }

    /// In how many places the search stops for this bucket, with one window more.
    fn stops(&self, more: &[u8], ordinary: &Ordinary) -> u32 {
        let mut taken = vec![u64::MAX; ordinary.words()];
        for at in 0..FINGERPRINT {
            let Some((lower, upper)) = ordinary.of(more, at) else {
                break;
            };
            let own = self.lower[at].iter().zip(&self.upper[at]);
            let more = lower.iter().zip(upper);
            for ((word, own), more) in taken.iter_mut().zip(own).zip(more) {
                *word &= (own.0 | more.0) & (own.1 | more.1);
            }
        }
        taken.iter().map(|word| word.count_ones()).sum()
    }
}

fn dealt(groups: &[Group], count: usize, ordinary: &Ordinary) -> Vec<Bucket> {
    let room = groups.len().div_ceil(count);
    let mut buckets = vec![Bucket::new(Vec::new(), ordinary); count];
    // Where each group's window is.
    let mut homes: Vec<Option<usize>> = vec![None; groups.len()];
    // Who has the least choice goes first.
    let mut order: Vec<usize> = (0..groups.len()).collect();
    order.sort_by_key(|index| groups[*index].len());
    for _ in 0..ROUNDS {
        for group in &order {
            if let Some(home) = homes[*group] {
                let mut windows = std::mem::take(&mut buckets[home].windows);
                windows.retain(|window| !groups[*group].contains(window));
                buckets[home] = Bucket::new(windows, ordinary);
            }
            homes[*group] = deal(&mut buckets, room, &groups[*group], ordinary);
        }
    }
    buckets
}

/// Puts the best window of a group into the best bucket, and says which that is.
fn deal(buckets: &mut [Bucket], room: usize, group: &Group, ordinary: &Ordinary) -> Option<usize> {
    let mut best: Option<(i64, usize, &Window)> = None;
    for (index, bucket) in buckets.iter().enumerate() {
        if bucket.windows.len() >= room {
            continue;
        }
        let before = bucket.windows.first();
        let before = before.map_or(0, |own| bucket.stops(&own.text, ordinary));
        for window in group {
            let more = i64::from(bucket.stops(&window.text, ordinary)) - i64::from(before);
            if best.is_none_or(|(least, _, _)| more < least) {
                best = Some((more, index, window));
            }
        }
    }
    let (_, bucket, window) = best?;
    buckets[bucket].push(window.clone(), ordinary);
    Some(bucket)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn literals(texts: &[&str]) -> Vec<Vec<u8>> {
        texts.iter().map(|text| text.as_bytes().to_vec()).collect()
    }

    #[test]
    fn what_is_shared_is_searched_for_once() {
        let check = |texts: &[&str], expected: usize| {
            let windows = windows(&literals(texts), b"");
            let texts: BTreeSet<_> = windows.iter().map(|window| &window.text).collect();
            assert_eq!(texts.len(), expected, "{texts:?}");
        };
        check(
            &["missing roles", "missing the roles", "the missing role"],
            1,
        );
        check(&["missing roles", "no such user"], 2);
        check(&["one", "two", "one more"], 3);
        check(&[], 0);
    }

    #[test]
    fn the_window_is_what_ordinary_text_has_seldom() {
        let ordinary =
            b"info connection of a user was opened; info connection of a user was closed".repeat(9);
        let windows = windows(&literals(&["info connection was qualified"]), &ordinary);
        let text = String::from_utf8_lossy(&windows[0].text);
        assert!(text.contains("qu"), "{text}");
    }

    proptest! {
        #[test]
        fn each_literal_has_its_window(
            literals in prop::collection::btree_set(prop::collection::vec(any::<u8>(), 1..20), 0..70),
            ordinary in prop::collection::vec(any::<u8>(), 0..300),
        ) {
            let literals: Vec<Vec<u8>> = literals.into_iter().collect();
            let windows = windows(&literals, &ordinary);
            for (index, literal) in literals.iter().enumerate() {
                let of = windows.iter().find_map(|window| {
                    let place = window.places.iter().find(|(of, _)| *of == index)?;
                    Some((place.1, &window.text))
                });
                let (at, text) = of.expect("each literal has a window");
                prop_assert_eq!(&literal[at..at + text.len()], text.as_slice());
                prop_assert_eq!(text.len(), literal.len().min(LONGEST));
            }
        }
    }
}
