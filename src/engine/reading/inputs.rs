//! What is known of an input.

use crate::{
    engine::{
        Given, ProbeKey,
        input::{empty, typed, value},
        reading::{Reading, Status},
    },
    finding::{InputName, ProbeName, TreeId, Value},
    tree::{Expression, Input, Scope},
};

#[derive(Debug, Clone, PartialEq)]
pub(in crate::engine) enum InputState {
    Known {
        value: Value,
        /// Evidence says it, nobody confirmed it.
        derived: bool,
    },
    /// A secret was given.
    Secret,
    /// Nobody knows it.
    Unknown,
    /// Probes come first. `earlier`: what they said in an earlier generation.
    Waiting {
        on: Vec<ProbeKey>,
        earlier: Option<Value>,
    },
    /// Other inputs come first.
    Needs(Vec<InputName>),
    /// It must be asked.
    Missing {
        /// What was wrong with the text that was given ahead.
        refused: Option<String>,
    },
}

/// What came of asking evidence.
enum Derived {
    Value(Value),
    Waiting(Vec<ProbeKey>),
    Needs(Vec<InputName>),
    Nothing,
}

impl<'a> Reading<'a> {
    /// The input's definition. One name has one definition over all trees in use, so that a library's probe may name
    /// an input of the tree that uses it.
    pub fn input(&self, tree: &TreeId, name: &InputName) -> Option<&'a Input> {
        self.forest
            .input(tree, name)
            .or_else(|| self.forest.trees().find_map(|tree| tree.inputs.get(name)))
    }

    pub fn input_state(&self, tree: &TreeId, name: &InputName) -> InputState {
        if let Some(known) = self.inputs.borrow().get(name) {
            return known.clone();
        }
        if self.open_inputs.borrow().contains(name) {
            return InputState::Missing { refused: None };
        }
        self.open_inputs.borrow_mut().push(name.clone());
        let state = self.work_out(tree, name);
        self.open_inputs.borrow_mut().pop();
        self.inputs.borrow_mut().insert(name.clone(), state.clone());
        state
    }

    /// The value where there is one, if only from an earlier generation.
    pub fn input_value(&self, tree: &TreeId, name: &InputName) -> Option<Value> {
        match self.input_state(tree, name) {
            InputState::Known { value, .. } => Some(value),
            InputState::Waiting { earlier, .. } => earlier,
            _ => None,
        }
    }

    fn work_out(&self, tree: &TreeId, name: &InputName) -> InputState {
        let Some(input) = self.input(tree, name) else {
            return InputState::Unknown;
        };
        let mut refused = None;
        match self.ledger.inputs().get(name) {
            Some(Given::Unknown) => return InputState::Unknown,
            Some(Given::Secret) => return InputState::Secret,
            Some(Given::Text(text)) => match value(input, self.opening.os, text) {
                Ok(value) => {
                    return InputState::Known {
                        value,
                        derived: false,
                    };
                }
                Err(why) => refused = Some(why),
            },
            None => {}
        }
        if let Some(from) = &input.from {
            match self.derive(tree, input, from) {
                Derived::Value(value) => {
                    return InputState::Known {
                        value,
                        derived: true,
                    };
                }
                Derived::Waiting(on) => {
                    let earlier = self.derive_earlier(tree, input, from);
                    return InputState::Waiting { on, earlier };
                }
                Derived::Needs(inputs) => return InputState::Needs(inputs),
                Derived::Nothing => {}
            }
            if let Some(value) = self.derive_earlier(tree, input, from) {
                return InputState::Known {
                    value,
                    derived: true,
                };
            }
        }
        if input.optional {
            let default = self
                .default_of(tree, input)
                .and_then(|text| value(input, self.opening.os, &text).ok());
            return InputState::Known {
                value: default.unwrap_or_else(|| empty(&input.ty)),
                derived: false,
            };
        }
        InputState::Missing { refused }
    }

    /// The default's text, where everything in it is known.
    pub fn default_of(&self, tree: &TreeId, input: &Input) -> Option<String> {
        let default = input.default.as_ref()?;
        default
            .value(&self.scope(tree, &default.demands, None))
            .ok()
    }

    /// What evidence of this generation says, as it would be typed.
    pub fn derived_text(&self, tree: &TreeId, name: &InputName) -> Option<String> {
        match self.input_state(tree, name) {
            InputState::Known {
                value,
                derived: true,
            } => typed(&value),
            _ => None,
        }
    }

    fn derive(&self, tree: &TreeId, input: &Input, from: &Expression) -> Derived {
        let mut waiting = Vec::new();
        let mut needs = Vec::new();
        for name in &from.demands.probes {
            let Some(key) = self.probe_key(tree, name) else {
                return Derived::Nothing;
            };
            match &self.probe(&key).status {
                Status::Running(..) | Status::Ready | Status::Waiting(_) => waiting.push(key),
                Status::NeedsInputs(inputs) => needs.extend(inputs.iter().cloned()),
                Status::Found(_) | Status::NeedsLook | Status::NotHere | Status::Unknown(_) => {}
            }
        }
        // An input that is being worked out further up would be asked for itself: then this one is asked.
        needs.retain(|name| !self.open_inputs.borrow().contains(name));
        if !needs.is_empty() {
            return Derived::Needs(needs);
        }
        if !waiting.is_empty() {
            return Derived::Waiting(waiting);
        }
        let scope = self.scope(tree, &from.demands, None);
        self.derived(input, from, &scope)
            .map_or(Derived::Nothing, Derived::Value)
    }

    /// What the newest findings of earlier generations said.
    fn derive_earlier(&self, tree: &TreeId, input: &Input, from: &Expression) -> Option<Value> {
        let facts_of = |name: &ProbeName| {
            let held = self
                .ledger
                .earlier(&self.probe_key(tree, name)?, self.generation)?;
            held.finding.outcome()?;
            Some((name.clone(), Value::Map(held.finding.facts.clone())))
        };
        let mut scope = self.scope(tree, &from.demands, None);
        for name in &from.demands.probes {
            let (name, facts) = facts_of(name)?;
            scope.facts.insert(name, facts);
        }
        self.derived(input, from, &scope)
    }

    /// A value that fits the input's type; what does not is as good as not there.
    fn derived(&self, input: &Input, from: &Expression, scope: &Scope) -> Option<Value> {
        let text = typed(&from.value(scope).ok()?).filter(|text| !text.trim().is_empty())?;
        value(input, self.opening.os, &text).ok()
    }
}
