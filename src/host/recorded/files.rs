//! Where a recording's files come from. This layer opens nothing itself.

use std::{
    collections::BTreeMap,
    io::{Cursor, Read},
    sync::Arc,
};

use crate::finding::{Reason, Unknown};

/// The files of a recording: what lies in its folder `files/`. Paths are relative to that, parts joined by `/`.
pub trait Files: Send + Sync {
    /// Every file, with its size in bytes.
    fn list(&self) -> Result<Vec<(String, u64)>, Unknown>;

    /// Opens one that [`Files::list`] named.
    fn open(&self, path: &str) -> Result<Box<dyn Read + Send>, Unknown>;
}

/// No files at all.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoFiles;

impl Files for NoFiles {
    fn list(&self) -> Result<Vec<(String, u64)>, Unknown> {
        Ok(Vec::new())
    }

    fn open(&self, path: &str) -> Result<Box<dyn Read + Send>, Unknown> {
        Err(not_there(path))
    }
}

/// Files that ship inside the program: a path and what is in it.
#[derive(Debug, Clone, Copy)]
pub struct Embedded(pub &'static [(&'static str, &'static [u8])]);

impl Files for Embedded {
    fn list(&self) -> Result<Vec<(String, u64)>, Unknown> {
        Ok(self
            .0
            .iter()
            .map(|(path, content)| ((*path).to_owned(), content.len() as u64))
            .collect())
    }

    fn open(&self, path: &str) -> Result<Box<dyn Read + Send>, Unknown> {
        match self.0.iter().find(|(known, _)| *known == path) {
            Some((_, content)) => Ok(Box::new(Cursor::new(*content))),
            None => Err(not_there(path)),
        }
    }
}

/// Files that are held in memory: a path and what is in it.
#[derive(Debug, Clone, Default)]
pub struct InMemory(pub BTreeMap<String, Arc<[u8]>>);

impl Files for InMemory {
    fn list(&self) -> Result<Vec<(String, u64)>, Unknown> {
        let files = self.0.iter();
        Ok(files
            .map(|(path, content)| (path.clone(), content.len() as u64))
            .collect())
    }

    fn open(&self, path: &str) -> Result<Box<dyn Read + Send>, Unknown> {
        match self.0.get(path) {
            Some(content) => Ok(Box::new(Cursor::new(Arc::clone(content)))),
            None => Err(not_there(path)),
        }
    }
}

fn not_there(path: &str) -> Unknown {
    Unknown::new(
        Reason::NotRecorded,
        format!("`{path}` is not in the recording"),
    )
}
