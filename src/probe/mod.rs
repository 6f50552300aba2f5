//! The kinds of probe. A kind is one file or folder: its [`Spec`], what it looks at, and the judge.
//!
//! To add a kind: write `probe/NAME.rs` with a type that implements [`Kind`], and name it in [`KINDS`]. Help, schema,
//! the checker and the manual are made from that slice.
//!
//! A judge is pure: parameters and replies in, outcome, facts and evidence out. It never waits, opens or asks the time.

mod changed;
mod clock;
mod command;
mod config;
pub mod decode;
mod disk;
mod dns;
pub mod duration;
mod excerpt;
mod file;
mod http;
mod judging;
mod log;
mod marked;
mod params;
mod pasted;
pub mod patience;
mod ping;
mod process;
mod process_list;
mod proxied;
mod service;
pub mod shell;
pub mod size;
mod spec;
pub mod table;
mod tcp;
mod tls;

use std::sync::atomic::{AtomicBool, Ordering};

use indexmap::IndexMap;
use jiff::{Timestamp, tz::TimeZone};

pub use spec::{FactSpec, OutcomeSpec, ParamSpec, ParamType, Role, Spec};
pub use table::table;

use crate::{
    finding::{Evidence, Facts, Judgement, Os, Outcome, Reason, Unknown, Value},
    host::{Look, Reply},
};

/// A probe's parameters after its templates were rendered. A secret stands as `{"secret": "input_name"}`.
pub type Params = IndexMap<String, Value>;

/// One kind of probe.
pub trait Kind: Sync {
    fn spec(&self) -> &'static Spec;

    /// What a probe with these parameters can end in. `names` are the keys under `patterns` (empty for other kinds),
    /// `via` tells whether the probe has a `via` parameter.
    fn outcomes(&self, patterns: &[&str], via: bool) -> Vec<OutcomeSpec>;

    /// What to look at, in order. An error is a parameter that makes no sense; the finding is then unknown.
    fn looks(&self, params: &Params) -> Result<Vec<Look>, Unknown>;

    /// Judges what the looks gave, one result a look, in the same order.
    fn judge(
        &self,
        params: &Params,
        replies: Vec<Result<Reply, Unknown>>,
        judging: &Judging<'_>,
    ) -> Judged;

    /// The commands whose output a person would read instead, ready to copy, quoted for `os`'s shell.
    fn manual(&self, params: &Params, os: Os) -> Vec<Manual>;

    /// Reads what a person pasted: what the commands of [`Kind::manual`] printed on a machine that cannot be looked at. One
    /// result a look, in the order of [`Kind::looks`], for the same judge; one that is cut or tells nothing is unknown.
    ///
    /// # Errors
    /// The paste is of something else: what was expected, and what was got. It says nothing about the probe then.
    fn read(
        &self,
        _params: &Params,
        _os: Os,
        _text: &str,
    ) -> Result<Vec<Result<Reply, Unknown>>, Unknown> {
        Err(Unknown::new(
            Reason::NotAvailable,
            format!("pastes for `{}` are not read yet", self.spec().name),
        ))
    }

    /// Who is contacted that no parameter names, as a short phrase, for those who are to agree to it.
    fn also_contacts(&self) -> Option<&'static str> {
        None
    }

    /// Whether the peer refused what stands under `login`. The same login is then tried by no other probe: each refusal
    /// brings a user nearer to a lock.
    fn refused_login(&self, _facts: &Facts) -> bool {
        false
    }
}

/// What a judge may know of the world.
pub struct Judging<'a> {
    pub now: Timestamp,
    /// The zone of the machine looked at, for log lines without one; `None` where nobody knows it.
    pub zone: Option<TimeZone>,
    pub os: Os,
    /// Set when nobody waits any more: a judge that reads much looks at it now and then and gives up.
    pub stop: &'a AtomicBool,
}

impl Judging<'_> {
    pub fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}

/// What a judge found.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    pub judgement: Judgement,
    pub facts: Facts,
    pub evidence: Vec<Evidence>,
}

impl Judged {
    pub fn outcome(outcome: impl AsRef<str>) -> Self {
        Self {
            judgement: Judgement::Outcome(Outcome::new(outcome)),
            facts: Facts::new(),
            evidence: Vec::new(),
        }
    }

    pub fn unknown(unknown: Unknown) -> Self {
        Self {
            judgement: Judgement::Unknown(unknown),
            facts: Facts::new(),
            evidence: Vec::new(),
        }
    }

