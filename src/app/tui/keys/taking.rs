//! What Enter does, and what answers instead of it.

use crate::app::tui::{
    keys::{Binding, Key, bind},
    msg::Msg,
    place::Place,
};

pub(super) static TAKING: &[Binding] = &[
    bind(
        &[Place::Start, Place::Where],
        &[Key::Enter],
        "Enter",
        "Go on with the chosen row.",
        |_| Msg::Take,
    )
    .brief("go on"),
    bind(
        &[Place::File],
        &[Key::Enter],
        "Enter",
        "Open this file: it becomes a case, or goes on with the one that asked for it.",
        |_| Msg::Take,
    )
    .brief("open it"),
    bind(
        &[Place::Consent],
        &[Key::Char('y')],
        "y",
        "Agree: the tree may look at what is listed.",
        |_| Msg::Take,
    )
    .brief("agree"),
    bind(
        &[Place::Consent],
        &[Key::Char('n')],
        "n",
        "Go on without any looks: you answer every question yourself.",
        |_| Msg::Unsure,
    )
    .brief("look at nothing"),
    bind(
        &[Place::Walk],
        &[Key::Enter],
        "Enter",
        "Take the chosen row.",
        |_| Msg::Take,
    )
    .brief("take it")
    .when(|model| model.walk().is_some_and(|walk| walk.chosen().is_some())),
    bind(
        &[Place::Walk],
        &[Key::Enter],
        "Enter",
        "Take the chosen row.",
        |_| Msg::Take,
    ),
    bind(
        &[Place::Form],
        &[Key::Enter],
        "Enter",
        "Go to the next field; from the last one go on.",
        |_| Msg::Take,
    )
    .brief("go on"),
    bind(
        &[Place::Form],
        &[Key::Ctrl('d')],
        "Ctrl-D",
        "Say that you do not know this; looks that need it are left out.",
        |_| Msg::Unsure,
    )
    .brief("I don't know"),
    bind(
        &[Place::Transcript],
        &[Key::Enter],
        "Enter",
        "Answer the chosen step otherwise; what still fits after it is kept.",
        |_| Msg::Take,
    )
    .brief("change"),
    bind(
        &[Place::Edit],
        &[Key::Enter],
        "Enter",
        "Answer the step like this.",
        |_| Msg::Take,
    )
    .brief("take it"),
    bind(
        &[Place::Line],
        &[Key::Enter],
        "Enter",
        "Keep the text.",
        |_| Msg::Take,
    )
    .brief("keep"),
    bind(
        &[Place::Naming],
        &[Key::Enter],
        "Enter",
        "Go to the ticket's number; from there keep both.",
        |_| Msg::Take,
    )
    .brief("keep"),
    bind(
        &[Place::Report],
        &[Key::Enter],
        "Enter",
        "Save it as it stands here, in this form; its file's name is asked.",
        |_| Msg::Take,
    )
    .brief("save"),
    bind(
        &[Place::FileName],
        &[Key::Enter],
        "Enter",
        "Save it under this name. A file that is there is replaced only if you press it again.",
        |_| Msg::Take,
    )
    .brief("save"),
    bind(
        &[Place::Paste],
        &[Key::Enter],
        "Enter",
        "Judge what was pasted, as if it had been looked at.",
        |_| Msg::Take,
    )
    .brief("judge it"),
];
