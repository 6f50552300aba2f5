//! Literals of which a line must hold at least one for an expression to match in it, so that most lines are passed over
//! without asking the expression. Speaks of text in which ASCII letters are small; never asks an expression itself.

use regex_syntax::hir::{Class, ClassUnicode, Hir, HirKind, Repetition};

/// The fewest bytes of a literal; shorter ones are in nearly every line.
const SHORTEST: usize = 3;
/// The most bytes of a literal.
const LONGEST: usize = 32;
/// The most literals of one expression.
const MOST: usize = 32;
/// The most characters of a class that are told apart.
const CLASS: usize = 4;
/// Bytes of a literal that make it rare enough.
const ENOUGH: usize = 12;

/// Letters beyond ASCII that match ASCII letters where case is ignored: the long s and the sign for kelvin (the case
/// folding of Unicode has no others). No literal stands for them, so a line that holds one must be looked at.
pub const BEYOND: [char; 2] = ['\u{17f}', '\u{212a}'];

/// A disjunction of literals, small letters only.
type Literals = Vec<Vec<u8>>;

/// The literals of `expression`, or none where it has no good ones. What matches on a line without one of [`BEYOND`] holds
/// one of them after [`u8::to_ascii_lowercase`].
pub fn required(expression: &Hir) -> Option<Literals> {
    let all = found(expression).best?;
    let contains = |longer: &[u8], shorter: &[u8]| {
        longer != shorter && memchr::memmem::find(longer, shorter).is_some()
    };
    // Who looks for the shorter one finds the longer one too.
    let needed = all
        .iter()
        .filter(|literal| !all.iter().any(|other| contains(literal, other)));
    Some(needed.cloned().collect())
}

/// What is known of a part of an expression.
struct Found {
    /// All texts that it matches, where they are few.
    exact: Option<Literals>,
    /// The best literals of which each of its matches holds one.
    best: Option<Literals>,
}

impl Found {
    fn exact(texts: Literals) -> Self {
        Self {
            best: usable(&texts).then(|| texts.clone()),
            exact: Some(texts),
        }
    }

    fn nothing() -> Self {
        Self {
            exact: None,
            best: None,
        }
    }
}

/// As deep as the parser's bound.
fn found(hir: &Hir) -> Found {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => Found::exact(vec![Vec::new()]),
        HirKind::Literal(literal) => {
            let text = literal.0.to_ascii_lowercase();
            if text.len() <= LONGEST {
                return Found::exact(vec![text]);
            }
            Found {
                exact: None,
                best: Some(vec![text[..LONGEST].to_vec()]),
            }
        }
        HirKind::Class(Class::Unicode(class)) => {
            characters(class).map_or_else(Found::nothing, Found::exact)
        }
        HirKind::Class(Class::Bytes(_)) => Found::nothing(),
        HirKind::Capture(capture) => found(&capture.sub),
        HirKind::Repetition(repetition) => repeated(repetition),
        HirKind::Concat(parts) => concatenated(parts),
        HirKind::Alternation(parts) => either(parts),
    }
}

fn repeated(repetition: &Repetition) -> Found {
    let sub = found(&repetition.sub);
    match (repetition.min, repetition.max) {
        (0, Some(1)) => Found {
            exact: sub.exact.and_then(|texts| union([texts, vec![Vec::new()]])),
            best: None,
        },
        (0, _) => Found::nothing(),
        (1, Some(1)) => sub,
        _ => Found {
            exact: None,
            best: sub.best,
        },
    }
}

fn concatenated(parts: &[Hir]) -> Found {
    let mut run: Literals = vec![Vec::new()];
    let mut best: Option<Literals> = None;
    let mut whole = true;
    for part in parts {
        let part = found(part);
        if let Some(longer) = part.exact.as_ref().and_then(|texts| product(&run, texts)) {
            run = longer;
            continue;
        }
        whole = false;
        best = better(best, Some(run).filter(usable));
        best = better(best, part.best);
        run = part.exact.unwrap_or_else(|| vec![Vec::new()]);
    }
    best = better(best, usable(&run).then(|| run.clone()));
    Found {
        exact: whole.then_some(run),
        best,
    }
}

fn either(parts: &[Hir]) -> Found {
    let parts: Vec<Found> = parts.iter().map(found).collect();
    let all = |of: fn(&Found) -> Option<&Literals>| -> Option<Literals> {
        let all: Option<Vec<Literals>> = parts.iter().map(|part| of(part).cloned()).collect();
        union(all?)
    };
    Found {
        exact: all(|part| part.exact.as_ref()),
        best: all(|part| part.best.as_ref()),
    }
}

