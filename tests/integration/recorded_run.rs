//! `--record`: what a run looked at is a recorded host, which comes to the same; and nothing secret is in it.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde_json::Value;

use crate::support::{PLACES, run, secret};

const AGENT: &str = "agent_dir=/opt/servicenow/mid/agent";

fn demo(name: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    root.join("assets/demo").join(name)
}

/// All files below a folder, by path.
fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).expect("it can be read") {
        let path = entry.expect("it is there").path();
        match path.is_dir() {
            true => all.extend(files(&path)),
            false => all.push((path.clone(), fs::read(&path).expect("it can be read"))),
        }
    }
    all
}

/// The conclusion and its path, and every probe's outcome, without what differs from run to run.
fn came_to(json: &str) -> (Value, Value, Vec<(String, String)>) {
    let result: Value = serde_json::from_str(json).expect("it is JSON");
    let findings = result["findings"].as_array().expect("they are listed");
    let mut outcomes: Vec<_> = findings
        .iter()
        .map(|finding| {
            let why = finding["why"].to_string();
            (
                finding["probe"].to_string(),
                format!("{} {why}", finding["outcome"]),
            )
        })
        .collect();
    outcomes.sort();
    let conclusion = serde_json::json!([result["verdict"], result["conclusion"]]);
    (conclusion, result["path"].clone(), outcomes)
}

#[test]
fn what_was_recorded_comes_to_the_same() {
    for (name, tree) in [
        ("out-of-memory", "mid-down"),
        ("healthy", "mid-down"),
        ("login-refused", "mid-credentials"),
    ] {
        let home = tempfile::tempdir().expect("a folder");
        let host = demo(name).display().to_string();
        let diagnose = ["diagnose", tree, "--format", "json", "--input", AGENT];
        let first = [&diagnose[..], &["--host", &host, "--record", "rec"]].concat();
        let (code, json, said) = run(home.path(), &first, "");
        assert!(said.contains("`waypost --host "), "{name}: {code:?} {said}");
        let (again, replayed, said) = run(
            home.path(),
            &[&diagnose[..], &["--host", "rec"]].concat(),
            "",
        );
        assert_eq!(said, "", "{name}");
        assert_eq!(code, again, "{name}");
        let ((one, path, outcomes), (other, other_path, others)) =
            (came_to(&json), came_to(&replayed));
        assert_eq!(one, other, "{name}");
        // Which looks ahead have ended by then is a matter of time; what they came to is not.
        let mut both = 0;
        for (probe, outcome) in &outcomes {
            if let Some((_, other)) = others.iter().find(|(other, _)| other == probe) {
                assert_eq!(outcome, other, "{name}: {probe}");
                both += 1;
            }
        }
        assert!(both > 3, "{name}: {outcomes:?}, {others:?}");
        assert_eq!(path, other_path, "{name}");
    }
}

#[test]
fn no_secret_is_recorded() {
    let home = tempfile::tempdir().expect("a folder");
    let host = home.path().join("host");
    let log = host.join("files/opt/servicenow/mid/agent/logs/agent0.log.0");
    let from = demo("login-refused");
    for (path, content) in files(&from) {
        let to = host.join(path.strip_prefix(&from).expect("it is below"));
        fs::create_dir_all(to.parent().expect("it has one")).expect("a folder");
        fs::write(to, content).expect("a file");
    }
    let mut text = fs::read_to_string(&log).expect("the demo has it");
    for (at, place) in PLACES.iter().enumerate() {
        text.push_str(&format!("\n{}\n", place.replace("SECRET", &secret(at))));
    }
    fs::write(&log, text).expect("a file");
    let diagnose = ["diagnose", "mid-down", "--input", AGENT];
    let given = ["--host", "host", "--record", "rec"];
    let (_, _, said) = run(home.path(), &[&diagnose[..], &given].concat(), "");
    let recorded = files(&home.path().join("rec"));
    assert!(recorded.len() > 2, "{said}");
    let of_log = recorded
        .iter()
        .find(|(path, _)| path.ends_with("agent0.log.0"));
    let of_log = String::from_utf8_lossy(&of_log.expect("it was read").1).into_owned();
    assert!(of_log.contains("‹secret-"), "{of_log}");
    for (path, content) in &recorded {
        let text = String::from_utf8_lossy(content);
        for (at, place) in PLACES.iter().enumerate() {
            assert!(!text.contains(&secret(at)), "{place} in {}", path.display());
        }
    }
}

/// The wizard writes down what was looked at until it was left, as plain lines here.
#[test]
fn a_walk_is_recorded() {
    let home = tempfile::tempdir().expect("a folder");
    let host = demo("out-of-memory").display().to_string();
    let arguments = [
        "mid-down", "--plain", "--host", &host, "--input", AGENT, "--record", "rec",
    ];
    let (code, _, said) = run(home.path(), &arguments, "f\nq\n");
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("recorded with"), "{said}");
    let recorded = files(&home.path().join("rec"));
    assert!(
        recorded
            .iter()
            .any(|(path, _)| path.ends_with("config.xml")),
        "{recorded:?}"
    );
    let probe = [
        "probe", "mid-down", "config", "--host", "rec", "--input", AGENT,
    ];
    let (code, out, said) = run(home.path(), &probe, "");
    assert_eq!(code, Some(0), "{said}");
    assert!(out.contains("outcome: read"), "{out}");
}

#[test]
fn what_cannot_be_recorded_is_told_first() {
    let home = tempfile::tempdir().expect("a folder");
    fs::write(home.path().join("file"), "mine").expect("a file");
    fs::create_dir(home.path().join("full")).expect("a folder");
    fs::write(home.path().join("full/x"), "mine").expect("a file");
    let host = demo("healthy").display().to_string();
    let check = |arguments: &[&str], code: i32, expected: &str| {
        let (came, out, said) = run(home.path(), arguments, "");
        assert_eq!(came, Some(code), "{said}");
        assert!(said.contains(expected), "{said}");
        assert_eq!(out, "");
    };
    let into = |folder| {
        [
            "diagnose", "mid-down", "--host", &host, "--input", AGENT, "--record", folder,
        ]
    };
    check(&into("file"), 2, "--record: `file` is no folder");
    check(&into("full"), 2, "--record: `full` is not empty");
    check(&into("file/x"), 2, "--record: `file/x`");
    check(
        &["trees", "--record", "new"],
        2,
        "this command looks at nothing, so there is nothing to record",
    );
    // Used wrongly, it leaves no folder behind.
    check(
        &[
            "diagnose", "mid-down", "--input", "none=x", "--record", "new",
        ],
        2,
        "none",
    );
    assert!(!home.path().join("new").exists());
    assert_eq!(files(home.path()).len(), 2);
}

/// A recording that was not ended is none.
#[test]
fn without_its_last_file_it_is_refused() {
    let home = tempfile::tempdir().expect("a folder");
    let host = demo("healthy").display().to_string();
    let diagnose = ["diagnose", "mid-down", "--input", AGENT];
    let first = [&diagnose[..], &["--host", &host, "--record", "rec"]].concat();
    run(home.path(), &first, "");
    fs::remove_file(home.path().join("rec/host.yaml")).expect("it is there");
    let again = [&diagnose[..], &["--host", "rec"]].concat();
    let (code, out, said) = run(home.path(), &again, "");
    assert_eq!((code, out.as_str()), (Some(5), ""), "{said}");
    assert!(said.contains("host.yaml"), "{said}");
}
