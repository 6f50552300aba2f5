//! Secrets that a person typed in: in memory alone, for as long as the program runs.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use secrecy::SecretString;

use crate::{finding::InputName, host::live::Secrets};

/// Shared by whoever asks for secrets and whoever sends them.
#[derive(Clone, Default)]
pub struct Vault {
    secrets: Arc<Mutex<BTreeMap<InputName, SecretString>>>,
}

impl Vault {
    /// Keeps a secret; a later one of the same name takes its place.
    pub fn put(&self, name: InputName, secret: SecretString) {
        self.secrets
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(name, secret);
    }

    /// Forgets everything.
    pub fn clear(&self) {
        self.secrets
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }

    pub fn get(&self, name: &InputName) -> Option<SecretString> {
        self.secrets
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(name)
            .cloned()
    }
}

impl Secrets for Vault {
    fn secret(&self, name: &InputName) -> Option<SecretString> {
        self.get(name)
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Vault(…)")
    }
}
