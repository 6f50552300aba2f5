//! Agreements on disk: one line each, a closure's hash.

use std::{fs, io::Write, path::PathBuf};

use etcetera::BaseStrategy;

use crate::app::{trust::Closure, unwritten};

/// What a person agreed to earlier.
#[derive(Debug, Clone, Default)]
pub struct Agreements {
    file: Option<PathBuf>,
    hashes: Vec<String>,
}

impl Agreements {
    /// Reads the user's file; what cannot be read counts as not agreed.
    pub fn load() -> Self {
        let file = etcetera::choose_base_strategy().ok().map(|dirs| {
            dirs.state_dir()
                .unwrap_or_else(|| dirs.data_dir())
                .join("waypost")
                .join("agreements")
        });
        file.map_or_else(Self::default, Self::from_file)
    }

    fn from_file(file: PathBuf) -> Self {
        let mut agreements = Self {
            hashes: Vec::new(),
            file: Some(file.clone()),
        };
        for line in fs::read_to_string(file).unwrap_or_default().lines() {
            if let Some(("hash", hash)) = line.split_once(' ') {
                agreements.hashes.push(hash.to_owned());
            }
        }
        agreements
    }

    /// Whether exactly this was agreed to, or needs no agreement.
    pub fn cover(&self, closure: &Closure) -> bool {
        closure.is_embedded() || self.hashes.contains(&closure.hash)
    }

    /// Remembers an agreement for exactly this closure.
    pub fn agree(&mut self, closure: &Closure) -> std::io::Result<()> {
        self.agree_hash(&closure.hash)
    }

    /// The same for a closure that is known by its hash alone: the one that the person read, whatever the files hold by now.
    pub fn agree_hash(&mut self, hash: &str) -> std::io::Result<()> {
        self.hashes.push(hash.to_owned());
        self.append(&format!("hash {hash}\n"))
            .map_err(unwritten::plain)
    }

    fn append(&self, line: &str) -> std::io::Result<()> {
        let Some(file) = &self.file else {
            return Ok(());
        };
        if let Some(parent) = file.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(file)?
            .write_all(line.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn closure(hash: &str, path: &str) -> Closure {
        Closure {
            outside: vec![("x".into(), path.to_owned())],
            hash: hash.to_owned(),
            reads: BTreeSet::new(),
            contacts: BTreeSet::new(),
            executes: BTreeSet::new(),
        }
    }

    #[test]
    fn an_agreement_is_remembered_for_its_hash_only() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = folder.path().join("deep").join("agreements");
        let mut agreements = Agreements::from_file(file.clone());
        assert!(!agreements.cover(&closure("a", "/x/y.yaml")));
        agreements
            .agree(&closure("a", "/x/y.yaml"))
            .expect("the folder is writable");
        let again = Agreements::from_file(file);
        assert!(again.cover(&closure("a", "/x/y.yaml")));
        assert!(!again.cover(&closure("b", "/x/y.yaml")));
    }
}
