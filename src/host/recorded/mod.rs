//! A recorded host: what a folder says that the machine looked like. What was not recorded is unknown.
//!
//! The folder holds `host.yaml` and, where files were recorded, `files/`. This layer opens neither: the text and a
//! [`Files`] come in. Every section but `os` may be left out; what it would tell was then *not recorded*, which
//! [`super::Layered`] takes as leave to ask the host below.
//!
//! ```yaml
//! os: windows                       # linux, windows or macos: the rules for paths follow from it
//! exact: true                       # every key names the whole look; left out, the short ones below will do
//! now: 2026-08-23T10:00:00Z         # the machine's time when it was recorded
//! zone: America/New_York            # its time zone
//!
//! files: true                       # `files/` holds files: /opt/x is files/opt/x, C:\x is files/C/x
//! roots: ['C:\ServiceNow']          # what lies below one and is not in `files/` is absent, any other path was not
//!                                   # recorded; globs are allowed; left out, everything was recorded
//! asked: ['C:\logs\a.log.?']        # beside the roots: paths and globs that were looked at themselves, nothing below
//! paths: { 'C:\Service* folders': ['C:\ServiceNow'] }   # suggestions, by glob; otherwise from `files/`
//! denied: ['C:\ServiceNow\keys\**'] # may not be read; with `**` at the end, the folder cannot be listed either; what
//!                                   # stands here alone is there, but what it is nobody could see
//! irregular: { 'C:\x': folder }     # fifo, folder or device
//! meta:                             # what content does not tell; `folder: true` makes an empty folder; a right that
//!                                   # is left out is not known, but of a file with content that it can be read
//!   'C:\ServiceNow\agent\config.xml': { modified: 2026-08-20T07:00:00Z, owner: SYSTEM, writable: false }
//! partial: ['C:\big.log']           # of this file only the start was recorded
//! parts:                            # which part was recorded: from this byte and line (counted from 0 and 1) on; `to_end`:
//!                                   # its end is there; `broke_off`: why reading ended before it
//!   'C:\bigger.log': { from_byte: 17000000, from_line: 123457, to_end: true }
//! left_out: { 'C:\old.zip': it is packed as zip }   # there, but its content may not be kept, and why
//!
//! unread: { 'C:\x.xml': { reason: other, detail: 'C:\x.xml: the device is not ready' } }   # there, and could not be opened
//! unseen: { 'files C:\logs\*.log': [ { reason: other, detail: 'C:\logs\new: …' } ] }       # what a look at files could not see
//! failed: { 'dns example.com': { reason: out-of-time, detail: … } }      # looks that gave no reply at all, and why; the keys
//!                                   # are those below behind file, files, meta, paths, disk, processes, services, dns, tcp, …
//!
//! services:                         # present, even empty: all services
//!   - { manager: windows, name: snc_mid, state: running, pid: 12, start_mode: auto, account: LocalSystem }
//! service_names: [mid, 'snc_*']     # only services of these names were recorded; left out, all were
//! no_manager: true                  # no service manager could be asked
//! processes: { hidden: false, list: [ { pid: 12, command_line: java -jar x, user: SYSTEM, memory_bytes: 1 } ] }
//! disks: { 'C:\': { free_bytes: 1000, total_bytes: 2000 } }          # the longest path above the asked one counts
//! dns: { example.com: { addresses: [192.0.2.1], code: NOERROR } }    # or `example.com@192.0.2.53`
//! tcp: { 'example.com:443': { open: { address: '192.0.2.1:443', took_ms: 3 } } }   # or refused, timed-out, …
//! tls: { 'example.com:443': { no-way: timed-out } }                  # or shown, failed, silent
//! http: { 'GET https://example.com/': { answered: { status: 200, body: hello } } }
//! ping: { example.com: { silent: { address: 192.0.2.1, sent: 4 } } }                # or answered, unresolved
//! programs: { 'java -version': { exited: { status: 0, stdout: '', stderr: '…' } } }  # or missing
//! ```
//!
//! Behind a connection's, handshake's or request's key stands ` via PROXY:PORT` where it goes through one, and behind a
//! request's URL ` as USER` where it logs in. Behind a handshake's stand ` for NAME` where the certificate is to be for another
//! name, and ` by PATH` where a file says whom to trust. A request that a `clock` probe makes is a `HEAD`, and its reply has a
//! `moment: { at: 2026-08-23T10:00:00Z, wait_ms: 30 }`. A recording that a program made is `exact`: there stand also the proxy's
//! user, ` with ` and a digest of what a request sends, ` times COUNT` behind a ping's name, and quotes around an argument with
//! blanks, so that no look is answered with the reply to another one. The replies are the ones of [`super::Reply`], with their
//! field names.

mod bounds;
mod document;
mod files;
pub(super) mod key;
mod part;
mod tree;
pub(super) mod unknown;

use indexmap::IndexMap;
use jiff::{Timestamp, tz::TimeZone};

pub use bounds::{MAX_DEPTH, within};
pub use document::RecordedError;
pub(super) use document::{Document, Irregular, Meta, Part, Processes};
pub use files::{Embedded, Files, InMemory, NoFiles};

use self::{document::Replies, key::Key, tree::Tree, unknown::not_recorded};
use crate::{
    finding::{Os, Unknown},
    host::{
        BoxFuture, DiskSpace, Host, Limits, Look, ProcessList, Reply, ServiceState, Services,
        glob::{Glob, name_matches},
        pid_file,
    },
};

/// A machine as it was recorded.
pub struct Recorded {
    document: Document,
    replies: Replies,
    disks: Vec<(Glob, DiskSpace)>,
    tree: Tree,
}

