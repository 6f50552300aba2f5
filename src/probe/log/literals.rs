//! A set of literals, searched for at once whatever the case of their letters: where the first of them is, and which of
//! them a line holds.
//!
//! A literal that is long enough covers, wherever it stands in the text, one whole group of a few bytes (a *gram*) that
//! begins at a multiple of a *stride*. So the search looks at one gram in each stride, asks a small table whether any
//! literal has it, and compares the literals of the few grams that the table knows.

use std::ops::Range;

/// The longest gram, in bytes.
const GRAM: usize = 8;
/// The fewest bytes of a gram where there is a choice; a shorter one is in nearly every line.
const SHORTEST: usize = 4;
/// The bits of a place in the table, so that the table stays in the processor's nearest memory.
const BITS: u32 = 15;
/// Grams that are looked at before the search turns aside.
const AT_ONCE: usize = 8;
/// Taken into every byte of a gram: small and large letters become alike, and some signs too.
const SMALL: u64 = 0x2020_2020_2020_2020;
/// The most bytes of ordinary text that are looked at.
const ORDINARY: usize = 64 << 10;

#[derive(Debug)]
pub struct Literals {
    texts: Vec<Vec<u8>>,
    stride: usize,
    grams: Grams,
    /// By the gram's place in the table: 0 where no literal has it, else one more than its place in `owners`. Where there
    /// are more than can be told apart, some share.
    table: Box<[u8]>,
    owners: Vec<Vec<Owner>>,
}

/// A literal that has a gram.
#[derive(Debug)]
struct Owner {
    gram: u64,
    literal: usize,
    /// Where the gram begins in the literal.
    offset: usize,
    /// The literal's last bytes, read as a gram: lines that are alike at first differ there. None where it is shorter.
    last: Option<u64>,
}

/// A place where a literal is.
#[derive(Debug, Clone, Copy)]
pub struct Hit {
    /// A byte of the literal.
    pub at: usize,
}

/// How a gram is read.
#[derive(Debug, Clone, Copy)]
struct Grams {
    bytes: usize,
}

impl Grams {
    const LONGEST: Self = Self { bytes: GRAM };

    fn of(self, bytes: [u8; GRAM]) -> u64 {
        let beyond = u64::MAX >> (8 * (GRAM - self.bytes));
        (u64::from_le_bytes(bytes) | SMALL) & beyond
    }

    /// The gram at `at`, where the text has that many bytes.
    fn at(self, text: &[u8], at: usize) -> Option<u64> {
        let rest = text.get(at..)?;
        if let Some(bytes) = rest.first_chunk() {
            return Some(self.of(*bytes));
        }
        // Only at the text's end.
        let own = rest.get(..self.bytes)?;
        let mut bytes = [0; GRAM];
        bytes[..self.bytes].copy_from_slice(own);
        Some(self.of(bytes))
    }

    /// Where a gram stands in the table.
    fn place(gram: u64) -> usize {
        // An odd number without a pattern, so that the upper bits of the product depend on all of the gram.
        const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;
        (gram.wrapping_mul(SPREAD) >> (u64::BITS - BITS)) as usize
    }
}

impl Literals {
    /// None where there are none. None of `texts` is empty or has a large letter of ASCII. `ordinary` is a piece of the text
    /// to come, or nothing; the search is made to be quick on such text.
    pub fn new(texts: Vec<Vec<u8>>, ordinary: &[u8]) -> Option<Self> {
        let shortest = texts.iter().map(Vec::len).min()?;
        let wide = |stride: &usize| stride + SHORTEST - 1 <= shortest;
        let stride = [8, 4, 2].into_iter().find(wide).unwrap_or(1);
        let grams = Grams {
            bytes: (shortest + 1 - stride).min(GRAM),
        };
        let frequent = frequent(grams, ordinary);
        let mut table = vec![0; 1 << BITS].into_boxed_slice();
        let mut owners: Vec<Vec<Owner>> = Vec::new();
        for (literal, text) in texts.iter().enumerate() {
            for offset in rarest(text, stride, grams, &frequent) {
                let Some(gram) = grams.at(text, offset) else {
                    continue;
                };
                let place = Grams::place(gram);
                if table[place] == 0 {
                    let many = usize::from(u8::MAX);
                    if owners.len() < many {
                        owners.push(Vec::new());
                        table[place] = owners.len() as u8;
                    } else {
                        table[place] = (1 + place % many) as u8;
                    }
                }
                owners[usize::from(table[place]) - 1].push(Owner {
                    gram,
                    literal,
                    offset,
                    last: text.last_chunk().map(|bytes| Grams::LONGEST.of(*bytes)),
                });
            }
        }
        Some(Self {
            texts,
            stride,
            grams,
            table,
            owners,
        })
    }

