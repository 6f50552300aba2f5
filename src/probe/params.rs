//! Rendered parameters read as what they should be. What makes no sense is an error that names the parameter.
//!
//! An empty text counts as not given: that is how an optional input that nobody filled in renders.

mod network;

use std::{collections::BTreeMap, ops::RangeInclusive, time::Duration};

use indexmap::IndexMap;
use regex::{Regex, RegexBuilder};

use crate::{
    finding::{Facts, Reason, Unknown, Value},
    probe::{Params, duration, size},
};

/// The most memory that one compiled pattern may take.
const PATTERN_BYTES: usize = 1 << 20;

/// What a probe was given.
#[derive(Clone, Copy)]
pub(super) struct Given<'a>(pub &'a Params);

impl<'a> Given<'a> {
    /// The text, or a number as text.
    pub fn text(self, name: &str) -> Result<Option<String>, Unknown> {
        self.0.get(name).map_or(Ok(None), |value| text(name, value))
    }

    pub fn required(self, name: &str) -> Result<String, Unknown> {
        self.text(name)?.ok_or_else(|| senseless(name, "is empty"))
    }

    /// One text or a list of texts; empty ones are left out, and at least one has to be there.
    pub fn texts(self, name: &str) -> Result<Vec<String>, Unknown> {
        let texts = self.any_texts(name)?;
        if texts.is_empty() {
            Err(senseless(name, "is empty"))
        } else {
            Ok(texts)
        }
    }

    /// One text, a list of texts, or none; empty ones are left out.
    pub fn any_texts(self, name: &str) -> Result<Vec<String>, Unknown> {
        Ok(match self.0.get(name) {
            None => Vec::new(),
            Some(Value::List(list)) => {
                let texts: Result<Vec<_>, _> = list.iter().map(|value| text(name, value)).collect();
                texts?.into_iter().flatten().collect()
            }
            Some(value) => text(name, value)?.into_iter().collect(),
        })
    }

    /// Paths to look at. A device's path is none.
    pub fn paths(self, name: &str) -> Result<Vec<String>, Unknown> {
        let paths = self.texts(name)?;
        paths
            .iter()
            .try_for_each(|path| path_makes_sense(name, path))?;
        Ok(paths)
    }

    pub fn path(self, name: &str) -> Result<Option<String>, Unknown> {
        let path = self.text(name)?;
        path.iter()
            .try_for_each(|path| path_makes_sense(name, path))?;
        Ok(path)
    }

    /// Bytes.
    pub fn size(self, name: &str) -> Result<u64, Unknown> {
        let size = self.required(name)?;
        size::parse(&size).ok_or_else(|| {
            senseless(
                name,
                &format!("`{size}` is no size such as `500MB` or `2GiB`"),
            )
        })
    }

    /// How long; `None` where nothing is said.
    pub fn duration(self, name: &str) -> Result<Option<Duration>, Unknown> {
        let Some(text) = self.text(name)? else {
            return Ok(None);
        };
        let duration = duration::parse(&text).ok_or_else(|| {
            senseless(
                name,
                &format!("`{text}` is no duration such as `30s`, `5m` or `2h`"),
            )
        })?;
        Ok(Some(duration))
    }

    /// A whole number within these bounds; `None` where nothing is said.
    pub fn whole(self, name: &str, bounds: RangeInclusive<u32>) -> Result<Option<u32>, Unknown> {
        let Some(text) = self.text(name)? else {
            return Ok(None);
        };
        match text.trim().parse() {
            Ok(number) if bounds.contains(&number) => Ok(Some(number)),
            _ => Err(senseless(
                name,
                &format!(
                    "`{text}` is no whole number from {} to {}",
                    bounds.start(),
                    bounds.end()
                ),
            )),
        }
    }

    /// A map from name to text.
    pub fn map(self, name: &str) -> Result<BTreeMap<String, String>, Unknown> {
        self.entries(name)?
            .into_iter()
            .flatten()
            .map(|(key, value)| match value {
                Value::Map(_) | Value::Secret(_) => {
                    Err(senseless(name, "secrets stand in `login` and `via` alone"))
                }
                value => Ok((key.clone(), text(name, value)?.unwrap_or_default())),
            })
            .collect()
    }

    /// A regular expression, upper and lower case being one.
    pub fn pattern(self, name: &str) -> Result<Regex, Unknown> {
        pattern(name, &self.required(name)?)
    }

    /// Regular expressions by name.
    pub fn captures(self, name: &str) -> Result<IndexMap<String, Regex>, Unknown> {
        let entries = self.entries(name)?.into_iter().flatten();
        entries
            .map(|(key, value)| {
                let place = format!("{name}.{key}");
                let source = text(&place, value)?.ok_or_else(|| senseless(&place, "is empty"))?;
                Ok((key.clone(), pattern(&place, &source)?))
            })
            .collect()
    }

    fn entries(self, name: &str) -> Result<Option<&'a Facts>, Unknown> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Text(text)) if text.is_empty() => Ok(None),
            Some(Value::Map(map)) => Ok(Some(map)),
            Some(_) => Err(senseless(name, "is not a map")),
        }
    }
}

/// The finding of a parameter that makes no sense.
pub(super) fn senseless(name: &str, why: &str) -> Unknown {
    Unknown::new(Reason::Other, format!("parameter `{name}`: {why}"))
}

/// The parameter and the reason that [`senseless`] made a finding of.
pub(super) fn refused(unknown: &Unknown) -> Option<(&str, &str)> {
    unknown
        .detail
        .strip_prefix("parameter `")?
        .split_once("`: ")
}

