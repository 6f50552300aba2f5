//! Which name has which stand-in, and the way back.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
    sync::LazyLock,
};

use aho_corasick::{AhoCorasick, MatchKind};
use regex::{Captures, Regex};

use super::find;
use crate::redact::Sort;

/// So many names are looked for everywhere, and have a way back. A later one has the stand-in 0, which has none.
const MOST: usize = 4000;
/// The same for addresses.
const MOST_ADDRESSES: usize = 100_000;
/// Shorter names without a dot are masked where they were recognised alone, or nothing would be left to read.
const SHORTEST: usize = 4;
/// A label of a public name that is so long tells where a name that was written wrong belongs to.
const TELLING: usize = 8;
/// The prefix of stand-ins for IPv6.
const PREFIX: [u16; 4] = [0x2001, 0xdb8, 0xffff, 0xffff];

/// `redacted-host-1`, and what shows that it stands for a name with a dot.
static STAND_IN: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?i)redacted-host-([0-9]{1,6})(\.invalid)?").ok());
static ADDRESS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:240(?:\.[0-9]{1,3}){3}|2001:db8:ffff:ffff:[0-9a-f:]{1,19})\b").ok()
});
static DOTTED: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?:[A-Za-z0-9][A-Za-z0-9-]*\.)+[A-Za-z]{2,}").ok());

/// Whether something in the text stands for a name or an address.
pub fn stands_in(text: &str) -> bool {
    [&STAND_IN, &ADDRESS]
        .iter()
        .any(|rule| rule.as_ref().is_some_and(|rule| rule.is_match(text)))
}

/// All stand-ins in a text, as they stand there, without what a name has behind its first part.
pub fn found(text: &str) -> impl Iterator<Item = &str> {
    let rules = [&STAND_IN, &ADDRESS]
        .into_iter()
        .filter_map(|rule| rule.as_ref());
    rules.flat_map(|rule| rule.find_iter(text).map(|found| found.as_str()))
}

fn named(number: usize, own: &str) -> String {
    let ending = if own.contains('.') { ".invalid" } else { "" };
    format!("redacted-host-{number}{ending}")
}

fn numbered(number: u32, address: IpAddr) -> String {
    let [a, b, c, d] = number.to_be_bytes();
    match address {
        IpAddr::V4(_) => Ipv4Addr::new(240, b, c, d).to_string(),
        IpAddr::V6(_) => {
            let [one, two, three, four] = PREFIX;
            let (high, low) = (u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]));
            Ipv6Addr::new(one, two, three, four, 0, 0, high, low).to_string()
        }
    }
}

/// The number of an address that stands for another one.
fn address_number(text: &str) -> Option<usize> {
    let number = match text.parse().ok()? {
        IpAddr::V4(four) => u32::from(four) & 0x00ff_ffff,
        IpAddr::V6(six) => {
            let [.., high, low] = six.segments();
            u32::from(high) << 16 | u32::from(low)
        }
    };
    usize::try_from(number).ok()
}

#[derive(Default)]
pub(super) struct Names {
    public: BTreeSet<String>,
    /// Parts of public names by which a name that was written wrong is known.
    telling: BTreeSet<String>,
    /// What is masked of a name, as it is spelt, and its number.
    numbers: BTreeMap<String, usize>,
    /// None where only the stand-in is known.
    real: Vec<Option<String>>,
    addresses: BTreeMap<IpAddr, u32>,
    real_addresses: Vec<Option<IpAddr>>,
    /// What is looked for everywhere: whole names and those that stand before a public one.
    wanted: BTreeSet<String>,
    matcher: Option<AhoCorasick>,
}

impl Names {
    pub fn public(&mut self, text: &str) {
        for found in DOTTED.iter().flat_map(|dotted| dotted.find_iter(text)) {
            let name = found.as_str().to_ascii_lowercase();
            let labels: Vec<&str> = name.split('.').collect();
            if let [.., label, _] = labels.as_slice()
                && label.len() >= TELLING
                && label.contains('-')
            {
                self.telling.insert((*label).to_owned());
            }
            self.public.insert(name);
        }
    }

    pub fn learn(&mut self, name: &str) {
        let name = name.trim_end_matches('.');
        let Some(own) = find::is_name(name).then(|| self.own(name)).flatten() else {
            return;
        };
        let own = own.to_owned();
        self.number(&own);
        if self.wanted.len() < MOST {
            let alone = own.len() >= SHORTEST || own.contains('.');
            let new = self.wanted.insert(name.to_ascii_lowercase())
                | (alone && self.wanted.insert(own.to_ascii_lowercase()));
            if new {
                self.matcher = None;
            }
        }
    }

    /// Numbers of stand-ins in this text are not given again.
    pub fn reserve(&mut self, text: &str) {
        let names = STAND_IN.iter().flat_map(|rule| rule.captures_iter(text));
        let last = names
            .filter_map(|captures| captures[1].parse().ok())
            .filter(|number| *number <= MOST);
        if let Some(last) = last.max().filter(|last| *last > self.real.len()) {
            self.real.resize(last, None);
        }
        let addresses = ADDRESS.iter().flat_map(|rule| rule.find_iter(text));
        let last = addresses.filter_map(|found| address_number(found.as_str()));
        let last = last.filter(|number| *number <= MOST_ADDRESSES).max();
        if let Some(last) = last.filter(|last| *last > self.real_addresses.len()) {
            self.real_addresses.resize(last, None);
        }
    }