    #[must_use]
    pub fn fact(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.facts.insert(name.to_owned(), value.into());
        self
    }

    #[must_use]
    pub fn evidence(mut self, evidence: Evidence) -> Self {
        self.evidence.push(evidence);
        self
    }

    /// For a reply of the wrong sort, which only a bug or a mangled recording gives.
    pub fn wrong_reply(reply: &Reply) -> Self {
        Self::unknown(Unknown::new(
            Reason::Other,
            format!("the host answered with {}", reply.kind()),
        ))
    }
}

/// A command that a person runs instead of the probe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manual {
    /// Ready to paste into `sh`, or into PowerShell on Windows.
    pub command: String,
    /// What its output tells, as a short sentence; may be empty.
    pub tells: String,
    /// It asks the person for a password, so that it is nothing for a script that nobody watches.
    pub asks_login: bool,
}

impl Manual {
    pub fn new(command: impl Into<String>, tells: impl Into<String>) -> Self {
        Self {
            command: command.into(),
            tells: tells.into(),
            asks_login: false,
        }
    }

    /// Whether it asks for a password.
    #[must_use]
    pub fn asking(self, asks_login: bool) -> Self {
        Self { asks_login, ..self }
    }
}

/// The parameter that this kind refuses of these, and why: at the latest when it is to look, and already when a tree is
/// checked. `None` where it takes them all.
pub fn refused(kind: &dyn Kind, params: &Params) -> Option<(String, String)> {
    let unknown = kind.looks(params).err()?;
    let (name, why) = params::refused(&unknown)?;
    Some((name.to_owned(), why.to_owned()))
}

/// Every kind, in the order in which the manual lists them.
pub static KINDS: &[&dyn Kind] = &[
    &config::Config,
    &log::Log,
    &file::File,
    &disk::Disk,
    &process::Process,
    &service::Service,
    &dns::Dns,
    &ping::Ping,
    &tcp::Tcp,
    &tls::Tls,
    &http::Http,
    &clock::Clock,
    &command::Command,
];

/// The kind of this name.
pub fn kind(name: &str) -> Option<&'static dyn Kind> {
    KINDS.iter().copied().find(|kind| kind.spec().name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table of kinds in the manual of the language: `*` marks what a probe's cases refine.
    #[test]
    fn outcomes_are_those_of_the_language() {
        let check = |name: &str, via: bool, expected: &str| {
            let kind = kind(name).expect("the kind is registered");
            let outcomes: Vec<String> = kind
                .outcomes(&[], via)
                .into_iter()
                .map(|outcome| {
                    format!("{}{}", outcome.name, if outcome.refined { "*" } else { "" })
                })
                .collect();
            assert_eq!(outcomes.join(" "), expected, "{name}");
        };
        check("file", false, "present* absent");
        check("disk", false, "enough* low");
        check("process", false, "running* absent");
        check("service", false, "running* stopped* failed* absent");
        check("dns", false, "resolved* unresolved");
        check("ping", false, "answered* silent unresolved");
        check(
            "tcp",
            false,
            "open* refused timed-out unreachable unresolved",
        );
        check(
            "tcp",
            true,
            "open* refused timed-out unreachable unresolved proxy-refused proxy-silent",
        );
        check(
            "tls",
            false,
            "trusted* untrusted* expired name-mismatch failed unreachable",
        );
        check(
            "tls",
            true,
            "trusted* untrusted* expired name-mismatch failed unreachable proxy-refused",
        );
        check(
            "http",
            false,
            "answered* refused timed-out unreachable unresolved tls-failed",
        );
        check(
            "http",
            true,
            "answered* refused timed-out unreachable unresolved tls-failed proxy-refused",
        );
        check("clock", false, "in-step* drifted");
        check("clock", true, "in-step* drifted");
        check("command", false, "exited* missing");
    }

    #[test]
    fn names_are_unique_and_described() {
        for (at, kind) in KINDS.iter().enumerate() {
            let spec = kind.spec();
            assert!(
                KINDS[..at]
                    .iter()
                    .all(|other| other.spec().name != spec.name),
                "{}",
                spec.name
            );
            let docs = spec
                .params
                .iter()
                .map(|param| param.doc)
                .chain(spec.facts.iter().map(|fact| fact.doc));
            assert!(
                docs.chain([spec.looks_at])
                    .all(|doc| !doc.is_empty() && !doc.ends_with('.')),
                "{}",
                spec.name
            );
        }
    }
}
