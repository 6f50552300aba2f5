//! The bytes of a log, after one that says how slowly they are read, with patterns of the shipped trees.
//!
//! Holds: the scan finds what a plain reading line by line finds: as many hits of each pattern, the first and the last of
//! them, and the last start. A mark lies in the line that it marks.

#![no_main]

use std::{
    io::Cursor,
    sync::{LazyLock, atomic::AtomicBool},
};

use jiff::{Timestamp, tz::TimeZone};
use libfuzzer_sys::fuzz_target;
use regex::bytes::{Regex, RegexBuilder};
use waypost::{
    finding::{Os, Value},
    host::{Opened, Reply},
    probe::{Judged, Judging, Params, decode, kind},
};
use waypost_fuzz::{AGENT, Dripping, params};

/// Of the patterns one that reaches for other lines, one that needs a line's end, and some that begin in many ways. All of
/// them would be slow to compile.
const PATTERNS: [&str; 4] = [
    "login_refused",
    "bad_address",
    "connection_silent",
    "stopped",
];

static PARAMS: LazyLock<Params> = LazyLock::new(|| {
    let mut params = params("agent_log");
    // Without times the newest hit is the one that comes last.
    params.shift_remove("stamps");
    if let Some(Value::Map(patterns)) = params.get_mut("patterns") {
        patterns.retain(|name, _| PATTERNS.contains(&name.as_str()));
        assert_eq!(
            patterns.len(),
            PATTERNS.len(),
            "the trees have other patterns"
        );
    }
    params
});
static PLAIN: LazyLock<Vec<Plain>> = LazyLock::new(plain);
static START: LazyLock<Regex> = LazyLock::new(|| {
    expression(
        PARAMS["start"]
            .as_str()
            .expect("the shipped probe has a start"),
    )
});

fuzz_target!(|bytes: &[u8]| {
    let Some((drip, bytes)) = bytes.split_first() else {
        return;
    };
    let found = scanned(bytes, 1 + 16 * usize::from(*drip));
    for evidence in &found.evidence {
        if let Some((from, to)) = evidence.mark {
            assert!(
                from <= to && to <= evidence.text.chars().count(),
                "{evidence:?}"
            );
        }
    }
    // An archive gives other lines than its bytes.
    if bytes.starts_with(&[0x1f, 0x8b]) {
        return;
    }
    let lines = lines(bytes);
    let start = lines.iter().rposition(|line| START.is_match(line));
    assert_eq!(
        found.facts.get("started").and_then(line),
        start.map(|start| start + 1),
        "the last start"
    );
    let from = start.map_or(0, |start| start + 1);
    for plain in PLAIN.iter() {
        let hits: Vec<usize> = (from..lines.len())
            .filter(|at| plain.hits(&lines, from, *at))
            .collect();
        let facts = found.facts.get(plain.name);
        let count = facts
            .and_then(|facts| facts.get("count"))
            .cloned()
            .unwrap_or(Value::Int(0));
        assert_eq!(
            count,
            Value::from(hits.len()),
            "how many of `{}`",
            plain.name
        );
        let place = |name: &str| facts.and_then(|facts| facts.get(name)).and_then(line);
        assert_eq!(
            place("first"),
            hits.first().map(|hit| hit + 1),
            "the first of `{}`",
            plain.name
        );
        assert_eq!(
            place("last"),
            hits.last().map(|hit| hit + 1),
            "the last of `{}`",
            plain.name
        );
    }
});

fn scanned(bytes: &[u8], most: usize) -> Judged {
    let content = Dripping {
        content: Cursor::new(bytes.to_vec()),
        most,
    };
    let file = Opened {
        path: format!("{AGENT}/logs/agent0.log.0"),
        size_bytes: bytes.len() as u64,
        modified: None,
        content: Ok(Box::new(content)),
    };
    let stop = AtomicBool::new(false);
    let judging = Judging {
        now: Timestamp::UNIX_EPOCH,
        zone: Some(TimeZone::UTC),
        os: Os::Linux,
        stop: &stop,
    };
    let log = kind("log").expect("the kind is registered");
    log.judge(&PARAMS, vec![Ok(Reply::Files(vec![file]))], &judging)
}

/// A pattern, the slow way.
struct Plain {
    name: &'static str,
    expression: Regex,
    near: Option<(Regex, usize)>,
}

impl Plain {
    fn hits(&self, lines: &[Vec<u8>], from: usize, at: usize) -> bool {
        self.expression.is_match(&lines[at])
            && self.near.as_ref().is_none_or(|(near, within)| {
                let around =
                    at.saturating_sub(*within).max(from)..(at + within + 1).min(lines.len());
                lines[around].iter().any(|line| near.is_match(line))
            })
    }
}

fn plain() -> Vec<Plain> {
    let patterns = &PARAMS["patterns"];
    let one = |name: &'static str| {
        let pattern = patterns.get(name).expect("only those are left");
        let text = |key: &str| pattern.get(key).and_then(Value::as_str);
        let within = match pattern.get("within") {
            Some(Value::Int(within)) => usize::try_from(*within).expect("not negative"),
            _ => 5,
        };
        Plain {
            name,
            expression: expression(
                pattern
                    .as_str()
                    .or_else(|| text("match"))
                    .expect("a pattern matches something"),
            ),
            near: text("near").map(|near| (expression(near), within)),
        }
    };
    PATTERNS.into_iter().map(one).collect()
}

/// As the probe's manual says: upper and lower case are one, and a line may end as on Windows.
fn expression(source: &str) -> Regex {
    let mut builder = RegexBuilder::new(source);
    builder.case_insensitive(true).multi_line(true).crlf(true);
    builder
        .build()
        .expect("shipped patterns are regular expressions")
}

/// The lines in UTF-8, without their breaks.
fn lines(bytes: &[u8]) -> Vec<Vec<u8>> {
    let (encoding, mark) = decode::sniff(bytes);
    let text = match encoding {
        Some(encoding) if encoding.name() != "UTF-8" => decode::decode(bytes).text.into_bytes(),
        _ => bytes[mark..].to_vec(),
    };
    text.split_inclusive(|byte| *byte == b'\n')
        .map(|line| {
            let line = line.strip_suffix(b"\n").unwrap_or(line);
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            decode::line(line).into_owned().into_bytes()
        })
        .collect()
}

fn line(place: &Value) -> Option<usize> {
    match place.get("line")? {
        Value::Int(line) => usize::try_from(*line).ok(),
        _ => None,
    }
}
