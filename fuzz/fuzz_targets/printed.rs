//! What commands printed, for each kind of probe in turn: the first byte says which, and which system.
//!
//! Holds: a kind gives one reply a look; what is judged has an outcome that the kind knows.

#![no_main]

use std::sync::{LazyLock, atomic::AtomicBool};

use jiff::Timestamp;
use libfuzzer_sys::fuzz_target;
use waypost::{
    finding::{Judgement, Os, Value},
    probe::{Judging, Kind, Params, kind},
};

/// Each kind with parameters that make sense for it.
const KINDS: [(&str, &str); 14] = [
    (
        "config",
        r#"{"file": "/opt/agent/x.properties", "format": "properties"}"#,
    ),
    (
        "log",
        r#"{"files": ["/opt/agent/a.log"], "stamps": ["%Y-%m-%d %H:%M:%S"], "patterns": {"one": "fuse", "two": {"match": "blew", "near": "x"}}}"#,
    ),
    ("file", r#"{"path": "/opt/agent/config.xml"}"#),
    ("disk", r#"{"path": "/opt/agent", "need": "1GB"}"#),
    ("process", r#"{"match": "java"}"#),
    (
        "service",
        r#"{"name": ["mid", "snc_mid_*"], "process": "/opt/agent", "pid_file": "/opt/agent/mid.pid"}"#,
    ),
    ("dns", r#"{"name": "hub.example"}"#),
    ("ping", r#"{"host": "hub.example"}"#),
    ("tcp", r#"{"host": "hub.example", "port": 443}"#),
    (
        "tcp",
        r#"{"host": "hub.example", "port": 443, "via": {"address": "http://proxy.example:3128"}}"#,
    ),
    ("tls", r#"{"host": "hub.example", "port": 443}"#),
    ("http", r#"{"url": "https://hub.example/x"}"#),
    ("clock", r#"{"url": "https://hub.example/", "allow": "5m"}"#),
    ("command", r#"{"run": ["java", "-version"]}"#),
];

static READERS: LazyLock<Vec<(&'static dyn Kind, Params)>> = LazyLock::new(|| {
    let params = |json: &str| {
        let value: serde_json::Value = serde_json::from_str(json).expect("valid JSON");
        match Value::from(value) {
            Value::Map(map) => map,
            _ => panic!("parameters are a map"),
        }
    };
    KINDS
        .iter()
        .map(|(name, json)| (kind(name).expect("the kind is known"), params(json)))
        .collect()
});

fuzz_target!(|bytes: &[u8]| {
    let Some((first, bytes)) = bytes.split_first() else {
        return;
    };
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let os = if first & 0x80 == 0 {
        Os::Linux
    } else {
        Os::Windows
    };
    let (kind, params) = &READERS[usize::from(first & 0x7f) % READERS.len()];
    let Ok(looks) = kind.looks(params) else {
        panic!("{}: the parameters make sense", kind.spec().name);
    };
    let Ok(replies) = kind.read(params, os, text) else {
        return;
    };
    assert_eq!(replies.len(), looks.len());
    let stop = AtomicBool::new(false);
    let judging = Judging {
        now: Timestamp::UNIX_EPOCH,
        zone: None,
        os,
        stop: &stop,
    };
    let judged = kind.judge(params, replies, &judging);
    if let Judgement::Outcome(outcome) = &judged.judgement {
        let known = kind.outcomes(&["one", "two"], true);
        assert!(
            known.iter().any(|known| outcome == known.name.as_str()),
            "{outcome}"
        );
    }
});
