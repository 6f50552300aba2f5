//! Inputs that are given anew after something was read with the old ones.

use crate::{
    engine::{
        Event, Stage, StepKind,
        sketch::read,
        tests::{Drive, finding, inputs::trees, opening},
    },
    finding::{Evidence, Finding, InputName},
};

/// What an answer was read from may be looked for elsewhere, once an input is given anew.
#[test]
fn an_input_that_is_given_anew_leads_back_to_what_was_read_with_the_old_one() {
    let script = [
        "give dir=/opt/x",
        "found conf present",
        "answer there",
        "give site=https://a.example",
        "found reach open",
        "answer reached",
    ];
    let mut drive = Drive::new(&trees(), opening("t"));
    drive.all(&script);
    assert_eq!(drive.stage(), "inputs shade");
    drive.all(&["give shade=red", "give dir=/opt/y"]);
    assert_eq!(drive.stage(), "walk t/a #0 [looking]");
    // Nobody is led on by what was read in the other folder.
    drive.all(&["found conf absent"]);
    assert_eq!(drive.stage(), "walk t/a #0 [absent -> gone]");
    let Stage::Question(question) = drive.session.stage() else {
        panic!("a question")
    };
    assert_eq!(question.given, None, "Enter would take it");
    drive.all(&["answer gone"]);
    assert_eq!(drive.stage(), "cause t/broken Concluded fix");

    // What is found there as well leads on, over the answers that do not rest on the input.
    let mut drive = Drive::new(&trees(), opening("t"));
    drive.all(&script);
    drive.all(&[
        "give shade=red",
        "give dir=/opt/y",
        "found conf present",
        "answer there",
    ]);
    assert_eq!(drive.stage(), "walk t/c #0");
    // Both rest on it now: one after the other.
    drive.all(&["give site=https://b.example", "give dir=/opt/z"]);
    assert_eq!(drive.stage(), "walk t/a #0 [looking]");
    drive.all(&["found conf present"]);
    drive.all(&["answer there"]);
    assert_eq!(drive.stage(), "walk t/b #0 [looking]");
    drive.all(&["found reach open", "answer reached"]);
    assert_eq!(drive.stage(), "walk t/c #0");

    // What a person said stands.
    let mut drive = Drive::new(&trees(), opening("t"));
    drive.all(&["give dir=/opt/x", "found conf absent", "answer there"]);
    drive.all(&["give dir=/opt/y"]);
    assert_eq!(drive.stage(), "walk t/b #0 [looking]");
}

/// What was done was done with what was given then: neither the fix that was carried out nor the answer that led there is
/// told with an input that was given afterwards. Back before the fix, what was given there stands again.
#[test]
fn what_is_given_after_a_fix_says_nothing_of_the_time_before() {
    let trees = read(&["
waypost: 1
id: t
title: T
summary: S
symptoms: [s]
start: a
inputs:
  dir: { ask: Where?, type: directory }
probes:
  conf: { file: { path: '{{ dir }}/conf' } }
nodes:
  a:
    ask: Is there a file in {{ dir }}?
    probe: conf
    answers:
      - { answer: There, when: present, goto: fine }
      - { answer: 'Gone', when: absent, goto: broken, note: 'There is none in {{ dir }}.' }
    unsure: fine
  fine: { conclude: Fine, verdict: healthy }
  broken:
    conclude: The file is gone
    verdict: cause
    because: 'There is none in {{ dir }}.'
    fix: 'Copy it to {{ dir }}.'
    verify: a/there
"]);
    let mut drive = Drive::new(&trees, opening("t"));
    let found = |drive: &mut Drive, outcome: &str, line: &str| {
        let run = drive.run("conf");
        let finding = Finding {
            evidence: vec![Evidence::plain(line)],
            ..finding(outcome)
        };
        let found = drive.apply(Event::ProbeFinished { run, finding });
        found.expect("it is awaited");
    };
    drive.all(&["give dir=/opt/x"]);
    found(&mut drive, "absent", "nothing in x");
    drive.all(&["answer gone", "applied"]);
    found(&mut drive, "absent", "still nothing in x");
    drive.all(&["give dir=/opt/y"]);
    assert_eq!(drive.stage(), "verify t/a #1 [looking]");
    let told = |drive: &Drive| {
        let step = &drive.session.path()[0];
        let StepKind::Question { outcome, .. } = &step.kind else {
            panic!("a question")
        };
        let note = drive.session.answer_note(step).map(|note| note.markdown);
        (step.text.markdown.clone(), outcome.clone(), note)
    };
    let before = (
        "Is there a file in /opt/x?".to_owned(),
        Some("absent".into()),
        Some("There is none in /opt/x.".to_owned()),
    );
    assert_eq!(told(&drive), before);
    found(&mut drive, "present", "a file in y");
    drive.all(&["answer there"]);
    assert_eq!(drive.stage(), "cause t/broken Concluded fixed");
    let Stage::Conclusion(end) = drive.session.stage() else {
        panic!("a conclusion")
    };
    let fix = end.fix.as_ref().map(|fix| fix.markdown.as_str());
    assert_eq!(fix, Some("Copy it to /opt/x."));
    let value = |drive: &Drive| drive.session.values().get(&InputName::new("dir")).cloned();
    assert_eq!(value(&drive), Some("/opt/y".into()));

    // The look that was made before the other folder was given is no proof of the check's answer.
    let steps = drive.session.path().iter();
    let proofs = steps.filter(|step| matches!(step.kind, StepKind::Question { .. }));
    let lines = proofs.map(|step| {
        let proof = drive.session.evidence(step).into_iter();
        proof.map(|line| line.text).collect::<Vec<_>>()
    });
    let expected = ["nothing in x", "a file in y"].map(|line| vec![line.to_owned()]);
    assert_eq!(lines.collect::<Vec<_>>(), expected);

    drive.all(&["back", "back"]);
    assert_eq!(drive.stage(), "cause t/broken Concluded fix");
    assert_eq!(value(&drive), Some("/opt/x".into()));
    assert_eq!(told(&drive), before);
    // What is given there holds afterwards as well: it is the last that the person said.
    drive.all(&["give dir=/opt/z", "found conf absent", "answer gone"]);
    assert_eq!(told(&drive).0, "Is there a file in /opt/z?");
    assert_eq!(drive.stage(), "verify t/a #1 [looking]");
    assert_eq!(value(&drive), Some("/opt/z".into()));
}
