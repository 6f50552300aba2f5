//! What every walk begins with: the trees, the machine, what was given, the agreement.

use std::{
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use anyhow::{Context, Result};
use jiff::Timestamp;
use sysinfo::System;

use crate::{
    app::{
        catalog::{Catalog, Places},
        cli::Common,
        exit::{FaultyTree, UsageError},
        givens::Givens,
        hiding::{self, Real},
        looking::Looker,
        record::Record,
        vault::Vault,
    },
    engine::{Given, GivenAnswer, Opening},
    finding::{Os, Source, TreeId},
    host::{Host, Layered, live},
    redact::{Hosts, Redactor},
    tree::Forest,
};

/// The store of a whole system has a quarter of a MiB.
const CA_BYTES: u64 = 4 << 20;

/// Where trees come from. A name with a separator or `.yaml` is a path.
pub fn places(tree: Option<&str>, common: &Common) -> Places {
    let file = tree.filter(|tree| is_path(tree)).map(Into::into);
    Places {
        folder: common.trees.clone(),
        file,
        ..Places::default()
    }
}

fn is_path(tree: &str) -> bool {
    tree.contains(['/', '\\']) || tree.ends_with(".yaml") || tree.ends_with(".yml")
}

/// The tree that is meant, or what is wrong with it.
pub fn find_tree(catalog: &Catalog, tree: &str) -> Result<TreeId> {
    let id = if is_path(tree) {
        match &catalog.named {
            Some(id) => id.clone(),
            None => return Err(FaultyTree(catalog.all_faults(tree)).into()),
        }
    } else {
        TreeId::new(tree)
    };
    if let Some(found) = catalog.forest.tree(&id) {
        if found.start.is_none() {
            return Err(UsageError(format!(
                "`{id}` has definitions for other trees and no questions"
            ))
            .into());
        }
        return Ok(id);
    }
    if let Some(fault) = catalog.fault(&id) {
        return Err(FaultyTree(fault.render(false)).into());
    }
    let hint = match catalog.suggestion(id.as_str()) {
        Some(like) => format!("; did you mean `{like}`?"),
        None => "; `waypost trees` lists them".to_owned(),
    };
    Err(UsageError(format!("there is no tree `{id}`{hint}")).into())
}

/// What looks are made with.
pub struct World {
    pub looker: Looker,
    pub vault: Vault,
    pub os: Os,
    /// What is looked at is written down, too.
    pub record: Option<Arc<Record>>,
    /// Names of hosts are masked in every case.
    hosts: Option<Hosts>,
    machine: Machine,
}

/// What the host of each case is made of.
enum Machine {
    /// A recorded machine alone, which knows no secrets.
    Recorded(Arc<dyn Host>),
    /// This one.
    Live(live::Live),
    /// A recorded one over this one.
    Over(Arc<dyn Host>, live::Live),
}

impl Machine {
    /// The machine as a case with these secrets sees it.
    fn host(&self, secrets: &Vault) -> Arc<dyn Host> {
        let with = |live: &live::Live| live.with_secrets(Arc::new(secrets.clone()));
        match self {
            Self::Recorded(recorded) => Arc::clone(recorded),
            Self::Live(live) => Arc::new(Real(with(live))),
            Self::Over(recorded, live) => Arc::new(Layered::new(
                Box::new(Arc::clone(recorded)),
                Box::new(Real(with(live))),
            )),
        }
    }
}

impl World {
    /// This machine, with a recorded one over it where `--host` names one.
    pub fn new(common: &Common) -> Result<Self> {
        let mut ca_pem = Vec::new();
        if let Some(path) = &common.ca {
            ca_pem.push(
                live::regular::read(path, CA_BYTES)
                    .with_context(|| format!("--ca {}", path.display()))?,
            );
        }
        let live = live::Live::new(live::LiveOptions {
            ca_pem,
            ..live::LiveOptions::default()
        })?;
        Ok(Self::of(match &common.host {
            Some(folder) => {
                Machine::Over(Arc::new(live::recorded(folder).context("--host")?), live)
            }
            None => Machine::Live(live),
        }))
    }

    /// What a bundle holds of a machine, and nothing of this one.
    pub fn bundled(host: Arc<dyn Host>) -> Self {
        let mut world = Self::recorded(host);
        world.looker.source = Source::Bundled;
        world
    }

    /// A machine that was recorded, and nothing of this one.
    pub fn recorded(host: Arc<dyn Host>) -> Self {
        Self::of(Machine::Recorded(host))
    }

    fn of(machine: Machine) -> Self {
        let vault = Vault::default();
        let host = machine.host(&vault);
        Self {
            record: None,
            hosts: None,
            os: host.os(),
            looker: Looker {
                source: Source::Observed,
                host,
                redactor: Arc::new(Mutex::new(Redactor::default())),
            },
            vault,
            machine,
        }
    }

    /// Writes down what is looked at from now on, where `--record` says so.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub fn record(mut self, common: &Common) -> Result<Self> {
        if let Some(folder) = &common.record {
            let record = Record::begin(folder)?;
            self.looker.host = record.over(self.looker.host);
            record.masked_by(&self.looker.redactor);
            self.record = Some(record);
        }
        Ok(self)
    }

    /// Masks names of hosts, too, where `--redact` says so. What the trees name stays.
    pub fn redact<'a>(
        self,
        common: &Common,
        forests: impl IntoIterator<Item = &'a Forest>,
    ) -> Self {
        match common.redact {
            true => self.hide(hiding::begin(forests)),
            false => self,
        }
    }

    /// Masks names of hosts, too.
    pub fn hide(mut self, hosts: Hosts) -> Self {
        hide(&self.looker.redactor, &hosts);
        self.hosts = Some(hosts);
        self
    }

    /// What this machine is called, where it is looked at and nobody asked that its name is masked.
    pub fn machine_name(&self) -> Option<String> {
        let is_told = matches!(self.machine, Machine::Live(_)) && !self.hides();
        is_told.then(System::host_name)?.ok()
    }

    /// Whether names of hosts are masked.
    pub fn hides(&self) -> bool {
        self.hosts.is_some()
    }

    /// What was given ahead, as a case is to know it.
    pub fn hidden(&self, mut givens: Givens) -> Givens {
        for (name, text) in &mut givens.inputs {
            *text = self.looker.hidden(name, text);
        }
        givens
    }

    /// What another case looks with: the same machine, its own secrets, and what masks it alone.
    /// `hosts` hide the names of a case that was kept.
    pub fn for_case(
        &self,
        redactor: Arc<Mutex<Redactor>>,
        hosts: Option<&Hosts>,
    ) -> (Looker, Vault) {
        if let Some(hosts) = hosts.or(self.hosts.as_ref()) {
            hide(&redactor, hosts);
        }
        let vault = Vault::default();
        let mut host = self.machine.host(&vault);
        if let Some(record) = &self.record {
            host = record.over(host);
            record.masked_by(&redactor);
        }
        let looker = Looker {
            host,
            redactor,
            source: self.looker.source,
        };
        (looker, vault)
    }

    /// Keeps the secrets that were given ahead, and masks them from now on.
    pub fn keep_secrets(&self, givens: &Givens) {
        use secrecy::ExposeSecret;
        for (name, secret) in &givens.secrets {
            self.learn(secret.expose_secret());
            self.vault.put(name.clone(), secret.clone());
        }
    }

    /// Masks a secret wherever it shows up from now on.
    pub fn learn(&self, secret: &str) {
        self.looker
            .redactor
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .learn(secret);
    }
}

