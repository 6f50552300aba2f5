//! The page that takes a paste, and what comes of judging it.

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

/// Opens the page where the question has a probe.
pub fn open(model: &mut Model) -> Vec<Task> {
    let Some(walk) = model.walk_mut() else {
        return Vec::new();
    };
    walk.top = Pasting::new(&walk.scene).map(|pasting| Top::Pasting(Box::new(pasting)));
    Vec::new()
}

pub fn update(model: &mut Model, msg: Msg) -> Vec<Task> {
    let measured = model.measured;
    let Some(walk) = model.walk_mut() else {
        return Vec::new();
    };
    let id = walk.id;
    let Some(Top::Pasting(pasting)) = &mut walk.top else {
        return Vec::new();
    };
    match msg {
        Msg::Cancel => walk.top = None,
        _ if pasting.judging => {}
        Msg::Pasted(text) => pasting.add(&text),
        Msg::Clear => pasting.clear(),
        Msg::NextField => {
            pasting.at = (pasting.at + 1) % pasting.looks.len();
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
                request: pasting.looks[pasting.at].0.clone(),
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
