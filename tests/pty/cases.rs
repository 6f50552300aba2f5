//! Cases on the full screen: left, listed, taken up again; and what is said where nothing can be saved.

use std::fs;

use portable_pty::CommandBuilder;

use crate::{
    ENTER,
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
