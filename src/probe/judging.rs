//! What the judges share: taking the one reply apart, and facts that may not be known.

use indexmap::IndexMap;
use regex::Regex;

use crate::{
    finding::{Facts, Reason, Unknown, Value},
    host::Reply,
    probe::Judged,
};

/// The reply of a kind that looks once.
pub(super) fn only(replies: Vec<Result<Reply, Unknown>>) -> Result<Reply, Unknown> {
    replies
        .into_iter()
        .next()
        .unwrap_or_else(|| Err(Unknown::new(Reason::NotAvailable, "nothing was gathered")))
}

/// Adds a fact where it is known. One that is not known is left out, so that a case that names it is unknown too.
pub(super) fn known(judged: Judged, name: &str, value: Option<impl Into<Value>>) -> Judged {
    match value {
        Some(value) => judged.fact(name, value),
        None => judged,
    }
}

/// What each pattern finds first in the texts: its first group, or all of it where it has none. One that finds nothing
/// is not in the map.
pub(super) fn captured(patterns: &IndexMap<String, Regex>, texts: &[&str]) -> Facts {
    let find = |pattern: &Regex| {
        let found = texts.iter().find_map(|text| pattern.captures(text))?;
        let found = if pattern.captures_len() > 1 {
            found.get(1)
        } else {
            found.get(0)
        };
        found.map(|found| Value::from(found.as_str()))
    };
    patterns
        .iter()
        .filter_map(|(name, pattern)| Some((name.clone(), find(pattern)?)))
        .collect()
}

#[cfg(test)]
pub(super) mod trial {
    //! Judging without a host: parameters as JSON, one reply, and what comes of it.

    use std::sync::atomic::AtomicBool;

    use jiff::{Timestamp, tz::TimeZone};

    use crate::{
        finding::{Judgement, Os, Unknown},
        host::{Look, Reply},
        probe::{Judged, Judging, Kind, Params},
    };

    pub(crate) fn params(json: &str) -> Params {
        serde_json::from_str(json).expect("valid JSON in this test")
    }

    /// Judges, and demands that the spec knows each outcome and each fact.
    pub(crate) fn judge(
        kind: &dyn Kind,
        json: &str,
        os: Os,
        reply: Result<Reply, Unknown>,
    ) -> Judged {
        let stop = AtomicBool::new(false);
        let judging = Judging {
            now: Timestamp::UNIX_EPOCH,
            zone: Some(TimeZone::UTC),
            os,
            stop: &stop,
        };
        let judged = kind.judge(&params(json), vec![reply], &judging);
        let spec = kind.spec();
        for fact in judged.facts.keys() {
            assert!(
                spec.facts.iter().any(|known| known.name == fact),
                "`{fact}` is no fact of {}",
                spec.name
            );
        }
        if let Judgement::Outcome(outcome) = &judged.judgement {
            let outcomes = kind.outcomes(&[], true);
            assert!(
                outcomes.iter().any(|known| outcome == known.name.as_str()),
                "`{outcome}` is no outcome of {}",
                spec.name
            );
            assert!(!judged.evidence.is_empty(), "{outcome} shows nothing");
        }
        judged
    }

    /// The outcome, or `unknown:` and why.
    pub(crate) fn end(judged: &Judged) -> String {
        match &judged.judgement {
            Judgement::Outcome(outcome) => outcome.to_string(),
            Judgement::Unknown(why) => format!("unknown: {why}"),
        }
    }

    pub(crate) fn facts(judged: &Judged) -> String {
        crate::finding::shown(&judged.facts).to_string()
    }

    /// The looks as JSON, or why there are none.
    pub(crate) fn looks(kind: &dyn Kind, json: &str) -> String {
        match kind.looks(&params(json)) {
            Ok(looks) => serde_json::to_string::<[Look]>(&looks).expect("looks are JSON"),
            Err(unknown) => unknown.detail,
        }
    }

    /// The commands, one a line.
    pub(crate) fn commands(kind: &dyn Kind, json: &str, os: Os) -> String {
        let commands: Vec<String> = kind
            .manual(&params(json), os)
            .into_iter()
            .map(|manual| manual.command)
            .collect();
        commands.join("\n")
    }

    /// What is shown, one excerpt a line.
    pub(crate) fn shown(judged: &Judged) -> String {
        let lines = judged.evidence.iter().map(|evidence| match &evidence.file {
            Some(file) => format!("{file}: {}", evidence.text),
            None => evidence.text.clone(),
        });
        lines.collect::<Vec<_>>().join("\n")
    }
}
