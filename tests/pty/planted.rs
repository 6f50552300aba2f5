//! Secrets lie in all that is looked at, are typed in and pasted; whatever page is open, none of them is drawn, copied, or
//! stands in the window's title.

#[path = "../integration/support/planting.rs"]
mod planting;
#[path = "../integration/support/secrets.rs"]
mod secrets;

use std::fs;

use planting::{planted, planted_properties, planted_server};
use secrets::{PLACES, secret};

use crate::{
    ENTER, ESC,
    terminal::{Terminal, home},
};

/// Typed in: for a login, in a note, as a title, as a new note on an older step.
const LOGIN: &str = "typed-Qx77hush";
const NOTED: &str = "noted-Qx78hush";
const CALLED: &str = "named-Qx79hush";

const TAB: &str = "\t";

const TREE: &str = r#"
waypost: 1
id: planted
title: Planted
symptoms: [It is dark]
start: log
inputs:
  address: { ask: Where is the server?, type: url }
  login: { ask: Its password?, type: secret, for: address }
probes:
  log:
    log:
      files: [ROOT/a.log]
      context: 3
      limit: 50
      patterns: { seen: "seen (?<rest>.*)" }
  settings: { config: { file: ROOT/a.properties, format: properties } }
  printed: { command: { run: [cat, ROOT/a.log], capture: { rest: "seen (.*)" } } }
  reply: { http: { url: "{{ address }}", capture: { rest: "seen (.*)" } } }
  asked: { http: { url: "{{ address }}", login: { user: me, password: "{{ login }}" } } }
nodes:
  log:
    ask: What does the log say?
    probe: log
    answers:
      - { answer: "Something", id: some, when: seen, note: "{{ found }}", goto: settings }
      - { answer: "Nothing", id: nothing, when: [none, missing], goto: settings }
  settings:
    ask: What do the settings say?
    probe: settings
    answers:
      - { answer: "Something", id: some, when: read, note: "{{ found }}", goto: printed }
      - { answer: "Nothing", id: nothing, when: [malformed, missing], goto: printed }
  printed:
    ask: What does the program print?
    probe: printed
    answers:
      - { answer: "Something", id: some, when: exited, note: "{{ found }}", goto: reply }
      - { answer: "Nothing", id: nothing, when: missing, goto: reply }
  reply:
    ask: What does the server say?
    probe: reply
    answers:
      - { answer: "Something", id: some, when: answered, note: "{{ found }}", goto: asked }
      - { answer: "Nothing", id: nothing, when: [refused, timed-out, unreachable, unresolved, tls-failed], goto: asked }
  asked:
    ask: What does it say to a login?
    probe: asked
    answers:
      - { answer: "Something", id: some, when: answered, note: "{{ found }}", goto: end }
      - { answer: "Nothing", id: nothing, when: [refused, timed-out, unreachable, unresolved, tls-failed], goto: end }
    unsure: end
  end: { conclude: It is over, verdict: escalate, next: "{{ facts.printed }} {{ facts.log }}" }
"#;

/// Lets what was pressed be drawn. Every screen that comes is searched, so that one that comes later is only searched later.
fn settle(terminal: &mut Terminal) {
    terminal.take_all();
}

/// Scrolls to the end of a page and back, in a narrow window and a wide one.
fn read(terminal: &mut Terminal) {
    for (columns, rows) in [(50, 16), (150, 50), (80, 24)] {
        terminal.resize(columns, rows);
        settle(terminal);
        for key in [" ", " ", " ", "G", "g"] {
            terminal.press(key);
            settle(terminal);
        }
    }
}

/// Every form of a report or a message, read and copied.
fn forms(terminal: &mut Terminal, key: &str, count: usize) {
    terminal.press(key);
    terminal.wait_for("next form");
    for _ in 0..count {
        read(terminal);
        terminal.press("c");
        settle(terminal);
        terminal.press(TAB);
        settle(terminal);
    }
    terminal.press(ESC);
    terminal.wait_gone("next form");
}

