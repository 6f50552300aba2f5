//! Where cases lie, and which there are.

use std::{
    env,
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Read, Write},
    path::{Path, PathBuf},
    process,
};

use etcetera::BaseStrategy;
use jiff::{Timestamp, Unit, tz::TimeZone};
use sysinfo::System;

use crate::{
    app::{cases::broken, private, unwritten},
    case::{Journal, JournalError, MAX_BYTES, Named, bundle::MAX_PACKED},
    finding::{
        TreeId,
        visible::{Room, visible},
    },
    host::live::regular,
};

const JOURNAL: &str = "journal.jsonl";
/// The bundle that a case is of, if it is of one.
const BUNDLE: &str = "bundle";
/// Locked while a program writes the case. A file of its own, since on Windows a locked file cannot be read.
const LOCK: &str = "lock";
/// The most folders that are looked into for a list.
const MOST: usize = 2000;

/// Says who holds the lock, as one line. A file of its own, for the same reason.
const HOLDER: &str = "holder";
/// The longest such line that is shown, in bytes.
const HOLDER_BYTES: u64 = 256;

/// A folder of cases.
#[derive(Debug, Clone)]
pub struct Cases {
    folder: PathBuf,
}

/// A case that was opened: nobody else writes it until this is dropped.
#[derive(Debug)]
pub struct Case {
    /// The name of its folder.
    pub name: String,
    /// Where its journal is.
    pub journal: PathBuf,
    pub(super) file: File,
    /// How many bytes of it are whole lines.
    pub(super) whole: u64,
    lock: File,
}

impl Drop for Case {
    fn drop(&mut self) {
        // Nobody holds it any more; what cannot be removed is believed only while the lock is held.
        let _ = fs::remove_file(self.journal.with_file_name(HOLDER));
        // To close it is not enough: a program that is being started may hold it open for a moment.
        let _ = self.lock.unlock();
    }
}

/// A case in a list.
#[derive(Debug)]
pub struct Listed {
    pub name: String,
    /// What stands in its journal, or why that cannot be read.
    pub journal: Result<Journal, CaseError>,
}

/// A case that was kept, in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptCase {
    /// Of its folder.
    pub name: String,
    pub tree: TreeId,
    pub named: Named,
    pub last: Timestamp,
    /// How many answers were given or found.
    pub answers: usize,
    /// What the bundle was called that it is of.
    pub bundle: Option<String>,
}

/// Why a case cannot be opened, or none can be begun.
#[derive(Debug, thiserror::Error)]
pub enum CaseError {
    #[error("there is no case `{0}`; `waypost cases` lists them")]
    None(String),
    #[error(
        "the case `{name}` is open in another program{}; close it there, or wait until it has ended",
        holder(by.as_deref())
    )]
    Locked { name: String, by: Option<String> },
    #[error("{}: {why}", path.display())]
    Journal { path: PathBuf, why: JournalError },
    #[error("{}: {why}", path.display())]
    Io { path: PathBuf, why: io::Error },
    #[error("there is no folder for cases: neither a home folder nor one for data is known")]
    NoFolder,
}

impl Cases {
    /// The user's own: `WAYPOST_CASES`, or else a folder among the user's data.
    pub fn of_user() -> Result<Self, CaseError> {
        if let Some(folder) = std::env::var_os("WAYPOST_CASES").filter(|folder| !folder.is_empty())
        {
            return Ok(Self::at(PathBuf::from(folder)));
        }
        let dirs = etcetera::choose_base_strategy().map_err(|_| CaseError::NoFolder)?;
        Ok(Self::at(dirs.data_dir().join("waypost").join("cases")))
    }

    pub fn at(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// All cases, the one with the newest entry first. Those that cannot be read stand at the end.
    pub fn list(&self) -> Result<Vec<Listed>, CaseError> {
        let entries = match fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(why) => {
                let path = self.folder.clone();
                return Err(CaseError::Io { path, why });
            }
        };
        let names = entries.flatten().filter_map(|entry| {
            let journal = entry.path().join(JOURNAL);
            let name = entry.file_name().into_string().ok()?;
            journal.symlink_metadata().is_ok().then_some(name)
        });
        let mut all: Vec<Listed> = names
            .take(MOST)
            .map(|name| Listed {
                journal: self.read(&name),
                name,
            })
            .collect();
        let last = |listed: &Listed| listed.journal.as_ref().ok().map(|journal| journal.last);
        all.sort_by(|one, other| last(other).cmp(&last(one)).then(other.name.cmp(&one.name)));
        Ok(all)
    }

