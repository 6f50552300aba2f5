//! Services, connections, pieces of a log.

use waypost::finding::Os;

use super::{Samples, cut_anywhere, judged, refuses_others, sample};

const fn of(kind: &'static str, params: &'static str, os: Os) -> Samples {
    Samples { kind, params, os }
}

const TCP: &str = r#"{"host": "a.example", "port": 443}"#;
const MID: &str = r#"{"name": "mid"}"#;
const MID_ONLY: &str = r#"{"name": ["mid"], "process": "/opt/mid/agent/"}"#;

#[test]
fn connections_of_linux() {
    let tcp = of("tcp", TCP, Os::Linux);
    let open = r#"open {"address":"192.0.2.1:443"}"#;
    tcp.check("nc-openbsd-open.txt", open);
    tcp.check("nc-openbsd-old.txt", r#"open {"address":"a.example:443"}"#);
    tcp.check("nc-traditional-open.txt", open);
    tcp.check("nc-ncat-open.txt", open);
    tcp.check(
        "nc-openbsd-refused.txt",
        r#"refused {"address":"192.0.2.1:443"}"#,
    );
    tcp.check(
        "nc-ncat-refused.txt",
        r#"refused {"address":"a.example:443"}"#,
    );
    of("tcp", r#"{"host": "192.0.2.1", "port": 443}"#, Os::Linux).check(
        "nc-traditional-refused.txt",
        r#"refused {"address":"192.0.2.1:443"}"#,
    );
    tcp.check("nc-openbsd-timeout.txt", "timed-out {}");
    tcp.check("nc-ncat-timeout.txt", "timed-out {}");
    tcp.check(
        "nc-openbsd-unreachable.txt",
        r#"unreachable {"error":"No route to host"}"#,
    );
    tcp.check(
        "nc-openbsd-unresolved.txt",
        r#"unresolved {"error":"Name or service not known"}"#,
    );
    tcp.check(
        "nc-traditional-unresolved.txt",
        r#"unresolved {"error":"forward host lookup failed: Unknown host"}"#,
    );
    tcp.check("nc-none.txt", "unknown: bash: nc: command not found");
    // It does not say whom it asked.
    tcp.check(
        "nc-ncat-whose.txt",
        "refused: expected what `nc -vz -w 10 a.example 443` prints, got what begins with `Ncat: Version 7.93 ( https://nmap.org/ncat )`",
    );
    of("tcp", r#"{"host": "a.example", "port": 80}"#, Os::Linux).check(
        "nc-openbsd-old.txt",
        "refused: expected what `nc -vz -w 10 a.example 80` prints, got what begins with `Connection to a.example 443 port [tcp/https] succeeded!`",
    );
    refuses_others(&tcp, &["nc-", "telnet-", "curl-v-", "curl-plain-"]);
}

#[test]
fn connections_of_windows() {
    let tcp = of("tcp", TCP, Os::Windows);
    tcp.check(
        "test-net-windows-open.txt",
        r#"open {"address":"192.0.2.1:443"}"#,
    );
    tcp.check(
        "test-net-windows-failed.txt",
        "unknown: there is no connection, and `Test-NetConnection` does not tell whether it was refused or nobody answered",
    );
    tcp.check(
        "test-net-windows-unresolved.txt",
        r#"unresolved {"error":"name resolution failed"}"#,
    );
    tcp.check(
        "test-net-windows-cut.txt",
        "unknown: what `Test-NetConnection` printed is cut: `TcpTestSucceeded` does not stand there",
    );
    refuses_others(
        &tcp,
        &["test-net-windows", "telnet-", "curl-v-", "curl-plain-"],
    );
}

#[test]
fn services_of_systemd() {
    let mid = of("service", MID, Os::Linux);
    mid.check(
        "systemctl-status-running.txt",
        r#"running {"manager":"systemd","name":"mid","state":"running","start_mode":"enabled","pid":4711,"since":"2026-11-20T10:00:00Z"}"#,
    );
    mid.check(
        "systemctl-show-running.txt",
        r#"running {"manager":"systemd","name":"mid","state":"running","start_mode":"enabled","account":"mid","pid":4711,"since":"2026-11-20T10:00:00Z"}"#,
    );
    mid.check(
        "systemctl-status-stopped.txt",
        r#"stopped {"manager":"systemd","name":"mid","state":"stopped","start_mode":"disabled"}"#,
    );
    // A zone that only that machine knows is no time.
    mid.check(
        "systemctl-status-failed.txt",
        r#"failed {"manager":"systemd","name":"mid","state":"failed","start_mode":"enabled"}"#,
    );
    mid.check("systemctl-status-absent.txt", "absent {}");
    mid.check(
        "systemctl-status-no-systemd.txt",
        "unknown: no service matches `mid`, but there is no service manager that could be asked",
    );
    mid.check(
        "systemctl-status-cut.txt",
        "unknown: what `systemctl status` printed is cut: the state of `mid` is missing",
    );
    of("service", r#"{"name": ["mid", "other"]}"#, Os::Linux).check(
        "systemctl-status-stopped.txt",
        "unknown: the paste says nothing of `other`",
    );
    // What is not loaded is not listed for a pattern, and may be there all the same.
    of("service", r#"{"name": ["mid", "snc_*"]}"#, Os::Linux).check(
        "systemctl-status-absent.txt",
        "unknown: the paste says nothing of `snc_*`",
    );
    refuses_others(&mid, &["systemctl-", "wrapper-status-"]);
}

#[test]
fn a_service_may_run_without_its_manager() {
    let mid = of("service", MID_ONLY, Os::Linux);
    mid.check(
        "systemctl-status-stopped.txt",
        "unknown: it may run without its manager: what the commands for its process printed was not pasted",
    );
    let listed = "4711 Fri Nov 20 10:00:00 2026 mid less /opt/mid/agent/x.log";
    assert_eq!(
        judged("service", MID_ONLY, Os::Linux, listed),
        "unknown: what the command for its manager printed was not pasted"
    );
    mid.check(
        "systemctl-all-running.txt",
        r#"running {"manager":"process","state":"running","pid":4711,"account":"mid","since":"2026-11-20T10:00:00Z"}"#,
    );
    mid.check(
        "systemctl-all-cut.txt",
        "unknown: it may run without its manager, and the list of processes does not say that it does not: its end, `… processes in all`, is missing",
    );
    for name in ["systemctl-all-stopped.txt", "systemctl-all-running.txt"] {
        let no: &[&str] = match name {
            "systemctl-all-stopped.txt" => &["absent", "failed"],
            _ => &["stopped", "absent", "failed"],
        };
        cut_anywhere(&mid, name, no);
    }
    mid.check(
        "systemctl-all-stopped.txt",
        r#"stopped {"manager":"systemd","name":"mid","state":"stopped","start_mode":"disabled"}"#,
    );
}

#[test]
fn services_of_windows() {
    let one = of("service", r#"{"name": "snc_mid_*"}"#, Os::Windows);
    one.check(
        "service-windows-running.txt",
        r#"running {"manager":"windows","name":"snc_mid_one","state":"running","start_mode":"auto","account":".\\mid","pid":4711}"#,
    );
    one.check(
        "get-service-windows-stopped.txt",
        r#"stopped {"manager":"windows","name":"snc_mid_one","state":"stopped"}"#,
    );
    let mid = of("service", r#"{"name": "snc_mid"}"#, Os::Windows);
    mid.check(
        "sc-windows-running.txt",
        r#"running {"manager":"windows","name":"snc_mid","state":"running"}"#,
    );
    mid.check(
        "sc-windows-queryex.txt",
        r#"running {"manager":"windows","name":"snc_mid","state":"running","pid":4711}"#,
    );
    mid.check("service-windows-none.txt", "absent {}");
    mid.check(
        "service-windows-unseen.txt",
        "unknown: what `Get-CimInstance` printed is cut: no service at all was seen",
    );
    one.check("service-windows-none.txt", "absent {}");
    one.check(
        "service-windows-counted.txt",
        r#"stopped {"manager":"windows","name":"snc_mid_one","state":"stopped","start_mode":"manual","account":"LocalSystem"}"#,
    );
    one.check(
        "service-windows-lost.txt",
        "unknown: what `Get-CimInstance` printed is cut: 1 of its 2 services stand there",
    );
    one.check(
        "service-windows-table.txt",
        r#"running {"manager":"windows","name":"snc_mid_one","state":"running"}"#,
    );
    for name in ["service-windows-counted.txt", "sc-windows-queryex.txt"] {
        cut_anywhere(&one, name, &["absent", "running", "failed"]);
    }
    refuses_others(
        &mid,
        &["sc-windows-", "service-windows-", "wrapper-status-"],
    );
}

#[test]
fn pieces_of_a_log() {
    const LOG: &str = r#"{"files": "/x.log", "patterns": {"refused": "status 401"}}"#;
    const STARTED: &str =
        r#"{"files": "/x.log", "start": "Server started", "patterns": {"refused": "status 401"}}"#;
    let check = |params: &str, text: &str, expected: &str| {
        let found = judged("log", params, Os::Linux, text);
        assert!(found.starts_with(expected), "{text}: {found}");
    };
    check(LOG, "a\nstatus 401\nb\n", "refused {");
    check(LOG, "> a\r\n> status 401\r\n", "refused {");
    check(LOG, "a\nb\n", "unknown: ");
    check(STARTED, "Server started\nb\n", "none {");
    check(STARTED, "status 401\nServer started\nb\n", "none {");
    check(STARTED, "b\n", "unknown: ");
    check(
        LOG,
        "cat: /x.log: Permission denied\n",
        "unknown: cat: /x.log: Permission denied",
    );
}

#[test]
fn the_status_script_of_a_wrapper() {
    let mid = of("service", MID_ONLY, Os::Linux);
    mid.check(
        "wrapper-status-running.txt",
        r#"running {"manager":"wrapper","name":"ServiceNow MID Server","state":"running","pid":4711}"#,
    );
    mid.check(
        "wrapper-status-stopped.txt",
        r#"stopped {"manager":"wrapper","name":"ServiceNow MID Server","state":"stopped"}"#,
    );
    mid.check(
        "wrapper-status-starting.txt",
        "unknown: wrapper says that `ServiceNow MID Server` is java launching",
    );
    let found = judged(
        "service",
        MID_ONLY,
        Os::Linux,
        &sample("wrapper-status-old.txt"),
    );
    assert!(found.starts_with("refused: "), "{found}");
    for name in ["wrapper-status-running.txt", "wrapper-status-starting.txt"] {
        cut_anywhere(&mid, name, &["stopped", "absent", "failed"]);
    }
}
