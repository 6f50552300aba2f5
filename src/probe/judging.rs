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
