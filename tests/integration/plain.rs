//! The wizard as plain lines: what a line means, and what is answered to it.

use std::fs;

use crate::support::{fed, program};

const OWN: &str = r#"
waypost: 1
id: own
title: The lamp is dark
symptoms: [It is dark]
start: marker
inputs:
  folder: { ask: Which folder is the lamp in?, type: directory }
  maker: { ask: Who made it?, type: text }
nodes:
  marker:
    ask: Is the marker in `{{ folder }}` there?
    why: "{{ maker }} put it there."
    probe: { file: { path: "{{ folder }}/marker" } }
    answers:
      - { answer: It is there, id: there, when: present, goto: plugged }
      - { answer: It is missing, id: missing, when: absent, goto: make }
  plugged:
    ask: Is it plugged in?
    why: To know.
    answers:
      - { answer: It is, id: "yes", goto: change }
      - { answer: It is not, id: "no", goto: make }
  change:
    do: Change the bulb
    steps: Turn it.
    goto: bulb
    unable: make
  bulb:
    ask: Is the bulb broken?
    why: To know.
    answers:
      - { answer: It is, id: "yes", goto: make }
      - { answer: It is not, id: "no", goto: well }
  make:
    conclude: The marker is missing
    verdict: cause
    because: It was taken away by somebody who thought that nobody would ever need it again, which was a mistake.
    fix: "Run `touch {{ folder }}/marker`."
  well: { conclude: The lamp is well, verdict: healthy }
"#;

/// Types these lines into the wizard, on this machine; gives what it writes.
fn typed(lines: &[&str]) -> String {
    let home = tempfile::tempdir().expect("a folder");
    fs::write(home.path().join("own.yaml"), OWN).expect("a file");
    fs::create_dir(home.path().join("lamp")).expect("a folder");
    fs::write(home.path().join("lamp/marker"), "").expect("a file");
    let here = home.path().display().to_string();
    let keys = ["1"].iter().chain(lines).map(|line| format!("{line}\n"));
    let keys = keys.collect::<String>().replace("HERE", &here);
    let mut program = program(home.path(), &["./own.yaml", "--trust", "--plain"]);
    let output = fed(&mut program, &keys);
    assert!(output.status.success(), "{}", output.status);
    String::from_utf8_lossy(&output.stdout).replace(&here, "HERE")
}

