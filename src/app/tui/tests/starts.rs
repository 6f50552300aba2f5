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
                desk::{Desk, forest, forest_from},
                walks::LAMP,
            },
        },
    },
    case::Named,
    engine::Place,
    finding::TreeId,
    tree::{Forest, Origin},
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

/// Something else may be written in the folder of a tree, such as the case itself.
#[test]
fn trees_that_are_loaded_again_word_for_word_are_no_change() {
    let mut desk = Desk::at_tree(LAMP);
    desk.press("1 1");
    desk.tell(Msg::Reloaded(forest(LAMP), BTreeMap::new()));
    desk.sees_not("the tree was changed");
    desk.tell(Msg::Reloaded(
        forest(&LAMP.replace("plugged in?", "in its socket?")),
        BTreeMap::new(),
    ));
    desk.sees("the tree was changed and loaded again");
}

/// Whoever walks on after a change that was not taken sees that the tree is not the one that was saved.
#[test]
fn a_changed_tree_that_is_not_in_use_is_marked_until_it_is() {
    let of_file = || forest_from(Origin::File("own.yaml".into()), LAMP);
    let mut desk = Desk::with(LAMP, |opening| {
        opening.forest = of_file();
        opening.tree = Some(TreeId::new("own"));
        opening.place = Some(crate::engine::Place::Here);
    });
    desk.press("1 1");
    desk.sees("tree from own.yaml");
    let first = Some("own.yaml:3:1: there is no node `x`".to_owned());
    let faults = vec![
        "own.yaml cannot be used".to_owned(),
        "b.yaml cannot be used".to_owned(),
    ];
    desk.tell(Msg::Faults(faults, first));
    desk.sees("not used: own.yaml:3:1: there is no node `x` (and 1 file more)");
    desk.press("n");
    desk.type_in("a note");
    desk.press("Enter");
    desk.sees("! changed since, with mistakes");
    desk.tell(Msg::Faults(Vec::new(), None));
    desk.tell(Msg::Reloaded(of_file(), BTreeMap::new()));
    desk.sees_not("changed since");
    // Where letters are typed, a agrees to nothing.
    desk.press("n");
    let consents = BTreeMap::from([(TreeId::new("own"), Consent::default())]);
    desk.tell(Msg::Reloaded(of_file(), consents));
    desk.sees("once this is left, a agrees to it");
    desk.press("Esc");
    desk.sees("! changed since: it asks for more");
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
    // It says the same however often it is asked.
    desk.found("@marker", "present");
    desk.sees("Is the marker there?");
    desk.sees_not("r again");
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

/// *Where is the machine?* takes a file from there; a wrong one keeps the question.
#[test]
fn where_the_machine_is_can_be_a_file() {
    let asked = |desk: &Desk| {
        let read = desk.tasks.iter().filter_map(|task| match task {
            Task::ReadFile(path) => Some(path.clone()),
            _ => None,
        });
        read.collect::<Vec<_>>()
    };
    let mut desk = Desk::with(LAMP, |opening| opening.tree = Some(TreeId::new("own")));
    desk.sees("A bundle, or a script's answer");
    desk.press("4");
    desk.sees("File:");
    desk.press("Enter");
    desk.sees("no file is named");
    desk.type_in("/q.bundle").press("Enter");
    desk.sees("It is being read");
    assert_eq!(asked(&desk), ["/q.bundle"]);
    let wrong = |why: &str| Err(format!("/q.bundle: {why}"));
    desk.tell(Msg::FileRead(
        "/q.bundle".to_owned(),
        wrong("it is no bundle"),
    ));
    desk.sees("/q.bundle: it is no bundle");
    assert_eq!(desk.ended(), None);
    // Another one is named; what is told of the first comes too late.
    desk.type_in("2").press("Enter");
    desk.tell(Msg::FileRead("/q.bundle".to_owned(), Ok(())));
    assert_eq!(desk.ended(), None);
    // Who goes back is taken nowhere.
    desk.press("Esc");
    desk.sees("This machine (");
    desk.tell(Msg::FileRead("/q.bundle2".to_owned(), Ok(())));
    assert_eq!(desk.ended(), None);
    desk.press("Enter");
    desk.type_in("/r").press("Enter");
    desk.tell(Msg::FileRead("/r".to_owned(), Ok(())));
    assert_eq!(desk.ended(), Some(Exit::Fine));
    let opened = desk
        .tasks
        .iter()
        .any(|task| matches!(task, Task::OpenFile(path) if path == "/r"));
    assert!(opened);
}
