//! What a hostile tree cannot do to a session.

use crate::engine::{
    sketch::read,
    tests::{Drive, opening},
};

/// Probes and steps that need each other in long chains and wide fans: a hostile tree must not hang or overflow.
#[test]
fn chains_and_fans_are_bounded() {
    let mut yaml = String::from(
        "waypost: 1\nid: t\ntitle: T\nsummary: S\nsymptoms: [s]\nstart: a\nprobes:\n  p0: { file: { path: /p } }\n",
    );
    for at in 1..400 {
        let before = at - 1;
        let two = at.max(2) - 2;
        yaml += &format!(
            "  p{at}: {{ file: {{ path: '{{{{ facts.p{before}.path }}}}{{{{ facts.p{two}.path }}}}' }} }}\n"
        );
    }
    yaml += "steps:\n  s0: end\n";
    for at in 1..40 {
        let before = at - 1;
        let two = at.max(2) - 2;
        yaml += &format!("  s{at}: '{{{{ steps.s{before} }}}}{{{{ steps.s{two} }}}}'\n");
    }
    yaml += "nodes:\n  a:\n    ask: A?\n    how: '{{ steps.s39 }}'\n    probe: p399\n    answers: [{ answer: X, when: present, goto: e }, { answer: Y, when: absent, goto: e }]\n  e: { conclude: E, verdict: healthy }\n";
    let drive = Drive::new(&read(&[&yaml]), opening("t"));
    assert_eq!(
        drive.stage(),
        "walk t/a #0 [unknown: `facts.p398.path` is not known]"
    );
}

#[test]
fn a_session_can_go_to_another_thread() {
    fn goes<T: Send + Sync>() {}
    goes::<crate::engine::Session>();
}