    /// The case in which something happened last.
    pub fn newest(&self) -> Result<Option<String>, CaseError> {
        let listed = self.list()?.into_iter();
        let mut whole = listed.filter(|listed| listed.journal.is_ok());
        Ok(whole.next().map(|listed| listed.name))
    }

    /// What stands in a case's journal. Another program may write it meanwhile.
    pub fn read(&self, name: &str) -> Result<Journal, CaseError> {
        let path = self.journal(name)?;
        read(&path).map(|(journal, _)| journal)
    }

    /// Opens a case to go on with it.
    pub fn open(&self, name: &str) -> Result<(Case, Journal), CaseError> {
        let path = self.journal(name)?;
        if path.symlink_metadata().is_err() {
            return Err(CaseError::None(name.to_owned()));
        }
        let lock = self.lock(name)?;
        let (journal, bytes) = read(&path)?;
        let io = |why| CaseError::Io {
            path: path.clone(),
            why,
        };
        if let Some(torn) = journal.broken() {
            broken::keep(&path, torn.line, &bytes[torn.at..])
                .map_err(|why| io(unwritten::plain(why)))?;
        }
        let file = OpenOptions::new().write(true).open(&path).map_err(io)?;
        let torn = journal.torn.as_ref();
        let whole = torn.map_or(bytes.len(), |torn| torn.at) as u64;
        let case = Case {
            name: name.to_owned(),
            journal: path,
            file,
            whole,
            lock,
        };
        Ok((case, journal))
    }

    /// Begins a case in a new folder, whose name tells when and which tree. Nothing is written to it yet.
    pub fn create(&self, tree: &TreeId, at: Timestamp) -> Result<Case, CaseError> {
        let io = |path: &Path| {
            let path = path.to_owned();
            |why| CaseError::Io {
                path,
                why: unwritten::plain(why),
            }
        };
        private::folder()
            .recursive(true)
            .create(&self.folder)
            .map_err(io(&self.folder))?;
        let at = at.to_zoned(TimeZone::system());
        let at = at.round(Unit::Second).unwrap_or(at);
        let stem = format!(
            "{}-{}",
            at.strftime("%Y%m%d-%H%M%S"),
            tree.as_str().replace(['/', '\\', '.', ':'], "-")
        );
        let mut number = 1;
        let (name, folder) = loop {
            let name = match number {
                1 => stem.clone(),
                _ => format!("{stem}-{number}"),
            };
            let folder = self.folder.join(&name);
            match private::folder().create(&folder) {
                Ok(()) => break (name, folder),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists && number < 1000 => {
                    number += 1;
                }
                Err(why) => return Err(io(&folder)(why)),
            }
        };
        let lock = self.lock(&name)?;
        let journal = folder.join(JOURNAL);
        let file = private::file()
            .write(true)
            .create_new(true)
            .open(&journal)
            .map_err(io(&journal))?;
        // Its name is on the disk before anything in it is. Not every system can do that for a folder.
        let _ = File::open(&folder).and_then(|folder| folder.sync_all());
        Ok(Case {
            name,
            journal,
            file,
            whole: 0,
            lock,
        })
    }

    /// Begins a case of a bundle, which is copied into its folder. With no copy there is no case.
    pub fn create_of(
        &self,
        bundle: &Path,
        tree: &TreeId,
        at: Timestamp,
    ) -> Result<Case, CaseError> {
        let case = self.create(tree, at)?;
        let folder = self.folder.join(&case.name);
        let to = folder.join(BUNDLE);
        match copy(bundle, &to) {
            Ok(()) => Ok(case),
            Err(why) => {
                drop(case);
                // It was made a moment ago, and holds nothing of anybody's.
                let _ = fs::remove_dir_all(&folder);
                Err(CaseError::Io {
                    path: to,
                    why: unwritten::plain(why),
                })
            }
        }
    }

    /// Where a bundle of a case lies: the one that it began with has the number 1.
    pub fn bundle(&self, name: &str, number: u32) -> Result<PathBuf, CaseError> {
        let file = match number {
            1 => BUNDLE.to_owned(),
            number => format!("{BUNDLE}-{number}"),
        };
        Ok(self.journal(name)?.with_file_name(file))
    }

