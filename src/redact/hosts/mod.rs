//! `--redact`: names of hosts and addresses of the network get stand-ins, the same name the same one in all of a run.
//!
//! A stand-in has the form of what it stands for, so that whatever reads an address, a key of a recording or a parameter reads
//! it as before: `redacted-host-1.service-now.com`, `redacted-host-2.invalid`, `240.0.0.1` (a class that is nobody's),
//! `2001:db8:ffff:ffff::1` (a prefix for documentation). A case therefore knows stand-ins alone, and so does all that is made of
//! it: screen, journal, report, bundle, recording. The real ones are put back where something is looked at, and nowhere else;
//! they are in memory alone and go with the program. A stand-in whose name is not known any more is looked at nowhere.
//!
//! A name is recognised where one has to stand (in an address, behind `@`, before a port, as the value of what is named like a
//! host), and from then on wherever it shows up. What cannot be recognised so is a name that stands in a text alone and was seen
//! nowhere else. Never masked: this machine's own loopback, placeholders, and what the trees themselves name; of a name below
//! such a one the part before it is masked.

mod find;
mod names;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use names::Names;
pub use names::{found as stand_ins, stands_in};

use crate::finding::Value;

/// What one run knows of hosts. Clones know the same.
#[derive(Clone, Default)]
pub struct Hosts {
    names: Arc<Mutex<Names>>,
}

impl Hosts {
    fn names(&self) -> MutexGuard<'_, Names> {
        // A panic elsewhere leaves names that are still true.
        self.names.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What this text names is known to everybody, and stays.
    pub fn public(&self, text: &str) {
        self.names().public(text);
    }

    /// Stand-ins that this text bears already are not given again.
    pub fn reserve(&self, text: &str) {
        self.names().reserve(text);
    }

    /// Every stand-in that was given, names first, each in the order in which they were.
    pub(super) fn stand_ins(&self) -> Vec<(String, super::Sort)> {
        self.names().stand_ins()
    }

    /// Learns a host's name; an address and what everybody knows are none.
    pub fn learn(&self, name: &str) {
        self.names().learn(name);
    }

    /// Learns what a machine calls itself, with and without its domain.
    pub fn machine(&self, name: &str) {
        self.learn(name);
        if let Some((short, _)) = name.split_once('.') {
            self.learn(short);
        }
    }

    /// Learns the hosts in what somebody gave under this name, if that is named like one.
    pub fn given(&self, name: &str, text: &str) {
        if find::names_a_host(name) {
            find::hosts_in(text).for_each(|host| self.learn(host));
        }
    }

    /// Learns the host in a fact, if a fact of this name is one.
    pub(super) fn fact(&self, name: &str, text: &str) {
        if find::is_hosts_key(name) {
            find::hosts_in(text).for_each(|host| self.learn(host));
        } else if find::lists_hosts(name) {
            let dotted = find::hosts_in(text).filter(|host| host.contains('.'));
            dotted.for_each(|host| self.learn(host));
        }
    }

    /// The text with the real names in it, as far as they are known.
    pub fn real(&self, text: &str) -> String {
        self.names().real(text)
    }

    /// The same for every text of a value.
    pub fn real_value(&self, value: &Value) -> Value {
        match value {
            Value::Text(text) => Value::Text(self.real(text)),
            Value::List(list) => {
                Value::List(list.iter().map(|value| self.real_value(value)).collect())
            }
            Value::Map(map) => Value::Map(
                map.iter()
                    .map(|(key, value)| (self.real(key), self.real_value(value)))
                    .collect(),
            ),
            other => other.clone(),
        }
    }

    /// Where names and addresses stand in a text, with their stand-ins. They do not overlap.
    pub(super) fn places(&self, text: &str) -> Vec<(std::ops::Range<usize>, String)> {
        let mut names = self.names();
        names.reserve(text);
        for host in find::stated(text) {
            names.learn(host);
        }
        let mut places = names.everywhere(text);
        for (range, address) in find::addresses(text) {
            places.push((range, names.address(address)));
        }
        places.sort_by_key(|(range, _)| (range.start, std::cmp::Reverse(range.end)));
        let mut end = 0;
        places.retain(|(range, _)| {
            let apart = range.start >= end;
            end = if apart { range.end } else { end };
            apart
        });
        places
    }
}

#[cfg(test)]
mod tests;
