//! What comes from somewhere else than a look: a paste, a bundle, the answer to a request.

use std::sync::Arc;

use crate::{
    engine::{
        Event, Place, ProbeKey, Rejection,
        sketch::read,
        tests::{Drive, finding, opening},
    },
    finding::{Finding, Source},
    tree::Forest,
};

fn trees() -> Arc<Forest> {
    read(&["
waypost: 1
id: t
title: T
summary: S
symptoms: [s]
start: a
inputs:
  dir: { ask: D?, type: text }
probes:
  one: { file: { path: /one } }
  two: { file: { path: '/{{ dir }}/two' } }
nodes:
  a:
    ask: A?
    probe: one
    answers: [{ answer: There, when: present, goto: b }, { answer: Gone, when: absent, goto: fine }]
  b:
    ask: B?
    probe: two
    answers: [{ answer: There, when: present, goto: c }, { answer: Gone, when: absent, goto: fine }]
  c: { visit: u, then: { healthy: fine } }
  fine: { conclude: Fine, verdict: healthy }
", "
waypost: 1
id: u
title: U
summary: S
symptoms: [s]
start: a
probes:
  three: { tcp: { host: x, port: 1 } }
nodes:
  a:
    ask: C?
    probe: three
    answers: [{ answer: Open, when: open, goto: fine }, { answer: Shut, when: [refused, timed-out, unreachable, unresolved], goto: fine }]
  fine: { conclude: Fine, verdict: healthy }
", "
waypost: 1
id: far
title: F
summary: S
symptoms: [s]
start: fine
probes:
  four: { file: { path: /four } }
nodes:
  fine: { conclude: Fine, verdict: healthy }
"])
}

fn elsewhere() -> Drive {
    let mut opening = opening("t");
    opening.place = Place::Elsewhere;
    Drive::new(&trees(), opening)
}

fn key(tree: &str, name: &str) -> ProbeKey {
    ProbeKey {
        tree: tree.into(),
        name: name.into(),
    }
}

fn pasted(probe: ProbeKey, params: String, outcome: &str) -> Event {
    Event::Pasted {
        probe,
        params,
        finding: Finding {
            source: Source::Pasted,
            ..finding(outcome)
        },
    }
}

#[test]
fn what_is_pasted_for_a_question_ahead_answers_it_there() {
    let mut drive = elsewhere();
    drive.all(&["give dir=x"]);
    for probe in [key("t", "two"), key("t", "one")] {
        let hash = drive.hash(&probe);
        drive
            .apply(pasted(probe, hash, "present"))
            .expect("the tree has the probe");
    }
    drive.all(&["answer there", "answer there"]);
    assert_eq!(drive.path(), "a=there pasted, b=there pasted, c >");
}

#[test]
fn what_was_pasted_for_other_parameters_says_nothing() {
    let mut drive = elsewhere();
    let two = key("t", "two");
    drive.all(&["give dir=x"]);
    let hash = drive.hash(&two);
    drive.all(&["give dir=y"]);
    let rejection = drive.apply(pasted(two.clone(), hash, "present"));
    assert_eq!(rejection, Err(Rejection::OtherParameters(two)));
    let nobody = key("t", "nobody");
    let rejection = drive.apply(pasted(nobody.clone(), String::new(), "present"));
    assert_eq!(rejection, Err(Rejection::NoSuchProbe(nobody)));
}

#[test]
fn requests_are_those_of_all_trees_that_can_be_reached() {
    let mut drive = elsewhere();
    let requests = |drive: &Drive| -> Vec<String> {
        let requests = drive.session.requests();
        let shown = requests.iter().map(|request| {
            let rest = if request.complete { "" } else { " …" };
            format!("{}{rest}", request.key)
        });
        shown.collect()
    };
    assert_eq!(requests(&drive), ["t/one", "t/two …", "u/three"]);
    drive.all(&["give dir=x"]);
    assert_eq!(requests(&drive), ["t/one", "t/two", "u/three"]);
}
