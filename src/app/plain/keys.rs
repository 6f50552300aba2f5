//! Lines that are keys: they mean the same wherever the walk asks for a line, but where a secret is typed.

use std::io::{self, Write};

use crate::{
    app::plain::{Plain, Said, naming::What, show::Screen},
    engine::{Event, Given},
};

/// Told at the beginning, and by `?`.
pub const KEYS: &str = "\
A number answers; Enter takes what the evidence says.
  0  I don't know         b  back             f  follow the evidence
  r  look again           t  what was asked   e N  answer step N otherwise
  n TEXT  note            ?  this help        e NAME  give that value anew
  n #N TEXT  note at step N
  q  quit                 p  paste what a command printed; p < FILE takes a file
  title TEXT, ticket TEXT  what the case is called; - takes it away
  report  the report so far; report > FILE saves it (.md .txt .html .json)
  ask  what somebody else is still to run; ask > FILE saves it as a script
Where a value is asked for, =q gives q itself; so for every line that is a key.";

impl Plain<'_> {
    /// What a line means that is a key; `None`: it is none.
    pub(super) fn key(&self, line: &str, out: &mut dyn Write) -> io::Result<Option<Said>> {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        Ok(Some(match (word, rest.trim()) {
            ("q", "") => Said::Quit,
            ("b", "") => Said::Apply(Event::Back),
            ("f", "") => Said::Follow,
            ("r", "") => Said::Apply(Event::Look),
            ("n", text) => {
                return self.note(text, out).map(Some);
            }
            ("t", "") => {
                let mut screen = Screen { out, os: self.os };
                screen.inputs(&self.session)?;
                screen.path(&self.session)?;
                Said::Again
            }
            ("p", rest) => return self.pasting(rest, out).map(Some),
            ("e", rest) => return self.edit(rest, out).map(Some),
            ("title", rest) => self.naming(What::Title, rest, out)?,
            ("ticket", rest) => self.naming(What::Ticket, rest, out)?,
            ("report", rest) => return self.reporting(rest, out).map(Some),
            ("ask", "") => Said::Ask(None),
            ("ask", rest) if rest.starts_with('>') => {
                Said::Ask(Some(rest[1..].trim().to_owned()).filter(|file| !file.is_empty()))
            }
            ("?", "") => {
                writeln!(out, "{KEYS}")?;
                Said::Again
            }
            _ => return Ok(None),
        }))
    }

    /// `n TEXT`: where the case is now; `n #N TEXT`: at step N.
    fn note(&self, text: &str, out: &mut dyn Write) -> io::Result<Said> {
        let (first, rest) = text.split_once(' ').unwrap_or((text, ""));
        let number = first.strip_prefix('#').map(str::parse::<usize>);
        let (step, text) = match number {
            Some(Ok(number)) => (Some(number), rest.trim()),
            Some(Err(_)) | None => (None, text),
        };
        if text.is_empty() {
            writeln!(out, "  Write `n TEXT`, or `n #N TEXT`.")?;
            return Ok(Said::Again);
        }
        let Some(number) = step else {
            return Ok(Said::Note(None, text.to_owned()));
        };
        match number.checked_sub(1) {
            Some(at) if at < self.session.path().len() => Ok(Said::Note(Some(at), text.to_owned())),
            _ => {
                writeln!(out, "  There is no step {number}; t shows which there are.")?;
                Ok(Said::Again)
            }
        }
    }

    /// `e N`: what step N can be answered with; `e N A`: answers it with A (0: I don't know); `e NAME`: asks for that value
    /// anew; `e NAME VALUE`: gives it.
    fn edit(&self, rest: &str, out: &mut dyn Write) -> io::Result<Said> {
        let (what, with) = rest.split_once(' ').unwrap_or((rest, ""));
        let with = with.trim();
        let mut given = self.session.inputs();
        if let Some((name, before)) = given.find(|(name, _)| name.as_str() == what) {
            let said = match with {
                "" => Said::Reask(name.clone()),
                _ if self.session.is_secret(name) => {
                    writeln!(
                        out,
                        "  `{name}` is a secret: `e {name}` asks without showing it."
                    )?;
                    Said::Again
                }
                with => match self.runtime.hidden_given(name, given_as(with)) {
                    same if same == *before => unchanged(out)?,
                    given => Said::Apply(Event::Input {
                        name: name.clone(),
                        given,
                    }),
                },
            };
            return Ok(said);
        }
        let step = what.parse::<usize>().ok().and_then(|at| at.checked_sub(1));
        let Some((step, walked)) = step.and_then(|at| Some((at, self.session.path().get(at)?)))
        else {
            writeln!(
                out,
                "  Write `e N`, N being a step's number in `t`, or `e NAME` with the name of a value there."
            )?;
            return Ok(Said::Again);
        };
        let alternatives = self.session.alternatives(step);
        if alternatives.is_empty() {
            writeln!(out, "  There is nothing to change in step {what}.")?;
            return Ok(Said::Again);
        }
        let number = with.parse::<usize>().ok();
        let taken = alternatives.iter().enumerate().find(|(index, other)| {
            let own = if other.unsure { 0 } else { index + 1 };
            number == Some(own)
        });
        Ok(match taken {
            Some((_, other)) if other.stands => unchanged(out)?,
            Some((_, other)) => Said::Apply(Event::Edit {
                step,
                choice: other.choice.clone(),
            }),
            None => {
                let mut screen = Screen { out, os: self.os };
                screen.alternatives(walked, &alternatives)?;
                screen.line(&format!("  Write `e {what} A`, A being a number of these."))?;
                Said::Again
            }
        })
    }
}

fn unchanged(out: &mut dyn Write) -> io::Result<Said> {
    writeln!(out, "  Nothing was changed: it stood so before.")?;
    Ok(Said::Again)
}

/// A value as it was typed; behind `=` it is text whatever it looks like.
pub fn given_as(line: &str) -> Given {
    match line.strip_prefix('=') {
        Some(text) => Given::Text(text.to_owned()),
        None if line == "0" => Given::Unknown,
        None => Given::Text(line.to_owned()),
    }
}