fn paste(terminal: &mut Terminal, text: &str) {
    terminal.press(&format!("\u{1b}[200~{text}\u{1b}[201~"));
    terminal.wait_for("pasted");
    settle(terminal);
}

/// Hands a paste in; where it cannot be used, that is told on its page, which is then left.
fn judged(terminal: &mut Terminal) {
    terminal.press(ENTER);
    terminal.wait_for_or_gone(" ! ", "judge it");
    if terminal.screen().contains("judge it") {
        settle(terminal);
        terminal.press(ESC);
        terminal.wait_gone("judge it");
    }
    settle(terminal);
}

#[test]
fn none_is_drawn() {
    let root = tempfile::tempdir().expect("a folder");
    let at = root.path().display().to_string();
    fs::write(root.path().join("a.log"), planted()).expect("a file");
    fs::write(root.path().join("a.properties"), planted_properties()).expect("a file");
    let (home, trees) = home(&TREE.replace("ROOT", &at));
    let trees = trees.display().to_string();
    let address = format!("address={}", planted_server());
    let arguments = ["--trees", &trees, "--trust", "--allow-commands"];

    let mut terminal = Terminal::waypost(&home, &[&arguments[..], &["--input", &address]].concat());
    let mut secrets: Vec<String> = (0..PLACES.len()).map(secret).collect();
    secrets.push(LOGIN.to_owned());
    terminal.never(&secrets);
    terminal.wait_for("What is wrong?");
    terminal.press("dark");
    terminal.wait_for("► It is dark");
    terminal.press(ENTER);
    terminal.wait_for("Where is the machine?");
    terminal.press(ENTER);
    terminal.wait_for("What does the log say?");
    terminal.wait_for("‹secret-");
    read(&mut terminal);
    terminal.press("c");
    settle(&mut terminal);
    terminal.press("?");
    terminal.wait_for("Help: ");
    read(&mut terminal);
    terminal.press("?");
    terminal.wait_gone("Help: ");

    // The page that takes a paste: each form by itself, all of them, and what is said of what cannot be used.
    terminal.press("p");
    terminal.wait_for("judge it");
    for (at, place) in PLACES.iter().enumerate() {
        paste(&mut terminal, &place.replace("SECRET", &secret(at)));
        terminal.press("\u{7f}");
        terminal.wait_gone("pasted\n");
    }
    paste(&mut terminal, &planted());
    terminal.press(ESC);
    terminal.wait_gone("judge it");

    // Typed by a person: it stands in the line while it is typed, and nowhere afterwards.
    terminal.press("n");
    terminal.wait_for("Note");
    terminal.press(&format!("password={NOTED}"));
    terminal.press(ENTER);
    terminal.wait_for("the note is kept");
    terminal.press("i");
    terminal.wait_for("Title");
    terminal.press(&format!("password={CALLED}"));
    terminal.press(ENTER);
    terminal.press(ENTER);
    terminal.wait_gone("other line");
    settle(&mut terminal);
    secrets.extend([NOTED.to_owned(), CALLED.to_owned()]);
    terminal.never(&secrets);

    for question in [
        "What do the settings say?",
        "What does the program print?",
        "What does the server say?",
    ] {
        terminal.press("1");
        terminal.wait_for(question);
        terminal.wait_for("‹secret-");
        read(&mut terminal);
        // What is asked for is told in words that quote what was pasted.
        terminal.press("p");
        terminal.wait_for("judge it");
        paste(&mut terminal, &format!("password={}\n", secret(1)));
        judged(&mut terminal);
    }
    terminal.press("1");
    terminal.wait_for("What does it say to a login?");
    read(&mut terminal);
    terminal.press("r");
    terminal.wait_for("Its password?");
    terminal.press(LOGIN);
    settle(&mut terminal);
    terminal.press(ENTER);
    terminal.wait_gone("Its password?");
    terminal.wait_for("What does it say to a login?");
    settle(&mut terminal);
    read(&mut terminal);
    // What was typed in for the login is known wherever it stands.
    terminal.press("p");
    terminal.wait_for("judge it");
    paste(&mut terminal, &format!("the server said: {LOGIN} is wrong"));
    judged(&mut terminal);
    terminal.press("1");
    terminal.wait_for("It is over");
    read(&mut terminal);
    terminal.press("t");
    terminal.wait_for("close");
    read(&mut terminal);
    terminal.press(ESC);
    settle(&mut terminal);
    forms(&mut terminal, "w", 4);
    terminal.press("s");
    terminal.wait_for("What is wrong?");
    settle(&mut terminal);
    terminal.press("\u{3}");
    terminal.end();
    let mut found = terminal.drawn.clone();
    found.extend(sent(&terminal, &secrets));

    // The next day: the list of cases, and the case that was left.
    let mut terminal = Terminal::waypost(&home, &arguments);
    terminal.never(&secrets);
    terminal.wait_for("Cases that were left");
    settle(&mut terminal);
    terminal.press("\u{3}");
    terminal.end();
    found.extend(terminal.drawn.clone());
    let mut terminal = Terminal::waypost(&home, &[&arguments[..], &["resume"]].concat());
    terminal.never(&secrets);
    terminal.wait_for("It is over");
    read(&mut terminal);
    forms(&mut terminal, "w", 4);
    terminal.press("\u{3}");
    terminal.end();
    found.extend(terminal.drawn.clone());
    found.extend(sent(&terminal, &secrets));

    // Somebody else's machine: what was sent is judged, and a message asks for the rest.
    let mut terminal = Terminal::waypost(
        &home,
        &[&arguments[..], &["--input", &address, "planted"]].concat(),
    );
    terminal.never(&secrets);
    terminal.wait_for("Where is the machine?");
    terminal.press("3");
    terminal.wait_for("What does the log say?");
    terminal.press("p");
    terminal.wait_for("judge it");
    paste(&mut terminal, &planted());
    terminal.press(ENTER);
    terminal.wait_gone("judge it");
    settle(&mut terminal);
    read(&mut terminal);
    forms(&mut terminal, "m", 2);
    terminal.press("\u{3}");
    terminal.end();
    found.extend(terminal.drawn.clone());
    found.extend(sent(&terminal, &secrets));
    assert!(found.is_empty(), "{}:\n{}", found.len(), found.join("\n\n"));
}

