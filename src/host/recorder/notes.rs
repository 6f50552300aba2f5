//! Turns looks and their replies into the sections of `host.yaml`. Keeps no content of files.

use std::collections::BTreeSet;

use indexmap::IndexMap;
use serde::Serialize;
use serde_json::Value;

use crate::{
    finding::{Os, Reason, Unknown},
    host::{
        FileMeta, Look, Opened, ProcessList, Reply, ServiceState, Services,
        glob::Glob,
        path::{machine_path, recorded_at},
        recorded::{
            Document, Irregular, Meta, Processes,
            key::{self, Key},
            unknown::{no_right, not_regular},
        },
    },
};

pub(super) struct Notes {
    pub document: Document,
    /// Looks that came to their end, by key.
    ended: BTreeSet<String>,
}

impl Notes {
    pub fn new(os: Os) -> Self {
        Self {
            ended: BTreeSet::new(),
            document: Document {
                exact: true,
                files: true,
                roots: Some(Vec::new()),
                ..Document::empty(os)
            },
        }
    }

    /// Notes a reply under its look. A reply of another look's kind is left out: no host that keeps to its trait gives one.
    pub fn keep(&mut self, look: &Look, reply: &Reply) {
        let key = key::look(look);
        // What failed before did not fail for good.
        self.document.failed.shift_remove(&key);
        self.ended.insert(key);
        match look {
            Look::File { paths } => {
                let Reply::Files(files) = reply else { return };
                self.tried(paths, files.first().map(|file| file.path.as_str()));
                for file in files {
                    self.file(file);
                }
            }
            Look::Files { globs } => {
                let Reply::Files(files) = reply else { return };
                self.files(look, globs, files);
            }
            Look::Meta { paths } => {
                let Reply::Meta(meta) = reply else { return };
                self.meta(paths, meta.as_ref());
            }
            Look::Paths { globs, folders } => {
                let Reply::Paths(paths) = reply else { return };
                let key = key::paths(globs, *folders);
                self.document.paths.insert(key, paths.clone());
            }
            Look::Disk { path } => {
                let Reply::Disk(space) = reply else { return };
                self.document.disks.insert(path.clone(), *space);
            }
            Look::Processes => {
                let Reply::Processes(list) = reply else {
                    return;
                };
                self.processes(list);
            }
            Look::Services { names, pid_file } => {
                let Reply::Services(services) = reply else {
                    return;
                };
                self.services(names, services);
                self.pid_file(pid_file.as_slice(), services);
            }
            Look::Name { name, server } => {
                let Reply::Name(reply) = reply else { return };
                let key = key::name(name, server.as_deref());
                self.document.dns.insert(key, reply.clone());
            }
            Look::Connect { host, port, via } => {
                let Reply::Connection(reply) = reply else {
                    return;
                };
                let key = key::connection(host, *port, via.as_ref());
                keep(&mut self.document.tcp, key, reply);
            }
            Look::Tls(request) => {
                let Reply::Tls(reply) = reply else { return };
                keep(&mut self.document.tls, key::tls(request), reply);
            }
            Look::Http(request) => {
                let Reply::Http(reply) = reply else { return };
                keep(&mut self.document.http, key::http(request), reply);
            }
            Look::Ping { host, count } => {
                let Reply::Ping(reply) = reply else { return };
                keep(&mut self.document.ping, key::ping(host, *count), reply);
            }
            Look::Program { run } => {
                let Reply::Program(reply) = reply else { return };
                keep(&mut self.document.programs, key::program(run), reply);
            }
        }
    }

    /// Notes that nobody waited for a look's end; what an earlier one gave stands.
    pub fn left(&mut self, look: &Look) {
        let key = key::look(look);
        if !self.ended.contains(&key) {
            let why = "it was not looked at to the end when it was recorded";
            let why = Unknown::new(Reason::OutOfTime, why);
            self.document.failed.insert(key, why);
        }
    }

    /// Notes why a look gave no reply. A missing right is told for what lies there, too: other looks meet it again.
    pub fn keep_failed(&mut self, look: &Look, why: &Unknown) {
        let key = key::look(look);
        self.document.failed.insert(key.clone(), why.clone());
        self.ended.insert(key);
        match look {
            Look::Files { .. } | Look::Paths { .. } => self.closed(why),
            Look::File { paths } | Look::Meta { paths } => self.not_opened(paths, why),
            Look::Disk { .. }
            | Look::Processes
            | Look::Services { .. }
            | Look::Name { .. }
            | Look::Connect { .. }
            | Look::Tls(_)
            | Look::Http(_)
            | Look::Ping { .. }
            | Look::Program { .. } => {}
        }
    }

    /// Files that were found, and behind them what could not be seen.
    fn files(&mut self, look: &Look, globs: &[String], files: &[Opened]) {
        let os = self.document.os;
        let known = globs.iter().filter_map(|glob| Glob::new(glob, os));
        let known: Vec<Glob> = known.collect();
        let mut unseen = Vec::new();
        for file in files {
            match &file.content {
                Err(why) if !known.iter().any(|glob| glob.matches(&file.path)) => {
                    self.closed(why);
                    unseen.push(why.clone());
                }
                Ok(_) | Err(_) => self.file(file),
            }
        }
        let key = key::look(look);
        match unseen.is_empty() {
            true => self.document.unseen.shift_remove(&key),
            false => self.document.unseen.insert(key, unseen),
        };
        self.asked(globs);
    }

