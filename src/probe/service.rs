//! `service`: whether a service runs, by its manager, its pid file or its process. Never starts or stops one.

use crate::{
    finding::{Evidence, Judgement, Os, Reason, Unknown},
    host::{Look, Process, Reply, ServiceState, Services},
    probe::{
        FactSpec, Judged, Judging, Kind, Manual, OutcomeSpec, ParamSpec, ParamType, Params, Spec,
        excerpt::{LINE, cut},
        judging::{known, only},
        params::{Given, senseless},
        shell,
    },
};

/// A service: systemd, Windows services, a wrapper's pid file.
pub struct Service;

static SPEC: Spec = Spec {
    name: "service",
    looks_at: "a service: systemd, Windows services, a wrapper's pid file",
    params: &[
        ParamSpec {
            name: "name",
            ty: ParamType::Texts,
            required: true,
            doc: "the name, a glob, or a list of them",
        },
        ParamSpec {
            name: "process",
            ty: ParamType::Text,
            required: false,
            doc: "part of the command line that it has where no manager started it",
        },
        ParamSpec {
            name: "pid_file",
            ty: ParamType::Path,
            required: false,
            doc: "the file that holds its process id",
        },
    ],
    facts: &[
        FactSpec {
            name: "manager",
            doc: "who says so: `systemd`, `windows`, `wrapper` (a pid file) or `process` (a command line)",
        },
        FactSpec {
            name: "name",
            doc: "the service",
        },
        FactSpec {
            name: "state",
            doc: "the manager's word",
        },
        FactSpec {
            name: "start_mode",
            doc: "how it is started",
        },
        FactSpec {
            name: "account",
            doc: "whom it runs as",
        },
        FactSpec {
            name: "pid",
            doc: "its process",
        },
        FactSpec {
            name: "since",
            doc: "since when it is in this state, as a timestamp",
        },
    ],
    pattern_facts: &[],
    network: false,
    executes: false,
};

impl Kind for Service {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }

    fn outcomes(&self, _patterns: &[&str], _via: bool) -> Vec<OutcomeSpec> {
        vec![
            OutcomeSpec::refined("running"),
            OutcomeSpec::fixed("stopped"),
            OutcomeSpec::fixed("failed"),
            OutcomeSpec::fixed("absent"),
        ]
    }

    fn looks(&self, params: &Params) -> Result<Vec<Look>, Unknown> {
        let given = Given(params);
        needle(params)?;
        Ok(vec![Look::Services {
            names: given.texts("name")?,
            pid_file: given.path("pid_file")?,
        }])
    }

    fn judge(
        &self,
        params: &Params,
        replies: Vec<Result<Reply, Unknown>>,
        judging: &Judging<'_>,
    ) -> Judged {
        let needle = match needle(params) {
            Ok(needle) => needle,
            Err(unknown) => return Judged::unknown(unknown),
        };
        let services = match only(replies) {
            Ok(Reply::Services(services)) => services,
            Ok(other) => return Judged::wrong_reply(&other),
            Err(unknown) => return Judged::unknown(unknown),
        };
        if let Some(running) = services.services.iter().find(|service| is_running(service)) {
            return stated("running", running, &services);
        }
        if let Some(process) = by_pid_file(&services, needle.as_deref(), judging.os) {
            return by_process(process, "wrapper", &services);
        }
        if let Some(process) = by_command_line(&services, needle.as_deref(), judging.os) {
            return by_process(process, "process", &services);
        }
        // What is on its way up or down is neither; a person waits and looks again.
        if let Some(service) = services.services.iter().find(|service| is_between(service)) {
            let why = format!(
                "{} says that `{}` is {}",
                service.manager, service.name, service.state
            );
            let judged = stated("running", service, &services);
            return Judged {
                judgement: Judgement::Unknown(Unknown::new(Reason::Other, why)),
                ..judged
            };
        }
        for state in ["failed", "stopped"] {
            if let Some(service) = services
                .services
                .iter()
                .find(|service| service.state == state)
            {
                return stated(state, service, &services);
            }
        }
        absent(params, &services, needle.is_some())
    }

    fn manual(&self, params: &Params, os: Os) -> Vec<Manual> {
        manual(Given(params), os).unwrap_or_default()
    }
}

