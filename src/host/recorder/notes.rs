//! Turns looks and their replies into the sections of `host.yaml`. Keeps no content of files.

use serde::Serialize;
use serde_json::Value;

use crate::{
    finding::{Os, Reason, Unknown},
    host::{
        Look, Opened, Reply, ServiceState, Services,
        glob::Glob,
        path::{machine_path, recorded_at},
        recorded::{Document, Irregular, Meta, Processes, key},
    },
};

pub(super) struct Notes {
    pub document: Document,
}

impl Notes {
    pub fn new(os: Os) -> Self {
        Self {
            document: Document {
                exact: true,
                files: true,
                roots: Some(Vec::new()),
                ..Document::empty(os)
            },
        }
    }

    /// Notes a reply under its look. A reply of another look's kind is left out.
    pub fn keep(&mut self, look: &Look, reply: &Reply) {
        match (look, reply) {
            (Look::File { paths }, Reply::Files(files)) => {
                self.tried(paths, files.first().map(|file| file.path.as_str()));
                for file in files {
                    self.file(file);
                }
            }
            (Look::Files { globs }, Reply::Files(files)) => {
                let os = self.document.os;
                let known: Vec<Glob> = globs
                    .iter()
                    .filter_map(|glob| Glob::new(glob, os))
                    .collect();
                for file in files {
                    if known.iter().any(|glob| glob.matches(&file.path)) {
                        self.file(file);
                    } else if let Err(why) = &file.content {
                        self.closed(why);
                    }
                }
                self.asked(globs);
            }
            (Look::Meta { paths }, Reply::Meta(meta)) => {
                self.tried(paths, meta.as_ref().map(|meta| meta.path.as_str()));
                if let Some(meta) = meta {
                    let known = Meta {
                        size_bytes: Some(meta.size_bytes),
                        modified: meta.modified,
                        owner: meta.owner.clone(),
                        folder: meta.folder,
                        readable: meta.readable,
                        writable: meta.writable,
                    };
                    self.document.meta.insert(meta.path.clone(), known);
                }
            }
            (Look::Paths { globs, folders }, Reply::Paths(paths)) => {
                self.document
                    .paths
                    .insert(key::paths(globs, *folders), paths.clone());
            }
            (Look::Disk { path }, Reply::Disk(space)) => {
                self.document.disks.insert(path.clone(), *space);
            }
            (Look::Processes, Reply::Processes(list)) => {
                self.document.processes = Some(Processes {
                    hidden: list.hidden,
                    list: list.processes.clone(),
                });
            }
            (Look::Services { names, pid_file }, Reply::Services(services)) => {
                self.services(names, services);
                match &services.pid {
                    Ok(_) => self.asked(pid_file.as_slice()),
                    Err(why) => self.not_opened(pid_file.as_slice(), why),
                }
            }
            (Look::Name { name, server }, Reply::Name(reply)) => {
                self.document
                    .dns
                    .insert(key::name(name, server.as_deref()), reply.clone());
            }
            (Look::Connect { host, port, via }, Reply::Connection(reply)) => {
                keep(
                    &mut self.document.tcp,
                    key::connection(host, *port, via.as_ref()).whole,
                    reply,
                );
            }
            (Look::Tls(request), Reply::Tls(reply)) => {
                keep(&mut self.document.tls, key::tls(request).whole, reply)
            }
            (Look::Http(request), Reply::Http(reply)) => {
                keep(&mut self.document.http, key::http(request).whole, reply)
            }
            (Look::Ping { host, count }, Reply::Ping(reply)) => keep(
                &mut self.document.ping,
                key::ping(host, *count).whole,
                reply,
            ),
            (Look::Program { run }, Reply::Program(reply)) => {
                keep(&mut self.document.programs, key::program(run).whole, reply)
            }
            _ => {}
        }
    }

    /// Notes a missing right; other failures are not worth repeating.
    pub fn keep_failed(&mut self, look: &Look, why: &Unknown) {
        match look {
            Look::Files { .. } | Look::Paths { .. } => self.closed(why),
            Look::File { paths } | Look::Meta { paths } => self.not_opened(paths, why),
            _ => {}
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
        match &file.content {
            Err(Unknown {
                reason: Reason::NoRight,
                ..
            }) => push(&mut self.document.denied, path),
            Err(Unknown {
                reason: Reason::NotRegular,
                detail,
            }) => {
                let kinds = [Irregular::Fifo, Irregular::Folder, Irregular::Device];
                let kind = kinds
                    .into_iter()
                    .find(|kind| detail.contains(kind.name()))
                    .unwrap_or(Irregular::Device);
                self.document.irregular.insert(path, kind);
            }
            _ => {}
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
        let list = &seen.processes;
        if !list.processes.is_empty() {
            self.document.processes = Some(Processes {
                hidden: list.hidden,
                list: list.processes.clone(),
            });
        }
    }
}

fn keep(section: &mut indexmap::IndexMap<String, Value>, key: String, reply: &impl Serialize) {
    if let Ok(value) = serde_json::to_value(reply) {
        section.insert(key, value);
    }
}

fn push(list: &mut Vec<String>, text: String) {
    if !list.contains(&text) {
        list.push(text);
    }
}
