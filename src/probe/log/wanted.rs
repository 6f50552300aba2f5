//! What a log probe's parameters ask for, compiled.

use jiff::SignedDuration;

use crate::{
    finding::{Unknown, Value},
    host::TextGlob,
    probe::{
        Params, duration,
        log::{patterns::Expression, stamps::Stamps},
        params::{Given, senseless},
    },
};

/// Names that a pattern cannot have, since facts of the whole have them.
pub const TAKEN: &[&str] = &["started", "gaps"];

/// Lines that `within` and `context` may reach.
const MAX_WITHIN: i64 = 1000;
const MAX_CONTEXT: i64 = 50;
/// Excerpts of one pattern.
const MAX_EXCERPTS: i64 = 50;

#[derive(Debug)]
pub struct Wanted {
    pub globs: Vec<String>,
    /// What is there wherever the logs would be; empty where the tree names nothing.
    pub beside: Vec<String>,
    pub patterns: Vec<Pattern>,
    pub start: Option<Expression>,
    pub since: Option<SignedDuration>,
    /// Formats; see [`Stamps`].
    pub stamps: Vec<String>,
    pub pick: Pick,
    pub case: bool,
    /// Lines shown before and after a hit.
    pub context: usize,
    /// Excerpts of each pattern.
    pub limit: usize,
}

/// Which of several matching patterns names the outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pick {
    /// The one that is listed first.
    First,
    /// The one that matched last in time.
    Latest,
}

#[derive(Debug)]
pub struct Pattern {
    /// snake_case, as it is written.
    pub name: String,
    pub expression: Expression,
    pub near: Option<Expression>,
    /// Lines before or after within which `near` must match.
    pub within: usize,
    /// Files that count; `None`: all.
    pub only: Option<TextGlob>,
}

impl Pattern {
    pub fn outcome(&self) -> String {
        self.name.replace('_', "-")
    }
}

impl Wanted {
    pub fn new(params: &Params) -> Result<Self, Unknown> {
        let given = Given(params);
        let case = boolean(params, "case", false)?;
        let stamps = optional_texts(params, "stamps")?;
        Stamps::check(&stamps)?;
        let since = given.text("since")?.map(|text| since(&text)).transpose()?;
        if since.is_some() && stamps.is_empty() {
            return Err(senseless("since", "needs `stamps`, or no line has a time"));
        }
        let pick = match given.text("pick")?.as_deref() {
            None | Some("first") => Pick::First,
            Some("latest") => Pick::Latest,
            Some(other) => {
                return Err(senseless(
                    "pick",
                    &format!("`{other}` is neither `first` nor `latest`"),
                ));
            }
        };
        let start = given
            .text("start")?
            .map(|source| Expression::new("start", &source, case))
            .transpose()?;
        Ok(Self {
            globs: given.paths("files")?,
            beside: if params.contains_key("beside") {
                given.paths("beside")?
            } else {
                Vec::new()
            },
            patterns: patterns(params, case)?,
            start,
            since,
            stamps,
            pick,
            case,
            context: count(params, "context", 2, MAX_CONTEXT)?,
            limit: count(params, "limit", 3, MAX_EXCERPTS)?,
        })
    }

    /// How many lines around a hit must be in sight.
    pub fn reach(&self) -> usize {
        let near = self
            .patterns
            .iter()
            .filter(|pattern| pattern.near.is_some())
            .map(|pattern| pattern.within)
            .max();
        self.context.max(near.unwrap_or(0))
    }
}

fn patterns(params: &Params, case: bool) -> Result<Vec<Pattern>, Unknown> {
    let Some(Value::Map(map)) = params.get("patterns") else {
        return Err(senseless(
            "patterns",
            "is no map from name to regular expression",
        ));
    };
    let patterns: Result<Vec<Pattern>, Unknown> = map
        .iter()
        .map(|(name, value)| {
            let place = format!("patterns.{name}");
            if TAKEN.contains(&name.as_str()) {
                return Err(senseless(&place, "is the name of another fact"));
            }
            match value {
                Value::Map(map) => pattern(name, &place, map, case),
                Value::Text(source) => Ok(Pattern {
                    name: name.clone(),
                    expression: Expression::new(&place, source, case)?,
                    near: None,
                    within: 0,
                    only: None,
                }),
                _ => Err(senseless(&place, "is no regular expression")),
            }
        })
        .collect();
    match patterns {
        Ok(patterns) if patterns.is_empty() => Err(senseless("patterns", "is empty")),
        patterns => patterns,
    }
}

fn pattern(name: &str, place: &str, map: &Params, case: bool) -> Result<Pattern, Unknown> {
    let text = |key: &str| match map.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Text(text)) if text.is_empty() => Ok(None),
        Some(Value::Text(text)) => Ok(Some(text.as_str())),
        Some(_) => Err(senseless(&format!("{place}.{key}"), "is no text")),
    };
    if let Some(other) = map
        .keys()
        .find(|key| !["match", "near", "within", "in"].contains(&key.as_str()))
    {
        return Err(senseless(
            &format!("{place}.{other}"),
            "is none of `match`, `near`, `within`, `in`",
        ));
    }
    let source = text("match")?.ok_or_else(|| senseless(&format!("{place}.match"), "is empty"))?;
    let near = text("near")?
        .map(|near| Expression::new(&format!("{place}.near"), near, case))
        .transpose()?;
    Ok(Pattern {
        name: name.to_owned(),
        expression: Expression::new(&format!("{place}.match"), source, case)?,
        near,
        within: number(&format!("{place}.within"), map.get("within"), 5, MAX_WITHIN)?,
        only: text("in")?.map(TextGlob::new),
    })
}

