//! What comes from somewhere else than a look: a paste, a bundle, the answer to a request.

use std::sync::Arc;

use jiff::Timestamp;

use crate::{
    engine::{
        Event, Parcel, Place, ProbeKey, Rejection, Session,
        sketch::read,
        tests::{Drive, finding, inputs, opening},
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

/// Whether a fix helped cannot stand in what was gathered before it was carried out.
#[test]
fn what_was_gathered_before_a_fix_says_nothing_of_it() {
    let trees = read(&["
waypost: 1
id: t
title: T
summary: S
symptoms: [s]
start: a
probes:
  one: { file: { path: /one } }
nodes:
  a:
    ask: A?
    probe: one
    answers: [{ answer: Yes, id: good, when: present, goto: fine }, { answer: No, id: bad, when: absent, goto: gone }]
  fine: { conclude: Fine, verdict: healthy }
  gone: { conclude: Gone, verdict: cause, because: So., fix: Bring it back., verify: a/good }
"]);
    let mut opening = opening("t");
    opening.place = Place::Elsewhere;
    let mut drive = Drive::new(&trees, opening);
    let one = key("t", "one");
    let bundled = |drive: &Drive, at| Event::Pasted {
        probe: key("t", "one"),
        params: drive.hash(&key("t", "one")),
        finding: Finding {
            source: Source::Bundled,
            at,
            ..finding("present")
        },
    };
    drive.pass(10);
    let before = drive.now();
    drive.all(&["answer bad"]);
    assert_eq!(drive.session.found(&one), None);
    drive
        .apply(bundled(&drive, before))
        .expect("nothing was done yet");
    assert!(drive.session.found(&one).is_some());
    drive.all(&["applied"]);
    // What it gave before is not what it gives now.
    assert_eq!(drive.session.found(&one), None);
    let rejection = drive.apply(bundled(&drive, before));
    assert_eq!(rejection, Err(Rejection::GatheredBefore(one.clone())));
    drive.pass(10);
    let after = drive.now();
    drive
        .apply(bundled(&drive, after))
        .expect("it was gathered since");
    assert!(drive.session.found(&one).is_some());
    // An older answer does not take the place of a later one.
    drive.pass(10);
    let latest = drive.now();
    drive
        .apply(bundled(&drive, latest))
        .expect("it is of a later time");
    let rejection = drive.apply(bundled(&drive, after));
    assert_eq!(rejection, Err(Rejection::OlderThanKnown(one.clone())));
    assert_eq!(
        drive.session.found(&one).map(|found| found.at),
        Some(latest)
    );
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

/// Looking again at the bundle that a case began with does not bring back what a newer one has told otherwise.
#[test]
fn what_a_newer_bundle_told_is_not_looked_for_in_the_older_one() {
    let mut opening = opening("t");
    opening.place = Place::Bundle;
    let mut drive = Drive::new(&trees(), opening);
    drive.all(&["found one present"]);
    drive.pass(60);
    let one = key("t", "one");
    let newer = Finding {
        source: Source::Bundled,
        at: drive.now(),
        ..finding("absent")
    };
    drive
        .apply(Event::Pasted {
            probe: one.clone(),
            params: drive.hash(&one),
            finding: newer.clone(),
        })
        .expect("it is newer");
    assert_eq!(drive.stage(), "walk t/a #0 [absent -> gone]");
    let rejection = drive.apply(Event::Look);
    assert_eq!(rejection, Err(Rejection::NothingToLookAt));
    assert_eq!(drive.session.found(&one), Some(&newer));
}

/// What is pasted may tell where others look: an answer that rests on a look elsewhere is asked for anew.
#[test]
fn what_others_are_asked_with_by_newer_evidence_is_asked_anew() {
    let mut opening = opening("t");
    opening.place = Place::Bundle;
    let mut drive = Drive::new(&inputs::trees(), opening);
    drive.all(&["give dir=/opt/x"]);
    let looked = Event::ProbeFinished {
        run: drive.run("conf"),
        finding: inputs::conf("https://a.example"),
    };
    drive.apply(looked).expect("it runs");
    drive.all(&["answer there", "found reach refused", "answer not"]);
    assert_eq!(drive.stage(), "cause t/broken Concluded fix");
    let newer = |drive: &mut Drive, probe: &str, finding: Finding| {
        let probe = key("t", probe);
        let event = Event::Pasted {
            params: drive.hash(&probe),
            probe,
            finding: Finding {
                source: Source::Bundled,
                ..finding
            },
        };
        drive.apply(event).expect("it is newer");
    };
    newer(&mut drive, "conf", inputs::conf("https://b.example"));
    // The other address was not reached; of this one nothing is known yet.
    assert_eq!(drive.stage(), "walk t/b #0 [looking]");
    newer(&mut drive, "reach", finding("open"));
    assert_eq!(drive.stage(), "walk t/b #0 [open -> reached]");
}

/// Which bundles were opened, and which machines they are of, is known again from what was written down.
#[test]
fn bundles_and_their_machines_stand_in_the_transcript() {
    let parcel = |name: &str, machine: &str| Parcel {
        name: name.to_owned(),
        at: Timestamp::UNIX_EPOCH,
        machine: Some(machine.to_owned()),
        copy: None,
    };
    let mut opening = opening("t");
    opening.place = Place::Elsewhere;
    opening.parcel = Some(parcel("first", "harbour"));
    let mut drive = Drive::new(&trees(), opening);
    drive
        .apply(Event::Parcel(parcel("second", "quay")))
        .expect("a bundle always fits");
    let check = |session: &Session| {
        let parcels = session.parcels().into_iter();
        let names: Vec<&str> = parcels.map(|parcel| parcel.name.as_str()).collect();
        assert_eq!(names, ["first", "second"]);
        assert_eq!(session.machines(), ["harbour", "quay"]);
    };
    check(&drive.session);
    let again = Session::replay(
        trees(),
        drive.session.opening().clone(),
        drive.session.transcript(),
    );
    assert!(again.stopped.is_none(), "{:?}", again.stopped);
    check(&again.session);
}
