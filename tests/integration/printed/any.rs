//! Whatever is pasted for the kinds that ask the network: it is read or refused, and says nothing that stands nowhere.

use std::{fs, path::Path};

use proptest::{
    collection::vec, prelude::*, sample::select, strategy::Strategy, test_runner::Config,
};
use waypost::finding::Os;

use super::judged;

/// Lines of every sample.
fn lines() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/printed");
    let files = fs::read_dir(folder).expect("the samples are there");
    let mut lines: Vec<String> = files
        .flatten()
        .flat_map(|entry| {
            let text = fs::read_to_string(entry.path()).expect("the sample is text");
            text.lines().map(str::to_owned).collect::<Vec<_>>()
        })
        .collect();
    lines.sort();
    lines.dedup();
    lines
}

/// Lines of anything in any order, some of them cut, and such as nobody wrote.
fn texts() -> impl Strategy<Value = String> {
    let line = select(lines());
    let cut = (line.clone(), any::<prop::sample::Index>()).prop_map(|(line, at)| {
        let count = line.chars().count();
        line.chars().take(at.index(count + 1)).collect()
    });
    let line = prop_oneof![6 => line, 1 => cut, 1 => "\\PC{0,40}", 1 => "[\\x00-\\xff]{0,20}"];
    vec(line, 0..25).prop_map(|lines| lines.join("\n"))
}

fn check(kind: &str, params: &[&str]) {
    let config = Config {
        cases: 512,
        failure_persistence: None,
        ..Config::default()
    };
    proptest!(config, |(text in texts())| {
        for params in params {
            for os in [Os::Linux, Os::Windows] {
                // A URL, an address or a name that stands nowhere can be nobody's.
                let found = judged(kind, params, os, &text);
                let nothing = found.starts_with("unknown: ") || found.starts_with("refused: ");
                prop_assert!(nothing || text.contains("a.example") || text.contains("p.example"), "{found}");
            }
        }
    });
}

#[test]
fn of_http() {
    check(
        "http",
        &[
            r#"{"url": "https://a.example/x"}"#,
            r#"{"url": "http://a.example/x", "via": "p.example:3128"}"#,
        ],
    );
}

#[test]
fn of_clock() {
    check("clock", &[r#"{"url": "https://a.example/"}"#]);
}

#[test]
fn of_tls() {
    check(
        "tls",
        &[
            r#"{"host": "a.example"}"#,
            r#"{"host": "a.example", "via": "p.example:3128"}"#,
        ],
    );
}

#[test]
fn of_tcp() {
    check(
        "tcp",
        &[
            r#"{"host": "a.example", "port": 443, "via": "p.example:3128"}"#,
            r#"{"host": "a.example", "port": 443, "via": "socks5h://p.example:1080"}"#,
        ],
    );
}
