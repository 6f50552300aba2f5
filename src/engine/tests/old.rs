//! What was found long before its question is reached is looked at again.

use std::sync::Arc;

use crate::{
    engine::{
        Effect, Event, EvidenceView, Follow, Given, Place, Session, Stage,
        sketch::read,
        tests::{Drive, finding, opening},
    },
    finding::{Evidence, Facts, Finding, Secret},
    tree::Forest,
};

/// Seconds after which a finding is old, as the engine promises it.
const OLD: i64 = 5 * 60;

const TREE: &str = "
waypost: 1
id: t
title: T
summary: S
symptoms: [s]
start: a
probes:
  first: { file: { path: /first } }
  second: { file: { path: /second } }
  third: { tcp: { host: h, port: 1 } }
nodes:
  a:
    ask: '?'
    probe: first
    answers: [{ answer: Y, when: present, goto: b }, { answer: N, when: absent, goto: bad }]
  b:
    ask: '?'
    probe: second
    answers: [{ answer: Y, when: present, goto: c }, { answer: N, when: absent, goto: bad }]
    unsure: c
  c:
    ask: '?'
    probe: { of: [first, third], cases: [{ same: facts.first is defined }] }
    answers: [{ answer: Y, when: same, goto: fine }, { answer: N, goto: bad }]
    unsure: fine
  fine: { conclude: Fine, verdict: healthy }
  bad: { conclude: Bad, verdict: cause, because: So., fix: Mend it. }
";

fn trees() -> Arc<Forest> {
    read(&[TREE])
}

/// Everything was found at the first question, which is answered so many seconds later.
fn reached_after(seconds: i64) -> Drive {
    let mut drive = Drive::new(&trees(), opening("t"));
    drive.all(&[
        "found first present",
        "found second present",
        "found third open",
    ]);
    drive.pass(seconds);
    drive.all(&["answer y"]);
    drive
}

fn again(drive: &Drive) -> usize {
    match drive.session.stage() {
        Stage::Question(question) => question.again.as_ref().map_or(0, |again| again.runs.len()),
        _ => 0,
    }
}

#[test]
fn a_finding_that_is_old_when_its_question_is_reached_is_looked_at_again() {
    let check = |seconds: i64, running: &[&str]| {
        let drive = reached_after(seconds);
        assert_eq!(drive.stage(), "walk t/b #0 [present -> y]", "{seconds}");
        assert_eq!(drive.running(), running, "after {seconds} s");
    };
    check(0, &[]);
    // The answer itself comes a second later, and what was found last is a second or two younger than what was first.
    check(OLD - 10, &[]);
    check(OLD + 10, &["second", "third", "first"]);
}

#[test]
fn what_was_found_stands_until_the_look_ends() {
    let mut drive = reached_after(OLD + 10);
    assert_eq!((again(&drive), drive.session.looks_ahead()), (1, 2));
    // Who follows evidence waits for what it is now.
    assert_eq!(drive.session.follow(), Follow::Wait);
    drive.all(&["found second absent"]);
    assert_eq!(drive.stage(), "walk t/b #0 [absent -> n]");
    assert_eq!(again(&drive), 0);
    assert!(matches!(
        drive.session.follow(),
        Follow::Apply(Event::Answer { .. })
    ));
    // One that is found unknown now is not what it was.
    let mut drive = reached_after(OLD + 10);
    drive.all(&["found second unknown"]);
    assert_eq!(drive.stage(), "walk t/b #0 [unknown: permission denied]");
}

#[test]
fn an_answer_needs_not_wait_and_what_comes_late_shows() {
    let mut drive = reached_after(OLD + 10);
    drive.all(&["answer y", "found second absent"]);
    assert_eq!(drive.path(), "a=y observed, b=y observed !");
    // A look of a question that was passed may change its evidence too.
    drive.all(&["found first absent"]);
    assert_eq!(drive.path(), "a=y observed !, b=y observed !");
}

