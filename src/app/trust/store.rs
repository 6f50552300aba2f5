//! Agreements on disk: one line each, a closure's hash or a folder.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use etcetera::BaseStrategy;

use crate::app::trust::Closure;

/// What a person agreed to earlier.
#[derive(Debug, Clone, Default)]
pub struct Agreements {
    file: Option<PathBuf>,
    hashes: Vec<String>,
    folders: Vec<PathBuf>,
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
            folders: Vec::new(),
            file: Some(file.clone()),
        };
        for line in fs::read_to_string(file).unwrap_or_default().lines() {
            match line.split_once(' ') {
                Some(("hash", hash)) => agreements.hashes.push(hash.to_owned()),
                Some(("folder", folder)) => agreements.folders.push(PathBuf::from(folder)),
                _ => {}
            }
        }
        agreements
    }

    /// Whether this was agreed to: by its hash, or because each tree from outside lies in an agreed folder that nobody
    /// but its owner can write.
    pub fn cover(&self, closure: &Closure) -> bool {
        let in_own_folder = |path: &str| {
            let path = Path::new(path);
            self.folders
                .iter()
                .any(|folder| path.starts_with(folder) && nobody_else_writes(folder))
        };
        closure.is_embedded()
            || self.hashes.contains(&closure.hash)
            || closure.outside.iter().all(|(_, path)| in_own_folder(path))
    }

    /// Remembers an agreement for exactly this closure.
    pub fn agree(&mut self, closure: &Closure) -> std::io::Result<()> {
        self.agree_hash(&closure.hash)
    }

    /// The same for a closure that is known by its hash alone: the one that the person read, whatever the files hold by now.
    pub fn agree_hash(&mut self, hash: &str) -> std::io::Result<()> {
        self.hashes.push(hash.to_owned());
        self.append(&format!("hash {hash}\n"))
    }

    /// Remembers an agreement for whatever will lie in a folder.
    pub fn agree_folder(&mut self, folder: &Path) -> std::io::Result<()> {
        self.folders.push(folder.to_path_buf());
        self.append(&format!("folder {}\n", folder.display()))
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

/// The folder belongs to one user, and neither group nor others may write in it.
#[cfg(unix)]
fn nobody_else_writes(folder: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    fs::metadata(folder).is_ok_and(|meta| meta.is_dir() && meta.mode() & 0o022 == 0)
}

/// Elsewhere the rights are not read; then only hashes count.
#[cfg(not(unix))]
fn nobody_else_writes(_folder: &Path) -> bool {
    false
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

    #[cfg(unix)]
    #[test]
    fn a_folder_that_others_may_write_is_not_covered() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a temporary folder");
        let own = folder.path().join("own");
        fs::create_dir(&own).expect("the folder is writable");
        let tree = own.join("t.yaml").display().to_string();
        let mut agreements = Agreements::from_file(folder.path().join("agreements"));
        agreements
            .agree_folder(&own)
            .expect("the folder is writable");
        fs::set_permissions(&own, fs::Permissions::from_mode(0o700)).expect("own folder");
        assert!(agreements.cover(&closure("a", &tree)));
        fs::set_permissions(&own, fs::Permissions::from_mode(0o777)).expect("own folder");
        assert!(!agreements.cover(&closure("a", &tree)));
    }
}
