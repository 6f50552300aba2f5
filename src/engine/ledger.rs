//! What is known so far: everything that events changed. The position follows from it and is not kept here.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use jiff::Timestamp;

use crate::{
    engine::{Given, ProbeKey, Spot},
    finding::{Finding, InputName, Outcome, Source, Value},
    tree::AnswerId,
};

/// What something that a person passed belongs to. In one generation a question has one answer, whatever it was asked
/// for.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(in crate::engine) struct Key {
    pub generation: u32,
    pub spot: Spot,
    pub role: Role,
}

/// What is passed at a spot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(in crate::engine) enum Role {
    Question,
    Do,
    Fix,
    Wait,
    Helped,
    /// The end itself; nothing is passed there, but notes can be made.
    End,
}

/// A question's answer.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::engine) struct Answered {
    /// `None`: I don't know.
    pub answer: Option<AnswerId>,
    pub skipped: bool,
    pub source: Source,
    /// What the evidence said when it was answered.
    pub outcome: Option<Outcome>,
    /// The looks that said so, with the hash of their parameters; none where a person stated it.
    pub rests_on: Vec<(ProbeKey, String)>,
    pub at: Timestamp,
}

/// How an instruction or a fix was passed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::engine) struct Mark {
    pub way: Way,
    pub at: Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::engine) enum Way {
    /// Carried out, waited, or whatever else the role says.
    Passed,
    Unable,
    Helped(Option<bool>),
}

/// A finding with what it belongs to.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::engine) struct Held {
    pub hash: String,
    pub generation: u32,
    pub finding: Arc<Finding>,
    /// Counts up: the order in which findings came.
    pub order: u64,
    /// The login that was refused, as the request held it: the user, and the secret's name.
    pub refused: Option<Value>,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub(in crate::engine) struct Ledger {
    /// The inputs as they stand from a generation on, for each generation in which one was given or taken back.
    inputs: BTreeMap<u32, BTreeMap<InputName, Given>>,
    /// What was given before an input was taken back.
    before: BTreeMap<InputName, String>,
    /// Inputs of logins that somebody wants to look with.
    logins: BTreeSet<InputName>,
    /// Paths that fit an input's globs, once they were looked for.
    pub suggestions: BTreeMap<InputName, Vec<String>>,
    pub answers: HashMap<Key, Answered>,
    pub marks: HashMap<Key, Mark>,
    pub notes: HashMap<Key, Vec<String>>,
    /// Where the walk is held, by going back.
    pub hold: Option<Key>,
    findings: BTreeMap<ProbeKey, Vec<Held>>,
    /// What looks found that are to be made again: nothing is read from it any more, and it is told until they were made.
    told: Vec<(ProbeKey, Held)>,
    came: u64,
    /// Counts up whenever inputs or findings change: what was worked out from them is then stale.
    version: u64,
    /// Counts up whenever inputs change.
    given: u64,
}

impl Ledger {
    /// With inputs that were given ahead.
    pub fn new(inputs: BTreeMap<InputName, Given>) -> Self {
        Self {
            inputs: BTreeMap::from([(0, inputs)]),
            ..Self::default()
        }
    }

    /// The inputs as they stood in a generation: what was given after something was done says nothing of the time before.
    pub fn inputs(&self, generation: u32) -> &BTreeMap<InputName, Given> {
        const NONE: &BTreeMap<InputName, Given> = &BTreeMap::new();
        let mut until = self.inputs.range(..=generation);
        until.next_back().map_or(NONE, |(_, inputs)| inputs)
    }

    /// Gives an input, for this generation and those after it; a secret is then another one than what was refused before.
    pub fn give(&mut self, name: &InputName, given: &Given, generation: u32) {
        self.forget_refusals(name);
        self.change_inputs(generation, |inputs| {
            inputs.insert(name.clone(), given.clone());
        });
    }

    /// Takes an input back from this generation on, so that it is asked for again. Its text is kept for an offer.
    pub fn take_back(&mut self, name: &InputName, generation: u32) {
        self.forget_refusals(name);
        if let Some(Given::Text(text)) = self.inputs(generation).get(name) {
            self.before.insert(name.clone(), text.clone());
        }
        self.change_inputs(generation, |inputs| {
            inputs.remove(name);
        });
    }

    /// Takes every secret back, of whatever generation.
    pub fn take_secrets_back(&mut self) {
        let given = self.inputs.values().flatten();
        let secrets = given.filter(|(_, given)| **given == Given::Secret);
        let secrets: BTreeSet<InputName> = secrets.map(|(name, _)| name.clone()).collect();
        for name in secrets {
            self.take_back(&name, 0);
        }
    }

    fn change_inputs(&mut self, generation: u32, change: impl Fn(&mut BTreeMap<InputName, Given>)) {
        self.given += 1;
        let now = self.inputs(generation).clone();
        self.inputs.entry(generation).or_insert(now);
        self.inputs
            .range_mut(generation..)
            .for_each(|(_, inputs)| change(inputs));
    }

    /// Somebody wants to look with the login that the input is a part of.
    pub fn want_login(&mut self, name: &InputName) {
        self.logins.insert(name.clone());
    }

    pub fn is_login_wanted(&self, name: &InputName) -> bool {
        self.logins.contains(name)
    }

    /// What was given before the input was taken back.
    pub fn before(&self, name: &InputName) -> Option<&String> {
        self.before.get(name)
    }

