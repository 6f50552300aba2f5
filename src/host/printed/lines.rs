//! Lines that shells print around a program's output.

use std::sync::LazyLock;

use regex::Regex;

use super::Read;

/// Where a command is typed: `user@host:~$ `, `[root@host etc]# `, `PS C:\x> `, `C:\x>`.
static PROMPT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"^\s*(?:(?:\[?[\w.-]+@[\w.-]+[^$#%>\n]{0,200}[$#%]|PS [A-Za-z]:\\[^>\n]{0,200}>)(?:\s|$)|[A-Za-z]:\\[^>\n]{0,200}>)",
    )
        .ok()
});

/// The prompt that a line begins with, in bytes; the rest is what was typed.
pub(super) fn prompt(line: &str) -> Option<usize> {
    let found = PROMPT.as_ref()?.find(line)?;
    Some(found.end())
}

/// A text in pieces that begin where a program begins to tell of another name; what stands before the first is of it.
pub(super) fn pieces(text: &str, begins: impl Fn(&str) -> bool) -> Vec<&str> {
    let mut starts = vec![0];
    let mut at = 0;
    let mut any = false;
    for line in text.split_inclusive('\n') {
        if begins(line.trim_end()) {
            if any {
                starts.push(at);
            }
            any = true;
        }
        at += line.len();
    }
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    starts
        .iter()
        .zip(ends)
        .map(|(from, to)| &text[*from..to])
        .collect()
}

/// What a program printed of one name. Of several names each piece has to name its own, whether or not the command was
/// `echoed`; of several tries the last one counts.
pub(super) fn last_of<T>(
    text: &str,
    begins: impl Fn(&str) -> bool,
    echoed: bool,
    of_one: impl Fn(&str, bool) -> Read<T>,
) -> Read<T> {
    match pieces(text, begins).as_slice() {
        [_] => of_one(text, echoed),
        all => all.iter().rev().find_map(|piece| of_one(piece, false)),
    }
}

/// Whether a line is a command that somebody typed, to show a file or to search it: its words are the searcher's and stand
/// in no file.
pub(in crate::host::printed) fn is_typed(line: &str) -> bool {
    static SHOWS: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(concat!(
            r"^\s*(?<prompt>[\w.@:~\[\]()/ -]{0,100}[$#%>] ?)?(?:sudo +)?",
            r"(?i:[efz]?grep|zgrep|rg|tail|head|z?cat|less|more|awk|sed|findstr|find|type|Get-Content|gc|Select-String|sls) +\S",
        ))
        .ok()
    });
    if prompt(line).is_some_and(|end| !line[end..].trim().is_empty()) {
        return true;
    }
    let found = SHOWS.as_ref().and_then(|form| form.captures(line));
    found.is_some_and(|found| found.name("prompt").is_some() || line.contains(".log"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed() {
        let check = |line: &str, expected: bool| assert_eq!(is_typed(line), expected, "{line}");
        check("[root@host ~]# grep 'status 401' /x.log", true);
        check("host:~ # grep 'status 401' /x.log", true);
        check("bash-4.2$ tail -n 100 agent0.log.0", true);
        check("$ cat x", true);
        check("tail -100 /opt/mid/logs/agent0.log.0", true);
        check(r"PS C:\mid> sls 'status 401' x.log", true);
        check(r"C:\mid>findstr 401 x.log", true);
        check("$", false);
        check("11/20/26 10:00:00 (123) Worker-1 status 401", false);
        check("head of the queue", false);
        check("2026-11-20T10:00:00 > cat", false);
    }

    #[test]
    fn pieces_of_a_text() {
        let check = |text: &str, expected: &[&str]| {
            assert_eq!(
                pieces(text, |line| line.starts_with('B')),
                expected,
                "{text}"
            );
        };
        check("a\nB1\nc\nB2\nd", &["a\nB1\nc\n", "B2\nd"]);
        check("B1", &["B1"]);
        check("a", &["a"]);
        check("", &[""]);
    }

    #[test]
    fn prompts() {
        let check = |line: &str, expected: Option<&str>| {
            assert_eq!(prompt(line).map(|end| &line[end..]), expected, "{line}");
        };
        check("mid@host:~$ ping a", Some("ping a"));
        check("[root@host etc]# ls", Some("ls"));
        check("root@host:/opt/a b# ls", Some("ls"));
        check(r"PS C:\Users\x> ping a", Some("ping a"));
        check(r"C:\Windows\system32>ping a", Some("ping a"));
        check("mid@host:~$", Some(""));
        check("<parameter name=\"a@b\" value=\"$ 1\"/>", None);
        check("64 bytes from 192.0.2.1: icmp_seq=1", None);
        check("mail=admin@a.example", None);
        check("url=https://a@b/ # x", None);
    }
}
