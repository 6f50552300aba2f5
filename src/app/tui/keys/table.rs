//! The table itself.

use crate::{
    app::tui::{
        keys::{Binding, Key, bind},
        model::{Screen, Top},
        msg::Msg,
        place::Place,
    },
    engine::Place as Machine,
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

const UP_DOWN: &[Key] = &[Key::Up, Key::Down];

const EVERYWHERE: &[Place] = &[
    Place::Start,
    Place::Where,
    Place::Consent,
    Place::Walk,
    Place::Form,
    Place::Transcript,
    Place::Edit,
    Place::Line,
    Place::Paste,
    Place::Help,
];

/// The table. Within a place the first that fits is taken; the key line keeps this order.
pub static BINDINGS: &[Binding] = &[
    // ── what Enter does ─────────────────────────────────────────────────────────────────────────────
    bind(
        &[Place::Start, Place::Where],
        &[Key::Enter],
        "Enter",
        "Go on with the chosen row.",
        |_| Msg::Take,
    )
    .brief("go on"),
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
        &[Place::Paste],
        &[Key::Enter],
        "Enter",
        "Judge what was pasted, as if it had been looked at.",
        |_| Msg::Take,
    )
    .brief("judge it"),
    // ── choosing ────────────────────────────────────────────────────────────────────────────────────
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
    // ── the walk ────────────────────────────────────────────────────────────────────────────────────
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
        "Copy the command; again: the next one.",
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
        "Take away what was pasted.",
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
    .when(|model| model.walk().is_some_and(|walk| walk.scene.can_look())),
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
        &[Place::Edit, Place::Line],
        &[Key::Esc],
        "Esc",
        "Change nothing.",
        |_| Msg::Cancel,
    )
    .brief("leave it"),
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
    // ── reading ─────────────────────────────────────────────────────────────────────────────────────
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
            Place::Consent,
            Place::Form,
            Place::Transcript,
            Place::Edit,
            Place::Line,
            Place::Paste,
            Place::Help,
        ],
        &[Key::PageDown, Key::PageUp],
        "PgDn PgUp",
        "Scroll a page.",
        page,
    ),
    bind(
        &[Place::Walk],
        &[Key::PageDown, Key::PageUp, Key::Char(' ')],
        "PgDn PgUp",
        "Scroll the text a page. (The space bar scrolls down, too.)",
        page,
    ),
    bind(
        &[Place::Walk, Place::Consent, Place::Help],
        &[Key::Char('j'), Key::Char('k')],
        "j k",
        "Scroll a line.",
        |key| match key {
            Key::Char('k') => Msg::LineUp,
            _ => Msg::LineDown,
        },
    ),
    bind(
        &[Place::Consent, Place::Paste, Place::Help],
        UP_DOWN,
        "↑ ↓",
        "Scroll a line.",
        |key| match key {
            Key::Up => Msg::LineUp,
            _ => Msg::LineDown,
        },
    ),
    bind(
        &[Place::Walk, Place::Consent, Place::Transcript, Place::Help],
        &[Key::Home, Key::End, Key::Char('g'), Key::Char('G')],
        "Home End",
        "To the beginning, to the end. (`g` and `G` do the same.)",
        |key| match key {
            Key::Home | Key::Char('g') => Msg::Top,
            _ => Msg::Bottom,
        },
    ),
    // ── everywhere ──────────────────────────────────────────────────────────────────────────────────
    bind(
        &[Place::Walk],
        &[Key::Char('s')],
        "s",
        "Leave the case for the start screen; it asks once.",
        |_| Msg::Leave,
    )
    .brief("start screen")
    .when(|model| model.walk().is_some_and(|walk| walk.scene.is_over())),
    bind(
        &[Place::Walk],
        &[Key::Char('s')],
        "s",
        "Leave the case for the start screen; it asks once.",
        |_| Msg::Leave,
    ),
    bind(
        &[
            Place::Where,
            Place::Consent,
            Place::Walk,
            Place::Transcript,
            Place::Edit,
        ],
        &[Key::Char('q')],
        "q",
        "Quit; it asks once.",
        |_| Msg::Quit,
    )
    .brief("quit"),
    bind(
        &[Place::Start],
        &[Key::Char('q')],
        "q",
        "Quit; it asks once.",
        |_| Msg::Quit,
    )
    .brief("quit")
    .when(|model| matches!(&model.screen, Screen::Start(start) if start.is_unsearched())),
    bind(
        &[Place::Form, Place::Line, Place::Paste],
        &[Key::Function(1)],
        "F1",
        "Show this help.",
        |_| Msg::Help,
    )
    .brief("help"),
    bind(
        &[
            Place::Start,
            Place::Where,
            Place::Consent,
            Place::Walk,
            Place::Transcript,
            Place::Edit,
        ],
        &[Key::Char('?'), Key::Function(1)],
        "?",
        "Show this help.",
        |_| Msg::Help,
    )
    .brief("help"),
    bind(
        EVERYWHERE,
        &[Key::Ctrl('c')],
        "Ctrl-C",
        "Quit at once.",
        |_| Msg::Interrupt,
    ),
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

fn page(key: Key) -> Msg {
    match key {
        Key::PageUp => Msg::PageUp,
        _ => Msg::PageDown,
    }
}
