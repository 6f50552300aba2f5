//! Regular expressions that are held to one line, and their form for `grep`.
//!
//! Many lines are searched at once, so that a class that takes a line break (`\s`, `[^x]`) would run on into the next
//! line. Here no expression takes one, and `^` and `$` stand at the line's own ends.

use regex::bytes::{Regex, RegexBuilder};
use regex_syntax::{
    ParserBuilder,
    hir::{
        Capture, Class, ClassBytes, ClassBytesRange, ClassUnicode, ClassUnicodeRange, Hir, HirKind,
        Look, Repetition,
    },
};

use crate::{finding::Unknown, probe::params::senseless};

/// The most memory that one compiled pattern takes, in bytes.
pub const PATTERN_BYTES: usize = 1 << 20;
/// Levels of groups.
const MAX_DEPTH: u32 = 100;

/// One expression, compiled.
#[derive(Debug, Clone)]
pub struct Expression {
    /// As it was written.
    pub source: String,
    /// Held to one line.
    pub hir: Hir,
    pub regex: Regex,
}

impl Expression {
    /// `name` is the parameter that an error names; `case` minds upper and lower case.
    pub fn new(name: &str, source: &str, case: bool) -> Result<Self, Unknown> {
        let hir = parse(source, case).map_err(|why| {
            senseless(name, &format!("`{source}` is no regular expression: {why}"))
        })?;
        let hir = one_line(&hir);
        let regex = RegexBuilder::new(&hir.to_string())
            .size_limit(PATTERN_BYTES)
            .build()
            .map_err(|error| match error {
                regex::Error::CompiledTooBig(_) => senseless(
                    name,
                    &format!("the pattern takes more than {PATTERN_BYTES} bytes"),
                ),
                error => senseless(name, &last_line(&error.to_string())),
            })?;
        Ok(Self {
            source: source.to_owned(),
            hir,
            regex,
        })
    }

    pub fn is_match(&self, line: &[u8]) -> bool {
        self.regex.is_match(line)
    }

    /// An extended regular expression that finds at least the same lines, for `grep -E` and for .NET.
    pub fn for_grep(&self) -> String {
        let mut out = String::new();
        // As it was written, or letters would stand as `[Aa]`.
        if let Ok(hir) = parse(&self.source, true) {
            write_extended(&hir, &mut out);
        }
        out
    }
}

/// The expression without its groups' names, which may be the same in two of them.
pub fn without_captures(hir: &Hir) -> Hir {
    map(hir, &|kind| match kind {
        HirKind::Capture(capture) => Some(without_captures(&capture.sub)),
        _ => None,
    })
}

fn parse(source: &str, case: bool) -> Result<Hir, String> {
    let mut builder = ParserBuilder::new();
    builder
        .case_insensitive(!case)
        .multi_line(true)
        .crlf(true)
        .nest_limit(MAX_DEPTH);
    builder
        .build()
        .parse(source)
        .map_err(|error| last_line(&error.to_string()))
}

fn last_line(error: &str) -> String {
    error
        .lines()
        .last()
        .unwrap_or_default()
        .trim_start_matches("error: ")
        .to_owned()
}

fn one_line(hir: &Hir) -> Hir {
    map(hir, &|kind| match kind {
        HirKind::Literal(literal) if literal.0.contains(&b'\n') => Some(Hir::fail()),
        HirKind::Class(Class::Unicode(class)) => {
            let mut class = class.clone();
            class.difference(&ClassUnicode::new([ClassUnicodeRange::new('\n', '\n')]));
            Some(Hir::class(Class::Unicode(class)))
        }
        HirKind::Class(Class::Bytes(class)) => {
            let mut class = class.clone();
            class.difference(&ClassBytes::new([ClassBytesRange::new(b'\n', b'\n')]));
            Some(Hir::class(Class::Bytes(class)))
        }
        HirKind::Look(Look::Start | Look::StartLF) => Some(Hir::look(Look::StartCRLF)),
        HirKind::Look(Look::End | Look::EndLF) => Some(Hir::look(Look::EndCRLF)),
        _ => None,
    })
}

/// A copy in which `change` may put something else in any place. As deep as the parser's bound.
fn map(hir: &Hir, change: &dyn Fn(&HirKind) -> Option<Hir>) -> Hir {
    if let Some(changed) = change(hir.kind()) {
        return changed;
    }
    match hir.kind() {
        HirKind::Repetition(repetition) => {
            let sub = Box::new(map(&repetition.sub, change));
            Hir::repetition(Repetition {
                sub,
                ..repetition.clone()
            })
        }
        HirKind::Capture(capture) => {
            let sub = Box::new(map(&capture.sub, change));
            Hir::capture(Capture {
                sub,
                ..capture.clone()
            })
        }
        HirKind::Concat(parts) => Hir::concat(parts.iter().map(|part| map(part, change)).collect()),
        HirKind::Alternation(parts) => {
            Hir::alternation(parts.iter().map(|part| map(part, change)).collect())
        }
        _ => hir.clone(),
    }
}

