//! Signs that a chat or mail program changed a text on the way: typography in the place of what was typed, addresses made
//! into links, lines cut at a width. Never says what stood there before: a changed text says nothing.

use std::collections::BTreeSet;

use crate::finding::{Reason, Unknown};

/// Lines that are cut narrower than this are not told from short ones, in characters.
const NARROWEST: usize = 60;
/// No window is wider, in characters: longer lines are a log's own.
const WIDEST: usize = 250;
/// So many lines of a log are cut at one width at the least: one may be an accident.
const LEAST_CUT: usize = 2;
/// What of a line tells whether a record begins there, in characters.
const BEGINNING: usize = 5;

/// What programs put in the place of what was typed, and of what.
const TYPOGRAPHY: [(char, &str); 6] = [
    ('—', "--"),
    ('–', "--"),
    ('→', "->"),
    ('←', "<-"),
    ('…', "..."),
    ('\u{a0}', " "),
];
/// The same for quotes.
const QUOTES: [(char, &str); 5] = [
    ('“', "\""),
    ('”', "\""),
    ('„', "\""),
    ('‘', "'"),
    ('’', "'"),
];
/// An address that was made plain to see.
const BRACKETED: [&str; 2] = ["<https://", "<http://"];
/// What programs make of an address, and nobody writes into a file.
const LINKS: [&str; 3] = [
    "](http",
    "safelinks.protection.outlook.com/",
    "urldefense.com/",
];

/// Why nothing is known of a text in which this is seen.
pub(super) fn unknown(seen: &str) -> Unknown {
    let remedy = "send it as a file, or as a code block";
    let why = format!("the text was changed on the way, as it seems: {seen}; {remedy}");
    Unknown::new(Reason::Other, why)
}

/// Typography, where it breaks what was typed. In a text that is not broken it may be somebody's own.
pub(super) fn typography(text: &str) -> Option<String> {
    if let Some((sign, of)) = TYPOGRAPHY.iter().find(|(sign, _)| text.contains(*sign)) {
        return Some(placed(*sign, of));
    }
    let sign = BRACKETED.iter().find(|sign| text.contains(*sign))?;
    Some(format!(
        "`{sign}` stands there, which mail and chat programs put in the place of a bare address"
    ))
}

/// That a sign stands in the place of what was typed.
fn placed(sign: char, of: &str) -> String {
    let (sign, of) = match sign {
        '\u{a0}' => ("a no-break space".to_owned(), "a blank".to_owned()),
        sign => (format!("`{sign}`"), format!("`{of}`")),
    };
    format!("{sign} stands there, which mail and chat programs put in the place of {of}")
}

/// A link in the place of an address.
pub(super) fn link(text: &str) -> Option<String> {
    let link = LINKS.iter().find(|link| text.contains(*link))?;
    Some(format!(
        "`{link}` stands there, which mail and chat programs put in the place of an address"
    ))
}

/// A line as it may have been typed, and the typography that stands in its place; `None` where none does.
pub(super) fn typed(line: &str) -> Option<(String, String)> {
    let of = |c: char| {
        let mut all = TYPOGRAPHY.iter().chain(&QUOTES);
        all.find(|(sign, _)| *sign == c)
    };
    let (sign, of_it) = line.chars().find_map(of)?;
    let mut typed = String::with_capacity(line.len());
    for c in line.chars() {
        match of(c) {
            Some((_, written)) => typed += written,
            None => typed.push(c),
        }
    }
    Some((typed, placed(*sign, of_it)))
}

/// Tags or values that go on at the very beginning of the next line, behind one of the greatest width.
pub(super) fn cut_document(text: &str) -> Option<String> {
    let longest = text.lines().map(width).max()?;
    let mut pairs = text.lines().zip(text.lines().skip(1));
    let is_cut = pairs.any(|(line, next)| {
        let begins = |c: char| c.is_whitespace() || "<}]".contains(c);
        let goes_on = !next.is_empty() && !next.starts_with(begins);
        width(line) == longest && !line.ends_with('>') && goes_on
    });
    (longest >= NARROWEST && is_cut).then(|| cut(longest))
}

