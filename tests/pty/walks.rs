//! Whole walks: an admin on their own machine, an engineer with a customer, a tree that must be agreed to first.

use crate::{
    CTRL_C, ENTER, ESC,
    terminal::{Terminal, home},
};

/// A tree about one file: is it there?
fn tree(path: &str) -> String {
    format!(
        r#"
waypost: 1
id: own-tree
title: The lamp is dark
symptoms:
  - The lamp does not shine
  - {{ text: The lamp flickers, start: plugged-in }}
start: marker
settled: marker/there
nodes:
  marker:
    ask: Is the marker there?
    why: Without the marker the lamp stays dark.
    how: Look for `{path}`.
    probe:
      file: {{ path: "{path}" }}
    answers:
      - {{ answer: It is there, id: there, when: present, goto: plugged-in }}
      - {{ answer: It is missing, id: missing, when: absent, goto: make-marker }}
  plugged-in:
    ask: Is the lamp plugged in?
    how: Look at the plug, or run `lamp status --all`.
    answers:
      - {{ answer: "Yes", id: "yes", goto: shines }}
      - {{ answer: "No", id: "no", goto: plug }}
  make-marker:
    conclude: The marker is missing
    verdict: cause
    because: Somebody took it away.
    fix: Run `touch {path}`.
    verify: marker/there
  plug:
    conclude: The plug is pulled
    verdict: cause
    because: Without current no lamp shines.
    fix: Put the plug in.
  shines: {{ conclude: The lamp is well, verdict: healthy }}
"#
    )
}

#[test]
fn an_admin_finds_the_cause_mends_it_and_sees_that_it_is_fixed() {
    let marker = tempfile::tempdir().expect("a folder");
    let path = marker.path().join("marker");
    let (home, trees) = home(&tree(&path.display().to_string()));
    let trees = trees.display().to_string();
    let mut terminal = Terminal::waypost(&home, &["--trees", &trees, "--trust"]);

    terminal.wait_for("What is wrong?");
    terminal.press("lamp shine");
    terminal.wait_for("► The lamp does not shine");
    terminal.press(ENTER);
    terminal.wait_for("Where is the machine?");
    terminal.press(ENTER);
    terminal.wait_for("Is the marker there?");
    terminal.wait_for("► 2 ● It is missing");
    terminal.press(ENTER);
    terminal.wait_for("× Cause found");
    terminal.wait_for("Somebody took it away.");
    terminal.press("c");
    terminal.wait_for("sent to the terminal's clipboard");
    assert!(
        terminal.raw.windows(5).any(|window| window == b"\x1b]52;"),
        "the clipboard was asked for"
    );

    std::fs::write(&path, "").expect("a file");
    terminal.press(ENTER);
    // The same question again, of a new generation: what was found before counts no more.
    terminal.wait_for("► 1 ● It is there");
    terminal.press(ENTER);
    terminal.wait_for("√ Fixed");
    terminal.press("t");
    terminal.wait_for("Transcript:");
    terminal.press(ESC);
    terminal.wait_for("√ Fixed");
    terminal.press("q");
    terminal.wait_for("Press q again");
    terminal.press("q");
    assert_eq!(terminal.end(), 0);
}

#[test]
fn an_engineer_walks_a_customer_through_it_and_nothing_is_looked_at() {
    let marker = tempfile::tempdir().expect("a folder");
    let path = marker.path().join("marker");
    let (home, trees) = home(&tree(&path.display().to_string()));
    let trees = trees.display().to_string();
    let mut terminal = Terminal::waypost(&home, &["own-tree", "--trees", &trees, "--trust"]);

    terminal.wait_for("Where is the machine?");
    terminal.press("3");
    terminal.wait_for("somebody else's Linux machine");
    terminal.wait_for("Is the marker there?");
    terminal.wait_for("Commands to run there");
    // Nothing is chosen, so Enter takes nothing.
    terminal.press(ENTER);
    terminal.press("1");
    terminal.wait_for("Is the lamp plugged in?");
    terminal.press("n");
    terminal.wait_for("Note");
    terminal.press("customer is on the phone");
    terminal.press(ENTER);
    terminal.wait_for("the note is kept");
    terminal.press("2");
    terminal.wait_for("The plug is pulled");
    // The first answer was wrong: it is changed in the transcript.
    terminal.press("t");
    terminal.wait_for("Transcript:");
    terminal.press("g");
    terminal.press(ENTER);
    terminal.wait_for("It is missing");
    terminal.press("2");
    terminal.wait_gone("plugged in");
    terminal.press(ESC);
    terminal.wait_for("The marker is missing");
    terminal.press(CTRL_C);
    assert_eq!(terminal.end(), 130);
}

#[test]
fn a_tree_from_outside_looks_at_nothing_before_it_is_agreed_to() {
    let marker = tempfile::tempdir().expect("a folder");
    let path = marker.path().join("marker");
    let (home, trees) = home(&tree(&path.display().to_string()));
    // A folder that others can write is never one's own, so the tree itself has to be agreed to.
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(&trees, std::fs::Permissions::from_mode(0o777)).expect("it is ours");
    let trees = trees.display().to_string();
    let mut terminal = Terminal::waypost(&home, &["own-tree", "--trees", &trees]);

    terminal.wait_for("Where is the machine?");
    terminal.press(ENTER);
    terminal.wait_for("This tree did not come with the program.");
    terminal.wait_for("It reads");
    terminal.press("n");
    terminal.wait_for("nothing is looked at");
    terminal.wait_for("Is the marker there?");
    terminal.press("0");
    terminal.wait_for("Unresolved");
    terminal.press("qq");
    assert_eq!(terminal.end(), 0);
}

#[test]
fn a_tree_that_is_edited_meanwhile_is_walked_on_as_it_is_now() {
    let marker = tempfile::tempdir().expect("a folder");
    let path = marker.path().join("marker");
    let text = tree(&path.display().to_string());
    let (home, trees) = home(&text);
    let folder = trees.display().to_string();
    let mut terminal = Terminal::waypost(&home, &["own-tree", "--trees", &folder, "--trust"]);

    terminal.wait_for("Where is the machine?");
    terminal.press(ENTER);
    terminal.wait_for("► 2 ● It is missing");
    terminal.press("1");
    terminal.wait_for("Is the lamp plugged in?");
    let edited = text.replace("Is the lamp plugged in?", "Is the lamp in its socket?");
    std::fs::write(trees.join("own.yaml"), edited).expect("a file");
    terminal.wait_for("Is the lamp in its socket?");
    terminal.wait_for("loaded again");
    terminal.press("2");
    terminal.wait_for("The plug is pulled");
    terminal.press("qq");
    assert_eq!(terminal.end(), 0);
}