    pub fn stand_ins(&self) -> Vec<(String, Sort)> {
        let names = self.real.iter().enumerate().filter_map(|(at, own)| {
            let own = own.as_ref()?;
            Some((named(at + 1, own), Sort::Host))
        });
        let addresses = self
            .real_addresses
            .iter()
            .enumerate()
            .filter_map(|(at, address)| {
                Some((
                    numbered(u32::try_from(at + 1).unwrap_or(0), (*address)?),
                    Sort::Network,
                ))
            });
        names.chain(addresses).collect()
    }

    /// What of a name is nobody else's business; none where everybody knows it.
    fn own<'a>(&self, name: &'a str) -> Option<&'a str> {
        let lower = name.to_ascii_lowercase();
        if lower.len() != name.len() || self.public.contains(&lower) {
            return None;
        }
        let dots = lower.match_indices('.').map(|(at, _)| at);
        let below = dots
            .into_iter()
            .find(|at| self.public.contains(&lower[at + 1..]));
        if let Some(at) = below {
            return Some(&name[..at]);
        }
        let told = self
            .telling
            .iter()
            .filter_map(|part| lower.find(part.as_str()));
        match told.min() {
            Some(0) => None,
            Some(at) => Some(name[..at].trim_end_matches(['.', '-'])).filter(|own| !own.is_empty()),
            None => Some(name),
        }
    }

    fn number(&mut self, own: &str) -> usize {
        if let Some(number) = self.numbers.get(own) {
            return *number;
        }
        if self.real.len() >= MOST {
            return 0;
        }
        self.real.push(Some(own.to_owned()));
        self.numbers.insert(own.to_owned(), self.real.len());
        self.real.len()
    }

    fn stand_in(&mut self, own: &str) -> String {
        named(self.number(own), own)
    }

    /// Where known names stand, by themselves, with their stand-ins.
    pub fn everywhere(&mut self, text: &str) -> Vec<(Range<usize>, String)> {
        if self.matcher.is_none() && !self.wanted.is_empty() {
            self.matcher = AhoCorasick::builder()
                .ascii_case_insensitive(true)
                .match_kind(MatchKind::LeftmostLongest)
                .build(&self.wanted)
                .ok();
        }
        let Some(matcher) = &self.matcher else {
            return Vec::new();
        };
        let found: Vec<Range<usize>> = matcher
            .find_iter(text)
            .map(|found| found.range())
            .filter(|range| stands_alone(text, range))
            .collect();
        let mut places = Vec::new();
        for range in found {
            let name = &text[range.clone()];
            let Some(own) = self.own(name) else { continue };
            let range = range.start..range.start + own.len();
            // A part of a name everybody knows is as public as that.
            if !self.is_in_public(text, &range) {
                places.push((range, self.stand_in(own)));
            }
        }
        places
    }

    fn is_in_public(&self, text: &str, range: &Range<usize>) -> bool {
        let joins = |c: char| c.is_alphanumeric() || c == '-' || c == '.';
        let start = text[..range.start].trim_end_matches(joins).len();
        let rest = &text[range.end..];
        let end = range.end + rest.len() - rest.trim_start_matches(joins).len();
        let around = text[start..end].trim_matches('.').to_ascii_lowercase();
        self.public.contains(&around)
    }

    pub fn address(&mut self, address: IpAddr) -> String {
        let known = self.addresses.get(&address).copied();
        let number = known.unwrap_or_else(|| {
            if self.real_addresses.len() >= MOST_ADDRESSES {
                return 0;
            }
            self.real_addresses.push(Some(address));
            let number = u32::try_from(self.real_addresses.len()).unwrap_or(0);
            self.addresses.insert(address, number);
            number
        });
        numbered(number, address)
    }

    /// The text with what is known of its stand-ins.
    pub fn real(&self, text: &str) -> String {
        let (Some(stand_in), Some(address)) = (STAND_IN.as_ref(), ADDRESS.as_ref()) else {
            return text.to_owned();
        };
        let text = stand_in.replace_all(text, |captures: &Captures<'_>| {
            let whole = &captures[0];
            let number: usize = captures[1].parse().unwrap_or(0);
            let own = number
                .checked_sub(1)
                .and_then(|at| self.real.get(at)?.as_ref());
            match (own, captures.get(2)) {
                (None, _) => whole.to_owned(),
                (Some(own), Some(ending)) if !own.contains('.') => {
                    format!("{own}{}", ending.as_str())
                }
                (Some(own), _) => own.clone(),
            }
        });
        let put_back = |captures: &Captures<'_>| {
            let whole = &captures[0];
            let at = address_number(whole).and_then(|number| number.checked_sub(1));
            let known = at.and_then(|at| self.real_addresses.get(at)?.as_ref());
            known.map_or_else(|| whole.to_owned(), IpAddr::to_string)
        };
        address.replace_all(&text, put_back).into_owned()
    }
}

/// Not a part of a longer word, or of one with a hyphen.
fn stands_alone(text: &str, range: &Range<usize>) -> bool {
    let joins = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    !text[..range.start].chars().next_back().is_some_and(joins)
        && !text[range.end..].chars().next().is_some_and(joins)
}
