//! A login is tried once for each look of a person's, and one that was refused never again by itself.

use std::sync::Arc;

use crate::{
    engine::{
        Event, Follow, Given, Opening, Session, Stage,
        sketch::read,
        tests::{Drive, finding, inputs::ask, opening},
    },
    finding::{Facts, Finding},
    tree::Forest,
};

/// Three questions of one server, two of them with the same login, and one that compares both.
const TREE: &str = "
waypost: 1
id: t
title: T
summary: S
symptoms: [s]
start: a
inputs:
  site: { ask: Which?, type: url }
  user: { ask: Who?, type: text }
  word: { ask: Password?, type: secret, for: site }
  other: { ask: Who else?, type: text }
probes:
  one:
    http: { url: '{{ site }}/one', login: { user: '{{ user }}', password: '{{ word }}' } }
    at: anywhere
  two:
    http: { url: '{{ site }}/two', login: { user: '{{ user }}', password: '{{ word }}' } }
    at: anywhere
  three:
    http: { url: '{{ site }}/three', login: { user: '{{ other }}', password: '{{ word }}' } }
    at: anywhere
nodes:
  a:
    ask: One?
    probe: { of: one, cases: [{ good: found.status == 200 }, { bad: found.status == 401 }] }
    answers:
      - { answer: Good, id: good, when: good, goto: b }
      - { answer: Bad, id: bad, when: bad, goto: b }
    leave: rest
    unsure: b
  b:
    ask: Two?
    probe: { of: two, cases: [{ good: found.status == 200 }] }
    answers:
      - { answer: Good, id: good, when: good, goto: c }
      - { answer: Bad, id: bad, goto: c }
    leave: rest
    unsure: c
  c:
    ask: Both?
    probe: { of: [one, two, three], cases: [{ good: facts.one.status == facts.two.status }] }
    answers:
      - { answer: Good, id: good, when: good, goto: fine }
      - { answer: Bad, id: bad, goto: fine }
    unsure: fine
  fine: { conclude: Fine, verdict: healthy }
";

fn trees() -> Arc<Forest> {
    read(&[TREE])
}

fn given() -> Opening {
    let mut given = opening("t");
    let texts = [
        ("site", "https://a.example"),
        ("user", "joe"),
        ("other", "ann"),
    ];
    for (name, text) in texts {
        given
            .inputs
            .insert(name.into(), Given::Text(text.to_owned()));
    }
    given.inputs.insert("word".into(), Given::Secret);
    given
}

fn status(status: u16) -> Finding {
    Finding {
        facts: Facts::from([("status".to_owned(), status.into())]),
        ..finding("answered")
    }
}

fn answered(drive: &mut Drive, probe: &str, code: u16) {
    let event = Event::ProbeFinished {
        run: drive.run(probe),
        finding: status(code),
    };
    drive.apply(event).expect("it runs");
}

fn running(drive: &Drive) -> Vec<&str> {
    drive.runs.iter().map(|(_, probe)| probe.as_str()).collect()
}

fn asks_anew(drive: &Drive) -> bool {
    matches!(drive.session.stage(), Stage::Question(question) if question.asks_anew())
}

const REFUSED: &str =
    "[unknown: the login of `joe` was refused before, and is not tried again by itself]";

#[test]
fn a_login_that_was_refused_is_not_tried_by_another_probe() {
    let mut drive = Drive::new(&trees(), given());
    drive.all(&["look"]);
    answered(&mut drive, "one", 401);
    assert_eq!(drive.stage(), "walk t/a #0 [bad -> bad]");
    drive.all(&["answer bad"]);
    assert_eq!(drive.stage(), format!("walk t/b #0 {REFUSED}"));
    assert!(asks_anew(&drive));
    // Nobody is there to say it anew: it stays unknown.
    assert_eq!(
        drive.session.follow(),
        Follow::Apply(Event::Unsure { skipped: true })
    );
    assert_eq!(running(&drive), [""; 0]);
}

