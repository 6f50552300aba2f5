//! A probe's parameters filled in. What is not known stands as a placeholder, so that commands for a person can always
//! be made; only a request that is complete is ever started.

use std::sync::Arc;

use indexmap::IndexMap;
use sha2::{Digest, Sha256};

use crate::{
    engine::{
        ProbeKey, ProbeRequest, SecretUse,
        input::{placeholder, typed},
        reading::{InputState, Reading, Status},
    },
    finding::{Facts, InputName, Reason, Unknown, Value},
    probe::{Params, kind},
    tree::{InputType, Origin, Param, Probe, Spanned, Template},
};

/// A request with what keeps it from being started.
#[derive(Debug)]
pub(in crate::engine) struct Filled {
    pub request: Arc<ProbeRequest>,
    /// Probes whose facts come first.
    pub waiting: Vec<ProbeKey>,
    /// Inputs that must be asked first.
    pub missing: Vec<InputName>,
    /// Inputs that only the login needs: asked once somebody wants the look, since nobody has to have a login.
    pub missing_login: Vec<InputName>,
    pub unknown: Option<Unknown>,
    /// Inputs that nobody knows, and without which it cannot be started.
    pub unknown_inputs: Vec<InputName>,
    /// Somebody's name and password go with it.
    pub logs_in: bool,
    /// It rests on answers, which change without the ledger's version.
    pub fickle: bool,
    /// It names facts, or inputs that evidence may fill in.
    pub rests_on_findings: bool,
}

struct Filling<'r, 'a> {
    reading: &'r Reading<'a>,
    key: &'r ProbeKey,
    /// It goes over the network.
    network: bool,
    /// Values that evidence filled in are to be confirmed first, whoever defines them.
    confirm: bool,
    /// Secrets are not asked for: nothing is sent from here.
    no_secrets: bool,
    waiting: Vec<ProbeKey>,
    missing: Vec<InputName>,
    missing_login: Vec<InputName>,
    /// What is filled in now is a login.
    in_login: bool,
    unknown: Option<Unknown>,
    unknown_inputs: Vec<InputName>,
    secrets: Vec<SecretUse>,
    logs_in: bool,
    fickle: bool,
    rests_on_findings: bool,
}

impl Reading<'_> {
    pub(super) fn fill(&self, key: &ProbeKey, probe: &Probe, no_secrets: bool) -> Filled {
        // A kind that is not known may send anything.
        let network = kind(probe.kind).is_none_or(|kind| kind.spec().network);
        let embedded = self
            .forest
            .tree(&key.tree)
            .is_some_and(|tree| tree.origin == Origin::Embedded);
        let mut filling = Filling {
            reading: self,
            key,
            network,
            confirm: network && !embedded,
            no_secrets,
            waiting: Vec::new(),
            missing: Vec::new(),
            missing_login: Vec::new(),
            in_login: false,
            unknown: None,
            unknown_inputs: Vec::new(),
            secrets: Vec::new(),
            logs_in: false,
            fickle: false,
            rests_on_findings: false,
        };
        let params = filling.params(&probe.params);
        let complete = filling.waiting.is_empty()
            && filling.missing.is_empty()
            && filling.missing_login.is_empty()
            && filling.unknown.is_none();
        let Filling {
            missing,
            mut missing_login,
            ..
        } = filling;
        missing_login.retain(|name| !missing.contains(name));
        let request = ProbeRequest {
            key: key.clone(),
            kind: probe.kind,
            hash: hash(&params),
            params,
            timeout: probe.timeout,
            at: probe.at,
            generation: self.generation,
            secrets: filling.secrets,
            complete,
        };
        Filled {
            request: Arc::new(request),
            waiting: filling.waiting,
            missing,
            missing_login,
            unknown: filling.unknown,
            unknown_inputs: filling.unknown_inputs,
            logs_in: filling.logs_in,
            fickle: filling.fickle,
            rests_on_findings: filling.rests_on_findings,
        }
    }
}

