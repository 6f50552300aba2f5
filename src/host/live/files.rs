//! Files of this machine: opened for reading, listed, described. What is not a regular file is never read.

use std::{
    fs::{self, File, Metadata},
    io::{self, Read},
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use jiff::Timestamp;

use super::{Stop, listing::Disk, owner, regular};
use crate::{
    finding::{Reason, Unknown},
    host::{
        FileMeta, Opened, built_for,
        glob::{Bounds, Glob, Walked, walk},
        order::newest_first,
        path, with_problems,
    },
};

/// How many files one look gives.
const FILES: usize = 1_000;
/// How many of them are open from the start; the others are opened when they are read, or a look could take all file
/// descriptors that a process may have.
const OPEN: usize = 64;

/// The first path that is there, opened.
pub(super) fn open_first(paths: &[String], stop: &Stop) -> Result<Vec<Opened>, Unknown> {
    for path in paths {
        absolute(path)?;
        if let Some(opened) = open(path, stop.all())? {
            return Ok(vec![opened]);
        }
    }
    Ok(Vec::new())
}

/// All files that fit, newest first; what could not be seen stands last, without content.
pub(super) fn open_all(globs: &[String], stop: &Stop) -> Result<Vec<Opened>, Unknown> {
    let (mut files, mut problems) = list(globs, stop)?;
    // Logs may be rolled between listing and opening; then the list no longer tells which file is which.
    if open_newest(&mut files) && !stop.is_set() {
        (files, problems) = list(globs, stop)?;
        open_newest(&mut files);
    }
    with_problems(files, problems)
}

/// What fits, newest first, to be opened; and what could not be seen.
fn list(globs: &[String], stop: &Stop) -> Result<(Vec<Opened>, Vec<Unknown>), Unknown> {
    let known = known(globs)?;
    let Walked {
        found,
        mut problems,
    } = walk(&known, &Disk { stop }, Bounds::default());
    // A folder of a log's name is no log that is missing.
    let meant = |path: &str| {
        let named = |glob: &&Glob| glob.spells_a_name() && glob.matches(path);
        known.iter().find(named).is_some()
    };
    let mut files = Vec::new();
    for found in found {
        if stop.is_set() {
            break;
        }
        if found.folder && !meant(&found.path) {
            continue;
        }
        match fs::metadata(&found.path) {
            Ok(meta) if meta.is_dir() && !meant(&found.path) => {}
            Ok(meta) => files.push(listed(found.path, &meta, stop.all())),
            // It was rolled away while the folder was listed.
            Err(error) if absent(&error) => {}
            Err(error) => problems.push(failed(&found.path, &error)),
        }
    }
    newest_first(&mut files);
    if files.len() > FILES {
        let why = format!(
            "{}: {} files fit, all but the newest {FILES} were left out",
            globs.join(", "),
            files.len()
        );
        problems.push(Unknown::new(Reason::NotWhole, why));
        files.truncate(FILES);
    }
    Ok((files, problems))
}

/// Opens the newest of what was listed. Whether one of them is no longer what was listed.
fn open_newest(files: &mut [Opened]) -> bool {
    let mut moved = false;
    for file in files.iter_mut().take(OPEN) {
        let Ok(content) = &mut file.content else {
            continue;
        };
        // Reading nothing opens it.
        if let Err(error) = content.read(&mut []) {
            moved |= absent(&error) || error.kind() == io::ErrorKind::StaleNetworkFileHandle;
            file.content = Err(match error.kind() {
                io::ErrorKind::PermissionDenied => failed(&file.path, &error),
                _ => Unknown::new(Reason::NotWhole, format!("{}: {error}", file.path)),
            });
        }
    }
    moved
}

/// What the first path that is there is.
pub(super) fn meta_first(paths: &[String]) -> Result<Option<FileMeta>, Unknown> {
    for path in paths {
        absolute(path)?;
        match fs::metadata(path) {
            Ok(meta) => {
                return Ok(Some(FileMeta {
                    size_bytes: Some(meta.len()),
                    modified: modified(&meta),
                    owner: owner::of(&meta),
                    folder: Some(meta.is_dir()),
                    readable: owner::readable(path, &meta),
                    writable: owner::writable(path, &meta),
                    ..FileMeta::there(path)
                }));
            }
            Err(error) if absent(&error) => {}
            Err(error) => return Err(failed(path, &error)),
        }
    }
    Ok(None)
}

/// Paths that fit, in order; without a match the first problem.
pub(super) fn paths(globs: &[String], folders: bool, stop: &Stop) -> Result<Vec<String>, Unknown> {
    let walked = walk(&known(globs)?, &Disk { stop }, Bounds::default());
    let paths: Vec<String> = walked
        .found
        .into_iter()
        .filter(|found| found.folder || !folders)
        .take(FILES)
        .map(|found| found.path)
        .collect();
    match walked.problems.into_iter().next() {
        Some(problem) if paths.is_empty() => Err(problem),
        _ => Ok(paths),
    }
}

fn known(globs: &[String]) -> Result<Vec<Glob>, Unknown> {
    let known = globs
        .iter()
        .map(|glob| Glob::new(glob, built_for()).ok_or_else(|| not_absolute(glob)));
    known.collect()
}

/// Opens a file; `None` where there is none. Something that is there and cannot be read is an entry that says why.
fn open(path: &str, stop: Arc<AtomicBool>) -> Result<Option<Opened>, Unknown> {
    let meta = match fs::metadata(path) {
        Ok(meta) => meta,
        Err(error) if absent(&error) => return Ok(None),
        Err(error) => return Err(failed(path, &error)),
    };
    let content = match is_regular(path, &meta) {
        Ok(()) => match regular::open(Path::new(path)) {
            Ok(file) => Ok(Box::new(Reading::new(file, meta.len(), stop)) as Box<dyn Read + Send>),
            Err(error) if absent(&error) => return Ok(None),
            Err(error) => Err(failed(path, &error)),
        },
        Err(why) => Err(why),
    };
    Ok(Some(Opened {
        path: path.to_owned(),
        size_bytes: meta.len(),
        modified: modified(&meta),
        content,
    }))
}

/// A file that fits a glob, to be opened when it is read.
fn listed(path: String, meta: &Metadata, stop: Arc<AtomicBool>) -> Opened {
    let content = is_regular(&path, meta).map(|()| {
        let later = Later {
            path: path.clone(),
            listed: owner::identity(&path, meta),
            size: meta.len(),
            file: None,
            stop,
        };
        Box::new(later) as Box<dyn Read + Send>
    });
    Opened {
        path,
        size_bytes: meta.len(),
        modified: modified(meta),
        content,
    }
}

fn is_regular(path: &str, meta: &Metadata) -> Result<(), Unknown> {
    match meta.is_file() {
        true => Ok(()),
        false => Err(Unknown::new(
            Reason::NotRegular,
            format!("{path}: {}, not a regular file", owner::kind(meta)),
        )),
    }
}

fn absolute(path: &str) -> Result<(), Unknown> {
    path::split(path, built_for())
        .map(|_| ())
        .ok_or_else(|| not_absolute(path))
}

fn not_absolute(path: &str) -> Unknown {
    Unknown::new(Reason::Other, format!("`{path}` is not an absolute path"))
}

fn modified(meta: &Metadata) -> Option<Timestamp> {
    meta.modified()
        .ok()
        .and_then(|time| Timestamp::try_from(time).ok())
}

/// Whether an error says that there is nothing: no such name, or a file where a folder would have to be.
pub(super) fn absent(error: &io::Error) -> bool {
    let nothing = matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    );
    nothing && !(cfg!(windows) && out_of_reach(error.raw_os_error()))
}

