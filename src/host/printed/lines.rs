//! Lines that shells print around a program's output.

use std::sync::LazyLock;

use regex::Regex;

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

#[cfg(test)]
mod tests {
    use super::*;

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
