//! The tests and filters of trees. A test may look at a secret's text and says yes or no; a filter never does.
//!
//! Unknown is never no: a missing value, or two values of different kinds, have no order and no equality. They are an
//! error, and the case that compares them is unknown.

use std::cmp::Ordering;

use jiff::{SignedDuration, Timestamp, civil::DateTime, tz::TimeZone};
use minijinja::{
    Error, ErrorKind, State, Value,
    value::{Rest, ValueKind},
};

use crate::tree::{
    template::{
        MAX_RESULT, context, environment,
        values::{self, forgotten, is_secret, tested},
        version::Version,
    },
    words,
};

fn refused(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidOperation, message.into())
}

fn present(value: &Value) -> Result<&Value, Error> {
    if value.is_undefined() {
        Err(Error::from(ErrorKind::UndefinedError))
    } else {
        Ok(value)
    }
}

fn kind(value: &Value) -> &'static str {
    match value.kind() {
        ValueKind::Bool => "a boolean",
        ValueKind::Number => "a number",
        ValueKind::String => "a text",
        ValueKind::Seq | ValueKind::Iterable => "a list",
        ValueKind::Map => "a map",
        ValueKind::None => "none",
        _ if is_secret(value) => "a secret",
        _ => "a value",
    }
}

fn different(left: &Value, right: &Value) -> Error {
    refused(format!(
        "{} and {} cannot be compared",
        kind(left),
        kind(right)
    ))
}

fn equal(left: &Value, right: &Value) -> Result<bool, Error> {
    if left.is_none() || right.is_none() {
        return Ok(left.is_none() && right.is_none());
    }
    present(left)?;
    present(right)?;
    if values::version(left).is_some() || values::version(right).is_some() {
        return Ok(order(left, right)?.is_eq());
    }
    if let (Some(left), Some(right)) = (tested(left), tested(right)) {
        return Ok(left == right);
    }
    match (forgotten(left), forgotten(right)) {
        // The same secret has the same token; that two have two tokens proves nothing.
        (Some(left), Some(right)) if left == right => return Ok(true),
        (None, None) => {}
        _ => return Err(not_kept()),
    }
    match (left.kind(), right.kind()) {
        (ValueKind::Seq | ValueKind::Iterable, ValueKind::Seq | ValueKind::Iterable) => {
            for item in left.try_iter()?.chain(right.try_iter()?) {
                present(&item)?;
            }
            Ok(left == right)
        }
        (a, b) if a == b && !is_secret(left) && !is_secret(right) => Ok(left == right),
        _ => Err(different(left, right)),
    }
}

fn order(left: &Value, right: &Value) -> Result<Ordering, Error> {
    present(left)?;
    present(right)?;
    if is_secret(left) || is_secret(right) {
        return Err(refused(
            "a secret has no order: it can be compared with `==`, matched and asked whether it is empty",
        ));
    }
    match (values::version(left), values::version(right)) {
        (Some(left), Some(right)) => return Ok(left.compare(right)),
        (Some(left), None) => return Ok(left.compare(&Version::parse(&values::printed(right)?))),
        (None, Some(right)) => return Ok(Version::parse(&values::printed(left)?).compare(right)),
        (None, None) => {}
    }
    if let (Some(left), Some(right)) = (tested(left), tested(right)) {
        return Ok(left.cmp(right));
    }
    match (left.kind(), right.kind()) {
        (ValueKind::Number, ValueKind::Number) | (ValueKind::Seq, ValueKind::Seq) => {
            Ok(left.cmp(right))
        }
        _ => Err(different(left, right)),
    }
}

pub fn eq(left: &Value, right: &Value) -> Result<bool, Error> {
    equal(left, right)
}

pub fn ne(left: &Value, right: &Value) -> Result<bool, Error> {
    Ok(!equal(left, right)?)
}

pub fn lt(left: &Value, right: &Value) -> Result<bool, Error> {
    Ok(order(left, right)?.is_lt())
}

pub fn le(left: &Value, right: &Value) -> Result<bool, Error> {
    Ok(order(left, right)?.is_le())
}

pub fn gt(left: &Value, right: &Value) -> Result<bool, Error> {
    Ok(order(left, right)?.is_gt())
}

pub fn ge(left: &Value, right: &Value) -> Result<bool, Error> {
    Ok(order(left, right)?.is_ge())
}

/// `item in container`: a part of a text, an item of a list, a key of a map.
pub fn is_in(item: &Value, container: &Value) -> Result<bool, Error> {
    present(item)?;
    present(container)?;
    if is_secret(container) || is_secret(item) && !is_list(container) {
        return Err(refused(
            "a secret cannot be searched: use `is matches(…)` or `==`",
        ));
    }
    if let Some(text) = tested(container) {
        return match tested(item) {
            Some(item) => Ok(text.contains(item)),
            None => Err(different(item, container)),
        };
    }
    match container.kind() {
        ValueKind::Map => Ok(!container.get_item(item)?.is_undefined()),
        ValueKind::Seq | ValueKind::Iterable => {
            let mut missing = None;
            for other in container.try_iter()? {
                if let Err(error) = present(&other) {
                    missing = Some(error);
                    continue;
                }
                // As `==` says, with a secret too; an item of another kind is another item.
                match equal(item, &other) {
                    Ok(true) => return Ok(true),
                    Err(error) if forgotten(item).or(forgotten(&other)).is_some() => {
                        missing = Some(error);
                    }
                    _ => {}
                }
            }
            // What is not there could have been the one.
            missing.map_or(Ok(false), Err)
        }
        _ => Err(refused(format!("nothing can be in {}", kind(container)))),
    }
}

