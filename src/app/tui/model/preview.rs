//! The report as it would be saved, and the name that it is saved under.

use tui_input::Input;

use crate::app::{cli::Format, tui::place::Place};

/// The forms, in the order in which they are gone through.
pub const FORMS: [Format; 4] = [Format::Markdown, Format::Text, Format::Html, Format::Json];

pub struct Preview {
    /// Its place in [`FORMS`].
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
    pub fn new(form: usize, text: String) -> Self {
        Self {
            form,
            text,
            scroll: 0,
            saving: None,
            saved: None,
        }
    }

    pub fn format(&self) -> Format {
        FORMS[self.form % FORMS.len()]
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
