//! The command line as a person or a script uses it.

#[cfg(unix)]
use std::process::Command;
use std::{fs, path::Path, process::Stdio};

use crate::support::{fed, program};

/// Runs the program in a home of its own; gives exit code, standard output and standard error.
fn run(home: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = program(home, arguments)
        .stdin(Stdio::null())
        .output()
        .expect("the program starts");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (
        output.status.code(),
        text(&output.stdout),
        text(&output.stderr),
    )
}

const OWN: &str = "
waypost: 1
id: own
title: Own
symptoms: [It is dark]
start: fine
nodes:
  fine: { conclude: Fine, verdict: healthy }
";

#[test]
fn options_may_stand_before_the_command() {
    let home = tempfile::tempdir().expect("a folder");
    fs::create_dir(home.path().join("mine")).expect("a folder");
    fs::write(home.path().join("mine/own.yaml"), OWN).expect("a file");
    let check = |arguments: &[&str], expected: &str| {
        let (code, out, error) = run(home.path(), arguments);
        assert_eq!(code, Some(0), "{arguments:?}: {error}");
        assert!(out.contains(expected), "{arguments:?}: {out}");
    };
    check(&["--trees", "mine", "trees"], "own");
    check(&["trees", "--trees", "mine"], "own");
    check(&["--trees", "mine", "check"], "0 errors");
    check(
        &["--trees", "mine", "--trust", "diagnose", "own"],
        "Healthy",
    );
    check(&["--plain", "demo", "healthy"], "MID Server");
    check(&["--plain", "demo", "6"], "healthy");
}

#[test]
fn demos_are_listed_within_80_columns() {
    let home = tempfile::tempdir().expect("a folder");
    let (code, list, error) = run(home.path(), &["demo"]);
    assert_eq!(code, Some(0), "{error}");
    assert!(list.contains("  6  healthy "), "{list}");
    let wide = list.lines().find(|line| line.chars().count() > 80);
    assert_eq!(wide, None);
}

#[test]
fn wrong_use_says_what_is_right() {
    let home = tempfile::tempdir().expect("a folder");
    fs::create_dir(home.path().join("empty")).expect("a folder");
    let check = |arguments: &[&str], expected: &str| {
        let (code, _, error) = run(home.path(), arguments);
        assert_eq!(code, Some(2), "{arguments:?}: {error}");
        assert!(error.contains(expected), "{arguments:?}: {error}");
    };
    check(&["mid-down", "check"], "a tree is named behind its command");
    check(&["check", "empty"], "there is no tree in this folder");
    check(&["demo", "helthy"], "healthy");
    check(&["diagnose", "mid-dwon"], "mid-down");
    // What does not fit is not dropped, whoever would ask for it.
    let why = "input `agent_dir` does not fit: a folder's full path is expected";
    let relative = ["--input", "agent_dir=rel"];
    for command in [
        &["diagnose", "mid-down"][..],
        &["mid-down", "--plain"],
        &["demo", "healthy", "--plain"],
        &["probe", "mid-down", "service"],
    ] {
        check(&[command, &relative].concat(), why);
    }
    fs::write(
        home.path().join("answers.yaml"),
        "inputs: { agent_dir: rel }",
    )
    .expect("a file");
    check(&["diagnose", "mid-down", "--answers", "answers.yaml"], why);
}