/// Records of a log that go on at the very beginning of the next line, all of them where the next word would make them wider
/// than any line is.
pub(super) fn cut_log(text: &str) -> Option<String> {
    let longest = text.lines().map(width).max()?;
    if !(NARROWEST..=WIDEST).contains(&longest) {
        return None;
    }
    let first = text.lines().find(|line| !line.trim().is_empty())?;
    let classes: Vec<Class> = beginning(first).map(class).collect();
    let fits = |line: &str, next: &str| {
        let word = next.split(' ').next().map_or(0, width);
        width(line) < longest && width(line) + 1 + word <= longest
    };
    let pairs = || text.lines().zip(text.lines().skip(1));
    // What follows a line that had room for more begins a record.
    let records: BTreeSet<String> = pairs()
        .filter(|(line, next)| fits(line, next))
        .map(|(_, next)| shape(next))
        .collect();
    let is_record = |line: &str| {
        records.contains(&shape(line)) || beginning(line).map(class).eq(classes.iter().copied())
    };
    // All lines of a table are of one width: what is left over of a line that was cut is shorter.
    let goes_on = |line: &str| {
        (1..longest).contains(&width(line))
            && !line.starts_with(char::is_whitespace)
            && !is_trace(line)
            && !is_record(line)
    };
    // A key or a certificate has lines of one width, and no blanks.
    let is_cut = |line: &str| width(line) > longest / 2 && line.contains(' ');
    let cut_ones = pairs().filter(|(line, next)| {
        is_cut(line) && !fits(line, next) && goes_on(next) && shape(next) != shape(line)
    });
    // What is repeated to the letter was printed so.
    let lines = cut_ones.collect::<BTreeSet<_>>().len();
    (lines >= LEAST_CUT).then(|| cut(longest))
}

fn cut(width: usize) -> String {
    format!("its lines are cut at a width of {width} characters")
}

fn width(line: &str) -> usize {
    line.chars().count()
}

fn beginning(line: &str) -> impl Iterator<Item = char> + '_ {
    line.chars().take(BEGINNING)
}

/// How a line begins, whatever its number or time is.
fn shape(line: &str) -> String {
    let digit = |c: char| if c.is_numeric() { '0' } else { c };
    beginning(line).map(digit).collect()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Digit,
    Letter,
    Sign,
}

fn class(c: char) -> Class {
    match c {
        c if c.is_numeric() => Class::Digit,
        c if c.is_alphabetic() => Class::Letter,
        _ => Class::Sign,
    }
}

/// What a program prints below a record at the very beginning of a line: an exception of Java's.
fn is_trace(line: &str) -> bool {
    let word = line.split([' ', ':']).next().unwrap_or_default();
    line.starts_with("Caused by: ") || word.ends_with("Exception") || word.ends_with("Error")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_that_are_cut() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(cut_log(text).as_deref(), expected, "{text}");
        };
        let record = format!("2026-11-20T10:00:00 INFO {}", "a".repeat(35));
        assert_eq!(record.len(), 60);
        let cut = Some("its lines are cut at a width of 60 characters");
        let second = record.replace("10:00", "10:01");
        check(&format!("{record}\nbc\n{second}\nbc\n"), cut);
        check(&format!("{record}\nbc\n{record}\nbc\n"), None);
        check(&format!("{record}\nbc\n{second}\n2026-11-20T\n"), None);
        check(&format!("{record}\n\tat x\n{second}\n\tat y\n"), None);
        check(&format!("{record}\n\n{second}\n\n"), None);
        let trace = "java.net.ConnectException: refused";
        check(&format!("{record}\n{trace}\n{second}\n{trace}\n"), None);
        check(&format!("{record}\nbc\n{second}\nbc\n{record} xy\n"), None);
        let row = &format!("wrapper.exe {}", "1 ".repeat(25));
        check(
            &format!("Name {row}\n{row}name1\n{row}mode1\n{row}else1\n"),
            None,
        );
        let key = "k".repeat(64);
        check(&format!("{record}\n{key}\n{key}\n{key}\nkey==\n"), None);
        let other = "INFO a\nINFO b";
        check(&format!("{record}\n{other}\n{second}\n{other}\n"), None);
        let short = &record[..59];
        check(&format!("{short}\nbc\n{short}\nbc\n"), None);
        let wide = "2".repeat(251);
        check(&format!("{wide}\nbc\n{wide}\nbc\n"), None);
        check("", None);
        // Between words.
        let (one, other) = (&record[..45], &record[..40]);
        let word = "b".repeat(20);
        check(&format!("{one}\n{word}\n{other}\n{word}\n{record}\n"), cut);
        let word = &word[..10];
        check(&format!("{one}\n{word}\n{other}\n{word}\n{record}\n"), None);
    }

    #[test]
    fn documents_that_are_cut() {
        let check = |text: &str, expected: bool| {
            assert_eq!(cut_document(text).is_some(), expected, "{text}");
        };
        let tag = format!("<p k=\"{}", "a".repeat(60));
        check(&format!("{tag}\nb\"/>\n"), true);
        check(&format!("{tag}\n b\"/>\n"), false);
        check(&format!("{tag}\n<p/>\n"), false);
        check(&format!("{tag}\">\nb\n"), false);
        check(&format!("{tag}\nb\"/>\n{tag}c\n"), false);
        check("<p k=\"\nb\"/>\n", false);
        check(&tag, false);
    }
}
