//! `--record DIR`: whatever a run looks at becomes a recorded host in a folder, masked, and `--host DIR` answers the same again.
//!
//! All cases of a run are recorded into one folder, since all look at one machine; what any of them knows to be a secret is
//! masked in all of it. The folder is there from the first moment on, so that one that cannot be written is told before
//! anything is looked at, and it is filled when the run ends: `host.yaml` comes last and whole, and without it a folder is no
//! recorded host. Nothing of anybody's is replaced: the folder is a new one, or was empty.

use std::{
    fs::{self, File},
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use anyhow::{Context, Result, bail};
use jiff::{Timestamp, tz::TimeZone};

use crate::{
    app::{exit::UsageError, private, prose, report_file, unwritten},
    case::bundle,
    finding::{Os, Unknown},
    host::{BoxFuture, Host, Keep, Limits, Look, Recorder, Recording, Reply},
    redact::Redactor,
};

/// Folders of a recording may lie so deep below `files/`: who reads one refuses what lies deeper.
const DEPTH: usize = 60;

/// A recording that is being made.
pub struct Record {
    folder: PathBuf,
    /// The folder was not there before.
    made: bool,
    recording: OnceLock<Arc<Recording>>,
    seen: Arc<Mutex<Seen>>,
    redactors: Mutex<Vec<Arc<Mutex<Redactor>>>>,
}

/// The machine's clock, as it stood when something was looked at last.
#[derive(Default)]
struct Seen {
    at: Option<Timestamp>,
    zone: Option<TimeZone>,
}

/// Whether a recording may be made in a folder: to be asked before anything is done.
///
/// # Errors
/// It is no folder, or something is in it.
pub fn may_record(folder: &Path) -> Result<(), UsageError> {
    let shown = folder.display();
    let mut entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) if error.kind() == ErrorKind::NotADirectory => {
            return Err(UsageError(format!("--record: `{shown}` is no folder")));
        }
        Err(error) => return Err(UsageError(format!("--record: `{shown}`: {error}"))),
    };
    match entries.next() {
        None => Ok(()),
        Some(_) => Err(UsageError(format!(
            "--record: `{shown}` is not empty, and nothing in it is replaced; name a folder that is not there yet"
        ))),
    }
}

/// Ends a recording, if one is made: writes it, and says so on standard error.
///
/// # Errors
/// What could not be written. Then the folder is no recorded host.
pub async fn end(record: Option<Arc<Record>>) -> Result<()> {
    let Some(record) = record else {
        return Ok(());
    };
    let shown = prose::visible(&record.folder.display().to_string()).into_owned();
    let writing = tokio::task::spawn_blocking(move || record.write());
    let written = tokio::select! {
        written = writing => written?.with_context(|| format!("--record: `{shown}` was not written"))?,
        _ = tokio::signal::ctrl_c() => {
            bail!("--record: `{shown}` is not whole, since it was interrupted");
        }
    };
    for place in &written.left_out {
        let place = prose::visible(place);
        eprintln!(
            "waypost: left out of the recording, since no file here can be called so: {place}"
        );
    }
    let files = match written.files {
        1 => "1 file".to_owned(),
        files => format!("{files} files"),
    };
    eprintln!(
        "waypost: recorded with {files}, secrets masked; `waypost --host {shown}` looks at it again"
    );
    Ok(())
}

/// What was written.
struct Told {
    files: usize,
    /// Files whose names this system has no place for.
    left_out: Vec<String>,
}

impl Record {
    /// Takes a folder for a recording, and sees that it can be written.
    ///
    /// # Errors
    /// As of [`may_record`], and that it cannot be written.
    pub fn begin(folder: &Path) -> Result<Arc<Self>> {
        may_record(folder)?;
        let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
        let shown = || format!("--record: `{}` cannot be written", folder.display());
        let made = !folder.exists();
        if made {
            private::folder()
                .recursive(true)
                .create(&folder)
                .map_err(unwritten::plain)
                .with_context(shown)?;
        }
        let record = Self {
            folder: folder.clone(),
            made,
            recording: OnceLock::new(),
            seen: Arc::default(),
            redactors: Mutex::default(),
        };
        // Gone again at once, and with it the folder where it cannot be made.
        tempfile::tempfile_in(&folder)
            .map_err(unwritten::plain)
            .with_context(shown)?;
        Ok(Arc::new(record))
    }

    /// A host whose answers are recorded from now on.
    pub fn over(&self, host: Arc<dyn Host>) -> Arc<dyn Host> {
        let os = host.os();
        let recording = self
            .recording
            .get_or_init(|| Recording::new(os, Keep::default()));
        let dated = Dated {
            host,
            seen: Arc::clone(&self.seen),
        };
        Arc::new(Recorder::into(Box::new(dated), Arc::clone(recording)))
    }

    /// What this knows to be secret is masked in the recording, too.
    pub fn masked_by(&self, redactor: &Arc<Mutex<Redactor>>) {
        self.redactors
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(Arc::clone(redactor));
    }

