use std::sync::Arc;

use crate::{
    engine::{
        Event, EvidenceView, Follow, Given, Place, Stage,
        sketch::read,
        tests::{Drive, check, check_from, finding, opening},
    },
    finding::{Facts, Finding, Value},
    tree::{Forest, Origin},
};

pub(super) const TREE: &str = "
waypost: 1
id: t
title: T
summary: S
symptoms: [s]
start: a
inputs:
  dir:
    ask: Where?
    type: directory
    suggest: ['/opt/*/agent']
  site:
    ask: Which address?
    type: url
    from: facts.conf.path
  note: { ask: Anything?, type: text, optional: true, default: 'in {{ dir }}' }
  shade: { ask: Which?, type: text, default: grey }
probes:
  conf: { file: { path: '{{ dir }}/conf' } }
  reach: { tcp: { host: '{{ site.host }}', port: '{{ site.port }}' } }
nodes:
  a:
    ask: Is it there?
    probe: conf
    answers:
      - { answer: There, when: present, goto: b }
      - { answer: Gone, when: absent, goto: broken }
    unsure: b
  b:
    ask: Is `{{ site.host }}` reached?
    probe: reach
    answers:
      - { answer: Reached, when: open, goto: c }
      - { answer: Not, when: [refused, timed-out, unreachable, unresolved], goto: broken }
    unsure: c
  c:
    ask: Is {{ shade }} right, {{ note }}?
    why: W
    answers: [{ answer: Right, goto: fine }, { answer: Wrong, goto: broken }]
  fine: { conclude: Fine, verdict: healthy }
  broken: { conclude: Broken, verdict: cause, because: So., fix: Mend it. }
";

pub(super) fn trees() -> Arc<Forest> {
    read(&[TREE])
}

pub(super) fn conf(path: &str) -> Finding {
    Finding {
        facts: Facts::from([("path".to_owned(), path.into())]),
        ..finding("present")
    }
}

pub(super) fn ask(drive: &Drive) -> crate::engine::InputAsk {
    let Stage::Inputs(asks) = drive.session.stage() else {
        panic!("inputs are asked, not {}", drive.stage())
    };
    asks[0].clone()
}

fn question_text(drive: &Drive) -> String {
    let Stage::Question(question) = drive.session.stage() else {
        panic!("a question")
    };
    question.ask.markdown.clone()
}

#[test]
fn an_input_is_asked_when_the_first_probe_needs_it() {
    let trees = trees();
    let check = |script: &[&str], stage| check(&trees, script, stage);
    check(&[], "inputs dir");
    check(&["give dir=/opt/x/"], "walk t/a #0 [looking]");
    check(&["give dir=?"], "walk t/a #0 [unknown: `dir` is not known]");
    let mut given = opening("t");
    given
        .inputs
        .insert("dir".into(), Given::Text("/opt/x".to_owned()));
    check_from(&trees, given, &[], "walk t/a #0 [looking]");
    let mut wrong = opening("t");
    wrong
        .inputs
        .insert("dir".into(), Given::Text("x".to_owned()));
    let drive = Drive::new(&trees, wrong);
    assert_eq!(
        ask(&drive).refused.as_deref(),
        Some("a folder's full path is expected, such as `/…`")
    );
}

#[test]
fn a_value_that_does_not_fit_is_rejected() {
    let mut drive = Drive::new(&trees(), opening("t"));
    let rejection = drive
        .say("give dir=relative")
        .expect_err("it must be rejected");
    assert_eq!(
        rejection.to_string(),
        "`dir`: a folder's full path is expected, such as `/…`"
    );
    let rejection = drive.say("give dir=*").expect_err("it is no secret");
    assert_eq!(rejection.to_string(), "`dir`: no secret is expected");
}

