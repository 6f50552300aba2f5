//! Puts the files together: which pattern names the outcome, and whether the material is whole enough to say `none`.

use jiff::tz::Offset;

use crate::{
    finding::{Evidence, Facts, Judgement, Outcome, Reason, Unknown, Value},
    host::{Opened, Reply},
    probe::{
        Judged, Judging,
        judging::only,
        log::{
            evidence::{MAX_GAPS, evidence},
            gap::{Gap, Place},
            scanner::{MAX_BYTES, Scanner},
            total::{Files, Placed, Total, pattern_facts, place, total},
            wanted::{Pick, Wanted},
        },
    },
};

pub fn judge(
    wanted: &Wanted,
    replies: Vec<Result<Reply, Unknown>>,
    judging: &Judging<'_>,
) -> Judged {
    let mut replies = replies;
    let beside = (replies.len() > 1).then(|| replies.swap_remove(1));
    let files = match only(replies) {
        Ok(Reply::Files(files)) => files,
        Ok(reply) => return Judged::wrong_reply(&reply),
        Err(unknown) => return Judged::unknown(unknown),
    };
    if files.is_empty() {
        return missing(wanted, beside);
    }
    match read(wanted, files, judging) {
        Ok((files, gaps, offset)) => conclude(wanted, &files, &gaps, offset),
        Err(unknown) => Judged::unknown(unknown),
    }
}

/// No file is there. That says something only of the right folder: in a mistyped one there is none either.
fn missing(wanted: &Wanted, beside: Option<Result<Reply, Unknown>>) -> Judged {
    let globs = wanted
        .globs
        .iter()
        .map(|glob| Evidence::plain(format!("no file matches `{glob}`")));
    let judged = match beside {
        _ if wanted.beside.is_empty() => Judged::outcome("missing"),
        Some(Ok(Reply::Meta(Some(_)))) => Judged::outcome("missing"),
        Some(Ok(Reply::Meta(None))) => {
            let paths: Vec<String> = wanted
                .beside
                .iter()
                .map(|path| format!("`{path}`"))
                .collect();
            let why = format!(
                "no log is there, nor what has to stand beside it ({}): this may be the wrong folder",
                paths.join(" or ")
            );
            Judged::unknown(Unknown::new(Reason::NotAvailable, why))
        }
        Some(Ok(other)) => Judged::wrong_reply(&other),
        Some(Err(unknown)) => Judged::unknown(unknown),
        None => Judged::unknown(Unknown::new(
            Reason::NotAvailable,
            "no log is there, and whether this is its folder was not looked at",
        )),
    };
    Judged {
        evidence: globs.collect(),
        ..judged
    }
}

/// Scans the files, the newest first, until one holds a start. Beside what they gave, why it is not whole, and the offset
/// that their times are told with; `None` where it is not known and a line lacks it.
fn read(
    wanted: &Wanted,
    files: Vec<Opened>,
    judging: &Judging<'_>,
) -> Result<(Files, Vec<Gap>, Option<Offset>), Unknown> {
    let scanner = Scanner::new(wanted, judging);
    let (mut budget, mut gaps, mut read) = (MAX_BYTES, Vec::new(), Files::new());
    for file in files {
        let written = file.modified;
        match file.content {
            Err(why) => {
                let place = Place::Unread {
                    behind: read.len(),
                    written,
                };
                gaps.push(Gap { why, place });
            }
            Ok(content) => {
                let scanned = scanner.scan(&file.path, content, &mut budget);
                if scanned.stopped {
                    return Err(Unknown::new(
                        Reason::OutOfTime,
                        format!("{}: not read to its end in time", file.path),
                    ));
                }
                gaps.extend(scanned.holes.iter().map(|hole| Gap {
                    why: hole.why.clone(),
                    place: Place::Within {
                        file: read.len(),
                        written,
                        upto: hole.upto,
                    },
                }));
                let started = scanned.started.is_some();
                read.push((file.path, scanned));
                if started {
                    return Ok((read, gaps, scanner.stamps.offset()));
                }
            }
        }
    }
    if let Some(start) = &wanted.start {
        gaps.push(Gap::no_start(&start.source));
    }
    Ok((read, gaps, scanner.stamps.offset()))
}

/// Why a pattern that matches does not name the outcome: a line that was not seen could make another one name it.
fn doubts<'a>(
    wanted: &Wanted,
    gaps: &'a [Gap],
    winner: usize,
    newest: Option<&Placed<'_>>,
) -> Vec<&'a Gap> {
    let doubtful = |gap: &&Gap| {
        let followed = newest.is_none_or(|hit| gap.may_follow(hit));
        match wanted.pick {
            Pick::Latest => followed,
            // A pattern that is listed before may match there; or the start, and then what was found counts no more.
            Pick::First => winner > 0 || (wanted.start.is_some() && followed),
        }
    };
    gaps.iter().filter(doubtful).collect()
}

fn unknown(gaps: &[&Gap]) -> Option<Judgement> {
    let reason = gaps.first()?.why.reason;
    let all: Vec<&str> = gaps
        .iter()
        .take(MAX_GAPS)
        .map(|gap| gap.why.detail.as_str())
        .collect();
    Some(Judgement::Unknown(Unknown::new(reason, all.join("; "))))
}

fn conclude(wanted: &Wanted, files: &Files, gaps: &[Gap], offset: Option<Offset>) -> Judged {
    let totals: Vec<Total<'_>> = (0..wanted.patterns.len())
        .map(|pattern| total(wanted, files, pattern))
        .collect();
    let started = files
        .iter()
        .enumerate()
        .find_map(|(file, (path, scanned))| {
            scanned
                .started
                .as_ref()
                .map(|hit| Placed { file, path, hit })
        });
    let matched = || {
        totals
            .iter()
            .enumerate()
            .filter(|(_, total)| total.count > 0)
    };
    let winner = match wanted.pick {
        Pick::First => matched().next().map(|(index, _)| index),
        Pick::Latest => matched()
            .filter_map(|(index, total)| Some((index, total.recent.first()?)))
            .reduce(|best, next| {
                if next.1.newer_than(best.1) {
                    next
                } else {
                    best
                }
            })
            .map(|(index, _)| index),
    };
    let (named, doubts) = match winner {
        Some(winner) => (
            wanted.patterns[winner].outcome(),
            doubts(wanted, gaps, winner, totals[winner].recent.first()),
        ),
        None => ("none".to_owned(), gaps.iter().collect()),
    };
    let judgement = unknown(&doubts).unwrap_or_else(|| Judgement::Outcome(Outcome::new(named)));
    let mut facts = Facts::new();
    // That no line is the start is known only where every line was seen that is there.
    if started.is_some() || gaps.iter().all(|gap| matches!(gap.place, Place::Before)) {
        facts.insert(
            "started".to_owned(),
            started
                .as_ref()
                .map(|started| Value::Map(place(started, offset)))
                .into(),
        );
    }
    let gap_texts: Vec<Value> = gaps
        .iter()
        .map(|gap| gap.why.detail.as_str().into())
        .collect();
    facts.insert("gaps".to_owned(), gap_texts.into());
    for (pattern, total) in wanted.patterns.iter().zip(&totals) {
        // What was not seen whole does not say that something is not there.
        if total.count > 0 || gaps.is_empty() {
            facts.insert(
                pattern.name.clone(),
                pattern_facts(wanted, total, offset, gaps).into(),
            );
        }
    }
    let evidence = evidence(wanted, files, &totals, winner, started.as_ref(), gaps);
    Judged {
        judgement,
        facts,
        evidence,
    }
}

#[cfg(test)]
mod tests;
