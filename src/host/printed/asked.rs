//! The line by which a command to copy says what it asked for, how long that took or how it ended: whose output it is
//! stands in the output itself, and that it is whole. A terminal may have broken the line at its width.

/// How it begins.
const MARK: &str = "-- asked ";

/// The line, up to what a program puts behind it.
pub fn line(asked: &str) -> String {
    format!("{MARK}{asked}: ")
}

/// Where the line stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::host::printed) enum Closing<'t> {
    /// It names what was asked: what stands before it, what it says, what stands behind it.
    This {
        before: &'t str,
        says: &'t str,
        after: &'t str,
    },
    Another,
    /// It does not stand there, or not whole.
    None,
}

/// Looks for the last such line: what a server sent may look like one.
pub(in crate::host::printed) fn find<'t>(text: &'t str, asked: &str) -> Closing<'t> {
    let Some(at) = last(text) else {
        return Closing::None;
    };
    let Some(end) = behind(&text[at..], &line(asked)) else {
        return match text[at..].contains('\n') {
            true => Closing::Another,
            false => Closing::None,
        };
    };
    let rest = text[at + end..].trim_start();
    let Some((says, after)) = rest.split_once('\n') else {
        return Closing::None;
    };
    Closing::This {
        before: &text[..at],
        says: says.trim(),
        after,
    }
}

/// What the line names that stands in a text, for a message.
pub fn names(text: &str) -> Option<&str> {
    let line = text[last(text)?..].lines().next()?;
    let (what, _) = line.strip_prefix(MARK)?.rsplit_once(": ")?;
    Some(what)
}

/// `0.012 s`, `0,012 s` or `12 ms`, in milliseconds.
pub(in crate::host::printed) fn took_ms(says: &str) -> Option<u64> {
    let (number, unit) = says.split_once(' ')?;
    match unit {
        "ms" => number.parse().ok(),
        "s" => {
            let seconds: f64 = number.replace(',', ".").parse().ok()?;
            let span = std::time::Duration::try_from_secs_f64(seconds).ok()?;
            u64::try_from(span.as_millis()).ok()
        }
        _ => None,
    }
}

fn last(text: &str) -> Option<usize> {
    let found = text
        .rmatch_indices(MARK)
        .find(|(at, _)| *at == 0 || text.as_bytes()[at - 1] == b'\n');
    found.map(|(at, _)| at)
}

/// Where `wanted` ends that `text` begins with, whatever blanks and line breaks stand in either.
fn behind(text: &str, wanted: &str) -> Option<usize> {
    let mut wanted = wanted.chars().filter(|c| !c.is_whitespace()).peekable();
    for (at, c) in text.char_indices().filter(|(_, c)| !c.is_whitespace()) {
        match wanted.next() {
            None => return Some(at),
            Some(next) if next == c => {}
            Some(_) => return None,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_is_found() {
        let check = |text: &str, expected: Closing<'_>| {
            assert_eq!(find(text, "GET http://a/"), expected, "{text:?}");
        };
        let this = |before, says, after| Closing::This {
            before,
            says,
            after,
        };
        check(
            "x\n-- asked GET http://a/: 0.1 s\ny\n",
            this("x\n", "0.1 s", "y\n"),
        );
        // Broken at the window's width.
        check("-- asked GET htt\np://a/: 0.1 s\n", this("", "0.1 s", ""));
        // A server's own, and the one behind it.
        check(
            "-- asked GET http://a/: 9 s\n-- asked GET http://a/: 0.1 s\n",
            this("-- asked GET http://a/: 9 s\n", "0.1 s", ""),
        );
        check("-- asked GET http://a/b: 0.1 s\n", Closing::Another);
        check("-- asked GET http://a/: 0.1", Closing::None);
        check("-- asked GET ht", Closing::None);
        check("x -- asked GET http://a/: 0.1 s\n", Closing::None);
    }

    #[test]
    fn times() {
        let check = |says: &str, expected| assert_eq!(took_ms(says), expected, "{says}");
        check("0.012345 s", Some(12));
        check("0,5 s", Some(500));
        check("31 ms", Some(31));
        check("-1 s", None);
        check("1e400 s", None);
        check("NaN s", None);
        check("status 1", None);
    }

    #[test]
    fn whose_it_is() {
        assert_eq!(
            names("x\n-- asked GET http://a/ via p:1: 0.1 s\n"),
            Some("GET http://a/ via p:1")
        );
        assert_eq!(names("x\n"), None);
    }
}