#[cfg(unix)]
#[test]
fn who_stops_reading_does_not_change_the_verdict() {
    let home = tempfile::tempdir().expect("a folder");
    let host = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/demo/out-of-memory");
    for format in ["text", "json", "markdown"] {
        let mut child = program(
            home.path(),
            &["diagnose", "mid-down", "--format", format, "--host"],
        )
        .arg(&host)
        .args(["--input", "agent_dir=/opt/servicenow/mid/agent"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
        drop(child.stdout.take());
        let code = child.wait().expect("it ends").code();
        assert_eq!(code, Some(1), "{format}: a cause");
    }
}

#[test]
fn plain_lines_say_how_a_cause_is_known() {
    let home = tempfile::tempdir().expect("a folder");
    let mut program = program(home.path(), &["demo", "out-of-memory", "--plain"]);
    let output = fed(&mut program, "f\n");
    let text = String::from_utf8_lossy(&output.stdout);
    let (_, end) = text.split_once("CAUSE:").expect("it ends at a cause");
    for expected in ["How this is known:", "(observed)", "wrapper.log:12: "] {
        assert!(end.contains(expected), "`{expected}` is not in\n{end}");
    }
}

/// A shell that was told to start the program has the same words in its command line.
#[cfg(unix)]
#[test]
fn who_starts_the_program_is_not_what_it_looks_for() {
    let home = tempfile::tempdir().expect("a folder");
    let tree = "
waypost: 1
id: own
title: Own
symptoms: [It is dark]
start: runs
inputs:
  what: { ask: What runs?, type: text }
probes:
  it: { process: { match: '{{ what }}' } }
nodes:
  runs:
    ask: Does it run?
    why: To know.
    probe: it
    answers:
      - { answer: 'Yes', id: 'yes', when: running, goto: fine }
      - { answer: 'No', id: 'no', when: absent, goto: dark }
    unsure: dark
  fine: { conclude: It runs, verdict: healthy }
  dark: { conclude: It is dark, verdict: escalate, next: Ask. }
";
    fs::write(home.path().join("own.yaml"), tree).expect("a file");
    let program = env!("CARGO_BIN_EXE_waypost");
    let script = format!(
        "{program} diagnose ./own.yaml --trust --format json --input what=quite-made-up-7q; exit $?"
    );
    let output = Command::new("sh")
        .args(["-c", &script])
        .current_dir(home.path())
        .env("HOME", home.path())
        .stdin(Stdio::null())
        .output()
        .expect("a shell");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(
        text.contains(r#""outcome": "absent""#),
        "{text}{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// An editor's lock, a file without rights, a FIFO: none of them keeps another tree from being used.
#[cfg(unix)]
#[test]
fn a_file_that_cannot_be_read_stops_no_other_tree() {
    let home = tempfile::tempdir().expect("a folder");
    let mine = home.path().join("mine");
    fs::create_dir(&mine).expect("a folder");
    fs::write(mine.join("own.yaml"), OWN).expect("a file");
    std::os::unix::fs::symlink("nobody@nowhere", mine.join(".#own.yaml")).expect("a link");
    let (code, out, error) = run(home.path(), &["check", "mine"]);
    assert_eq!(code, Some(0), "{out}{error}");
    std::os::unix::fs::symlink("nowhere", mine.join("other.yaml")).expect("a link");
    let (code, out, error) = run(home.path(), &["check", "mine"]);
    assert_eq!(code, Some(4), "{out}{error}");
    assert!(
        out.contains("mine/other.yaml") && out.contains("cannot be read"),
        "{out}"
    );
    for arguments in [
        ["diagnose", "./mine/own.yaml", "--trust"],
        ["--trees=mine", "--trust", "diagnose"],
    ] {
        let mut arguments = arguments.to_vec();
        if arguments[2] == "diagnose" {
            arguments.push("own");
        }
        let (code, _, error) = run(home.path(), &arguments);
        assert_eq!(code, Some(0), "{arguments:?}: {error}");
    }
}

#[test]
fn what_could_not_be_seen_or_shown_is_told() {
    let home = tempfile::tempdir().expect("a folder");
    let tree = "
waypost: 1
id: own
title: Own
symptoms: [It is dark]
start: lamp
inputs:
  time: { ask: Since when?, type: text }
probes:
  log:
    log: { files: ./own.yaml, since: '{{ time }}', patterns: { seen: symptoms } }
steps:
  change: { needs: power/no, else: live, any: Change the bulb. }
nodes:
  lamp:
    ask: Does the log speak of it?
    why: To know.
    probe: log
    answers:
      - { answer: 'Yes', id: 'yes', when: seen, goto: bulb }
      - { answer: 'No', id: 'no', when: [none, missing], goto: bulb }
    unsure: broken
  broken:
    ask: Is the bulb broken?
    why: To know.
    answers:
      - { answer: 'Yes', id: 'yes', goto: bulb }
      - { answer: 'No', id: 'no', goto: live }
  power:
    ask: Is the power on?
    why: It could kill.
    answers:
      - { answer: 'Yes', id: 'yes', goto: live }
      - { answer: 'No', id: 'no', goto: bulb }
  bulb:
    conclude: The bulb is broken
    verdict: cause
    because: It is dark.
    fix: '{{ steps.change }}'
  live: { conclude: The power is on, verdict: escalate, next: Ask. }
";
    fs::write(home.path().join("own.yaml"), tree).expect("a file");
    let arguments = [
        "diagnose",
        "./own.yaml",
        "--trust",
        "--input",
        "time=yesterday",
        "--answer",
        "broken=yes",
    ];
    let (code, out, error) = run(home.path(), &arguments);
    assert_eq!(code, Some(1), "{out}{error}");
    for expected in [
        "Could not be seen: parameter `since`",
        "It is shown only when this is known",
        "Is the power on? (`own/power`)",
    ] {
        assert!(out.contains(expected), "`{expected}` is not in\n{out}");
    }
    assert!(!out.contains("Change the bulb"), "{out}");
}