#[test]
fn one_that_was_accepted_may_be_tried_for_the_next_question() {
    for code in [200, 403, 404, 429, 503] {
        let mut drive = Drive::new(&trees(), given());
        drive.all(&["look"]);
        answered(&mut drive, "one", code);
        drive.all(&["unsure"]);
        assert_eq!(drive.stage(), "walk t/b #0 [not looked, may]", "{code}");
        assert_eq!(running(&drive), [""; 0], "never by itself");
    }
}

/// Nobody has to have a login: the question comes first, and the login with the wish to look.
#[test]
fn a_login_is_asked_for_by_the_look_that_needs_it() {
    let mut opening = given();
    for name in ["user", "word"] {
        opening.inputs.remove(name);
    }
    let mut drive = Drive::new(&trees(), opening.clone());
    assert_eq!(drive.stage(), "walk t/a #0 [not looked, may]");
    let questions = drive.session.result(false).questions;
    assert_eq!(
        questions[0].why.as_deref(),
        Some("it was not looked at yet, since that logs in")
    );
    drive.all(&["look"]);
    assert_eq!(drive.stage(), "inputs user");
    drive.all(&["give user=joe"]);
    assert_eq!(drive.stage(), "inputs word");
    drive.all(&["give word=*"]);
    assert_eq!(drive.stage(), "walk t/a #0 [not looked, may]");
    assert_eq!(running(&drive), [""; 0], "giving it sends nothing");
    drive.all(&["look"]);
    assert_eq!(running(&drive), ["one"]);
    // Who answers for themselves is never asked.
    let mut drive = Drive::new(&trees(), opening.clone());
    drive.all(&["answer bad"]);
    assert_eq!(drive.stage(), "walk t/b #0 [not looked, may]");
    // Where nobody is there, the one look asks for it, and it stays unknown.
    let mut drive = Drive::new(&trees(), opening);
    drive.all(&["follow", "follow"]);
    assert_eq!(drive.stage(), "walk t/a #0 [unknown: `user` is not known]");
    drive.all(&["follow"]);
    assert_eq!(drive.stage(), "walk t/b #0 [unknown: `user` is not known]");
}

#[test]
fn looking_again_asks_for_a_refused_login_anew() {
    for from in ["a", "b"] {
        let mut drive = Drive::new(&trees(), given());
        drive.all(&["look"]);
        answered(&mut drive, "one", 401);
        if from == "b" {
            drive.all(&["unsure"]);
        }
        drive.all(&["look"]);
        assert_eq!(running(&drive), [""; 0], "{from}: nothing is sent");
        assert_eq!(drive.stage(), "inputs user", "{from}");
        assert_eq!(ask(&drive).offer.as_deref(), Some("joe"), "{from}");
        drive.all(&["give user=joe"]);
        assert_eq!(drive.stage(), "inputs word", "{from}");
        assert_eq!(
            ask(&drive).secret_for.as_deref(),
            Some("https://a.example"),
            "{from}"
        );
        drive.all(&["give word=*"]);
        assert_eq!(
            drive.stage(),
            format!("walk t/{from} #0 [not looked, may]"),
            "{from}"
        );
        drive.all(&["look"]);
        assert_eq!(running(&drive).len(), 1, "{from}");
    }
}

#[test]
fn a_look_sends_a_login_once() {
    let mut drive = Drive::new(&trees(), given());
    drive.all(&["unsure", "unsure"]);
    assert_eq!(drive.stage(), "walk t/c #0 [not looked, may]");
    drive.all(&["look"]);
    assert_eq!(running(&drive), ["one", "three"]);
    assert!(drive.say("look").is_err(), "it is on its way");
    answered(&mut drive, "three", 200);
    answered(&mut drive, "one", 401);
    assert_eq!(
        drive.stage(),
        "walk t/c #0 [unknown: the login of `joe` was refused before, and is not tried again by itself]"
    );
    // Headless takes the next look by itself where the first was not refused.
    let mut drive = Drive::new(&trees(), given());
    drive.all(&["unsure", "unsure", "follow"]);
    answered(&mut drive, "three", 200);
    answered(&mut drive, "one", 200);
    drive.all(&["follow"]);
    assert_eq!(running(&drive), ["two"]);
    answered(&mut drive, "two", 200);
    assert_eq!(drive.stage(), "walk t/c #0 [good -> good]");
}

