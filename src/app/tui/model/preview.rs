//! A page as it would be saved: the report, or what somebody else is to run; and the name that it is saved under.

use tui_input::Input;

use crate::app::{cli::Format, tui::place::Place};

/// What can be shown and saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paper {
    Report(Format),
    /// What is open, as commands to send to somebody.
    Commands,
    /// The same as a script.
    Script,
}

/// The forms of the report, in the order in which they are gone through.
pub const REPORT: &[Paper] = &[
    Paper::Report(Format::Markdown),
    Paper::Report(Format::Text),
    Paper::Report(Format::Html),
    Paper::Report(Format::Json),
];

/// The forms of a request.
pub const REQUEST: &[Paper] = &[Paper::Commands, Paper::Script];

pub struct Preview {
    pub forms: &'static [Paper],
    /// Its place in `forms`.
    pub form: usize,
    /// Every byte that is saved. It stays as it is until another form is chosen.
    pub text: String,
    pub scroll: usize,
    pub saving: Option<Saving>,
    /// The whole path of the file that was written last.
    pub saved: Option<String>,
}

/// The name of the file, while it is typed and until the file is written.
pub struct Saving {
    pub line: Input,
    /// It is being written.
    pub busy: bool,
    /// A file of that name is there: the same key again replaces it.
    pub asks: bool,
    /// Why it was not written.
    pub refused: Option<String>,
}

impl Preview {
    pub fn new(forms: &'static [Paper], form: usize, text: String) -> Self {
        Self {
            forms,
            form,
            text,
            scroll: 0,
            saving: None,
            saved: None,
        }
    }

    pub fn paper(&self) -> Paper {
        self.forms[self.form % self.forms.len()]
    }

    pub fn place(&self) -> Place {
        match self.saving {
            Some(_) => Place::FileName,
            None => Place::Report,
        }
    }
}

impl Saving {
    pub fn new(name: String) -> Self {
        Self {
            line: Input::new(name),
            busy: false,
            asks: false,
            refused: None,
        }
    }
}
