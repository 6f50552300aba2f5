//! Loading and checking a made-up tree of 100,000 nodes, against the bare YAML parser into plain values on the same text.
//!
//! Ours is text → spanned values → tree → forest → checker. The rival keeps no places, copies no text that it can borrow
//! and looks at nothing: less than what any program does that has a tree afterwards. Both take turns in one process; what
//! a run made is dropped after its clock was read.
//!
//! `WAYPOST_BENCH_NODES`: nodes of the tree, 100,000 where nothing is said. `WAYPOST_BENCH_RUNS`: runs of each, 7.

#[path = "support/made_up_tree.rs"]
mod made_up_tree;
#[path = "support/measure.rs"]
mod measure;
#[path = "support/memory.rs"]
mod memory;
#[path = "support/rival.rs"]
mod rival;

use std::{
    borrow::Cow,
    sync::Arc,
    time::{Duration, Instant},
};

use granit_parser::{Event, Parser};
use jiff::civil::{Date, date};
use made_up_tree::Shape;
use measure::Times;
use waypost::tree::{Forest, Origin, lint::check, load};

/// The day that the checker is told: soon after the made-up tree was reviewed.
const TODAY: Date = date(2026, 12, 1);
/// What the ratio is to reach.
const TO_REACH: f64 = 2.0;

fn main() {
    if !measure::asked_for() {
        return;
    }
    let nodes = measure::size("WAYPOST_BENCH_NODES", 100_000_usize);
    let runs = measure::size("WAYPOST_BENCH_RUNS", 7_usize);
    let text = made_up_tree::made_up(Shape::new(nodes));
    println!("  {nodes} nodes, {:.1} MB of YAML", text.len() as f64 / 1e6);
    let (mut ours, mut theirs, mut stages) = (Vec::new(), Vec::new(), [Vec::new(), Vec::new()]);
    for _ in 0..runs {
        let [read, checked] = load_and_check(&text);
        ours.push(read + checked);
        stages[0].push(read);
        stages[1].push(checked);
        theirs.push(plain_values(&text));
    }
    let [read, checked] = stages.map(Times::new);
    println!("  reading: {read}");
    println!("  checking: {checked}");
    if let Some(peak) = memory::peak_kib() {
        println!("  both contestants: {} MiB of memory at most", peak / 1024);
    }
    let (ours, theirs) = (Times::new(ours), Times::new(theirs));
    println!("  ours: {ours}");
    println!("  bare parser: {theirs}");
    rival::closing(
        "load_tree",
        &ours,
        "granit-parser into plain values",
        &theirs,
        TO_REACH,
    );
}

/// How long reading took, and how long checking.
fn load_and_check(text: &str) -> [Duration; 2] {
    let no_side_files = |name: &str| Err(format!("there is no `{name}`"));
    let part = made_up_tree::made_up_part();
    let mut diagnostics = Vec::new();
    let start = Instant::now();
    let trees: Vec<_> = [(made_up_tree::MAIN, text), (made_up_tree::PART, &part)]
        .into_iter()
        .map(|(name, text)| {
            let (tree, _, found) = load(name, Origin::Embedded, text.as_bytes(), &no_side_files);
            diagnostics.extend(found);
            Arc::new(tree.expect("a made-up tree is a tree"))
        })
        .collect();
    let forest = Forest::new(trees);
    let read = start.elapsed();
    let start = Instant::now();
    let found = check(&forest, TODAY);
    let checked = start.elapsed();
    diagnostics.extend(found.into_iter().map(|(_, diagnostic)| diagnostic));
    let few: Vec<_> = diagnostics.iter().take(5).collect();
    assert!(
        few.is_empty(),
        "a made-up tree has no mistakes, and these are {}: {few:#?}",
        diagnostics.len()
    );
    [read, checked]
}

/// Values as the plainest program would have them.
#[expect(dead_code, reason = "they are built to be measured")]
enum Plain<'a> {
    Scalar(Cow<'a, str>),
    List(Vec<Plain<'a>>),
    Map(Vec<(Plain<'a>, Plain<'a>)>),
}

/// A list or map that is not closed yet, and its key that has no value yet.
enum Open<'a> {
    List(Vec<Plain<'a>>),
    Map(Vec<(Plain<'a>, Plain<'a>)>, Option<Plain<'a>>),
}

fn plain_values(text: &str) -> Duration {
    let start = Instant::now();
    let mut stack: Vec<Open<'_>> = Vec::new();
    let mut root = None;
    for event in Parser::new_from_str(text) {
        let (event, _) = event.expect("a made-up tree is YAML");
        let value = match event {
            Event::SequenceStart(..) => {
                stack.push(Open::List(Vec::new()));
                continue;
            }
            Event::MappingStart(..) => {
                stack.push(Open::Map(Vec::new(), None));
                continue;
            }
            Event::Scalar(text, ..) => Plain::Scalar(text),
            Event::SequenceEnd | Event::MappingEnd => match stack.pop() {
                Some(Open::List(items)) => Plain::List(items),
                Some(Open::Map(entries, _)) => Plain::Map(entries),
                None => continue,
            },
            _ => continue,
        };
        match stack.last_mut() {
            Some(Open::List(items)) => items.push(value),
            Some(Open::Map(entries, key)) => match key.take() {
                Some(key) => entries.push((key, value)),
                None => *key = Some(value),
            },
            None => root = Some(value),
        }
    }
    let took = start.elapsed();
    assert!(
        matches!(root, Some(Plain::Map(_))),
        "a made-up tree is a map"
    );
    took
}
