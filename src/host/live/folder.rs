//! A recording in a folder of this machine: `host.yaml` and `files/`. Follows no links, leaves the folder never.

use std::{
    fs,
    io::Read,
    path::{Path, PathBuf},
};

use crate::{
    finding::{Reason, Unknown},
    host::{Files, Recorded, RecordedError, live::regular},
};

/// The longest `host.yaml` that is read, in bytes; [`Recorded::new`] refuses it then.
const YAML: u64 = (16 << 20) + 1;
/// How many files a recording may have.
const FILES: usize = 100_000;
/// How deep its folders may go.
const DEPTH: usize = 64;

/// Why a folder is no recording.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    #[error("{}: {why}", path.display())]
    Read { path: PathBuf, why: std::io::Error },
    #[error("{}: {why}", path.display())]
    Recorded { path: PathBuf, why: RecordedError },
}

/// Opens the recording in a folder.
///
/// # Errors
/// A folder without a readable `host.yaml`, or one with a mistake in it.
pub fn recorded(folder: &Path) -> Result<Recorded, FolderError> {
    let path = folder.join("host.yaml");
    let mut text = String::new();
    regular::open(&path)
        .and_then(|file| file.take(YAML).read_to_string(&mut text))
        .map_err(|why| FolderError::Read { path, why })?;
    let files = Folder {
        files: folder.join("files"),
    };
    Recorded::new(&text, files).map_err(|why| FolderError::Recorded {
        path: folder.to_owned(),
        why,
    })
}

/// The files of a recording on disk.
#[derive(Debug, Clone)]
pub struct Folder {
    /// The folder `files` itself.
    pub files: PathBuf,
}

impl Folder {
    fn gather(
        &self,
        folder: &Path,
        place: &str,
        depth: usize,
        files: &mut Vec<(String, u64)>,
    ) -> Result<(), Unknown> {
        let broken = |error: std::io::Error| {
            Unknown::new(Reason::Other, format!("{}: {error}", folder.display()))
        };
        if depth == DEPTH {
            return Err(Unknown::new(
                Reason::Other,
                format!("{}: more than {DEPTH} folders deep", folder.display()),
            ));
        }
        for entry in fs::read_dir(folder).map_err(broken)? {
            let entry = entry.map_err(broken)?;
            let kind = entry.file_type().map_err(broken)?;
            let name = entry.file_name();
            let Some(name) = name.to_str() else { continue };
            let place = if place.is_empty() {
                name.to_owned()
            } else {
                format!("{place}/{name}")
            };
            if kind.is_dir() {
                self.gather(&entry.path(), &place, depth + 1, files)?;
            } else if kind.is_file() {
                if files.len() == FILES {
                    return Err(Unknown::new(
                        Reason::Other,
                        format!("more than {FILES} files"),
                    ));
                }
                files.push((place, entry.metadata().map_err(broken)?.len()));
            }
        }
        Ok(())
    }
}

impl Files for Folder {
    fn list(&self) -> Result<Vec<(String, u64)>, Unknown> {
        let mut files = Vec::new();
        if self.files.is_dir() {
            self.gather(&self.files, "", 0, &mut files)?;
        }
        files.sort();
        Ok(files)
    }

    fn open(&self, path: &str) -> Result<Box<dyn Read + Send>, Unknown> {
        let broken = |why: String| Unknown::new(Reason::Other, format!("{path}: {why}"));
        if path.split(['/', '\\']).any(|part| part == "..") {
            return Err(broken("leaves the recording".to_owned()));
        }
        let file =
            regular::open(&self.files.join(path)).map_err(|error| broken(error.to_string()))?;
        Ok(Box::new(file))
    }
}
