use crate::{
    engine::{
        sketch::{ask, end, forest, instruction, text, tree, with_step},
        tests::{Drive, check, opening},
    },
    tree::{NodeKind, Verdict},
};

fn simple() -> std::sync::Arc<crate::tree::Forest> {
    forest(vec![tree(
        "t",
        vec![
            ("a", ask(None, &["yes>b", "no>why", "?>b"])),
            ("b", ask(None, &["yes>fine", "no>again"])),
            ("again", instruction("b", None)),
            ("round", ask(None, &["yes>a", "no>a"])),
            ("why", ask(None, &["x>broken", "y>round", "?>broken"])),
            ("fine", end(Verdict::Healthy)),
            ("broken", end(Verdict::Cause)),
        ],
    )])
}

#[test]
fn answers_lead_on() {
    let trees = simple();
    let check = |script: &[&str], stage| check(&trees, script, stage);
    check(&[], "walk t/a #0");
    check(&["answer yes"], "walk t/b #0");
    check(
        &["answer yes", "answer yes"],
        "healthy t/fine Concluded end",
    );
    check(&["answer no", "answer x"], "cause t/broken Concluded fix");
    check(&["answer yes", "answer no"], "do t/again");
    check(&["answer yes", "answer no", "done"], "walk t/b #1");
    check(
        &["answer yes", "answer no", "done", "answer yes"],
        "healthy t/fine Concluded end",
    );
}

#[test]
fn nothing_is_concluded_from_not_knowing() {
    let trees = simple();
    let check = |script: &[&str], stage| check(&trees, script, stage);
    check(&["unsure", "answer yes"], "unresolved t/fine Concluded end");
    check(
        &["answer no", "unsure"],
        "unresolved t/broken Concluded suspect fix",
    );
    check(&["answer yes", "unsure"], "unresolved t/b NotKnown end");
    check(
        &["answer yes", "answer no", "unable"],
        "unresolved t/again NotDone end",
    );
    // A question that was left unknown and is answered in a later generation is not open any more.
    let later = forest(vec![tree(
        "t",
        vec![
            ("a", ask(None, &["yes>fine", "?>act"])),
            ("act", instruction("a", None)),
            ("fine", end(Verdict::Healthy)),
        ],
    )]);
    super::check(
        &later,
        &["unsure", "done", "answer yes"],
        "healthy t/fine Concluded end",
    );
}

#[test]
fn going_round_without_anything_new_ends() {
    check(
        &simple(),
        &["answer no", "answer y", "answer yes"],
        "unresolved t/a WentRound end",
    );
}

#[test]
fn back_holds_and_keeps_what_was_answered() {
    let mut drive = Drive::new(&simple(), opening("t"));
    drive.all(&["answer yes", "answer no", "done"]);
    assert_eq!(
        (drive.stage(), drive.path()),
        (
            "walk t/b #1".to_owned(),
            "a=yes, b=no, again done".to_owned()
        )
    );
    drive.all(&["back"]);
    assert_eq!(
        (drive.stage(), drive.path()),
        ("do t/again".to_owned(), "a=yes, b=no".to_owned())
    );
    drive.all(&["back", "back"]);
    assert_eq!(
        (drive.stage(), drive.path()),
        ("walk t/a #0".to_owned(), String::new())
    );
    assert!(drive.say("back").is_err());
    drive.all(&["answer yes"]);
    assert_eq!(
        (drive.stage(), drive.path()),
        (
            "walk t/b #1".to_owned(),
            "a=yes, b=no, again done".to_owned()
        )
    );
}

#[test]
fn an_edit_keeps_what_still_fits() {
    let mut drive = Drive::new(&simple(), opening("t"));
    drive.all(&["answer yes", "answer no", "done", "edit 0 no"]);
    assert_eq!(
        (drive.stage(), drive.path()),
        ("walk t/why #0".to_owned(), "a=no".to_owned())
    );
    drive.all(&["edit 0 unsure"]);
    assert_eq!(
        (drive.stage(), drive.path()),
        ("walk t/b #1".to_owned(), "a=?, b=no, again done".to_owned())
    );
    drive.all(&["edit 2 unable"]);
    assert_eq!(drive.stage(), "unresolved t/again NotDone end");
}

