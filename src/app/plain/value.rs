//! A value that the trees need, asked for as a line.

use std::io::{self, Write};

use secrecy::SecretString;

use crate::{
    app::plain::{Plain, Said, Want, keys::given_as, show::Screen},
    engine::{Event, Given, InputAsk},
    finding::InputName,
    tree::InputType,
};

impl Plain<'_> {
    /// A value that was given, asked for anew.
    pub(super) async fn ask_again(
        &mut self,
        name: &InputName,
        out: &mut dyn Write,
    ) -> io::Result<Said> {
        match self.session.input_given(name) {
            Some(input) => self.ask_input(&input, out).await,
            None => Ok(Said::Again),
        }
    }

    pub(super) async fn ask_input(
        &mut self,
        input: &InputAsk,
        out: &mut dyn Write,
    ) -> io::Result<Said> {
        Screen { out, os: self.os }.input(input)?;
        self.prompt(out)?;
        let secret = input.ty == InputType::Secret;
        let want = if secret { Want::Secret } else { Want::Line };
        let Some(line) = self.lines.next(want).await else {
            return Ok(Said::Quit);
        };
        let name = input.name.clone();
        if secret {
            let given = if line.is_empty() {
                Given::Unknown
            } else {
                (self.learn)(&line);
                self.vault.put(name.clone(), SecretString::from(line));
                Given::Secret
            };
            return Ok(Said::Apply(Event::Input { name, given }));
        }
        let line = line.trim();
        if let Some(said) = self.key(line, out)? {
            return Ok(said);
        }
        let given = picked(input, line).unwrap_or_else(|| match line {
            "" if input.blank => Given::Text(input.offer.clone().unwrap_or_default()),
            "" => input.offer.clone().map_or(Given::Unknown, Given::Text),
            line => given_as(line),
        });
        let given = self.runtime.hidden_given(&name, given);
        Ok(Said::Apply(Event::Input { name, given }))
    }
}

/// The choice or suggestion with this number.
fn picked(input: &InputAsk, line: &str) -> Option<Given> {
    let index = line.parse::<usize>().ok()?.checked_sub(1)?;
    let choice = input.choices.get(index).map(|(id, _)| id);
    let text = choice.or_else(|| input.suggestions.get(index))?;
    Some(Given::Text(text.clone()))
}
