//! The page that takes a paste, and what comes of judging it.

use std::sync::PoisonError;

use crate::{
    app::{
        answering::{Pasted, Sent},
        tui::{
            model::{Model, Pasting, Top},
            msg::{Msg, Task},
            update::scroll,
        },
    },
    finding::Unknown,
};

/// Opens the page where something can be pasted.
pub fn open(model: &mut Model) -> Vec<Task> {
    let Some(walk) = model.walk_mut() else {
        return Vec::new();
    };
    walk.top = Pasting::new(&walk.scene).map(|pasting| Top::Pasting(Box::new(pasting)));
    Vec::new()
}

pub fn update(model: &mut Model, msg: Msg) -> Vec<Task> {
    let (now, measured) = (model.now, model.measured);
    let Some(walk) = model.walk_mut() else {
        return Vec::new();
    };
    let id = walk.id;
    let Some(Top::Pasting(pasting)) = &mut walk.top else {
        return Vec::new();
    };
    let in_keys = pasting.comes_in_keys(now);
    match msg {
        Msg::Cancel => walk.top = None,
        Msg::Typed(_) | Msg::Pasted(_) if pasting.judging => pasting.overtaken = true,
        _ if pasting.judging => {}
        Msg::Pasted(text) => {
            let mut redactor = walk.redactor.lock().unwrap_or_else(PoisonError::into_inner);
            pasting.add(&text, &mut redactor);
        }
        Msg::Typed(character) => pasting.typed(character, now),
        Msg::Take if in_keys => pasting.typed('\n', now),
        Msg::NextField if in_keys => pasting.typed('\t', now),
        Msg::Clear => pasting.take_back(),
        Msg::NextField => {
            pasting.at = (pasting.at + 1) % pasting.looks.len().max(1);
            pasting.refused = None;
        }
        Msg::Take if pasting.text.trim().is_empty() => {
            pasting.refuse("nothing was pasted yet".to_owned());
        }
        Msg::Take => {
            let Some(session) = walk.case.session() else {
                return Vec::new();
            };
            pasting.judging = true;
            pasting.refused = None;
            let sent = Sent {
                session,
                request: pasting.look().map(|(request, _)| request.clone()),
                text: pasting.text.clone(),
            };
            return vec![Task::Paste(id, Box::new(sent))];
        }
        _ => pasting.scroll = scroll::to(pasting.scroll, &msg, measured),
    }
    Vec::new()
}

/// What was pasted is judged: what is for the case; a paste of something else stays on its page, with why. Of a page that
/// was left meanwhile nothing is taken.
pub fn judged(model: &mut Model, judged: Result<Pasted, Unknown>) -> Option<Pasted> {
    let walk = model.walk_mut()?;
    let Some(Top::Pasting(pasting)) = &mut walk.top else {
        return None;
    };
    if !pasting.judging {
        return None;
    }
    if pasting.overtaken {
        pasting.judging = false;
        pasting.lose();
        return None;
    }
    match judged {
        Ok(pasted) => {
            walk.top = None;
            Some(pasted)
        }
        Err(why) => {
            pasting.judging = false;
            pasting.refuse(why.to_string());
            None
        }
    }
}
