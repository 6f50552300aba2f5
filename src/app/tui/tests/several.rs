//! Several cases in one run of the program: left, gone back to, closed; none of them knows of another.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::{
    app::{
        cases::Kept,
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
    case::{Head, Journal, Named},
    engine::{Effect, Place},
    finding::TreeId,
};

/// What the last task of each of these kinds was for.
fn last<T>(desk: &Desk, pick: impl Fn(&Task) -> Option<T>) -> Option<T> {
    desk.tasks.iter().rev().find_map(pick)
}

fn parked(desk: &Desk) -> Option<CaseId> {
    last(desk, |task| match task {
        Task::Park(case) => Some(*case),
        _ => None,
    })
}

/// A case at its second question, left for the start screen.
fn left() -> Desk {
    let mut desk = Desk::at_tree(LAMP);
    desk.press("1");
    desk.sees("Is there space?");
    desk.press("s");
    desk
}

#[test]
fn a_case_that_is_left_stays_open_and_enter_goes_back_to_it() {
    let mut desk = left();
    assert_eq!(parked(&desk), Some(CaseId(1)));
    desk.sees("Open here");
    desk.sees("► The lamp is dark · 1 answer · Is there space?");
    let before = desk.tasks.len();
    desk.press("Enter");
    desk.sees("Is there space?");
    desk.sees("looking 0 s");
    assert!(matches!(desk.tasks[before], Task::GoOn(CaseId(1))));
    // Its looks are made anew, under ids that were never given.
    let started = |tasks: &[Task]| -> Vec<u64> {
        let effects = tasks.iter().filter_map(|task| match task {
            Task::CarryOut(CaseId(1), effects) => Some(effects),
            _ => None,
        });
        let runs = effects.flatten().filter_map(|effect| match effect {
            Effect::StartProbe { run, .. } => Some(run.0),
            _ => None,
        });
        runs.collect()
    };
    let (old, new) = desk.tasks.split_at(before);
    let (old, new) = (started(old), started(new));
    assert!(!new.is_empty() && new.iter().all(|run| !old.contains(run)));
    desk.found("@space", "enough");
    desk.press("Enter 2");
    desk.sees("The plug is pulled");
}

#[test]
fn two_cases_take_turns_and_know_nothing_of_each_other() {
    let mut desk = left();
    desk.press("Down Enter");
    desk.sees("Is the marker there?");
    // What comes of the first one's looks is nothing to the second.
    desk.found_in(CaseId(1), "@marker", "present");
    desk.sees_not("●");
    desk.press("2 n");
    desk.type_in("of the second: token=hunter2-second");
    desk.press("Enter");
    desk.sees("The marker is missing");
    desk.press("o");
    desk.sees("Is there space?");
    desk.press("t");
    desk.sees_not("second");
    desk.press("Esc n");
    desk.type_in("of the first: token=hunter2-first");
    desk.press("Enter t");
    desk.sees("of the first");
    desk.press("Esc o");
    desk.sees("The marker is missing");
    desk.press("t");
    desk.sees("of the second");
    desk.sees_not("of the first");
    // Each counts its own secrets.
    for _ in 0..2 {
        desk.press("Esc w");
        let text = desk.model.preview().expect("a preview").text.clone();
        assert!(
            text.contains("‹secret-1›")
                && !text.contains("‹secret-2›")
                && !text.contains("hunter2"),
            "{text}"
        );
        desk.press("Esc o t");
    }
    desk.press("Esc s");
    desk.sees("1 answer · Is there space?");
    desk.sees("1 answer · The marker is missing");
}

#[test]
fn a_case_in_which_nothing_was_done_is_not_kept_open() {
    let mut desk = Desk::at_tree(LAMP);
    desk.press("s");
    desk.sees("What is wrong?");
    desk.sees_not("Open here");
    assert!(
        desk.tasks
            .iter()
            .any(|task| matches!(task, Task::Close(CaseId(1))))
    );
}

#[test]
fn an_open_case_is_closed_by_a_key() {
    let mut desk = left();
    desk.tell(Msg::Kept(CaseId(1), Kept::Upto(1)));
    desk.press("^X");
    desk.sees_not("Open here");
    desk.sees("closed");
    assert!(
        desk.tasks
            .iter()
            .any(|task| matches!(task, Task::Close(CaseId(1))))
    );
    // What is not on the disk would be gone: that is asked first.
    let mut desk = left();
    desk.press("^X");
    desk.sees("It is not saved");
    desk.press("x");
    desk.sees("Open here");
    desk.press("^X ^X");
    desk.sees_not("Open here");
}

