//! Keys of the transcript: a step answered otherwise, a note, an input changed.

use std::sync::PoisonError;

use tui_input::Input;

use crate::{
    app::tui::{
        model::{Editing, Entry, Face, Model, Top, Transcript, Walk, What, Writing},
        msg::{Msg, Task},
        update::{line, scroll, start::UNSEEN, walk},
    },
    engine::{Event, Given},
};

pub fn update(model: &mut Model, msg: Msg) -> Vec<Task> {
    let measured = model.measured;
    let Some(walk) = model.walk_mut() else {
        return Vec::new();
    };
    let Walk {
        top: Some(Top::Transcript(transcript)),
        scene,
        case,
        ..
    } = walk
    else {
        return Vec::new();
    };
    if transcript.writing.is_some() {
        return written(model, msg);
    }
    if transcript.editing.is_some() {
        return edited(model, &msg);
    }
    let last = Entry::all(scene).count().saturating_sub(1);
    match msg {
        Msg::Up => select(transcript, transcript.selected.saturating_sub(1)),
        Msg::Down => select(transcript, (transcript.selected + 1).min(last)),
        Msg::Top => select(transcript, 0),
        Msg::Bottom => select(transcript, last),
        Msg::Cancel => walk.top = None,
        Msg::Note => {
            let step = match transcript.chosen(scene) {
                Some(Entry::Step(step)) => Some(step),
                _ => None,
            };
            transcript.writing = Some(Writing {
                what: What::Note(step),
                line: Input::default(),
            });
        }
        Msg::Take if measured.hidden => {
            transcript.nudge = 0;
            model.saying = Some(UNSEEN.to_owned());
        }
        Msg::Take => match transcript.chosen(scene) {
            Some(Entry::Input(at)) => {
                let input = &scene.inputs[at];
                let line = match &input.given {
                    Given::Text(text) => Input::new(text.clone()),
                    Given::Secret | Given::Unknown => Input::default(),
                };
                transcript.writing = Some(Writing {
                    what: What::Input {
                        name: input.name.clone(),
                        secret: input.secret,
                    },
                    line,
                });
            }
            Some(Entry::Step(step)) => {
                let choices = case.alternatives(step);
                if choices.is_empty() {
                    model.saying = Some("there is nothing to change in this step".to_owned());
                } else {
                    // Enter pressed once too often must change nothing.
                    let selected = choices.iter().position(|choice| choice.stands);
                    transcript.editing = Some(Editing {
                        choices,
                        selected: selected.unwrap_or(0),
                    });
                    transcript.nudge = 0;
                }
            }
            None => {}
        },
        _ => transcript.nudge = scroll::nudge(transcript.nudge, &msg, measured),
    }
    Vec::new()
}

fn select(transcript: &mut Transcript, row: usize) {
    transcript.selected = row;
    transcript.nudge = 0;
}

/// A step is being answered otherwise.
fn edited(model: &mut Model, msg: &Msg) -> Vec<Task> {
    let measured = model.measured;
    let Some(transcript) = model.walk_mut().and_then(open) else {
        return Vec::new();
    };
    let Some(editing) = &mut transcript.editing else {
        return Vec::new();
    };
    let choices = &editing.choices;
    let taken = match msg {
        Msg::Up => {
            editing.selected = editing.selected.saturating_sub(1);
            None
        }
        Msg::Down => {
            editing.selected = (editing.selected + 1).min(choices.len().saturating_sub(1));
            None
        }
        Msg::Cancel => {
            transcript.editing = None;
            return Vec::new();
        }
        Msg::Take => choices.get(editing.selected),
        Msg::Pick(number) => number
            .checked_sub(1)
            .and_then(|at| choices.get(at))
            .filter(|choice| !choice.unsure),
        Msg::Unsure => choices.iter().find(|choice| choice.unsure),
        _ => {
            transcript.nudge = scroll::nudge(transcript.nudge, msg, measured);
            None
        }
    };
    let Some(choice) = taken else {
        return Vec::new();
    };
    let event = choice.event.clone();
    let stands = choice.stands;
    transcript.editing = None;
    if stands {
        model.saying = Some("nothing was changed: it stood so before".to_owned());
        return Vec::new();
    }
    let tasks = walk::event(model, event);
    settle(model);
    tasks
}

