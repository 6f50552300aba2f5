//! Where a recorded host's files come from: a folder, or the demos inside the program.

use std::{
    fs::{self, File},
    io::{Cursor, Read},
    path::{Path, PathBuf},
};

use include_dir::Dir;

use crate::{
    finding::{Reason, Unknown},
    host::Files,
};

/// A recording may have so many files; that many is no machine's worth of evidence.
const FILES: usize = 100_000;

/// The folder `files/` of a recording on disk.
pub struct Folder {
    root: PathBuf,
}

impl Folder {
    /// A folder that is not there is empty.
    pub fn new(root: &Path) -> Self {
        Self {
            root: root.to_path_buf(),
        }
    }

    fn collect(&self, folder: &Path, into: &mut Vec<(String, u64)>) -> std::io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            let meta = fs::symlink_metadata(&path)?;
            if meta.is_dir() {
                self.collect(&path, into)?;
            } else if meta.is_file()
                && let Ok(inside) = path.strip_prefix(&self.root)
                && into.len() < FILES
            {
                let parts: Vec<_> = inside.iter().map(|part| part.to_string_lossy()).collect();
                into.push((parts.join("/"), meta.len()));
            }
        }
        Ok(())
    }
}

impl Files for Folder {
    fn list(&self) -> Result<Vec<(String, u64)>, Unknown> {
        let mut files = Vec::new();
        if self.root.is_dir() {
            let unreadable = |error: std::io::Error| {
                Unknown::new(
                    Reason::NotAvailable,
                    format!("{}: {error}", self.root.display()),
                )
            };
            self.collect(&self.root, &mut files).map_err(unreadable)?;
        }
        files.sort();
        Ok(files)
    }

    fn open(&self, path: &str) -> Result<Box<dyn Read + Send>, Unknown> {
        let path = self.root.join(path);
        match File::open(&path) {
            Ok(file) => Ok(Box::new(file)),
            Err(error) => Err(Unknown::new(
                Reason::NotAvailable,
                format!("{}: {error}", path.display()),
            )),
        }
    }
}

/// The folder `files/` of a demo.
pub struct DemoFiles {
    pub folder: Option<&'static Dir<'static>>,
}

impl DemoFiles {
    fn collect(&self, folder: &'static Dir<'static>, into: &mut Vec<(String, u64)>) {
        let root = self.folder.map(|root| root.path()).unwrap_or(Path::new(""));
        for file in folder.files() {
            let inside = file.path().strip_prefix(root).unwrap_or(file.path());
            let parts: Vec<_> = inside.iter().map(|part| part.to_string_lossy()).collect();
            into.push((parts.join("/"), file.contents().len() as u64));
        }
        folder.dirs().for_each(|inner| self.collect(inner, into));
    }
}

impl Files for DemoFiles {
    fn list(&self) -> Result<Vec<(String, u64)>, Unknown> {
        let mut files = Vec::new();
        if let Some(folder) = self.folder {
            self.collect(folder, &mut files);
        }
        files.sort();
        Ok(files)
    }

    fn open(&self, path: &str) -> Result<Box<dyn Read + Send>, Unknown> {
        let found = self
            .folder
            .and_then(|folder| folder.get_file(folder.path().join(path)));
        match found {
            Some(file) => Ok(Box::new(Cursor::new(file.contents()))),
            None => Err(Unknown::new(
                Reason::NotAvailable,
                format!("`{path}` is not in the recording"),
            )),
        }
    }
}
