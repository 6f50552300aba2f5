//! `process`: whether a process runs whose command line matches. Never ends or signals one.

use regex::Regex;

use crate::{
    finding::{Evidence, Os, Reason, Unknown, Value},
    host::{self, Look, Reply},
    probe::{
        FactSpec, Judged, Judging, Kind, Manual, OutcomeSpec, ParamSpec, ParamType, Params, Spec,
        excerpt::{LINE, cut},
        judging::{known, only},
        params::Given,
    },
};

/// Processes by command line.
pub struct Process;

static SPEC: Spec = Spec {
    name: "process",
    looks_at: "processes by command line",
    params: &[ParamSpec {
        name: "match",
        ty: ParamType::Pattern,
        required: true,
        doc: "a regular expression over command lines; upper and lower case are one",
    }],
    facts: &[
        FactSpec {
            name: "pids",
            doc: "the matching processes, oldest first",
        },
        FactSpec {
            name: "started",
            doc: "when the oldest of them started, as a timestamp",
        },
        FactSpec {
            name: "command_lines",
            doc: "their command lines, in the order of `pids`; long ones are cut",
        },
        FactSpec {
            name: "memory_bytes",
            doc: "what they hold in memory together",
        },
        FactSpec {
            name: "user",
            doc: "whom the oldest of them runs as",
        },
    ],
    pattern_facts: &[],
    network: false,
    executes: false,
};

impl Kind for Process {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }

    fn outcomes(&self, _patterns: &[&str], _via: bool) -> Vec<OutcomeSpec> {
        vec![
            OutcomeSpec::refined("running"),
            OutcomeSpec::fixed("absent"),
        ]
    }

    fn looks(&self, params: &Params) -> Result<Vec<Look>, Unknown> {
        Given(params).pattern("match")?;
        Ok(vec![Look::Processes])
    }

    fn judge(
        &self,
        params: &Params,
        replies: Vec<Result<Reply, Unknown>>,
        _judging: &Judging<'_>,
    ) -> Judged {
        let pattern = match Given(params).pattern("match") {
            Ok(pattern) => pattern,
            Err(unknown) => return Judged::unknown(unknown),
        };
        let list = match only(replies) {
            Ok(Reply::Processes(list)) => list,
            Ok(other) => return Judged::wrong_reply(&other),
            Err(unknown) => return Judged::unknown(unknown),
        };
        let mut found: Vec<&host::Process> = list
            .processes
            .iter()
            .filter(|process| pattern.is_match(&process.command_line))
            .collect();
        if found.is_empty() && list.hidden {
            return Judged::unknown(Unknown::new(
                Reason::NotWhole,
                format!(
                    "no process matches `{pattern}`, but some command lines are hidden from this user"
                ),
            ));
        }
        if found.is_empty() {
            let text = format!(
                "none of {} processes matches `{pattern}`",
                list.processes.len()
            );
            return Judged::outcome("absent").evidence(Evidence::plain(text));
        }
        // One whose start is not known comes last.
        found.sort_by_key(|process| (process.started.is_none(), process.started, process.pid));
        let memory = found.iter().fold(0_u64, |sum, process| {
            sum.saturating_add(process.memory_bytes)
        });
        let lines = found
            .iter()
            .map(|process| Value::Text(cut(&process.command_line, COMMAND_LINE)));
        let mut judged = Judged::outcome("running")
            .fact(
                "pids",
                found
                    .iter()
                    .map(|process| Value::from(process.pid))
                    .collect::<Vec<_>>(),
            )
            .fact("command_lines", lines.collect::<Vec<_>>())
            .fact("memory_bytes", memory);
        let oldest = found.first();
        judged = known(
            judged,
            "started",
            oldest
                .and_then(|process| process.started)
                .map(|start| start.to_string()),
        );
        judged = known(
            judged,
            "user",
            oldest.and_then(|process| process.user.clone()),
        );
        judged.evidence.extend(
            found
                .iter()
                .take(SHOWN)
                .map(|process| evidence(process, &pattern)),
        );
        if found.len() > SHOWN {
            judged = judged.evidence(Evidence::plain(format!("and {} more", found.len() - SHOWN)));
        }
        judged
    }

    fn manual(&self, _params: &Params, _os: Os) -> Vec<Manual> {
        Vec::new()
    }
}

/// How much of a command line becomes a fact, in characters. Java's are long.
const COMMAND_LINE: usize = 8_000;

/// How many processes are shown.
const SHOWN: usize = 5;

/// The process with what matched underlined, where the excerpt still holds it.
fn evidence(process: &host::Process, pattern: &Regex) -> Evidence {
    let text = cut(&process.command_line, LINE);
    let mark = pattern.find(&process.command_line).and_then(|found| {
        let start = process.command_line[..found.start()].chars().count();
        let end = start + found.as_str().chars().count();
        (end <= LINE && end > start).then_some((start, end))
    });
    Evidence {
        file: Some(format!("process {}", process.pid)),
        text,
        mark,
        ..Evidence::default()
    }
}