    /// The first place where a literal is that begins at `from` or later.
    pub fn next(&self, text: &[u8], from: usize) -> Option<Hit> {
        let mut from = from.next_multiple_of(self.stride);
        loop {
            let at = match self.stride {
                8 => self.stop::<8>(text, from),
                4 => self.stop::<4>(text, from),
                2 => self.stop::<2>(text, from),
                _ => self.stop::<1>(text, from),
            }?;
            if self.held(text, at).next().is_some() {
                return Some(Hit { at });
            }
            from = at + self.stride;
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
        let mut hit = Some(hit);
        while let Some(Hit { at }) = hit.filter(|hit| hit.at < line.end) {
            self.held(text, at).for_each(&mut name);
            hit = self.next(text, at + 1);
        }
        hit
    }

    /// The next multiple of `STRIDE` from `at`, which is one, whose gram the table knows.
    fn stop<const STRIDE: usize>(&self, text: &[u8], mut at: usize) -> Option<usize> {
        let table: &[u8; 1 << BITS] = self.table.as_ref().try_into().ok()?;
        while let Some(block) = text.get(at..at + (AT_ONCE - 1) * STRIDE + GRAM) {
            let mut known = 0;
            for index in 0..AT_ONCE {
                let bytes = block[index * STRIDE..].first_chunk()?;
                known |= table[Grams::place(self.grams.of(*bytes))];
            }
            if known != 0 {
                break;
            }
            at += AT_ONCE * STRIDE;
        }
        loop {
            let gram = self.grams.at(text, at)?;
            if table[Grams::place(gram)] != 0 {
                return Some(at);
            }
            at += STRIDE;
        }
    }

    /// The literals whose gram is at `at`.
    fn held<'a>(&'a self, text: &'a [u8], at: usize) -> impl Iterator<Item = usize> + 'a {
        let gram = self.grams.at(text, at);
        let owners = gram.and_then(|gram| {
            let known = usize::from(self.table[Grams::place(gram)]);
            self.owners.get(known.checked_sub(1)?)
        });
        owners
            .into_iter()
            .flatten()
            .filter(move |owner| {
                let is_whole = |start: usize| {
                    let literal = &self.texts[owner.literal];
                    let there = text.get(start..start + literal.len());
                    let last = |there: &[u8]| Some(Grams::LONGEST.of(*there.last_chunk()?));
                    there.is_some_and(|there| {
                        owner.last == last(there) && there.eq_ignore_ascii_case(literal)
                    })
                };
                Some(owner.gram) == gram && at.checked_sub(owner.offset).is_some_and(is_whole)
            })
            .map(|owner| owner.literal)
    }
}

/// How often ordinary text has a gram that stands at each place of the table.
fn frequent(grams: Grams, ordinary: &[u8]) -> Vec<u32> {
    let ordinary = &ordinary[..ordinary.len().min(ORDINARY)];
    let mut frequent = vec![0; 1 << BITS];
    for at in 0..ordinary.len() {
        if let Some(gram) = grams.at(ordinary, at) {
            frequent[Grams::place(gram)] += 1;
        }
    }
    frequent
}

/// As many neighbouring grams of a literal as a stride has places: those that ordinary text has least often.
fn rarest(text: &[u8], stride: usize, grams: Grams, frequent: &[u32]) -> Range<usize> {
    let stops = |first: &usize| -> u32 {
        (*first..first + stride)
            .filter_map(|offset| grams.at(text, offset))
            .map(|gram| frequent[Grams::place(gram)])
            .sum()
    };
    let last = text.len() - (stride + grams.bytes - 1);
    let first = (0..=last).min_by_key(stops).unwrap_or(0);
    first..first + stride
}

#[cfg(test)]
mod tests {
    use proptest::{prelude::*, string::string_regex};

    use super::*;

    fn literals(texts: &[&str], ordinary: &str) -> Literals {
        let texts = texts.iter().map(|text| text.as_bytes().to_vec()).collect();
        Literals::new(texts, ordinary.as_bytes()).expect("there are some")
    }

