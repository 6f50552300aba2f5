//! What a case is called: its title and its ticket's number.

use std::sync::PoisonError;

use crate::{
    app::tui::{
        model::{Face, Model, Naming, Top},
        msg::{Msg, Task},
        update::{line, scroll},
    },
    case::Named,
};

pub fn open(model: &mut Model) -> Vec<Task> {
    if let Some(walk) = model.walk_mut() {
        walk.top = Some(Top::Naming(Naming::new(&walk.named)));
    }
    Vec::new()
}

pub fn update(model: &mut Model, msg: Msg) -> Vec<Task> {
    let measured = model.measured;
    let Some(walk) = model.walk_mut() else {
        return Vec::new();
    };
    let Some(Top::Naming(naming)) = &mut walk.top else {
        return Vec::new();
    };
    let count = naming.lines.len();
    match msg {
        Msg::Cancel => walk.top = None,
        Msg::NextField | Msg::Down => naming.focus = (naming.focus + 1) % count,
        Msg::PreviousField | Msg::Up => naming.focus = (naming.focus + count - 1) % count,
        Msg::Edit(edit) => line::edit(&mut naming.lines[naming.focus], edit),
        Msg::PageUp | Msg::PageDown => {
            if let Face::Choosing(choosing) = &mut walk.face {
                choosing.scroll = scroll::to(choosing.scroll, &msg, measured);
            }
        }
        Msg::Take if naming.has_next() => naming.focus += 1,
        Msg::Take => {
            let Named { title, ticket } = naming.named();
            walk.top = None;
            let mut redactor = walk.redactor.lock().unwrap_or_else(PoisonError::into_inner);
            let mut masked = |text: Option<String>| text.map(|text| redactor.text(&text));
            let named = Named {
                title: masked(title),
                ticket: masked(ticket),
            };
            drop(redactor);
            if named != walk.named {
                walk.named = named.clone();
                return vec![Task::Call(walk.id, named)];
            }
        }
        _ => {}
    }
    Vec::new()
}
