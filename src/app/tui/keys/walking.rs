//! What is done in a walk, and over it.

use crate::{
    app::tui::{
        keys::{Binding, Key, bind},
        model::{Screen, Top},
        msg::Msg,
        place::Place,
    },
    engine::Place as Machine,
};

pub(super) static WALKING: &[Binding] = &[
    bind(
        &[Place::Walk, Place::Form],
        &[Key::Esc],
        "Esc",
        "Stop the look; its question is then left to you.",
        |_| Msg::Cancel,
    )
    .brief("stop looking")
    .when(|model| model.walk().is_some_and(|walk| walk.scene.is_looking())),
    bind(
        &[Place::Form],
        &[Key::Esc],
        "Esc",
        "Go one step back.",
        |_| Msg::Back,
    )
    .brief("back"),
    bind(
        &[Place::Walk],
        &[Key::Char('b'), Key::Left, Key::Backspace],
        "b",
        "Go one step back; nothing is lost. (← and Backspace do the same.)",
        |_| Msg::Back,
    )
    .brief("back"),
    bind(
        &[Place::Walk],
        &[Key::Char('c')],
        "c",
        "Copy the command to the terminal's clipboard; again: the next one. A terminal that takes none still lets you select the text.",
        |_| Msg::Copy,
    )
    .brief("copy")
    .when(|model| {
        model
            .walk()
            .is_some_and(|walk| !walk.scene.commands.is_empty())
    }),
    bind(
        &[Place::Walk],
        &[Key::Char('p')],
        "p",
        "Paste what a command printed on another machine; it is judged like a look.",
        |_| Msg::Paste,
    )
    .brief("paste")
    .when(|model| {
        model
            .walk()
            .is_some_and(|walk| walk.scene.can_paste() && walk.scene.place == Machine::Elsewhere)
    }),
    bind(
        &[Place::Walk],
        &[Key::Char('p')],
        "p",
        "Paste what a command printed on another machine; it is judged like a look.",
        |_| Msg::Paste,
    )
    .when(|model| model.walk().is_some_and(|walk| walk.scene.can_paste())),
    bind(
        &[Place::Paste],
        &[Key::Tab],
        "Tab",
        "Paste for the question's next probe.",
        |_| Msg::NextField,
    )
    .brief("next")
    .when(|model| {
        let top = model.walk().and_then(|walk| walk.top.as_ref());
        matches!(top, Some(Top::Pasting(pasting)) if pasting.looks.len() > 1)
    }),
    bind(
        &[Place::Paste],
        &[Key::Backspace],
        "Backspace",
        "Take away what was pasted, or the last character that was typed.",
        |_| Msg::Clear,
    ),
    bind(
        &[Place::Paste],
        &[Key::Esc],
        "Esc",
        "Back to the question; nothing is judged.",
        |_| Msg::Cancel,
    )
    .brief("leave it"),
    bind(
        &[Place::Walk],
        &[Key::Char('r')],
        "r",
        "Look, or look again. A look that logs in is only made when you press this.",
        |_| Msg::Look,
    )
    .brief("look once")
    .when(|model| {
        model
            .walk()
            .is_some_and(|walk| walk.scene.can_look() && walk.scene.is_first_look())
    }),
    bind(
        &[Place::Walk],
        &[Key::Char('r')],
        "r",
        "Look, or look again. A look that logs in is only made when you press this.",
        |_| Msg::Look,
    )
    .brief("again")
    .when(|model| {
        model
            .walk()
            .is_some_and(|walk| walk.scene.can_look() && !walk.scene.is_first_look())
    }),
    bind(
        &[Place::Walk],
        &[Key::Char('f')],
        "f",
        "Follow the evidence by itself until you are needed.",
        |_| Msg::Follow,
    )
    .brief("follow")
    .when(|model| model.walk().is_some_and(|walk| walk.scene.can_follow())),
    bind(
        &[Place::Walk],
        &[Key::Char('t')],
        "t",
        "Show every step so far; each can be changed there.",
        |_| Msg::Transcript,
    )
    .brief("steps"),
    bind(
        &[Place::Transcript],
        &[Key::Esc, Key::Char('t')],
        "Esc",
        "Back to the walk.",
        |_| Msg::Cancel,
    )
    .brief("close"),
    bind(
        &[Place::Walk, Place::Transcript],
        &[Key::Char('n')],
        "n",
        "Add a note to the step.",
        |_| Msg::Note,
    )
    .brief("note"),
    bind(
        &[Place::Walk],
        &[Key::Char('w')],
        "w",
        "Write the report: shows it as it stands, in every form, and saves it.",
        |_| Msg::Report,
    )
    .brief("report"),
    bind(
        &[Place::Walk],
        &[Key::Char('m')],
        "m",
        "Make a message: all commands that somebody else is still to run, to copy, or as a script to save.",
        |_| Msg::Request,
    ),
    bind(
        &[Place::Form],
        &[Key::Ctrl('r')],
        "Ctrl-R",
        "Write the report: shows it as it stands, in every form, and saves it.",
        |_| Msg::Report,
    )
    .brief("report"),
    bind(
        &[Place::Report],
        &[Key::Tab, Key::BackTab],
        "Tab",
        "Show it in the next form: Markdown, text, HTML, JSON; commands or a script. With Shift the one before.",
        |key| match key {
            Key::Tab => Msg::NextField,
            _ => Msg::PreviousField,
        },
    )
    .brief("next form"),
    bind(
        &[Place::Report],
        &[Key::Char('c')],
        "c",
        "Copy all of it to the terminal's clipboard, up to 72 KiB. Not every terminal takes it.",
        |_| Msg::Copy,
    )
    .brief("copy"),
    bind(
        &[Place::Report],
        &[Key::Esc, Key::Char('w'), Key::Char('m')],
        "Esc",
        "Back to the walk.",
        |_| Msg::Cancel,
    )
    .brief("close"),
    bind(
        &[Place::FileName],
        &[Key::Esc],
        "Esc",
        "Back to the report; nothing is saved.",
        |_| Msg::Cancel,
    )
    .brief("leave it"),
    bind(
        &[Place::Edit, Place::Line, Place::Naming],
        &[Key::Esc],
        "Esc",
        "Change nothing.",
        |_| Msg::Cancel,
    )
    .brief("leave it"),
    bind(
        &[Place::File],
        &[Key::Esc],
        "Esc",
        "Back to where the machine is.",
        |_| Msg::Cancel,
    )
    .brief("back"),
    bind(
        &[Place::Where, Place::Consent],
        &[Key::Esc, Key::Char('b'), Key::Left, Key::Backspace],
        "Esc",
        "Back to the start screen.",
        |_| Msg::Cancel,
    )
    .brief("back"),
    bind(
        &[Place::Start],
        &[Key::Esc],
        "Esc",
        "Clear the search.",
        |_| Msg::Cancel,
    )
    .brief("clear")
    .when(|model| matches!(&model.screen, Screen::Start(start) if !start.is_unsearched())),
];
