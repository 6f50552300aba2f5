//! One fault, whichever way its evidence came: the host itself, its bundle, what a script gathered there, and what its commands
//! printed and somebody pasted end in the same conclusion, by the same questions and the same answers. Only where the evidence
//! came from differs: *observed*, *bundled*, *bundled*, *pasted*.
//!
//! The host's files and servers are real; its programs are stand-ins (see [`programs`]). What the evidence leaves open is
//! answered in all ways with *I don't know*.

mod asked;
mod bundled;
mod pasted;
mod programs;

use std::{
    collections::BTreeSet,
    env, fmt,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use serde_json::Value;

use self::programs::Programs;
use crate::{
    hosts::{
        case::{HostCase, Walk},
        checks,
        laid_out::LaidOut,
        servers::Lacking,
    },
    support::left_out,
};

/// Hosts that are walked at the same time.
const AT_ONCE: usize = 3;

/// The walks: a host, and the tree. Of every path some; of every kind of look some.
const WALKS: &[(&str, &str)] = &[
    ("healthy", "mid-down"),
    ("stopped-by-a-person", "mid-down"),
    ("heap-too-big", "mid-down"),
    ("out-of-memory", "mid-down"),
    ("port-refused", "mid-down"),
    ("name-unknown", "mid-down"),
    ("certificate-for-another-name", "mid-down"),
    ("ampersand-unescaped", "mid-down"),
    ("config-cut-off", "mid-down"),
    ("proxy-wants-login", "mid-down"),
    ("upgrade-half-done", "mid-down"),
    ("upgrade-half-done", "mid-upgrade"),
    ("upgrade-file-locked", "mid-upgrade"),
    ("upgrade-not-downloaded", "mid-upgrade"),
    ("disk-under-2-gb-before-any-attempt", "mid-upgrade"),
    ("login-refused", "mid-credentials"),
    ("role-missing", "mid-credentials"),
    ("password-twice", "mid-credentials"),
    ("encrypted-left-over", "mid-credentials"),
    ("ocsp-speaks-of-a-password", "mid-credentials"),
];

/// Walks that take the same looks once more; they are made where nothing may be left out, and where their host is named.
const MORE: &[(&str, &str)] = &[
    ("healthy", "mid-upgrade"),
    ("healthy", "mid-credentials"),
    ("host-was-shut-down", "mid-down"),
    ("java-not-found", "mid-down"),
    ("port-silent", "mid-down"),
    ("ocsp-speaks-of-a-password", "mid-down"),
    ("address-never-filled-in", "mid-down"),
    ("config-cut-between-entries", "mid-down"),
    ("proxy-half-set", "mid-down"),
    ("username-misspelt", "mid-down"),
    ("upgrade-not-back", "mid-down"),
    ("upgrade-half-done", "mid-credentials"),
    ("upgrade-download-broken-off", "mid-upgrade"),
    ("disk-under-2-gb", "mid-upgrade"),
    ("username-misspelt", "mid-credentials"),
];

/// What no command to copy tells, and why: the person who is there says it, as the host has it.
const BY_HAND: &[(&str, &str)] = &[
    (
        "mid-credentials/password-form",
        "the password is masked where it is printed, so that nothing tells what it looked like",
    ),
    (
        "mid-upgrade/can-read-log",
        "`ls` tells the rights of a file, and not whether whoever asks has them",
    ),
];

/// A step of a path: tree, node, what was answered, and where that came from.
struct Step {
    place: String,
    answer: Option<String>,
    source: Option<String>,
}

/// Where a walk led.
struct Walked {
    conclusion: Option<String>,
    steps: Vec<Step>,
    /// For whoever has to find out why it went another way.
    trace: String,
}

impl Walked {
    fn of(result: &Value) -> Self {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let path = result["path"].as_array().into_iter().flatten();
        let steps = path.map(|step| Step {
            place: format!(
                "{}/{}",
                step["tree"].as_str().unwrap_or("-"),
                step["node"].as_str().unwrap_or("-")
            ),
            answer: text(&step["answer"]),
            source: text(&step["source"]),
        });
        Self {
            conclusion: checks::conclusion(result),
            steps: steps.collect(),
            trace: checks::trace(result),
        }
    }

    /// Questions and answers, without where these came from.
    fn answers(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        self.steps
            .iter()
            .map(|step| (step.place.as_str(), step.answer.as_deref()))
    }

    /// What was answered there.
    fn answer(&self, place: &str) -> Option<&str> {
        let step = self.steps.iter().find(|step| step.place == place);
        step.and_then(|step| step.answer.as_deref())
    }

    /// What a person answers who knows the host, where nobody but a person can.
    fn by_hand(&self) -> Vec<(&'static str, &str)> {
        let places = BY_HAND.iter();
        places
            .filter_map(|(place, _)| Some((*place, self.answer(place)?)))
            .collect()
    }

    /// The sources of all answers, but of those that only a person gives.
    fn sources(&self) -> BTreeSet<&str> {
        let by_hand = |step: &&Step| BY_HAND.iter().any(|(place, _)| step.place == *place);
        self.steps
            .iter()
            .filter(|step| !(by_hand(step) && step.source.as_deref() == Some("stated")))
            .filter_map(|step| step.source.as_deref())
            .collect()
    }
}

impl fmt::Display for Walked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let end = self.conclusion.as_deref().unwrap_or("nothing");
        write!(f, "    {end}\n{}", self.trace)
    }
}

