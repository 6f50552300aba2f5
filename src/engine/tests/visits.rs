use std::sync::Arc;

use crate::{
    engine::{
        Stage,
        sketch::{ask, cause, end, forest, instruction, read, tree, visit},
        tests::{Drive, check, opening},
    },
    tree::{Forest, Verdict},
};

/// `t` visits `u`, and looks at what it came back with.
fn trees(inner: Vec<(&str, crate::tree::NodeKind)>) -> Arc<Forest> {
    forest(vec![
        tree(
            "t",
            vec![
                ("go", visit("u", "well", "open", "other")),
                ("well", ask(None, &["yes>fine", "no>broken"])),
                ("open", end(Verdict::Cause)),
                ("other", end(Verdict::Healthy)),
                ("fine", end(Verdict::Healthy)),
                ("broken", end(Verdict::Cause)),
            ],
        ),
        tree("u", inner),
    ])
}

fn usual() -> Arc<Forest> {
    trees(vec![
        (
            "a",
            ask(
                None,
                &[
                    "fine>fine",
                    "open>open",
                    "other>other",
                    "bad>bad",
                    "far>t/well",
                    "ask>escalate",
                    "?>bad",
                ],
            ),
        ),
        ("fine", end(Verdict::Healthy)),
        ("open", end(Verdict::Unresolved)),
        ("other", end(Verdict::NotApplicable)),
        ("bad", end(Verdict::Cause)),
        ("escalate", end(Verdict::Escalate)),
    ])
}

#[test]
fn each_way_back_has_its_place() {
    let trees = usual();
    let check = |script: &[&str], stage| check(&trees, script, stage);
    check(&[], "walk u/a #0");
    check(&["answer fine"], "walk t/well #0");
    check(&["answer open"], "cause t/open Concluded fix");
    check(&["answer other"], "healthy t/other Concluded end");
    check(&["answer ask"], "escalate u/escalate Concluded end");
    check(&["answer bad"], "cause u/bad Concluded fix");
    // A walk that went over inside of a visit still comes back from it; what was answered is kept.
    let mut drive = Drive::new(&trees, opening("t"));
    drive.all(&["answer far", "answer yes"]);
    assert_eq!(drive.stage(), "healthy t/fine Concluded end");
    assert_eq!(drive.path(), "go >, a=far, well=yes, go < healthy");
}

#[test]
fn what_came_back_by_not_knowing_proves_nothing() {
    let trees = usual();
    let mut drive = Drive::new(&trees, opening("t"));
    drive.all(&["unsure"]);
    assert_eq!(drive.stage(), "unresolved t/open Concluded suspect fix");
    assert_eq!(drive.path(), "go >, a=?, go < unresolved");
    let Stage::Conclusion(end) = drive.session.stage() else {
        panic!("an end")
    };
    assert_eq!(
        end.suspects
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>(),
        ["u/bad"]
    );
    assert_eq!(
        end.open
            .iter()
            .map(|open| open.node.as_str())
            .collect::<Vec<_>>(),
        ["a"]
    );
}

#[test]
fn healthy_with_a_gap_comes_back_as_unresolved() {
    let gap = trees(vec![
        ("a", ask(None, &["x>b", "?>b"])),
        ("b", ask(None, &["fine>fine", "x>fine"])),
        ("fine", end(Verdict::Healthy)),
    ]);
    check(&gap, &["answer x", "answer fine"], "walk t/well #0");
    check(
        &gap,
        &["unsure", "answer fine"],
        "unresolved t/open Concluded suspect fix",
    );
}

#[test]
fn a_fix_that_did_not_help_comes_back_as_unresolved() {
    let inner = trees(vec![
        ("a", ask(None, &["good>bad", "bad>bad"])),
        ("bad", cause("a/good", "")),
    ]);
    check(
        &inner,
        &["answer bad", "applied", "answer bad"],
        "cause t/open Concluded fix",
    );
    check(
        &inner,
        &["answer bad", "applied", "answer good"],
        "cause u/bad Concluded fixed",
    );
}

#[test]
fn a_dead_end_in_a_visit_comes_back_as_unresolved() {
    let stuck = trees(vec![
        ("a", ask(None, &["x>act", "y>act"])),
        ("act", instruction("a", None)),
    ]);
    check(
        &stuck,
        &["unsure"],
        "unresolved t/open Concluded suspect fix",
    );
    check(
        &stuck,
        &["answer x", "unable"],
        "unresolved t/open Concluded suspect fix",
    );
}