    /// Copies a further bundle into the folder of a case that whoever calls holds.
    pub fn keep_bundle(&self, name: &str, number: u32, from: &Path) -> Result<(), CaseError> {
        let to = self.bundle(name, number)?;
        // One of this number that no journal names was being copied when the program was killed.
        let _ = fs::remove_file(&to);
        copy(from, &to).map_err(|why| {
            let _ = fs::remove_file(&to);
            CaseError::Io {
                path: to,
                why: unwritten::plain(why),
            }
        })
    }

    fn lock(&self, name: &str) -> Result<File, CaseError> {
        let path = self.folder.join(name).join(LOCK);
        // What is no file would lead elsewhere, or wait for ever.
        if path.symlink_metadata().is_ok_and(|meta| !meta.is_file()) {
            let why = io::Error::other("it is no regular file");
            return Err(CaseError::Io { path, why });
        }
        let file = private::file()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(|why| CaseError::Io {
                path: path.clone(),
                why: unwritten::plain(why),
            })?;
        match file.try_lock() {
            Ok(()) => {
                hold(&self.folder.join(name));
                Ok(file)
            }
            Err(TryLockError::WouldBlock) => Err(CaseError::Locked {
                name: name.to_owned(),
                by: held_by(&self.folder.join(name)),
            }),
            Err(TryLockError::Error(why)) => Err(CaseError::Io { path, why }),
        }
    }

    /// A name comes from a person: it names a folder here and nothing elsewhere.
    fn journal(&self, name: &str) -> Result<PathBuf, CaseError> {
        let is_plain =
            !name.is_empty() && !name.starts_with('.') && !name.contains(['/', '\\', ':', '\0']);
        if is_plain {
            Ok(self.folder.join(name).join(JOURNAL))
        } else {
            Err(CaseError::None(name.to_owned()))
        }
    }
}

/// Says who holds a case from now on. It is a help for people; without it the lock holds as well.
fn hold(folder: &Path) {
    let user = ["USER", "USERNAME"].map(|name| env::var(name).ok());
    let user = user.into_iter().flatten().next();
    let user = user.map_or_else(String::new, |user| format!(" of {user}"));
    let host = System::host_name().map(|host| format!(" on {host}"));
    let host = host.unwrap_or_default();
    let since = Timestamp::now().to_zoned(TimeZone::system());
    let line = format!(
        "process {}{user}{host}, since {}",
        process::id(),
        since.strftime("%Y-%m-%d %H:%M")
    );
    let path = folder.join(HOLDER);
    let _ = fs::remove_file(&path);
    let mut options = private::file();
    let made = options.write(true).create_new(true).open(&path);
    let _ = made.and_then(|mut file| file.write_all(line.as_bytes()));
}

/// Who holds it, if that was written down.
fn held_by(folder: &Path) -> Option<String> {
    let path = folder.join(HOLDER);
    if !path.symlink_metadata().is_ok_and(|meta| meta.is_file()) {
        return None;
    }
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(HOLDER_BYTES).read_to_end(&mut bytes))
        .ok()?;
    let line = String::from_utf8_lossy(&bytes).trim().to_owned();
    (!line.is_empty()).then(|| visible(&line, Room::Value).into_owned())
}

fn holder(by: Option<&str>) -> String {
    by.map_or_else(String::new, |by| format!(" ({by})"))
}

/// The journal, and its bytes.
fn read(path: &Path) -> Result<(Journal, Vec<u8>), CaseError> {
    let io = |why| CaseError::Io {
        path: path.to_owned(),
        why,
    };
    let meta =
        path.symlink_metadata()
            .map_err(|why| match path.parent().and_then(Path::file_name) {
                Some(name) if why.kind() == io::ErrorKind::NotFound => {
                    CaseError::None(name.to_string_lossy().into_owned())
                }
                _ => io(why),
            })?;
    if !meta.is_file() {
        return Err(io(io::Error::other("it is no regular file")));
    }
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(io)?;
    // One byte more than the bound tells that it is longer.
    file.take(MAX_BYTES as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(io)?;
    let journal = Journal::read(&bytes).map_err(|why| CaseError::Journal {
        path: path.to_owned(),
        why,
    })?;
    Ok((journal, bytes))
}

/// Copies a bundle; what is longer than one may be is none.
fn copy(from: &Path, to: &Path) -> io::Result<()> {
    let from = regular::open(from)?;
    let mut to = private::file().write(true).create_new(true).open(to)?;
    io::copy(&mut from.take(MAX_PACKED + 1), &mut to)?;
    to.sync_all()
}
