//! `process`: whether a process runs whose command line matches. Never ends or signals one.

use regex::Regex;

use crate::{
    finding::{Evidence, Os, Reason, Unknown, Value},
    host::{
        self, Look, ProcessList, Reply,
        printed::processes::{self, Listed},
    },
    probe::{
        FactSpec, Judged, Judging, Kind, Manual, OutcomeSpec, ParamSpec, ParamType, Params, Role,
        Spec,
        excerpt::{LINE, cut},
        judging::{known, only},
        params::Given,
        pasted::Pasted,
        process_list,
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
        role: Role::Target,
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
            doc: "what they hold in memory together: the sum over all in `pids`; not there where that of one of them is not known",
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
        let memory = found.iter().try_fold(0_u64, |sum, process| {
            Some(sum.saturating_add(process.memory_bytes?))
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
            .fact("command_lines", lines.collect::<Vec<_>>());
        judged = known(judged, "memory_bytes", memory);
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

    fn read(
        &self,
        params: &Params,
        os: Os,
        text: &str,
    ) -> Result<Vec<Result<Reply, Unknown>>, Unknown> {
        let pattern = Given(params).pattern("match")?;
        let pasted = Pasted::new(self, params, os, text)?
            .expecting("a list of processes, as the command to copy prints it".to_owned());
        let read = processes::read(&pasted.text(), os);
        pasted.only(read.map(|listed| reply(listed?, &pattern)))
    }

    fn manual(&self, params: &Params, os: Os) -> Vec<Manual> {
        match Given(params).pattern("match") {
            Ok(_) => vec![process_list::command(os)],
            Err(_) => Vec::new(),
        }
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

/// What the paste tells of the processes that match. What is said of all of them is a fact only where all were seen.
fn reply(listed: Listed, pattern: &Regex) -> Result<Reply, Unknown> {
    let misspelt = processes::may_be_misspelt(&listed, pattern.as_str());
    let Listed {
        mut processes,
        lacks,
    } = listed;
    let matches = |process: &host::Process| pattern.is_match(&process.command_line);
    if !processes.iter().any(matches) {
        let misspelt = misspelt.then(|| "letters may stand there as `?`".to_owned());
        if let Some(lacks) = lacks.clone().or(misspelt) {
            let why = format!(
                "no process in the paste matches `{pattern}`, which does not say that none runs: {lacks}"
            );
            return Err(Unknown::new(Reason::NotWhole, why));
        }
    }
    let hidden = lacks.is_some();
    for process in processes.iter_mut().filter(|_| hidden) {
        process.started = None;
        process.memory_bytes = None;
    }
    Ok(Reply::Processes(ProcessList { processes, hidden }))
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::probe::judging::trial::{commands, end, facts, judge, looks, shown};

    fn process(pid: u32, command_line: &str, started: Option<i64>) -> host::Process {
        host::Process {
            pid,
            command_line: command_line.to_owned(),
            started: started.and_then(|second| Timestamp::from_second(second).ok()),
            memory_bytes: Some(10),
            user: Some(format!("user{pid}")),
        }
    }

    fn list(hidden: bool) -> Result<Reply, Unknown> {
        let processes = vec![
            process(7, "/opt/a/java -jar MID.jar", None),
            process(8, "sh", Some(5)),
            process(9, "/opt/b/Java -jar x", Some(60)),
            process(3, "java", Some(120)),
        ];
        Ok(Reply::Processes(ProcessList { processes, hidden }))
    }

    #[test]
    fn running() {
        let judged = judge(&Process, r#"{"match": "java"}"#, Os::Linux, list(true));
        assert_eq!(end(&judged), "running");
        assert_eq!(
            facts(&judged),
            concat!(
                r#"{"pids":[9,3,7],"command_lines":["/opt/b/Java -jar x","java","/opt/a/java -jar MID.jar"],"#,
                r#""memory_bytes":30,"started":"1970-01-01T00:01:00Z","user":"user9"}"#
            )
        );
        assert_eq!(judged.evidence[0].mark, Some((7, 11)));
    }

    #[test]
    fn memory_is_the_sum_where_all_of_it_is_known() {
        let check = |memory: &[Option<u64>], expected: &str| {
            let processes = (1..).zip(memory).map(|(pid, bytes)| host::Process {
                memory_bytes: *bytes,
                user: None,
                ..process(pid, "java", None)
            });
            let reply = Reply::Processes(ProcessList {
                processes: processes.collect(),
                hidden: false,
            });
            let judged = judge(&Process, r#"{"match": "java"}"#, Os::Linux, Ok(reply));
            let facts = facts(&judged);
            let memory = facts.split_once(r#""memory_bytes":"#);
            let memory = memory.map_or("not there", |(_, rest)| rest.trim_end_matches('}'));
            assert_eq!(memory, expected, "{facts}");
        };
        check(&[Some(7)], "7");
        check(&[Some(7), Some(5), Some(0)], "12");
        check(&[Some(7), None], "not there");
        check(&[None], "not there");
        // Whole numbers end there.
        check(&[Some(u64::MAX), Some(1)], &i64::MAX.to_string());
    }

    #[test]
    fn absent_only_where_all_were_seen() {
        let judged = judge(&Process, r#"{"match": "nginx"}"#, Os::Linux, list(false));
        assert_eq!(
            (end(&judged).as_str(), shown(&judged).as_str()),
            ("absent", "none of 4 processes matches `nginx`")
        );
        let judged = judge(&Process, r#"{"match": "nginx"}"#, Os::Linux, list(true));
        assert_eq!(
            end(&judged),
            "unknown: no process matches `nginx`, but some command lines are hidden from this user"
        );
        assert!(matches!(
            judged.judgement,
            crate::finding::Judgement::Unknown(Unknown {
                reason: Reason::NotWhole,
                ..
            })
        ));
    }

    #[test]
    fn a_long_command_line_is_cut() {
        let long = format!("{} java", "ä".repeat(20_000));
        let reply = Reply::Processes(ProcessList {
            processes: vec![process(1, &long, None)],
            hidden: false,
        });
        let judged = judge(&Process, r#"{"match": "java"}"#, Os::Linux, Ok(reply));
        assert_eq!(end(&judged), "running");
        assert_eq!(
            (
                judged.evidence[0].text.chars().count(),
                judged.evidence[0].mark
            ),
            (LINE + 1, None)
        );
        assert!(facts(&judged).chars().count() < COMMAND_LINE + 200);
    }

    #[test]
    fn senseless() {
        assert_eq!(
            looks(&Process, r#"{"match": ""}"#),
            "parameter `match`: is empty"
        );
        assert_eq!(looks(&Process, r#"{"match": "a"}"#), r#"["processes"]"#);
    }

    #[test]
    fn by_hand() {
        let check = |os, expected: &[&str]| {
            let command = commands(&Process, r#"{"match": "a|it's"}"#, os);
            for expected in expected {
                assert!(
                    command.contains(expected),
                    "`{expected}` is not in {command}"
                );
            }
            assert!(
                !command.contains("it's") && !command.contains("a|"),
                "the list is searched: {command}"
            );
        };
        let ps = "TZ=UTC0 ps -Aww -o pid -o lstart=UTC -o rss -o user";
        check(Os::Linux, &[ps, "/proc/[0-9]*", "$n processes in all"]);
        check(Os::Macos, &[ps, "$n processes in all"]);
        check(
            Os::Windows,
            &[
                "Get-CimInstance Win32_Process",
                "$($all.Count) processes in all",
            ],
        );
        assert_eq!(commands(&Process, r#"{"match": ""}"#, Os::Linux), "");
    }
}