fn text(name: &str, value: &Value) -> Result<Option<String>, Unknown> {
    let text = match value {
        Value::Null => return Ok(None),
        Value::Text(text) => text.clone(),
        Value::Int(number) => number.to_string(),
        Value::Float(number) => number.to_string(),
        Value::Bool(truth) => truth.to_string(),
        // An input of type `url` is a map that reads as its address.
        Value::Map(map) => match map.get("url") {
            Some(Value::Text(url)) => url.clone(),
            _ => return Err(senseless(name, "is a map, not a text")),
        },
        Value::List(_) => return Err(senseless(name, "is a list, not a text")),
        Value::Secret(_) => {
            return Err(senseless(name, "secrets stand in `login` and `via` alone"));
        }
    };
    if text.contains('\0') {
        return Err(senseless(name, "has a NUL in it"));
    }
    Ok((!text.trim().is_empty()).then_some(text))
}

/// Opening a device's path could do more than look.
fn path_makes_sense(name: &str, path: &str) -> Result<(), Unknown> {
    let slashes = path.replace('/', "\\");
    if slashes.starts_with(r"\\.\") || slashes.starts_with(r"\\?\") || slashes.starts_with(r"\??\")
    {
        return Err(senseless(
            name,
            &format!("`{path}` is the path of a device"),
        ));
    }
    // Some systems allow it, and yet nobody means it: that nothing is there would say nothing.
    if path.contains(char::is_control) {
        return Err(senseless(
            name,
            r"has a control character in it, such as YAML makes of `\n` and `\t` between double quotes",
        ));
    }
    Ok(())
}

fn pattern(name: &str, source: &str) -> Result<Regex, Unknown> {
    RegexBuilder::new(source)
        .case_insensitive(true)
        .multi_line(true)
        .size_limit(PATTERN_BYTES)
        .build()
        .map_err(|error| match error {
            regex::Error::CompiledTooBig(_) => senseless(
                name,
                &format!("the pattern takes more than {PATTERN_BYTES} bytes"),
            ),
            error => {
                let error = error.to_string();
                let why = error.lines().last().unwrap_or_default();
                senseless(
                    name,
                    &format!(
                        "`{source}` is no regular expression: {}",
                        why.trim_start_matches("error: ")
                    ),
                )
            }
        })
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(crate) fn params(json: &str) -> Params {
        serde_json::from_str(json).expect("valid JSON in this test")
    }

    pub(crate) fn check<T>(
        json: &str,
        read: impl Fn(Given<'_>) -> Result<T, Unknown>,
        expected: Result<T, &str>,
    ) where
        T: PartialEq + std::fmt::Debug,
    {
        let got = read(Given(&params(json))).map_err(|unknown| unknown.detail);
        assert_eq!(got, expected.map_err(str::to_owned), "{json}");
    }

    #[test]
    fn lists_and_paths() {
        let paths = |given: Given<'_>| given.paths("path");
        check(r#"{"path": "/a"}"#, paths, Ok(vec!["/a".to_owned()]));
        check(
            r#"{"path": ["/a", "", "/b"]}"#,
            paths,
            Ok(vec!["/a".to_owned(), "/b".to_owned()]),
        );
        check(
            r#"{"path": [""]}"#,
            paths,
            Err("parameter `path`: is empty"),
        );
        check(
            r#"{"path": ["//./PhysicalDrive0"]}"#,
            paths,
            Err("parameter `path`: `//./PhysicalDrive0` is the path of a device"),
        );
        check(
            r#"{"path": ["a\u0000b"]}"#,
            paths,
            Err("parameter `path`: has a NUL in it"),
        );
        check(
            r#"{"path": ["C:\\temp\\new", "C:\\temp\u0009new"]}"#,
            paths,
            Err(
                r"parameter `path`: has a control character in it, such as YAML makes of `\n` and `\t` between double quotes",
            ),
        );
    }

    #[test]
    fn durations_and_whole_numbers() {
        let allow = |given: Given<'_>| given.duration("allow");
        check(
            r#"{"allow": "5m"}"#,
            allow,
            Ok(Some(Duration::from_secs(300))),
        );
        check(r#"{"allow": ""}"#, allow, Ok(None));
        check(
            r#"{"allow": "soon"}"#,
            allow,
            Err("parameter `allow`: `soon` is no duration such as `30s`, `5m` or `2h`"),
        );
        let count = |given: Given<'_>| given.whole("count", 1..=20);
        check(r#"{"count": 20}"#, count, Ok(Some(20)));
        check(r#"{"count": " 7 "}"#, count, Ok(Some(7)));
        check(r#"{}"#, count, Ok(None));
        for (bad, shown) in [("0", "0"), ("21", "21"), ("\"-1\"", "-1"), ("1.5", "1.5")] {
            check(
                &format!(r#"{{"count": {bad}}}"#),
                count,
                Err(&format!(
                    "parameter `count`: `{shown}` is no whole number from 1 to 20"
                )),
            );
        }
    }

    #[test]
    fn patterns() {
        let finds = |given: Given<'_>| {
            given
                .pattern("match")
                .map(|pattern| pattern.is_match("Glide-Dist"))
        };
        check(r#"{"match": "glide-d"}"#, finds, Ok(true));
        check(
            r#"{"match": "("}"#,
            finds,
            Err("parameter `match`: `(` is no regular expression: unclosed group"),
        );
        check(
            r#"{"match": "(a{1000}){1000}"}"#,
            finds,
            Err("parameter `match`: the pattern takes more than 1048576 bytes"),
        );
    }
}
