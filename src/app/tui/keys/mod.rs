//! Every key of the program, once: what it does is looked up here, and help and the key line are made from it.

mod table;

use crate::app::tui::{keys::table::BINDINGS, model::Model, msg::Msg, place::Place};

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
    BINDINGS
        .iter()
        .filter(move |binding| binding.on.contains(&place) && (binding.when)(model))
}

/// Everything that keys can do in a place, now or at another time.
pub fn all(place: Place) -> impl Iterator<Item = &'static Binding> {
    BINDINGS
        .iter()
        .filter(move |binding| binding.on.contains(&place))
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
