//! What a case is called: its title and its ticket's number.

use std::{
    io::{self, Write},
    sync::PoisonError,
};

use crate::{
    app::plain::{Plain, Said, show::Screen},
    case::Named,
};

pub(super) enum What {
    Title,
    Ticket,
}

/// Takes a title or a number away.
const NONE: &str = "-";

impl Plain<'_> {
    /// `title TEXT`, `ticket TEXT`; without a text they say what there is.
    pub(super) fn naming(&self, what: What, text: &str, out: &mut dyn Write) -> io::Result<Said> {
        let mut named = self.keeping.named().clone();
        let (word, name) = match what {
            What::Title => ("title", &mut named.title),
            What::Ticket => ("ticket", &mut named.ticket),
        };
        if text.is_empty() {
            let is = match name {
                Some(name) => format!("  The {word} is: {name}"),
                None => format!("  There is no {word}. Write `{word} TEXT`."),
            };
            Screen { out, os: self.os }.line(&is)?;
            return Ok(Said::Again);
        }
        *name = match text {
            NONE => None,
            text => {
                let redactor = self.runtime.redactor();
                let mut redactor = redactor.lock().unwrap_or_else(PoisonError::into_inner);
                Some(redactor.text(text))
            }
        };
        Ok(Said::Call(named))
    }

    pub(super) fn call(&mut self, named: Named, out: &mut dyn Write) -> io::Result<()> {
        self.keeping.call(named, out)?;
        let Named { title, ticket } = self.keeping.named();
        let names: Vec<&str> = [ticket, title]
            .into_iter()
            .flatten()
            .map(String::as_str)
            .collect();
        let said = match names.as_slice() {
            [] => "  The case has no title and no ticket.".to_owned(),
            names => format!("  The case is: {}", names.join(", ")),
        };
        Screen { out, os: self.os }.line(&said)
    }
}