/// How many services and processes are shown.
const SHOWN: usize = 10;

/// The part of a command line to look for. One of separators alone would match every process.
fn needle(params: &Params) -> Result<Option<String>, Unknown> {
    let needle = Given(params).text("process")?;
    match needle {
        Some(needle) if !needle.contains(char::is_alphanumeric) => Err(senseless(
            "process",
            &format!("`{needle}` matches every process"),
        )),
        needle => Ok(needle),
    }
}

fn is_running(service: &ServiceState) -> bool {
    matches!(service.state.as_str(), "running" | "reloading")
}

fn is_between(service: &ServiceState) -> bool {
    !is_running(service) && !matches!(service.state.as_str(), "stopped" | "failed")
}

/// The process that the pid file names. Pids are given out again, so where a command line is known it has to fit.
fn by_pid_file<'a>(services: &'a Services, needle: Option<&str>, os: Os) -> Option<&'a Process> {
    let process = services
        .processes
        .processes
        .iter()
        .find(|process| Some(process.pid) == services.pid)?;
    let fits = needle.is_none_or(|needle| holds(&process.command_line, needle, os));
    fits.then_some(process)
}

fn by_command_line<'a>(
    services: &'a Services,
    needle: Option<&str>,
    os: Os,
) -> Option<&'a Process> {
    let needle = needle?;
    services
        .processes
        .processes
        .iter()
        .find(|process| holds(&process.command_line, needle, os))
}

/// Paths are written in more than one way: separators may be doubled, and on Windows both slashes and both cases are one.
fn holds(command_line: &str, needle: &str, os: Os) -> bool {
    fold(command_line, os).contains(&fold(needle, os))
}

fn fold(text: &str, os: Os) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars() {
        let c = if os == Os::Windows && c == '\\' {
            '/'
        } else {
            c
        };
        if c == '/' && folded.ends_with('/') {
            continue;
        }
        if os == Os::Windows {
            folded.extend(c.to_lowercase())
        } else {
            folded.push(c)
        }
    }
    folded
}

/// The outcome by a manager's word, with every service that matches as evidence.
fn stated(outcome: &str, service: &ServiceState, services: &Services) -> Judged {
    let mut judged = Judged::outcome(outcome)
        .fact("manager", service.manager.as_str())
        .fact("name", service.name.as_str())
        .fact("state", service.state.as_str());
    judged = known(judged, "start_mode", service.start_mode.as_deref());
    judged = known(judged, "account", service.account.as_deref());
    judged = known(judged, "pid", service.pid);
    judged = known(
        judged,
        "since",
        service.since.map(|since| since.to_string()),
    );
    judged.evidence = listed(services);
    judged
}

fn by_process(process: &Process, manager: &str, services: &Services) -> Judged {
    let mut judged = Judged::outcome("running")
        .fact("manager", manager)
        .fact("state", "running")
        .fact("pid", process.pid);
    judged = known(judged, "account", process.user.as_deref());
    judged = known(
        judged,
        "since",
        process.started.map(|started| started.to_string()),
    );
    let shown = Evidence {
        file: Some(format!("process {}", process.pid)),
        text: cut(&process.command_line, LINE),
        ..Evidence::default()
    };
    judged.evidence = std::iter::once(shown).chain(listed(services)).collect();
    judged
}

fn listed(services: &Services) -> Vec<Evidence> {
    let shown = services
        .services
        .iter()
        .take(SHOWN)
        .map(|service| Evidence::plain(describe(service)));
    let more = services.services.len().saturating_sub(SHOWN);
    shown
        .chain((more > 0).then(|| Evidence::plain(format!("and {more} more"))))
        .collect()
}

