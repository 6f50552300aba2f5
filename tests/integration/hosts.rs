//! The real program over every host of `tests/hosts/`: it has to end at the right cause, show the evidence for it, tell nobody
//! to start a service too early, and print no password.
//!
//! Files and network are live, only service, process and disk are recorded (on Windows hosts the files as well). The servers
//! are on loopback. A host whose server is not installed is left out and says so, unless `WAYPOST_REAL_PARTS=required` is set.

pub mod case;
pub mod checks;
pub mod laid_out;
pub mod recorded;
pub mod servers;

use std::{
    env,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use serde_json::Value;

use case::{HostCase, Values};
use checks::compare;
use laid_out::LaidOut;
use servers::Lacking;

/// Hosts that are walked at the same time.
const AT_ONCE: usize = 4;
/// What stands in the hosts' files and must stand in no output.
const PLANTED: &[&str] = &[
    "Kestrel-Harbour-42",
    "Kestrel-Har",
    "Winter.Tide!2026",
    "Seagull.Rope-77",
    "Mast&Sail-9931",
    "Sail-9931",
    "Deck-Lantern-57",
    "Deck-Lantern-58",
    "ypeBEsobvcr6wjGzmiPcTaeG7/gUfE5yuYB3ha/uSLs=",
    "bWlkLmhhcmJvdXI6S2VzdHJlbC1IYXJib3VyLTQy",
    "7E44C0FFEE7E44C0FFEE12",
    "5D0C17AB90",
];

#[test]
fn every_host_ends_where_it_should() {
    let only = env::var("WAYPOST_HOST").ok();
    let cases: Vec<HostCase> = HostCase::all()
        .into_iter()
        .filter(|case| {
            only.as_ref()
                .is_none_or(|only| case.name.contains(only.as_str()))
        })
        .collect();
    assert!(!cases.is_empty(), "no host is left");
    let (next, wrong) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let found = walk_over(case);
                    wrong
                        .lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .extend(found);
                }
            });
        }
    });
    let mut wrong = wrong.into_inner().unwrap_or_else(PoisonError::into_inner);
    wrong.sort();
    assert!(
        wrong.is_empty(),
        "{} faults:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn every_planted_secret_is_in_some_host() {
    let values = Values::default();
    let all: Vec<Vec<u8>> = HostCase::all()
        .iter()
        .flat_map(|case| case.files(&values).into_values())
        .collect();
    let text = String::from_utf8(all.concat()).expect("the files are text");
    for secret in PLANTED {
        assert!(text.contains(secret), "`{secret}` is in no host");
    }
}

/// Every fault that the walks over a host show.
fn walk_over(case: &HostCase) -> Vec<String> {
    let laid_out = match LaidOut::new(case) {
        Ok(laid_out) => laid_out,
        Err(Lacking(part)) => {
            let required = env::var("WAYPOST_REAL_PARTS").is_ok_and(|value| value == "required");
            let line = format!("{}: left out, {part} is not to be had here", case.name);
            eprintln!("{line}");
            return if required { vec![line] } else { Vec::new() };
        }
    };
    let mut wrong = Vec::new();
    for walk in &case.expect.walks {
        match laid_out.diagnose(case, &walk.tree, "json") {
            Ok((json, code)) => {
                wrong.extend(leaked(&json).map(|secret| format!("JSON shows `{secret}`")));
                match serde_json::from_str::<Value>(&json) {
                    Ok(result) => {
                        wrong.extend(compare(walk, &result, code));
                        if !case.expect.in_place_of.is_empty() {
                            wrong.extend(slow_or_known(&result));
                        }
                    }
                    Err(_) => wrong.push(format!("this is no JSON: {json}")),
                }
            }
            Err(why) => wrong.push(why),
        }
        for format in ["text", "markdown"] {
            match laid_out.diagnose(case, &walk.tree, format) {
                Ok((text, _)) => {
                    wrong.extend(leaked(&text).map(|secret| format!("{format} shows `{secret}`")))
                }
                Err(why) => wrong.push(format!("{format}: {why}")),
            }
        }
        for line in &mut wrong {
            if !line.starts_with(&case.name) {
                *line = format!(
                    "{} ({}), {}: {line}",
                    case.name, case.expect.about, walk.tree
                );
            }
        }
    }
    wrong
}

fn leaked(text: &str) -> impl Iterator<Item = &'static str> {
    PLANTED
        .iter()
        .copied()
        .filter(move |secret| text.contains(secret))
}

/// The probe's own time, in milliseconds, with some for its end.
const CONFIG_TIME_MS: u64 = 10_500;

/// What is no readable file has to be unknown, with the reason, and within the probe's time.
fn slow_or_known(result: &Value) -> Option<String> {
    let mut findings = result["findings"].as_array().into_iter().flatten();
    let Some(config) = findings.find(|finding| finding["probe"] == "config") else {
        return Some("nobody looked at config.xml".to_owned());
    };
    let took = config["took_ms"].as_u64().unwrap_or(u64::MAX);
    let fine = config["outcome"].is_null() && config["why"].is_string() && took <= CONFIG_TIME_MS;
    (!fine).then(|| {
        format!(
            "config.xml: {} in {took} ms: {}",
            config["outcome"], config["why"]
        )
    })
}
