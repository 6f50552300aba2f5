//! Inputs that are given anew after something was read with the old ones.

use crate::engine::{
    Stage,
    tests::{Drive, inputs::trees, opening},
};

/// What an answer was read from may be looked for elsewhere, once an input is given anew.
#[test]
fn an_input_that_is_given_anew_leads_back_to_what_was_read_with_the_old_one() {
    let script = [
        "give dir=/opt/x",
        "found conf present",
        "answer there",
        "give site=https://a.example",
        "found reach open",
        "answer reached",
    ];
    let mut drive = Drive::new(&trees(), opening("t"));
    drive.all(&script);
    assert_eq!(drive.stage(), "inputs shade");
    drive.all(&["give shade=red", "give dir=/opt/y"]);
    assert_eq!(drive.stage(), "walk t/a #0 [looking]");
    // Nobody is led on by what was read in the other folder.
    drive.all(&["found conf absent"]);
    assert_eq!(drive.stage(), "walk t/a #0 [absent -> gone]");
    let Stage::Question(question) = drive.session.stage() else {
        panic!("a question")
    };
    assert_eq!(question.given, None, "Enter would take it");
    drive.all(&["answer gone"]);
    assert_eq!(drive.stage(), "cause t/broken Concluded fix");

    // What is found there as well leads on, over the answers that do not rest on the input.
    let mut drive = Drive::new(&trees(), opening("t"));
    drive.all(&script);
    drive.all(&[
        "give shade=red",
        "give dir=/opt/y",
        "found conf present",
        "answer there",
    ]);
    assert_eq!(drive.stage(), "walk t/c #0");
    // Both rest on it now: one after the other.
    drive.all(&["give site=https://b.example", "give dir=/opt/z"]);
    assert_eq!(drive.stage(), "walk t/a #0 [looking]");
    drive.all(&["found conf present"]);
    drive.all(&["answer there"]);
    assert_eq!(drive.stage(), "walk t/b #0 [looking]");
    drive.all(&["found reach open", "answer reached"]);
    assert_eq!(drive.stage(), "walk t/c #0");

    // What a person said stands.
    let mut drive = Drive::new(&trees(), opening("t"));
    drive.all(&["give dir=/opt/x", "found conf absent", "answer there"]);
    drive.all(&["give dir=/opt/y"]);
    assert_eq!(drive.stage(), "walk t/b #0 [looking]");
}