#[test]
fn who_did_not_know_it_can_say_it_later() {
    let mut opening = given();
    opening.inputs.remove("user");
    let mut drive = Drive::new(&trees(), opening);
    drive.all(&["look", "give user=?"]);
    assert_eq!(drive.stage(), "walk t/a #0 [unknown: `user` is not known]");
    assert!(asks_anew(&drive));
    drive.all(&["look"]);
    assert_eq!(drive.stage(), "inputs user");
    drive.all(&["give user=joe"]);
    assert_eq!(drive.stage(), "walk t/a #0 [not looked, may]");
    assert!(!asks_anew(&drive));
}

#[test]
fn a_secret_is_asked_once_its_host_is_in_sight() {
    let mut opening = given();
    for name in ["site", "word"] {
        opening.inputs.remove(name);
    }
    let mut drive = Drive::new(&trees(), opening.clone());
    assert_eq!(drive.stage(), "inputs site");
    drive.all(&["give site=https://a.example", "look"]);
    assert_eq!(drive.stage(), "inputs word");
    assert_eq!(ask(&drive).secret_for.as_deref(), Some("https://a.example"));
    // Where nobody knows the host, nobody is asked for what could go nowhere.
    let mut drive = Drive::new(&trees(), opening);
    drive.all(&["give site=?"]);
    assert_eq!(drive.stage(), "walk t/a #0 [unknown: `site` is not known]");
}

#[test]
fn a_secret_goes_to_the_host_that_evidence_names_now() {
    let trees = read(&["
waypost: 1
id: t
title: T
summary: S
symptoms: [s]
start: a
inputs:
  site: { ask: Which?, type: host, from: facts.conf.path }
  word: { ask: Password?, type: secret, for: site }
probes:
  conf: { file: { path: /conf } }
  api: { http: { url: 'https://{{ site }}/', login: { user: joe, password: '{{ word }}' } } }
nodes:
  a:
    ask: '?'
    probe: conf
    answers: [{ answer: Y, when: present, goto: b }, { answer: N, when: absent, goto: fine }]
  b:
    ask: '?'
    probe: api
    answers: [{ answer: Y, when: answered, goto: fine }, { answer: N, goto: fine }]
    leave: rest
  fine: { conclude: Fine, verdict: healthy }
"]);
    let mut given = opening("t");
    given.inputs.insert("word".into(), Given::Secret);
    let mut drive = Drive::new(&trees, given);
    for host in ["one.example", "two.example"] {
        let run = drive.run("conf");
        let finding = Finding {
            facts: Facts::from([("path".to_owned(), host.into())]),
            ..finding("present")
        };
        let found = Event::ProbeFinished { run, finding };
        drive.apply(found).expect("it runs");
        drive.all(&["answer y"]);
        let Stage::Question(question) = drive.session.stage() else {
            panic!("a question")
        };
        let secret = &question.looks[0].request.secrets[0];
        assert_eq!(secret.only_for.as_deref(), Some(host));
        drive.all(&["back", "look"]);
    }
}

/// A secret is in the memory of one program alone.
#[test]
fn who_takes_a_case_up_again_is_asked_for_the_secret_again() {
    let mut drive = Drive::new(&trees(), given());
    drive.all(&["look"]);
    answered(&mut drive, "one", 200);
    drive.all(&["answer good"]);
    assert_eq!(drive.stage(), "walk t/b #0 [not looked, may]");
    let (forest, opening) = (
        drive.session.forest().clone(),
        drive.session.opening().clone(),
    );
    let replayed = Session::replay(forest, opening, drive.session.transcript());
    assert_eq!(replayed.stopped, None);
    let mut session = replayed.session;
    session.resume(drive.now());
    // What was found with it stands; the look that needs it asks for it.
    assert_eq!(session.path().len(), 1);
    session
        .apply(Event::Look, drive.now())
        .expect("a login can be looked with");
    let Stage::Inputs(asked) = session.stage() else {
        panic!("{:?}", session.stage());
    };
    let names: Vec<&str> = asked.iter().map(|ask| ask.name.as_str()).collect();
    assert_eq!(names, ["word"]);
}