#[test]
fn one_that_is_stopped_leaves_what_was_found() {
    let mut drive = reached_after(OLD + 10);
    assert_eq!(
        drive.say("look").expect_err("it looks").to_string(),
        "it is being looked at already"
    );
    drive.all(&["stop"]);
    assert_eq!(drive.stage(), "walk t/b #0 [present -> y]");
    assert_eq!((again(&drive), drive.ended.len()), (0, 1));
    assert_eq!(drive.running(), ["third", "first"]);
    // Nor does it start once more by itself.
    drive.all(&["found third open", "found first present"]);
    assert!(drive.runs.is_empty(), "{:?}", drive.running());
    drive.all(&["look"]);
    assert_eq!(drive.stage(), "walk t/b #0 [looking]");
}

#[test]
fn what_a_person_pasted_or_a_bundle_holds_does_not_get_old() {
    let mut drive = Drive::new(&trees(), opening("t"));
    drive.all(&["found first present", "found third open", "answer y"]);
    drive.all(&["pasted second present"]);
    drive.all(&["answer y"]);
    drive.pass(OLD + 10);
    drive.all(&["back"]);
    assert_eq!(drive.stage(), "walk t/b #0 [present -> y]");
    assert!(!drive.running().contains(&"second"));
    let mut bundle = opening("t");
    bundle.place = Place::Bundle;
    let mut drive = Drive::new(&trees(), bundle);
    drive.all(&["found first present", "found second present"]);
    drive.pass(OLD + 10);
    drive.all(&["answer y"]);
    assert_eq!(drive.running(), ["third"]);
}

/// What was written down has its secrets no more: what rests on them is looked at again.
#[test]
fn what_lost_its_secrets_is_looked_at_again_when_a_case_is_taken_up() {
    let check = |place: Place, secret: Secret, expected: &[&str]| {
        let mut opened = opening("t");
        opened.place = place;
        let mut drive = Drive::new(&trees(), opened);
        let found = Finding {
            facts: Facts::from([("password".to_owned(), secret.into())]),
            ..finding("present")
        };
        drive
            .apply(Event::ProbeFinished {
                run: drive.runs[0].0,
                finding: found,
            })
            .expect("it runs");
        let (forest, opening) = (
            drive.session.forest().clone(),
            drive.session.opening().clone(),
        );
        let mut again = Session::replay(forest, opening, drive.session.transcript()).session;
        let effects = again.resume(drive.now());
        let started: Vec<String> = effects
            .iter()
            .filter_map(|effect| match effect {
                Effect::StartProbe { request, .. } => Some(request.key.name.to_string()),
                _ => None,
            })
            .collect();
        assert_eq!(started, expected, "{place:?}");
    };
    let forgotten = Secret::forgotten("encrypted:‹secret-1›");
    check(Place::Here, forgotten, &["first"]);
    check(Place::Here, Secret::new("hunter2"), &[]);
}

/// The steps say what they said, also where nothing is left to be looked at.
#[test]
fn what_lost_its_secrets_is_still_told() {
    let tree = "
waypost: 1
id: t
title: T
summary: S
symptoms: [s]
start: a
probes:
  conf: { file: { path: /conf } }
nodes:
  a:
    ask: Is it there?
    probe: conf
    answers: [{ answer: Y, when: present, goto: b }, { answer: N, when: absent, goto: b }]
  b: { ask: 'Is {{ facts.conf.path }} right?', why: W, answers: [{ answer: Y, goto: fine }, { answer: N, goto: fine }] }
  fine: { conclude: Fine, verdict: healthy }
";
    let mut drive = Drive::new(&read(&[tree]), opening("t"));
    let secret = Secret::forgotten("encrypted:‹secret-1›");
    let found = Finding {
        facts: Facts::from([
            ("password".to_owned(), secret.into()),
            ("path".to_owned(), "/x".into()),
        ]),
        evidence: vec![Evidence::plain("it is in /x")],
        ..finding("present")
    };
    let run = drive.run("conf");
    drive
        .apply(Event::ProbeFinished {
            run,
            finding: found,
        })
        .expect("it runs");
    drive.all(&["answer y", "answer y"]);
    let (forest, opening) = (
        drive.session.forest().clone(),
        drive.session.opening().clone(),
    );
    let mut again = Session::replay(forest, opening, drive.session.transcript()).session;
    assert!(again.resume(drive.now()).is_empty());
    assert_eq!(again.path()[1].text.markdown, "Is /x right?");
    assert_eq!(again.path(), drive.session.path());
    let proof = again.evidence(&again.path()[0]);
    assert_eq!(proof, [Evidence::plain("it is in /x")]);
}

