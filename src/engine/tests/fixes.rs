use std::sync::Arc;

use crate::{
    engine::{
        Event, Place, Rejection, Session, Stage,
        sketch::read,
        tests::{Drive, check, finding, opening},
    },
    finding::{Facts, Finding},
    tree::Forest,
};

fn trees(settled: &str, cause: &str) -> Arc<Forest> {
    read(&[&format!(
        "
waypost: 1
id: t
title: T
summary: S
symptoms: [s]
start: a
{settled}
nodes:
  a:
    ask: Can it connect?
    why: W
    answers: [{{ answer: Yes, id: good, goto: up }}, {{ answer: No, id: bad, goto: blocked }}]
    unsure: blocked
  up:
    ask: Is it up?
    why: W
    answers: [{{ answer: Up, goto: fine }}, {{ answer: Down, goto: logs }}]
  logs:
    ask: What do the logs say?
    why: W
    answers: [{{ answer: A lot, id: lot, goto: fine }}, {{ answer: Nothing, id: little, goto: fine }}]
  fine: {{ conclude: Fine, verdict: healthy }}
  blocked:
    conclude: Blocked
    verdict: cause
    because: So.
    fix: Open it.
{cause}
"
    )])
}

const SETTLED: &str = "settled: up/up";

#[test]
fn a_fix_is_checked_by_verify_and_settled() {
    let both = trees(SETTLED, "    verify: a/good\n    otherwise: logs");
    let check = |script: &[&str], stage| check(&both, script, stage);
    check(&["answer bad"], "cause t/blocked Concluded fix");
    check(&["answer bad", "applied"], "verify t/a #1");
    check(&["answer bad", "applied", "answer good"], "settled t/up #1");
    check(
        &["answer bad", "applied", "answer good", "answer up"],
        "cause t/blocked Concluded fixed",
    );
    check(&["answer bad", "applied", "answer bad"], "walk t/logs #1");
    check(
        &["answer bad", "applied", "answer good", "answer down"],
        "walk t/logs #1",
    );
    // Unknown still asks whether it is over.
    check(&["answer bad", "applied", "unsure"], "settled t/up #1");
    check(
        &["answer bad", "applied", "unsure", "answer up"],
        "cause t/blocked Concluded fixed",
    );
    check(
        &["answer bad", "applied", "unsure", "unsure"],
        "cause t/blocked Concluded not verified",
    );
    check(&["answer bad", "unable"], "cause t/blocked Concluded end");
}

#[test]
fn without_otherwise_a_fix_that_did_not_help_ends_unresolved() {
    let verify = trees("", "    verify: a/good");
    check(
        &verify,
        &["answer bad", "applied", "answer bad"],
        "unresolved t/blocked DidNotHelp end",
    );
    check(
        &verify,
        &["answer bad", "applied", "answer good"],
        "cause t/blocked Concluded fixed",
    );
    check(
        &verify,
        &["answer bad", "applied", "unsure"],
        "cause t/blocked Concluded not verified",
    );
}

#[test]
fn with_no_check_the_person_is_asked() {
    let none = trees("", "    otherwise: logs");
    let check = |script: &[&str], stage| check(&none, script, stage);
    check(
        &["answer bad", "applied"],
        "cause t/blocked Concluded helped?",
    );
    check(
        &["answer bad", "applied", "helped yes"],
        "cause t/blocked Concluded fixed",
    );
    check(&["answer bad", "applied", "helped no"], "walk t/logs #1");
    check(
        &["answer bad", "applied", "helped ?"],
        "cause t/blocked Concluded not verified",
    );
}

#[test]
fn the_wait_comes_before_the_check() {
    let wait = trees(SETTLED, "    wait: 2m");
    check(
        &wait,
        &["answer bad", "applied"],
        "cause t/blocked Concluded wait",
    );
    check(
        &wait,
        &["answer bad", "applied", "waited"],
        "settled t/up #1",
    );
}

#[test]
fn a_suspect_may_be_tried_but_stays_a_suspect() {
    let verify = trees("", "    verify: a/good");
    check(
        &verify,
        &["unsure"],
        "unresolved t/blocked Concluded suspect fix",
    );
    check(
        &verify,
        &["unsure", "applied", "answer good"],
        "unresolved t/blocked Concluded suspect fixed",
    );
}

#[test]
fn back_goes_through_a_fix() {
    let both = trees(SETTLED, "    verify: a/good\n    otherwise: logs");
    let mut drive = Drive::new(&both, opening("t"));
    drive.all(&["answer bad", "applied", "answer good", "answer up"]);
    assert_eq!(drive.path(), "a=bad, blocked fix, a=good, up=up");
    assert_eq!(drive.finished, 1);
    for stage in [
        "settled t/up #1",
        "verify t/a #1",
        "cause t/blocked Concluded fix",
        "walk t/a #0",
    ] {
        drive.all(&["back"]);
        assert_eq!(drive.stage(), stage);
    }
    drive.all(&["answer bad"]);
    assert_eq!(drive.stage(), "cause t/blocked Concluded fixed");
    assert_eq!(drive.finished, 2);
}

#[test]
fn a_fix_that_was_declined_can_be_taken_up_again() {
    let verify = trees("", "    verify: a/good");
    let script = ["answer bad", "unable", "back"];
    check(&verify, &script, "cause t/blocked Concluded fix");
    check(
        &verify,
        &[&script[..], &["applied"]].concat(),
        "verify t/a #1",
    );
    check(&verify, &[&script[..], &["back"]].concat(), "walk t/a #0");
}