impl Filling<'_, '_> {
    fn params(&mut self, params: &IndexMap<String, Spanned<Param>>) -> Params {
        let mut filled = Params::new();
        for (name, param) in params {
            let value = match (&param.value, name.as_str()) {
                (Param::Map(map), "login") => {
                    self.in_login = true;
                    let login = self.credentials(map, false);
                    self.in_login = false;
                    login
                }
                (Param::Map(map), "via") => self.credentials(map, true),
                (param, _) => self.param(param),
            };
            if let Some(value) = value {
                filled.insert(name.clone(), value);
            }
        }
        filled
    }

    /// `login` and `via`: without an address there is no proxy, and without a user nobody is asked for a password. As long
    /// as it is not known whether there is a proxy, nobody is asked as whom one logs in there.
    fn credentials(
        &mut self,
        map: &IndexMap<String, Spanned<Param>>,
        proxy: bool,
    ) -> Option<Value> {
        let is_empty = |value: &Option<Value>| match value {
            None | Some(Value::Null) => true,
            Some(Value::Text(text)) => text.trim().is_empty(),
            Some(_) => false,
        };
        let mut filled = Facts::new();
        let before = self.unsettled();
        if proxy {
            let written = map.get("address").map(|address| &address.value);
            let address = written.and_then(|address| self.param(address));
            if is_empty(&address) {
                return None;
            }
            filled.insert("address".to_owned(), address.unwrap_or_default());
            if !written.is_some_and(|address| self.is_known(address)) {
                return Some(filled.into());
            }
        }
        let user = map.get("user").and_then(|user| self.param(&user.value));
        if is_empty(&user) {
            return proxy.then(|| filled.into());
        }
        self.logs_in = true;
        filled.insert("user".to_owned(), user.unwrap_or_default());
        // As long as it is not settled that there is a user, nobody is asked for a password.
        let no_secrets = self.no_secrets;
        self.no_secrets |= self.unsettled() != before;
        for (name, param) in map {
            if !filled.contains_key(name)
                && let Some(value) = self.param(&param.value)
            {
                filled.insert(name.clone(), value);
            }
        }
        self.no_secrets = no_secrets;
        Some(filled.into())
    }

    /// Every input that a text names is known, whether or not it is still to be confirmed.
    fn is_known(&self, param: &Param) -> bool {
        let state = |name: &InputName| self.reading.input_state(&self.key.tree, name);
        match param {
            Param::Text(template) => {
                let mut names = template.demands.inputs.iter();
                names.all(|name| matches!(state(name), InputState::Known { .. }))
            }
            Param::PerOs(by) => by
                .get(self.reading.opening.os)
                .is_some_and(|param| self.is_known(&param.value)),
            _ => true,
        }
    }

    /// How much is still to come before the parameters are known.
    fn unsettled(&self) -> (usize, usize, bool) {
        (
            self.waiting.len(),
            self.missing.len() + self.missing_login.len(),
            self.unknown.is_some(),
        )
    }

    fn param(&mut self, param: &Param) -> Option<Value> {
        Some(match param {
            Param::Text(template) => return self.text(template),
            Param::Bool(value) => (*value).into(),
            Param::Int(value) => (*value).into(),
            Param::List(list) => Value::List(
                list.iter()
                    .filter_map(|param| self.param(&param.value))
                    .collect(),
            ),
            Param::Map(map) => {
                let mut filled = Facts::new();
                for (name, param) in map {
                    if let Some(value) = self.param(&param.value) {
                        filled.insert(name.clone(), value);
                    }
                }
                filled.into()
            }
            Param::PerOs(by) => {
                return by
                    .get(self.reading.opening.os)
                    .and_then(|param| self.param(&param.value));
            }
            Param::SideFile(lines) => Value::List(
                lines
                    .iter()
                    .map(|line| Value::from(line.as_str()))
                    .collect(),
            ),
        })
    }

