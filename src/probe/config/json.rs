//! JSON, with the place of every key: nested keys are joined by `.`, items of a list are numbered from 0.

use std::ops::Range;

use crate::probe::config::entry::{Entry, Malformed, Parsed};

/// Levels of nesting.
const MAX_DEPTH: usize = 128;

pub fn parse(text: &str) -> Parsed {
    let mut scanner = Scanner {
        text,
        at: 0,
        parsed: Parsed::default(),
    };
    if text.trim().is_empty() {
        scanner.parsed.malformed = Some(Malformed::empty());
        return scanner.parsed;
    }
    let read = scanner
        .value(&mut String::new(), 0..0, 0)
        .and_then(|()| match scanner.peek() {
            Some(_) if !scanner.parsed.full() => Err(scanner.unexpected("the end of the file")),
            _ => Ok(()),
        });
    scanner.parsed.malformed = read.err();
    scanner.parsed
}

struct Scanner<'a> {
    text: &'a str,
    at: usize,
    parsed: Parsed,
}

impl Scanner<'_> {
    fn value(
        &mut self,
        name: &mut String,
        name_at: Range<usize>,
        depth: usize,
    ) -> Result<(), Malformed> {
        if depth > MAX_DEPTH {
            return Err(Malformed::bound(
                self.at..self.at,
                format!("nested deeper than {MAX_DEPTH} levels"),
            ));
        }
        let start = self.skip_blanks();
        match self.text[start..].chars().next() {
            Some('{') => self.object(name, depth),
            Some('[') => self.array(name, depth),
            Some('"') => {
                let value = self.string()?;
                self.push(name, value, name_at, start + 1..self.at - 1);
                Ok(())
            }
            _ => {
                let rest = &self.text[start..];
                let end = rest
                    .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.')))
                    .unwrap_or(rest.len());
                let word = &rest[..end];
                if !(matches!(word, "true" | "false" | "null")
                    || serde_json::from_str::<serde_json::Number>(word).is_ok())
                {
                    return Err(self.unexpected("a value"));
                }
                self.at += end;
                self.push(name, word.to_owned(), name_at, start..self.at);
                Ok(())
            }
        }
    }

    fn object(&mut self, name: &mut String, depth: usize) -> Result<(), Malformed> {
        let open = self.at;
        self.at += 1;
        if self.peek() == Some('}') {
            self.at += 1;
            return Ok(());
        }
        loop {
            let start = self.skip_blanks();
            if self.peek() != Some('"') {
                return Err(self.unexpected("a key in quotes"));
            }
            let key = self.string()?;
            let key_at = start + 1..self.at - 1;
            if self.peek() != Some(':') {
                return Err(self.unexpected("`:`"));
            }
            self.at += 1;
            self.nested(name, &key, key_at, depth)?;
            if self.goes_on('}', open)? {
                return Ok(());
            }
        }
    }

    fn array(&mut self, name: &mut String, depth: usize) -> Result<(), Malformed> {
        let open = self.at;
        self.at += 1;
        if self.peek() == Some(']') {
            self.at += 1;
            return Ok(());
        }
        for index in 0.. {
            let start = self.skip_blanks();
            self.nested(name, &index.to_string(), start..start, depth)?;
            if self.goes_on(']', open)? {
                break;
            }
        }
        Ok(())
    }

    fn nested(
        &mut self,
        name: &mut String,
        key: &str,
        key_at: Range<usize>,
        depth: usize,
    ) -> Result<(), Malformed> {
        let length = name.len();
        if !name.is_empty() {
            name.push('.');
        }
        name.push_str(key);
        self.value(name, key_at, depth + 1)?;
        name.truncate(length);
        Ok(())
    }

    /// After a member: whether this was the last.
    fn goes_on(&mut self, close: char, open: usize) -> Result<bool, Malformed> {
        if self.parsed.full() {
            return Ok(true);
        }
        match self.peek() {
            Some(',') => self.at += 1,
            Some(c) if c == close => {
                self.at += 1;
                return Ok(true);
            }
            None => {
                let bracket = &self.text[open..=open];
                let why = format!(
                    "`{bracket}` is not closed before the end of the file: it may be cut off"
                );
                return Err(Malformed::cut_off(open..open + 1, why));
            }
            Some(_) => return Err(self.unexpected(&format!("`,` or `{close}`"))),
        }
        Ok(false)
    }

    fn string(&mut self) -> Result<String, Malformed> {
        let start = self.at;
        let bytes = self.text.as_bytes();
        let mut end = start + 1;
        loop {
            match bytes.get(end) {
                Some(b'"') => break,
                Some(b'\\') => end += 2,
                None | Some(b'\n' | b'\r') => {
                    return Err(Malformed::quote(
                        start..end.min(self.text.len()),
                        "the text is not closed: `\"` is missing",
                    ));
                }
                Some(_) => end += 1,
            }
        }
        self.at = end + 1;
        serde_json::from_str(&self.text[start..=end]).map_err(|_| {
            Malformed::new(
                start..end + 1,
                "the text holds an escape or a control character that JSON does not know",
            )
        })
    }

    fn push(&mut self, name: &str, value: String, name_at: Range<usize>, value_at: Range<usize>) {
        self.parsed.push(Entry {
            name: name.to_owned(),
            value,
            name_at,
            value_at,
            secret: false,
        });
    }

    fn skip_blanks(&mut self) -> usize {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len();
        self.at
    }

    fn peek(&mut self) -> Option<char> {
        self.skip_blanks();
        self.text[self.at..].chars().next()
    }

    fn unexpected(&mut self, wanted: &str) -> Malformed {
        match self.peek() {
            Some(c) => Malformed::new(
                self.at..self.at + c.len_utf8(),
                match c {
                    '{' | '}' | '[' | ']' | ':' | ',' | '"' => {
                        format!("`{c}` where {wanted} should stand")
                    }
                    _ => format!("{wanted} should stand here"),
                },
            ),
            None => Malformed::cut_off(
                self.at..self.at,
                format!("the file ends where {wanted} should stand: it may be cut off"),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files() {
        let check = |text: &str, entries: &[(&str, &str)], malformed: Option<(&str, &str)>| {
            let parsed = parse(text);
            let found: Vec<_> = parsed
                .entries
                .iter()
                .map(|e| (e.name.as_str(), e.value.as_str()))
                .collect();
            assert_eq!(found, entries, "{text}");
            assert_eq!(
                parsed
                    .malformed
                    .as_ref()
                    .map(|m| (&text[m.at.clone()], m.why.as_str())),
                malformed,
                "{text}"
            );
        };
        check("{}", &[], None);
        check(
            "{\"a\": {\"b\": \"x\\n\", \"c\": [1.5, true, {\"d\": null}]},\r\n \"e\": -1e3, \"f\": [], \"g\": {}}\n",
            &[
                ("a.b", "x\n"),
                ("a.c.0", "1.5"),
                ("a.c.1", "true"),
                ("a.c.2.d", "null"),
                ("e", "-1e3"),
            ],
            None,
        );
        check("{\"a\": 1, \"a\": 2}", &[("a", "1"), ("a", "2")], None);
        check("", &[], Some(("", "the file is empty")));
        check(
            "{\"a\": 1,}",
            &[("a", "1")],
            Some(("}", "`}` where a key in quotes should stand")),
        );
        check(
            "{\"a\": 1",
            &[("a", "1")],
            Some((
                "{",
                "`{` is not closed before the end of the file: it may be cut off",
            )),
        );
        check(
            "{\"a\":",
            &[],
            Some((
                "",
                "the file ends where a value should stand: it may be cut off",
            )),
        );
        check(
            "{a: 1}",
            &[],
            Some(("a", "a key in quotes should stand here")),
        );
        check("{\"a\" 1}", &[], Some(("1", "`:` should stand here")));
        check(
            "[1 2]",
            &[("0", "1")],
            Some(("2", "`,` or `]` should stand here")),
        );
        check(
            "{\"a\": \"x\n\"}",
            &[],
            Some(("\"x", "the text is not closed: `\"` is missing")),
        );
        check(
            "{} x",
            &[],
            Some(("x", "the end of the file should stand here")),
        );
        check("{\"a\": 01}", &[], Some(("0", "a value should stand here")));
        check(
            "\"a\\",
            &[],
            Some(("\"a\\", "the text is not closed: `\"` is missing")),
        );
    }

    #[test]
    fn depth_is_bounded() {
        let malformed = parse(&"[".repeat(100_000)).malformed;
        assert_eq!(
            malformed.map(|m| m.why).as_deref(),
            Some("nested deeper than 128 levels")
        );
    }
}
