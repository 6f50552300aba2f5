//! A message changes the model and gives tasks. Knows no ratatui and no terminal; does nothing itself.

mod copy;
mod form;
mod line;
mod naming;
mod open;
mod pasting;
mod report;
mod scroll;
mod start;
mod transcript;
mod walk;

use jiff::Timestamp;

#[cfg(test)]
pub use copy::MOST_COPIED;
#[cfg(test)]
pub use open::MOST_OPEN;
pub use start::open_named;

use crate::app::{
    cases::Kept,
    exit::Exit,
    tui::{
        model::{Asked, Model, Saved, Screen, Top},
        msg::{Edit, Msg, Task},
        port::CaseId,
    },
};

/// Takes one message in, at its time.
pub fn update(model: &mut Model, msg: Msg, at: Timestamp) -> Vec<Task> {
    model.now = at;
    match msg {
        Msg::Interrupt => return vec![Task::End(Exit::Interrupted)],
        Msg::Resized { width, height } => {
            model.width = width;
            model.height = height;
            return Vec::new();
        }
        Msg::Drawn(measured) => {
            model.measured = measured;
            return Vec::new();
        }
        Msg::Tick => {
            model.ticks = model.ticks.wrapping_add(1);
            return walk::tick(model);
        }
        Msg::Runtime(message) => return walk::heard(model, message),
        Msg::Reloaded(forest, consents) => return walk::reloaded(model, forest, consents),
        Msg::Faults(faults, first) => {
            walk::faults(model, faults, first);
            return Vec::new();
        }
        Msg::Cases(cases) => {
            start::list(model, cases);
            return Vec::new();
        }
        Msg::Kept(case, kept) => {
            saved(model, case, kept);
            return Vec::new();
        }
        Msg::Named(case, name) => {
            report::named(model, case, name);
            return Vec::new();
        }
        Msg::Opened(journal) => return start::opened(model, journal),
        Msg::FileRead(path, read) => return start::file_read(model, path, read),
        Msg::IsOpen(case) => return open::go_back(model, case),
        Msg::Saved(case, result) => {
            report::saved(model, case, result);
            return Vec::new();
        }
        Msg::Say(text) => {
            model.saying = Some(text);
            return Vec::new();
        }
        _ => {}
    }
    // From here on it is a key. What was said and asked before is over with it.
    model.saying = None;
    let asked = model.asked.take();
    match (asked, &msg, &mut model.screen) {
        (Some(Asked::Quit), Msg::Edit(Edit::Insert(_)), Screen::Start(start)) => {
            // The `q` was the first letter of a search after all.
            line::edit(&mut start.search, Edit::Insert('q'));
        }
        // A key that was pressed to get rid of the question must do nothing else: it could be an answer.
        (Some(asked), msg, _) if !confirms(asked, msg) => return Vec::new(),
        _ => {}
    }
    match msg {
        Msg::Nothing => Vec::new(),
        Msg::Quit => quit(model, asked),
        Msg::Leave => open::leave(model),
        Msg::Other => open::other(model),
        Msg::Close => open::close(model, asked),
        Msg::Agree => open::agree(model),
        Msg::Back if asked == Some(Asked::Back) => open::leave(model),
        Msg::Help => {
            model.help = Some(0);
            Vec::new()
        }
        _ if model.help.is_some() => {
            help(model, &msg);
            Vec::new()
        }
        _ => match &model.screen {
            Screen::Start(_) => start::choose(model, msg),
            Screen::Where(_) => start::place(model, msg),
            Screen::Agree(_) => start::agree(model, msg),
            Screen::Walk(walk) => match &walk.top {
                Some(Top::Transcript(_)) => transcript::update(model, msg),
                Some(Top::Writing(_)) => transcript::write_note(model, msg),
                Some(Top::Pasting(_)) => pasting::update(model, msg),
                Some(Top::Report(_)) => report::update(model, msg),
                Some(Top::Naming(_)) => naming::update(model, msg),
                None => walk::update(model, msg),
            },
        },
    }
}

/// The same key again.
fn confirms(asked: Asked, msg: &Msg) -> bool {
    matches!(
        (asked, msg),
        (Asked::Quit, Msg::Quit) | (Asked::Back, Msg::Back) | (Asked::Close(_), Msg::Close)
    )
}

/// Asks once.
fn quit(model: &mut Model, asked: Option<Asked>) -> Vec<Task> {
    if asked == Some(Asked::Quit) {
        return vec![Task::End(Exit::Fine)];
    }
    model.asked = Some(Asked::Quit);
    // The worst that any open case would come to.
    let all = model.walk().into_iter().chain(&model.open);
    let saved: Vec<&Saved> = all.map(|walk| &walk.saved).collect();
    let is_lost = saved.iter().any(|saved| matches!(saved, Saved::Not(_)));
    let said = if is_lost {
        "Quit? The last steps are NOT saved. Press q again; any other key: no"
    } else if !model.keeps && saved.contains(&&Saved::Nothing) {
        "Quit? The case is not kept. Press q again; any other key: no"
    } else if saved.contains(&&Saved::All) {
        "Quit? The case is kept: `waypost resume`. Press q again; any other key: no"
    } else {
        // Nothing was done yet that could be lost.
        "Quit? Press q again; any other key: no"
    };
    model.saying = Some(said.to_owned());
    Vec::new()
}

/// What was handed over is on the disk, or cannot be.
fn saved(model: &mut Model, case: CaseId, kept: Kept) {
    let Some(walk) = model.case_mut(case) else {
        return;
    };
    match kept {
        Kept::Upto(_) => walk.saved = Saved::All,
        Kept::Not { why, .. } => {
            // The words that count come first: the line may be cut.
            let said = format!("NOT SAVED: {why}; what was saved before is safe");
            walk.saved = Saved::Not(why);
            model.saying = Some(said);
        }
    }
}

fn help(model: &mut Model, msg: &Msg) {
    let measured = model.measured;
    if let Some(at) = &mut model.help {
        *at = scroll::to(*at, msg, measured);
    }
    if matches!(msg, Msg::Cancel) {
        model.help = None;
    }
}