/// Types these lines where no tree was named; gives what it writes.
fn searched(lines: &str) -> String {
    let home = tempfile::tempdir().expect("a folder");
    let output = fed(&mut program(home.path(), &["--plain"]), lines);
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn a_search_finds_what_the_full_screens_does() {
    for words in ["memory", "login", "midserver wont start", "cridentials"] {
        let text = searched(&format!("{words}\n"));
        let found = text.split("\n> ").nth(1).expect("a second list");
        assert!(found.contains("  1  "), "{words}: {found}");
        assert!(!found.contains("Nothing fits"), "{words}: {found}");
    }
    let text = searched("giraffe\n");
    assert!(text.contains("Nothing fits `giraffe`"), "{text}");
}

/// What is written behind the prompt that gets this line, up to the next prompt.
fn answer(text: &str, prompt: usize) -> &str {
    // The first prompt asks where the machine is.
    text.split("\n> ").nth(prompt + 2).unwrap_or_default()
}

fn check(lines: &[&str], expected: &[&str]) {
    let text = typed(lines);
    let last = answer(&text, lines.len() - 1);
    for expected in expected {
        assert!(
            last.contains(expected),
            "`{expected}` is not in\n{last}\n── all ──\n{text}"
        );
    }
}

#[test]
fn a_mistyped_value_is_given_anew() {
    let wrong = ["HERE/nothere", "Edison"];
    let after = |lines: &[&'static str]| [&wrong[..], lines].concat();
    check(
        &wrong,
        &[
            "HERE/nothere",
            "Found: absent",
            "It is missing  <- the evidence",
        ],
    );
    check(
        &after(&["t"]),
        &[
            "maker: Who made it? Edison",
            "folder: Which folder is the lamp in? HERE/nothere",
        ],
    );
    check(
        &after(&["e folder"]),
        &["Which folder is the lamp in?", "Enter takes: HERE/nothere"],
    );
    check(&after(&["e folder", "HERE/lamp"]), &["Found: present"]);
    check(&after(&["e folder HERE/lamp"]), &["Found: present"]);
    check(&after(&["e folder 0"]), &["Could not be found out"]);
    check(
        &after(&["e folder lamp"]),
        &["That does not work: `folder`"],
    );
    check(&after(&["e folder HERE/nothere"]), &["Nothing was changed"]);
    // There is no question before, and it says what there is instead.
    check(
        &after(&["b"]),
        &["this is the first step; t shows what was given"],
    );
}

#[test]
fn keys_mean_the_same_where_a_value_is_asked_for() {
    let after = |lines: &[&'static str]| [&["HERE/lamp"][..], lines].concat();
    check(
        &after(&["?"]),
        &["I don't know         b  back", "Who made it?"],
    );
    check(
        &after(&["t"]),
        &[
            "folder: Which folder is the lamp in? HERE/lamp",
            "Who made it?",
        ],
    );
    check(&["t"], &["Nothing was asked yet.", "Which folder"]);
    check(
        &after(&["n told by phone"]),
        &["The note is taken down", "Who made it?"],
    );
    check(
        &after(&["f"]),
        &["The evidence says nothing here", "Who made it?"],
    );
    check(&after(&["e folder HERE"]), &["Who made it?"]);
    check(&after(&["=q", "t"]), &["maker: Who made it? q\n"]);
    check(&after(&["==q", "t"]), &["maker: Who made it? =q\n"]);
    check(&after(&["0", "t"]), &["maker: Who made it? not known"]);
    let text = typed(&after(&["q", "t"]));
    assert!(text.trim_end().ends_with("I don't know.\n>"), "{text}");
}

#[test]
fn every_step_can_be_answered_otherwise() {
    let walk = ["HERE/lamp", "Edison", "1", "1", "1"];
    let after = |lines: &[&'static str]| [&walk[..], lines].concat();
    check(&after(&[]), &["Is the bulb broken?"]);
    check(
        &after(&["e 3"]),
        &[
            "Change the bulb",
            "1  I have done this  (as it stands)",
            "0  This cannot be done",
        ],
    );
    check(&after(&["e 3 1"]), &["Nothing was changed"]);
    check(&after(&["e 3 0"]), &["CAUSE: The marker is missing"]);
    check(
        &after(&["e 2"]),
        &[
            "1  It is  (as it stands)",
            "2  It is not",
            "0  I don't know",
        ],
    );
    check(&after(&["e 2 2"]), &["CAUSE: The marker is missing"]);
    check(&after(&["e 9"]), &["Write `e N`"]);
    // A fix, and what was said of it.
    let fixed = after(&["1", "1"]);
    check(&fixed, &["Did it help?"]);
    let after = |lines: &[&'static str]| [&fixed[..], lines].concat();
    check(
        &after(&["e 5"]),
        &[
            "1  I have done this  (as it stands)",
            "0  I will not do this now",
        ],
    );
    check(
        &after(&["e 5 0"]),
        &["The fix was left for later: b goes back to it."],
    );
    check(&after(&["2", "e 6 1"]), &["FIXED"]);
}

#[test]
fn a_note_is_acknowledged_and_shown() {
    check(
        &["HERE/lamp", "0", "n seen at 9"],
        &["The note is taken down; t shows it."],
    );
    check(
        &["HERE/lamp", "0", "n seen at 9", "t"],
        &["note here: seen at 9"],
    );
    check(
        &["HERE/lamp", "0", "n seen at 9", "1", "t"],
        &["It is there (observed)\n     note: seen at 9"],
    );
    check(&["HERE/lamp", "0", "n"], &["Write `n TEXT`"]);
    // At an earlier step.
    check(
        &["HERE/lamp", "0", "1", "n #1 seen at 9", "t"],
        &["It is there (observed)\n     note: seen at 9"],
    );
    check(
        &["HERE/lamp", "0", "1", "n #7 seen at 9"],
        &["There is no step 7; t shows which there are."],
    );
    check(&["HERE/lamp", "0", "n #7"], &["Write `n TEXT`"]);
    check(
        &["HERE/lamp", "0", "n #seven is seen", "t"],
        &["note here: #seven is seen"],
    );
}

#[test]
fn an_end_says_what_can_be_done() {
    check(
        &["HERE/lamp", "0", "2", "0"],
        &[
            "The fix was left for later",
            "This is the end. b goes back",
            "Enter or q quits.",
        ],
    );
    check(
        &["HERE/lamp", "0", "2", "0", "b"],
        &["1  The fix was carried out"],
    );
}

#[test]
fn nothing_but_an_address_is_wider_than_the_screen() {
    let text = typed(&["HERE/lamp", "0", "t", "2", "?", "0"]);
    for line in text.lines().filter(|line| !line.contains("HERE")) {
        assert!(line.chars().count() <= 80, "{line}");
    }
    assert!(
        text.contains("still possible; 1 to 3 questions to come)"),
        "{text}"
    );
}
