//! Cases of a probe where it is declared: what is no answer, whichever question asks.

use crate::{
    engine::{
        Event, Given, Stage,
        sketch::read,
        tests::{Drive, finding, opening},
    },
    finding::{Facts, Finding, Value},
};

const TREE: &str = "
waypost: 1
id: t
title: T
summary: S
symptoms: [s]
start: a
inputs:
  name: { ask: Which?, type: text, from: facts.one.json.name }
probes:
  one:
    http: { url: 'https://a.example/one' }
    cases: &page
      - - unknown: found.status == 429
          because: it has no room (status {{ found.status }})
        - unknown: found.json is undefined
      - unknown: found.json.name == ''
        because: 'a list without {{ found.no_such }} proves nothing'
  two:
    http: { url: 'https://a.example/two' }
    cases: *page
nodes:
  a:
    ask: Is it there?
    probe: { of: one, cases: [{ there: true }] }
    answers:
      - { answer: 'Yes', id: 'yes', when: there, goto: b }
      - { answer: 'No', id: 'no', when: refused, goto: b }
    leave: rest
    unsure: b
  b:
    ask: Is it {{ name }}?
    probe: { of: [one, two], cases: [{ same: facts.one.json.name == facts.two.json.name }, { other: true }] }
    answers:
      - { answer: 'Yes', id: 'yes', when: same, goto: fine }
      - { answer: 'No', id: 'no', when: other, goto: fine }
    unsure: fine
  fine: { conclude: Fine, verdict: healthy }
";

fn reply(status: u16, json: Option<&str>) -> Finding {
    let mut facts = Facts::from([("status".to_owned(), status.into())]);
    if let Some(json) = json {
        let json: Value = serde_json::from_str(json).expect("valid JSON in this test");
        facts.insert("json".to_owned(), json);
    }
    Finding {
        facts,
        ..finding("answered")
    }
}

fn came(drive: &mut Drive, probe: &str, finding: Finding) {
    let run = drive.run(probe);
    drive
        .apply(Event::ProbeFinished { run, finding })
        .expect("it runs");
}

#[test]
fn what_is_no_answer_answers_no_question() {
    let check = |finding: Finding, expected: &str| {
        let mut drive = Drive::new(&read(&[TREE]), opening("t"));
        came(&mut drive, "one", finding);
        assert_eq!(drive.stage(), format!("walk t/a #0 {expected}"));
    };
    let json = r#"{"name": "x"}"#;
    check(reply(200, Some(json)), "[there -> yes]");
    check(
        reply(429, Some(json)),
        "[unknown: it has no room (status 429)]",
    );
    check(
        reply(200, None),
        "[unknown: the tree leaves what was found here to a person's judgement]",
    );
    // Words that cannot be filled in are left out.
    check(
        reply(200, Some(r#"{"name": ""}"#)),
        "[unknown: the tree leaves what was found here to a person's judgement]",
    );
    // What a case needs and is not there makes it unknown, and never the next one's.
    check(
        reply(200, Some("{}")),
        "[unknown: `found.json.name` is not known]",
    );
    // Whoever shows it knows that another login may do.
    let mut drive = Drive::new(&read(&[TREE]), opening("t"));
    came(&mut drive, "one", reply(401, None));
    let Stage::Question(question) = drive.session.stage() else {
        panic!("a question")
    };
    assert!(question.asks_anew(), "{:?}", question.evidence);
    // Only what the question's own cases would refine is sifted.
    check(finding("refused"), "[refused -> no]");
    check(finding("unknown"), "[unknown: permission denied]");
}

#[test]
fn its_facts_are_as_good_as_not_there() {
    let json = r#"{"name": "x"}"#;
    let mut drive = Drive::new(&read(&[TREE]), opening("t"));
    came(&mut drive, "one", reply(429, Some(json)));
    came(&mut drive, "two", reply(200, Some(json)));
    drive.all(&["unsure"]);
    // The input is asked for: nothing says what it is.
    assert_eq!(drive.stage(), "inputs name");
    drive
        .apply(Event::Input {
            name: "name".into(),
            given: Given::Text("y".to_owned()),
        })
        .expect("a text fits");
    assert_eq!(
        drive.stage(),
        "walk t/b #0 [unknown: `one`: it has no room (status 429)]"
    );
}
