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
            outcomes(*kind),
            facts(*kind)
        );
    }
    out
}

fn outcomes(kind: &dyn Kind) -> String {
    let spec = kind.spec();
    let mut all: Vec<String> = Vec::new();
    if !spec.pattern_facts.is_empty() {
        all.push("its patterns' names\\*".to_owned());
    }
    let plain = kind.outcomes(&[], false);
    for outcome in kind.outcomes(&[], true) {
        let star = if outcome.refined { "\\*" } else { "" };
        let via = if plain.contains(&outcome) {
            ""
        } else {
            " (with `via`)"
        };
        all.push(format!("{}{star}{via}", outcome.name));
    }
    all.join(", ")
}

fn facts(kind: &dyn Kind) -> String {
    let spec = kind.spec();
    let name = |fact: &crate::probe::FactSpec| format!("`{}`", fact.name);
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
            "open\\*, refused, timed-out, unreachable, unresolved, proxy-refused (with `via`)"
        ));
    }
}
