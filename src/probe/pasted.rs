//! What every kind does with a paste: takes it apart by its own commands, and says what was expected where it is of
//! something else.

use std::borrow::Cow;

use crate::{
    finding::{Os, Reason, Unknown},
    host::{
        Reply,
        printed::{Paste, Read, asked},
    },
    probe::{Kind, Params, excerpt::cut},
};

/// How much of a command is told, in characters.
const COMMAND: usize = 80;

/// A paste for one probe.
pub(super) struct Pasted {
    paste: Paste,
    /// What should have been run.
    expected: String,
    /// The look in a line, where the command prints it.
    asked: Option<String>,
}

impl Pasted {
    /// # Errors
    /// It is too large, or nothing.
    pub fn new(kind: &dyn Kind, params: &Params, os: Os, text: &str) -> Result<Self, Unknown> {
        let commands: Vec<String> = kind
            .manual(params, os)
            .into_iter()
            .map(|manual| manual.command)
            .collect();
        let expected = match commands.first() {
            Some(command) => format!("what `{}` prints", cut(command, COMMAND)),
            None => format!("what is read for `{}`", kind.spec().name),
        };
        Ok(Self {
            paste: Paste::new(text, &commands)?,
            expected,
            asked: None,
        })
    }

    /// The command says what it asked for.
    pub fn asking(self, asked: &str) -> Self {
        let asked = Some(asked.to_owned());
        Self { asked, ..self }
    }

    /// In other words than the command's.
    pub fn expecting(self, expected: String) -> Self {
        Self { expected, ..self }
    }

    pub fn text(&self) -> Cow<'_, str> {
        self.paste.text()
    }

    /// What stands behind the command of this place; where none of the commands stands in the paste, all of it.
    pub fn output(&self, command: usize) -> Option<&str> {
        self.paste.output(command)
    }

    /// How many empty lines stand behind [`Self::output`].
    pub fn empty_behind(&self, command: usize) -> usize {
        self.paste.empty_behind(command)
    }

    /// The command of this place stands in it.
    pub fn echoes(&self, command: usize) -> bool {
        self.paste.echoes(command)
    }

    /// The reply of a kind that looks once.
    pub fn only(&self, read: Read<Reply>) -> Result<Vec<Result<Reply, Unknown>>, Unknown> {
        match read {
            Some(read) => Ok(vec![read]),
            None => Err(self.refused()),
        }
    }

    /// It is of something else, which is known.
    pub fn refused_for(&self, other: &str) -> Unknown {
        let (asked, other) = (self.asked.as_deref(), cut(other, COMMAND));
        let asked = asked.unwrap_or(&self.expected);
        Unknown::new(
            Reason::Other,
            format!("expected what was asked as `{asked}`, got what was asked as `{other}`"),
        )
    }

    /// It is of something else.
    pub fn refused(&self) -> Unknown {
        let text = self.paste.text();
        if let (Some(asked), Some(other)) = (&self.asked, asked::names(&text))
            && other != asked
        {
            return self.refused_for(other);
        }
        self.paste.refused(&self.expected)
    }
}