#[test]
fn a_fix_stays_as_it_was_shown_while_it_is_waited_for() {
    let forest = read(&["
waypost: 1
id: t
title: T
summary: S
symptoms: [s]
start: half
steps:
  restart: { needs: half/no, else: cut, any: Restart it. }
nodes:
  half:
    ask: Is it half done?
    why: W
    answers: [{ answer: Yes, id: yes, goto: cut }, { answer: No, id: no, goto: stopped }]
  stopped:
    conclude: Stopped
    verdict: cause
    because: So.
    fix: First this. {{ steps.restart }}
    wait: 2m
  cut: { conclude: Cut, verdict: cause, because: So., fix: Go on with it. }
"]);
    let mut drive = Drive::new(&forest, opening("t"));
    drive.all(&["answer no"]);
    let fix = |drive: &Drive| match drive.session.stage() {
        Stage::Conclusion(conclusion) => conclusion.fix.as_ref().map(|fix| fix.markdown.clone()),
        other => panic!("no conclusion: {other:?}"),
    };
    let before = fix(&drive);
    assert_eq!(before.as_deref(), Some("First this. Restart it."));
    drive.all(&["applied"]);
    assert_eq!(fix(&drive), before);
}

/// What a bundle holds was seen before anything was done: it cannot tell what came of that, and says neither yes nor no.
#[test]
fn a_bundle_does_not_tell_whether_a_fix_helped() {
    let trees = read(&["
waypost: 1
id: t
title: T
summary: S
symptoms: [s]
start: a
probes:
  first: { file: { path: /a } }
nodes:
  a:
    ask: Is it there?
    probe: first
    answers: [{ answer: Yes, id: good, when: present, goto: fine }, { answer: No, id: bad, when: absent, goto: gone }]
  fine: { conclude: Fine, verdict: healthy }
  gone:
    conclude: Gone
    verdict: cause
    because: So.
    fix: Bring it back.
    verify: a/good
"]);
    let mut bundle = opening("t");
    bundle.place = Place::Bundle;
    let mut drive = Drive::new(&trees, bundle);
    drive.all(&["found first absent", "answer bad", "applied"]);
    assert!(drive.running().is_empty(), "{:?}", drive.running());
    let why = "the bundle was collected before that was done; another one can tell what came of it";
    assert_eq!(drive.stage(), format!("verify t/a #1 [unknown: {why}]"));
    // What somebody looked up since is not put away for what the bundle holds of the time before.
    drive.all(&["pasted first present"]);
    assert_eq!(drive.stage(), "verify t/a #1 [present -> good]");
    assert_eq!(drive.apply(Event::Look), Err(Rejection::NothingToLookAt));
    assert_eq!(drive.stage(), "verify t/a #1 [present -> good]");
    drive.all(&["answer good"]);
    assert_eq!(drive.stage(), "cause t/gone Concluded fixed");
}

const TOLD: &str = "
waypost: 1
id: t
title: T
summary: S
symptoms: [s]
start: a
inputs:
  host: { ask: Which host?, type: host, from: facts.conf.path }
probes:
  conf: { file: { path: /conf } }
  reach: { tcp: { host: '{{ host }}', port: 1 } }
nodes:
  a:
    ask: Is {{ host }} reached?
    probe: reach
    answers: [{ answer: Yes, id: good, when: open, goto: fine }, { answer: No, id: bad, when: refused, goto: gone }]
  fine: { conclude: Fine, verdict: healthy }
  gone:
    conclude: '{{ host }} is not reached'
    verdict: cause
    because: So.
    fix: Mend it.
    wait: 5m
    verify: a/good
";

fn told(host: &str) -> Finding {
    Finding {
        facts: Facts::from([("path".to_owned(), host.into())]),
        ..finding("present")
    }
}

fn tell(drive: &mut Drive, host: &str) {
    let run = drive.run("conf");
    let finding = told(host);
    drive
        .apply(Event::ProbeFinished { run, finding })
        .expect("it is awaited");
}

/// What is shown while a person waits is of that time, and not what the check is to see.
#[test]
fn nothing_that_was_seen_during_a_wait_says_that_it_helped() {
    let mut drive = Drive::new(&read(&[TOLD]), opening("t"));
    tell(&mut drive, "one.example");
    drive.all(&["found reach refused", "answer bad", "applied"]);
    tell(&mut drive, "one.example");
    assert_eq!(drive.stage(), "cause t/gone Concluded wait");
    drive.all(&["waited"]);
    assert_eq!(drive.stage(), "verify t/a #1 [looking]");
    tell(&mut drive, "two.example");
    let Stage::Question(question) = drive.session.stage() else {
        panic!("a question")
    };
    assert_eq!(question.ask.markdown, "Is two.example reached?");
    // The step before the fix keeps what it asked.
    assert_eq!(
        drive.session.path()[0].text.markdown,
        "Is one.example reached?"
    );
}

#[test]
fn what_is_given_after_a_fix_is_not_what_was_asked_before() {
    let mut drive = Drive::new(&read(&[TOLD]), opening("t"));
    drive.all(&[
        "found conf absent",
        "give host=one.example",
        "found reach refused",
    ]);
    drive.all(&["answer bad", "applied", "waited", "give host=two.example"]);
    let asked = |drive: &Drive| drive.session.path()[0].text.markdown.clone();
    assert_eq!(asked(&drive), "Is one.example reached?");
    let session = &drive.session;
    let again = Session::replay(
        session.forest().clone(),
        session.opening().clone(),
        session.transcript(),
    );
    assert_eq!(again.session.path(), session.path());
}
