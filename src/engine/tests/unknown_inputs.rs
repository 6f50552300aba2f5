//! What is not known of an input is neither *no* nor *empty*.

use std::sync::Arc;

use crate::{
    engine::{
        Event, Given, Place, Stage,
        sketch::read,
        tests::{Drive, check_from, finding, inputs::ask, opening},
    },
    finding::{Facts, Finding},
    tree::Forest,
};

/// An input that only a case names, taken from a probe that only the input names.
const NAMED_BY_A_CASE: &str = "
waypost: 1
id: t
title: T
summary: S
symptoms: [s]
start: a
inputs:
  dir: { ask: Where?, type: directory }
  hop: { ask: Through?, type: text, INPUT, from: facts.conf.values.hop }
probes:
  conf: { config: { file: '{{ dir }}/conf', format: properties } }
  space: { file: { path: /space } }
  reach: { tcp: { host: a.example, port: 443, via: { address: '{{ hop }}', user: '{{ hop }}-user' } } }
nodes:
  a:
    ask: Which way?
    why: W
    probe:
      of: space
      cases:
        - direct: hop == ''
        - through: true
    answers:
      - { answer: Direct, when: direct, goto: b }
      - { answer: Through, when: through, goto: b }
      - { answer: Gone, when: absent, goto: b }
    unsure: b
  b:
    ask: Is it reached?
    probe: reach
    answers:
      - { answer: Reached, when: open, goto: fine }
      - { answer: Not, when: [refused, timed-out, unreachable, unresolved, proxy-refused, proxy-silent], goto: broken }
    unsure: fine
  fine: { conclude: Fine, verdict: healthy }
  broken: { conclude: Broken, verdict: cause, because: So., fix: Mend it. }
";

fn named_by_a_case(input: &str) -> Arc<Forest> {
    read(&[&NAMED_BY_A_CASE.replace("INPUT", input)])
}

fn values(outcome: &str, hop: Option<&str>) -> Finding {
    let values: Facts = hop
        .map(|hop| ("hop".to_owned(), hop.into()))
        .into_iter()
        .collect();
    Finding {
        facts: match outcome {
            "read" => Facts::from([("values".to_owned(), values.into())]),
            _ => Facts::new(),
        },
        ..finding(outcome)
    }
}

/// Walks on this machine with `dir` given; `conf` came to that.
fn with_conf(input: &str, conf: Finding) -> Drive {
    let mut drive = Drive::new(&named_by_a_case(input), opening("t"));
    drive.all(&["give dir=/d", "found space present"]);
    assert_eq!(drive.stage(), "walk t/a #0 [looking]", "{input}");
    let run = drive.run("conf");
    drive
        .apply(Event::ProbeFinished { run, finding: conf })
        .expect("it runs");
    drive
}

#[test]
fn evidence_that_says_nothing_is_no_empty_value() {
    let check = |input: &str, conf: Finding, stage: &str| {
        let drive = with_conf(input, conf);
        assert_eq!(drive.stage(), stage, "{input}");
        drive
    };
    for input in ["optional: false", "optional: true"] {
        check(
            input,
            values("read", Some("p:1")),
            "walk t/a #0 [through -> through]",
        );
        // The look failed, or did not read the file to its end: then a person is asked.
        check(input, values("unknown", None), "inputs hop");
        check(input, values("malformed", None), "inputs hop");
    }
    check(
        "optional: true",
        values("read", None),
        "walk t/a #0 [direct -> direct]",
    );
    check(
        "optional: true",
        values("read", Some(" ")),
        "walk t/a #0 [direct -> direct]",
    );
    check("optional: false", values("read", None), "inputs hop");
    check(
        "optional: true, default: ''",
        values("unknown", None),
        "inputs hop",
    );
    check(
        "optional: true, default: p:9",
        values("unknown", None),
        "walk t/a #0 [through -> through]",
    );
    let optional = || with_conf("optional: true", values("unknown", None));
    let mut drive = optional();
    assert!(ask(&drive).blank);
    drive.all(&["give hop="]);
    assert_eq!(drive.stage(), "walk t/a #0 [direct -> direct]");
    let mut drive = optional();
    drive.all(&["give hop=?"]);
    assert_eq!(drive.stage(), "walk t/a #0 [unknown: `hop` is not known]");
    // Who follows evidence takes nothing for granted.
    for input in ["optional: true", "optional: true, default: ''"] {
        let mut drive = with_conf(input, values("unknown", None));
        drive.all(&["follow", "unsure"]);
        assert_eq!(drive.stage(), "walk t/b #0 [unknown: `hop` is not known]");
    }
}

