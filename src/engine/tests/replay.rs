use crate::{
    engine::{
        Effect, Entry, Event, Session, Stage,
        sketch::read,
        tests::{Drive, finding, opening},
    },
    finding::{Evidence, Finding},
};

const TREE: &str = "
waypost: 1
id: t
title: T
summary: S
symptoms: [s]
start: a
inputs:
  dir: { ask: Where?, type: directory, suggest: ['/opt/*'] }
probes:
  conf: { file: { path: '{{ dir }}/conf' } }
  size: { file: { path: '{{ dir }}/size' } }
nodes:
  a:
    ask: Is it there?
    probe: conf
    answers: [{ answer: There, when: present, goto: b }, { answer: Gone, when: absent, goto: broken }]
  b:
    ask: Is it up?
    probe: size
    answers: [{ answer: Up, when: present, goto: fine }, { answer: Down, when: absent, goto: act }]
  act: { do: Turn it, goto: a }
  fine: { conclude: Fine, verdict: healthy }
  broken: { conclude: Broken, verdict: cause, because: So., fix: Mend it. }
";

fn driven(script: &[&str]) -> Drive {
    let mut drive = Drive::new(&read(&[TREE]), opening("t"));
    drive.all(script);
    drive
}

const SCRIPT: &[&str] = &[
    "paths dir /opt/x",
    "give dir=/opt/x",
    "found conf present",
    "answer there",
    "answer down",
    "done",
    "back",
    "back",
    "answer down",
    "found conf absent",
];

/// The ids of the runs that effects start, and those that they cancel.
fn runs(effects: &[Effect]) -> Vec<u64> {
    let runs = effects.iter().filter_map(|effect| match effect {
        Effect::StartProbe { run, .. } | Effect::Suggest { run, .. } => Some(run.0),
        _ => None,
    });
    runs.collect()
}

#[test]
fn a_renewed_session_is_the_same_and_its_runs_are_others() {
    for length in 0..=SCRIPT.len() {
        let drive = driven(&SCRIPT[..length]);
        let old = &drive.session;
        let now = old.opening().at + jiff::SignedDuration::from_secs(60);
        let trees = old.forest().clone();
        let renewed = old.renew(trees.clone(), (true, false), old.transcript(), now);
        assert_eq!(renewed.stopped, None);
        assert_eq!(renewed.session.transcript(), old.transcript());
        assert_eq!(renewed.session.path(), old.path());
        let given = drive.runs.iter().map(|(run, _)| run.0).max().unwrap_or(0);
        let started = runs(&renewed.effects);
        assert!(
            started.iter().all(|run| *run > given),
            "{length}: {started:?} after {given}"
        );
        assert!(started.len() >= drive.runs.len(), "{length}");
        // What is not agreed to any more looks at nothing.
        let shut = old.renew(trees, (false, false), old.transcript(), now);
        assert_eq!(runs(&shut.effects), [] as [u64; 0], "{length}");
        assert_eq!(shut.session.path(), old.path());
    }
}

/// A tree that was saved in the middle of a change, and then right again.
#[test]
fn what_did_not_fit_for_a_moment_comes_back() {
    let drive = driven(SCRIPT);
    let whole = drive.session.transcript();
    let wrong = TREE.replace(
        "goto: b }, { answer: Gone",
        "goto: broken }, { answer: Gone",
    );
    let stopped = drive.session.reload(read(&[&wrong]));
    assert!(stopped.stopped.is_some());
    assert!(stopped.session.transcript().len() < whole.len());
    let right = stopped.session.reload_from(read(&[TREE]), whole);
    assert_eq!(right.stopped, None);
    assert_eq!(right.session.transcript(), whole);
    assert_eq!(right.session.path(), drive.session.path());
}

#[test]
fn a_transcript_makes_the_same_session_again() {
    for length in 0..=SCRIPT.len() {
        let drive = driven(&SCRIPT[..length]);
        let json =
            serde_json::to_string(drive.session.transcript()).expect("a transcript is plain data");
        assert!(
            !json.contains("run"),
            "run ids never reach the transcript: {json}"
        );
        let read_back: Vec<Entry> = serde_json::from_str(&json).expect("what was written is read");
        let again = Session::replay(drive.session.forest().clone(), opening("t"), &read_back);
        assert_eq!(again.stopped, None);
        assert_eq!(again.session.transcript(), drive.session.transcript());
        assert_eq!(again.session.path(), drive.session.path());
        assert_eq!(
            format!("{:?}", again.session.stage()),
            format!("{:?}", drive.session.stage()),
            "{length}"
        );
        // The runs that it waits for are begun again.
        assert_eq!(again.effects.len(), drive.runs.len(), "{length}");
    }
}

