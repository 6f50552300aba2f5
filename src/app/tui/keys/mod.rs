//! Every key of the program, once: what it does is looked up here, and help and the key line are made from it.

mod choosing;
mod leaving;
mod reading;
mod taking;
mod walking;

use crate::app::tui::{
    keys::{
        choosing::CHOOSING, leaving::LEAVING, reading::READING, taking::TAKING, walking::WALKING,
    },
    model::Model,
    msg::Msg,
    place::Place,
};

/// The table. Within a place the first that fits is taken; the key line keeps this order.
static BINDINGS: [&[Binding]; 5] = [TAKING, CHOOSING, WALKING, READING, LEAVING];

const UP_DOWN: &[Key] = &[Key::Up, Key::Down];

/// A key as the program knows it; [`super::input`] makes it from the terminal's event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    Char(char),
    Ctrl(char),
    Function(u8),
    Enter,
    Esc,
    Tab,
    BackTab,
    Backspace,
    Delete,
    Up,
    Down,
    Left,
    Right,
    WordLeft,
    WordRight,
    Home,
    End,
    PageUp,
    PageDown,
}

/// One thing that keys do.
pub struct Binding {
    pub on: &'static [Place],
    pub keys: &'static [Key],
    /// How the keys are written.
    pub shown: &'static str,
    /// A word or two for the key line; `None`: only in help.
    pub brief: Option<&'static str>,
    /// A sentence for help.
    pub does: &'static str,
    /// Where it would do nothing it is not offered, and the key is free.
    pub when: fn(&Model) -> bool,
    pub msg: fn(Key) -> Msg,
}

/// What a key does in a place, if anything.
pub fn find(place: Place, key: Key, model: &Model) -> Option<Msg> {
    offered(place, model)
        .find(|binding| binding.keys.contains(&key))
        .map(|binding| (binding.msg)(key))
}

/// What can be done in a place now, in the table's order.
pub fn offered(place: Place, model: &Model) -> impl Iterator<Item = &'static Binding> {
    bindings().filter(move |binding| binding.on.contains(&place) && (binding.when)(model))
}

/// Everything that keys can do in a place, now or at another time.
pub fn all(place: Place) -> impl Iterator<Item = &'static Binding> {
    bindings().filter(move |binding| binding.on.contains(&place))
}

fn bindings() -> impl Iterator<Item = &'static Binding> {
    BINDINGS.iter().copied().flatten()
}

/// A binding that is always offered, and stands in help only.
const fn bind(
    on: &'static [Place],
    keys: &'static [Key],
    shown: &'static str,
    does: &'static str,
    msg: fn(Key) -> Msg,
) -> Binding {
    Binding {
        on,
        keys,
        shown,
        brief: None,
        does,
        when: |_| true,
        msg,
    }
}

impl Binding {
    /// Stands in the key line, with this word or two.
    const fn brief(mut self, brief: &'static str) -> Self {
        self.brief = Some(brief);
        self
    }

    /// Is offered only then.
    const fn when(mut self, when: fn(&Model) -> bool) -> Self {
        self.when = when;
        self
    }
}