    fn write(&self) -> Result<Told> {
        let mut redactor = Redactor::default();
        let known = self
            .redactors
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        for other in known.iter() {
            redactor.learn_from(&other.lock().unwrap_or_else(PoisonError::into_inner));
        }
        drop(known);
        let Some(recording) = self.recording.get() else {
            bail!("nothing was looked at");
        };
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let now = seen.at.unwrap_or_else(Timestamp::now);
        let zone = zone(seen.zone.clone(), now);
        drop(seen);
        // Once to find what is secret in any of it, and once more to mask that in all of it.
        recording.written(&mut redactor, now, zone.as_deref())?;
        let written = recording.written(&mut redactor, now, zone.as_deref())?;
        let files = self.folder.join("files");
        let mut told = Told {
            files: 0,
            left_out: Vec::new(),
        };
        for (place, content) in written.files {
            if !fits_here(&place) {
                told.left_out.push(place);
                continue;
            }
            let path = place
                .split('/')
                .fold(files.clone(), |path, part| path.join(part));
            if let Some(above) = path.parent() {
                private::folder()
                    .recursive(true)
                    .create(above)
                    .map_err(unwritten::plain)?;
            }
            let file = File::create_new(&path);
            let mut file = file
                .map_err(unwritten::plain)
                .with_context(|| format!("{}", path.display()))?;
            let written = file.write_all(&content).and_then(|()| file.sync_all());
            written.map_err(unwritten::plain)?;
            told.files += 1;
        }
        let yaml = self.folder.join("host.yaml");
        report_file::whole(&yaml, written.host_yaml.as_bytes(), false)?;
        Ok(told)
    }
}

impl Drop for Record {
    fn drop(&mut self) {
        if self.made {
            // Only an empty one goes: nothing was looked at, or the program was used wrongly.
            let _ = fs::remove_dir(&self.folder);
        }
    }
}

/// Whether a place of a recording can be a file's on this system, and leads nowhere else.
fn fits_here(place: &str) -> bool {
    let parts = place.split('/').count();
    let plain = place
        .split('/')
        .all(|part| !matches!(part, "" | "." | "..") && !part.contains('\0'));
    // What a bundle writes as it is, is a name on any system.
    let anywhere = || bundle::is_plain(place);
    plain && parts <= DEPTH && (cfg!(unix) || anywhere())
}

/// The name of a zone as a recording has it: its own, or how far it is from UTC now.
pub fn zone(zone: Option<TimeZone>, now: Timestamp) -> Option<String> {
    let zone = zone.unwrap_or_else(TimeZone::system);
    if let Some(name) = zone.iana_name() {
        return Some(name.to_owned());
    }
    // What is not known is not taken for UTC.
    if zone.is_unknown() {
        return None;
    }
    let seconds = zone.to_offset(now).seconds();
    // POSIX counts the other way round.
    let sign = if seconds < 0 { '+' } else { '-' };
    let (hours, minutes) = (seconds.abs() / 3600, seconds.abs() / 60 % 60);
    Some(format!("<local>{sign}{hours:02}:{minutes:02}"))
}

/// A host that notes when it was looked at: how old something is has to be told from there when it is replayed.
struct Dated {
    host: Arc<dyn Host>,
    seen: Arc<Mutex<Seen>>,
}

impl Host for Dated {
    fn os(&self) -> Os {
        self.host.os()
    }

    fn now(&self) -> Option<Timestamp> {
        self.host.now()
    }

    fn zone(&self) -> Option<TimeZone> {
        self.host.zone()
    }

    fn look<'a>(&'a self, look: &'a Look, limits: Limits) -> BoxFuture<'a, Result<Reply, Unknown>> {
        Box::pin(async move {
            let reply = self.host.look(look, limits).await;
            let at = self.host.now().unwrap_or_else(Timestamp::now);
            let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
            seen.at = Some(seen.at.map_or(at, |before| before.max(at)));
            seen.zone = self.host.zone();
            reply
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_leads_nowhere_else() {
        let check = |place: &str, expected| assert_eq!(fits_here(place), expected, "{place}");
        check("opt/mid/agent/config.xml", true);
        check("opt/../../x", false);
        check("/etc/passwd", false);
        check("opt//x", false);
        check("./x", false);
        check("", false);
        check(&["a"; DEPTH].join("/"), true);
        check(&["a"; DEPTH + 1].join("/"), false);
        check("C/logs/a:b", cfg!(unix));
    }

    #[test]
    fn a_folder_of_somebody_is_left_alone() {
        let home = tempfile::tempdir().expect("a folder");
        let own = home.path().join("own");
        fs::create_dir(&own).expect("a folder");
        fs::write(own.join("x"), "mine").expect("a file");
        assert!(Record::begin(&own).is_err() && Record::begin(&own.join("x")).is_err());
        assert_eq!(fs::read(own.join("x")).expect("it is there"), b"mine");
        let new = home.path().join("a/new");
        drop(Record::begin(&new).expect("it can be made"));
        assert!(!new.exists());
        let empty = home.path().join("empty");
        fs::create_dir(&empty).expect("a folder");
        drop(Record::begin(&empty).expect("it is empty"));
        assert!(empty.is_dir());
    }
}
