//! Every row of the checklist of what the articles tell is carried by a place of the embedded trees, and each place that
//! the tables in `tests/coverage/` name is there.

use std::{collections::BTreeMap, fs, path::Path};

use waypost::{
    finding::{InputName, ProbeName, TreeId},
    tree::{Forest, NodeId, Origin, StepName},
};

use crate::hosts::recorded::forest;

/// The rows of the checklist: the article's, the community post's, and those that were added.
const ROWS: &[(&str, u32)] = &[("S0", 96), ("S1", 42), ("X", 27)];

#[test]
fn every_row_has_a_place_and_every_place_is_there() {
    let forest = forest();
    let rows = rows();
    let mut wrong = Vec::new();
    for (part, last) in ROWS {
        for number in 1..=*last {
            let row = format!("{part}-{number}");
            match rows.get(&row) {
                None => wrong.push(format!("{row}: no table has it")),
                Some(places) if places.is_empty() => wrong.push(format!("{row}: no place")),
                Some(places) => {
                    let missing = places.iter().filter(|place| !is_there(&forest, place));
                    wrong.extend(missing.map(|place| format!("{row}: there is no `{place}`")));
                }
            }
        }
    }
    let known: usize = ROWS.iter().map(|(_, last)| *last as usize).sum();
    assert!(rows.len() <= known, "rows that the checklist does not have");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The places of each row, of all tables.
fn rows() -> BTreeMap<String, Vec<String>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/coverage");
    let mut rows: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for entry in fs::read_dir(&folder).expect("the trees are there") {
        let path = entry.expect("the folder can be listed").path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if !(name.starts_with("coverage-") && name.ends_with(".md")) {
            continue;
        }
        let text = fs::read_to_string(&path).expect("a table is text");
        for line in text.lines() {
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            let ["", row, places, how, ""] = cells.as_slice() else {
                continue;
            };
            if *row == "row" || row.starts_with('-') {
                continue;
            }
            assert!(!how.is_empty(), "{name}: {row} does not say how");
            let places = places
                .split(',')
                .map(str::trim)
                .filter(|place| !place.is_empty());
            rows.entry((*row).to_owned())
                .or_default()
                .extend(places.map(str::to_owned));
        }
    }
    rows
}

/// `tree/node`, `tree#field`, `tree:input.NAME`, `tree:probe.NAME` or `tree:step.NAME`, in an embedded tree.
fn is_there(forest: &Forest, place: &str) -> bool {
    let Some(at) = place.find(['/', '#', ':']) else {
        return false;
    };
    let (tree, rest) = (&place[..at], &place[at + 1..]);
    let Some(tree) = forest
        .tree(&TreeId::new(tree))
        .filter(|tree| tree.origin == Origin::Embedded)
    else {
        return false;
    };
    match (&place[at..=at], rest.split_once('.')) {
        ("/", _) => tree.nodes.contains_key(&NodeId::new(rest)),
        (":", Some(("input", name))) => tree.inputs.contains_key(&InputName::new(name)),
        (":", Some(("probe", name))) => tree.probes.contains_key(&ProbeName::new(name)),
        (":", Some(("step", name))) => tree.steps.contains_key(&StepName::new(name)),
        ("#", _) => match rest {
            "title" => true,
            "summary" => tree.summary.is_some(),
            "symptoms" => !tree.symptoms.is_empty(),
            "sources" => !tree.sources.is_empty(),
            "reviewed" => tree.reviewed.is_some(),
            _ => false,
        },
        _ => false,
    }
}
