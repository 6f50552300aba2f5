//! The files of the demos, which lie inside the program.

use std::{
    io::{Cursor, Read},
    path::Path,
};

use include_dir::Dir;

use crate::{
    finding::{Reason, Unknown},
    host::Files,
};

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
                Reason::NotRecorded,
                format!("`{path}` is not in the recording"),
            )),
        }
    }
}