#[test]
fn paths_that_fit_are_offered() {
    let mut drive = Drive::new(&trees(), opening("t"));
    assert_eq!(
        drive
            .runs
            .iter()
            .map(|(_, name)| name.as_str())
            .collect::<Vec<_>>(),
        ["?dir"]
    );
    assert!(ask(&drive).looking.is_some());
    drive.all(&["paths dir /opt/x/agent"]);
    assert_eq!(
        (ask(&drive).offer.as_deref(), ask(&drive).suggestions.len()),
        (Some("/opt/x/agent"), 0)
    );
    drive.all(&["follow"]);
    assert_eq!(drive.stage(), "walk t/a #0 [looking]");
    let mut drive = Drive::new(&trees(), opening("t"));
    drive.all(&["paths dir /opt/x/agent /opt/y/agent"]);
    assert_eq!(
        (ask(&drive).offer, ask(&drive).suggestions.len()),
        (None, 2)
    );
    drive.all(&["follow"]);
    assert_eq!(drive.stage(), "walk t/a #0 [unknown: `dir` is not known]");
    let mut elsewhere = opening("t");
    elsewhere.place = Place::Elsewhere;
    assert!(Drive::new(&trees(), elsewhere).runs.is_empty());
}

#[test]
fn a_value_is_taken_from_evidence_and_asked_if_that_gives_nothing() {
    let start = || {
        let mut drive = Drive::new(&trees(), opening("t"));
        drive.all(&["give dir=/opt/x"]);
        let run = drive.run("conf");
        (drive, run)
    };
    let check = |finding: Finding, stage: &str| {
        let (mut drive, run) = start();
        drive
            .apply(Event::ProbeFinished { run, finding })
            .expect("it runs");
        drive.all(&["answer there"]);
        assert_eq!(drive.stage(), stage);
        drive
    };
    let drive = check(conf("https://a.example:8443/"), "walk t/b #0 [looking]");
    assert_eq!(question_text(&drive), "Is `a.example` reached?");
    // It was started ahead, as soon as its host was known.
    let Stage::Question(question) = drive.session.stage() else {
        panic!("a question")
    };
    assert_eq!(
        question.looks[0].request.params.get("port"),
        Some(&"8443".into())
    );
    check(conf("not an address"), "inputs site");
    check(finding("unknown"), "inputs site");
    // While it is looked for, the person is not held up.
    let (mut drive, _) = start();
    drive.all(&["answer there"]);
    assert_eq!(drive.stage(), "walk t/b #0 [looking]");
    assert_eq!(question_text(&drive), "Is `‹site.host›` reached?");
}

#[test]
fn a_derived_address_is_confirmed_where_the_tree_is_not_embedded() {
    let trees = trees();
    let mut tree = (**trees.trees().next().expect("one tree")).clone();
    tree.origin = Origin::File("t.yaml".to_owned());
    let trees = Arc::new(Forest::new([Arc::new(tree)]));
    let mut drive = Drive::new(&trees, opening("t"));
    drive.all(&["give dir=/opt/x"]);
    let run = drive.run("conf");
    drive
        .apply(Event::ProbeFinished {
            run,
            finding: conf("https://a.example/"),
        })
        .expect("it runs");
    assert!(
        !drive.runs.iter().any(|(_, name)| name == "reach"),
        "nothing is sent ahead"
    );
    drive.all(&["answer there"]);
    assert_eq!(drive.stage(), "inputs site");
    assert_eq!(
        (ask(&drive).offer.as_deref(), ask(&drive).confirm),
        (Some("https://a.example/"), true)
    );
    assert_eq!(ask(&drive).comes_from.as_deref(), Some("facts.conf.path"));
    // Whoever follows evidence alone confirms nothing.
    assert_eq!(drive.session.follow(), Follow::Over);
    drive.all(&["give site=https://a.example/"]);
    assert_eq!(drive.stage(), "walk t/b #0 [looking]");
}

