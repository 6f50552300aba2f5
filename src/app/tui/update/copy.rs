//! What goes to the clipboard: masked like everything that leaves a case, bounded, and nothing that a terminal would obey.

use std::sync::PoisonError;

use crate::{
    app::tui::{
        model::{Copyable, Model, Paper, Top},
        msg::Task,
        port::CaseRedactor,
    },
    finding::visible::misleads,
};

/// The longest text that is copied, in bytes. With what stands around it, it is under 100,000 characters on the wire: of
/// longer ones several terminals take nothing.
pub const MOST_COPIED: usize = 72 << 10;

/// A text that may be copied.
struct Clean {
    text: String,
    /// A secret was in it.
    masked: bool,
}

impl Clean {
    /// # Errors
    /// Why it is not copied, as a fragment.
    fn of(text: &str, redactor: &CaseRedactor) -> Result<Self, String> {
        if misleads(text) {
            return Err(CONTROLS.to_owned());
        }
        if text.len() > MOST_COPIED {
            return Err(format!(
                "it is longer than {} KiB, what a terminal's clipboard takes",
                MOST_COPIED >> 10
            ));
        }
        let mut redactor = redactor.lock().unwrap_or_else(PoisonError::into_inner);
        let masked = redactor.text(text);
        Ok(Self {
            masked: masked != text,
            text: masked,
        })
    }
}

/// The byte order mark, by which PowerShell 5.1 knows a file as UTF-8.
const MARK: char = '\u{feff}';

const CONTROLS: &str = "control characters are in it";

/// The next command of what is on the screen.
pub fn command(model: &mut Model) -> Vec<Task> {
    let Some(walk) = model.walk_mut() else {
        return Vec::new();
    };
    let count = walk.scene.commands.len();
    let Some(Copyable { text, safe }) = walk.scene.commands.get(walk.copies % count.max(1)) else {
        return Vec::new();
    };
    let number = walk.copies % count + 1;
    walk.copies = number;
    let which = match count {
        1 => String::new(),
        _ => format!(", {number} of {count}"),
    };
    let clean = match safe {
        true => Clean::of(text, &walk.redactor),
        false => Err(CONTROLS.to_owned()),
    };
    match clean {
        Ok(Clean { text, masked }) => {
            let masked = if masked { ", with a secret masked" } else { "" };
            model.saying = Some(format!(
                "sent to the terminal's clipboard{which}{masked}: {text}"
            ));
            vec![Task::Copy(text)]
        }
        Err(why) => {
            let text = text.clone();
            model.saying = Some(format!("not copied: {why}{which}: {text}"));
            Vec::new()
        }
    }
}

/// The page as it is previewed, masked already. What only a file needs stays out: the mark before a script for PowerShell
/// and the ends of its lines, which a terminal would be told as control characters.
pub fn report(model: &mut Model) -> Vec<Task> {
    let Some(walk) = model.walk_mut() else {
        return Vec::new();
    };
    let Some(Top::Report(preview)) = &walk.top else {
        return Vec::new();
    };
    let what = match preview.paper() {
        Paper::Report(_) => "the report was",
        Paper::Commands => "the commands were",
        Paper::Script => "the script was",
    };
    let text = preview.text.trim_start_matches(MARK).replace("\r\n", "\n");
    match Clean::of(&text, &walk.redactor) {
        Ok(Clean { text, .. }) => {
            model.saying = Some(format!("{what} sent to the terminal's clipboard"));
            vec![Task::Copy(text)]
        }
        Err(why) => {
            model.saying = Some(format!("not copied: {why}; Enter saves it"));
            Vec::new()
        }
    }
}
