//! A message changes the model and gives tasks. Knows no ratatui and no terminal; does nothing itself.

mod copy;
mod form;
mod line;
mod naming;
mod pasting;
mod report;
mod scroll;
mod start;
mod transcript;
mod walk;

use jiff::Timestamp;

#[cfg(test)]
pub use copy::MOST_COPIED;
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
        Msg::Cases(cases) => {
            start::list(model, cases);
            return Vec::new();
        }
        Msg::Kept(case, kept) => {
            saved(model, case, kept);
            return Vec::new();
        }
        Msg::Opened(journal) => return start::resume(model, &journal),
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
        Msg::Quit => ask(model, asked, Asked::Quit),
        Msg::Leave => ask(model, asked, Asked::Leave),
        Msg::Back if asked == Some(Asked::Back) => leave(model),
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
        (Asked::Quit, Msg::Quit) | (Asked::Leave, Msg::Leave) | (Asked::Back, Msg::Back)
    )
}

/// Does it if it was asked already, asks otherwise.
fn ask(model: &mut Model, asked: Option<Asked>, what: Asked) -> Vec<Task> {
    if asked == Some(what) {
        return match what {
            Asked::Quit => vec![Task::End(Exit::Fine)],
            Asked::Leave | Asked::Back => leave(model),
        };
    }
    model.asked = Some(what);
    let saved = model.walk().map(|walk| walk.saved.clone());
    model.saying = Some(
        match what {
            Asked::Quit => match saved {
                None => "Quit? Press q again; any other key: no",
                Some(Saved::All) => {
                    "Quit? The case is kept: `waypost resume`. Press q again; any other key: no"
                }
                // Nothing was done yet that could be.
                Some(Saved::Nothing) if model.keeps => "Quit? Press q again; any other key: no",
                Some(Saved::Nothing) => {
                    "Quit? The case is not kept. Press q again; any other key: no"
                }
                Some(Saved::Not(_)) => {
                    "Quit? The last steps are NOT saved. Press q again; any other key: no"
                }
            },
            Asked::Leave | Asked::Back => match saved {
                Some(Saved::All) => "Leave this case? It is kept. Press s again; any other key: no",
                Some(Saved::Not(_)) => {
                    "Leave this case? The last steps are NOT saved. s again; any other key: no"
                }
                Some(Saved::Nothing) if !model.keeps => {
                    "Leave this case? It is not kept. Press s again; any other key: no"
                }
                _ => "Leave this case? Press s again; any other key: no",
            },
        }
        .to_owned(),
    );
    Vec::new()
}

/// What was handed over is on the disk, or cannot be.
fn saved(model: &mut Model, case: CaseId, kept: Kept) {
    let Some(walk) = model.walk_mut().filter(|walk| walk.id == case) else {
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

/// Back to the start screen. What still runs is cancelled.
fn leave(model: &mut Model) -> Vec<Task> {
    model.screen = Screen::Start(model.start());
    vec![Task::Leave]
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
