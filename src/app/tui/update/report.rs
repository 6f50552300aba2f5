//! The report on the screen, and what somebody else is to run: another form, and its file.

use std::{path::Path, sync::PoisonError};

use crate::{
    app::{
        cli::Format,
        report_file::{self, NotWritten},
        tui::{
            model::{Model, Paper, Preview, REPORT, REQUEST, Saving, Top},
            msg::{Msg, Task},
            port::{CaseId, Save},
            update::{copy, line, scroll},
        },
    },
    finding::Os,
};

/// Opens the report as it stands.
pub fn open(model: &mut Model) -> Vec<Task> {
    show(model, REPORT, 0);
    Vec::new()
}

/// Opens what somebody else is to run for all that is open, once it is known what the case is called that asks.
pub fn request(model: &mut Model) -> Vec<Task> {
    let Some(walk) = model.walk() else {
        return Vec::new();
    };
    match walk.case.request(false, None) {
        Ok(_) => vec![Task::NameNow(walk.id)],
        Err(why) => {
            model.saying = Some(why);
            Vec::new()
        }
    }
}

/// The case that asks is called this.
pub fn named(model: &mut Model, case: CaseId, name: Option<String>) {
    // Who is somewhere else by now has asked for something else.
    if let Some(walk) = model
        .walk_mut()
        .filter(|walk| walk.id == case && walk.top.is_none())
    {
        walk.name = name;
        show(model, REQUEST, 0);
    }
}

/// Makes it in this form. Where that cannot be done, what was on the screen stays.
fn show(model: &mut Model, forms: &'static [Paper], form: usize) {
    let Some(walk) = model.walk_mut() else {
        return;
    };
    let made = {
        let mut redactor = walk.redactor.lock().unwrap_or_else(PoisonError::into_inner);
        match forms[form] {
            Paper::Report(format) => {
                let report = walk.case.report(&walk.named, format, &mut redactor);
                report.map_err(|why| format!("there is no report: {why}"))
            }
            Paper::Commands => walk.case.request(false, walk.name.as_deref()),
            Paper::Script => walk.case.request(true, walk.name.as_deref()),
        }
    };
    match made {
        Ok(text) => walk.top = Some(Top::Report(Preview::new(forms, form, text))),
        Err(why) => model.saying = Some(why),
    }
}

pub fn update(model: &mut Model, msg: Msg) -> Vec<Task> {
    let (now, measured) = (model.now, model.measured);
    let Some(walk) = model.walk_mut() else {
        return Vec::new();
    };
    let (tree, named, os) = (walk.scene.tree.clone(), walk.named.clone(), walk.scene.os);
    let Some(Top::Report(preview)) = &mut walk.top else {
        return Vec::new();
    };
    if preview.saving.is_some() {
        return name(model, msg);
    }
    let (forms, count) = (preview.forms, preview.forms.len());
    match msg {
        Msg::Cancel => walk.top = None,
        Msg::Copy => return copy::report(model),
        Msg::NextField => {
            let next = (preview.form + 1) % count;
            show(model, forms, next);
        }
        Msg::PreviousField => {
            let before = (preview.form + count - 1) % count;
            show(model, forms, before);
        }
        Msg::Take => {
            let name = match preview.paper() {
                Paper::Report(format) => report_file::name(&named, &tree, now, format),
                Paper::Commands => "ask.txt".to_owned(),
                Paper::Script if os == Os::Windows => "ask.ps1".to_owned(),
                Paper::Script => "ask.sh".to_owned(),
            };
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
    let form = preview.paper();
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
            if is_other_form(form, &name) {
                let why = "the name's ending is of another form than this: Esc, then Tab shows the other forms";
                saving.refused = Some(why.to_owned());
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

/// The name's ending says another form than the one that is shown, and what was previewed is what is saved. Markdown is text.
fn is_other_form(form: Paper, name: &str) -> bool {
    let by_ending = report_file::by_ending(Path::new(name));
    let (Paper::Report(form), Some(says)) = (form, by_ending) else {
        return false;
    };
    let is_text = |form| matches!(form, Format::Markdown | Format::Text);
    says != form && !(is_text(says) && is_text(form))
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
