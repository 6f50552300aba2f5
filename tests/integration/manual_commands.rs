//! What a person runs instead of a probe, run for real in a shell: its output leads the same judge to the same end.

use std::{
    fs,
    io::Cursor,
    process::Command,
    sync::atomic::AtomicBool,
    time::{Duration, SystemTime},
};

use jiff::{Timestamp, tz::TimeZone};
use serde_json::json;
use waypost::{
    finding::{Judgement, Os, Outcome, Value},
    host::{Opened, Reply},
    probe::{Judging, Params, kind},
};

fn params(json: serde_json::Value) -> Params {
    match Value::from(json) {
        Value::Map(map) => map,
        _ => panic!("parameters are a map"),
    }
}

/// Runs the kind's first command and judges what it prints.
fn judged(name: &str, params: &Params) -> Judgement {
    let kind = kind(name).expect("the kind is known");
    let manual = kind.manual(params, Os::Linux);
    let command = &manual.first().expect("there is a command").command;
    let output = Command::new("sh")
        .args(["-c", command])
        .output()
        .expect("there is a shell");
    let pasted = Opened {
        path: "pasted".to_owned(),
        size_bytes: output.stdout.len() as u64,
        modified: None,
        content: Ok(Box::new(Cursor::new(output.stdout))),
    };
    let stop = AtomicBool::new(false);
    let judging = Judging {
        now: Timestamp::UNIX_EPOCH,
        zone: TimeZone::UTC,
        os: Os::Linux,
        stop: &stop,
    };
    kind.judge(params, vec![Ok(Reply::Files(vec![pasted]))], &judging)
        .judgement
}

#[test]
fn the_text_of_a_file() {
    let folder = tempfile::tempdir().expect("there is room");
    let path = folder.path().join("it's $HOME `x`.ini");
    fs::write(&path, "[a]\nb = 1\n").expect("there is room");
    let check = |files: serde_json::Value| {
        let judgement = judged("config", &params(json!({"file": files, "format": "ini"})));
        assert_eq!(judgement, Judgement::Outcome(Outcome::new("read")));
    };
    check(json!(path.to_str()));
    check(json!(["/no/such file", path.to_str(), "/nor this"]));
}

#[test]
fn the_lines_that_matter_oldest_first() {
    let folder = tempfile::tempdir().expect("there is room");
    let logs = folder.path().join("my mid");
    fs::create_dir(&logs).expect("there is room");
    let write = |name: &str, text: &str, age: u64| {
        let path = logs.join(name);
        fs::write(&path, text).expect("there is room");
        let modified = SystemTime::now() - Duration::from_secs(age);
        fs::File::options()
            .append(true)
            .open(&path)
            .and_then(|file| file.set_modified(modified))
            .expect("it is ours");
    };
    // By name the newest comes first, by time last: an error from before the start must not come after it.
    write(
        "agent0.log.0",
        "noise\nServer started\nnoise\nstatus 401\nx\nuser 'ab' refused\n",
        10,
    );
    write("agent0.log.1", "the JVM is out of memory\nnoise\n", 1000);
    let check = |glob: &str, patterns: serde_json::Value, outcome: &str| {
        let files = logs.join(glob);
        let params = params(
            json!({"files": files.to_str(), "start": "SERVER started", "patterns": patterns}),
        );
        assert_eq!(
            judged("log", &params),
            Judgement::Outcome(Outcome::new(outcome)),
            "{glob} {patterns}"
        );
    };
    for glob in ["agent0.log.?", "agent0.log*"] {
        check(glob, json!({"memory": "out of memory"}), "none");
        check(
            glob,
            json!({"refused": r"user '(?<user>\w+)' refused"}),
            "refused",
        );
        check(
            glob,
            json!({"refused": {"match": "user '.*' refused", "near": r"status\s+40\d", "within": 2}}),
            "refused",
        );
        check(
            glob,
            json!({"refused": {"match": "user '.*' refused", "near": "status 401", "within": 1}}),
            "none",
        );
    }
}