#[test]
fn optional_inputs_are_never_asked_and_defaults_are_offered() {
    let mut drive = Drive::new(&trees(), opening("t"));
    drive.all(&[
        "give dir=/opt/x",
        "unsure",
        "give site=https://a.example",
        "unsure",
    ]);
    assert_eq!(drive.stage(), "inputs shade");
    assert_eq!(ask(&drive).offer.as_deref(), Some("grey"));
    drive.all(&["follow"]);
    assert_eq!(question_text(&drive), "Is grey right, in /opt/x?");
}

#[test]
fn an_input_that_is_given_anew_is_looked_at_anew() {
    let mut drive = Drive::new(&trees(), opening("t"));
    drive.all(&["give dir=/opt/x", "found conf absent", "give dir=/opt/y"]);
    assert_eq!(drive.stage(), "walk t/a #0 [looking]");
    // A run with the old value is superseded.
    drive.all(&["give dir=/opt/z"]);
    assert_eq!(
        (
            drive.ended.len(),
            drive.runs.iter().filter(|(_, name)| name == "conf").count()
        ),
        (1, 1)
    );
    // What was found with a value stands where the value is given again.
    drive.all(&["give dir=/opt/x"]);
    assert_eq!(drive.stage(), "walk t/a #0 [absent -> gone]");
}

const LOGIN: &str = "
waypost: 1
id: t
title: T
summary: S
symptoms: [s]
start: a
inputs:
  site: { ask: Which?, type: url }
  user: { ask: Who?, type: text, optional: true }
  word: { ask: Password?, type: secret, for: site }
probes:
  api:
    http: { url: '{{ site }}', login: { user: '{{ user }}', password: '{{ word }}' } }
    at: anywhere
nodes:
  a:
    ask: Does it answer?
    probe: api
    answers:
      - { answer: Answers, id: good, when: answered, goto: fine }
      - { answer: Not, when: [refused, timed-out, unreachable, unresolved, tls-failed], goto: fine }
    unsure: fine
  fine: { conclude: Fine, verdict: healthy }
";

#[test]
fn a_login_is_tried_once_for_each_explicit_look() {
    let trees = read(&[LOGIN]);
    let mut given = opening("t");
    given
        .inputs
        .insert("site".into(), Given::Text("https://a.example".to_owned()));
    given
        .inputs
        .insert("user".into(), Given::Text("joe".to_owned()));
    let mut drive = Drive::new(&trees, given.clone());
    drive.all(&["look"]);
    assert_eq!(
        (drive.stage().as_str(), drive.runs.len()),
        ("inputs word", 0)
    );
    assert_eq!(ask(&drive).secret_for.as_deref(), Some("https://a.example"));
    drive.all(&["give word=*"]);
    assert_eq!(
        (drive.stage().as_str(), drive.runs.len()),
        ("walk t/a #0 [not looked, may]", 0)
    );
    drive.all(&["look"]);
    assert_eq!(
        (drive.stage().as_str(), drive.runs.len()),
        ("walk t/a #0 [looking]", 1)
    );
    let Stage::Question(question) = drive.session.stage() else {
        panic!("a question")
    };
    let login = question.looks[0]
        .request
        .params
        .get("login")
        .expect("the login stands in the request");
    let secret: Value = Facts::from([("secret".to_owned(), "word".into())]).into();
    assert_eq!(login.get("password"), Some(&secret));
    assert_eq!(
        question.looks[0].request.secrets[0].only_for.as_deref(),
        Some("https://a.example")
    );
    drive.all(&["found api unknown"]);
    assert_eq!(
        (drive.stage().as_str(), drive.runs.len()),
        ("walk t/a #0 [unknown: permission denied]", 0)
    );
    // Headless looks once and then goes on.
    given.inputs.insert("word".into(), Given::Secret);
    let mut drive = Drive::new(&trees, given.clone());
    drive.all(&["follow", "found api unknown", "follow"]);
    assert_eq!(drive.stage(), "unresolved t/fine Concluded end");
    // Nobody gave the secret: unknown, and nothing is tried.
    given.inputs.remove("word");
    let mut drive = Drive::new(&trees, given);
    drive.all(&["follow", "follow"]);
    assert_eq!(drive.stage(), "walk t/a #0 [unknown: `word` is not known]");
}

