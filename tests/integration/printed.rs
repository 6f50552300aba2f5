//! What programs print, recorded as files in `tests/printed`: read and judged as a paste of the probe that shows the
//! program's command.

mod any;
mod arbitrary;
mod changed;
mod clock;
mod curl;
mod disk;
mod dns;
mod files;
mod http;
mod others;
mod ping;
mod processes;
mod programs;
mod several;
mod tcp;
mod tls;

use std::{collections::BTreeSet, fs, path::Path, sync::atomic::AtomicBool};

use jiff::Timestamp;
use waypost::{
    finding::{Judgement, Os, Value, shown},
    probe::{Judging, Params, kind},
    redact::Redactor,
};

/// What the table of one kind names: the samples that belong to it.
pub struct Samples {
    pub kind: &'static str,
    pub params: &'static str,
    pub os: Os,
}

fn params(json: &str) -> Params {
    let value = serde_json::from_str::<serde_json::Value>(json).expect("valid JSON in this test");
    match Value::from(value) {
        Value::Map(map) => map,
        _ => panic!("parameters are a map"),
    }
}

pub fn sample(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/printed")
        .join(name);
    fs::read_to_string(path).expect("the sample is there")
}

/// The outcome with its facts, judged on 2026-12-01; `unknown:` and why; `refused:` and why.
pub fn judged(kind_name: &str, json: &str, os: Os, text: &str) -> String {
    let kind = kind(kind_name).expect("the kind is known");
    let params = params(json);
    let replies = match kind.read(&params, os, text) {
        Ok(replies) => replies,
        Err(refused) => return format!("refused: {refused}"),
    };
    assert_eq!(
        replies.len(),
        kind.looks(&params).expect("they make sense").len()
    );
    let stop = AtomicBool::new(false);
    let judging = Judging {
        now: Timestamp::constant(1_796_083_200, 0),
        zone: None,
        os,
        stop: &stop,
    };
    let judged = kind.judge(&params, replies, &judging);
    match judged.judgement {
        Judgement::Outcome(outcome) => format!("{outcome} {}", shown(&judged.facts)),
        Judgement::Unknown(unknown) => format!("unknown: {unknown}"),
    }
}

impl Samples {
    #[track_caller]
    pub fn check(&self, name: &str, expected: &str) {
        let text = sample(name);
        let found = judged(self.kind, self.params, self.os, &text);
        assert_eq!(found, expected, "{name}");
        // Somebody may send it masked; then nothing but what was masked is another.
        let mut redactor = Redactor::default();
        let masked = judged(self.kind, self.params, self.os, &redactor.text(&text));
        assert_eq!(masked, redactor.text(expected), "{name}, masked");
    }

    /// As [`Samples::check`]; and what is cut anywhere says the same, or nothing.
    #[track_caller]
    pub fn check_cut(&self, name: &str, expected: &str) {
        self.check(name, expected);
        let text = sample(name);
        for (at, _) in text.char_indices() {
            let found = judged(self.kind, self.params, self.os, &text[..at]);
            let nothing = found.starts_with("unknown: ") || found.starts_with("refused: ");
            assert!(nothing || found == expected, "{name}, cut at {at}: {found}");
        }
    }
}

/// Every other program's output, and nothing of anybody's, is refused.
pub fn refuses_others(samples: &Samples, own: &[&str]) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/printed");
    let names: BTreeSet<String> = fs::read_dir(folder)
        .expect("the samples are there")
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    for name in names
        .iter()
        .filter(|name| !own.iter().any(|own| name.starts_with(own)))
    {
        let found = judged(samples.kind, samples.params, samples.os, &sample(name));
        assert!(found.starts_with("refused: expected "), "{name}: {found}");
    }
    let found = judged(samples.kind, samples.params, samples.os, "");
    assert_eq!(found, "refused: nothing was pasted");
}

/// No piece of a sample, whichever lines it lost at its beginning, at its end or within, ends in one of `no`, which the
/// whole one does not.
#[track_caller]
pub fn cut_anywhere(samples: &Samples, name: &str, no: &[&str]) {
    let text = sample(name);
    let check = |piece: &str| {
        let found = judged(samples.kind, samples.params, samples.os, piece);
        let said = no.iter().find(|no| found.starts_with(*no));
        assert_eq!(said, None, "{name}, of which is left:\n{piece}");
    };
    // Near both ends everywhere, in between here and there.
    let length = text.chars().count();
    let places = text.char_indices().enumerate().filter(|(nth, _)| {
        let from_end = length - nth;
        *nth < 60 || from_end < 120 || nth % 37 == 0
    });
    for (_, (at, _)) in places {
        check(&text[..at]);
        check(&text[at..]);
    }
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    for from in 0..lines.len() {
        for to in from + 1..=lines.len() {
            check(&[&lines[..from], &lines[to..]].concat().concat());
        }
    }
}
