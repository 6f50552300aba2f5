//! What a case is called: its title and its ticket's number.

use crate::{
    app::tui::{
        msg::Task,
        port::CaseId,
        tests::{desk::Desk, walks::LAMP},
    },
    case::Named,
};

fn named(title: Option<&str>, ticket: Option<&str>) -> Named {
    Named {
        title: title.map(str::to_owned),
        ticket: ticket.map(str::to_owned),
    }
}

fn called(desk: &Desk) -> Vec<&Named> {
    let called = desk.tasks.iter().filter_map(|task| match task {
        Task::Call(CaseId(1), named) => Some(named),
        _ => None,
    });
    called.collect()
}

#[test]
fn a_case_gets_a_title_and_a_tickets_number() {
    let mut desk = Desk::at_tree(LAMP);
    desk.press("i");
    desk.sees("Title");
    desk.sees("Ticket number");
    desk.type_in("Harbour lamp");
    desk.press("Enter");
    desk.type_in("INC0012345");
    desk.press("Enter");
    desk.sees("INC0012345 · Harbour lamp · The lamp is dark");
    let both = named(Some("Harbour lamp"), Some("INC0012345"));
    assert_eq!(called(&desk), [&both]);
    desk.press("t");
    desk.sees("INC0012345 · Harbour lamp");
    desk.press("Esc w");
    desk.sees("Ticket: INC0012345");
    desk.sees("Case: Harbour lamp");
    desk.press("Enter");
    desk.sees("waypost-INC0012345-2026");
    // It is offered to be changed; what is emptied is gone.
    desk.press("Esc Esc i Tab ^U Enter");
    desk.sees_not("INC0012345");
    desk.sees("Harbour lamp · The lamp is dark");
    let alone = named(Some("Harbour lamp"), None);
    assert_eq!(called(&desk), [&both, &alone]);
    desk.press("w Enter");
    desk.sees("waypost-Harbour-lamp-2026");
}

#[test]
fn what_is_not_changed_is_not_written() {
    let mut desk = Desk::at_tree(LAMP);
    desk.press("i Esc i Enter Enter");
    desk.sees("Is the marker there?");
    desk.press("i");
    desk.type_in("Harbour");
    desk.press("Esc");
    desk.sees_not("Harbour");
    assert_eq!(called(&desk).len(), 0);
}

#[test]
fn a_secret_in_a_name_is_masked() {
    let mut desk = Desk::at_tree(LAMP);
    desk.press("i");
    desk.type_in("Harbour password=hunter2-title");
    desk.press("Enter Enter");
    desk.sees("Harbour password=‹secret-1›");
    desk.sees_not("hunter2");
    let title = called(&desk)[0].title.as_deref();
    assert_eq!(title, Some("Harbour password=‹secret-1›"));
}
