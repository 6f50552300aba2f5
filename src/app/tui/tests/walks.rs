//! Walks by key.

use std::time::Duration;

use crate::{
    app::{
        exit::Exit,
        tui::{port::CaseId, tests::desk::Desk},
    },
    finding::{Facts, Value},
};

pub const LAMP: &str = r#"
waypost: 1
id: own
title: The lamp is dark
symptoms: [The lamp does not shine]
start: marker
settled: shining/shines
nodes:
  marker:
    ask: Is the marker there?
    how: "Run `ls /marker`, or `stat /marker`."
    probe: { file: { path: /marker } }
    answers:
      - { answer: It is there, id: there, when: present, goto: space }
      - { answer: It is missing, id: missing, when: absent, goto: make }
  space:
    ask: Is there space?
    why: To know.
    probe: { disk: { path: /, need: 1MB } }
    answers:
      - { answer: Enough of it, id: enough, when: enough, goto: plugged }
      - { answer: Too little, id: little, when: low, goto: make }
  plugged:
    ask: Is the lamp plugged in?
    why: To know.
    answers:
      - { answer: It is plugged, id: "yes", goto: well }
      - { answer: It is pulled, id: "no", goto: plug }
  shining:
    ask: Does the lamp shine now?
    why: To know.
    answers:
      - { answer: It shines, id: shines, goto: well }
      - { answer: It is dark, id: dark, goto: well }
  make:
    conclude: The marker is missing
    verdict: cause
    because: It was taken away.
    fix: "Run `touch /marker`."
    wait: 2m
    verify: marker/there
  plug:
    conclude: The plug is pulled
    verdict: cause
    because: No current.
    fix: Put it in.
  well: { conclude: The lamp is well, verdict: healthy }
"#;

#[test]
fn enter_takes_nothing_where_nothing_speaks_for_it() {
    let mut desk = Desk::at_tree(LAMP);
    desk.sees("Is the marker there?");
    desk.press("Enter");
    desk.sees("Is the marker there?");
    desk.sees("nothing is chosen");
    desk.found("@marker", "present");
    desk.sees("► 1 ● It is there");
    desk.press("Enter");
    desk.sees("Is there space?");
}

#[test]
fn evidence_does_not_move_what_a_person_chose() {
    let mut desk = Desk::at_tree(LAMP);
    desk.press("Down Down");
    desk.sees("► 2   It is missing");
    desk.found("@marker", "present");
    desk.sees("  1 ● It is there");
    desk.sees("► 2   It is missing");
    desk.press("Enter");
    desk.sees("The marker is missing");
    desk.press("t");
    desk.sees("! the evidence says otherwise");
}

#[test]
fn following_ends_where_a_person_is_needed() {
    let mut desk = Desk::at_tree(LAMP);
    desk.press("f");
    desk.sees("following the evidence");
    desk.found("@marker", "present");
    desk.found("@space", "enough");
    desk.sees("Is the lamp plugged in?");
    desk.sees("this is for you");
    desk.press("2");
    desk.sees("The plug is pulled");
}

#[test]
fn a_stopped_look_is_the_persons() {
    let mut desk = Desk::at_tree(LAMP);
    desk.sees("looking 0 s");
    desk.pass(Duration::from_secs(3));
    desk.sees("looking 3 s");
    desk.press("Esc");
    desk.sees("? Not known");
    desk.sees_not("looking 3 s");
    desk.press("0");
    desk.sees("Unresolved");
}

#[test]
fn a_fix_is_waited_for_checked_and_settled() {
    let mut desk = Desk::at_tree(LAMP);
    desk.press("2");
    desk.sees("× Cause found");
    desk.press("Enter");
    desk.sees("waiting, 2:00 left");
    desk.pass(Duration::from_secs(59));
    desk.sees("waiting, 1:01 left");
    desk.pass(Duration::from_secs(61));
    desk.sees("After the fix: did it work? “It is there” says so.");
    desk.found("@marker", "present");
    desk.press("Enter");
    desk.sees("After the fix: is the whole thing over? “It shines” says");
    desk.press("1");
    desk.sees("√ Fixed");
}

#[test]
fn a_wait_can_be_skipped() {
    let mut desk = Desk::at_tree(LAMP);
    desk.press("2 Enter Enter");
    desk.sees("After the fix: did it work?");
}