    fn meta(&mut self, paths: &[String], meta: Option<&FileMeta>) {
        self.tried(paths, meta.map(|meta| meta.path.as_str()));
        if let Some(meta) = meta {
            let known = Meta {
                size_bytes: meta.size_bytes,
                modified: meta.modified,
                owner: meta.owner.clone(),
                // Whoever looks knows it.
                folder: meta.folder.unwrap_or(false),
                readable: meta.readable,
                writable: meta.writable,
            };
            self.document.meta.insert(meta.path.clone(), known);
        }
    }

    /// A pid file that is not known is a part of the reply.
    fn pid_file(&mut self, pid_file: &[String], services: &Services) {
        for path in pid_file {
            let key = key::pid_file(path);
            match &services.pid {
                Ok(_) => {
                    self.document.failed.shift_remove(&key);
                    self.asked(pid_file);
                }
                Err(why) => {
                    self.document.failed.insert(key, why.clone());
                    self.not_opened(pid_file, why);
                }
            }
        }
    }

    /// Notes a missing right to the path that stands before the reason.
    fn not_opened(&mut self, paths: &[String], why: &Unknown) {
        let named = |path: &&String| why.detail.starts_with(path.as_str());
        if why.reason == Reason::NoRight
            && let Some(path) = paths.iter().find(named)
        {
            push(&mut self.document.denied, path.clone());
        }
    }

    /// The paths up to the one that is there are known; those behind it were not looked at.
    fn tried(&mut self, paths: &[String], there: Option<&str>) {
        let os = self.document.os;
        let place = there.and_then(|path| recorded_at(path, os));
        let found = paths
            .iter()
            .position(|path| place.is_some() && recorded_at(path, os) == place);
        let seen = found.map_or(paths.len(), |at| at + 1);
        self.asked(&paths[..seen]);
    }

    fn asked(&mut self, paths: &[String]) {
        for path in paths {
            push(&mut self.document.asked, path.clone());
        }
    }

    fn file(&mut self, file: &Opened) {
        let os = self.document.os;
        let path = recorded_at(&file.path, os)
            .map_or_else(|| file.path.clone(), |place| machine_path(&place, os));
        let meta = self.document.meta.entry(path.clone()).or_default();
        (meta.size_bytes, meta.modified) = (Some(file.size_bytes), file.modified);
        let Err(why) = &file.content else {
            return;
        };
        let told = match why.reason {
            Reason::NoRight => {
                push(&mut self.document.denied, path.clone());
                no_right(&path)
            }
            Reason::NotRegular => {
                let kinds = [Irregular::Fifo, Irregular::Folder, Irregular::Device];
                let kind = kinds.into_iter();
                let kind = kind
                    .into_iter()
                    .find(|kind| why.detail.contains(kind.name()));
                let kind = kind.unwrap_or(Irregular::Device);
                self.document.irregular.insert(path.clone(), kind);
                not_regular(&path, kind.name())
            }
            Reason::OutOfTime
            | Reason::NotAvailable
            | Reason::NotRecorded
            | Reason::InputUnknown
            | Reason::Expression
            | Reason::NotWhole
            | Reason::LeftToPerson
            | Reason::Stopped
            | Reason::NotAgreed
            | Reason::LoginRefused
            | Reason::Other => {
                self.document.unread.insert(path, why.clone());
                return;
            }
        };
        // What stands there is told again in the same words, or in these.
        if told != *why {
            self.document.unread.insert(path, why.clone());
        }
    }

    /// A folder that may not be read; the message begins with it.
    fn closed(&mut self, why: &Unknown) {
        if why.reason != Reason::NoRight {
            return;
        }
        if let Some((folder, _)) = why.detail.split_once(": ")
            && recorded_at(folder, self.document.os).is_some()
        {
            let separator = if self.document.os == Os::Windows {
                '\\'
            } else {
                '/'
            };
            push(&mut self.document.denied, format!("{folder}{separator}**"));
        }
    }

    fn services(&mut self, names: &[String], seen: &Services) {
        self.document.no_manager = seen.no_manager;
        let asked = self.document.service_names.get_or_insert_default();
        for name in names {
            push(asked, name.clone());
        }
        let services = self.document.services.get_or_insert_default();
        for service in &seen.services {
            let same = |known: &ServiceState| {
                known.manager == service.manager && known.name == service.name
            };
            match services.iter_mut().find(|known| same(known)) {
                Some(known) => *known = service.clone(),
                None => services.push(service.clone()),
            }
        }
        // None, and perhaps hidden ones, is what is said where nobody listed them.
        if !seen.processes.processes.is_empty() || !seen.processes.hidden {
            self.processes(&seen.processes);
        }
    }

    fn processes(&mut self, list: &ProcessList) {
        self.document.processes = Some(Processes {
            hidden: list.hidden,
            list: list.processes.clone(),
        });
    }
}

fn keep(section: &mut IndexMap<String, Value>, key: Key, reply: &impl Serialize) {
    if let Ok(value) = serde_json::to_value(reply) {
        section.insert(key.whole, value);
    }
}

fn push(list: &mut Vec<String>, text: String) {
    if !list.contains(&text) {
        list.push(text);
    }
}
