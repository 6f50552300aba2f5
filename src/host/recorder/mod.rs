//! Writes down what a host is asked and what it answers, so that [`super::Recorded`] can answer the same again.
//!
//! Writes no file: [`Recording::written`] gives texts and bytes, masked, and the application puts them into a folder.
//! A file's content is what its judge has read of it; what was read in part is marked so, and what cannot be masked is left
//! out: then it says why. A look that failed is recorded
//! with its reason, so that what was not known then is not known for the same reason again.

mod capture;
mod form;
mod mask;
mod notes;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use jiff::{Timestamp, tz::TimeZone};

pub use self::capture::Keep;
use self::{capture::Captures, notes::Notes};
use crate::{
    finding::{Os, Unknown},
    host::{BoxFuture, Host, Limits, Look, Reply, path::recorded_at, recorded::Part},
    redact::Redactor,
};

/// A host whose answers are written down.
pub struct Recorder {
    host: Box<dyn Host>,
    recording: Arc<Recording>,
}

/// What was written down so far.
pub struct Recording {
    os: Os,
    notes: Mutex<Notes>,
    captures: Captures,
}

/// A recording as it stands in its folder, with every secret masked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The text of `host.yaml`.
    pub host_yaml: String,
    /// What goes into `files/`, by path, parts joined by `/`.
    pub files: BTreeMap<String, Vec<u8>>,
}

impl Recorder {
    /// Records `host` from now on.
    pub fn new(host: Box<dyn Host>) -> Self {
        Self::within(host, Keep::default())
    }

    /// Records `host` from now on, and keeps of its files no more than there is room for.
    pub fn within(host: Box<dyn Host>, keep: Keep) -> Self {
        let recording = Recording::new(host.os(), keep);
        Self::into(host, recording)
    }

    /// Records `host` into a recording that others of the same machine are recorded into as well.
    pub fn into(host: Box<dyn Host>, recording: Arc<Recording>) -> Self {
        Self { host, recording }
    }

    pub fn recording(&self) -> Arc<Recording> {
        Arc::clone(&self.recording)
    }
}

impl Recording {
    /// Of a machine that nothing was asked yet.
    pub fn new(os: Os, keep: Keep) -> Arc<Self> {
        Arc::new(Self {
            os,
            notes: Mutex::new(Notes::new(os)),
            captures: Captures::new(keep),
        })
    }

    /// Of how many processes the command lines were recorded, each with its user where that is known.
    pub fn processes(&self) -> usize {
        let processes = &self.notes().document.processes;
        processes.as_ref().map_or(0, |all| all.list.len())
    }

    /// What was recorded, masked. `now` and the name of the `zone` are the machine's.
    ///
    /// # Errors
    /// Only where a reply cannot be written as YAML.
    pub fn written(
        &self,
        redactor: &mut Redactor,
        now: Timestamp,
        zone: Option<&str>,
    ) -> Result<Written, serde_yaml::Error> {
        let mut document = self.notes().document.clone();
        document.now = Some(now);
        document.zone = zone.map(str::to_owned);
        let mut files = BTreeMap::new();
        for (path, content) in self.captures.contents() {
            let Some(place) = recorded_at(&path, self.os) else {
                continue;
            };
            let keep = self.captures.bounds();
            let masked = if content.too_long {
                Err(keep.too_long())
            } else {
                mask::content(&content.bytes, keep.unpacked, redactor)
            };
            match masked {
                Ok(masked) => {
                    let mut part = content.part();
                    if !masked.whole {
                        part.get_or_insert_default().to_end = false;
                    }
                    match part {
                        Some(part) if part == Part::default() => document.partial.push(path),
                        Some(part) => {
                            document.parts.insert(path, part);
                        }
                        None => {}
                    }
                    files.insert(place, masked.bytes);
                }
                Err(why) => {
                    document.left_out.insert(path, why);
                }
            }
        }
        document.files |= !files.is_empty();
        Ok(Written {
            host_yaml: mask::document(&document, redactor)?,
            files,
        })
    }

    fn note(&self, look: &Look, reply: Result<Reply, Unknown>) -> Result<Reply, Unknown> {
        let mut notes = self.notes();
        match reply {
            Ok(mut reply) => {
                notes.keep(look, &reply);
                if let Reply::Files(files) = &mut reply {
                    for file in files {
                        self.captures.tee(file);
                    }
                }
                if let (
                    Reply::Services(services),
                    Look::Services {
                        pid_file: Some(path),
                        ..
                    },
                ) = (&reply, look)
                    && let Ok(Some(pid)) = services.pid
                {
                    self.captures.keep(path, format!("{pid}\n").into_bytes());
                }
                Ok(reply)
            }
            Err(why) => {
                notes.keep_failed(look, &why);
                Err(why)
            }
        }
    }

    fn notes(&self) -> std::sync::MutexGuard<'_, Notes> {
        // A panic elsewhere leaves notes that are still true.
        self.notes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Host for Recorder {
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
            let mut waiting = Waiting {
                recording: &self.recording,
                look: Some(look),
            };
            let reply = self.host.look(look, limits).await;
            waiting.look = None;
            self.recording.note(look, reply)
        })
    }
}

/// A look that is on its way. Dropped before its end it is noted: nobody waited any longer.
struct Waiting<'a> {
    recording: &'a Recording,
    look: Option<&'a Look>,
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        if let Some(look) = self.look {
            self.recording.notes().left(look);
        }
    }
}

#[cfg(test)]
mod tests;
