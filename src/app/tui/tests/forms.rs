//! Inputs by key: typed, picked, refused, not known, secret.

use secrecy::ExposeSecret;

use crate::{
    app::tui::{
        msg::{Msg, Task},
        port::{CaseId, RuntimeMsg},
        tests::desk::Desk,
    },
    engine::Effect,
};

const LAMP: &str = r#"
waypost: 1
id: own
title: The lamp is dark
symptoms: [The lamp does not shine]
start: lit
inputs:
  folder:
    ask: Where is the lamp?
    help: The folder of it.
    type: directory
    suggest: [/opt/lamp, "/srv/*/lamp"]
  address:
    ask: What is its address?
    type: url
  colour:
    ask: Which colour has it?
    type: choice
    of: { red: Red, green: Green }
  lamp_user: { ask: Who is its user?, type: text }
  lamp_password: { ask: What is the password?, type: secret, for: address }
nodes:
  lit:
    ask: Is the {{ colour }} lamp at {{ address.host }} in {{ folder }} lit?
    why: To know.
    answers:
      - { answer: "Yes", id: "yes", goto: login }
      - { answer: "No", id: "no", goto: well }
  login:
    ask: May its user log in?
    why: To know.
    probe:
      http:
        url: "{{ address }}"
        login: { user: "{{ lamp_user }}", password: "{{ lamp_password }}" }
    answers:
      - { answer: "Yes", id: "yes", when: answered, goto: well }
      - { answer: "No", id: "no", when: [refused, timed-out, unreachable, unresolved, tls-failed], goto: well }
  well: { conclude: The lamp is well, verdict: healthy }
"#;

fn asked() -> Desk {
    let desk = Desk::at_tree(LAMP);
    desk.sees("Asked first; Ctrl-D where you do not know one");
    desk
}

#[test]
fn fields_are_typed_picked_and_handed_in_together() {
    let mut desk = asked();
    desk.press("Down Down Enter");
    desk.type_in("https://lamp.example/");
    desk.press("Enter / x Enter");
    desk.sees("Is the green lamp at lamp.example in /x lit?");
}

#[test]
fn what_is_refused_is_said_at_its_field() {
    let mut desk = asked();
    desk.press("Enter Enter Enter");
    desk.sees("it is empty");
    desk.press("Down Enter");
    desk.type_in("not an address");
    desk.press("Enter / x Enter");
    desk.sees("×");
    desk.sees("not an address");
    desk.sees_not("Is the red lamp");
}

#[test]
fn an_input_may_be_unknown() {
    let mut desk = asked();
    desk.press("^D");
    desk.sees("? I don't know");
    desk.press("Enter ^D Enter ^D Enter");
    desk.sees("Is the ‹colour› lamp");
}

#[test]
fn suggestions_come_and_one_that_fits_stands_in_the_field() {
    let suggested = |candidates: &[&str]| {
        let mut desk = asked();
        let run = desk.tasks.iter().find_map(|task| match task {
            Task::CarryOut(_, effects) => effects.iter().find_map(|effect| match effect {
                Effect::Suggest { run, .. } => Some(*run),
                _ => None,
            }),
            _ => None,
        });
        desk.press("Tab Tab");
        desk.tell(Msg::Runtime(RuntimeMsg::Suggested {
            case: CaseId(1),
            run: run.expect("paths are looked for"),
            candidates: candidates.iter().map(|path| (*path).to_owned()).collect(),
        }));
        desk
    };
    suggested(&["/opt/lamp"]).sees("│ /opt/lamp");
    let mut desk = suggested(&["/opt/lamp", "/srv/b/lamp"]);
    desk.sees("Suggestions");
    desk.press("Down Down");
    desk.sees("│ /srv/b/lamp");
    // What is typed wins over a suggestion.
    desk.press("2");
    desk.sees("│ /srv/b/lamp2");
}

#[test]
fn what_was_typed_survives_a_suggestion() {
    let mut desk = asked();
    desk.press("Tab Tab / m y");
    let run = desk.tasks.iter().find_map(|task| match task {
        Task::CarryOut(_, effects) => effects.iter().find_map(|effect| match effect {
            Effect::Suggest { run, .. } => Some(*run),
            _ => None,
        }),
        _ => None,
    });
    desk.tell(Msg::Runtime(RuntimeMsg::Suggested {
        case: CaseId(1),
        run: run.expect("paths are looked for"),
        candidates: vec!["/opt/lamp".to_owned()],
    }));
    desk.sees("│ /my");
}

#[test]
fn a_secret_is_never_shown_and_kept_before_it_is_used() {
    let mut desk = asked();
    desk.press("Down Enter");
    desk.type_in("https://lamp.example/");
    desk.press("Enter / x Enter 1");
    desk.sees("May its user log in?");
    desk.press("r");
    desk.sees("Who is its user?");
    desk.type_in("admin");
    desk.press("Enter");
    desk.sees("sent to https://lamp.example/ only");
    desk.press("h u n t e r 2");
    desk.sees("typed, not shown");
    desk.sees_not("hunter2");
    desk.press("Enter");
    desk.sees("May its user log in?");
    desk.sees_not("hunter2");
    let kept = desk.tasks.iter().filter_map(|task| match task {
        Task::KeepSecret(case, name, secret) => {
            Some((*case, name.to_string(), secret.expose_secret().to_owned()))
        }
        _ => None,
    });
    let expected = (CaseId(1), "lamp_password".to_owned(), "hunter2".to_owned());
    assert_eq!(kept.collect::<Vec<_>>(), [expected]);
    // A login is tried only when a person asks for it, once for each press.
    assert_eq!(desk.looks().len(), 0);
    desk.sees("r looks once");
    desk.press("r");
    assert_eq!(desk.looks().len(), 1);
    let looks = format!("{:?}", desk.looks());
    assert!(!looks.contains("hunter2"));
    desk.found("@login", "answered");
    desk.press("t");
    desk.sees("(secret, not shown)");
}

/// The `from` of this lamp's switch is a program, which nobody agreed to run.
const SWITCHED: &str = "
waypost: 1
id: own
title: The lamp is dark
symptoms: [The lamp does not shine]
start: lit
inputs:
  switch: { ask: Which switch is before it?, type: text, optional: true, from: facts.said.stdout }
probes:
  said: { command: { run: [lamp] } }
nodes:
  lit:
    ask: Is the lamp lit{% if switch %} by {{ switch }}{% endif %}?
    why: To know.
    answers:
      - { answer: It is, goto: well }
      - { answer: It is not, goto: well }
  well: { conclude: The lamp is well, verdict: healthy }
";

#[test]
fn what_may_be_empty_is_handed_in_empty() {
    let asked = || {
        let desk = Desk::at_tree(SWITCHED);
        desk.sees("Which switch is before it?");
        desk.sees("It may stay empty: then there is none.");
        desk
    };
    let mut desk = asked();
    desk.press("Enter");
    desk.sees("Is the lamp lit?");
    let mut desk = asked();
    desk.press("x");
    desk.sees_not("It may stay empty");
    desk.press("Enter");
    desk.sees("Is the lamp lit by x?");
}
