use crate::{
    engine::{
        Outlook,
        sketch::{ask, cause, end, forest, instruction, tree, visit},
        tests::{Drive, opening},
    },
    tree::{NodeKind, Verdict},
};

/// `u` asks one question or two, and comes back or ends the case.
fn inner() -> Vec<(&'static str, NodeKind)> {
    vec![
        ("a", ask(None, &["x>bad", "y>b"])),
        ("b", ask(None, &["x>fine", "y>fine"])),
        ("bad", cause("a/x", "b")),
        ("fine", end(Verdict::Healthy)),
    ]
}

fn check(nodes: Vec<(&str, NodeKind)>, script: &[&str], expected: (&[&str], u32, u32, bool)) {
    let mut drive = Drive::new(
        &forest(vec![tree("t", nodes), tree("u", inner())]),
        opening("t"),
    );
    drive.all(script);
    let Outlook {
        causes,
        fewest,
        most,
        repeats,
    } = drive.session.outlook();
    let causes: Vec<String> = causes.iter().map(ToString::to_string).collect();
    let causes: Vec<&str> = causes.iter().map(String::as_str).collect();
    assert_eq!(
        (causes.as_slice(), fewest, most, repeats),
        expected,
        "after {script:?}"
    );
}

#[test]
fn questions_to_the_nearest_and_the_farthest_end() {
    let nodes = || {
        vec![
            ("a", ask(None, &["x>one", "y>b", "?>c"])),
            ("b", ask(None, &["x>two", "y>c"])),
            ("c", ask(None, &["x>fine", "y>two"])),
            ("one", end(Verdict::Cause)),
            ("two", cause("a/x", "three")),
            ("three", end(Verdict::Cause)),
            ("fine", end(Verdict::Healthy)),
        ]
    };
    // `three` is reached only by `otherwise`.
    check(nodes(), &[], (&["t/one", "t/two"], 1, 3, false));
    check(nodes(), &["answer y"], (&["t/two"], 1, 2, false));
    check(
        nodes(),
        &["answer y", "answer y"],
        (&["t/two"], 1, 1, false),
    );
    check(nodes(), &["answer x"], (&["t/one"], 0, 0, false));
    check(
        nodes(),
        &["answer y", "answer x", "applied"],
        (&["t/two"], 1, 1, false),
    );
}

#[test]
fn a_loop_counts_once_and_says_that_it_may_be_more() {
    let nodes = || {
        vec![
            ("a", ask(None, &["x>b", "y>b"])),
            ("b", ask(None, &["x>c", "y>act"])),
            ("act", instruction("b", None)),
            ("c", ask(None, &["x>fine", "y>bad"])),
            ("fine", end(Verdict::Healthy)),
            ("bad", end(Verdict::Cause)),
        ]
    };
    check(nodes(), &[], (&["t/bad"], 3, 3, true));
    check(nodes(), &["answer x", "answer y"], (&["t/bad"], 2, 2, true));
    check(
        nodes(),
        &["answer x", "answer x"],
        (&["t/bad"], 1, 1, false),
    );
}

#[test]
fn a_visit_counts_what_its_tree_asks() {
    let nodes = || {
        vec![
            ("a", ask(None, &["x>go", "y>go"])),
            ("go", visit("u", "c", "c", "c")),
            ("c", ask(None, &["x>fine", "y>bad"])),
            ("fine", end(Verdict::Healthy)),
            ("bad", end(Verdict::Cause)),
        ]
    };
    check(nodes(), &[], (&["t/bad", "u/bad"], 2, 4, false));
    check(nodes(), &["answer x"], (&["t/bad", "u/bad"], 1, 3, false));
    check(
        nodes(),
        &["answer x", "answer y"],
        (&["t/bad"], 2, 2, false),
    );
    check(
        nodes(),
        &["answer x", "answer y", "answer x"],
        (&["t/bad"], 1, 1, false),
    );
}
