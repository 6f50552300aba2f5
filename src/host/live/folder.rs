//! A recording in a folder of this machine: `host.yaml` and `files/`. Follows no links, leaves the folder never, and passes
//! nothing over: with anything in it but files and folders of names in UTF-8, it is none.

use std::{
    fs,
    io::{self, Read},
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
            // What is left out here would be absent from the machine.
            let name = entry.file_name();
            let Some(name) = name.to_str() else {
                let why = format!("{}: its name is not UTF-8", entry.path().display());
                return Err(Unknown::new(Reason::Other, why));
            };
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
            } else {
                let what = match kind.is_symlink() {
                    true => "a link, which is not followed",
                    false => "neither a file nor a folder",
                };
                let why = format!("{}: {what}", entry.path().display());
                return Err(Unknown::new(Reason::NotRegular, why));
            }
        }
        Ok(())
    }
}

impl Files for Folder {
    fn list(&self) -> Result<Vec<(String, u64)>, Unknown> {
        let mut files = Vec::new();
        let there = match fs::symlink_metadata(&self.files) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            there => Some(there),
        };
        match there {
            None => {}
            Some(Ok(meta)) if meta.is_dir() => self.gather(&self.files, "", 0, &mut files)?,
            Some(Ok(_)) => {
                let why = format!("{}: not a folder", self.files.display());
                return Err(Unknown::new(Reason::NotRegular, why));
            }
            Some(Err(error)) => {
                let why = format!("{}: {error}", self.files.display());
                return Err(Unknown::new(Reason::Other, why));
            }
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

#[cfg(all(test, unix))]
mod tests {
    use std::{
        ffi::OsStr,
        os::unix::{ffi::OsStrExt, fs::symlink, net::UnixListener},
    };

    use super::*;

    /// What `files/` of a recording may not have in it would otherwise be absent from its machine.
    #[test]
    fn what_is_no_file_is_never_absent() {
        #[track_caller]
        fn check(make: impl FnOnce(&Path), expected: Option<(&str, &str)>) {
            let folder = tempfile::tempdir().expect("a folder can be made");
            let files = folder.path().join("files");
            fs::create_dir_all(files.join("opt")).expect("a folder can be made");
            fs::write(folder.path().join("host.yaml"), "os: linux\nfiles: true\n")
                .expect("it can be written");
            make(&files);
            let came = recorded(folder.path()).err().map(|error| error.to_string());
            match expected {
                None => assert_eq!(came, None),
                Some((place, why)) => {
                    let came = came.expect("it is no recording");
                    let place = folder.path().join(place);
                    let ends = format!("{}: {why}", place.display());
                    assert!(came.ends_with(&ends), "{came}");
                }
            }
        }
        let done = "it can be made";
        let link = "a link, which is not followed";
        check(
            |files| fs::write(files.join("opt/a"), "x").expect(done),
            None,
        );
        check(|files| fs::remove_dir_all(files).expect(done), None);
        check(
            |files| symlink("/etc/hostname", files.join("opt/config.xml")).expect(done),
            Some(("files/opt/config.xml", link)),
        );
        check(
            |files| symlink("/etc", files.join("opt/agent")).expect(done),
            Some(("files/opt/agent", link)),
        );
        check(
            |files| drop(UnixListener::bind(files.join("opt/s")).expect(done)),
            Some(("files/opt/s", "neither a file nor a folder")),
        );
        check(
            |files| fs::write(files.join(OsStr::from_bytes(b"opt/\xff")), "x").expect(done),
            Some(("files/opt/\u{fffd}", "its name is not UTF-8")),
        );
        check(
            |files| {
                fs::remove_dir_all(files).expect(done);
                symlink("/etc", files).expect(done);
            },
            Some(("files", "not a folder")),
        );
    }
}
