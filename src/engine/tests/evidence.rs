use std::sync::Arc;

use crate::{
    engine::{
        Event, Place, Stage, StepKind,
        sketch::{self, read},
        tests::{Drive, check, check_from, finding, opening},
    },
    finding::{Facts, Finding, Reason, Source, Value},
    tree::{Forest, Origin, Verdict},
};

const TREE: &str = "
waypost: 1
id: t
title: T
summary: S
symptoms: [s]
start: a
inputs:
  dir: { ask: Where?, type: text }
probes:
  conf:
    file: { path: /etc/conf }
  other:
    file: { path: '/etc/{{ facts.conf.path }}' }
nodes:
  a:
    ask: Is it there?
    why: It matters.
    probe: conf
    answers:
      - { answer: There, when: present, goto: b, note: 'it is `{{ found.path }}`' }
      - { answer: Gone, when: absent, goto: broken }
    unsure: b
  b:
    ask: Is the other big?
    why: It matters.
    probe:
      of: other
      cases:
        - unknown: found.folder
        - big: found.size_bytes > 10
        - small: found.size_bytes < 5
    answers:
      - { answer: Big, when: big, goto: fine }
      - { answer: Small, when: small, goto: broken }
      - { answer: Not there, id: none, when: absent, goto: broken }
  fine: { conclude: Fine, verdict: healthy }
  broken: { conclude: Broken, verdict: cause, because: So., fix: Mend it. }
";

fn trees() -> Arc<Forest> {
    read(&[TREE])
}

pub(super) fn with(outcome: &str, facts: &[(&str, Value)]) -> Finding {
    let facts: Facts = facts
        .iter()
        .map(|(name, value)| ((*name).to_owned(), value.clone()))
        .collect();
    Finding {
        facts,
        ..finding(outcome)
    }
}

/// The session with both probes found.
fn both(other: Finding) -> Drive {
    let mut drive = Drive::new(&trees(), opening("t"));
    let run = drive.run("conf");
    let conf = with("present", &[("path", "x".into())]);
    drive
        .apply(Event::ProbeFinished { run, finding: conf })
        .expect("it runs");
    let run = drive.run("other");
    drive
        .apply(Event::ProbeFinished {
            run,
            finding: other,
        })
        .expect("it runs, since what it needs is there");
    drive
}

#[test]
fn evidence_points_and_the_person_answers() {
    let trees = trees();
    let check = |script: &[&str], stage| check(&trees, script, stage);
    check(&[], "walk t/a #0 [looking]");
    check(&["found conf absent"], "walk t/a #0 [absent -> gone]");
    check(
        &["found conf unknown"],
        "walk t/a #0 [unknown: permission denied]",
    );
    check(&["answer gone"], "cause t/broken Concluded fix");
    check(
        &["found conf absent", "follow"],
        "cause t/broken Concluded fix",
    );
    // An outcome that no answer stands for is left to the person.
    check(&["found conf strange"], "walk t/a #0 [strange -> nothing]");
}

#[test]
fn cases_are_read_from_the_top_and_a_missing_value_is_unknown() {
    let check = |other: Finding, evidence: &str| {
        let mut drive = both(other);
        drive.all(&["answer there"]);
        assert_eq!(drive.stage(), format!("walk t/b #0 [{evidence}]"));
    };
    let size = |size: i64| {
        with(
            "present",
            &[("folder", false.into()), ("size_bytes", size.into())],
        )
    };
    check(size(11), "big -> big");
    check(size(4), "small -> small");
    check(size(7), "unknown: no case holds");
    check(with("absent", &[]), "absent -> none");
    check(
        with("present", &[("folder", true.into())]),
        "unknown: the tree leaves what was found here to a person's judgement",
    );
    check(finding("unknown"), "unknown: permission denied");
    let mut drive = both(with("present", &[("size_bytes", 4_i64.into())]));
    drive.all(&["answer there"]);
    let Stage::Question(question) = drive.session.stage() else {
        panic!("a question")
    };
    let crate::engine::EvidenceView::Unknown(why) = &question.evidence else {
        panic!("a missing value is unknown")
    };
    assert_eq!(why.reason, Reason::Expression);
    assert!(why.detail.contains("found.folder"), "{}", why.detail);
}

