//! What is known of an input.

use crate::{
    engine::{
        Given, ProbeKey,
        input::{empty, typed, value},
        reading::{Reading, Status},
    },
    finding::{InputName, Judgement, ProbeName, Reason, TreeId, Unknown, Value},
    tree::{Expression, Forest, Input, Scope},
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
    /// It was looked at, and there is no value.
    Nothing,
    /// It was not looked at, or what was found does not tell.
    Unknown,
}

/// The input's definition. One name has one definition over all trees in use, so that a library's probe may name an input
/// of the tree that uses it.
fn definition<'a>(forest: &'a Forest, tree: &TreeId, name: &InputName) -> Option<&'a Input> {
    forest
        .input(tree, name)
        .or_else(|| forest.trees().find_map(|tree| tree.inputs.get(name)))
}

impl<'a> Reading<'a> {
    pub fn input(&self, tree: &TreeId, name: &InputName) -> Option<&'a Input> {
        definition(self.forest, tree, name)
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

    /// What a person gave, as it stood in this generation.
    fn given(&self, name: &InputName) -> Option<&'a Given> {
        self.ledger.inputs(self.generation).get(name)
    }

    /// No finding changes what these inputs are: they were given, or nothing but a person can give them.
    pub fn all_given(&self, tree: &TreeId, names: &[InputName]) -> bool {
        names.iter().all(|name| {
            let given = self.given(name);
            let input = self.input(tree, name);
            let by_itself =
                input.is_none_or(|input| input.from.is_none() && input.default.is_none());
            match given {
                Some(Given::Secret | Given::Unknown) => true,
                Some(Given::Text(_)) => {
                    by_itself
                        || matches!(
                            self.input_state(tree, name),
                            InputState::Known { derived: false, .. }
                        )
                }
                None => by_itself,
            }
        })
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
        match self.given(name) {
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
        let mut unknown = refused.is_some();
        if let Some(from) = &input.from {
            let derived = match self.derive(tree, input, from) {
                Derived::Waiting(on) => {
                    let earlier = match self.derive_earlier(tree, input, from) {
                        Derived::Value(value) => Some(value),
                        _ => None,
                    };
                    return InputState::Waiting { on, earlier };
                }
                Derived::Unknown => self.derive_earlier(tree, input, from),
                derived => derived,
            };
            match derived {
                Derived::Value(value) => {
                    return InputState::Known {
                        value,
                        derived: true,
                    };
                }
                Derived::Needs(inputs) => return InputState::Needs(inputs),
                Derived::Unknown => unknown = true,
                Derived::Nothing | Derived::Waiting(_) => {}
            }
        }
        if !input.optional {
            return InputState::Missing { refused };
        }
        if let Some(state) = self.by_default(tree, input) {
            return state;
        }
        // Nobody is asked for what merely was not given. But what evidence was to say and does not is not empty: whether
        // there is a proxy decides what a test through it means.
        if unknown {
            return InputState::Missing { refused };
        }
        match empty(&input.ty) {
            Some(value) => InputState::Known {
                value,
                derived: false,
            },
            None => InputState::Unknown,
        }
    }

    /// An optional input by its default; `None` where it has none. An empty default says no more than `optional` does. A
    /// default that rests on evidence is as good as evidence: nobody confirmed it.
    fn by_default(&self, tree: &TreeId, input: &Input) -> Option<InputState> {
        let default = input.default.as_ref()?;
        let (mut on, mut needs) = (Vec::new(), Vec::new());
        let mut rests = !default.demands.probes.is_empty();
        for name in &default.demands.inputs {
            match self.input_state(tree, name) {
                InputState::Known { derived, .. } => rests |= derived,
                InputState::Waiting { on: others, .. } => on.extend(others),
                InputState::Needs(names) => needs.extend(names),
                InputState::Missing { .. } => needs.push(name.clone()),
                InputState::Secret | InputState::Unknown => {}
            }
        }
        needs.retain(|name| !self.open_inputs.borrow().contains(name));
        if !needs.is_empty() {
            return Some(InputState::Needs(needs));
        }
        if !on.is_empty() {
            return Some(InputState::Waiting { on, earlier: None });
        }
        let text = self.default_of(tree, input);
        if text.as_ref().is_some_and(|text| text.trim().is_empty()) {
            return None;
        }
        let known = text.and_then(|text| value(input, self.opening.os, &text).ok());
        Some(match known {
            Some(value) => InputState::Known {
                value,
                derived: rests,
            },
            None => InputState::Unknown,
        })
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
        let (mut waiting, mut needs) = (Vec::new(), Vec::new());
        // Everything that it names was looked at, and to its end.
        let mut whole = true;
        for name in &from.demands.probes {
            let Some(key) = self.probe_key(tree, name) else {
                whole = false;
                continue;
            };
            match &self.probe(&key).status {
                Status::Running(..) | Status::Ready | Status::Waiting(_) => waiting.push(key),
                Status::NeedsInputs(inputs) => needs.extend(inputs.iter().cloned()),
                Status::Found(finding) => {
                    let outcome = finding.outcome();
                    whole &= outcome.is_some_and(|outcome| self.is_refined(&key, outcome));
                }
                Status::NeedsLook
                | Status::NeedsLogin(_)
                | Status::Refused(_)
                | Status::NotHere
                | Status::Unknown(_) => whole = false,
            }
        }
        // Other inputs are asked for only where no value comes out without them.
        let mut others = Vec::new();
        for name in &from.demands.inputs {
            match self.input_state(tree, name) {
                InputState::Known { .. } => {}
                InputState::Waiting { on, .. } => waiting.extend(on),
                InputState::Needs(names) => others.extend(names),
                InputState::Missing { .. } => others.push(name.clone()),
                InputState::Secret | InputState::Unknown => whole = false,
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
        let rests = self.rests_on_unknown(tree, from).is_some();
        others.retain(|name| !self.open_inputs.borrow().contains(name));
        match self.derived(input, from, &self.scope(tree, &from.demands, None)) {
            _ if rests => Derived::Unknown,
            Derived::Value(value) => Derived::Value(value),
            _ if !whole => Derived::Unknown,
            _ if !others.is_empty() => Derived::Needs(others),
            derived => derived,
        }
    }

    /// What the newest findings of earlier generations said.
    fn derive_earlier(&self, tree: &TreeId, input: &Input, from: &Expression) -> Derived {
        let mut whole = true;
        let mut scope = self.scope(tree, &from.demands, None);
        for name in &from.demands.probes {
            let key = self.probe_key(tree, name);
            let finding = key.and_then(|key| {
                let held = self.ledger.earlier(&key, self.generation)?;
                let (_, probe) = self.forest.probe(&key.tree, &key.name)?;
                let finding = self.sifted(probe, &held.finding);
                whole &= self.is_refined(&key, finding.outcome()?);
                Some(finding)
            });
            let Some(finding) = finding else {
                return Derived::Unknown;
            };
            let facts = Value::Map(finding.facts.clone());
            scope.facts.insert(name.clone(), facts);
        }
        let known = |name: &InputName| scope.inputs.contains_key(name);
        whole &= from.demands.inputs.iter().all(known);
        match self.derived(input, from, &scope) {
            Derived::Nothing if !whole => Derived::Unknown,
            derived => derived,
        }
    }

    /// What the expression says, with all that it names as good as known.
    fn derived(&self, input: &Input, from: &Expression, scope: &Scope) -> Derived {
        let said = match from.value(scope) {
            Ok(Value::Null) => return Derived::Nothing,
            Ok(said) => typed(&said),
            Err(error) if error.missing => return Derived::Nothing,
            Err(_) => None,
        };
        match said {
            Some(text) if text.trim().is_empty() => Derived::Nothing,
            Some(text) => {
                value(input, self.opening.os, &text).map_or(Derived::Unknown, Derived::Value)
            }
            None => Derived::Unknown,
        }
    }

    /// An expression that asks whether something is there (`is defined`, `default`) says nothing where that was not
    /// looked at: what is not known is not absent.
    pub(super) fn rests_on_unknown(
        &self,
        tree: &TreeId,
        expression: &Expression,
    ) -> Option<Unknown> {
        let asked = expression.chains().iter().filter(|chain| chain.asked);
        asked.into_iter().find_map(|chain| match chain.root() {
            "facts" => {
                let name = ProbeName::new(chain.name(1)?);
                let why = match &self.probe(&self.probe_key(tree, &name)?).status {
                    Status::Found(finding) => match &finding.judgement {
                        Judgement::Outcome(_) => return None,
                        Judgement::Unknown(why) => why.clone(),
                    },
                    Status::Unknown(why) | Status::Refused(why) => why.clone(),
                    _ => Unknown::new(Reason::NotAvailable, "it was not looked at"),
                };
                Some(Unknown::new(why.reason, format!("`{name}`: {why}")))
            }
            root => {
                let name = InputName::new(root);
                self.input(tree, &name)?;
                match self.input_state(tree, &name) {
                    InputState::Known { .. } => None,
                    _ => Some(Unknown::new(
                        Reason::InputUnknown,
                        format!("`{name}` is not known"),
                    )),
                }
            }
        })
    }
}
