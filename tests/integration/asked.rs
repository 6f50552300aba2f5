//! What somebody else is asked to run: the scripts are run in real shells, and what they wrote is opened.

use std::{
    fs,
    path::Path,
    process::{Output, Stdio},
};
#[cfg(unix)]
use std::{path::PathBuf, process::Command};

use crate::support::{fed, program};

#[cfg(unix)]
mod asking;
#[cfg(unix)]
mod dotnet;
#[cfg(unix)]
mod marks;
#[cfg(unix)]
mod secrets;
mod syntax;
#[cfg(unix)]
mod window;

/// A tree about a folder that is looked for, in a file of its own.
const TREE: &str = r#"
waypost: 1
id: lamp
title: The lamp
symptoms: [It is dark]
start: filled
inputs:
  dir:
    ask: Where is the lamp?
    type: directory
    suggest: [/lamps/*/lamp]
  plug: { ask: Which plug?, type: text, from: "facts.settings.values['plug']" }
probes:
  settings:
    config: { file: "{{ dir }}/lamp.properties", format: properties, secret: ["*password"] }
  log:
    log:
      files: ["{{ dir }}/lamp.log"]
      stamps: ["%Y-%m-%d %H:%M:%S"]
      patterns: { fuse: "fuse (?<which>\\w+) blew" }
  plug_file:
    file: { path: "{{ dir }}/{{ plug }}" }
nodes:
  filled:
    ask: Is the file there?
    probe: settings
    answers:
      - { answer: "Yes", id: "yes", when: read, goto: blown }
      - { answer: "No", id: "no", when: [missing, malformed], goto: gone }
  blown:
    ask: Did the fuse blow?
    probe: log
    answers:
      - { answer: "Yes", id: "yes", when: fuse, goto: plugged }
      - { answer: "No", id: "no", when: [none, missing], goto: fine }
  plugged:
    ask: Is the plug there?
    probe: plug_file
    answers:
      - { answer: "Yes", id: "yes", when: present, goto: fuse }
      - { answer: "No", id: "no", when: absent, goto: gone }
  fuse: { conclude: The fuse blew, verdict: cause, because: It says so., fix: Change it. }
  gone: { conclude: It is gone, verdict: escalate, next: Look for it. }
  fine: { conclude: All is well, verdict: healthy }
"#;

/// Runs the program in a home of its own.
fn run(home: &Path, arguments: &[&str], input: &str) -> Output {
    let mut program = program(home, arguments);
    program.env("WAYPOST_CASES", home.join("cases"));
    fed(program.stderr(Stdio::piped()), input)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The tree in a folder of its own, and the lamp beside it.
fn home() -> tempfile::TempDir {
    let home = tempfile::tempdir().expect("a folder");
    fs::create_dir(home.path().join("trees")).expect("a folder");
    fs::write(home.path().join("trees/lamp.yaml"), TREE).expect("a file");
    let lamp = home.path().join("lamp");
    fs::create_dir(&lamp).expect("a folder");
    fs::write(
        lamp.join("lamp.properties"),
        "plug=left.plug\nlamp.password=hush7hush7\n",
    )
    .expect("a file");
    fs::write(lamp.join("left.plug"), "x").expect("a file");
    fs::write(
        lamp.join("lamp.log"),
        "2026-11-20 10:00:00 the fuse main blew, password=hush7hush7\n",
    )
    .expect("a file");
    home
}

/// The script that asks for everything of the tree, beside it.
#[cfg(unix)]
fn asked(home: &Path, more: &[&str]) -> PathBuf {
    let script = home.join("ask.sh");
    let path = script.display().to_string();
    let mut arguments = vec!["--trees", "trees", "--trust", "ask", "-o", &path, "--force"];
    arguments.extend(more);
    let output = run(home, &arguments, "");
    assert!(output.status.success(), "{}", text(&output.stderr));
    script
}

/// Runs a script, and gives what it wrote and what it said.
#[cfg(unix)]
fn answered(
    shell: &[&str],
    script: &Path,
    arguments: &[&str],
    path: Option<&Path>,
) -> (PathBuf, String) {
    let folder = tempfile::tempdir().expect("a folder").keep();
    let mut command = Command::new(shell[0]);
    command
        .args(&shell[1..])
        .arg(script)
        .args(arguments)
        .current_dir(&folder);
    if let Some(path) = path {
        let all = std::env::var("PATH").unwrap_or_default();
        command.env("PATH", format!("{}:{all}", path.display()));
    }
    let output = command.output().expect("a shell");
    let said = text(&output.stderr);
    assert!(output.status.success(), "{said}");
    let mut files = fs::read_dir(&folder).expect("the folder").flatten();
    let answer = files.next().expect("an answer").path();
    assert!(files.next().is_none(), "there is one file");
    (answer, said)
}

#[test]
#[cfg(unix)]
fn an_answer_becomes_a_case_that_comes_to_the_cause_by_itself() {
    let home = home();
    let home = home.path();
    let script = asked(home, &["lamp", "--os", "linux"]);
    let folder = format!("dir={}", home.join("lamp").display());
    let (answer, said) = answered(&["sh"], &script, &[&folder], None);
    assert!(said.contains("Send this file"), "{said}");
    let answer = answer.display().to_string();
    let opened = run(
        home,
        &["--trees", "trees", "--trust", "open", &answer, "--plain"],
        "f\nq\n",
    );
    let (out, error) = (text(&opened.stdout), text(&opened.stderr));
    // The plug's name comes with the evidence, and its file was not asked for yet.
    assert!(error.contains("2 of 2 looks were read."), "{error}");
    assert!(out.contains("Is the plug there?"), "{out}");
    assert!(out.contains("bundled"), "{out}");

    // What is open is asked for by the case, and the answer goes on with the same case.
    let case = fs::read_dir(home.join("cases"))
        .expect("cases")
        .flatten()
        .next();
    let case = case
        .expect("a case")
        .file_name()
        .into_string()
        .expect("a name");
    let second = asked(home, &["--case", &case]);
    let written = fs::read_to_string(&second).expect("a script");
    assert!(written.contains("left.plug"), "{written}");
    assert!(
        !written.contains("lamp.log"),
        "what is known is not asked for: {written}"
    );
    let (answer, _) = answered(&["sh"], &second, &[], None);
    let answer = answer.display().to_string();
    let opened = run(
        home,
        &["--trees", "trees", "--trust", "open", &answer, "--plain"],
        "f\nq\n",
    );
    let out = text(&opened.stdout);
    assert!(
        out.contains(&format!("This is the case `{case}`.")),
        "{out}"
    );
    assert!(out.contains("The fuse blew"), "{out}");
    assert_eq!(fs::read_dir(home.join("cases")).expect("cases").count(), 1);

    let report = run(home, &["--trees", "trees", "report", &case], "");
    let report = text(&report.stdout);
    assert!(
        report.contains("The fuse blew") && report.contains("bundled"),
        "{report}"
    );
    assert!(!report.contains("hush7hush7"), "{report}");

    // What one case asked for is of its machine, and does not go into another case.
    let other = home.join("cases").join("other");
    fs::create_dir(&other).expect("a folder");
    for file in fs::read_dir(home.join("cases").join(&case))
        .expect("a case")
        .flatten()
    {
        if file.path().is_file() {
            fs::copy(file.path(), other.join(file.file_name())).expect("a copy");
        }
    }
    let into = ["open", &answer, "--case", "other", "--plain"];
    let common = ["--trees", "trees", "--trust"];
    let opened = run(home, &[&common[..], &into].concat(), "q\n");
    let error = text(&opened.stderr);
    assert_eq!(opened.status.code(), Some(2), "{error}");
    let why = format!("the case `{case}` asked for this answer");
    assert!(error.contains(&why), "{error}");
}

#[test]
#[cfg(unix)]
fn an_answer_can_be_handed_to_a_case_that_is_open() {
    let home = home();
    let home = home.path();
    let lamp = home.join("lamp").display().to_string();
    let input = format!("dir={lamp}");
    let script = asked(home, &["lamp", "--os", "linux"]);
    let (answer, _) = answered(&["sh"], &script, &[&input], None);
    let walk = |dir: &str| {
        let given = format!("dir={dir}");
        let keys = format!("3\np < {}\nf\nq\n", answer.display());
        let arguments = [
            "--trees", "trees", "--trust", "lamp", "--plain", "--input", &given,
        ];
        text(&run(home, &arguments, &keys).stdout)
    };
    let out = walk(&lamp);
    assert!(out.contains("2 looks of the answer read"), "{out}");
    assert!(out.contains("Is the plug there?"), "{out}");
    // It was gathered in another folder than this case is about.
    let out = walk("/elsewhere");
    assert!(
        out.contains("with other values than the case has now"),
        "{out}"
    );
    assert!(!out.contains("Is the plug there?"), "{out}");
}

#[test]
#[cfg(unix)]
fn an_answer_says_where_things_are_that_nobody_knew_yet() {
    let home = home();
    let home = home.path();
    let room = "nodes:\n  room:\n    ask: Is there room?\n    probe: { disk: { path: /, need: 1kB } }\n    answers:\n\
                \x20     - { answer: 'Yes', id: 'yes', when: enough, goto: filled }\n\
                \x20     - { answer: 'No', id: 'no', when: low, goto: gone }";
    let tree = TREE
        .replace("start: filled", "start: room")
        .replace("nodes:", room);
    fs::write(home.join("trees/lamp.yaml"), tree).expect("a file");
    let input = format!("dir={}", home.join("lamp").display());
    let script = asked(home, &["lamp", "--os", "linux"]);
    let (answer, _) = answered(&["sh"], &script, &[&input], None);
    let keys = format!("3\np < {}\nf\nq\n", answer.display());
    let arguments = ["--trees", "trees", "--trust", "lamp", "--plain"];
    let out = text(&run(home, &arguments, &keys).stdout);
    assert!(out.contains("3 looks of the answer read"), "{out}");
    assert!(out.contains("Is the plug there?"), "{out}");
}

#[test]
#[cfg(unix)]
fn a_bundle_goes_on_with_a_case_too() {
    let home = home();
    let home = home.path();
    let dir = format!("dir={}", home.join("lamp").display());
    let common = ["--trees", "trees", "--trust"];
    let collect = ["collect", "lamp", "--input", &dir, "-o", "lamp.bundle"];
    let collected = run(home, &[&common[..], &collect].concat(), "");
    assert!(collected.status.success(), "{}", text(&collected.stderr));
    // Somebody else's machine, of which nothing is known yet.
    let begun = run(
        home,
        &[&common[..], &["lamp", "--plain"]].concat(),
        "3\n/elsewhere\nn called back\nq\n",
    );
    assert!(text(&begun.stdout).contains("The note is taken down"));
    let case = fs::read_dir(home.join("cases"))
        .expect("cases")
        .flatten()
        .next();
    let case = case
        .expect("a case")
        .file_name()
        .into_string()
        .expect("a name");
    let open = ["open", "lamp.bundle", "--case", &case, "--plain"];
    // It is about another folder there.
    let opened = run(home, &[&common[..], &open].concat(), "q\n");
    let error = text(&opened.stderr);
    assert!(
        error.contains("nothing of it could be read for this case"),
        "{error}"
    );
    let keys = format!("e dir {}\nq\n", home.join("lamp").display());
    run(
        home,
        &[&common[..], &["resume", &case, "--plain"]].concat(),
        &keys,
    );
    let opened = run(home, &[&common[..], &open].concat(), "f\nq\n");
    let (out, error) = (text(&opened.stdout), text(&opened.stderr));
    assert!(error.contains("3 of 3 looks were read."), "{error}");
    assert!(
        out.contains("The fuse blew") && out.contains("bundled"),
        "{out}"
    );
    assert_eq!(fs::read_dir(home.join("cases")).expect("cases").count(), 1);
}

#[test]
#[cfg(unix)]
fn a_script_says_what_it_did_not_find_and_takes_no_value_that_could_break_out() {
    let home = home();
    let script = asked(home.path(), &["lamp", "--os", "linux"]);
    let (answer, said) = answered(&["sh"], &script, &[], None);
    assert!(said.contains("dir was not found"), "{said}");
    let written = fs::read_to_string(answer).expect("an answer");
    assert!(written.ends_with("end 0\n"), "{written}");
    let check = |argument: &str, expected: &str| {
        let folder = tempfile::tempdir().expect("a folder");
        let output = Command::new("sh")
            .arg(&script)
            .arg(argument)
            .current_dir(folder.path())
            .output()
            .expect("a shell");
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{argument}: {said}");
        assert!(said.contains(expected), "{argument}: {said}");
        assert_eq!(
            fs::read_dir(folder.path()).expect("the folder").count(),
            0,
            "{argument}"
        );
    };
    check("dir=/x'; touch y; '", "quotes");
    check("dir=/$(touch y)", "quotes");
    check("dir=/x\ny", "quotes");
    check("dir=x", "a whole path is needed");
    check("other=/x", "is none of: dir=PATH");
}

#[test]
#[cfg(unix)]
fn what_a_tree_says_does_not_break_out_of_a_script() {
    let home = home();
    let tree = TREE
        .replace("title: The lamp", "title: \"x@LOOKS@\\n$(touch broken)\"")
        .replace(
            "suggest: [/lamps/*/lamp]",
            "suggest: [\"/lamps/';touch broken;'/*\"]",
        );
    fs::write(home.path().join("trees/lamp.yaml"), tree).expect("a file");
    let script = asked(home.path(), &["lamp", "--os", "linux"]);
    let (answer, _) = answered(&["sh"], &script, &[], None);
    assert!(!answer.with_file_name("broken").exists());
    assert!(!home.path().join("broken").exists());
}

#[test]
fn an_answer_of_something_else_is_refused_with_its_line() {
    let home = home();
    let check = |content: &str, expected: &str| {
        let file = home.path().join("answer.txt");
        fs::write(&file, content).expect("a file");
        let output = run(
            home.path(),
            &["--trees", "trees", "open", "answer.txt", "--plain"],
            "",
        );
        let error = text(&output.stderr);
        assert!(!output.status.success(), "{content}");
        assert!(error.contains(expected), "{content}: {error}");
        assert!(
            !home.path().join("cases").exists(),
            "no case is begun: {content}"
        );
    };
    check("hello", "answer.txt");
    check("waypost answer 9\n", "a newer program can open it");
    let head = "waypost answer 1\ntree lamp x\nos linux\ntime 2026-11-20T23:10:00Z\n";
    check(&format!("{head}hello\n"), "line 5 cannot be read");
    check(
        &head.replace("lamp", "lampe"),
        "there is no tree `lampe`; did you mean `lamp`?",
    );
    check(
        &format!("{head}end 0\n"),
        "nothing of it could be read for this case",
    );
    let other =
        format!("{head}look 0123 config lamp/settings\ncommand 1\n| plug=x\nstatus 0\nend 1\n");
    check(&other, "lamp/settings");
}
