//! Inputs that are asked for together.

use secrecy::SecretString;
use tui_input::Input;

use crate::{engine::InputAsk, finding::InputName, tree::InputType};

/// The inputs of a stage, each in its field.
pub struct Form {
    pub fields: Vec<Field>,
    pub focus: usize,
    /// Lines that the page is moved by beyond where the focus puts it.
    pub nudge: isize,
}

/// One input. Not `Debug`: its line may be a secret.
pub struct Field {
    pub ask: InputAsk,
    pub line: Input,
    /// A person typed or picked here, so that what a look finds does not replace it.
    pub touched: bool,
    /// The suggestion or choice that was picked.
    pub picked: Option<usize>,
    /// *I don't know.*
    pub unknown: bool,
    /// What is wrong with it.
    pub refused: Option<String>,
}

/// What a field holds.
pub enum Filled {
    Text(String),
    Secret(SecretString),
    Unknown,
}

impl Form {
    pub fn new(asks: &[InputAsk]) -> Self {
        Self {
            fields: asks.iter().map(Field::new).collect(),
            focus: 0,
            nudge: 0,
        }
    }

    /// The same form after the stage changed: what a person typed stays.
    pub fn renewed(self, asks: &[InputAsk]) -> Self {
        let focused = self
            .fields
            .get(self.focus)
            .map(|field| field.ask.name.clone());
        let mut old = self.fields;
        let fields: Vec<Field> = asks
            .iter()
            .map(|ask| {
                let known = old.iter().position(|field| field.ask.name == ask.name);
                match known.map(|at| old.swap_remove(at)) {
                    Some(field) if field.touched => Field {
                        ask: ask.clone(),
                        ..field
                    },
                    _ => Field::new(ask),
                }
            })
            .collect();
        let focus = focused
            .and_then(|name| fields.iter().position(|field| field.ask.name == name))
            .unwrap_or(0);
        Self {
            fields,
            focus,
            nudge: self.nudge,
        }
    }

    pub fn focused_mut(&mut self) -> Option<&mut Field> {
        self.fields.get_mut(self.focus)
    }

    /// Goes on to another field; stays where there is none.
    pub fn go(&mut self, by: isize) {
        let last = self.fields.len().saturating_sub(1);
        self.focus = self.focus.saturating_add_signed(by).min(last);
        self.nudge = 0;
    }

    /// Tells a field what is wrong with it, and goes there.
    pub fn refuse(&mut self, name: &InputName, why: String) {
        if let Some(at) = self.fields.iter().position(|field| field.ask.name == *name) {
            self.fields[at].refused = Some(why);
            self.focus = at;
            self.nudge = 0;
        }
    }
}

impl Field {
    fn new(ask: &InputAsk) -> Self {
        let offer = ask.offer.clone().unwrap_or_default();
        let mut field = Self {
            line: Input::new(offer.clone()),
            touched: false,
            picked: None,
            unknown: false,
            refused: ask.refused.clone(),
            ask: ask.clone(),
        };
        field.picked = field
            .candidates()
            .iter()
            .position(|(value, _)| *value == offer);
        field
    }

    /// One of a list only; nothing is typed.
    pub fn is_closed(&self) -> bool {
        matches!(self.ask.ty, InputType::Choice(_) | InputType::YesNo)
    }

    pub fn is_secret(&self) -> bool {
        self.ask.ty == InputType::Secret
    }

    /// What can be picked: value and label.
    pub fn candidates(&self) -> Vec<(String, String)> {
        match &self.ask.ty {
            InputType::Choice(_) => self
                .ask
                .choices
                .iter()
                .map(|(id, label)| (id.clone(), label.markdown.clone()))
                .collect(),
            InputType::YesNo => [("yes", "Yes"), ("no", "No")]
                .map(|(value, label)| (value.to_owned(), label.to_owned()))
                .into(),
            _ => self
                .ask
                .suggestions
                .iter()
                .map(|value| (value.clone(), value.clone()))
                .collect(),
        }
    }

    /// Picks the next or the previous candidate; false where there is none.
    pub fn pick(&mut self, by: isize) -> bool {
        let candidates = self.candidates();
        let Some(last) = candidates.len().checked_sub(1) else {
            return false;
        };
        let at = match self.picked {
            None if by < 0 => last,
            None => 0,
            Some(at) => at.saturating_add_signed(by).min(last),
        };
        self.picked = Some(at);
        self.change();
        if !self.is_closed() {
            self.line = Input::new(candidates[at].0.clone());
        }
        true
    }

    /// A person changed it.
    pub fn change(&mut self) {
        self.touched = true;
        self.unknown = false;
        self.refused = None;
    }

    pub fn filled(&self) -> Filled {
        if self.unknown {
            return Filled::Unknown;
        }
        if self.is_secret() {
            return Filled::Secret(SecretString::from(self.line.value().to_owned()));
        }
        if self.is_closed() {
            let candidates = self.candidates();
            let picked = self.picked.and_then(|at| candidates.get(at));
            return Filled::Text(picked.map(|(value, _)| value.clone()).unwrap_or_default());
        }
        Filled::Text(self.line.value().trim().to_owned())
    }

    pub fn is_empty(&self) -> bool {
        match self.filled() {
            Filled::Text(text) => text.is_empty(),
            Filled::Secret(_) => self.line.value().is_empty(),
            Filled::Unknown => false,
        }
    }
}
