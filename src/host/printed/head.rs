//! The head of an HTTP reply as programs print it: `HTTP/1.1 200 OK`, the headers, an empty line.

use indexmap::IndexMap;

use crate::finding::{Reason, Unknown};

/// How long headers may be together, in bytes, and how many.
const LONGEST: usize = 64 << 10;
const MOST: usize = 1000;

/// A head that stands there whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Head {
    pub status: u16,
    /// Names in lower case; several of one name are joined by commas.
    pub headers: IndexMap<String, String>,
}

impl Head {
    /// Takes one off the start of a text. `None`: none begins there, or it has no end.
    ///
    /// # Errors
    /// More than is read of one.
    pub fn take(text: &str) -> Result<Option<(Self, &str)>, Unknown> {
        let Some((first, mut rest)) = text.split_once('\n') else {
            return Ok(None);
        };
        let Some(status) = status(first) else {
            return Ok(None);
        };
        let mut headers: IndexMap<String, String> = IndexMap::new();
        let mut last: Option<String> = None;
        for count in 0.. {
            let Some((line, behind)) = rest.split_once('\n') else {
                return Ok(None);
            };
            if count > MOST || text.len() - behind.len() > LONGEST {
                return Err(Unknown::new(
                    Reason::NotWhole,
                    format!(
                        "the reply's head has more than {MOST} headers, or is longer than {} KiB",
                        LONGEST >> 10
                    ),
                ));
            }
            rest = behind;
            if line.trim().is_empty() {
                break;
            }
            // A value may go on in the next line (RFC 9112, 5.2).
            if line.starts_with([' ', '\t'])
                && let Some(value) = last.as_ref().and_then(|name| headers.get_mut(name))
            {
                value.push(' ');
                value.push_str(line.trim());
                continue;
            }
            let Some((name, value)) = line.split_once(':').filter(|(name, _)| is_name(name)) else {
                return Ok(None);
            };
            let (name, value) = (name.to_ascii_lowercase(), value.trim());
            match headers.get_mut(&name) {
                Some(known) => {
                    known.push_str(", ");
                    known.push_str(value);
                }
                None => {
                    headers.insert(name.clone(), value.to_owned());
                }
            }
            last = Some(name);
        }
        Ok(Some((Self { status, headers }, rest)))
    }

    /// It only announces another one (RFC 9110, 15.2).
    pub fn announces(&self) -> bool {
        (100..200).contains(&self.status)
    }
}

/// The status of a line such as `HTTP/2 200`.
pub(super) fn status(line: &str) -> Option<u16> {
    let (version, rest) = line.trim_end().strip_prefix("HTTP/")?.split_once(' ')?;
    let version = version.chars().all(|c| c.is_ascii_digit() || c == '.');
    let code = rest.split(' ').next().filter(|code| code.len() == 3)?;
    let status = code.parse().ok()?;
    (version && (100..600).contains(&status)).then_some(status)
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Status, headers and what stands behind the head.
    type Expected<'t> = (u16, &'t [(&'t str, &'t str)], &'t str);

    #[test]
    fn heads() {
        #[track_caller]
        fn check(text: &str, expected: Option<Expected<'_>>) {
            let found = Head::take(text).expect("it is within the bounds");
            let expected = expected.map(|(status, headers, rest)| {
                let headers = headers
                    .iter()
                    .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                    .collect();
                (Head { status, headers }, rest)
            });
            assert_eq!(found, expected, "{text:?}");
        }
        check(
            "HTTP/1.1 200 OK\nA: b\nx-y: 1\nX-Y: 2\n  3\n\nbody\n",
            Some((200, &[("a", "b"), ("x-y", "1, 2 3")], "body\n")),
        );
        check("HTTP/2 204\n\n", Some((204, &[], "")));
        check("HTTP/1.1 200 OK\nA: b\n", None);
        check("HTTP/1.1 200 OK\nA b\n\n", None);
        check("HTTP/1.1 20\n\n", None);
        check("HTTP/1.1 2000 OK\n\n", None);
        check("<html>\n\n", None);
        check("", None);
    }

    #[test]
    fn a_head_without_an_end_is_refused() {
        let long = format!("HTTP/1.1 200 OK\nA: {}\n\n", "a".repeat(LONGEST));
        let many = format!("HTTP/1.1 200 OK\n{}\n", "A: b\n".repeat(MOST + 1));
        for text in [long, many] {
            let refused = Head::take(&text).expect_err("it is past a bound");
            assert_eq!(
                refused.detail,
                "the reply's head has more than 1000 headers, or is longer than 64 KiB"
            );
        }
    }
}