fn write_extended(hir: &Hir, out: &mut String) {
    match hir.kind() {
        HirKind::Empty => {}
        HirKind::Look(Look::Start | Look::StartLF | Look::StartCRLF) => out.push('^'),
        // A line of Windows ends in a carriage return, which `$` of grep does not pass.
        HirKind::Look(_) => {}
        HirKind::Literal(literal) => {
            for c in String::from_utf8_lossy(&literal.0).chars() {
                match c {
                    c if r"\.[](){}*+?|^$".contains(c) => out.extend(['\\', c]),
                    c if c.is_control() => out.push('.'),
                    c => out.push(c),
                }
            }
        }
        HirKind::Class(class) => write_class(class, out),
        HirKind::Repetition(Repetition { min, max, sub, .. }) => {
            out.push('(');
            write_extended(sub, out);
            out.push(')');
            *out += &match (min, max) {
                (0, None) => "*".to_owned(),
                (1, None) => "+".to_owned(),
                (0, Some(1)) => "?".to_owned(),
                // grep's own bound is 255.
                (min, None) => format!("{{{},}}", min.min(&255)),
                (min, Some(max)) if *max > 255 => format!("{{{},}}", min.min(&255)),
                (min, Some(max)) => format!("{{{min},{max}}}"),
            };
        }
        HirKind::Capture(capture) => write_extended(&capture.sub, out),
        HirKind::Concat(parts) => parts.iter().for_each(|part| write_extended(part, out)),
        HirKind::Alternation(parts) => {
            out.push('(');
            for (index, part) in parts.iter().enumerate() {
                if index > 0 {
                    out.push('|');
                }
                write_extended(part, out);
            }
            out.push(')');
        }
    }
}

/// Letters and digits as they are; what cannot stand in brackets everywhere becomes any character.
fn write_class(class: &Class, out: &mut String) {
    let ranges: Vec<(char, char)> = match class {
        Class::Unicode(class) => class
            .iter()
            .map(|range| (range.start(), range.end()))
            .collect(),
        Class::Bytes(class) => class
            .iter()
            .map(|range| (range.start().into(), range.end().into()))
            .collect(),
    };
    // `\d` and `\w` reach over all scripts: their part of ASCII stands for them.
    let (ascii, beyond): (Vec<_>, Vec<_>) = ranges
        .iter()
        .partition(|(from, to)| from.is_ascii() && to.is_ascii());
    let plain = |c: &char| c.is_ascii_alphanumeric() || *c == '_';
    let all_plain = ascii.iter().all(|(from, to)| plain(from) && plain(to));
    let digits_of_all_scripts = ascii.as_slice() == [('0', '9')] && !beyond.is_empty();
    if all_plain && !ascii.is_empty() && (beyond.is_empty() || digits_of_all_scripts) {
        out.push('[');
        for (from, to) in ascii {
            out.push(from);
            if from != to {
                out.extend(['-', to]);
            }
        }
        out.push(']');
    } else {
        out.push('.');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_stay_on_their_line() {
        let check = |source: &str, case, text: &str, expected: Option<&str>| {
            let expression = Expression::new("match", source, case).expect("a regular expression");
            let found = expression
                .regex
                .find(text.as_bytes())
                .map(|found| &text[found.range()]);
            assert_eq!(found, expected, "{source} in {text:?}");
        };
        check("b", false, "aB", Some("B"));
        check("b", true, "aB", None);
        check(r"a\s+b", false, "a\nb", None);
        check(r"a[^x]*b", false, "a\nb ab", Some("ab"));
        check(r"a(?s:.)*b", false, "a\nb", None);
        check(r"^b", false, "a\r\nb\r\n", Some("b"));
        check(r"(?-m)^b", false, "a\nb", Some("b"));
        check(r"\Ab\z", false, "a\nb\nc", Some("b"));
        check(r"a$", false, "a\r\n", Some("a"));
        check(r"a\nb", false, "a\nb", None);
        check(r"üb", false, "ÜB", Some("ÜB"));
    }

    #[test]
    fn errors_name_the_parameter() {
        let check = |source: &str, expected: &str| {
            let error = Expression::new("patterns.x", source, false)
                .map(|_| ())
                .map_err(|unknown| unknown.detail);
            assert_eq!(error, Err(expected.to_owned()));
        };
        check(
            "a(b",
            "parameter `patterns.x`: `a(b` is no regular expression: unclosed group",
        );
        check(
            "(a{1000}){1000}",
            "parameter `patterns.x`: the pattern takes more than 1048576 bytes",
        );
        let deep = format!("{}a{}", "(".repeat(200), ")".repeat(200));
        let error = Expression::new("p", &deep, false)
            .map(|_| ())
            .map_err(|unknown| unknown.detail);
        assert!(error.is_err_and(|why| why.contains("100")));
    }

    #[test]
    fn forms_for_grep() {
        let check = |source: &str, expected: &str| {
            let expression = Expression::new("match", source, false).expect("a regular expression");
            assert_eq!(expression.for_grep(), expected, "{source}");
        };
        check("Status code=401", "Status code=401");
        check(
            r"a\.b (c|d)?",
            r"a\.b ((c|d))?".replace("(c|d)", "[c-d]").as_str(),
        );
        check(r"code=(?<code>\d+)", "code=([0-9])+");
        check(r"\w+ .*?x$", "(.)+ (.)*x");
        check(r"^ab{2,5}|it's", "(^a(b){2,5}|it's)");
        check(r"[0-9a-f]{8}", "([0-9a-f]){8,8}");
        check(r"\bfoo\b", "foo");
        check(r"a\tb", "a.b");
    }
}
