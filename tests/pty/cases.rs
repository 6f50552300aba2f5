//! Cases on the full screen: left, listed, taken up again; and what is said where nothing can be saved.

use std::{fs, process::Command};

use portable_pty::CommandBuilder;

use crate::{
    ENTER, ESC,
    terminal::{Terminal, home},
};

const TREE: &str = "
waypost: 1
id: own-tree
title: The lamp is dark
symptoms: [The lamp does not shine]
start: plugged-in
nodes:
  plugged-in:
    ask: Is the lamp plugged in?
    how: Look at the plug.
    answers: [{ answer: 'Yes', id: 'yes', goto: switched-on }, { answer: 'No', id: 'no', goto: plug }]
  switched-on:
    ask: Is the lamp switched on?
    how: Look at the switch.
    answers: [{ answer: 'Yes', id: 'yes', goto: shines }, { answer: 'No', id: 'no', goto: plug }]
  plug: { conclude: The plug is pulled, verdict: cause, because: No current., fix: Put the plug in. }
  shines: { conclude: The lamp is well, verdict: healthy }
";

#[test]
fn a_case_that_was_left_stands_on_the_start_screen_and_goes_on() {
    let (home, trees) = home(TREE);
    let trees = trees.display().to_string();
    let arguments = ["--trees", &trees, "--trust"];
    let mut terminal = Terminal::waypost(&home, &[&arguments[..], &["own-tree"]].concat());
    terminal.wait_for("Where is the machine?");
    terminal.press(ENTER);
    terminal.wait_for("Is the lamp plugged in?");
    // Nothing was done yet: there is nothing to go on with.
    terminal.press("q");
    terminal.wait_for("Quit? Press q again");
    terminal.press("x1");
    terminal.wait_for("Is the lamp switched on?");
    terminal.press("q");
    terminal.wait_for("Quit? The case is kept");
    terminal.press("q");
    assert_eq!(terminal.end(), 0);

    let mut terminal = Terminal::waypost(&home, &arguments);
    terminal.wait_for("Cases that were left");
    terminal.wait_for("The lamp is dark · 1 answer");
    // What was chosen before the list came stays chosen.
    terminal.press("\u{1b}[A");
    terminal.press(ENTER);
    terminal.wait_for("Is the lamp switched on?");
    terminal.press("1");
    terminal.wait_for("The lamp is well");
    terminal.press("qq");
    assert_eq!(terminal.end(), 0);
}

#[test]
fn a_report_is_saved_as_it_was_previewed() {
    let (home, trees) = home(TREE);
    let trees = trees.display().to_string();
    let mut terminal = Terminal::waypost(&home, &["--trees", &trees, "--trust", "own-tree"]);
    terminal.wait_for("Where is the machine?");
    terminal.press(ENTER);
    terminal.wait_for("Is the lamp plugged in?");
    terminal.press("2");
    terminal.wait_for("The plug is pulled");
    terminal.press("w");
    terminal.wait_for("# Cause found: The plug is pulled");
    let previewed = terminal.screen();
    terminal.press(ENTER);
    terminal.wait_for("Save as");
    // Ctrl-U clears the line that is offered.
    terminal.press("\u{15}nowhere/a.md\r");
    terminal.wait_for("there is no such folder");
    terminal.press("\u{15}a.md\r");
    terminal.wait_for("Saved as");
    terminal.press(ENTER);
    terminal.wait_for("Save as");
    terminal.press("\u{15}a.md\r");
    terminal.wait_for("is there already");
    terminal.press(ESC);
    terminal.wait_gone("is there already");
    terminal.press(ESC);
    terminal.wait_for("Tab next form");
    let saved = fs::read_to_string(home.path().join("a.md")).expect("it was saved");
    let shown = previewed
        .lines()
        .skip(1)
        .take_while(|line| !line.starts_with('─'));
    // The terminal tells blank cells as blanks.
    let shown: Vec<&str> = shown
        .map(|line| line.strip_prefix(' ').unwrap_or(line).trim_end())
        .collect();
    let first: Vec<&str> = saved.lines().take(shown.len()).collect();
    assert_eq!(shown, first);
    terminal.press("qq");
    assert_eq!(terminal.end(), 0);
    let output = Command::new(env!("CARGO_BIN_EXE_waypost"))
        .args(["report", "--format", "markdown"])
        .env("WAYPOST_CASES", home.path().join("waypost/cases"))
        .output()
        .expect("it runs");
    assert_eq!(String::from_utf8_lossy(&output.stdout), saved);
}