    #[test]
    fn the_shortest_sets_the_stride() {
        let check = |texts: &[&str], stride: usize, bytes: usize| {
            let literals = literals(texts, "");
            assert_eq!((literals.stride, literals.grams.bytes), (stride, bytes));
        };
        check(&["a literal of thirty-one letters"], 8, 8);
        check(&["thirteen lett"], 8, 6);
        check(&["ten letter"], 4, 7);
        check(&["fifteen letters", "seven l"], 4, 4);
        check(&["five "], 2, 4);
        check(&["four"], 1, 4);
        check(&["thr"], 1, 3);
        check(&["x", "fifteen letters"], 1, 1);
        assert!(Literals::new(Vec::new(), b"").is_none());
    }

    #[test]
    fn finds_whatever_the_case() {
        let check = |texts: &[&str], text: &str, expected: Option<usize>| {
            let hit = literals(texts, "").next(text.as_bytes(), 0);
            // The hit is a byte of the literal.
            let found = hit.map(|hit| {
                let texts = texts.iter();
                let small = text.to_ascii_lowercase();
                let starts = texts.filter_map(|literal| {
                    let start = small.find(literal)?;
                    (start..start + literal.len())
                        .contains(&hit.at)
                        .then_some(start)
                });
                starts.min().expect("the hit is in one of the literals")
            });
            assert_eq!(found, expected, "{texts:?} in {text:?}");
        };
        check(&["connection refused"], "a Connection REFUSED b", Some(2));
        check(&["connection refused"], "a connection refuse", None);
        // Signs that become alike in a gram are told apart afterwards.
        check(&["[one] and two"], "{one} and two; [ONE] and two", Some(15));
        check(&["[one] and two"], "{one} and two", None);
        check(&["verbindung zu grün"], "VERBINDUNG ZU GRün", Some(0));
        check(&["x"], "aaax", Some(3));
        check(&["abc"], "ab", None);
        check(&["abc"], "", None);
    }

    /// Which places are looked at follows what the text is like.
    #[test]
    fn the_grams_are_those_that_ordinary_text_has_seldom() {
        let ordinary = "info connection of a user was opened; info connection was closed".repeat(9);
        let grams = Grams { bytes: 6 };
        let frequent = frequent(grams, ordinary.as_bytes());
        let literal = "info connection was qualified";
        let rarest = rarest(literal.as_bytes(), 4, grams, &frequent);
        for offset in rarest {
            let gram = &literal[offset..offset + 6];
            assert!(!ordinary.contains(gram), "{gram}");
        }
    }

    proptest! {
        /// Few letters, so that literals overlap, contain and begin each other; of every length, so that every stride is there.
        #[test]
        fn finds_the_first_and_all(
            (shortest, texts) in (1_usize..18).prop_flat_map(|shortest| {
                let text = format!("[abc{{]{{{shortest},{}}}", shortest + 9);
                (Just(shortest), prop::collection::btree_set(string_regex(&text).expect("an expression"), 1..140))
            }),
            pieces in prop::collection::vec((any::<prop::sample::Index>(), "[abcABC{\\[]{0,9}d?"), 0..12),
            ordinary in "[abcd]{0,40}",
        ) {
            let texts: Vec<Vec<u8>> = texts.into_iter().map(String::into_bytes).collect();
            let literals = Literals::new(texts.clone(), ordinary.as_bytes()).expect("there are some, and not many");
            let mut text = Vec::new();
            for (index, more) in pieces {
                let literal = index.get(&texts);
                // Long literals are seldom there by chance.
                text.extend(literal.iter().map(u8::to_ascii_uppercase).take(shortest + more.len()));
                text.extend(more.into_bytes());
            }
            let text = text.as_slice();
            let small = text.to_ascii_lowercase();
            let holds = |line: &[u8]| -> Vec<usize> {
                let held = |index: &usize| memchr::memmem::find(line, &texts[*index]).is_some();
                (0..texts.len()).filter(held).collect()
            };
            let (mut hit, mut start) = (literals.next(text, 0), 0);
            for line in small.split(|byte| *byte == b'd') {
                let end = start + line.len();
                let mut named = Vec::new();
                if let Some(here) = hit.filter(|hit| hit.at < end) {
                    prop_assert!(start <= here.at);
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
