//! What is confirmed before it is sent.

use std::sync::Arc;

use crate::{
    engine::{
        Event, Follow,
        sketch::read,
        tests::{
            Drive,
            inputs::{ask, conf},
            opening,
        },
    },
    tree::{Forest, Origin},
};

/// A text that is made of facts, a value that is made of such a text, and the one folder that was found: headless sends none of
/// them, and reads with all of them.
#[test]
fn what_is_made_of_evidence_is_confirmed_before_it_is_sent() {
    let check = |input: &str, probe: &str, origin: Origin, stage: &str, goes_to: &[&str]| {
        let text = format!(
            "waypost: 1\nid: t\ntitle: T\nstart: a\ninputs:\n  {input}\nprobes:\n  conf: {{ file: {{ path: /conf }} }}\n\
             nodes:\n  a:\n    ask: '?'\n    probe: conf\n    answers: [{{ answer: Y, when: present, goto: b }}, {{ answer: N, when: absent, goto: c }}]\n  \
             b:\n    ask: '?'\n    probe: {probe}\n    leave: rest\n    answers: [{{ answer: Y, goto: c }}, {{ answer: N, goto: c }}]\n  \
             c: {{ conclude: C, verdict: healthy }}\n"
        );
        let mut tree = (**read(&[&text]).trees().next().expect("one tree")).clone();
        tree.origin = origin;
        let mut drive = Drive::new(&Arc::new(Forest::new([Arc::new(tree)])), opening("t"));
        let run = drive.run("conf");
        drive
            .apply(Event::ProbeFinished {
                run,
                finding: conf("a.example"),
            })
            .expect("it runs");
        drive.all(&["answer y"]);
        if drive.stage().starts_with("inputs") {
            assert_eq!(ask(&drive).goes_to, goes_to, "{input}");
            assert_eq!(
                drive.session.follow() == Follow::Over,
                !goes_to.is_empty(),
                "{input}"
            );
        }
        assert_eq!(drive.stage(), stage, "{input}");
    };
    let outside = || Origin::File("t.yaml".to_owned());
    let send = "{ dns: { name: '{{ x }}' } }";
    let default = "x: { ask: X?, type: host, default: '{{ facts.conf.path }}' }";
    check(default, send, outside(), "inputs x", &["dns {{ x }}"]);
    check(default, send, Origin::Embedded, "inputs x", &[]);
    check(
        default,
        "{ file: { path: '/{{ x }}' } }",
        outside(),
        "inputs x",
        &[],
    );
    let two = "y: { ask: Y?, type: text, default: '{{ facts.conf.path }}' }\n  x: { ask: X?, type: host, optional: true, default: '{{ y }}' }";
    check(two, send, outside(), "inputs y", &["dns {{ x }}"]);
    // What the tree says itself was listed before it was agreed to.
    let plain = "x: { ask: X?, type: host, default: b.example }";
    check(plain, send, outside(), "inputs x", &[]);
}
