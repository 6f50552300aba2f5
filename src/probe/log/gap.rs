//! What was not seen of the files, and where it lies beside what was: only then is it known what it may hide.

use jiff::Timestamp;

use crate::{
    finding::{Reason, Unknown},
    probe::log::total::Placed,
};

/// A part of a file that was not seen.
#[derive(Debug, Clone, PartialEq)]
pub struct Hole {
    pub why: Unknown,
    /// The last line of it; none where nobody knows how far it goes.
    pub upto: Option<u64>,
}

/// Something that was not seen.
#[derive(Debug)]
pub struct Gap {
    pub why: Unknown,
    pub place: Place,
}

/// Where it lies. Files are counted from the newest of those that were read.
#[derive(Debug)]
pub enum Place {
    /// A file that was not opened, or a folder that was not listed, behind so many files that were read.
    Unread {
        behind: usize,
        written: Option<Timestamp>,
    },
    /// A part of a file, up to this line or its end.
    Within {
        file: usize,
        written: Option<Timestamp>,
        upto: Option<u64>,
    },
    /// Before everything that is there: what was rolled away.
    Before,
}

impl Gap {
    /// There is no line that matches the start, in what is there.
    pub fn no_start(source: &str) -> Self {
        Self {
            why: Unknown::new(
                Reason::NotWhole,
                format!("no line matches `{source}`, the start"),
            ),
            place: Place::Before,
        }
    }

