//! Folders of this machine, for walks through globs.

use std::fs;

use super::{
    Stop,
    files::{absent, failed},
};
use crate::{
    finding::Unknown,
    host::glob::{Entry, Folders},
};

/// The folders as they are on disk.
pub(super) struct Disk<'a> {
    pub stop: &'a Stop,
}

impl Folders for Disk<'_> {
    fn list(&self, folder: &str, most: usize) -> Result<Option<(Vec<Entry>, bool)>, Unknown> {
        let read = match fs::read_dir(folder) {
            Ok(read) => read,
            Err(error) if absent(&error) => return Ok(None),
            Err(error) => return Err(failed(folder, &error)),
        };
        let mut entries = Vec::new();
        for entry in read {
            if self.stop.is_set() {
                return Ok(Some((Vec::new(), true)));
            }
            if entries.len() == most {
                return Ok(Some((entries, true)));
            }
            let entry = entry.map_err(|error| failed(folder, &error))?;
            let kind = entry.file_type();
            let link = kind.as_ref().is_ok_and(|kind| kind.is_symlink());
            let folder = match kind {
                Ok(_) if link => fs::metadata(entry.path()).map(|meta| meta.is_dir()),
                kind => kind.map(|kind| kind.is_dir()),
            };
            let folder = match folder {
                Ok(folder) => Ok(folder),
                // A link to nothing, or what was removed while the folder was listed.
                Err(error) if absent(&error) => Ok(false),
                Err(error) => Err(failed(&entry.path().to_string_lossy(), &error)),
            };
            let name = entry.file_name();
            entries.push(Entry {
                spelt: name.to_str().is_some(),
                name: name.to_string_lossy().into_owned(),
                folder,
                link,
            });
        }
        Ok(Some((entries, false)))
    }

    fn folder_at(&self, path: &str) -> Result<Option<bool>, Unknown> {
        match fs::metadata(path) {
            Ok(meta) => Ok(Some(meta.is_dir())),
            Err(error) if absent(&error) => Ok(None),
            Err(error) => Err(failed(path, &error)),
        }
    }

    fn stopped(&self) -> bool {
        self.stop.is_set()
    }
}
