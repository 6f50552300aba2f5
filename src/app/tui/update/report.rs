//! The report on the screen: another form, and its file.

use std::sync::PoisonError;

use crate::app::{
    report_file::{self, NotWritten},
    tui::{
        model::{FORMS, Model, Preview, Saving, Top},
        msg::{Msg, Task},
        port::{CaseId, Save},
        update::{copy, line, scroll},
    },
};

/// Opens the report as it stands.
pub fn open(model: &mut Model) -> Vec<Task> {
    show(model, 0);
    Vec::new()
}

/// Makes the report in this form. Where that cannot be done, what was on the screen stays.
fn show(model: &mut Model, form: usize) {
    let Some(walk) = model.walk_mut() else {
        return;
    };
    let made = {
        let mut redactor = walk.redactor.lock().unwrap_or_else(PoisonError::into_inner);
        walk.case.report(&walk.named, FORMS[form], &mut redactor)
    };
    match made {
        Ok(text) => walk.top = Some(Top::Report(Preview::new(form, text))),
        Err(why) => model.saying = Some(format!("there is no report: {why}")),
    }
}

pub fn update(model: &mut Model, msg: Msg) -> Vec<Task> {
    let (now, measured) = (model.now, model.measured);
    let Some(walk) = model.walk_mut() else {
        return Vec::new();
    };
    let (tree, named) = (walk.scene.tree.clone(), walk.named.clone());
    let Some(Top::Report(preview)) = &mut walk.top else {
        return Vec::new();
    };
    if preview.saving.is_some() {
        return name(model, msg);
    }
    let count = FORMS.len();
    match msg {
        Msg::Cancel => walk.top = None,
        Msg::Copy => return copy::report(model),
        Msg::NextField => {
            let next = (preview.form + 1) % count;
            show(model, next);
        }
        Msg::PreviousField => {
            let before = (preview.form + count - 1) % count;
            show(model, before);
        }
        Msg::Take => {
            let name = report_file::name(&named, &tree, now, preview.format());
            preview.saving = Some(Saving::new(name));
            preview.saved = None;
        }
        _ => preview.scroll = scroll::to(preview.scroll, &msg, measured),
    }
    Vec::new()
}

/// A key while the file's name is typed.
fn name(model: &mut Model, msg: Msg) -> Vec<Task> {
    let measured = model.measured;
    let Some(walk) = model.walk_mut() else {
        return Vec::new();
    };
    let id = walk.id;
    let Some(Top::Report(preview)) = &mut walk.top else {
        return Vec::new();
    };
    let Some(saving) = &mut preview.saving else {
        return Vec::new();
    };
    let replace = std::mem::take(&mut saving.asks);
    if replace {
        saving.refused = None;
        // A key that was pressed to get rid of the question does nothing else.
        if !matches!(msg, Msg::Take) {
            return Vec::new();
        }
    }
    match msg {
        // A disk that does not answer keeps nobody here.
        Msg::Cancel => preview.saving = None,
        Msg::PageUp | Msg::PageDown => {
            preview.scroll = scroll::to(preview.scroll, &msg, measured);
        }
        _ if saving.busy => {}
        Msg::Edit(edit) => {
            saving.refused = None;
            line::edit(&mut saving.line, edit);
        }
        Msg::Take => {
            let name = saving.line.value().trim().to_owned();
            if name.is_empty() {
                saving.refused = Some("it needs a name".to_owned());
                return Vec::new();
            }
            saving.busy = true;
            saving.refused = None;
            let save = Save {
                name,
                text: preview.text.clone(),
                replace,
            };
            return vec![Task::Save(id, Box::new(save))];
        }
        _ => {}
    }
    Vec::new()
}

/// What came of writing the file.
pub fn saved(model: &mut Model, case: CaseId, result: Result<String, NotWritten>) {
    let awaits = model.walk_mut().filter(|walk| walk.id == case);
    let preview = awaits.and_then(|walk| match &mut walk.top {
        Some(Top::Report(preview)) if preview.saving.as_ref().is_some_and(|at| at.busy) => {
            Some(preview)
        }
        _ => None,
    });
    let Some(preview) = preview else {
        // Nobody waits for it there any more.
        model.saying = Some(match result {
            Ok(path) => format!("saved as {path}"),
            Err(why) => why.to_string(),
        });
        return;
    };
    match result {
        Ok(path) => {
            preview.saving = None;
            preview.saved = Some(path);
        }
        Err(why) => {
            if let Some(saving) = &mut preview.saving {
                saving.busy = false;
                saving.asks = matches!(why, NotWritten::There(_));
                saving.refused = Some(why.to_string());
            }
        }
    }
}