#[test]
fn an_event_that_does_not_fit_is_rejected_with_a_reason() {
    let check = |script: &[&str], words: &str, why: &str| {
        let mut drive = Drive::new(&simple(), opening("t"));
        drive.all(script);
        let before = format!("{:?}", drive.session);
        let rejection = drive.say(words).expect_err("it must be rejected");
        assert_eq!(rejection.to_string(), why, "{words}");
        assert_eq!(format!("{:?}", drive.session), before, "{words}");
    };
    check(&[], "answer maybe", "the question has no answer `maybe`");
    check(&[], "done", "no instruction is shown now");
    check(&[], "applied", "no fix is shown now");
    check(&[], "helped yes", "nobody asks now whether it helped");
    check(&[], "waited", "there is nothing to wait for");
    check(&[], "back", "this is the first step");
    check(&[], "edit 0 yes", "there is no step 0");
    check(
        &["answer yes"],
        "edit 0 done",
        "step 0 cannot be answered like that",
    );
    check(
        &["answer yes"],
        "edit 0 maybe",
        "the question has no answer `maybe`",
    );
    check(&[], "look", "nothing can be looked at here");
    check(&[], "stop", "nothing is being looked at");
    check(&[], "give x=1", "no tree in use has an input `x`");
    check(
        &["answer yes", "answer yes"],
        "answer yes",
        "no question is asked now",
    );
}

#[test]
fn a_guard_is_asked_before_its_text_is_shown() {
    let mut guarded = with_step(
        tree(
            "t",
            vec![
                ("a", ask(None, &["go>act", "broken>broken"])),
                ("act", instruction("a", None)),
                ("half", ask(None, &["yes>fine", "no>fine"])),
                ("mend", end(Verdict::Escalate)),
                ("fine", end(Verdict::Healthy)),
                ("broken", end(Verdict::Cause)),
            ],
        ),
        "restart",
        "half/no",
        "mend",
    );
    if let Some(NodeKind::Do(instruction)) = guarded.nodes.get_mut("act").map(|node| &mut node.kind)
    {
        instruction.steps = Some(text("{{ steps.restart }}"));
    }
    if let Some(NodeKind::Conclude(conclude)) =
        guarded.nodes.get_mut("broken").map(|node| &mut node.kind)
    {
        conclude.fix = Some(text("{{ steps.restart }}"));
    }
    let trees = forest(vec![guarded]);
    let check = |script: &[&str], stage| check(&trees, script, stage);
    check(&["answer go"], "guard t/half #0");
    check(&["answer go", "answer no"], "do t/act");
    check(
        &["answer go", "answer yes"],
        "escalate t/mend Concluded end",
    );
    check(&["answer go", "unsure"], "do t/act");
    // In the next generation it is asked again.
    check(
        &["answer go", "answer no", "done", "answer broken"],
        "guard t/half #1",
    );
    // A guard that is not known withholds the text and takes nothing from the cause.
    let mut drive = Drive::new(&trees, opening("t"));
    drive.all(&["answer broken", "unsure"]);
    assert_eq!(drive.stage(), "cause t/broken Concluded fix");
    let crate::engine::Stage::Conclusion(end) = drive.session.stage() else {
        panic!("it is an end")
    };
    assert_eq!(end.fix, None);
    assert_eq!(
        end.withheld
            .iter()
            .map(|open| open.node.as_str())
            .collect::<Vec<_>>(),
        ["half"]
    );
    assert_eq!(
        end.open
            .iter()
            .map(|open| open.node.as_str())
            .collect::<Vec<_>>(),
        ["half"]
    );
}

#[test]
fn a_tree_that_was_never_checked_ends_and_does_not_panic() {
    let broken = forest(vec![tree(
        "t",
        vec![("a", ask(None, &["yes>nowhere", "no>other/"]))],
    )]);
    check(&broken, &["answer yes"], "unresolved t/nowhere NoWayOn end");
    check(&broken, &["answer no"], "unresolved t/a NoWayOn end");
    check(&forest(vec![]), &[], "unresolved t/start NoWayOn end");
    let round = forest(vec![tree("t", vec![("a", instruction("a", Some("a")))])]);
    check(&round, &["unable"], "unresolved t/a WentRound end");
    check(&round, &["done", "done"], "do t/a");
}
