//! What every kind of probe is asked, what it comes to with all rights, and which one is taken away.

use serde_json::json;

/// One question, and what it is denied.
pub(super) struct Row {
    pub(super) kind: &'static str,
    /// `R` at the start of a path is the folder of this test.
    pub(super) params: serde_json::Value,
    /// What all rights give; on this machine `None` where no right can be taken away.
    pub(super) outcome: &'static str,
    #[cfg_attr(
        not(target_os = "linux"),
        expect(dead_code, reason = "rights are taken away there alone")
    )]
    pub(super) live: Option<&'static str>,
    pub(super) recorded: Kept,
}

/// What a recorded machine does not tell.
pub(super) enum Kept {
    /// These paths are denied.
    Denied(&'static [&'static str]),
    /// What stands there in the place of a section.
    Instead(&'static str, &'static str),
    /// This section was not recorded.
    Without(&'static str),
}

use Kept::{Denied, Instead, Without};

/// Files of the test's folder, with their content.
pub(super) const FILES: &[(&str, &str)] = &[
    ("agent/config.ini", "[a]\nb = 1\n"),
    ("agent/mid.pid", "1\n"),
    ("logs/a.log", "2026-06-03 10:00:00 quiet\n"),
    ("logs/a.log.1", "2026-06-03 09:00:00 boom\n"),
    ("tools/tool", "#!/bin/sh\nexit 0\n"),
    ("behind/mid/logs/x.log", "boom\n"),
    ("trust/ca.pem", include_str!("../../key-stores/ca.pem")),
];

pub(super) fn rows() -> Vec<Row> {
    let row = |kind, params, outcome, live, recorded| Row {
        kind,
        params,
        outcome,
        live,
        recorded,
    };
    let config = "R/agent/config.ini";
    let logs = |patterns: serde_json::Value, pick: &str| {
        json!({ "files": ["R/logs/a.log*"], "patterns": patterns, "pick": pick,
                "stamps": ["%Y-%m-%d %H:%M:%S"] })
    };
    let both = || json!({ "quiet": "quiet", "boom": "boom" });
    let none = || json!({ "other": "nowhere in it" });
    let linked = || json!({ "files": ["R/linked/*/logs/*.log"], "patterns": { "boom": "boom" } });
    let closed = &["R/agent", "R/agent/**"];
    vec![
        row(
            "config",
            json!({ "file": config }),
            "read",
            Some(config),
            Denied(&["R/agent/config.ini"]),
        ),
        row(
            "config",
            json!({ "file": config }),
            "read",
            Some("R/agent"),
            Denied(closed),
        ),
        row(
            "config",
            json!({ "file": ["R/agent/none.ini", config] }),
            "read",
            Some("R/agent"),
            Denied(closed),
        ),
        row(
            "config",
            json!({ "file": "R/agent/none.ini" }),
            "missing",
            Some("R/agent"),
            Denied(closed),
        ),
        row(
            "log",
            logs(none(), "first"),
            "none",
            Some("R/logs/a.log.1"),
            Denied(&["R/logs/a.log.1"]),
        ),
        row(
            "log",
            logs(none(), "first"),
            "none",
            Some("R/logs"),
            Denied(&["R/logs/**"]),
        ),
        row(
            "log",
            logs(both(), "latest"),
            "quiet",
            Some("R/logs/a.log"),
            Denied(&["R/logs/a.log"]),
        ),
        row(
            "log",
            logs(json!({ "loud": "loud", "boom": "boom" }), "first"),
            "boom",
            Some("R/logs/a.log"),
            Denied(&["R/logs/a.log"]),
        ),
        // Behind a link, where it is a link; what the link stands for may be seen, what lies behind it may not.
        row(
            "log",
            linked(),
            "boom",
            Some("R/behind"),
            Denied(&["R/linked/mid/**"]),
        ),
        row(
            "log",
            json!({ "files": ["R/agent/*.log"], "patterns": none() }),
            "missing",
            Some("R/agent"),
            Denied(closed),
        ),
        row(
            "file",
            json!({ "path": config }),
            "present",
            Some("R/agent"),
            Denied(closed),
        ),
        row(
            "file",
            json!({ "path": "R/agent/none" }),
            "absent",
            Some("R/agent"),
            Denied(closed),
        ),
        row(
            "disk",
            json!({ "path": config, "need": "1 B" }),
            "enough",
            Some("R/agent"),
            Without("disks"),
        ),
        row(
            "process",
            json!({ "match": "nothing like it runs" }),
            "absent",
            None,
            Instead("processes", "{ hidden: true }"),
        ),
        row(
            "process",
            json!({ "match": "nothing like it runs" }),
            "absent",
            None,
            Without("processes"),
        ),
        row(
            "service",
            json!({ "name": "no-such-service", "pid_file": "R/agent/mid.pid" }),
            "running",
            Some("R/agent/mid.pid"),
            Denied(&["R/agent/mid.pid"]),
        ),
        row(
            "service",
            json!({ "name": "no-such-service", "pid_file": "R/agent/mid.pid" }),
            "running",
            Some("R/agent"),
            Denied(closed),
        ),
        row(
            "service",
            json!({ "name": "no-such-service" }),
            "absent",
            None,
            Without("services"),
        ),
        row(
            "dns",
            json!({ "name": "mid.example" }),
            "resolved",
            None,
            Without("dns"),
        ),
        row(
            "tcp",
            json!({ "host": "mid.example", "port": 443 }),
            "refused",
            None,
            Without("tcp"),
        ),
        row(
            "tls",
            json!({ "host": "127.0.0.1", "port": 1, "trust": "R/trust/ca.pem" }),
            "unreachable",
            Some("R/trust/ca.pem"),
            Without("tls"),
        ),
        row(
            "http",
            json!({ "url": "https://mid.example/" }),
            "refused",
            None,
            Without("http"),
        ),
        row(
            "ping",
            json!({ "host": "mid.example" }),
            "silent",
            None,
            Without("ping"),
        ),
        row(
            "clock",
            json!({ "url": "https://mid.example/" }),
            "drifted",
            None,
            Without("http"),
        ),
        row(
            "clock",
            json!({ "url": "https://mid.example/" }),
            "drifted",
            None,
            // A server that cannot be reached tells no time.
            Instead("http", "{ 'HEAD https://mid.example/': refused }"),
        ),
        row(
            "command",
            json!({ "run": ["R/tools/tool"] }),
            "exited",
            Some("R/tools"),
            Without("programs"),
        ),
        row(
            "command",
            json!({ "run": ["R/tools/none"] }),
            "missing",
            Some("R/tools"),
            Without("programs"),
        ),
    ]
}
