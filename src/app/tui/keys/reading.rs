//! Scrolling, and closing the help.

use crate::app::tui::{
    keys::{Binding, Key, UP_DOWN, bind},
    msg::Msg,
    place::Place,
};

pub(super) static READING: &[Binding] = &[
    bind(
        &[Place::Help],
        &[Key::Esc, Key::Enter, Key::Char('?'), Key::Char('q')],
        "Esc",
        "Close the help.",
        |_| Msg::Cancel,
    )
    .brief("close"),
    bind(
        &[
            Place::Start,
            Place::Where,
            Place::File,
            Place::Consent,
            Place::Form,
            Place::Transcript,
            Place::Edit,
            Place::Line,
            Place::Paste,
            Place::FileName,
            Place::Naming,
            Place::Help,
        ],
        &[Key::PageDown, Key::PageUp],
        "PgDn PgUp",
        "Scroll a page.",
        page,
    ),
    bind(
        &[Place::Walk, Place::Report],
        &[Key::PageDown, Key::PageUp, Key::Char(' ')],
        "PgDn PgUp",
        "Scroll the text a page. (The space bar scrolls down, too.)",
        page,
    ),
    bind(
        &[Place::Walk, Place::Consent, Place::Report, Place::Help],
        &[Key::Char('j'), Key::Char('k')],
        "j k",
        "Scroll a line.",
        |key| match key {
            Key::Char('k') => Msg::LineUp,
            _ => Msg::LineDown,
        },
    ),
    bind(
        &[Place::Consent, Place::Paste, Place::Report, Place::Help],
        UP_DOWN,
        "↑ ↓",
        "Scroll a line.",
        |key| match key {
            Key::Up => Msg::LineUp,
            _ => Msg::LineDown,
        },
    ),
    bind(
        &[
            Place::Walk,
            Place::Consent,
            Place::Transcript,
            Place::Report,
            Place::Help,
        ],
        &[Key::Home, Key::End, Key::Char('g'), Key::Char('G')],
        "Home End",
        "To the beginning, to the end. (`g` and `G` do the same.)",
        |key| match key {
            Key::Home | Key::Char('g') => Msg::Top,
            _ => Msg::Bottom,
        },
    ),
];

fn page(key: Key) -> Msg {
    match key {
        Key::PageUp => Msg::PageUp,
        _ => Msg::PageDown,
    }
}
