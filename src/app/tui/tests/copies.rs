//! What reaches the clipboard: what is in focus, masked, bounded, and nothing that a terminal would obey.

use crate::{
    app::tui::{
        tests::{desk::Desk, walks::LAMP},
        update::MOST_COPIED,
    },
    finding::TreeId,
};

/// A question with a command that names what a person gives.
const LONG: &str = r#"
waypost: 1
id: own
title: Own
symptoms: [It is dark]
start: marker
inputs:
  folder: { ask: Which folder?, type: text }
nodes:
  marker:
    ask: Is the marker there?
    how: "Run `ls {{ folder }}`."
    probe: { file: { path: "/marker" } }
    answers:
      - { answer: It is there, id: there, when: present, goto: fine }
      - { answer: It is missing, id: missing, when: absent, goto: fine }
  fine: { conclude: It is fine, verdict: healthy }
"#;

fn given(folder: &str) -> Desk {
    let mut desk = Desk::at_tree(LONG);
    desk.type_in(folder);
    desk.press("Enter");
    desk
}

#[test]
fn a_command_is_sent_to_the_terminals_clipboard() {
    let mut desk = Desk::at_tree(LAMP);
    desk.press("c");
    desk.sees("sent to the terminal's clipboard, 1 of 3: ls /marker");
    desk.press("c");
    desk.sees("sent to the terminal's clipboard, 2 of 3: stat /marker");
    assert_eq!(desk.copied(), ["ls /marker", "stat /marker"]);
    desk.press("2 c");
    assert_eq!(desk.copied()[2..], ["touch /marker"]);
}

/// What is sent back is judged, so it is asked for before what an author says to look at.
#[test]
fn for_somebody_elses_machine_the_command_that_is_judged_comes_first() {
    let mut desk = Desk::with(LAMP, |opening| opening.tree = Some(TreeId::new("own")));
    desk.press("3 c c");
    assert_eq!(desk.copied(), ["ls -ld -- /marker", "ls /marker"]);
}

#[test]
fn a_secret_in_a_command_is_masked_and_that_is_told() {
    let mut desk = given("--password=hunter2-typed /there");
    desk.press("c");
    let copied = desk.copied().concat();
    assert!(
        copied.contains("‹secret-") && !copied.contains("hunter2"),
        "{copied}"
    );
    desk.sees("with a secret masked");
}

/// The mark and the line ends that PowerShell 5.1 needs in a file are none of the text.
#[test]
fn a_script_for_windows_is_copied() {
    let mut desk = Desk::with(LAMP, |opening| opening.tree = Some(TreeId::new("own")));
    desk.press("2");
    desk.press("m");
    desk.sees("commands, 1 of 2");
    desk.press("c");
    desk.sees("the commands were sent");
    desk.press("Tab");
    desk.sees("script, 2 of 2");
    desk.press("c");
    desk.sees("the script was sent");
    let copied = desk.copied();
    let script = copied.last().expect("it was copied");
    assert!(script.starts_with("# What Waypost asks for"), "{script}");
    assert!(script.contains("Start-Look"), "{script}");
    assert!(script.contains("case own-2026-11-20"), "{script}");
    assert!(!script.contains('\r'), "{script}");
}

#[test]
fn what_a_terminal_would_obey_is_never_copied() {
    let mut desk = Desk::at_tree(LAMP);
    let walk = desk.model.walk_mut().expect("a walk");
    // Whether the values in it are known to hold some, or it does itself.
    walk.scene.commands[0].safe = false;
    walk.scene.commands[1].text = "ls \u{1b}[2J".to_owned();
    for _ in 0..2 {
        desk.press("c");
        desk.sees("not copied: control characters are in it");
    }
    assert_eq!(desk.copied(), [""; 0]);
}

#[test]
fn a_report_is_copied_whole() {
    let mut desk = Desk::at_tree(LAMP);
    desk.press("2 w c");
    desk.sees("the report was sent to the terminal's clipboard");
    let text = desk.model.preview().expect("a preview").text.clone();
    assert_eq!(desk.copied(), [text]);
    desk.press("Tab Tab c");
    assert!(desk.copied()[1].starts_with("<!DOCTYPE html>"));
}

#[test]
fn what_is_longer_than_the_bound_is_not_copied() {
    let mut desk = Desk::at_tree(LAMP);
    // Notes are what a person can make a report long with.
    for _ in 0..MOST_COPIED / 4000 + 1 {
        desk.press("n");
        desk.type_in(&"long ".repeat(800));
        desk.press("Enter");
    }
    desk.press("w c");
    assert_eq!(desk.copied(), [""; 0]);
    desk.sees("not copied: it is longer than 72 KiB, what a terminal's clipboard takes");
}
