//! The terminal's events become messages. Nothing else of the program sees them.

use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use crate::app::tui::{
    keys::{self, Key},
    model::Model,
    msg::{Edit, Msg},
    place::Place,
};

/// What an event means where the person is now; `None`: the person did nothing.
pub fn read(event: &Event, model: &Model) -> Option<Msg> {
    let place = model.place();
    match event {
        // Windows also tells when a key is let go.
        Event::Key(key) if key.kind != KeyEventKind::Release => {
            let typed = |key| place.types().then(|| edit(key).map(Msg::Edit)).flatten();
            let pasted = |key| match key {
                Key::Char(character) if place == Place::Paste => Some(Msg::Typed(character)),
                Key::Tab if place == Place::Paste => Some(Msg::NextField),
                _ => None,
            };
            let meant = |key| {
                let bound = keys::find(place, key, model);
                bound.or_else(|| typed(key)).or_else(|| pasted(key))
            };
            Some(known(*key).and_then(meant).unwrap_or(Msg::Nothing))
        }
        Event::Paste(text) if place.types() => Some(Msg::Edit(Edit::Paste(text.clone()))),
        Event::Paste(text) if place == Place::Paste => Some(Msg::Pasted(text.clone())),
        Event::Paste(_) => Some(Msg::Nothing),
        Event::Resize(width, height) => Some(Msg::Resized {
            width: *width,
            height: *height,
        }),
        _ => None,
    }
}

fn known(event: KeyEvent) -> Option<Key> {
    let control = event.modifiers.contains(KeyModifiers::CONTROL);
    let alt = event.modifiers.contains(KeyModifiers::ALT);
    Some(match event.code {
        // AltGr comes as both on Windows, and makes a character.
        KeyCode::Char(character) if control && !alt => Key::Ctrl(character.to_ascii_lowercase()),
        KeyCode::Char(character) if control || !alt => Key::Char(character),
        KeyCode::F(number) => Key::Function(number),
        KeyCode::Enter => Key::Enter,
        KeyCode::Esc => Key::Esc,
        KeyCode::Tab => Key::Tab,
        KeyCode::BackTab => Key::BackTab,
        KeyCode::Backspace => Key::Backspace,
        KeyCode::Delete => Key::Delete,
        KeyCode::Up => Key::Up,
        KeyCode::Down => Key::Down,
        KeyCode::Left if control => Key::WordLeft,
        KeyCode::Right if control => Key::WordRight,
        KeyCode::Left => Key::Left,
        KeyCode::Right => Key::Right,
        KeyCode::Home => Key::Home,
        KeyCode::End => Key::End,
        KeyCode::PageUp => Key::PageUp,
        KeyCode::PageDown => Key::PageDown,
        _ => return None,
    })
}

/// What a key does in a line of text: what a shell's line does too.
fn edit(key: Key) -> Option<Edit> {
    Some(match key {
        Key::Char(character) => Edit::Insert(character),
        Key::Backspace | Key::Ctrl('h') => Edit::Backspace,
        Key::Delete => Edit::Delete,
        Key::Ctrl('w') => Edit::DeleteWord,
        Key::Ctrl('u') => Edit::DeleteToStart,
        Key::Left | Key::Ctrl('b') => Edit::Left,
        Key::Right | Key::Ctrl('f') => Edit::Right,
        Key::WordLeft => Edit::WordLeft,
        Key::WordRight => Edit::WordRight,
        Key::Home | Key::Ctrl('a') => Edit::Home,
        Key::End | Key::Ctrl('e') => Edit::End,
        _ => return None,
    })
}