/// A line over the transcript.
fn written(model: &mut Model, msg: Msg) -> Vec<Task> {
    let measured = model.measured;
    let Some(transcript) = model.walk_mut().and_then(open) else {
        return Vec::new();
    };
    let Some(writing) = &mut transcript.writing else {
        return Vec::new();
    };
    match msg {
        Msg::Edit(edit) => line::edit(&mut writing.line, edit),
        Msg::PageUp | Msg::PageDown => {
            transcript.nudge = scroll::nudge(transcript.nudge, &msg, measured);
        }
        Msg::Cancel => transcript.writing = None,
        Msg::Take => {
            let tasks = transcript
                .writing
                .take()
                .map_or_else(Vec::new, |writing| keep(model, writing));
            settle(model);
            return tasks;
        }
        _ => {}
    }
    Vec::new()
}

/// A note over the walk.
pub fn write_note(model: &mut Model, msg: Msg) -> Vec<Task> {
    let measured = model.measured;
    let Some(walk) = model.walk_mut() else {
        return Vec::new();
    };
    let Some(Top::Writing(writing)) = &mut walk.top else {
        return Vec::new();
    };
    match msg {
        Msg::Edit(edit) => line::edit(&mut writing.line, edit),
        Msg::PageUp | Msg::PageDown => {
            if let Face::Choosing(choosing) = &mut walk.face {
                choosing.scroll = scroll::to(choosing.scroll, &msg, measured);
            }
        }
        Msg::Cancel => walk.top = None,
        Msg::Take => {
            if let Some(Top::Writing(writing)) = walk.top.take() {
                return keep(model, writing);
            }
        }
        _ => {}
    }
    Vec::new()
}

/// A note goes into transcript and reports: a secret that somebody noted down does not.
fn masked(model: &Model, text: &str) -> String {
    model.walk().map_or_else(String::new, |walk| {
        let mut redactor = walk.redactor.lock().unwrap_or_else(PoisonError::into_inner);
        redactor.text(text)
    })
}

fn keep(model: &mut Model, writing: Writing) -> Vec<Task> {
    let text = writing.line.value().trim().to_owned();
    if text.is_empty() {
        return Vec::new();
    }
    match writing.what {
        What::Note(step) => {
            let text = masked(model, &text);
            let tasks = walk::event(model, Event::Note { step, text });
            if model.saying.is_none() {
                model.saying = Some("the note is kept".to_owned());
            }
            tasks
        }
        What::Input {
            name,
            secret: false,
        } => {
            let text = model
                .walk()
                .map_or(text.clone(), |walk| walk.given(&name, &text));
            let given = Given::Text(text);
            walk::event(model, Event::Input { name, given })
        }
        What::Input { name, secret: true } => {
            let Some(id) = model.walk().map(|walk| walk.id) else {
                return Vec::new();
            };
            let secret = secrecy::SecretString::from(writing.line.value().to_owned());
            let mut tasks = vec![Task::KeepSecret(id, name.clone(), secret)];
            tasks.extend(walk::event(
                model,
                Event::Input {
                    name,
                    given: Given::Secret,
                },
            ));
            tasks
        }
    }
}

fn open(walk: &mut Walk) -> Option<&mut Transcript> {
    match &mut walk.top {
        Some(Top::Transcript(transcript)) => Some(transcript),
        _ => None,
    }
}

/// The path may be shorter after a change: the selection stays within it.
fn settle(model: &mut Model) {
    let Some(walk) = model.walk_mut() else {
        return;
    };
    let last = Entry::all(&walk.scene).count().saturating_sub(1);
    if let Some(transcript) = open(walk) {
        transcript.selected = transcript.selected.min(last);
        transcript.nudge = 0;
    }
}
