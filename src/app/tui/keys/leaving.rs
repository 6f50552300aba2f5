//! Leaving, naming what is left, quitting, help.

use crate::app::tui::{
    keys::{Binding, Key, bind},
    model::{GoesOn, Screen},
    msg::Msg,
    place::Place,
};

const ALL: &[Place] = &[
    Place::Start,
    Place::Where,
    Place::File,
    Place::Consent,
    Place::Walk,
    Place::Form,
    Place::Transcript,
    Place::Edit,
    Place::Line,
    Place::Paste,
    Place::Report,
    Place::FileName,
    Place::Naming,
    Place::Help,
];

pub(super) static LEAVING: &[Binding] = &[
    bind(
        &[Place::Walk],
        &[Key::Char('a')],
        "a",
        "Read what this tree can do, and agree to it, so that it is looked at.",
        |_| Msg::Agree,
    )
    .brief("agree")
    .when(|model| {
        let tree = model.walk().map(|walk| &walk.scene.tree);
        tree.is_some_and(|tree| model.opening.consents.contains_key(tree))
    }),
    bind(
        &[Place::Walk],
        &[Key::Char('o')],
        "o",
        "Over to the open case that was left last; this one stays open.",
        |_| Msg::Other,
    )
    .brief("other case")
    .when(|model| !model.open.is_empty()),
    bind(
        &[Place::Start],
        &[Key::Ctrl('x')],
        "Ctrl-X",
        "Close the chosen case, if it is open here: it stays on the disk, and others can take it up.",
        |_| Msg::Close,
    )
    .brief("close it")
    .when(|model| {
        let Screen::Start(start) = &model.screen else {
            return false;
        };
        let plan = start.chosen().map(|row| &row.plan);
        plan.is_some_and(|plan| matches!(plan.goes_on, Some(GoesOn::Open(_))))
    }),
    bind(
        &[Place::Walk],
        &[Key::Char('s')],
        "s",
        "Leave the case for the start screen; it stays open, and Enter goes back to it.",
        |_| Msg::Leave,
    )
    .brief("start screen")
    .when(|model| model.walk().is_some_and(|walk| walk.scene.is_over())),
    bind(
        &[Place::Walk],
        &[Key::Char('s')],
        "s",
        "Leave the case for the start screen; it stays open, and Enter goes back to it.",
        |_| Msg::Leave,
    ),
    bind(
        &[Place::Walk],
        &[Key::Char('i')],
        "i",
        "Give the case a title and its ticket's number: they stand above, in the list of cases and in the report.",
        |_| Msg::Name,
    )
    .brief("title"),
    bind(
        &[
            Place::Where,
            Place::Consent,
            Place::Walk,
            Place::Transcript,
            Place::Edit,
            Place::Report,
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
        &[
            Place::File,
            Place::Form,
            Place::Line,
            Place::Paste,
            Place::FileName,
            Place::Naming,
        ],
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
            Place::Report,
        ],
        &[Key::Char('?'), Key::Function(1)],
        "?",
        "Show this help.",
        |_| Msg::Help,
    )
    .brief("help"),
    bind(ALL, &[Key::Ctrl('c')], "Ctrl-C", "Quit at once.", |_| {
        Msg::Interrupt
    }),
];
