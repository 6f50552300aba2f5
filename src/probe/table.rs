//! The kinds as a table, made from what they say of themselves.

use std::fmt::Write;

use crate::probe::{KINDS, Kind};

/// One row a kind, in Markdown: what it looks at, its outcomes with `*` at those that a probe's cases refine, and its facts.
pub fn table() -> String {
    let mut out = String::from("| kind | looks at | outcomes | facts |\n|---|---|---|---|\n");
    for kind in KINDS {
        let spec = kind.spec();
        // Writing to a string never fails.
        let _ = writeln!(
            out,
            "| `{}` | {} | {} | {} |",
            spec.name,
            spec.looks_at,
            written_outcomes(*kind, "\\*"),
            written_facts(*kind, "`")
        );
    }
    out
}

/// What a kind can end in, with `*` at what a probe's cases refine.
pub fn outcomes(kind: &dyn Kind) -> String {
    written_outcomes(kind, "*")
}

/// A kind's facts, those of each pattern apart.
pub fn facts(kind: &dyn Kind) -> String {
    written_facts(kind, "")
}

fn written_outcomes(kind: &dyn Kind, star: &str) -> String {
    let spec = kind.spec();
    let mut all: Vec<String> = Vec::new();
    if !spec.pattern_facts.is_empty() {
        all.push(format!("its patterns' names{star}"));
    }
    let plain = kind.outcomes(&[], false);
    for outcome in kind.outcomes(&[], true) {
        let star = if outcome.refined { star } else { "" };
        let via = if plain.contains(&outcome) {
            ""
        } else {
            " (with `via`)"
        };
        all.push(format!("{}{star}{via}", outcome.name));
    }
    all.join(", ")
}

fn written_facts(kind: &dyn Kind, quote: &str) -> String {
    let spec = kind.spec();
    let name = |fact: &crate::probe::FactSpec| format!("{quote}{}{quote}", fact.name);
    let own: Vec<String> = spec.facts.iter().map(name).collect();
    if spec.pattern_facts.is_empty() {
        return own.join(", ");
    }
    let each: Vec<String> = spec.pattern_facts.iter().map(name).collect();
    format!("{}; of each pattern {}", own.join(", "), each.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_its_row() {
        let table = table();
        let rows: Vec<&str> = table.lines().skip(2).collect();
        assert_eq!(rows.len(), KINDS.len());
        for (kind, row) in KINDS.iter().zip(rows) {
            assert!(
                row.starts_with(&format!("| `{}` |", kind.spec().name)),
                "{row}"
            );
            assert_eq!(row.matches(" | ").count(), 3, "{row}");
        }
        assert!(table.contains(
            "open\\*, refused, timed-out, unreachable, unresolved, proxy-refused (with `via`), proxy-silent (with `via`)"
        ));
    }
}