fn describe(service: &ServiceState) -> String {
    let mut words = vec![format!(
        "{}: {} is {}",
        service.manager, service.name, service.state
    )];
    words.extend(service.since.map(|since| format!("since {since}")));
    words.extend(
        service
            .start_mode
            .as_ref()
            .map(|mode| format!("start mode {mode}")),
    );
    words.extend(
        service
            .account
            .as_ref()
            .map(|account| format!("account {account}")),
    );
    words.join(", ")
}

/// Nothing matches. That is *absent* only where everything was seen that could have shown it.
fn absent(params: &Params, services: &Services, by_process: bool) -> Judged {
    let names = Given(params).texts("name").unwrap_or_default().join(", ");
    let nothing = format!("no service matches `{names}`");
    if (by_process || services.pid.is_some()) && services.processes.hidden {
        let why = format!("{nothing}, and some command lines are hidden from this user");
        return Judged::unknown(Unknown::new(Reason::NotWhole, why));
    }
    if services.no_manager && !by_process {
        let why = format!("{nothing}, but there is no service manager that could be asked");
        return Judged::unknown(Unknown::new(Reason::NotAvailable, why));
    }
    let mut judged = Judged::outcome("absent").evidence(Evidence::plain(nothing));
    if by_process {
        let text = format!(
            "none of {} command lines holds the part looked for",
            services.processes.processes.len()
        );
        judged = judged.evidence(Evidence::plain(text));
    }
    if let Some(pid) = services.pid {
        judged = judged.evidence(Evidence::plain(format!(
            "the pid file names {pid}, which is not the service"
        )));
    }
    judged
}

fn manual(given: Given<'_>, os: Os) -> Option<Vec<Manual>> {
    let names = given.texts("name").ok()?;
    let mut commands = vec![match os {
        Os::Linux => Manual::new(
            format!(
                "systemctl status --no-pager -- {}",
                words(&names, os)?.join(" ")
            ),
            "`Active:` is its state; no output, or `could not be found`, says that there is none",
        ),
        Os::Macos => Manual::new(
            format!(
                "launchctl list | grep -iE -- {}",
                shell::literal(&expression(&names), os)?
            ),
            "the first column is its process; `-` says that it does not run",
        ),
        Os::Windows => {
            let names: Option<Vec<String>> =
                names.iter().map(|name| shell::literal(name, os)).collect();
            let tests: Vec<String> = names?
                .iter()
                .map(|name| format!("$_.Name -like {name}"))
                .collect();
            Manual::new(
                format!(
                    "Get-CimInstance Win32_Service | Where-Object {{ {} }} | \
                     Format-List Name, State, StartMode, StartName, ProcessId, ExitCode",
                    tests.join(" -or ")
                ),
                "no output says that there is none",
            )
        }
    }];
    if let Some(part) = given.text("process").ok()? {
        let part = shell::literal(&part, os)?;
        commands.push(Manual::new(
            match os {
                Os::Linux | Os::Macos => format!("ps -eo pid,lstart,user,args | grep -F -- {part} | grep -v 'grep -F'"),
                Os::Windows => format!(
                    "Get-CimInstance Win32_Process | Where-Object {{ $_.ProcessId -ne $PID -and \
                     \"$($_.CommandLine)\".Replace('\\', '/').ToLower().Contains({part}.Replace('\\', '/').ToLower()) }} | \
                     Format-List ProcessId, CreationDate, CommandLine"
                ),
            },
            "a line says that it runs, whoever started it",
        ));
    }
    if let Some(file) = given.path("pid_file").ok()? {
        let file = shell::quote(&file, os)?;
        commands.push(Manual::new(
            match os {
                Os::Linux | Os::Macos => format!("ps -fp \"$(cat -- {file})\""),
                Os::Windows => format!("Get-Process -Id (Get-Content -LiteralPath {file})"),
            },
            "a process says that it runs; an error, or the heading alone, that it does not",
        ));
    }
    Some(commands)
}

fn words(names: &[String], os: Os) -> Option<Vec<String>> {
    names.iter().map(|name| shell::quote(name, os)).collect()
}