fn hide(redactor: &Mutex<Redactor>, hosts: &Hosts) {
    redactor
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .hide(hosts.clone());
}

/// What is given beside `--input`, where nobody is asked later.
#[derive(Debug, Default)]
pub struct Ahead<'a> {
    /// The file with inputs and answers.
    pub file: Option<&'a Path>,
    /// `NAME=@FILE` or `NAME=-`, each.
    pub secrets: &'a [String],
    /// `[TREE/]NODE=ANSWER`, each.
    pub answers: &'a [String],
}

/// The inputs of the command line, held against the trees. They have to fit one of these systems.
pub fn givens(catalog: &Catalog, common: &Common, systems: &[Os]) -> Result<Givens> {
    givens_ahead(catalog, common, systems, &Ahead::default())
}

/// The same with all that is given ahead. What stands on the command line beats the file, and what is written in either is
/// checked before a secret is read.
pub fn givens_ahead(
    catalog: &Catalog,
    common: &Common,
    systems: &[Os],
    ahead: &Ahead<'_>,
) -> Result<Givens> {
    let gathered = || {
        let forest = &catalog.forest;
        let mut givens = Givens::default();
        if let Some(file) = ahead.file {
            givens.add_file(forest, file)?;
        }
        givens.add_inputs(forest, &common.inputs)?;
        givens.fit(forest, systems)?;
        givens.add_secrets(forest, ahead.secrets)?;
        givens.add_answers(forest, ahead.answers)?;
        Ok(givens)
    };
    gathered().map_err(|error: anyhow::Error| UsageError(format!("{error:#}")).into())
}

/// The case as the engine opens it.
pub fn opening(tree: TreeId, os: Os, givens: &Givens, trusted: bool, commands: bool) -> Opening {
    let texts = givens
        .inputs
        .iter()
        .map(|(name, text)| (name.clone(), Given::Text(text.clone())));
    let secrets = givens
        .secrets
        .keys()
        .map(|name| (name.clone(), Given::Secret));
    let answers = givens
        .answers
        .iter()
        .map(|((tree, node), answer)| GivenAnswer {
            tree: tree.clone(),
            node: node.clone(),
            answer: answer.clone(),
        });
    Opening {
        inputs: texts.chain(secrets).collect(),
        answers: answers.collect(),
        trusted,
        commands,
        ..Opening::new(tree, os, Timestamp::now())
    }
}

#[cfg(test)]
mod tests {
    use secrecy::{ExposeSecret, SecretString};

    use super::*;
    use crate::finding::InputName;

    /// A secret that was typed in for one case is nothing to another, on the same machine.
    #[test]
    fn each_case_has_its_own_secrets() {
        let world = World::new(&Common::default()).expect("this machine");
        let redactor = || Arc::new(Mutex::new(Redactor::default()));
        let (one, other) = (
            world.for_case(redactor(), None),
            world.for_case(redactor(), None),
        );
        let name = InputName::new("password");
        one.1
            .put(name.clone(), SecretString::from("hunter2-first".to_owned()));
        let known = one
            .1
            .get(&name)
            .map(|secret| secret.expose_secret().to_owned());
        assert_eq!(known.as_deref(), Some("hunter2-first"));
        assert!(other.1.get(&name).is_none() && world.vault.get(&name).is_none());
        assert!(!Arc::ptr_eq(&one.0.host, &other.0.host));
        assert!(!Arc::ptr_eq(&one.0.redactor, &other.0.redactor));
    }
}