#[test]
fn going_back_keeps_what_was_answered() {
    let mut desk = Desk::at_tree(LAMP);
    desk.found("@marker", "present");
    desk.press("1 1 2");
    desk.sees("The plug is pulled");
    desk.press("b b");
    desk.sees("Is there space?");
    desk.sees("► 1   Enough of it");
    desk.press("Enter");
    desk.sees("The plug is pulled");
    desk.press("Left Left Left");
    desk.sees("Is the marker there?");
    desk.press("Left");
    desk.sees("This is the first step.");
    desk.press("j Left");
    desk.sees("Is the marker there?");
    desk.press("Left");
    desk.sees("What is wrong?");
}

#[test]
fn a_step_is_answered_otherwise_in_the_transcript() {
    let mut desk = Desk::at_tree(LAMP);
    desk.press("1 1 2 t g Enter");
    desk.sees("2   It is missing");
    desk.press("2");
    desk.sees("1 step");
    desk.press("Esc");
    desk.sees("The marker is missing");
}

#[test]
fn enter_pressed_too_often_in_the_transcript_changes_nothing() {
    let mut desk = Desk::at_tree(LAMP);
    desk.found("@marker", "present");
    desk.found("@space", "low");
    desk.press("1 2");
    desk.sees("The marker is missing");
    let before = desk.model.walk().expect("a walk").scene.path.clone();
    desk.press("t Enter");
    desk.sees("► 2   Too little  › as it stands");
    desk.press("Enter");
    desk.sees("Is there space? › Too little");
    desk.sees("nothing was changed");
    let after = &desk.model.walk().expect("a walk").scene.path;
    assert_eq!(*after, before);
    desk.press("Enter Up Enter");
    desk.sees("Is there space? › Enough of it");
}

/// The line whose value a question's own case names is shown with the cause, as it was shown with the question.
#[test]
fn a_cause_shows_the_line_that_decided_it() {
    let mut desk = Desk::at_tree(
        r#"
waypost: 1
id: own
title: Own
symptoms: [It is dark]
start: colour
nodes:
  colour:
    ask: Which colour was set?
    why: To know.
    probe:
      config: { file: /lamp.ini, format: ini }
      cases:
        - red: found.values.colour == 'red'
        - other: true
    answers:
      - { answer: Red, id: red, when: red, goto: wrong }
      - { answer: Another, id: other, when: [other, malformed, missing], goto: fine }
  wrong: { conclude: The colour is wrong, verdict: cause, because: It is., fix: Change it. }
  fine: { conclude: It is fine, verdict: healthy }
"#,
    );
    let map = |name: &str, value: Value| Value::Map([(name.to_owned(), value)].into());
    let facts = [
        ("path", Value::Text("/lamp.ini".to_owned())),
        ("values", map("colour", Value::Text("red".to_owned()))),
        ("lines", map("colour", Value::Int(7))),
    ];
    let facts: Facts = facts
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect();
    desk.found_with("@colour", "read", facts);
    desk.sees("colour = red");
    desk.press("Enter");
    desk.sees("The colour is wrong");
    desk.sees("How this is known");
    desk.sees("colour = red");
}

#[test]
fn a_note_stands_at_its_step() {
    let mut desk = Desk::at_tree(LAMP);
    desk.press("1 t n");
    desk.sees("Note at the chosen step");
    desk.type_in("said by phone");
    desk.press("Enter");
    desk.sees("Note: said by phone");
    // On an earlier one, too.
    desk.press("Esc 1 2 t g n");
    desk.type_in("said by mail");
    desk.press("Enter");
    let page = desk.page();
    let at = |text: &str| {
        page.find(text)
            .unwrap_or_else(|| panic!("`{text}` is not on\n{page}"))
    };
    assert!(at("Note: said by mail") < at("Is there space?"), "{page}");
    desk.press("Esc w");
    let text = &desk.model.preview().expect("a preview").text;
    assert!(text.contains("Note: said by mail"), "{text}");
}

#[test]
fn what_comes_from_a_case_that_was_left_is_dropped() {
    let mut desk = Desk::at_tree(LAMP);
    desk.found_in(CaseId(7), "@marker", "present");
    desk.sees_not("●");
}

#[test]
fn quitting_asks_once_and_ctrl_c_does_not() {
    let check = |keys: &str, expected: Option<Exit>| {
        let mut desk = Desk::at_tree(LAMP);
        desk.press(keys);
        assert_eq!(desk.ended(), expected, "{keys}");
    };
    check("q", None);
    check("q q", Some(Exit::Fine));
    check("q j q", None);
    check("^C", Some(Exit::Interrupted));
    check("n ^C", Some(Exit::Interrupted));
    check("? ^C", Some(Exit::Interrupted));
    check("t q q", Some(Exit::Fine));
    // Any other key says no, whether it means something here or not.
    for other in ["Esc", "^D", "^Z", "z", "Tab"] {
        check(&format!("q {other} q"), None);
        check(&format!("q {other} q q"), Some(Exit::Fine));
    }
    let mut desk = Desk::at_tree(LAMP);
    desk.press("q");
    desk.sees("The case is not kept.");
    desk.press("z");
    desk.sees_not("Quit?");
}