/// The characters of a small class, without those of [`BEYOND`].
fn characters(class: &ClassUnicode) -> Option<Literals> {
    let mut texts = Vec::new();
    for range in class.iter() {
        for character in range.start()..=range.end() {
            if BEYOND.contains(&character) {
                continue;
            }
            let text = character.to_ascii_lowercase().to_string().into_bytes();
            if !texts.contains(&text) {
                texts.push(text);
            }
            if texts.len() > CLASS {
                return None;
            }
        }
    }
    Some(texts)
}

fn union(sets: impl IntoIterator<Item = Literals>) -> Option<Literals> {
    let mut all: Literals = sets.into_iter().flatten().collect();
    all.sort();
    all.dedup();
    (all.len() <= MOST).then_some(all)
}

/// Each text of `before` with each of `after` behind it; none where they would be many or long.
fn product(before: &Literals, after: &Literals) -> Option<Literals> {
    if before.len() * after.len() > MOST {
        return None;
    }
    let all = before
        .iter()
        .flat_map(|start| after.iter().map(|end| [start.as_slice(), end].concat()));
    let all = union([all.collect()])?;
    all.iter().all(|text| text.len() <= LONGEST).then_some(all)
}

/// A class that takes nothing has no literals; what it stands in never matches and is asked anyhow.
fn usable(literals: &Literals) -> bool {
    !literals.is_empty() && literals.iter().all(|literal| literal.len() >= SHORTEST)
}

fn better(one: Option<Literals>, other: Option<Literals>) -> Option<Literals> {
    match (one, other) {
        (Some(one), Some(other)) => Some(if score(&other) > score(&one) {
            other
        } else {
            one
        }),
        (one, other) => one.or(other),
    }
}

/// How seldom the most frequent of them may be, and then how few they are.
fn score(literals: &Literals) -> (u32, usize) {
    let least = literals.iter().map(|literal| rareness(literal)).min();
    (least.unwrap_or(0), MOST.saturating_sub(literals.len()))
}

/// How seldom a literal is; past a certain length, more bytes make it no better.
fn rareness(literal: &[u8]) -> u32 {
    literal.iter().take(ENOUGH).map(|byte| rarity(*byte)).sum()
}

/// By the eye, from logs of several programs: small letters as in English text, and the signs of stamps and addresses.
fn rarity(byte: u8) -> u32 {
    match byte {
        b' ' | b'e' | b't' | b'a' | b'o' | b'i' | b'n' | b's' | b'r' => 2,
        b'0'..=b'9' | b'.' | b':' | b'-' | b'/' => 3,
        b'l' | b'd' | b'h' | b'c' | b'u' | b'm' | b'p' => 4,
        b'f' | b'g' | b'w' | b'y' | b'b' | b'v' | b'k' => 6,
        _ => 8,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::probe::log::patterns::Expression;

    fn check(source: &str, case: bool, expected: Option<&[&str]>) {
        let expression = Expression::new("match", source, case).expect("a regular expression");
        let text = |literal| String::from_utf8(literal).expect("the pattern is text");
        let literals: Option<Vec<String>> =
            required(&expression.hir).map(|literals| literals.into_iter().map(text).collect());
        let expected = expected.map(|texts| texts.iter().map(ToString::to_string).collect());
        assert_eq!(literals, expected, "{source} {case}");
    }

    #[test]
    fn literals() {
        let check = |source: &str, expected: Option<&[&str]>| {
            check(source, false, expected);
            check(source, true, expected);
        };
        check("qqqq", Some(&["qqqq"]));
        check("QQqq", Some(&["qqqq"]));
        // Each letter that has a relative beyond ASCII.
        check("sks", Some(&["sks"]));
        check("ab", None);
        check(r"\d+", None);
        check(".*", None);
        check("(qqqq)?", None);
        check("(qqqq)*two", Some(&["two"]));
        check("(one)+", Some(&["one"]));
        check("(one){2,}", Some(&["one"]));
        check("(one|qqqq)", Some(&["one", "qqqq"]));
        check("one|qq", None);
        check(r"^(?<a>one)\b!$", Some(&["one!"]));
        check("licen[cs]e", Some(&["licence", "license"]));
        check("[a-z]one", Some(&["one"]));
        // Only the shorter one is needed.
        check("one( two)?", Some(&["one"]));
        check("(a |the )?file", Some(&["file"]));
        // The better of two.
        check(r"one\d+qqqq", Some(&["qqqq"]));
        check(r"qqqq\d+one", Some(&["qqqq"]));
    }

    #[test]
    fn letters_beyond_ascii() {
        check("grün", true, Some(&["grün"]));
        check("grün", false, Some(&["grÜn", "grün"]));
        check("[\u{17f}s]ab", true, Some(&["sab"]));
    }

    #[test]
    fn long_and_many() {
        let long = "q".repeat(100);
        check(&long, true, Some(&[&long[..LONGEST]]));
        let many: Vec<String> = (100..200).map(|number| number.to_string()).collect();
        check(&many.join("|"), true, None);
    }
}
