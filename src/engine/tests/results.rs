use crate::{
    engine::{
        GivenAnswer, VerdictName,
        sketch::read,
        tests::{Drive, opening},
    },
    tree::Forest,
};

const TREE: &str = "
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
    how: Look.
    probe: conf
    answers: [{ answer: There, when: present, goto: b }, { answer: Gone, when: absent, goto: broken }]
    unsure: b
  b:
    ask: Is it up?
    how: Look up.
    answers: [{ answer: Up, goto: fine }, { answer: Down, goto: broken }, { answer: Odd, goto: act }, { answer: Ask, goto: ask }]
    unsure: broken
  act: { do: Turn it, steps: Left., goto: b }
  ask: { conclude: Ask them, verdict: escalate, next: Call. }
  fine: { conclude: Fine, verdict: healthy }
  broken: { conclude: Broken, verdict: cause, because: So., fix: Mend it. }
";

#[test]
fn a_tree_that_is_not_there_is_not_called_embedded() {
    let result = Drive::new(&trees(), opening("nowhere"))
        .session
        .result(true);
    assert_eq!(
        (result.tree.id.as_str(), result.tree.origin.as_str()),
        ("nowhere", "not known")
    );
}

fn trees() -> std::sync::Arc<Forest> {
    read(&[TREE])
}

/// Follows evidence to the end.
fn headless(answers: &[&str], outcome: &str) -> Drive {
    let mut opening = opening("t");
    let given = |text: &&str| {
        let (node, answer) = text.split_once('=')?;
        let (tree, node) = node
            .split_once('/')
            .map_or((None, node), |(tree, node)| (Some(tree.into()), node));
        Some(GivenAnswer {
            tree,
            node: node.into(),
            answer: answer.into(),
        })
    };
    opening.answers = answers.iter().filter_map(given).collect();
    let mut drive = Drive::new(&trees(), opening);
    drive.all(&[&format!("found conf {outcome}")]);
    while let Some(event) = drive.session.evidence_event() {
        drive.apply(event).expect("what is to be followed fits");
    }
    drive
}

#[test]
fn headless_concludes_only_what_is_proven() {
    use VerdictName::{Cause, Escalate, Healthy, NeedsAnswer};
    let check = |answers: &[&str], outcome: &str, verdict: VerdictName, open: &[&str]| {
        let result = headless(answers, outcome).session.result(true);
        let questions: Vec<&str> = result
            .questions
            .iter()
            .map(|open| open.node.as_str())
            .collect();
        assert_eq!(
            (result.verdict, questions.as_slice()),
            (verdict, open),
            "{answers:?} {outcome}"
        );
    };
    check(&[], "absent", Cause, &[]);
    check(&[], "present", NeedsAnswer, &["b"]);
    check(&[], "unknown", NeedsAnswer, &["a", "b"]);
    check(&["b=up"], "present", Healthy, &[]);
    check(&["b=up"], "unknown", NeedsAnswer, &["a"]);
    check(&["t/b=down"], "unknown", Cause, &["a"]);
    check(&["b=ask"], "present", Escalate, &[]);
    check(&["b=ask"], "unknown", NeedsAnswer, &["a"]);
    check(&["b=odd"], "present", NeedsAnswer, &["act"]);
    // What is stated beats evidence.
    check(&["a=there", "b=up"], "absent", Healthy, &[]);
    // An answer that the question does not have is as good as not given.
    check(&["b=never", "u/b=up"], "present", NeedsAnswer, &["b"]);
}

#[test]
fn an_answer_given_ahead_is_stated_even_where_evidence_agrees() {
    assert_eq!(headless(&["a=gone"], "absent").path(), "a=gone");
    assert_eq!(headless(&[], "absent").path(), "a=gone observed");
}

#[test]
fn the_document_has_every_key_every_time() {
    let result = headless(&[], "absent").session.result(true);
    let json = serde_json::to_string_pretty(&result).expect("a result is plain data");
    let mut hash = trees();
    let hash = std::sync::Arc::make_mut(&mut hash)
        .trees()
        .next()
        .expect("one tree")
        .hash
        .clone();
    let expected = r#"{
  "schema": 1,
  "title": null,
  "ticket": null,
  "tree": {
    "id": "t",
    "hash": "HASH",
    "origin": "embedded"
  },
  "verdict": "cause",
  "verified": null,
  "conclusion": {
    "tree": "t",
    "node": "broken",
    "title": "Broken",
    "because": "So.",
    "fix": "Mend it.",
    "next": null,
    "withheld": []
  },
  "questions": [],
  "path": [
    {
      "tree": "t",
      "node": "a",
      "answer": "gone",
      "source": "observed",
      "probe": "conf",
      "outcome": "absent",
      "why": null,
      "skipped": false,
      "generation": 0
    }
  ],
  "findings": [
    {
      "probe": "conf",
      "outcome": "absent",
      "why": null,
      "facts": {},
      "evidence": [],
      "source": "observed",
      "at": "1970-01-01T00:00:01Z",
      "took_ms": 0
    }
  ]
}"#;
    assert_eq!(json, expected.replace("HASH", &hash));
    let open = headless(&[], "unknown").session.result(true);
    let json = serde_json::to_value(&open).expect("a result is plain data");
    let question = serde_json::json!(
        { "tree": "t", "node": "a", "text": "Is it there?", "answers": ["there", "gone"], "how": "Look.", "why": null }
    );
    assert_eq!(json["questions"][0], question);
    assert_eq!(json["findings"][0]["why"], "permission denied");
}

#[test]
fn a_person_gets_the_suspect_and_what_is_open() {
    let mut drive = Drive::new(&trees(), opening("t"));
    drive.all(&["found conf unknown", "unsure", "unsure", "unable"]);
    let result = drive.session.result(false);
    assert_eq!(result.verdict, VerdictName::Unresolved);
    assert_eq!(result.conclusion.map(|end| end.node), Some("broken".into()));
    assert_eq!(
        result
            .questions
            .iter()
            .map(|open| open.node.as_str())
            .collect::<Vec<_>>(),
        ["a", "b"]
    );
}
