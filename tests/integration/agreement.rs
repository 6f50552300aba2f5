//! A tree from outside runs a program of the machine only after a person agreed to that.

use std::{fs, path::Path};

use crate::support::{fed, program};

const TREE: &str = "
waypost: 1
id: own
title: Own
symptoms: [It is dark]
start: says
nodes:
  says:
    ask: What does it say?
    how: Listen.
    probe: { command: { run: [echo, good-morning] } }
    answers:
      - { answer: Something, when: exited, goto: fine }
      - { answer: Nothing, id: nothing, goto: fine }
    leave: [missing]
    unsure: fine
  fine: { conclude: Fine, verdict: healthy }
";

/// Walks the tree as plain lines, with these lines typed; gives what was printed.
fn walk(home: &Path, typed: &str, arguments: &[&str]) -> String {
    fs::write(home.join("own.yaml"), TREE).expect("a file");
    let arguments = [&["./own.yaml", "--plain"], arguments].concat();
    let output = fed(&mut program(home, &arguments), typed);
    assert!(output.status.success());
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn a_program_runs_only_after_a_person_agreed() {
    let home = tempfile::tempdir().expect("a folder");
    let refused = walk(home.path(), "1\nn\nq\n", &[]);
    assert!(refused.contains("command: echo good-morning"), "{refused}");
    assert!(!refused.contains("Found: exited"), "{refused}");
    assert!(refused.contains("not agreed"), "{refused}");
    // To trust a tree without having read what it runs is not enough.
    let trusted = walk(home.path(), "1\nq\n", &["--trust"]);
    assert!(!trusted.contains("Found: exited"), "{trusted}");
    let allowed = walk(home.path(), "1\nq\n", &["--trust", "--allow-commands"]);
    assert!(allowed.contains("Found: exited"), "{allowed}");
    let agreed = walk(home.path(), "1\ny\nq\n", &[]);
    assert!(agreed.contains("Found: exited"), "{agreed}");
    // It is remembered for exactly this tree.
    let again = walk(home.path(), "1\nq\n", &[]);
    assert!(
        !again.contains("Agree?") && again.contains("Found: exited"),
        "{again}"
    );
}