#[test]
fn a_question_that_is_reached_in_a_second_visit_keeps_its_answer() {
    let twice = forest(vec![
        tree(
            "t",
            vec![
                ("one", visit("u", "two", "two", "")),
                ("two", visit("u", "fine", "fine", "")),
                ("fine", end(Verdict::Healthy)),
            ],
        ),
        tree(
            "u",
            vec![
                ("a", ask(None, &["x>ok", "y>ok"])),
                ("ok", end(Verdict::Healthy)),
            ],
        ),
    ]);
    let mut drive = Drive::new(&twice, opening("t"));
    drive.all(&["answer x"]);
    assert_eq!(drive.stage(), "healthy t/fine Concluded end");
    assert_eq!(
        drive.path(),
        "one >, a=x, one < healthy, two >, two < healthy"
    );
}

#[test]
fn trees_that_visit_each_other_end() {
    let each = forest(vec![
        tree(
            "t",
            vec![
                ("go", visit("u", "", "", "")),
                ("fine", end(Verdict::Healthy)),
            ],
        ),
        tree("u", vec![("go", visit("t", "", "", ""))]),
    ]);
    check(&each, &[], "unresolved t/go WentRound end");
}

/// What two trees ask in the same sense is asked once, whatever came of it, and again after a fix.
#[test]
fn what_another_tree_asked_is_not_asked_again() {
    let tree = |id: &str, same: &str, then: &str| {
        format!(
            "
waypost: 1
id: {id}
title: T
summary: S
symptoms: [s]
start: a
steps:
  go: {{ needs: a/no, else: busy, any: Restart it. }}
nodes:
  a:
    ask: Is it busy?
    why: W
    {same}
    answers: [{{ answer: Yes, id: 'yes', goto: busy }}, {{ answer: No, id: 'no', goto: b }}]
    unsure: b
  b:
    ask: Is it broken in {id}?
    why: \"{{% if answers['a'] is defined %}}It is not busy.{{% endif %}}\"
    answers: [{{ answer: Yes, id: 'yes', goto: broken }}, {{ answer: No, id: 'no', goto: next }}]
    unsure: next
  {then}
  busy: {{ conclude: Busy, verdict: healthy }}
  broken: {{ conclude: Broken, verdict: cause, because: So., fix: '{{{{ steps.go }}}}' }}
"
        )
    };
    let outer = tree(
        "t",
        "",
        "next: { visit: u, then: { healthy: end, unresolved: end } }\n  end: { conclude: End, verdict: unresolved }",
    );
    let inner = tree(
        "u",
        "same: t/a",
        "next: { conclude: End, verdict: unresolved }",
    );
    let trees = read(&[&outer, &inner]);
    let drive = |events: &[&str]| {
        let mut drive = Drive::new(&trees, opening("t"));
        drive.all(events);
        drive
    };
    let why = |drive: &Drive| match drive.session.stage() {
        Stage::Question(question) => question.why.clone().map(|why| why.markdown),
        _ => None,
    };
    let known = drive(&["answer no", "answer no"]);
    assert_eq!(known.stage(), "walk u/b #0");
    assert_eq!(why(&known).as_deref(), Some("It is not busy."));
    let unknown = drive(&["unsure", "answer no"]);
    assert_eq!(unknown.stage(), "walk u/b #0");
    assert_eq!(why(&unknown).as_deref(), Some(""));
    // The guard of the fix has its answer from there; where it was not known, the fix is withheld.
    let fix = |drive: &Drive| match drive.session.stage() {
        Stage::Conclusion(end) => end.fix.clone().map(|fix| fix.markdown),
        _ => None,
    };
    let shown = drive(&["answer no", "answer no", "answer yes"]);
    assert_eq!(fix(&shown).as_deref(), Some("Restart it."));
    let withheld = drive(&["unsure", "answer no", "answer yes"]);
    assert_eq!(fix(&withheld), None);
    // Going back to where it was asked answers it for both.
    let mut changed = drive(&["answer no", "answer no"]);
    changed.all(&["back", "back", "unsure"]);
    assert_eq!(why(&changed).as_deref(), Some(""));
}
