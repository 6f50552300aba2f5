//! What every walk begins with: the trees, the machine, what was given, the agreement.

use std::sync::{Arc, Mutex};

use anyhow::{Context, Result};
use jiff::Timestamp;

use crate::{
    app::{
        catalog::{Catalog, Places},
        cli::Common,
        command::{FaultyTree, UsageError},
        givens::Givens,
        looking::Looker,
        vault::Vault,
    },
    engine::{Given, GivenAnswer, Opening},
    finding::{Os, Source, TreeId},
    host::{Host, Layered, live},
    redact::Redactor,
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
}

impl World {
    /// This machine, with a recorded one over it where `--host` names one.
    pub fn new(common: &Common) -> Result<Self> {
        let vault = Vault::default();
        let mut ca_pem = Vec::new();
        if let Some(path) = &common.ca {
            ca_pem.push(
                live::regular::read(path, CA_BYTES)
                    .with_context(|| format!("--ca {}", path.display()))?,
            );
        }
        let secrets = Arc::new(vault.clone());
        let live = live::Live::new(live::LiveOptions {
            secrets,
            ca_pem,
            ..live::LiveOptions::default()
        })?;
        let host: Arc<dyn Host> = match &common.host {
            Some(folder) => Arc::new(Layered::new(
                Box::new(live::recorded(folder).context("--host")?),
                Box::new(live),
            )),
            None => Arc::new(live),
        };
        Ok(Self::with(host, vault))
    }

    /// What a bundle holds of a machine, and nothing of this one.
    pub fn bundled(host: Arc<dyn Host>) -> Self {
        let mut world = Self::with(host, Vault::default());
        world.looker.source = Source::Bundled;
        world
    }

    /// A machine that was recorded, and nothing of this one.
    pub fn with(host: Arc<dyn Host>, vault: Vault) -> Self {
        let os = host.os();
        Self {
            looker: Looker {
                source: Source::Observed,
                host,
                redactor: Arc::new(Mutex::new(Redactor::default())),
            },
            vault,
            os,
        }
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

/// Everything given on the command line, held against the trees. It has to fit one of these systems.
pub fn givens(catalog: &Catalog, common: &Common, systems: &[Os]) -> Result<Givens> {
    let usage = |error: anyhow::Error| UsageError(format!("{error:#}"));
    let mut givens = Givens::default();
    givens
        .add_inputs(&catalog.forest, &common.inputs)
        .map_err(usage)?;
    givens.fit(&catalog.forest, systems).map_err(usage)?;
    Ok(givens)
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