#[test]
fn quitting_tells_of_an_open_case_that_is_not_saved() {
    let mut desk = left();
    let why = "no space".to_owned();
    desk.tell(Msg::Kept(CaseId(1), Kept::Not { from: 1, why }));
    desk.sees("NOT SAVED");
    desk.press("q");
    desk.sees("The last steps are NOT saved");
    desk.press("q");
    assert_eq!(desk.ended(), Some(Exit::Fine));
}

#[test]
fn a_tree_that_changed_meanwhile_is_taken_when_one_comes_back() {
    let mut desk = left();
    let changed = forest(&LAMP.replace("Is there space?", "Is there room?"));
    desk.tell(Msg::Reloaded(changed, BTreeMap::new()));
    desk.press("Enter");
    desk.sees("Is there room?");
    // Its file is gone: the case goes on as it was.
    desk.press("s");
    desk.tell(Msg::Reloaded(
        std::sync::Arc::new(crate::tree::Forest::new([])),
        BTreeMap::new(),
    ));
    desk.press("Enter");
    desk.sees("Is there room?");
}

fn wants(desk: &mut Desk) {
    let consents = BTreeMap::from([(TreeId::new("own"), Consent::default())]);
    desk.tell(Msg::Reloaded(forest(LAMP), consents));
}

#[test]
fn a_tree_that_asks_for_more_is_agreed_to_in_the_case() {
    let mut desk = Desk::at_tree(LAMP);
    desk.press("1");
    wants(&mut desk);
    desk.sees("a agrees to it");
    desk.press("a");
    desk.sees("This tree did not come with the program.");
    desk.press("y");
    desk.sees("Is there space?");
    desk.sees("looking 0 s");
    desk.sees_not("nothing is looked at");
    assert!(
        desk.tasks
            .iter()
            .any(|task| matches!(task, Task::Agreed(..)))
    );
    desk.press("t");
    desk.sees("Is the marker there? › It is there");
}

#[test]
fn an_open_case_whose_tree_asks_for_more_is_asked_when_one_comes_back() {
    let mut desk = left();
    wants(&mut desk);
    desk.press("Enter");
    desk.sees("This tree did not come with the program.");
    desk.press("n");
    desk.sees("nothing is looked at");
    desk.sees("Is there space?");
    // It is not asked each time, and can be agreed to later.
    desk.press("s Enter");
    desk.sees("Is there space?");
    desk.press("a y");
    desk.sees("looking 0 s");
}

/// A case that was kept, at its second question.
fn journal(desk: &Desk) -> Box<Journal> {
    let walk = desk.model.walk().expect("a walk");
    let at: Timestamp = desk.at;
    Box::new(Journal {
        head: Head {
            schema: Head::SCHEMA,
            program: "0".to_owned(),
            opening: crate::engine::Opening::new("own".into(), walk.scene.os, at),
            trees: Vec::new(),
            host: None,
            bundle: None,
        },
        entries: walk.case.transcript().to_vec(),
        named: Named::default(),
        last: at,
        torn: None,
    })
}

#[test]
fn a_kept_case_whose_tree_needs_agreement_is_agreed_to_and_goes_on() {
    let mut first = Desk::at_tree(LAMP);
    first.press("1");
    let journal = journal(&first);
    let resumed = || {
        let mut desk = Desk::with(LAMP, |opening| {
            opening
                .consents
                .insert(TreeId::new("own"), Consent::default());
        });
        desk.tell(Msg::Opened(journal.clone()));
        desk.sees("This tree did not come with the program.");
        assert_eq!(desk.looks(), []);
        desk
    };
    let mut desk = resumed();
    desk.press("y");
    desk.sees("Is there space?");
    desk.sees("looking 0 s");
    let mut desk = resumed();
    desk.press("n");
    desk.sees("Is there space?");
    desk.sees("nothing is looked at");
    assert_eq!(desk.looks(), []);
    // Who goes back lets go of it.
    let mut desk = resumed();
    desk.press("Esc");
    desk.sees("What is wrong?");
    assert!(desk.tasks.iter().any(|task| matches!(task, Task::Release)));
}

#[test]
fn no_more_are_open_than_the_bound() {
    let mut desk = Desk::with(LAMP, |opening| opening.place = Some(Place::Here));
    for _ in 0..crate::app::tui::update::MOST_OPEN {
        // Up to the last row, the symptom.
        for _ in 0..40 {
            desk.press("Down");
        }
        desk.press("Enter 1 s");
    }
    for _ in 0..40 {
        desk.press("Down");
    }
    desk.press("Enter");
    desk.sees("16 cases are open, the most; Ctrl-X closes one");
}