#[test]
fn probes_that_lie_ahead_run_before_their_question() {
    let mut drive = Drive::new(&trees(), opening("t"));
    // The other one needs a fact of the first.
    assert_eq!(
        drive
            .runs
            .iter()
            .map(|(_, name)| name.as_str())
            .collect::<Vec<_>>(),
        ["conf"]
    );
    let run = drive.run("conf");
    let conf = with("present", &[("path", "x".into())]);
    drive
        .apply(Event::ProbeFinished { run, finding: conf })
        .expect("it runs");
    assert_eq!(drive.stage(), "walk t/a #0 [present -> there]");
    assert_eq!(
        drive
            .runs
            .iter()
            .map(|(_, name)| name.as_str())
            .collect::<Vec<_>>(),
        ["other"]
    );
    let Stage::Question(question) = drive.session.stage() else {
        panic!("a question")
    };
    let crate::engine::EvidenceView::Found {
        note: Some(note), ..
    } = &question.evidence
    else {
        panic!("a note")
    };
    assert_eq!(note.markdown, "it is `x`");
}

#[test]
fn a_fact_that_is_not_there_makes_what_needs_it_unknown() {
    let mut drive = Drive::new(&trees(), opening("t"));
    drive.all(&["found conf unknown", "answer there"]);
    assert!(drive.runs.is_empty());
    assert!(
        drive.stage().starts_with("walk t/b #0 [unknown: "),
        "{}",
        drive.stage()
    );
}

#[test]
fn the_source_is_the_evidences_where_it_agrees() {
    let path = |script: &[&str], expected: &str| {
        let mut drive = Drive::new(&trees(), opening("t"));
        drive.all(script);
        assert_eq!(drive.path(), expected, "{script:?}");
    };
    path(&["found conf absent", "answer gone"], "a=gone observed");
    path(&["found conf absent", "answer there"], "a=there  !");
    path(&["answer gone"], "a=gone");
    // A result that comes after the answer is kept, and shows where it disagrees.
    path(&["answer there", "found conf absent"], "a=there  !");
    path(&["answer gone", "found conf absent"], "a=gone");
    path(&["skip"], "a=?  skipped");
}

#[test]
fn late_and_foreign_results_are_inert() {
    let mut drive = Drive::new(&trees(), opening("t"));
    drive.all(&["stop"]);
    assert_eq!(drive.stage(), "walk t/a #0 [unknown: the look was stopped]");
    let before = format!("{:?}", drive.session);
    let run = drive.ended[0];
    let late = drive.apply(Event::ProbeFinished {
        run,
        finding: finding("absent"),
    });
    assert_eq!(
        late.expect_err("it was stopped").to_string(),
        "run 1 is not awaited"
    );
    assert_eq!(format!("{:?}", drive.session), before);
    drive.all(&["look"]);
    assert_eq!(drive.stage(), "walk t/a #0 [looking]");
    assert_eq!(
        drive.say("look").expect_err("it looks").to_string(),
        "it is being looked at already"
    );
    drive.all(&["found conf present"]);
    assert_eq!(drive.stage(), "walk t/a #0 [present -> there]");
}

#[test]
fn looking_again_drops_what_was_found() {
    let trees = trees();
    check(
        &trees,
        &["found conf absent", "look"],
        "walk t/a #0 [looking]",
    );
    check(
        &trees,
        &["found conf absent", "look", "found conf present"],
        "walk t/a #0 [present -> there]",
    );
}

#[test]
fn somewhere_else_nothing_is_probed_but_pasted_evidence_counts() {
    let mut opening = opening("t");
    opening.place = Place::Elsewhere;
    let mut drive = Drive::new(&trees(), opening);
    assert!(drive.runs.is_empty());
    assert_eq!(drive.stage(), "walk t/a #0 [not looked]");
    let Stage::Question(question) = drive.session.stage() else {
        panic!("a question")
    };
    let request = question.looks[0].request.clone();
    assert!(!question.looks[0].runs_here);
    assert_eq!(request.params.get("path"), Some(&"/etc/conf".into()));
    let pasted = Finding {
        source: Source::Pasted,
        ..finding("absent")
    };
    drive
        .apply(Event::Pasted {
            probe: request.key.clone(),
            params: request.hash.clone(),
            finding: pasted,
        })
        .expect("the question uses it");
    drive.all(&["answer gone"]);
    assert_eq!(drive.path(), "a=gone pasted");
}