#[test]
fn where_nothing_can_be_saved_the_walk_goes_on_and_says_so() {
    let (home, trees) = home(TREE);
    let trees = trees.display().to_string();
    // A file stands where the folder should be: not even root can write there.
    fs::create_dir_all(home.path().join("waypost")).expect("a folder of ours");
    fs::write(home.path().join("waypost/cases"), "").expect("a folder of ours");
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_waypost"));
    command.args(["--trees", &trees, "--trust", "own-tree"]);
    let mut terminal = Terminal::start(&home, command);
    terminal.wait_for("Where is the machine?");
    terminal.press(ENTER);
    terminal.wait_for("Is the lamp plugged in?");
    terminal.press("1");
    terminal.wait_for("Is the lamp switched on?");
    terminal.wait_for("NOT SAVED");
    terminal.press("q");
    terminal.wait_for("The last steps are NOT saved");
    terminal.press("q");
    assert_eq!(terminal.end(), 0);
}

#[test]
fn several_cases_are_open_side_by_side_and_no_other_program_takes_them() {
    let (home, trees) = home(TREE);
    let trees = trees.display().to_string();
    let arguments = ["--trees", &trees, "--trust"];
    let mut terminal = Terminal::waypost(&home, &[&arguments[..], &["own-tree"]].concat());
    terminal.wait_for("Where is the machine?");
    terminal.press(ENTER);
    terminal.wait_for("Is the lamp plugged in?");
    terminal.press("1");
    terminal.wait_for("Is the lamp switched on?");
    terminal.press("s");
    terminal.wait_for("► The lamp is dark · 1 answer · Is the lamp switched on?");
    // Another one, of the same symptom.
    terminal.press("lamp shine");
    terminal.wait_for("► The lamp does not shine");
    terminal.press(ENTER);
    terminal.wait_for("Where is the machine?");
    terminal.press(ENTER);
    terminal.wait_for("Is the lamp plugged in?");
    terminal.press("2");
    terminal.wait_for("The plug is pulled");
    terminal.press("o");
    terminal.wait_for("Is the lamp switched on?");
    terminal.press("2");
    terminal.wait_for("The plug is pulled");
    // Both are held, and it says by whom.
    let cases = home.path().join("waypost/cases");
    let names: Vec<String> = fs::read_dir(&cases)
        .expect("it is there")
        .map(|entry| {
            entry
                .expect("it is there")
                .file_name()
                .into_string()
                .expect("a name")
        })
        .collect();
    assert_eq!(names.len(), 2);
    let resume = |name: &str| {
        let output = Command::new(env!("CARGO_BIN_EXE_waypost"))
            .args(["resume", name, "--trust", "--plain"])
            .env("WAYPOST_CASES", &cases)
            .stdin(std::process::Stdio::null())
            .output()
            .expect("it runs");
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    let holder = format!("is open in another program (process {}", terminal.id());
    for name in &names {
        let said = resume(name);
        assert!(said.contains(&holder), "{said}");
    }
    // One that is closed is anybody's, and is listed among those that were left.
    terminal.press("s");
    terminal.wait_for("Open here");
    terminal.press("\u{18}");
    terminal.wait_for("the case is closed");
    terminal.wait_for("Cases that were left");
    let free = names.iter().filter(|name| resume(name).is_empty()).count();
    assert_eq!(free, 1);
    terminal.press("qq");
    assert_eq!(terminal.end(), 0);
    assert!(names.iter().all(|name| resume(name).is_empty()));
}

#[test]
fn a_tree_that_is_wrong_for_a_moment_takes_no_step_from_a_kept_case() {
    let (home, trees) = home(TREE);
    let file = trees.join("own.yaml");
    let folder = trees.display().to_string();
    let mut terminal = Terminal::waypost(&home, &["own-tree", "--trees", &folder, "--trust"]);
    terminal.wait_for("Where is the machine?");
    terminal.press(ENTER);
    terminal.wait_for("Is the lamp plugged in?");
    terminal.press("11");
    terminal.wait_for("The lamp is well");
    let wrong = TREE.replace("id: 'yes', goto: shines", "id: 'ja', goto: shines");
    assert_ne!(wrong, TREE);
    fs::write(&file, wrong).expect("a file");
    terminal.wait_for("the walk fits it up to");
    terminal.wait_for("Is the lamp switched on?");
    fs::write(&file, TREE).expect("a file");
    terminal.wait_for("every step fits it again");
    terminal.wait_for("The lamp is well");
    terminal.press("n");
    terminal.wait_for("Note");
    terminal.press("all is there\r");
    terminal.wait_for("the note is kept");
    terminal.press("qq");
    assert_eq!(terminal.end(), 0);
    let output = Command::new(env!("CARGO_BIN_EXE_waypost"))
        .args(["report", "--trees", &folder])
        .env("WAYPOST_CASES", home.path().join("waypost/cases"))
        .output()
        .expect("it runs");
    let report = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        report.contains("Is the lamp switched on? **Yes**")
            && report.contains("Note: all is there"),
        "{report}"
    );
}
