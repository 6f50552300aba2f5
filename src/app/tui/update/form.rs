//! Keys of a form, and handing its fields in.

use crate::{
    app::tui::{
        model::{Face, Filled, Form, Model},
        msg::{Msg, Task},
        update::{line, scroll},
    },
    engine::{Event, Given, Rejection},
    finding::InputName,
};

pub fn update(model: &mut Model, msg: Msg) -> Vec<Task> {
    let measured = model.measured;
    let Some(form) = form_mut(model) else {
        return Vec::new();
    };
    match msg {
        Msg::NextField => form.go(1),
        Msg::PreviousField => form.go(-1),
        Msg::Up | Msg::Down => {
            let by = if matches!(msg, Msg::Up) { -1 } else { 1 };
            let picked = form.focused_mut().is_some_and(|field| field.pick(by));
            if !picked {
                form.go(by);
            }
        }
        Msg::Edit(edit) => {
            if let Some(field) = form.focused_mut().filter(|field| !field.is_closed()) {
                field.change();
                field.picked = None;
                line::edit(&mut field.line, edit);
            }
        }
        Msg::Unsure => {
            if let Some(field) = form.focused_mut() {
                field.touched = true;
                field.unknown = !field.unknown;
                field.refused = None;
            }
        }
        Msg::Take => {
            if form.focus + 1 < form.fields.len() {
                form.go(1);
            } else {
                return hand_in(model);
            }
        }
        _ => form.nudge = scroll::nudge(form.nudge, &msg, measured),
    }
    Vec::new()
}

fn form_mut(model: &mut Model) -> Option<&mut Form> {
    match &mut model.walk_mut()?.face {
        Face::Form(form) => Some(form),
        Face::Choosing(_) => None,
    }
}

/// Hands every field in, in order, up to the first that is refused; the form then says why.
fn hand_in(model: &mut Model) -> Vec<Task> {
    let now = model.now;
    let Some(form) = form_mut(model) else {
        return Vec::new();
    };
    let mut fields = form.fields.iter();
    if let Some(empty) = fields.find(|field| field.is_empty() && !field.ask.blank) {
        let name = empty.ask.name.clone();
        form.refuse(
            &name,
            "it is empty; Ctrl-D says that you do not know it".to_owned(),
        );
        return Vec::new();
    }
    let filled: Vec<(InputName, Filled)> = form
        .fields
        .iter()
        .map(|field| (field.ask.name.clone(), field.filled()))
        .collect();
    let Some(walk) = model.walk_mut() else {
        return Vec::new();
    };
    let mut tasks = Vec::new();
    let mut refused = None;
    for (name, filled) in filled {
        let given = match filled {
            Filled::Text(text) => Given::Text(walk.given(&name, &text)),
            Filled::Unknown => Given::Unknown,
            Filled::Secret(secret) => {
                tasks.push(Task::KeepSecret(walk.id, name.clone(), secret));
                Given::Secret
            }
        };
        let event = Event::Input {
            name: name.clone(),
            given,
        };
        match walk.case.apply(event, now) {
            Ok(effects) => tasks.push(Task::CarryOut(walk.id, effects)),
            Err(rejection) => {
                refused = Some((name, rejection));
                break;
            }
        }
    }
    walk.refresh();
    if let (Some((name, rejection)), Some(form)) = (refused, form_mut(model)) {
        let why = match rejection {
            Rejection::InputDoesNotFit { why, .. } => why,
            other => other.to_string(),
        };
        form.refuse(&name, why);
    }
    tasks
}