#[test]
fn a_changed_tree_keeps_what_still_fits() {
    let check = |from: &str, to: &str, stage: &str, stopped: Option<&str>| {
        assert!(TREE.contains(from));
        let drive = driven(&SCRIPT[..6]);
        assert_eq!(drive.stage(), "walk t/a #1 [looking]");
        let reloaded = drive.session.reload(read(&[&TREE.replace(from, to)]));
        let mut changed = Drive::new(drive.session.forest(), opening("t"));
        changed.session = reloaded.session;
        let why = reloaded
            .stopped
            .map(|stopped| format!("{}: {}", stopped.entry, stopped.why));
        assert_eq!(
            (changed.stage().as_str(), why.as_deref()),
            (stage, stopped),
            "{from} -> {to}"
        );
        (drive, reloaded.effects)
    };
    let here = "walk t/a #1 [looking]";
    // Another text: nothing is lost, and runs go on under their ids.
    let (drive, effects) = check("Is it up?", "Is it on?", here, None);
    assert!(effects.is_empty(), "{effects:?}");
    assert_eq!(drive.runs.len(), 2);
    // A probe with other parameters is begun anew, the other one goes on.
    let (_, effects) = check("{{ dir }}/size", "{{ dir }}/other", here, None);
    let kinds: Vec<&str> = effects
        .iter()
        .map(|effect| match effect {
            Effect::StartProbe { request, .. } => request.key.name.as_str(),
            Effect::CancelProbe { .. } => "cancel",
            _ => "?",
        })
        .collect();
    assert_eq!(kinds, ["cancel", "size"]);
    // An answer that is not there any more ends it, at that question.
    check(
        "answer: Down, when",
        "answer: Off, when",
        "walk t/b #0 [looking]",
        Some("4: the question has no answer `down`"),
    );
    check(
        "act: { do: Turn it, goto: a }\n",
        "act: { do: Turn it, goto: a }\n  other: { conclude: O, verdict: healthy }\n",
        here,
        None,
    );
    check(
        "when: absent, goto: act",
        "when: absent, goto: broken",
        "cause t/broken Concluded fix",
        Some("5: the walk now comes to `t/broken`"),
    );
}

#[test]
fn what_was_written_down_stands_even_where_evidence_lost_its_point() {
    let mut drive = driven(&SCRIPT[..4]);
    let mut transcript = drive.session.transcript().to_vec();
    drive.all(&["answer down"]);
    // The finding comes back without its outcome, as if a case could not be evaluated on what was masked.
    let found = transcript
        .iter()
        .position(|entry| format!("{entry:?}").contains("Found"))
        .expect("one finding");
    let masked = Finding {
        evidence: vec![Evidence::plain("x")],
        ..finding("unknown")
    };
    transcript[found].record = crate::engine::Record::Found {
        probe: match &transcript[found].record {
            crate::engine::Record::Found { probe, .. } => probe.clone(),
            _ => panic!("a finding"),
        },
        params: match &transcript[found].record {
            crate::engine::Record::Found { params, .. } => params.clone(),
            _ => panic!("a finding"),
        },
        finding: masked.into(),
    };
    let again = Session::replay(drive.session.forest().clone(), opening("t"), &transcript);
    let mut other = Drive::new(drive.session.forest(), opening("t"));
    other.session = again.session;
    assert_eq!(other.path(), "a=there observed");
    assert_eq!(other.session.transcript(), transcript);
}

#[test]
fn notes_stay_with_their_step() {
    let mut drive = driven(&SCRIPT[..4]);
    let note = |step, text: &str| Event::Note {
        step,
        text: text.to_owned(),
    };
    drive
        .apply(note(Some(0), "customer says so"))
        .expect("there is a step 0");
    drive
        .apply(note(None, "to be asked tomorrow"))
        .expect("a note at the stage");
    drive.all(&["answer up"]);
    let notes: Vec<&[String]> = drive
        .session
        .path()
        .iter()
        .map(|step| &step.notes[..])
        .collect();
    assert_eq!(
        notes,
        [
            ["customer says so".to_owned()],
            ["to be asked tomorrow".to_owned()]
        ]
    );
    assert_eq!(
        drive
            .apply(note(None, " "))
            .expect_err("it is empty")
            .to_string(),
        "a note has no text"
    );
}

/// An answer that was read from evidence stands as long as the evidence says it.
#[test]
fn an_answer_whose_evidence_is_another_one_now_is_read_anew() {
    let script = [
        "give dir=/opt/x",
        "found conf present",
        "answer there",
        "found size present",
    ];
    let check = |script: &[&str], tree: &str, expected: Option<(usize, &str)>, stage: &str| {
        let drive = driven(script);
        let again = drive.session.reload(read(&[tree]));
        let stopped = again.stopped.as_ref();
        assert_eq!(
            stopped.map(|stopped| (stopped.entry, stopped.why.as_str())),
            expected
        );
        let Stage::Question(question) = again.session.stage() else {
            panic!("a question")
        };
        assert_eq!(question.spot.to_string(), stage);
    };
    check(&script, TREE, None, "t/b");
    let other = TREE.replace("}}/conf", "}}/config");
    let why = "what it was read from is looked for in another way now";
    check(&script, &other, Some((2, why)), "t/a");
    // Before it was answered nothing is lost by that.
    check(&script[..2], &other, None, "t/a");
    let swapped = TREE
        .replace("There, when: present", "There, when: ABSENT")
        .replace("Gone, when: absent", "Gone, when: present")
        .replace("ABSENT", "absent");
    let why = "what was found means another answer now";
    check(&script, &swapped, Some((2, why)), "t/a");
    // A probe that says nothing of the answers that were given.
    check(&script, &TREE.replace("}}/size", "}}/sizes"), None, "t/b");
    // What a person said stands.
    let said = ["give dir=/opt/x", "found conf absent", "answer there"];
    check(&said, &other, None, "t/b");
    check(&said, &swapped, None, "t/b");
}