#[test]
fn a_login_is_never_made_again_by_itself() {
    let tree = "
waypost: 1
id: t
title: T
summary: S
symptoms: [s]
start: a
inputs:
  site: { ask: Which?, type: url }
  word: { ask: Password?, type: secret, for: site }
probes:
  api: { http: { url: '{{ site }}', login: { user: joe, password: '{{ word }}' } } }
nodes:
  a:
    ask: '?'
    probe: api
    answers:
      - { answer: Y, when: answered, goto: b }
      - { answer: N, when: [refused, timed-out, unreachable, unresolved, tls-failed], goto: bad }
  b: { ask: '?', probe: api, answers: [{ answer: Y, when: answered, goto: fine }, { answer: N, goto: bad }], leave: rest }
  fine: { conclude: Fine, verdict: healthy }
  bad: { conclude: Bad, verdict: cause, because: So., fix: Mend it. }
";
    let mut given = opening("t");
    let site = Given::Text("https://a.example".to_owned());
    given.inputs.insert("site".into(), site);
    given.inputs.insert("word".into(), Given::Secret);
    let mut drive = Drive::new(&read(&[tree]), given);
    drive.all(&["look", "found api answered"]);
    drive.pass(OLD + 10);
    drive.all(&["answer y"]);
    assert_eq!(drive.stage(), "walk t/b #0 [answered -> y]");
    assert!(drive.runs.is_empty());
    drive.all(&["look"]);
    assert_eq!(drive.stage(), "walk t/b #0 [looking]");
}

#[test]
fn a_clock_that_is_turned_back_looks_at_nothing_again_and_again() {
    let mut drive = reached_after(OLD + 10);
    assert_eq!(drive.running(), ["second", "third", "first"]);
    for name in ["second", "third", "first"] {
        let run = drive.run(name);
        let long_ago = Finding {
            at: "1969-01-01T00:00:00Z".parse().expect("a time"),
            ..finding("present")
        };
        drive
            .apply(Event::ProbeFinished {
                run,
                finding: long_ago,
            })
            .expect("it is awaited");
    }
    assert!(drive.runs.is_empty(), "{:?}", drive.running());
}

#[test]
fn a_case_that_is_taken_up_again_looks_at_what_it_rests_on() {
    let mut drive = reached_after(0);
    drive.pass(24 * 3600);
    let replayed = Session::replay(
        trees(),
        drive.session.opening().clone(),
        drive.session.transcript(),
    );
    assert!(replayed.effects.is_empty());
    drive.session = replayed.session;
    let at = drive.now();
    let effects = drive.session.resume(at);
    drive.take(effects);
    assert_eq!(drive.running(), ["second", "third", "first"]);
    let Stage::Question(question) = drive.session.stage() else {
        panic!("a question")
    };
    assert!(matches!(question.evidence, EvidenceView::Found { .. }));
    drive.all(&["found second absent", "answer n"]);
    // What was looked at again stands in the transcript, and makes the same session once more.
    let again = Session::replay(
        trees(),
        drive.session.opening().clone(),
        drive.session.transcript(),
    );
    assert!(again.stopped.is_none(), "{:?}", again.stopped);
    assert_eq!(again.session.path(), drive.session.path());
    assert_eq!(again.session.stage(), drive.session.stage());
    assert_eq!(again.session.transcript(), drive.session.transcript());
}

#[test]
fn replaying_looks_again_at_the_same_things() {
    let mut drive = reached_after(OLD + 10);
    drive.all(&["found third refused", "answer y"]);
    let again = Session::replay(
        trees(),
        drive.session.opening().clone(),
        drive.session.transcript(),
    );
    assert!(again.stopped.is_none());
    assert_eq!(again.effects.len(), drive.runs.len());
    assert_eq!(again.session.stage(), drive.session.stage());
}