#[test]
fn on_somebody_elses_machine_the_proxy_is_asked_and_its_user_only_with_one() {
    let start = |inputs: &[&str]| {
        let mut elsewhere = opening("t");
        elsewhere.place = Place::Elsewhere;
        elsewhere.node = Some("b".into());
        let mut drive = Drive::new(&named_by_a_case("optional: true"), elsewhere);
        drive.all(inputs);
        let via = match drive.session.stage() {
            Stage::Question(question) => {
                let via = question.looks[0].request.params.get("via");
                via.map(|via| format!("{via:?}"))
            }
            _ => None,
        };
        (drive.stage(), via)
    };
    assert_eq!(start(&["give dir=/d"]).0, "inputs hop");
    assert_eq!(
        start(&["give dir=/d", "give hop="]),
        ("walk t/b #0 [not looked]".to_owned(), None)
    );
    let (stage, via) = start(&["give dir=/d", "give hop=?"]);
    assert_eq!(stage, "walk t/b #0 [not looked]");
    let via = via.expect("it is not known that there is none");
    assert!(via.contains("‹hop›") && !via.contains("user"), "{via}");
}

#[test]
fn what_an_expression_asks_for_must_have_been_looked_at() {
    let text = NAMED_BY_A_CASE.replace("INPUT", "optional: true").replace(
        "hop == ''",
        "(facts.conf.values | default('none')) == 'none'",
    );
    let check = |conf: &str, stage: &str| {
        let mut drive = Drive::new(&read(&[&text]), opening("t"));
        drive.all(&[
            "give dir=/d",
            "found space present",
            &format!("found conf {conf}"),
        ]);
        assert_eq!(drive.stage(), stage, "{conf}");
    };
    check("read", "walk t/a #0 [direct -> direct]");
    check(
        "unknown",
        "walk t/a #0 [unknown: `conf`: permission denied]",
    );
}

#[test]
fn a_value_that_is_gone_is_not_taken_from_before_the_fix() {
    let text = NAMED_BY_A_CASE
        .replace("INPUT", "optional: true")
        .replace("unsure: b", "unsure: mend")
        .replace("  fine:", "  mend: { do: Mend it., goto: a }\n  fine:");
    let start = |after: Finding| {
        let mut drive = Drive::new(&read(&[&text]), opening("t"));
        drive.all(&["give dir=/d", "found space present"]);
        for finding in [values("read", Some("p:1")), after] {
            let run = drive.run("conf");
            drive
                .apply(Event::ProbeFinished { run, finding })
                .expect("it runs");
            if drive.session.generation() == 0 {
                drive.all(&["unsure", "done", "found space present"]);
            }
        }
        drive.stage()
    };
    assert_eq!(
        start(values("read", None)),
        "walk t/a #1 [direct -> direct]"
    );
    assert_eq!(
        start(values("unknown", None)),
        "walk t/a #1 [through -> through]"
    );
}

#[test]
fn optional_inputs_that_have_no_empty_value_are_not_known() {
    for (ty, condition, answer) in [
        ("yes-no", "hop", "no"),
        ("choice, of: { a: A, b: B }", "hop == 'a'", "b"),
    ] {
        let text = NAMED_BY_A_CASE
            .replace(
                "type: text, INPUT, from: facts.conf.values.hop",
                &format!("type: {ty}, optional: true"),
            )
            .replace("hop == ''", condition);
        let mut drive = Drive::new(&read(&[&text]), opening("t"));
        drive.all(&["found space present"]);
        assert_eq!(
            drive.stage(),
            "walk t/a #0 [unknown: `hop` is not known]",
            "{ty}"
        );
        drive.say("give hop=").expect_err("it is none of them");
        drive.all(&[&format!("give hop={answer}")]);
        assert_eq!(drive.stage(), "walk t/a #0 [through -> through]", "{ty}");
    }
}

#[test]
fn a_value_ahead_that_does_not_fit_is_asked_for_an_optional_input_too() {
    let mut given = opening("t");
    given
        .inputs
        .insert("hop".into(), Given::Text("a\nb".to_owned()));
    let text = NAMED_BY_A_CASE.replace("INPUT, from: facts.conf.values.hop", "optional: true");
    check_from(
        &read(&[&text]),
        given,
        &["found space present"],
        "inputs hop",
    );
}
