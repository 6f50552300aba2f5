//! The report: previewed in every form, and saved as it was previewed.

use crate::app::{
    report_file::NotWritten,
    tui::{
        msg::{Msg, Task},
        port::{CaseId, Save},
        tests::{desk::Desk, walks::LAMP},
    },
};

fn saves(desk: &Desk) -> Vec<&Save> {
    let saves = desk.tasks.iter().filter_map(|task| match task {
        Task::Save(CaseId(1), save) => Some(&**save),
        _ => None,
    });
    saves.collect()
}

/// A case with a note that holds a secret, at its cause.
fn concluded() -> Desk {
    let mut desk = Desk::at_tree(LAMP);
    desk.press("n");
    desk.type_in("they sent password=hunter2-typed");
    desk.press("Enter 2");
    desk.sees("× Cause found");
    desk
}

fn previewed(desk: &Desk) -> String {
    let preview = desk.model.preview().expect("a preview");
    preview.text.clone()
}

#[test]
fn what_is_saved_is_what_was_previewed_in_every_form() {
    let forms = [
        ("Markdown", "md", "# Cause found: The marker is missing"),
        ("text", "txt", "Cause found: The marker is missing\n=="),
        ("HTML", "html", "<h1>Cause found: The marker is missing"),
        ("JSON", "json", "\"verdict\": \"cause\""),
    ];
    let mut desk = concluded();
    desk.press("w");
    for (number, (form, ending, shows)) in forms.into_iter().enumerate() {
        desk.sees(&format!("{form}, {} of 4", number + 1));
        let text = previewed(&desk);
        assert!(text.contains(shows), "{text}");
        assert!(!text.contains("hunter2"), "{text}");
        // Whatever is on the screen is in the file, and in this order: nothing is laid out otherwise.
        let drawn = desk.drawn(200, 4000);
        let body: Vec<&str> = drawn.lines().skip(1).collect();
        for (at, line) in text.lines().enumerate() {
            if line.len() < 190 {
                assert_eq!(body[at], format!(" {line}").trim_end(), "{form}");
            } else {
                break;
            }
        }
        desk.press("Enter");
        desk.sees(&format!(".{ending}"));
        desk.press("Enter");
        let saves = saves(&desk);
        let save = saves.last().expect("it is saved");
        assert_eq!((&save.text, save.replace), (&text, false));
        assert!(
            save.name.starts_with("waypost-own-20") && save.name.ends_with(ending),
            "{}",
            save.name
        );
        let path = format!("/somewhere/{}", save.name);
        desk.tell(Msg::Saved(CaseId(1), Ok(path.clone())));
        desk.sees("Saved as");
        desk.sees(&path);
        desk.press("Tab");
        desk.sees_not("Saved as");
    }
    desk.sees("Markdown, 1 of 4");
    desk.press("Esc");
    desk.sees("× Cause found");
}

#[test]
fn a_file_that_is_there_is_replaced_only_after_a_second_word() {
    let there = || NotWritten::There("/somewhere/a.md".to_owned());
    let mut desk = concluded();
    desk.press("w Enter ^U");
    desk.type_in("a.md");
    desk.press("Enter");
    desk.tell(Msg::Saved(CaseId(1), Err(there())));
    desk.sees("`/somewhere/a.md` is there already");
    desk.sees("Enter again replaces it");
    // Any other key says no, and does nothing else.
    desk.press("x");
    desk.sees_not("Enter again replaces it");
    desk.sees("  a.md");
    desk.sees_not("a.mdx");
    desk.press("Enter");
    desk.tell(Msg::Saved(CaseId(1), Err(there())));
    desk.press("Enter");
    let replaces: Vec<_> = saves(&desk).iter().map(|save| save.replace).collect();
    assert_eq!(replaces, [false, false, true]);
    desk.tell(Msg::Saved(CaseId(1), Ok("/somewhere/a.md".to_owned())));
    desk.sees("Saved as");
    // What was agreed to for one name is not for the next.
    desk.press("Enter ^U");
    desk.type_in("b.md");
    desk.press("Enter");
    assert!(!saves(&desk).last().expect("it is saved").replace);
}

#[test]
fn what_cannot_be_saved_says_why_and_loses_nothing() {
    let mut desk = concluded();
    desk.press("w PgDn Enter");
    desk.press("Enter");
    desk.tell(Msg::Saved(
        CaseId(1),
        Err(NotWritten::Io {
            path: "/somewhere/a.md".to_owned(),
            why: "no storage space".to_owned(),
        }),
    ));
    desk.sees("`/somewhere/a.md` was not written: no storage space");
    desk.sees("waypost-own-20");
    desk.press("Esc");
    desk.sees("Markdown, 1 of 4");
    desk.press("Esc");
    desk.sees("× Cause found");
}

#[test]
fn no_name_saves_nothing() {
    let mut desk = concluded();
    desk.press("w Enter ^U Enter");
    assert_eq!(saves(&desk).len(), 0);
    desk.sees("it needs a name");
}

#[test]
fn a_report_is_there_at_any_moment() {
    let mut desk = Desk::at_tree(LAMP);
    desk.press("w");
    desk.sees("An answer is needed");
    desk.press("Esc");
    desk.sees("Is the marker there?");
    let mut desk = Desk::at_tree(
        r#"
waypost: 1
id: own
title: Own
symptoms: [It is dark]
start: first
inputs:
  zeal: { ask: Which lamp?, type: text }
nodes:
  first:
    ask: Is {{ zeal }} dark?
    why: To know.
    answers:
      - { answer: It is, id: "yes", goto: fine }
      - { answer: It is not, id: "no", goto: fine }
  fine: { conclude: It is fine, verdict: healthy }
"#,
    );
    desk.type_in("An");
    desk.press("^W ^R");
    desk.sees("Markdown, 1 of 4");
    desk.press("Esc");
    desk.sees("Which lamp?");
}

/// A disk that hangs keeps nobody there, and what comes of it is told all the same.
#[test]
fn who_leaves_while_it_is_saved_is_told_later() {
    let mut desk = concluded();
    desk.press("w Enter Enter Esc Esc");
    desk.sees("× Cause found");
    desk.tell(Msg::Saved(CaseId(1), Ok("/somewhere/a.md".to_owned())));
    desk.sees("saved as /somewhere/a.md");
}

#[test]
fn a_name_of_another_form_is_not_taken() {
    let check = |name: &str, saved: bool| {
        let mut desk = concluded();
        desk.press("w Enter ^U");
        desk.type_in(name);
        desk.press("Enter");
        assert_eq!(!saves(&desk).is_empty(), saved, "{name}");
        if !saved {
            desk.sees("the name's ending is of another form");
        }
    };
    check("a.html", false);
    check("a.JSON", false);
    check("a.md", true);
    // Markdown is text, and what an ending says that nobody knows is not known.
    check("a.txt", true);
    check("a.report", true);
    check("a", true);
}
