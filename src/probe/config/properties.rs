//! `key=value` lines as Java and its service wrapper read them: `=`, `:` or a blank between, `#` and `!` before comments,
//! a backslash at the end of a line goes on with the next. Any text is one, so that nothing here is malformed.
//!
//! A backslash is resolved before `:`, `=`, `#`, `!`, a blank, itself and in `\u0041`; before anything else it stays, for
//! a wrapper's file holds Windows paths as they are.

use std::ops::Range;

use crate::probe::config::entry::{Entry, Parsed};

pub fn parse(text: &str) -> Parsed {
    let mut parsed = Parsed::default();
    let mut at = 0;
    while at < text.len() && !parsed.full() {
        let (line, next) = logical_line(text, at);
        at = next;
        let shown = text[line.clone()].trim_start();
        let start = line.end - shown.len();
        match shown.chars().next() {
            None => {}
            Some('#' | '!') => parsed.commented.extend(commented(&shown[1..])),
            Some(_) => parsed.push(entry(text, start..line.end)),
        }
    }
    parsed
}

/// The name in a comment that reads like an entry: `#wrapper.java.initmemory=3`.
pub fn commented(comment: &str) -> Option<String> {
    let comment = comment.trim_start_matches(['#', '!', ';', ' ', '\t']);
    let end = comment.find(|c: char| !(c.is_alphanumeric() || matches!(c, '.' | '_' | '-')))?;
    let separated = comment[end..]
        .trim_start_matches([' ', '\t'])
        .starts_with(['=', ':']);
    let address = comment[end..].starts_with("://");
    (end > 0 && separated && !address).then(|| comment[..end].to_owned())
}

/// The bytes of the line that begins at `start` with those that continue it, and where the next one begins.
fn logical_line(text: &str, start: usize) -> (Range<usize>, usize) {
    let comment = text[start..]
        .trim_start_matches([' ', '\t', '\u{c}'])
        .starts_with(['#', '!']);
    let mut from = start;
    loop {
        let end = text[from..].find('\n').map_or(text.len(), |end| from + end);
        let next = (end + 1).min(text.len());
        let shown = text[from..end].trim_end_matches('\r');
        let backslashes = shown.len() - shown.trim_end_matches('\\').len();
        if comment || backslashes.is_multiple_of(2) || next == text.len() {
            return (start..from + shown.len(), next);
        }
        from = next;
    }
}

fn entry(text: &str, line: Range<usize>) -> Entry {
    let bytes = text.as_bytes();
    let mut end = line.start;
    while end < line.end && !matches!(bytes[end], b'=' | b':' | b' ' | b'\t' | 0x0c) {
        end += if bytes[end] == b'\\' { 2 } else { 1 };
    }
    // Past an escaped character that has several bytes.
    let mut end = end.min(line.end);
    while !text.is_char_boundary(end) {
        end += 1;
    }
    let blanks = [' ', '\t', '\u{c}'];
    let rest = text[end..line.end].trim_start_matches(blanks);
    let rest = rest
        .strip_prefix(['=', ':'])
        .unwrap_or(rest)
        .trim_start_matches(blanks);
    let value = line.end - rest.len()..line.end;
    // A blank at the end is part of the value for Java, and nobody sees it: the value is kept as it is.
    Entry {
        name: unescape(&text[line.start..end]),
        value: unescape(&text[value.clone()]),
        name_at: line.start..end,
        value_at: value,
        secret: false,
    }
}

fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out += &rest[..at];
        let after = &rest[at + 1..];
        rest = after;
        match after.chars().next() {
            Some(c @ (':' | '=' | '#' | '!' | ' ' | '\\')) => {
                out.push(c);
                rest = &after[1..];
            }
            Some('\r' | '\n') => {
                let next = after.strip_prefix('\r').unwrap_or(after);
                rest = next
                    .strip_prefix('\n')
                    .unwrap_or(next)
                    .trim_start_matches([' ', '\t', '\u{c}']);
            }
            Some('u') => match after
                .get(1..5)
                .and_then(|hex| u32::from_str_radix(hex, 16).ok())
                .and_then(char::from_u32)
            {
                Some(c) => {
                    out.push(c);
                    rest = &after[5..];
                }
                None => out.push('\\'),
            },
            _ => out.push('\\'),
        }
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files() {
        let check = |text: &str, entries: &[(&str, &str)], commented: &[&str]| {
            let parsed = parse(text);
            let found: Vec<_> = parsed
                .entries
                .iter()
                .map(|e| (e.name.as_str(), e.value.as_str()))
                .collect();
            assert_eq!(
                (found, parsed.commented),
                (
                    entries.to_vec(),
                    commented.iter().map(|c| c.to_string()).collect()
                ),
                "{text}"
            );
        };
        check("", &[], &[]);
        check(
            "a=1\r\nb: 2\r\n  c = 3 \r\nd 4\nalone",
            &[
                ("a", "1"),
                ("b", "2"),
                ("c", "3 "),
                ("d", "4"),
                ("alone", ""),
            ],
            &[],
        );
        check("a=\nb==x", &[("a", ""), ("b", "=x")], &[]);
        check(
            "a=1,\\\n   2,\\\r\n   3\nb=4",
            &[("a", "1,2,3"), ("b", "4")],
            &[],
        );
        check("a=x\\\\\nb=y", &[("a", "x\\"), ("b", "y")], &[]);
        check(
            "path=C:\\Program Files\\x",
            &[("path", "C:\\Program Files\\x")],
            &[],
        );
        check("a\\ b\\:c=\\u00fcx\\u12", &[("a b:c", "üx\\u12")], &[]);
        check(
            "#encoding=UTF-8\n#include ../conf/x.conf\n# a note: see http://x\n#wrapper.name=snc\n!old: 1\n# just words\n",
            &[],
            &["encoding", "wrapper.name", "old"],
        );
        check("# comment \\\na=1", &[("a", "1")], &[]);
        check("a=1\\", &[("a", "1\\")], &[]);
        check("=x", &[("", "x")], &[]);
        check("\\ü=1", &[("\\ü", "1")], &[]);
    }

    #[test]
    fn bytes_are_those_of_the_file() {
        let text = "# x\r\n  key.a = C:\\dir\\\r\n   more\r\n";
        let entry = &parse(text).entries[0];
        assert_eq!(&text[entry.name_at.clone()], "key.a");
        assert_eq!(&text[entry.value_at.clone()], "C:\\dir\\\r\n   more");
        assert_eq!(entry.value, "C:\\dirmore");
    }
}
