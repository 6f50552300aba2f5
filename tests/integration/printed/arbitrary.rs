//! Whatever is pasted: nothing panics, and what is no output of the program never says no.

use proptest::{prelude::*, test_runner::Config};
use waypost::finding::Os;

use super::judged;

/// A kind, its parameters, and its outcomes that say no.
const KINDS: &[(&str, &str, &[&str])] = &[
    ("process", r#"{"match": "java"}"#, &["absent"]),
    (
        "service",
        r#"{"name": "mid"}"#,
        &["absent", "stopped", "failed"],
    ),
    (
        "service",
        r#"{"name": "mid*", "process": "/opt/mid/"}"#,
        &["absent", "stopped", "failed"],
    ),
    ("file", r#"{"path": "C:/mid/config.xml"}"#, &["absent"]),
    ("disk", r#"{"path": "C:/mid", "need": 1}"#, &["low"]),
    ("command", r#"{"run": ["java"]}"#, &["missing"]),
];

/// Lines that look like those of the programs, and others.
fn text() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        "(?s).{0,40}",
        "[ -~]{0,60}",
        "[0-9]{1,7} +[A-Za-z0-9?:./ -]{0,40}",
        "[A-Za-z]{1,12} +: [ -~äß…]{0,20}",
        "[A-Za-z]{1,12}=[ -~äß]{0,20}",
        "[-=]{1,9}( +[-=]{1,9}){0,5}",
        "PID (UTC RSS USER )?COMMAND",
        "PID UTC BYTES COMMAND",
        "-- std(out|err) --",
        "exit status: [0-9-]{0,12}",
        "[0-9]{0,30}% /[a-z]{0,3}",
        "File: C:/mid/config.xml",
        "SERVICE_NAME: mi?d",
        "PID +: [0-9]{0,12}",
    ];
    proptest::collection::vec(line, 0..12).prop_map(|lines| lines.join("\n"))
}

proptest! {
    #![proptest_config(Config { failure_persistence: None, ..Config::with_cases(200) })]

    #[test]
    fn it_never_says_no(text in text()) {
        for os in [Os::Linux, Os::Windows, Os::Macos] {
            for (kind, params, no) in KINDS {
                let found = judged(kind, params, os, &text);
                prop_assert!(!no.iter().any(|no| found.starts_with(no)), "{kind} {os:?}: {found}");
            }
        }
    }
}
