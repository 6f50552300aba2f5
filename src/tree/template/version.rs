//! Versions that compare as versions: `11.0.9` comes after `11.0.10` as text only.

use std::{cmp::Ordering, fmt, sync::Arc};

use minijinja::{
    Error, Value,
    value::{DynObject, Object, ObjectRepr},
};

use crate::tree::template::values;

/// A version as its parts: numbers and words, split at everything else and where one turns into the other.
#[derive(Debug)]
pub struct Version {
    written: String,
    parts: Vec<Part>,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    /// A word comes before a number: `1.0-rc` is older than `1.0.0`.
    Word(String),
    Number(u64),
}

impl Version {
    pub fn parse(text: &str) -> Self {
        let mut parts = Vec::new();
        let mut rest = text.trim();
        while let Some(first) = rest.chars().next() {
            let digits = first.is_ascii_digit();
            let end = rest
                .find(|c: char| {
                    if digits {
                        !c.is_ascii_digit()
                    } else {
                        !c.is_ascii_alphabetic()
                    }
                })
                .unwrap_or(rest.len());
            if end == 0 {
                rest = &rest[first.len_utf8()..];
                continue;
            }
            parts.push(if digits {
                Part::Number(rest[..end].parse().unwrap_or(u64::MAX))
            } else {
                Part::Word(rest[..end].to_lowercase())
            });
            rest = &rest[end..];
        }
        Self {
            written: text.to_owned(),
            parts,
        }
    }

    /// Missing parts count as zero.
    pub fn compare(&self, other: &Self) -> Ordering {
        let zero = Part::Number(0);
        (0..self.parts.len().max(other.parts.len()))
            .map(|at| {
                self.parts
                    .get(at)
                    .unwrap_or(&zero)
                    .cmp(other.parts.get(at).unwrap_or(&zero))
            })
            .find(|ordering| ordering.is_ne())
            .unwrap_or(Ordering::Equal)
    }
}

impl Object for Version {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn custom_cmp(self: &Arc<Self>, other: &DynObject) -> Option<Ordering> {
        other
            .downcast_ref::<Version>()
            .map(|other| self.compare(other))
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}

/// `x | version`: compares as a version, also with a text.
pub fn filter(value: &Value) -> Result<Value, Error> {
    Ok(Value::from_object(Version::parse(&values::printed(value)?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_by_part() {
        let check = |left: &str, right: &str, expected: Ordering| {
            assert_eq!(
                Version::parse(left).compare(&Version::parse(right)),
                expected,
                "{left} and {right}"
            );
        };
        check("11.0.9", "11.0.10", Ordering::Less);
        check("11", "11.0.0", Ordering::Equal);
        check("1.8.0_292", "11.0.9", Ordering::Less);
        check("17.0.1+12", "17.0.1", Ordering::Greater);
        check("2.0-rc1", "2.0", Ordering::Less);
        check("v2", "v10", Ordering::Less);
        check("99999999999999999999999", "1", Ordering::Greater);
    }
}