/// Windows' numbers for a server or a share that was not reached, which is not known to be absent: `ERROR_BAD_NETPATH`
/// and `ERROR_BAD_NET_NAME` of `winerror.h`. The standard library takes both for "not found".
const fn out_of_reach(code: Option<i32>) -> bool {
    matches!(code, Some(53 | 67))
}

/// An error that is no absence.
pub(super) fn failed(path: &str, error: &io::Error) -> Unknown {
    match error.kind() {
        io::ErrorKind::PermissionDenied => {
            Unknown::new(Reason::NoRight, format!("{path}: permission denied"))
        }
        _ => Unknown::new(Reason::Other, format!("{path}: {error}")),
    }
}

/// A file that ends with an error when nobody waits any more, or when it was cut: what was read is then not what was
/// there, and what was cut off may now be nowhere. What is written behind the end in the meantime is read as well.
struct Reading {
    file: File,
    /// How long it was when it was looked at. A file of the kernel's may say 0, or more than it gives.
    size: u64,
    given: u64,
    stop: Arc<AtomicBool>,
}

impl Reading {
    fn new(file: File, size: u64, stop: Arc<AtomicBool>) -> Self {
        Self {
            file,
            size,
            given: 0,
            stop,
        }
    }
}

impl Read for Reading {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        // Not `Interrupted`, which readers take as leave to try again.
        if self.stop.load(Ordering::Relaxed) {
            return Err(io::Error::other("stopped"));
        }
        let count = self.file.read(buf)?;
        self.given = self.given.saturating_add(count as u64);
        if count == 0
            && !buf.is_empty()
            && self.given < self.size
            && self.file.metadata()?.len() < self.size
        {
            return Err(io::Error::other(format!(
                "it was cut while it was read: it had {} bytes, {} came",
                self.size, self.given
            )));
        }
        Ok(count)
    }
}