impl Recorded {
    /// Reads a recording: the text of its `host.yaml`, and its files.
    ///
    /// # Errors
    /// A `host.yaml` that does not fit the format, with the place of the first mistake.
    pub fn new(host_yaml: &str, files: impl Files + 'static) -> Result<Self, RecordedError> {
        let (document, replies) = Document::read(host_yaml)?;
        let tree = Tree::new(&document, Box::new(files))?;
        let disk = |(path, space): (&String, &DiskSpace)| match Glob::new(path, document.os) {
            Some(glob) => Ok((glob, *space)),
            None => Err(RecordedError::relative("disks", path)),
        };
        let mut disks: Vec<(Glob, DiskSpace)> =
            document.disks.iter().map(disk).collect::<Result<_, _>>()?;
        disks.sort_by_key(|(glob, _)| std::cmp::Reverse(glob.parts.len()));
        Ok(Self {
            document,
            replies,
            disks,
            tree,
        })
    }

    fn reply(&self, look: &Look) -> Result<Reply, Unknown> {
        if let Some(why) = self.document.failed.get(&key::look(look)) {
            return Err(why.clone());
        }
        match look {
            Look::File { paths } => self.tree.open_first(paths).map(Reply::Files),
            Look::Files { globs } => {
                let unseen = self.document.unseen.get(&key::look(look));
                self.tree
                    .open_all(globs, unseen.map(Vec::as_slice))
                    .map(Reply::Files)
            }
            Look::Meta { paths } => self.tree.meta_first(paths).map(Reply::Meta),
            Look::Paths { globs, folders } => {
                match self.document.paths.get(&key::paths(globs, *folders)) {
                    Some(paths) => Ok(Reply::Paths(paths.clone())),
                    None => self.tree.paths(globs, *folders).map(Reply::Paths),
                }
            }
            Look::Disk { path } => {
                let disk = self.disks.iter().find(|(above, _)| above.covers(path));
                disk.map(|(_, space)| Reply::Disk(*space))
                    .ok_or_else(|| not_recorded(path))
            }
            Look::Processes => match &self.document.processes {
                Some(_) => Ok(Reply::Processes(self.processes())),
                None => Err(not_recorded("processes")),
            },
            Look::Services { names, pid_file } => self
                .services(names, pid_file.as_deref())
                .map(Reply::Services),
            Look::Name { name, server } => {
                let key = key::name(name, server.as_deref());
                let reply = self.document.dns.get(&key).cloned();
                reply
                    .map(Reply::Name)
                    .ok_or_else(|| not_recorded(&format!("dns: {key}")))
            }
            Look::Connect { host, port, via } => {
                let key = key::connection(host, *port, via.as_ref());
                self.found("tcp", &self.replies.tcp, &key)
                    .map(Reply::Connection)
            }
            Look::Tls(request) => self
                .found("tls", &self.replies.tls, &key::tls(request))
                .map(Reply::Tls),
            Look::Http(request) => self
                .found("http", &self.replies.http, &key::http(request))
                .map(Reply::Http),
            Look::Ping { host, count } => self
                .found("ping", &self.replies.ping, &key::ping(host, *count))
                .map(Reply::Ping),
            Look::Program { run } => self
                .found("programs", &self.replies.programs, &key::program(run))
                .map(Reply::Program),
        }
    }

    /// The reply under a key. A short one answers only where it was written by hand.
    fn found<T: Clone>(
        &self,
        section: &str,
        replies: &IndexMap<String, T>,
        key: &Key,
    ) -> Result<T, Unknown> {
        let by_hand = || match self.document.exact {
            true => None,
            false => replies.get(&key.short),
        };
        let reply = replies.get(&key.whole).or_else(by_hand);
        reply
            .cloned()
            .ok_or_else(|| not_recorded(&format!("{section}: {}", key.short)))
    }

    /// Processes that were not recorded are hidden ones: that one is absent cannot be said.
    fn processes(&self) -> ProcessList {
        match &self.document.processes {
            Some(recorded) => ProcessList {
                processes: recorded.list.clone(),
                hidden: recorded.hidden,
            },
            None => ProcessList {
                processes: Vec::new(),
                hidden: true,
            },
        }
    }

    fn services(&self, names: &[String], pid_file: Option<&str>) -> Result<Services, Unknown> {
        if self.document.services.is_none() && !self.document.no_manager {
            return Err(not_recorded("services"));
        }
        if let Some(known) = &self.document.service_names
            && let Some(name) = names.iter().find(|name| !known.contains(name))
        {
            return Err(not_recorded(&format!("services: {name}")));
        }
        let os = self.document.os;
        let fits = |service: &&ServiceState| {
            let short = service
                .name
                .strip_suffix(".service")
                .unwrap_or(&service.name);
            names
                .iter()
                .any(|name| name_matches(name, &service.name, os) || name_matches(name, short, os))
        };
        Ok(Services {
            services: self
                .document
                .services
                .iter()
                .flatten()
                .filter(fits)
                .cloned()
                .collect(),
            pid: pid_file.map_or(Ok(None), |path| {
                match self.document.failed.get(&key::pid_file(path)) {
                    Some(why) => Err(why.clone()),
                    None => pid_file::read(self.tree.open_first(&[path.to_owned()])),
                }
            }),
            processes: self.processes(),
            no_manager: self.document.no_manager,
        })
    }
}

impl Host for Recorded {
    fn os(&self) -> Os {
        self.document.os
    }

    fn now(&self) -> Option<Timestamp> {
        self.document.now
    }

    fn zone(&self) -> Option<TimeZone> {
        self.replies.zone.clone()
    }

    fn look<'a>(
        &'a self,
        look: &'a Look,
        _limits: Limits,
    ) -> BoxFuture<'a, Result<Reply, Unknown>> {
        Box::pin(std::future::ready(self.reply(look)))
    }
}

#[cfg(test)]
mod tests;