#[test]
fn a_tree_that_was_not_agreed_to_runs_nothing() {
    let mut opening = opening("t");
    opening.trusted = false;
    check_from(
        &trees(),
        opening,
        &[],
        "walk t/a #0 [unknown: the tree was not agreed to]",
    );
}

#[test]
fn programs_run_only_where_that_was_agreed_to_and_never_ahead() {
    let trees = read(&["
waypost: 1
id: t
title: T
summary: S
symptoms: [s]
start: a
probes:
  run: { command: { run: [uname] } }
nodes:
  a:
    ask: A?
    why: W
    answers: [{ answer: Go, goto: b }, { answer: Stay, goto: fine }]
  b:
    ask: B?
    probe: run
    answers: [{ answer: Ran, when: exited, goto: fine }, { answer: Not, when: missing, goto: fine }]
  fine: { conclude: Fine, verdict: healthy }
"]);
    check(
        &trees,
        &["answer go"],
        "walk t/b #0 [unknown: running programs was not agreed to]",
    );
    let mut agreed = opening("t");
    agreed.commands = true;
    let mut drive = Drive::new(&trees, agreed);
    assert!(drive.runs.is_empty());
    drive.all(&["answer go"]);
    assert_eq!(drive.stage(), "walk t/b #0 [looking]");
}

#[test]
fn a_new_generation_makes_findings_stale() {
    let trees = read(&["
waypost: 1
id: t
title: T
summary: S
symptoms: [s]
start: a
probes:
  conf: { file: { path: /one } }
nodes:
  a:
    ask: Is it there?
    probe: conf
    answers: [{ answer: There, when: present, goto: fine }, { answer: Gone, when: absent, goto: act }]
  act: { do: Put it there, goto: a }
  fine: { conclude: Fine, verdict: healthy }
"]);
    let mut drive = Drive::new(&trees, opening("t"));
    drive.all(&["answer gone", "done"]);
    // The run of the generation before is superseded, and another one began.
    assert_eq!((drive.ended.len(), drive.runs.len()), (1, 1));
    assert_eq!(drive.stage(), "walk t/a #1 [looking]");
    drive.all(&["found conf present", "answer there"]);
    assert_eq!(drive.path(), "a=gone, act done, a=there observed");
    let steps = drive.session.path();
    let outcome = |at: usize| match &steps[at].kind {
        StepKind::Question { outcome, .. } => outcome.clone(),
        _ => None,
    };
    assert_eq!((outcome(0), outcome(2)), (None, Some("present".into())));
}

/// A kind that this program does not have may do anything: it is taken for one that runs programs and sends.
#[test]
fn a_kind_that_is_unknown_is_refused() {
    let strange = |path: &str| {
        let mut tree = sketch::with_probe(
            sketch::tree(
                "t",
                vec![
                    ("a", sketch::ask(Some("p"), &["x:present>e"])),
                    ("e", sketch::end(Verdict::Healthy)),
                ],
            ),
            "p",
            path,
        );
        tree.probes["p"].kind = "strange";
        tree.inputs.insert("hop".into(), {
            let mut input = sketch::input("hop");
            input.from = Some(sketch::expression("'x'"));
            input
        });
        tree.origin = Origin::File("t.yaml".to_owned());
        sketch::forest(vec![tree])
    };
    let drive = Drive::new(&strange("/p"), opening("t"));
    assert_eq!(
        (drive.stage().as_str(), drive.runs.len()),
        (
            "walk t/a #0 [unknown: running programs was not agreed to]",
            0
        )
    );
    let Stage::Question(question) = drive.session.stage() else {
        panic!("a question")
    };
    assert!(!question.looks[0].runs_here);
    // Nothing is sent to an address that nobody confirmed.
    let mut commands = opening("t");
    commands.commands = true;
    check_from(&strange("{{ hop }}"), commands, &[], "inputs hop");
}