/// What was sent besides what is drawn: a title, what is copied.
fn sent(terminal: &Terminal, secrets: &[String]) -> Vec<String> {
    let raw = String::from_utf8_lossy(&terminal.raw);
    let mut sent: Vec<String> = vec![raw.clone().into_owned()];
    let copies: Vec<String> = raw
        .split("\u{1b}]52;c;")
        .skip(1)
        .map(|rest| {
            let text = rest.split(['\u{1b}', '\u{7}']).next().unwrap_or_default();
            String::from_utf8(base64(text)).expect("it is text")
        })
        .collect();
    assert!(copies.len() > 1, "only {} copies", copies.len());
    sent.extend(copies);
    let of = |text: &String| {
        let secret = secrets.iter().find(|secret| {
            // While it was typed, it stood there.
            let typed = *secret == NOTED || *secret == CALLED;
            text.contains(secret.as_str()) && !(typed && *text == sent[0])
        })?;
        Some(format!("`{secret}` was sent"))
    };
    sent.iter().filter_map(of).collect()
}

fn base64(text: &str) -> Vec<u8> {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digits = text.trim_end_matches('=').bytes().map(|byte| {
        let digit = DIGITS.iter().position(|digit| *digit == byte);
        digit.expect("what is copied is base64") as u32
    });
    let digits: Vec<u32> = digits.collect();
    let mut bytes = Vec::new();
    for four in digits.chunks(4) {
        let bits = (0..4).fold(0, |bits, at| bits << 6 | four.get(at).unwrap_or(&0));
        bytes.extend(&bits.to_be_bytes()[1..four.len()]);
    }
    bytes
}
