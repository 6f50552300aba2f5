//! Choosing a row, a field, an answer.

use crate::app::tui::{
    keys::{Binding, Key, UP_DOWN, bind},
    msg::Msg,
    place::Place,
};

const DIGITS: &[Key] = &[
    Key::Char('1'),
    Key::Char('2'),
    Key::Char('3'),
    Key::Char('4'),
    Key::Char('5'),
    Key::Char('6'),
    Key::Char('7'),
    Key::Char('8'),
    Key::Char('9'),
];

pub(super) static CHOOSING: &[Binding] = &[
    bind(
        &[Place::Walk],
        DIGITS,
        "1-9",
        "Take the row with this number.",
        digit,
    )
    .brief("answer")
    .when(|model| {
        // Once a row is chosen, Enter says enough.
        model
            .walk()
            .is_some_and(|walk| !walk.scene.choices.is_empty() && walk.chosen().is_none())
    }),
    bind(
        &[Place::Walk, Place::Where, Place::Edit],
        DIGITS,
        "1-9",
        "Take the row with this number.",
        digit,
    ),
    bind(
        &[Place::Walk, Place::Edit],
        &[Key::Char('0'), Key::Char('u')],
        "0",
        "I don't know; it cannot be done. (`u` does the same.)",
        |_| Msg::Unsure,
    )
    .when(|model| {
        model
            .walk()
            .is_some_and(|walk| !walk.scene.choices.is_empty())
    }),
    bind(
        &[Place::Start, Place::Where, Place::Transcript, Place::Edit],
        UP_DOWN,
        "↑ ↓",
        "Choose a row.",
        up_down,
    ),
    bind(
        &[Place::Walk],
        UP_DOWN,
        "↑ ↓",
        "Choose an answer; scroll where there are none.",
        up_down,
    )
    .brief("more answers")
    .when(|model| {
        // Those beyond the ninth have no number.
        let rows = model.walk().map(|walk| &walk.scene.choices);
        rows.is_some_and(|rows| rows.iter().any(|row| row.key.is_none()))
    }),
    bind(
        &[Place::Walk],
        UP_DOWN,
        "↑ ↓",
        "Choose an answer; scroll where there are none.",
        up_down,
    ),
    bind(
        &[Place::Form],
        UP_DOWN,
        "↑ ↓",
        "Take a suggestion; go to another field where there are none.",
        up_down,
    ),
    bind(
        &[Place::Naming],
        &[Key::Tab, Key::BackTab, Key::Up, Key::Down],
        "Tab",
        "Go to the other line.",
        |_| Msg::NextField,
    )
    .brief("other line"),
    bind(
        &[Place::Form],
        &[Key::Tab, Key::BackTab],
        "Tab",
        "Go to the next field, with Shift to the one before.",
        |key| match key {
            Key::Tab => Msg::NextField,
            _ => Msg::PreviousField,
        },
    )
    .brief("next")
    .when(|model| model.form().is_some_and(|form| form.fields.len() > 1)),
];

fn digit(key: Key) -> Msg {
    match key {
        Key::Char(digit) => Msg::Pick(digit.to_digit(10).unwrap_or(0) as usize),
        _ => Msg::Pick(0),
    }
}

fn up_down(key: Key) -> Msg {
    match key {
        Key::Up => Msg::Up,
        _ => Msg::Down,
    }
}
