//! What comes before a walk and between two: the start screen, its search, agreement, trees that change.

use std::{collections::BTreeMap, sync::Arc};

use crate::{
    app::{
        cases::KeptCase,
        exit::Exit,
        tui::{
            msg::{Msg, Task},
            port::{CaseId, Consent},
            tests::{
                desk::{Desk, forest},
                walks::LAMP,
            },
        },
    },
    case::Named,
    engine::Place,
    finding::TreeId,
    tree::Forest,
};

#[test]
fn a_file_that_is_gone_for_a_moment_takes_no_answer_with_it() {
    let mut desk = Desk::at_tree(LAMP);
    desk.press("1 1");
    desk.sees("Is the lamp plugged in?");
    desk.tell(Msg::Reloaded(Arc::new(Forest::new([])), BTreeMap::new()));
    desk.sees("Is the lamp plugged in?");
    desk.sees("gone");
    desk.tell(Msg::Reloaded(forest(LAMP), BTreeMap::new()));
    desk.sees("Is the lamp plugged in?");
    desk.press("t");
    desk.sees("Is there space? › Enough of it");
}

#[test]
fn what_enter_takes_stays_in_sight() {
    let symptoms: Vec<String> = (0..40).map(|at| format!("Lamp {at} is dark")).collect();
    let many = LAMP.replace("The lamp does not shine", &symptoms.join(", "));
    let mut desk = Desk::with(&many, |_| {});
    desk.sees("► Lamp 0 is dark");
    desk.press("PgDn PgDn");
    desk.sees_not("►");
    desk.press("Enter");
    desk.sees("► Lamp 0 is dark");
    desk.sees("this is the chosen one");
    desk.press("PgDn PgDn Down");
    desk.sees("► Lamp 1 is dark");
    desk.press("Enter");
    desk.sees("Where is the machine?");
}

#[test]
fn a_search_may_begin_with_q() {
    let mut desk = Desk::with(LAMP, |_| {});
    desk.press("q u");
    desk.sees("Search: qu");
    assert_eq!(desk.ended(), None);
    desk.press("Esc q q");
    assert_eq!(desk.ended(), Some(Exit::Fine));
}

#[test]
fn a_search_finds_what_a_tree_can_find_and_words_written_apart() {
    let mut desk = Desk::with(LAMP, |_| {});
    desk.type_in("plug");
    desk.sees("The lamp does not shine");
    let mut desk = Desk::with(LAMP, |_| {});
    desk.type_in("notshine");
    desk.sees("The lamp does not shine");
    let mut desk = Desk::with(LAMP, |_| {});
    desk.type_in("giraffe");
    desk.sees("Nothing fits");
}

#[test]
fn a_search_finds_words_in_any_order_and_mistyped_ones() {
    let check = |search: &str, found: bool| {
        let mut desk = Desk::with(LAMP, |_| {});
        desk.type_in(search);
        match found {
            true => desk.sees("► The lamp does not shine"),
            false => desk.sees("Nothing fits"),
        }
    };
    check("shine lamp", true);
    check("dark", true);
    check("shnie", true);
    check("my lamp wont shine", true);
    check("my zebra", false);
    check("zebra", false);
}

#[test]
fn somebody_elses_machine_is_never_looked_at() {
    let mut desk = Desk::with(LAMP, |_| {});
    desk.press("Enter 3");
    desk.sees("somebody else's Linux machine");
    desk.sees("Commands to run there");
    assert_eq!(desk.looks(), []);
    desk.press("f r");
    assert_eq!(desk.looks(), []);
}

#[test]
fn a_tree_from_outside_is_agreed_to_first() {
    let outside = || {
        Desk::with(LAMP, |opening| {
            opening.place = Some(crate::engine::Place::Here);
            opening
                .consents
                .insert(TreeId::new("own"), Consent::default());
        })
    };
    let mut desk = outside();
    desk.press("Enter");
    desk.sees("This tree did not come with the program.");
    assert_eq!(desk.looks(), []);
    desk.press("Enter");
    desk.sees("This tree did not come with the program.");
    desk.press("n");
    desk.sees("nothing is looked at");
    assert_eq!(desk.looks(), []);

    let mut desk = outside();
    desk.press("Enter y");
    assert!(!desk.looks().is_empty());
    assert!(
        desk.tasks
            .iter()
            .any(|task| matches!(task, Task::Agreed(..)))
    );
}

#[test]
fn a_changed_tree_goes_on_at_the_same_question() {
    let mut desk = Desk::at_tree(LAMP);
    desk.press("1 1");
    desk.sees("Is the lamp plugged in?");
    let changed = || forest(&LAMP.replace("plugged in?", "in its socket?"));
    desk.tell(Msg::Reloaded(changed(), BTreeMap::new()));
    desk.sees("Is the lamp in its socket?");
}