fn optional_texts(params: &Params, name: &str) -> Result<Vec<String>, Unknown> {
    match params.get(name) {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::List(list)) if list.is_empty() => Ok(Vec::new()),
        Some(_) => Given(params).texts(name),
    }
}

fn boolean(params: &Params, name: &str, default: bool) -> Result<bool, Unknown> {
    match params.get(name) {
        None | Some(Value::Null) => Ok(default),
        Some(Value::Bool(value)) => Ok(*value),
        Some(Value::Text(text)) if text == "true" => Ok(true),
        Some(Value::Text(text)) if text == "false" => Ok(false),
        Some(_) => Err(senseless(name, "is neither `true` nor `false`")),
    }
}

fn count(params: &Params, name: &str, default: usize, most: i64) -> Result<usize, Unknown> {
    number(name, params.get(name), default, most)
}

fn number(name: &str, value: Option<&Value>, default: usize, most: i64) -> Result<usize, Unknown> {
    let number = match value {
        None | Some(Value::Null) => return Ok(default),
        Some(Value::Int(number)) => Some(*number),
        Some(Value::Text(text)) => text.trim().parse().ok(),
        Some(_) => None,
    };
    let number = number
        .filter(|number| (0..=most).contains(number))
        .and_then(|number| usize::try_from(number).ok());
    number.ok_or_else(|| senseless(name, &format!("is no number from 0 to {most}")))
}

fn since(text: &str) -> Result<SignedDuration, Unknown> {
    duration::parse(text)
        .and_then(|since| SignedDuration::try_from(since).ok())
        .ok_or_else(|| {
            senseless(
                "since",
                &format!("`{text}` is no duration such as `30m`, `2h` or `7d`"),
            )
        })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(changes: serde_json::Value, expected: Result<(), &str>) {
        let mut json = json!({"files": "/logs/*.log", "patterns": {"refused": "no"}});
        for (name, value) in changes.as_object().expect("changes are a map") {
            json[name] = value.clone();
        }
        let Value::Map(params) = Value::from(json) else {
            panic!("parameters are a map")
        };
        let found = Wanted::new(&params)
            .map(|_| ())
            .map_err(|unknown| unknown.detail);
        assert_eq!(found, expected.map_err(str::to_owned));
    }

    #[test]
    fn parameters() {
        check(json!({}), Ok(()));
        check(
            json!({"case": "true", "context": "0", "limit": 5, "pick": "latest", "start": "up"}),
            Ok(()),
        );
        check(
            json!({"patterns": {"a": {"match": "x", "near": "y", "within": "15", "in": "agent*"}}}),
            Ok(()),
        );
        check(
            json!({"stamps": ["%Y-%m-%d %H:%M:%S"], "since": "7d"}),
            Ok(()),
        );
        check(
            json!({"stamps": ["%Y-%m-%d %H:%M:%S"], "since": "5min"}),
            Ok(()),
        );
        check(json!({"files": ""}), Err("parameter `files`: is empty"));
        check(
            json!({"patterns": {}}),
            Err("parameter `patterns`: is empty"),
        );
        check(
            json!({"patterns": "x"}),
            Err("parameter `patterns`: is no map from name to regular expression"),
        );
        check(
            json!({"patterns": {"a": "("}}),
            Err("parameter `patterns.a`: `(` is no regular expression: unclosed group"),
        );
        check(
            json!({"patterns": {"a": {"near": "x"}}}),
            Err("parameter `patterns.a.match`: is empty"),
        );
        check(
            json!({"patterns": {"a": {"match": "x", "nera": "y"}}}),
            Err("parameter `patterns.a.nera`: is none of `match`, `near`, `within`, `in`"),
        );
        check(
            json!({"patterns": {"started": "x"}}),
            Err("parameter `patterns.started`: is the name of another fact"),
        );
        check(
            json!({"since": "7d"}),
            Err("parameter `since`: needs `stamps`, or no line has a time"),
        );
        check(
            json!({"stamps": "%Y-%m-%d %H:%M:%S", "since": "soon"}),
            Err("parameter `since`: `soon` is no duration such as `30m`, `2h` or `7d`"),
        );
        check(
            json!({"stamps": "%H:%M"}),
            Err("parameter `stamps`: `%H:%M` is no format of a date with its time"),
        );
        check(
            json!({"pick": "last"}),
            Err("parameter `pick`: `last` is neither `first` nor `latest`"),
        );
        check(
            json!({"patterns": {"a": {"match": "x", "near": "y", "within": 1001}}}),
            Err("parameter `patterns.a.within`: is no number from 0 to 1000"),
        );
        check(
            json!({"context": 51}),
            Err("parameter `context`: is no number from 0 to 50"),
        );
        check(
            json!({"case": 1}),
            Err("parameter `case`: is neither `true` nor `false`"),
        );
    }
}