#[test]
fn what_was_given_is_shown_in_order_and_changed() {
    let mut desk = Desk::at_tree(
        r#"
waypost: 1
id: own
title: Own
symptoms: [It is dark]
start: first
inputs:
  zeal: { ask: Which lamp?, type: text }
  age: { ask: "How old is {{ zeal }}?", type: text }
nodes:
  first:
    ask: Is {{ zeal }} dark?
    why: To know.
    answers:
      - { answer: It is, id: "yes", goto: second }
      - { answer: It is not, id: "no", goto: fine }
  second:
    ask: Are {{ age }} years enough?
    why: To know.
    answers:
      - { answer: They are, id: "yes", goto: fine }
      - { answer: They are not, id: "no", goto: fine }
  fine: { conclude: It is fine, verdict: healthy }
"#,
    );
    desk.type_in("Anna");
    desk.press("Enter");
    desk.sees("Is Anna dark?");
    desk.press("b");
    desk.sees("This is the first step (t: change what was given).");
    desk.press("z 1");
    desk.type_in("7");
    desk.press("Enter t");
    let page = desk.page();
    let first = page.find("Which lamp? › Anna").expect("the first");
    let second = page.find("How old is Anna? › 7").expect("the second");
    assert!(first < second, "{page}");
}

#[test]
fn a_note_where_the_case_is_now_is_shown() {
    let mut desk = Desk::at_tree(LAMP);
    desk.press("n");
    desk.type_in("said by phone");
    desk.press("Enter");
    desk.sees("the note is kept");
    desk.press("t");
    desk.sees("Note here: said by phone");
}

#[test]
fn a_key_that_gets_rid_of_a_question_does_nothing_else() {
    for asked in ["q"] {
        for key in ["1", "2", "0", "Enter", "b", "t", "?", "f"] {
            let mut desk = Desk::at_tree(LAMP);
            desk.press("1");
            let before = desk.page();
            desk.press(asked);
            assert_ne!(desk.page(), before);
            desk.press(key);
            assert_eq!(desk.page(), before, "{asked} {key}");
        }
    }
}

#[test]
fn an_end_says_what_can_be_done() {
    let mut desk = Desk::at_tree(LAMP);
    desk.press("2 0");
    desk.sees("The fix is left for later: b goes back to it");
    desk.sees("s start screen");
    desk.press("b");
    desk.sees("1   I have done this: check again");
    desk.sees_not("s start screen");
    desk.press("0 s");
    desk.sees("What is wrong?");
    desk.sees("► The lamp is dark · 1 answer · The marker is missing");
    let mut desk = Desk::at_tree(LAMP);
    desk.press("1 1 1");
    desk.sees("√ Healthy");
    desk.sees("This is the end: b goes back");
}

#[test]
fn looks_that_run_ahead_are_counted_and_old_ones_are_made_again() {
    let mut desk = Desk::at_tree(LAMP);
    desk.sees("looking 0 s · 1 more running");
    desk.found("@marker", "present");
    desk.sees("─ 1 look running for later questions ─");
    desk.found("@space", "enough");
    desk.sees_not("running");
    // The person takes their time: what was found ahead is old when its question comes.
    desk.pass(Duration::from_secs(600));
    desk.press("Enter");
    desk.sees("Is there space?");
    desk.sees("► 1 ● Enough of it");
    desk.sees("looking again 0 s");
    desk.pass(Duration::from_secs(2));
    desk.sees("looking again 2 s");
    desk.press("r");
    desk.sees("looking again 2 s");
    desk.found("@space", "low");
    desk.sees_not("looking again");
    desk.sees("► 2 ● Too little");
    // Stopped, what was found stands.
    let mut desk = Desk::at_tree(LAMP);
    desk.found("@marker", "present");
    desk.found("@space", "enough");
    desk.pass(Duration::from_secs(600));
    desk.press("Enter");
    desk.sees("looking again");
    desk.press("Esc");
    desk.sees_not("looking again");
    desk.sees("► 1 ● Enough of it");
    desk.sees("Is there space?");
}