/// A file that is opened at its first read, if it is still the one that was listed.
struct Later {
    path: String,
    listed: owner::Identity,
    size: u64,
    file: Option<Reading>,
    stop: Arc<AtomicBool>,
}

impl Read for Later {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let reading = match &mut self.file {
            Some(reading) => reading,
            empty => {
                let file = regular::open(Path::new(&self.path))?;
                if !owner::is_same(&owner::identity_of(&file)?, &self.listed) {
                    return Err(io::Error::new(
                        io::ErrorKind::StaleNetworkFileHandle,
                        "another file has taken its place",
                    ));
                }
                empty.insert(Reading::new(file, self.size, Arc::clone(&self.stop)))
            }
        };
        reading.read(buf)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed_in(folder: &tempfile::TempDir) -> Vec<Opened> {
        let all = Arc::new(AtomicBool::new(false));
        let stop = Stop {
            one: Arc::clone(&all),
            all,
        };
        let glob = folder.path().join("a.log.?").to_string_lossy().into_owned();
        let (files, problems) = list(&[glob], &stop).expect("the folder can be listed");
        assert_eq!(problems, []);
        files
    }

    #[test]
    fn what_is_rolled_between_listing_and_opening_is_noticed() {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let at = |name: &str| folder.path().join(name);
        fs::write(at("a.log.0"), "told").expect("it can be written");
        let mut files = listed_in(&folder);
        assert!(!open_newest(&mut files));
        assert!(files[0].content.is_ok());
        // Windows keeps a name until nobody has its file open.
        drop(files);

        let mut files = listed_in(&folder);
        fs::rename(at("a.log.0"), at("a.log.1")).expect("it can be moved");
        fs::write(at("a.log.0"), "").expect("it can be written");
        assert!(open_newest(&mut files));
        let why = files[0].content.as_ref().err().expect("it is another file");
        assert_eq!(why.reason, Reason::NotWhole);
        assert!(
            why.detail.ends_with(": another file has taken its place"),
            "{why}"
        );

        let mut files = listed_in(&folder);
        fs::remove_file(at("a.log.1")).expect("it can be removed");
        assert!(open_newest(&mut files));
    }

    #[test]
    fn a_server_that_is_not_reached_is_not_absent() {
        #[track_caller]
        fn check(code: i32, expected: bool) {
            assert_eq!(out_of_reach(Some(code)), expected, "{code}");
        }
        // ERROR_BAD_NETPATH, ERROR_BAD_NET_NAME
        check(53, true);
        check(67, true);
        // ERROR_FILE_NOT_FOUND, ERROR_PATH_NOT_FOUND, ERROR_ACCESS_DENIED, ERROR_INVALID_DRIVE
        for code in [2, 3, 5, 15] {
            check(code, false);
        }
        assert!(!out_of_reach(None));
        if cfg!(windows) {
            for (code, expected) in [(2, true), (3, true), (53, false), (67, false), (5, false)] {
                let error = io::Error::from_raw_os_error(code);
                assert_eq!(absent(&error), expected, "{error}");
            }
        }
    }
}