    /// Whether a line may be in it that comes after this hit.
    ///
    /// A file is older where it stands behind the hit's file and was last written before the hit's time: two logs may be
    /// written side by side, so that their order alone says nothing of their lines. A hit without a time is compared by
    /// the order of files, as with other hits, and that is known only where the times of writing are.
    pub fn may_follow(&self, hit: &Placed<'_>) -> bool {
        let older = |written: Option<Timestamp>| match (written, hit.hit.time) {
            (None, _) => false,
            (Some(_), None) => true,
            (Some(written), Some(time)) => written < time,
        };
        match self.place {
            Place::Before => false,
            Place::Unread { behind, written } => behind <= hit.file || !older(written),
            Place::Within { file, upto, .. } if file == hit.file => {
                upto.is_none_or(|line| line >= hit.hit.line)
            }
            Place::Within { file, written, .. } => file < hit.file || !older(written),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{
        finding::{Facts, Judgement, Value},
        host::Opened,
        probe::log::{
            hit::Hit,
            sample::{denied, file, run},
        },
    };

    #[test]
    fn a_gap_hides_what_may_be_newer() {
        use Place::{Before, Unread, Within};

        let at = |second: i64| Some(Timestamp::from_second(second).expect("it is a time"));
        // The hit is in the second file, on line 10.
        let check = |place: Place, time: Option<Timestamp>, expected: bool| {
            let text = format!("{place:?} {time:?}");
            let gap = Gap {
                why: Unknown::new(Reason::NotWhole, "x"),
                place,
            };
            let hit = Hit {
                line: 10,
                number: Some(10),
                text: String::new(),
                mark: 0..0,
                column: 1,
                time,
                before: Vec::new(),
                after: Vec::new(),
                captures: Facts::new(),
            };
            let placed = Placed {
                file: 1,
                path: "x",
                hit: &hit,
            };
            assert_eq!(gap.may_follow(&placed), expected, "{text}");
        };
        check(Before, at(50), false);
        for time in [None, at(50)] {
            // A newer file, and one of which nobody knows when it was written.
            check(
                Unread {
                    behind: 0,
                    written: at(90),
                },
                time,
                true,
            );
            check(
                Unread {
                    behind: 1,
                    written: at(10),
                },
                time,
                true,
            );
            check(
                Unread {
                    behind: 2,
                    written: None,
                },
                time,
                true,
            );
            // An older file.
            check(
                Unread {
                    behind: 2,
                    written: at(40),
                },
                time,
                false,
            );
            check(
                Within {
                    file: 0,
                    written: at(90),
                    upto: Some(1),
                },
                time,
                true,
            );
            check(
                Within {
                    file: 2,
                    written: at(40),
                    upto: None,
                },
                time,
                false,
            );
            check(
                Within {
                    file: 2,
                    written: None,
                    upto: None,
                },
                time,
                true,
            );
            // The same file, before the hit and behind it.
            check(
                Within {
                    file: 1,
                    written: at(60),
                    upto: Some(9),
                },
                time,
                false,
            );
            check(
                Within {
                    file: 1,
                    written: at(60),
                    upto: Some(10),
                },
                time,
                true,
            );
            check(
                Within {
                    file: 1,
                    written: at(60),
                    upto: None,
                },
                time,
                true,
            );
        }
        // Two logs written side by side: the older one was still written after the hit.
        check(
            Unread {
                behind: 2,
                written: at(55),
            },
            at(50),
            true,
        );
        check(
            Unread {
                behind: 2,
                written: at(50),
            },
            at(50),
            true,
        );
        check(
            Within {
                file: 2,
                written: at(55),
                upto: None,
            },
            at(50),
            true,
        );
    }

    /// A file that was last written at this time of the third of June.
    fn written(opened: Opened, time: &str) -> Opened {
        let modified = format!("2026-06-03T{time}-04:00").parse().ok();
        Opened { modified, ..opened }
    }

    #[track_caller]
    fn picks(changes: serde_json::Value, files: Vec<Opened>, expected: Result<&str, &str>) {
        let mut all = json!({
            "start": null, "stamps": ["%Y-%m-%d %H:%M:%S"], "patterns": {"one": "one", "two": "two"},
        });
        for (name, value) in changes.as_object().expect("changes are a map") {
            all[name] = value.clone();
        }
        let got = match run(all, files, false).judgement {
            Judgement::Outcome(outcome) => Ok(outcome.to_string()),
            Judgement::Unknown(why) => Err(why.detail),
        };
        assert_eq!(got.as_deref().map_err(String::as_str), expected);
    }

    const TWO: &str = "2026-06-03 10:00:00 two\n";
    const CLOSED: Result<&str, &str> = Err("/logs/b: permission denied");

    #[test]
    fn the_latest_is_known_where_nothing_newer_can_be_hidden() {
        let latest = |start: Option<&str>| json!({"pick": "latest", "start": start});
        let check = |closed: &str, expected| {
            let hit = written(file("/logs/a", TWO), "10:00:00");
            let mut files = vec![hit, written(denied("/logs/b"), closed)];
            crate::host::newest_first(&mut files);
            picks(latest(None), files, expected);
        };
        check("11:00:00", CLOSED);
        check("10:00:00", CLOSED);
        check("09:59:59", Ok("two"));
        // Of a folder that could not be listed nobody knows how old its files are.
        let hit = || written(file("/logs/a", TWO), "10:00:00");
        picks(latest(None), vec![hit(), denied("/logs/b")], CLOSED);
        // What was rolled away is older than what is there; where the newest file is closed, it may hold the start.
        picks(latest(Some("START")), vec![hit()], Ok("two"));
        let files = vec![written(denied("/logs/b"), "11:00:00"), hit()];
        let no_start = "/logs/b: permission denied";
        picks(latest(Some("START")), files, Err(no_start));
    }

    #[test]
    fn the_latest_beside_a_line_that_was_cut() {
        let long = "x".repeat(2 << 20);
        let latest = json!({"pick": "latest"});
        let before = format!("{long}\n{TWO}");
        picks(latest.clone(), vec![file("/logs/a", before)], Ok("two"));
        let after = format!("{TWO}{long}\n");
        let why = "/logs/a: line 2 is longer than 1 MiB and was cut";
        picks(latest, vec![file("/logs/a", after)], Err(why));
    }

    #[test]
    fn the_first_listed_alone_is_known_beside_a_gap() {
        let one = || written(file("/logs/a", TWO.replace("two", "one")), "10:00:00");
        let two = || written(file("/logs/a", TWO), "10:00:00");
        let older = || written(denied("/logs/b"), "09:00:00");
        let newer = || written(denied("/logs/b"), "11:00:00");
        picks(json!({}), vec![one(), older()], Ok("one"));
        picks(json!({}), vec![newer(), one()], Ok("one"));
        picks(json!({}), vec![two(), older()], CLOSED);
        picks(json!({}), vec![newer(), two()], CLOSED);
        // A start in the newer file would end what counts.
        let start = || json!({"start": "START"});
        picks(start(), vec![one(), older()], Ok("one"));
        picks(start(), vec![newer(), one()], CLOSED);
    }

    #[test]
    fn no_start_is_a_fact_only_where_all_was_read() {
        let started = |files| {
            let patterns = json!({"one": "one"});
            let judged = run(
                json!({"start": "START", "patterns": patterns}),
                files,
                false,
            );
            judged.facts.get("started").cloned()
        };
        assert_eq!(started(vec![file("/logs/a", "one\n")]), Some(Value::Null));
        assert_eq!(
            started(vec![file("/logs/a", "one\n"), denied("/logs/b")]),
            None
        );
    }

    #[test]
    fn the_last_line_is_a_fact_only_where_nothing_newer_is_hidden() {
        let facts = |closed: &str| {
            let hit = written(file("/logs/a", TWO), "10:00:00");
            let mut files = vec![hit, written(denied("/logs/b"), closed)];
            crate::host::newest_first(&mut files);
            let judged = run(
                json!({"start": null, "stamps": ["%Y-%m-%d %H:%M:%S"], "patterns": {"two": "two"}}),
                files,
                false,
            );
            let Some(Value::Map(facts)) = judged.facts.get("two") else {
                panic!("it matches");
            };
            facts.keys().cloned().collect::<Vec<_>>().join(" ")
        };
        assert_eq!(facts("11:00:00"), "count first");
        assert_eq!(facts("09:00:00"), "count first last captures excerpts");
    }
}
