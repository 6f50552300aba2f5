//! What the files give together for one pattern: how many hits, the oldest, the newest; as facts.

use jiff::tz::Offset;

use crate::{
    finding::{Facts, Value},
    probe::log::{
        gap::Gap,
        hit::{Hit, Scanned},
        stamps,
        wanted::Wanted,
    },
};

/// What was read, the newest file first.
pub type Files = Vec<(String, Scanned)>;

/// A hit and the file that it is in. Files are counted from the newest.
#[derive(Debug, Clone)]
pub struct Placed<'a> {
    pub file: usize,
    pub path: &'a str,
    pub hit: &'a Hit,
}

impl Placed<'_> {
    /// By time where both have one, else by place.
    pub fn newer_than(&self, other: &Self) -> bool {
        match (self.hit.time, other.hit.time) {
            (Some(mine), Some(others)) if mine != others => mine > others,
            _ => {
                (std::cmp::Reverse(self.file), self.hit.line)
                    > (std::cmp::Reverse(other.file), other.hit.line)
            }
        }
    }
}

/// The newest of some.
pub fn newest<'a, 'b: 'a>(hits: impl Iterator<Item = &'a Placed<'b>>) -> Option<&'a Placed<'b>> {
    hits.reduce(|best, hit| if hit.newer_than(best) { hit } else { best })
}

/// What one pattern gave in all files.
pub struct Total<'a> {
    pub count: u64,
    pub first: Option<Placed<'a>>,
    /// The newest first.
    pub recent: Vec<Placed<'a>>,
}

/// What the pattern of this number gave in all files.
pub fn total<'a>(wanted: &Wanted, files: &'a Files, pattern: usize) -> Total<'a> {
    let tallies = || {
        files
            .iter()
            .enumerate()
            .map(|(file, (path, scanned))| (file, path, &scanned.tallies[pattern]))
    };
    let mut all: Vec<Placed<'a>> = tallies()
        .flat_map(|(file, path, tally)| {
            tally
                .recent
                .iter()
                .map(move |hit| Placed { file, path, hit })
        })
        .collect();
    let mut recent = Vec::new();
    // No sort: with and without times, the hits have no total order.
    while recent.len() < wanted.limit.max(1) && !all.is_empty() {
        let newest = (1..all.len()).fold(0, |best, next| {
            if all[next].newer_than(&all[best]) {
                next
            } else {
                best
            }
        });
        recent.push(all.swap_remove(newest));
    }
    let firsts = tallies().filter_map(|(file, path, tally)| {
        Some(Placed {
            file,
            path,
            hit: tally.first.as_ref()?,
        })
    });
    Total {
        count: tallies().map(|(_, _, tally)| tally.count).sum(),
        first: firsts.reduce(|best, next| if best.newer_than(&next) { next } else { best }),
        recent,
    }
}

/// What is known of a pattern that matches. Where a line that was not seen may come after the newest hit, nobody knows
/// which one is the last, and nothing is said of it.
pub fn pattern_facts(
    wanted: &Wanted,
    total: &Total<'_>,
    offset: Option<Offset>,
    gaps: &[Gap],
) -> Facts {
    let last = total.recent.first();
    let followed = last.is_some_and(|last| gaps.iter().any(|gap| gap.may_follow(last)));
    let excerpts = total.recent.iter().take(wanted.limit).map(|placed| {
        let mut facts = place(placed, offset);
        let lines =
            |lines: &[String]| Value::List(lines.iter().map(|line| line.as_str().into()).collect());
        facts.insert("before".to_owned(), lines(&placed.hit.before));
        facts.insert("after".to_owned(), lines(&placed.hit.after));
        Value::Map(facts)
    });
    let mut facts = Facts::from_iter([
        ("count".to_owned(), total.count.into()),
        (
            "first".to_owned(),
            total
                .first
                .as_ref()
                .map(|first| place(first, offset))
                .into(),
        ),
        (
            "last".to_owned(),
            last.map(|last| place(last, offset)).into(),
        ),
        (
            "captures".to_owned(),
            last.map(|last| last.hit.captures.clone())
                .unwrap_or_default()
                .into(),
        ),
        ("excerpts".to_owned(), excerpts.collect::<Vec<_>>().into()),
    ]);
    if followed {
        facts.retain(|name, _| matches!(name.as_str(), "count" | "first"));
    }
    facts
}

/// Where a hit is, and its line.
pub fn place(placed: &Placed<'_>, offset: Option<Offset>) -> Facts {
    let Placed { path, hit, .. } = placed;
    Facts::from_iter([
        ("file".to_owned(), (*path).into()),
        ("line".to_owned(), hit.number.into()),
        ("column".to_owned(), hit.column.into()),
        (
            "time".to_owned(),
            hit.time.map(|time| stamps::show(time, offset)).into(),
        ),
        ("text".to_owned(), hit.text.as_str().into()),
    ])
}