/// The globs as one regular expression.
fn expression(names: &[String]) -> String {
    let one = |name: &String| {
        name.chars().fold(String::new(), |mut expression, c| {
            match c {
                '*' => expression.push_str(".*"),
                '?' => expression.push('.'),
                c => expression.push_str(&regex::escape(c.encode_utf8(&mut [0; 4]))),
            }
            expression
        })
    };
    names.iter().map(one).collect::<Vec<_>>().join("|")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        host::ProcessList,
        probe::judging::trial::{commands, end, facts, judge, looks, shown},
    };

    const NAMED: &str = r#"{"name": ["mid", "snc_mid_*"]}"#;
    const WITH_PROCESS: &str = r#"{"name": "mid", "process": "/opt/mid/agent/"}"#;

    fn service(name: &str, state: &str) -> ServiceState {
        ServiceState {
            manager: "systemd".to_owned(),
            name: name.to_owned(),
            state: state.to_owned(),
            start_mode: Some("enabled".to_owned()),
            account: Some("mid".to_owned()),
            pid: None,
            since: None,
        }
    }

    fn process(pid: u32, command_line: &str) -> Process {
        Process {
            pid,
            command_line: command_line.to_owned(),
            started: None,
            memory_bytes: 0,
            user: Some("mid".to_owned()),
        }
    }

    fn services(states: &[(&str, &str)], lines: &[&str]) -> Services {
        Services {
            services: states
                .iter()
                .map(|(name, state)| service(name, state))
                .collect(),
            pid: None,
            processes: ProcessList {
                processes: lines
                    .iter()
                    .zip(100..)
                    .map(|(line, pid)| process(pid, line))
                    .collect(),
                hidden: false,
            },
            no_manager: false,
        }
    }

    fn check(json: &str, services: Services, expected: &str) -> Judged {
        let judged = judge(&Service, json, Os::Linux, Ok(Reply::Services(services)));
        assert_eq!(end(&judged), expected);
        judged
    }

    #[test]
    fn running_wins_and_all_are_named() {
        let judged = check(
            NAMED,
            services(&[("snc_mid_b", "failed"), ("mid", "running")], &[]),
            "running",
        );
        assert_eq!(
            facts(&judged),
            r#"{"manager":"systemd","name":"mid","state":"running","start_mode":"enabled","account":"mid"}"#
        );
        assert_eq!(
            shown(&judged),
            "systemd: snc_mid_b is failed, start mode enabled, account mid\n\
             systemd: mid is running, start mode enabled, account mid"
        );
        check(NAMED, services(&[("mid", "reloading")], &[]), "running");
    }

    #[test]
    fn what_does_not_run() {
        check(
            NAMED,
            services(&[("a", "stopped"), ("b", "failed")], &[]),
            "failed",
        );
        check(NAMED, services(&[("a", "stopped")], &[]), "stopped");
        check(
            NAMED,
            services(&[("a", "stopped"), ("b", "start-pending")], &[]),
            "unknown: systemd says that `b` is start-pending",
        );
    }

    #[test]
    fn a_process_runs_without_a_manager() {
        let line = "/opt/mid/agent/bin/wrapper -x";
        let judged = check(
            WITH_PROCESS,
            services(&[("mid", "stopped")], &["sh", line]),
            "running",
        );
        assert_eq!(
            facts(&judged),
            r#"{"manager":"process","state":"running","pid":101,"account":"mid"}"#
        );
        assert_eq!(
            shown(&judged),
            format!(
                "process 101: {line}\nsystemd: mid is stopped, start mode enabled, account mid"
            )
        );
        check(
            r#"{"name": "mid", "process": "/opt/mid//agent//"}"#,
            services(&[], &[line]),
            "running",
        );
        check(
            WITH_PROCESS,
            services(&[], &["/OPT/mid/agent/bin"]),
            "absent",
        );
    }

    #[test]
    fn on_windows_slashes_and_cases_are_one() {
        let services = services(&[], &[r#""c:\servicenow\mid\agent\bin\wrapper.exe" -s"#]);
        let json = r#"{"name": "mid", "process": "C:\\ServiceNow\\mid\\agent/"}"#;
        let judged = judge(&Service, json, Os::Windows, Ok(Reply::Services(services)));
        assert_eq!(end(&judged), "running");
    }

    #[test]
    fn a_pid_file() {
        let with = |pid, lines: &[&str]| Services {
            pid: Some(pid),
            ..services(&[], lines)
        };
        let json = r#"{"name": "mid", "pid_file": "/x.pid"}"#;
        let judged = check(json, with(100, &["wrapper"]), "running");
        assert_eq!(
            facts(&judged),
            r#"{"manager":"wrapper","state":"running","pid":100,"account":"mid"}"#
        );
        let judged = check(json, with(7, &["wrapper"]), "absent");
        assert_eq!(
            shown(&judged),
            "no service matches `mid`\nthe pid file names 7, which is not the service"
        );
        // The pid was given to another program since.
        check(
            r#"{"name": "mid", "pid_file": "/x.pid", "process": "/opt/mid/"}"#,
            with(100, &["sshd"]),
            "absent",
        );
    }

    #[test]
    fn absent_only_where_it_would_have_been_seen() {
        let hidden = |services: Services| Services {
            processes: ProcessList {
                hidden: true,
                ..services.processes
            },
            ..services
        };
        let unmanaged = |services: Services| Services {
            no_manager: true,
            ..services
        };
        let nothing = || services(&[], &["sh"]);
        check(NAMED, nothing(), "absent");
        check(NAMED, hidden(nothing()), "absent");
        check(
            NAMED,
            unmanaged(nothing()),
            "unknown: no service matches `mid, snc_mid_*`, but there is no service manager that could be asked",
        );
        check(WITH_PROCESS, nothing(), "absent");
        check(WITH_PROCESS, unmanaged(nothing()), "absent");
        check(
            WITH_PROCESS,
            hidden(nothing()),
            "unknown: no service matches `mid`, and some command lines are hidden from this user",
        );
        check(
            WITH_PROCESS,
            hidden(unmanaged(nothing())),
            "unknown: no service matches `mid`, and some command lines are hidden from this user",
        );
        check(
            WITH_PROCESS,
            hidden(services(&[("mid", "stopped")], &[])),
            "stopped",
        );
    }

    #[test]
    fn what_is_looked_at() {
        assert_eq!(
            looks(&Service, r#"{"name": "mid", "pid_file": "/x"}"#),
            r#"[{"services":{"names":["mid"],"pid_file":"/x"}}]"#
        );
        assert_eq!(looks(&Service, "{}"), "parameter `name`: is empty");
        assert_eq!(
            looks(&Service, r#"{"name": "mid", "process": "/"}"#),
            "parameter `process`: `/` matches every process"
        );
    }

    #[test]
    fn by_hand() {
        assert_eq!(
            commands(
                &Service,
                r#"{"name": ["mid", "snc_*"], "process": "/opt/a b/", "pid_file": "/x.pid"}"#,
                Os::Linux
            ),
            "systemctl status --no-pager -- mid 'snc_*'\n\
             ps -eo pid,lstart,user,args | grep -F -- '/opt/a b/' | grep -v 'grep -F'\n\
             ps -fp \"$(cat -- /x.pid)\""
        );
        assert_eq!(
            commands(&Service, r#"{"name": ["mid", "snc_*"]}"#, Os::Windows),
            "Get-CimInstance Win32_Service | Where-Object { $_.Name -like 'mid' -or $_.Name -like 'snc_*' } | \
             Format-List Name, State, StartMode, StartName, ProcessId, ExitCode"
        );
        assert_eq!(
            commands(&Service, r#"{"name": ["a.b", "c*"]}"#, Os::Macos),
            r"launchctl list | grep -iE -- 'a\.b|c.*'"
        );
    }
}