#[test]
fn without_a_user_nobody_is_asked_for_a_password() {
    let mut given = opening("t");
    given
        .inputs
        .insert("site".into(), Given::Text("https://a.example".to_owned()));
    let drive = Drive::new(&read(&[LOGIN]), given);
    assert_eq!(
        (drive.stage().as_str(), drive.runs.len()),
        ("walk t/a #0 [looking]", 1)
    );
    let Stage::Question(question) = drive.session.stage() else {
        panic!("a question")
    };
    assert!(!question.looks[0].request.params.contains_key("login"));
    assert!(matches!(question.evidence, EvidenceView::Looking { .. }));
}

#[test]
fn over_a_bundle_nothing_is_logged_into() {
    let mut given = opening("t");
    given.place = Place::Bundle;
    given
        .inputs
        .insert("site".into(), Given::Text("https://a.example".to_owned()));
    given
        .inputs
        .insert("user".into(), Given::Text("joe".to_owned()));
    check_from(&read(&[LOGIN]), given, &[], "walk t/a #0 [looking]");
}

#[test]
fn a_secret_that_is_given_as_text_never_gets_in() {
    let mut given = opening("t");
    given
        .inputs
        .insert("word".into(), Given::Text("hunter2".to_owned()));
    given
        .inputs
        .insert("site".into(), Given::Text("https://a.example".to_owned()));
    given
        .inputs
        .insert("user".into(), Given::Text("joe".to_owned()));
    let mut drive = Drive::new(&read(&[LOGIN]), given);
    drive.all(&["look"]);
    assert_eq!(drive.stage(), "inputs word");
    let rejection = drive
        .say("give word=hunter2")
        .expect_err("it must be rejected");
    assert_eq!(
        rejection.to_string(),
        "`word`: a secret is not given as text"
    );
    assert!(!format!("{:?}", drive.session).contains("hunter2"));
}

#[test]
fn as_long_as_the_user_is_looked_for_nobody_is_asked_for_a_password() {
    let text = LOGIN
        .replace(
            "optional: true }",
            "optional: true, from: facts.who.values.user }",
        )
        .replace(
            "probes:\n",
            "probes:\n  who: { config: { file: /x, format: properties } }\n",
        );
    let mut given = opening("t");
    given
        .inputs
        .insert("site".into(), Given::Text("https://a.example".to_owned()));
    let drive = Drive::new(&read(&[&text]), given);
    let runs: Vec<&str> = drive.runs.iter().map(|(_, probe)| probe.as_str()).collect();
    assert_eq!(runs, ["who"]);
    assert_eq!(drive.stage(), "walk t/a #0 [looking]");
}

/// What stands in a branch of a text that is not shown is not asked for.
#[test]
fn a_text_asks_for_what_it_shows() {
    let tree = "
waypost: 1
id: t
title: T
summary: S
symptoms: [s]
start: a
inputs:
  proxy: { ask: Which?, type: text }
nodes:
  a:
    ask: Through a proxy?
    why: W
    answers:
      - { answer: Yes, id: through, goto: b }
      - { answer: No, id: direct, goto: b }
  b:
    ask: Is it blocked?
    why: \"It is{% if answers['a'] == 'through' %} behind {{ proxy }}{% endif %}.\"
    answers: [{ answer: Y, goto: fine }, { answer: N, goto: fine }]
  fine: { conclude: Fine, verdict: healthy }
";
    let check = |answer: &str, expected: &str| {
        let mut drive = Drive::new(&read(&[tree]), opening("t"));
        drive.all(&[&format!("answer {answer}")]);
        assert_eq!(drive.stage(), expected, "{answer}");
    };
    check("direct", "walk t/b #0");
    check("through", "inputs proxy");
}
