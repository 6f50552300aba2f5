//! What a case is to be called, while it is typed.

use tui_input::Input;

use crate::case::Named;

pub struct Naming {
    /// The title, and the ticket's number.
    pub lines: [Input; 2],
    /// Which of them is typed in.
    pub focus: usize,
}

impl Naming {
    /// With what the case is called by now.
    pub fn new(named: &Named) -> Self {
        let line = |text: &Option<String>| Input::new(text.clone().unwrap_or_default());
        Self {
            lines: [line(&named.title), line(&named.ticket)],
            focus: 0,
        }
    }

    /// Whether Enter is to go on to the other line.
    pub fn has_next(&self) -> bool {
        self.focus + 1 < self.lines.len()
    }

    pub fn named(&self) -> Named {
        let text = |line: &Input| {
            let text = line.value().trim();
            (!text.is_empty()).then(|| text.to_owned())
        };
        Named {
            title: text(&self.lines[0]),
            ticket: text(&self.lines[1]),
        }
    }
}