/// What one way has to say that differs from what was observed.
fn differs(way: &str, source: &str, walked: &Walked, observed: &Walked) -> Option<String> {
    if walked.conclusion != observed.conclusion || !walked.answers().eq(observed.answers()) {
        return Some(format!(
            "{way} it went\n{walked}\n  and observed\n{observed}"
        ));
    }
    let sources = walked.sources();
    (sources != BTreeSet::from([source]))
        .then(|| format!("{way}, the evidence is {sources:?} and not {source}"))
}

#[test]
fn a_fault_is_the_same_whichever_way_its_evidence_came() {
    if let Some(program) = programs::lacking() {
        return left_out(&format!("`{program}` is not to be had here"));
    }
    let only = env::var("WAYPOST_HOST").ok();
    let all = HostCase::all();
    let all_of_them =
        only.is_some() || env::var("WAYPOST_REAL_PARTS").is_ok_and(|value| value == "required");
    let more = if all_of_them { MORE } else { &[] };
    let chosen: Vec<(&HostCase, &Walk)> = WALKS
        .iter()
        .chain(more)
        .filter(|(host, _)| only.as_ref().is_none_or(|only| host == only))
        .map(|(host, tree)| {
            let case = all.iter().find(|case| case.name == *host);
            let case = case.unwrap_or_else(|| panic!("there is no host `{host}`"));
            let walk = case.expect.walks.iter().find(|walk| walk.tree == *tree);
            (
                case,
                walk.unwrap_or_else(|| panic!("{host} has no walk over {tree}")),
            )
        })
        .collect();
    assert!(!chosen.is_empty(), "no walk is left");
    let (next, wrong) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some((case, walk)) = chosen.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let found = all_ways(case, walk);
                    let named = found
                        .into_iter()
                        .map(|why| format!("{}, {}: {why}", case.name, walk.tree));
                    wrong
                        .lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .extend(named);
                }
            });
        }
    });
    let mut wrong = wrong.into_inner().unwrap_or_else(PoisonError::into_inner);
    wrong.sort();
    assert!(
        wrong.is_empty(),
        "{} differ:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// Every way that a walk over a host goes otherwise than observed.
fn all_ways(case: &HostCase, walk: &Walk) -> Vec<String> {
    let laid_out = match LaidOut::new(case) {
        Ok(laid_out) => laid_out,
        Err(Lacking(part)) => {
            left_out(&format!("{part} is not to be had here"));
            return Vec::new();
        }
    };
    let observed = match laid_out.diagnose(case, &walk.tree, "json") {
        Ok((json, _)) => Walked::of(&serde_json::from_str(&json).expect("it is JSON")),
        Err(why) => return vec![why],
    };
    let mut wrong = Vec::new();
    if observed.conclusion != walk.conclusion {
        wrong.push(format!("observed it went\n{observed}"));
    }
    if observed.sources() != BTreeSet::from(["observed"]) {
        wrong.push(format!(
            "observed, the evidence is {:?}",
            observed.sources()
        ));
    }
    let programs = Programs::new(case, &laid_out);
    let by_hand = observed.by_hand();
    let ways = [
        (
            "bundled",
            "bundled",
            bundled::walk(case, &laid_out, &walk.tree),
        ),
        (
            "asked",
            "bundled",
            asked::walk(case, &laid_out, &programs, &walk.tree, &by_hand),
        ),
        (
            "pasted",
            "pasted",
            pasted::walk(case, &laid_out, &programs, &walk.tree, &by_hand),
        ),
    ];
    for (way, source, walked) in ways {
        match walked {
            Ok(walked) => wrong.extend(differs(way, source, &walked, &observed)),
            Err(why) => wrong.push(format!("{way}: {why}")),
        }
    }
    let unforeseen = programs.unforeseen();
    if !unforeseen.is_empty() {
        wrong.push(format!("no stand-in knows these calls:\n{unforeseen}"));
    }
    wrong
}
