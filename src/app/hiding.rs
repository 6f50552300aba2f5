//! `--redact` in a run: what everybody knows of hosts, what a kept case has of them, and the machine that is asked for real names
//! alone. How names get their stand-ins is [`crate::redact::Hosts`]'s.

use jiff::{Timestamp, tz::TimeZone};
use sysinfo::System;

use crate::{
    app::{embedded, exit::UsageError},
    case::{Journal, Line},
    engine::{Given, Opening, Session},
    finding::{Os, Reason, Unknown},
    host::{BoxFuture, Host, Limits, Look, Reply},
    redact::{Hosts, Redactor, stands_in},
    tree::Forest,
};

/// What the trees name stays, and this machine's own name is hidden from the first moment on.
pub fn begin<'a>(forests: impl IntoIterator<Item = &'a Forest>) -> Hosts {
    let hosts = Hosts::default();
    for file in embedded::files(&embedded::TREES) {
        hosts.public(file.contents_utf8().unwrap_or_default());
    }
    for tree in forests.into_iter().flat_map(Forest::trees) {
        hosts.public(tree.source.text());
    }
    if let Ok(own) = System::host_name() {
        hosts.machine(&own);
    }
    hosts
}

/// What hides the names of a case that was kept: it knows no real ones. None where the case holds no stand-ins and none are
/// `wanted`.
///
/// # Errors
/// They are wanted, and the case holds real names.
pub fn of_journal(journal: &Journal, wanted: bool) -> Result<Option<Hosts>, UsageError> {
    let text = written(journal);
    if !wanted && !stands_in(&text) {
        return Ok(None);
    }
    let hosts = begin([]);
    hosts.reserve(&text);
    inputs(&journal.head.opening, &hosts);
    let mut redactor = Redactor::default();
    redactor.hide(hosts.clone());
    if wanted && redactor.given("", &text) != text {
        let why = "the case was begun without it and holds names of hosts; `waypost report --redact` leaves them out of its report";
        return Err(UsageError(format!("--redact: {why}")));
    }
    Ok(Some(hosts))
}

/// What leaves names out of a report of a case, whatever the case holds.
pub fn of_report(journal: &Journal, session: &Session) -> Hosts {
    let hosts = begin([session.forest().as_ref()]);
    hosts.reserve(&written(journal));
    for (name, given) in session.inputs() {
        if let Given::Text(text) = given {
            hosts.given(name.as_str(), text);
        }
    }
    for name in session.machines() {
        hosts.machine(name);
    }
    for (name, value) in session.values() {
        if let Some(text) = value.as_str() {
            hosts.given(name.as_str(), text);
        }
    }
    hosts
}

fn inputs(opening: &Opening, hosts: &Hosts) {
    for (name, given) in &opening.inputs {
        if let Given::Text(text) = given {
            hosts.given(name.as_str(), text);
        }
    }
}

/// All that stands in a journal, as text. Paths of this machine in its head are no part of the case.
fn written(journal: &Journal) -> String {
    let mut text = serde_json::to_string(&journal.head.opening).unwrap_or_default();
    for entry in &journal.entries {
        let line = Line::Entry(Box::new(entry.clone())).bytes();
        text.push_str(&String::from_utf8_lossy(&line));
    }
    text
}

/// A live machine that is never asked for a stand-in: nobody is called so, and that would look like an answer.
pub struct Real<H>(pub H);

impl<H: Host> Host for Real<H> {
    fn os(&self) -> Os {
        self.0.os()
    }

    fn now(&self) -> Option<Timestamp> {
        self.0.now()
    }

    fn zone(&self) -> Option<TimeZone> {
        self.0.zone()
    }

    fn look<'a>(&'a self, look: &'a Look, limits: Limits) -> BoxFuture<'a, Result<Reply, Unknown>> {
        let asked = serde_json::to_string(look).unwrap_or_default();
        if stands_in(&asked) {
            let why =
                "a name in it was masked by `--redact` and is not known any more; give it again";
            let why = Unknown::new(Reason::InputUnknown, why);
            return Box::pin(std::future::ready(Err(why)));
        }
        self.0.look(look, limits)
    }
}
