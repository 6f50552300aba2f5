//! The lines that a person would want to see.

use crate::{
    finding::Evidence,
    probe::{
        log::{
            gap::Gap,
            total::{Files, Placed, Total, newest},
            wanted::Wanted,
        },
        marked::marked,
    },
};

/// Gaps that are named at most.
pub const MAX_GAPS: usize = 5;

/// The winner's newest hit, then those of other patterns; where nothing matches, from where on nothing does.
pub fn evidence(
    wanted: &Wanted,
    files: &Files,
    totals: &[Total<'_>],
    winner: Option<usize>,
    started: Option<&Placed<'_>>,
    gaps: &[Gap],
) -> Vec<Evidence> {
    let mut evidence = Vec::new();
    if let Some(winner) = winner {
        evidence.extend(totals[winner].recent.first().map(shown));
        let mut others: Vec<&Placed<'_>> = totals
            .iter()
            .enumerate()
            .filter(|(index, _)| *index != winner)
            .filter_map(|(_, total)| total.recent.first())
            .collect();
        while let Some(next) =
            newest(others.iter().copied()).filter(|_| evidence.len() <= wanted.limit)
        {
            let (file, line) = (next.file, next.hit.line);
            evidence.push(shown(next));
            // Several patterns in one line are one line to see.
            others.retain(|other| (other.file, other.hit.line) != (file, line));
        }
    } else {
        let read = match files.len() {
            1 => "1 file".to_owned(),
            count => format!("{count} files"),
        };
        let since = if started.is_some() {
            " since the last start"
        } else {
            ""
        };
        evidence.push(Evidence::plain(format!(
            "no pattern matches in {read}{since}"
        )));
        evidence.extend(started.map(shown));
    }
    evidence.extend(
        gaps.iter()
            .take(MAX_GAPS)
            .map(|gap| Evidence::plain(gap.why.detail.as_str())),
    );
    evidence
}

fn shown(placed: &Placed<'_>) -> Evidence {
    let hit = placed.hit;
    let line = marked(&hit.text, hit.mark.clone(), &[]);
    Evidence {
        column: Some(hit.column),
        before: hit.before.clone(),
        after: hit.after.clone(),
        mark: Some(line.mark).filter(|(from, to)| from < to),
        file: Some(placed.path.to_owned()),
        line: hit.number,
        ..Evidence::plain(line.text)
    }
}