    /// Forgets what looks found that can be made again, where it is such. It is told until they were made.
    pub fn forget_looks(&mut self, is_such: impl Fn(&Finding) -> bool) {
        self.version += 1;
        for (probe, list) in &mut self.findings {
            let forgotten = list.extract_if(.., |held| {
                let by_look = matches!(held.finding.source, Source::Observed | Source::Bundled);
                by_look && is_such(&held.finding)
            });
            let forgotten = forgotten.map(|held| (probe.clone(), held));
            self.told.extend(forgotten);
        }
    }

    /// Forgets what was looked at in this generation.
    pub fn forget_generation(&mut self, generation: u32) {
        self.version += 1;
        for list in self.findings.values_mut() {
            list.retain(|held| {
                held.generation != generation || held.finding.source != Source::Observed
            });
        }
    }

    fn forget_refusals(&mut self, secret: &InputName) {
        self.version += 1;
        for list in self.findings.values_mut() {
            list.retain(|held| {
                let refused = held.refused.as_ref();
                refused.is_none_or(|login| !names(login, secret))
            });
        }
    }

    /// Whether this login was refused in this generation, by whatever probe.
    pub fn is_refused(&self, login: &Value, generation: u32) -> bool {
        let mut all = self.findings.values().flatten();
        all.any(|held| held.generation == generation && held.refused.as_ref() == Some(login))
    }

    /// Another number, other inputs or findings.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// Another number, other inputs.
    pub fn given(&self) -> u64 {
        self.given
    }

    /// The number of the probe's newest finding, of whatever generation and parameters.
    pub fn newest(&self, probe: &ProbeKey) -> Option<u64> {
        let list = self.findings.get(probe)?;
        list.iter().map(|held| held.order).max()
    }

    /// Keeps a finding; it stands in the place of an earlier one of the same look.
    pub fn keep(&mut self, probe: &ProbeKey, hash: &str, generation: u32, finding: Arc<Finding>) {
        self.keep_refused(probe, hash, generation, finding, None);
    }

    /// The same for what may say that a login was refused.
    pub fn keep_refused(
        &mut self,
        probe: &ProbeKey,
        hash: &str,
        generation: u32,
        finding: Arc<Finding>,
        refused: Option<Value>,
    ) {
        self.forget(probe, hash, generation);
        let held = Held {
            hash: hash.to_owned(),
            generation,
            finding,
            order: self.came,
            refused,
        };
        self.came += 1;
        self.findings.entry(probe.clone()).or_default().push(held);
    }

    /// Drops what a look gave, since it is done again.
    pub fn forget(&mut self, probe: &ProbeKey, hash: &str, generation: u32) {
        self.version += 1;
        let is_other = |held: &Held| held.generation != generation || held.hash != hash;
        if let Some(list) = self.findings.get_mut(probe) {
            list.retain(is_other);
        }
        self.told
            .retain(|(known, held)| known != probe || is_other(held));
    }

    pub fn finding(&self, probe: &ProbeKey, hash: &str, generation: u32) -> Option<&Arc<Finding>> {
        let list = self.findings.get(probe)?;
        let held = list
            .iter()
            .rev()
            .find(|held| held.generation == generation && held.hash == hash)?;
        Some(&held.finding)
    }

    /// What the probe gave last before this generation.
    pub fn earlier(&self, probe: &ProbeKey, generation: u32) -> Option<&Held> {
        let list = self.findings.get(probe)?;
        list.iter()
            .filter(|held| held.generation < generation)
            .max_by_key(|held| (held.generation, held.order))
    }

    /// Every finding that is told, in the order in which they came.
    pub fn findings(&self) -> Vec<(&ProbeKey, &Held)> {
        let told = self.told.iter().map(|(probe, held)| (probe, held));
        let lists = self.findings.iter();
        let known = lists.flat_map(|(probe, list)| list.iter().map(move |held| (probe, held)));
        let mut all: Vec<_> = known.chain(told).collect();
        all.sort_by_key(|(_, held)| held.order);
        all
    }
}

/// Whether the login's password is the secret of this name.
fn names(login: &Value, secret: &InputName) -> bool {
    let password = login.get("password").and_then(|it| it.get("secret"));
    password.and_then(Value::as_str) == Some(secret.as_str())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::finding::{Reason, Unknown};

    fn finding(detail: &str) -> Arc<Finding> {
        let why = Unknown::new(Reason::Other, detail);
        Arc::new(Finding::unknown(
            why,
            Source::Observed,
            Timestamp::UNIX_EPOCH,
            Duration::ZERO,
        ))
    }

    #[test]
    fn a_finding_belongs_to_probe_parameters_and_generation() {
        let probe = ProbeKey {
            tree: "t".into(),
            name: "p".into(),
        };
        let mut ledger = Ledger::default();
        ledger.keep(&probe, "a", 0, finding("first"));
        ledger.keep(&probe, "a", 1, finding("second"));
        ledger.keep(&probe, "a", 0, finding("third"));
        let check = |hash: &str, generation, expected: Option<&str>| {
            let got = ledger
                .finding(&probe, hash, generation)
                .map(|finding| finding.judgement.clone());
            assert_eq!(
                got,
                expected.map(|detail| finding(detail).judgement.clone()),
                "{hash} {generation}"
            );
        };
        check("a", 0, Some("third"));
        check("a", 1, Some("second"));
        check("b", 0, None);
        assert_eq!(ledger.findings().len(), 2);
    }
}
