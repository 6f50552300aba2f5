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
        glob::{Bounds, Found, Glob, walk},
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
    let (found, mut problems) = walked(globs, stop)?;
    let mut files = Vec::new();
    for found in found.into_iter().filter(|found| !found.folder) {
        match fs::metadata(&found.path) {
            Ok(meta) if meta.is_dir() => {}
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
    for file in files
        .iter_mut()
        .take(OPEN)
        .filter(|file| file.content.is_ok())
    {
        match open(&file.path, stop.all()) {
            Ok(Some(opened)) => file.content = opened.content,
            // It was rolled away since: reading it will say so, for what it held may now be nowhere else in the list.
            Ok(None) => {}
            Err(why) => file.content = Err(why),
        }
    }
    with_problems(files, problems)
}

/// What the first path that is there is.
pub(super) fn meta_first(paths: &[String]) -> Result<Option<FileMeta>, Unknown> {
    for path in paths {
        absolute(path)?;
        match fs::metadata(path) {
            Ok(meta) => {
                return Ok(Some(FileMeta {
                    path: path.clone(),
                    size_bytes: meta.len(),
                    modified: modified(&meta),
                    owner: owner::of(&meta),
                    folder: meta.is_dir(),
                    readable: owner::readable(path, &meta),
                    writable: owner::writable(path, &meta),
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
    let (found, problems) = walked(globs, stop)?;
    let paths: Vec<String> = found
        .into_iter()
        .filter(|found| found.folder || !folders)
        .take(FILES)
        .map(|found| found.path)
        .collect();
    match problems.into_iter().next() {
        Some(problem) if paths.is_empty() => Err(problem),
        _ => Ok(paths),
    }
}

fn walked(globs: &[String], stop: &Stop) -> Result<(Vec<Found>, Vec<Unknown>), Unknown> {
    let known = globs
        .iter()
        .map(|glob| Glob::new(glob, built_for()).ok_or_else(|| not_absolute(glob)));
    let known: Vec<Glob> = known.collect::<Result<_, _>>()?;
    let walked = walk(&known, &Disk { stop }, Bounds::default());
    Ok((walked.found, walked.problems))
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
            Ok(file) => Ok(Box::new(Reading { file, stop }) as Box<dyn Read + Send>),
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
            listed: owner::identity(meta),
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

/// A file that ends with an error when nobody waits any more.
struct Reading {
    file: File,
    stop: Arc<AtomicBool>,
}

impl Read for Reading {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        // Not `Interrupted`, which readers take as leave to try again.
        if self.stop.load(Ordering::Relaxed) {
            return Err(io::Error::other("stopped"));
        }
        self.file.read(buf)
    }
}

/// A file that is opened at its first read, if it is still the one that was listed.
struct Later {
    path: String,
    listed: owner::Identity,
    file: Option<Reading>,
    stop: Arc<AtomicBool>,
}

impl Read for Later {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let reading = match &mut self.file {
            Some(reading) => reading,
            empty => {
                let file = regular::open(Path::new(&self.path))?;
                if owner::identity(&file.metadata()?) != self.listed {
                    return Err(io::Error::other("another file has taken its place"));
                }
                empty.insert(Reading {
                    file,
                    stop: Arc::clone(&self.stop),
                })
            }
        };
        reading.read(buf)
    }
}
