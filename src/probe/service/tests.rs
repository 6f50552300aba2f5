//! Judging a service by its manager, its pid file and its process.

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
        memory_bytes: None,
        user: Some("mid".to_owned()),
    }
}

fn services(states: &[(&str, &str)], lines: &[&str]) -> Services {
    Services {
        services: states
            .iter()
            .map(|(name, state)| service(name, state))
            .collect(),
        pid: Ok(None),
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
fn a_unit_whose_start_script_ended() {
    let exited = |lines: &[&str]| services(&[("mid", "exited")], lines);
    check(
        NAMED,
        exited(&[]),
        "unknown: systemd says that `mid` is exited",
    );
    check(WITH_PROCESS, exited(&["sh"]), "stopped");
    check(
        WITH_PROCESS,
        exited(&["/opt/mid/agent/bin/wrapper"]),
        "running",
    );
    let hidden = ProcessList {
        hidden: true,
        ..ProcessList::default()
    };
    let hidden = Services {
        processes: hidden,
        ..exited(&[])
    };
    check(
        WITH_PROCESS,
        hidden,
        "unknown: systemd says that `mid` is exited",
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
        format!("process 101: {line}\nsystemd: mid is stopped, start mode enabled, account mid")
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
fn who_reads_in_the_services_folder_is_not_the_service() {
    let tail = "tail -f /opt/mid/agent/logs/agent0.log.0";
    let judged = check(
        WITH_PROCESS,
        services(&[("mid", "stopped")], &["sh", tail]),
        "stopped",
    );
    assert_eq!(
        shown(&judged),
        "systemd: mid is stopped, start mode enabled, account mid"
    );
    for line in [
        tail,
        "sh -c waypost diagnose --input agent_dir=/opt/mid/agent/",
    ] {
        check(
            WITH_PROCESS,
            services(&[], &[line]),
            "unknown: no service matches `mid`, and process 100 has the path in its arguments, but does not run from there",
        );
    }
    check(
        WITH_PROCESS,
        services(
            &[],
            &[
                tail,
                "/opt/mid/agent/bin/./wrapper-linux-x86-64 /opt/mid/agent/conf/wrapper.conf",
            ],
        ),
        "running",
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
        pid: Ok(Some(pid)),
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
fn a_pid_file_that_was_not_seen() {
    let denied = || Unknown::new(Reason::NoRight, "/x.pid: permission denied");
    let unseen = |services: Services| Services {
        pid: Err(denied()),
        ..services
    };
    const WITH_PID_FILE: &str = r#"{"name": "mid", "pid_file": "/x.pid"}"#;
    let why = "unknown: /x.pid: permission denied";
    check(WITH_PID_FILE, unseen(services(&[], &["wrapper"])), why);
    // The process that it may name would have the last word over a manager's.
    let judged = check(
        WITH_PID_FILE,
        unseen(services(&[("mid", "stopped")], &["wrapper"])),
        why,
    );
    assert_eq!(
        shown(&judged),
        "systemd: mid is stopped, start mode enabled, account mid"
    );
    check(
        WITH_PID_FILE,
        unseen(services(&[("mid", "running")], &[])),
        "running",
    );
    // Every process was seen: the one that it may name is among them.
    check(WITH_PROCESS, unseen(services(&[], &["sh"])), "absent");
    let hidden = Services {
        processes: ProcessList {
            hidden: true,
            ..ProcessList::default()
        },
        ..services(&[], &[])
    };
    check(WITH_PROCESS, unseen(hidden), why);
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
    // Nobody could say that it is not installed, but nothing runs.
    check(WITH_PROCESS, unmanaged(nothing()), "stopped");
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
    let all = commands(
        &Service,
        r#"{"name": ["mid", "snc_*"], "process": "/opt/a b/", "pid_file": "/x.pid"}"#,
        Os::Linux,
    );
    let all: Vec<&str> = all.lines().collect();
    assert_eq!(all[0], "systemctl status --no-pager -- mid 'snc_*'");
    // All of them, so that a list that shows none of its own is known to be whole.
    assert!(
        all[1].contains("ps -Aww") && !all[1].contains("/opt"),
        "{}",
        all[1]
    );
    assert_eq!(all[2..], ["ps -fp \"$(cat -- /x.pid)\""]);
    assert_eq!(
        commands(&Service, r#"{"name": ["mid", "snc_*"]}"#, Os::Windows),
        "$all = @(Get-CimInstance Win32_Service); $found = @($all | Where-Object { $_.Name -like 'mid' -or $_.Name -like 'snc_*' }); \
         $found | Format-List Name, State, StartMode, StartName, ProcessId, ExitCode; \
         \"$($found.Count) of $($all.Count) services are listed\""
    );
    assert_eq!(
        commands(&Service, r#"{"name": ["a.b", "c*"]}"#, Os::Macos),
        r"launchctl list | grep -iE -- 'a\.b|c.*'"
    );
}

/// An input may give a name that the tree lists as well.
#[test]
fn a_name_stands_once_in_a_command() {
    let given = r#"{"name": ["snc_mid", "snc_mid", "mid"]}"#;
    for os in [Os::Linux, Os::Windows] {
        let text = commands(&Service, given, os);
        assert_eq!(text.matches("snc_mid").count(), 1, "{text}");
    }
}