#[test]
fn an_agreement_holds_while_nothing_new_is_listed() {
    let consent = |hash: &str, reads: &[&str]| {
        let consent = Consent {
            hash: hash.to_owned(),
            reads: reads.iter().map(|line| (*line).to_owned()).collect(),
            ..Consent::default()
        };
        BTreeMap::from([(TreeId::new("own"), consent)])
    };
    let changed = || forest(&LAMP.replace("plugged in?", "in its socket?"));
    let mut desk = Desk::with(LAMP, |opening| {
        opening.tree = Some(TreeId::new("own"));
        opening.place = Some(crate::engine::Place::Here);
        opening.consents = consent("1", &["file: /marker", "disk: /"]);
    });
    desk.press("y 1 1");
    desk.sees("Is the lamp plugged in?");
    desk.tell(Msg::Reloaded(changed(), consent("2", &["disk: /"])));
    desk.sees("Is the lamp in its socket?");
    desk.tell(Msg::Reloaded(forest(LAMP), consent("3", &["file: /else"])));
    desk.sees("Is the lamp in its socket?");
    desk.sees("a agrees to it");
}

#[test]
fn a_changed_tree_that_was_not_agreed_to_waits_until_it_is() {
    let mut desk = Desk::at_tree(LAMP);
    desk.press("1 1");
    let changed = forest(&LAMP.replace("plugged in?", "in its socket?"));
    let consents = BTreeMap::from([(TreeId::new("own"), Consent::default())]);
    desk.tell(Msg::Reloaded(changed, consents));
    desk.sees("Is the lamp plugged in?");
    desk.sees("a agrees to it");
    desk.press("s Enter");
    desk.sees("This tree did not come with the program.");
}

#[test]
fn a_case_that_is_begun_after_another_is_another() {
    let mut desk = Desk::at_tree(LAMP);
    desk.press("s");
    desk.sees("What is wrong?");
    desk.press("Enter");
    desk.sees("Is the marker there?");
    // The first case's look ends now.
    desk.found("@marker", "present");
    desk.sees_not("●");
    desk.found_in(CaseId(2), "@marker", "present");
    desk.sees("►");
}

/// Saved in the middle of a change, and then right again.
#[test]
fn steps_that_did_not_fit_for_a_moment_come_back() {
    let wrong = || {
        forest(&LAMP.replace(
            "id: there, when: present, goto: space",
            "id: there, when: present, goto: plugged",
        ))
    };
    let mut desk = Desk::at_tree(LAMP);
    desk.press("1 1");
    desk.sees("Is the lamp plugged in?");
    desk.tell(Msg::Reloaded(wrong(), BTreeMap::new()));
    desk.sees("the walk fits it up to");
    desk.press("t");
    desk.sees_not("Enough of it");
    desk.press("Esc");
    desk.tell(Msg::Reloaded(forest(LAMP), BTreeMap::new()));
    desk.sees("every step fits it again");
    desk.sees("Is the lamp plugged in?");
    desk.press("t");
    desk.sees("Is there space? › Enough of it");
    desk.press("Esc");
    // Who goes on meanwhile has decided.
    desk.tell(Msg::Reloaded(wrong(), BTreeMap::new()));
    desk.press("n");
    desk.type_in("go on");
    desk.press("Enter");
    desk.handed();
    desk.tell(Msg::Reloaded(forest(LAMP), BTreeMap::new()));
    desk.press("t");
    desk.sees_not("Enough of it");
}

/// Nobody is asked where the machine is, and every probe looks into the bundle.
#[test]
fn over_a_bundle_a_case_is_of_the_bundle() {
    let banner = "bundle acme.bundle, collected 2026-11-18 09:30 EST on linux";
    let mut desk = Desk::with(LAMP, |opening| {
        opening.place = Some(Place::Bundle);
        opening.banner = Some(banner.to_owned());
    });
    desk.sees(banner);
    desk.press("Enter");
    desk.sees(banner);
    desk.sees("a bundle (Linux)");
    assert!(!desk.looks().is_empty());
    let begun = desk.tasks.iter().find_map(|task| match task {
        Task::Begin(_, opening, ..) => Some(opening.place),
        _ => None,
    });
    assert_eq!(begun, Some(Place::Bundle));
}

#[test]
fn a_case_of_a_bundle_names_it_in_the_list() {
    let mut desk = Desk::with(LAMP, |_| {});
    desk.tell(Msg::Cases(vec![KeptCase {
        name: "20261120-own".to_owned(),
        tree: TreeId::new("own"),
        named: Named::default(),
        last: "2026-11-20T02:00:00Z".parse().expect("a timestamp"),
        answers: 2,
        bundle: Some("acme\u{1b}.bundle".to_owned()),
    }]));
    desk.sees("2 answers · bundle acme␛.bundle");
}