    fn text(&mut self, template: &Template) -> Option<Value> {
        let tree = &self.key.tree;
        self.fickle |= !template.demands.answers.is_empty();
        self.rests_on_findings |= !template.demands.probes.is_empty()
            || !template.demands.steps.is_empty()
            || !self.reading.all_given(tree, &template.demands.inputs);
        let mut scope = self.reading.scope(tree, &template.demands, None);
        for name in &template.demands.inputs {
            let input = self.reading.input(tree, name);
            if input.is_some_and(|input| input.ty == InputType::Secret) {
                return Some(self.secret(name));
            }
            let state = self.reading.input_state(tree, name);
            match state {
                InputState::Known { derived, .. } => {
                    let confirm =
                        || self.confirm || self.network && self.reading.is_of_outside(name);
                    if derived && confirm() {
                        self.miss(name);
                    }
                    continue;
                }
                InputState::Waiting { on, .. } => self.waiting.extend(on),
                InputState::Needs(names) => names.iter().for_each(|name| self.miss(name)),
                InputState::Missing { .. } => self.miss(name),
                InputState::Secret | InputState::Unknown => self.not_known(name),
            }
            scope.inputs.insert(
                name.clone(),
                placeholder(name, input.map(|input| &input.ty)),
            );
        }
        for name in &template.demands.probes {
            let Some(key) = self.reading.probe_key(tree, name) else {
                continue;
            };
            match &self.reading.probe(&key).status {
                Status::Running(..) | Status::Ready | Status::Waiting(_) => self.waiting.push(key),
                Status::NeedsInputs(names) => names.iter().for_each(|name| self.miss(name)),
                Status::Found(_)
                | Status::NeedsLook
                | Status::NeedsLogin(_)
                | Status::Refused(_)
                | Status::NotHere
                | Status::Unknown(_) => {}
            }
        }
        match template.value(&scope) {
            Ok(text) => Some(text.into()),
            Err(error) => {
                self.failed(error.message);
                None
            }
        }
    }

    /// A secret's name in its place. Whoever runs the probe puts the value there.
    fn secret(&mut self, name: &InputName) -> Value {
        let tree = &self.key.tree;
        // Evidence may say whom it is for.
        self.rests_on_findings = true;
        if !self.no_secrets {
            match self.reading.input_state(tree, name) {
                InputState::Secret => {}
                InputState::Unknown => self.not_known(name),
                _ => self.ask_secret(name),
            }
        }
        let only_for = self.reading.secret_for(tree, name);
        self.secrets.push(SecretUse {
            input: name.clone(),
            only_for,
        });
        Facts::from([("secret".to_owned(), name.as_str().into())]).into()
    }

    /// Nobody types a secret before the host is in sight that it is for, so that one comes first.
    fn ask_secret(&mut self, name: &InputName) {
        let tree = &self.key.tree;
        let host = self.reading.input(tree, name);
        let Some(host) = host.and_then(|secret| secret.secret_for.as_ref()) else {
            return self.miss(name);
        };
        match self.reading.input_state(tree, &host.value) {
            InputState::Known { .. } | InputState::Secret => self.miss(name),
            InputState::Missing { .. } => self.miss(&host.value),
            InputState::Needs(names) => names.iter().for_each(|name| self.miss(name)),
            InputState::Waiting { on, .. } => self.waiting.extend(on),
            InputState::Unknown => self.not_known(&host.value),
        }
    }

    fn miss(&mut self, name: &InputName) {
        let list = if self.in_login {
            &mut self.missing_login
        } else {
            &mut self.missing
        };
        if !list.contains(name) {
            list.push(name.clone());
        }
    }

    fn not_known(&mut self, name: &InputName) {
        if !self.unknown_inputs.contains(name) {
            self.unknown_inputs.push(name.clone());
        }
        self.unknown.get_or_insert_with(|| {
            Unknown::new(Reason::InputUnknown, format!("`{name}` is not known"))
        });
    }

    fn failed(&mut self, message: String) {
        self.unknown
            .get_or_insert_with(|| Unknown::new(Reason::Expression, message));
    }
}

impl Reading<'_> {
    /// The host or address that alone gets a secret.
    pub fn secret_for(&self, tree: &crate::finding::TreeId, name: &InputName) -> Option<String> {
        let host = &self.input(tree, name)?.secret_for.as_ref()?.value;
        self.input_value(tree, host).as_ref().and_then(typed)
    }
}

/// The same parameters give the same hash in every run of the program.
fn hash(params: &Params) -> String {
    let text = serde_json::to_vec(params).unwrap_or_default();
    Sha256::digest(&text)
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