fn is_list(value: &Value) -> bool {
    matches!(value.kind(), ValueKind::Seq | ValueKind::Iterable)
}

fn not_kept() -> Error {
    refused("the text of this secret was not kept")
}

fn text_of(value: &Value) -> Result<&str, Error> {
    if forgotten(value).is_some() {
        return Err(not_kept());
    }
    tested(present(value)?)
        .ok_or_else(|| refused(format!("this test wants a text, not {}", kind(value))))
}

pub fn starting_with(value: &Value, start: &Value) -> Result<bool, Error> {
    if let Some(secret) = forgotten(value) {
        // What says how a secret is kept stands in front of its token, such as `encrypted:`.
        let start = text_of(start)?;
        let front = secret.token().split('‹').next().unwrap_or_default();
        return match front.starts_with(start) {
            true => Ok(true),
            false if !start.starts_with(front) => Ok(false),
            false => Err(not_kept()),
        };
    }
    Ok(text_of(value)?.starts_with(text_of(start)?))
}

pub fn ending_with(value: &Value, end: &Value) -> Result<bool, Error> {
    Ok(text_of(value)?.ends_with(text_of(end)?))
}

/// `is matches('…')`: a regular expression anywhere in the text.
pub fn matches(value: &Value, pattern: &Value) -> Result<bool, Error> {
    let text = text_of(value)?;
    if is_secret(pattern) {
        return Err(refused("a secret is no regular expression"));
    }
    Ok(environment::pattern(text_of(pattern)?)
        .map_err(refused)?
        .is_match(text))
}

pub fn is_string(value: &Value) -> bool {
    tested(value).is_some()
}

/// Standard base64, padded, and not empty.
pub fn base64(value: &Value) -> Result<bool, Error> {
    let text = text_of(value)?.trim();
    let body = text.trim_end_matches('=');
    Ok(!body.is_empty()
        && text.len() % 4 == 0
        && text.len() - body.len() <= 2
        && body
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'+' || byte == b'/'))
}

/// `is older_than('30d')`: a time that lies further back than that. One that lies as far ahead has no age: two clocks differ by
/// more than is asked, so nobody knows. Neither is known of a local time whose zone could be on either side of the bound.
pub fn older_than(state: &State<'_, '_>, value: &Value, age: &str) -> Result<bool, Error> {
    present(value)?;
    let age = words::duration(age)
        .ok_or_else(|| refused(format!("`{age}` is no duration such as `30d`")))?;
    let now = state
        .lookup(context::NOW)
        .and_then(|now| now.as_i64())
        .and_then(|now| Timestamp::from_millisecond(now).ok())
        .ok_or_else(|| refused("what time it is is not known"))?;
    let (earliest, latest) =
        time(value).ok_or_else(|| refused(format!("{} is no time", kind(value))))?;
    let age = SignedDuration::try_from(age).map_err(|_| refused("the duration is too long"))?;
    let youngest = now.duration_since(latest);
    if youngest > age {
        return Ok(true);
    }
    if now.duration_since(earliest) > age {
        return Err(refused("the zone of that time is not known"));
    }
    if youngest < -age {
        return Err(refused("that time lies ahead: two clocks differ"));
    }
    Ok(false)
}

/// Between which two moments a time lies: one and the same for RFC 3339, for a date and time of UTC with a blank between
/// them, as tables have it, and for seconds since 1970. With `T` between them and no offset it is the local time of some
/// zone, from UTC+14 to UTC-12.
fn time(value: &Value) -> Option<(Timestamp, Timestamp)> {
    if let Some(seconds) = value.as_i64() {
        let at = Timestamp::from_second(seconds).ok()?;
        return Some((at, at));
    }
    let text = value.as_str()?.trim();
    if let Ok(at) = text.parse() {
        return Some((at, at));
    }
    let local: DateTime = text.parse().ok()?;
    let of = |hours| {
        let zone = TimeZone::fixed(jiff::tz::offset(hours));
        Some(local.to_zoned(zone).ok()?.timestamp())
    };
    if text.contains('T') {
        Some((of(14)?, of(-12)?))
    } else {
        Some((of(0)?, of(0)?))
    }
}

/// MiniJinja's `join` with a bound.
pub fn join(list: &Value, rest: Rest<String>) -> Result<String, Error> {
    present(list)?;
    let between = rest.first().map_or("", String::as_str);
    let mut out = String::new();
    for (at, item) in list.try_iter()?.enumerate() {
        if at > 0 {
            out.push_str(between);
        }
        out.push_str(&values::printed(&item)?);
        if out.len() > MAX_RESULT {
            return Err(too_large());
        }
    }
    Ok(out)
}

/// MiniJinja's `replace` with a bound.
pub fn replace(text: &Value, from: &str, to: &str) -> Result<String, Error> {
    let text = values::printed(text)?;
    let found = if from.is_empty() {
        text.chars().count() + 1
    } else {
        text.matches(from).count()
    };
    if text.len().saturating_add(found.saturating_mul(to.len())) > MAX_RESULT {
        return Err(too_large());
    }
    Ok(text.replace(from, to))
}

/// A value as a part of a URL's path or query: all but letters, digits and `-._~` as `%XX`.
pub fn urlencode(value: &Value) -> Result<String, Error> {
    let text = values::printed(present(value)?)?;
    if text.len().saturating_mul(3) > MAX_RESULT {
        return Err(too_large());
    }
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                out.push(char::from(byte));
            }
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    Ok(out)
}

pub fn too_large() -> Error {
    refused(format!(
        "the result is larger than {} KiB",
        MAX_RESULT / 1024
    ))
}
