//! Quoting: a value becomes one word of `sh`, or of Windows PowerShell 5.1. Runs nothing.
//!
//! A value with control characters or line breaks has no quoted form: a paste would run what comes after the break.

use crate::finding::Os;

/// The value as one word of `os`'s shell, bare where it reads the same bare. `None` where it holds control characters.
pub fn quote(value: &str, os: Os) -> Option<String> {
    match os {
        _ if value.chars().any(|c| c.is_control() || is_line_break(c)) => None,
        Os::Windows => Some(if is_plain_for_powershell(value) {
            value.to_owned()
        } else {
            powershell(value)
        }),
        Os::Linux | Os::Macos => Some(if is_plain_for_sh(value) {
            value.to_owned()
        } else {
            sh(value)
        }),
    }
}

/// The value as a text within an expression, such as what stands after PowerShell's `-match`: always in quotes.
pub fn literal(value: &str, os: Os) -> Option<String> {
    quote(value, os)?;
    Some(match os {
        Os::Windows => powershell(value),
        Os::Linux | Os::Macos => sh(value),
    })
}

/// A file glob as one word of the shell that still matches: in sh, `*`, `?` and `[…]` stand outside the quotes; in
/// PowerShell the cmdlet expands it, so that it is quoted whole. `**` becomes `*`, which is all that sh knows.
pub fn glob(glob: &str, os: Os) -> Option<String> {
    if os == Os::Windows {
        return quote(glob, os);
    }
    let mut word = String::new();
    let mut fixed = String::new();
    let mut rest = glob;
    while let Some(c) = rest.chars().next() {
        let wild = match c {
            '*' => rest.len() - rest.trim_start_matches('*').len(),
            '?' => 1,
            '[' => bracket(rest).unwrap_or(0),
            _ => 0,
        };
        if wild == 0 {
            fixed.push(c);
            rest = &rest[c.len_utf8()..];
            continue;
        }
        if !fixed.is_empty() {
            word += &quote(&fixed, os)?;
            fixed.clear();
        }
        word += if c == '*' { "*" } else { &rest[..wild] };
        rest = &rest[wild..];
    }
    if !fixed.is_empty() || word.is_empty() {
        word += &quote(&fixed, os)?;
    }
    Some(word)
}

/// A program with its arguments as one command line.
pub fn command(run: &[impl AsRef<str>], os: Os) -> Option<String> {
    let mut words = Vec::with_capacity(run.len());
    for (at, word) in run.iter().enumerate() {
        let word = word.as_ref();
        words.push(match os {
            Os::Windows if at > 0 => quote(&native_argument(word), os)?,
            _ => quote(word, os)?,
        });
    }
    // PowerShell takes a quoted word at the start for a text; `&` runs it.
    let call = os == Os::Windows && words.first().is_some_and(|word| word.starts_with('\''));
    Some(if call {
        format!("& {}", words.join(" "))
    } else {
        words.join(" ")
    })
}

/// The arguments of a program, to stand behind it.
pub fn arguments(arguments: &[impl AsRef<str>], os: Os) -> Option<String> {
    let words: Option<Vec<String>> = arguments
        .iter()
        .map(|word| match os {
            Os::Windows => quote(&native_argument(word.as_ref()), os),
            Os::Linux | Os::Macos => quote(word.as_ref(), os),
        })
        .collect();
    Some(words?.join(" "))
}

/// PowerShell 5.1 hands an argument on without escaping its double quotes, drops an empty one, and lets a backslash at
/// the end of one with blanks eat the quote that it adds. What is written here arrives whole.
fn native_argument(value: &str) -> String {
    if value.is_empty() {
        return "\"\"".to_owned();
    }
    let mut text = String::new();
    let mut backslashes = 0;
    for c in value.chars() {
        match c {
            '\\' => backslashes += 1,
            '"' => {
                text.extend(std::iter::repeat_n('\\', backslashes + 1));
                backslashes = 0;
            }
            _ => backslashes = 0,
        }
        text.push(c);
    }
    if value.contains(char::is_whitespace) {
        text.extend(std::iter::repeat_n('\\', backslashes));
    }
    text
}

/// The length of a bracket expression at the start of `text`, where it is one that needs no quotes.
fn bracket(text: &str) -> Option<usize> {
    let end = text.get(2..)?.find(']')? + 2;
    let inside = &text[1..end];
    inside
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || "!-_.".contains(c))
        .then_some(end + 1)
}

fn is_line_break(c: char) -> bool {
    matches!(c, '\u{2028}' | '\u{2029}')
}

fn is_plain_for_sh(value: &str) -> bool {
    !value.is_empty()
        && value
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "_@%+=:,./-".contains(c))
}

fn is_plain_for_powershell(value: &str) -> bool {
    value.starts_with(|c: char| c.is_ascii_alphabetic())
        && value
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "_.:\\/-".contains(c))
}

fn sh(value: &str) -> String {
    format!("'{}'", value.replace('\'', r"'\''"))
}

fn powershell(value: &str) -> String {
    let mut text = String::from("'");
    for c in value.chars() {
        // PowerShell takes the curly single quotes for the straight one; twice means itself.
        if matches!(c, '\'' | '\u{2018}' | '\u{2019}' | '\u{201a}' | '\u{201b}') {
            text.push(c);
        }
        text.push(c);
    }
    text.push('\'');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values() {
        let check = |os, value: &str, expected: Option<&str>| {
            assert_eq!(quote(value, os).as_deref(), expected)
        };
        check(Os::Linux, "/opt/mid/agent", Some("/opt/mid/agent"));
        check(Os::Linux, "", Some("''"));
        check(Os::Linux, "a b", Some("'a b'"));
        check(
            Os::Linux,
            "it's $(rm -rf ~) `x` \"y\" \\",
            Some(r#"'it'\''s $(rm -rf ~) `x` "y" \'"#),
        );
        check(Os::Linux, "~", Some("'~'"));
        check(Os::Macos, "*", Some("'*'"));
        check(
            Os::Windows,
            r"C:\ServiceNow\mid",
            Some(r"C:\ServiceNow\mid"),
        );
        check(
            Os::Windows,
            r"C:\Program Files\O'Brien",
            Some(r"'C:\Program Files\O''Brien'"),
        );
        check(
            Os::Windows,
            "\u{2019}; calc",
            Some("'\u{2019}\u{2019}; calc'"),
        );
        check(Os::Windows, "$env:X `n @y", Some("'$env:X `n @y'"));
        check(Os::Windows, "-Force", Some("'-Force'"));
        check(Os::Windows, "", Some("''"));
        for os in [Os::Linux, Os::Windows, Os::Macos] {
            for value in [
                "a\nb",
                "a\rb",
                "\u{1b}[2J",
                "a\u{0}",
                "a\u{85}b",
                "a\u{2028}b",
            ] {
                check(os, value, None);
            }
        }
    }

    #[test]
    fn literals() {
        let check = |os, value: &str, expected: Option<&str>| {
            assert_eq!(literal(value, os).as_deref(), expected)
        };
        check(Os::Windows, "abc", Some("'abc'"));
        check(Os::Windows, "it's", Some("'it''s'"));
        check(Os::Linux, "abc", Some("'abc'"));
        check(Os::Linux, "a\nb", None);
    }

    #[test]
    fn globs() {
        let check = |os, value: &str, expected: &str| {
            assert_eq!(glob(value, os).as_deref(), Some(expected))
        };
        check(
            Os::Linux,
            "/opt/my mid/logs/agent?.log.*",
            "'/opt/my mid/logs/agent'?.log.*",
        );
        check(Os::Linux, "/opt/**/x.log", "/opt/*/x.log");
        check(Os::Linux, "/a/[0-9]x", "/a/[0-9]x");
        check(Os::Linux, "/a/[$(x)]", "'/a/[$(x)]'");
        check(Os::Linux, "/a/[", "'/a/['");
        check(Os::Linux, "", "''");
        check(
            Os::Windows,
            r"C:\a b\agent0.log.?",
            r"'C:\a b\agent0.log.?'",
        );
        assert_eq!(glob("/a*\nrm", Os::Linux), None);
    }

    #[test]
    fn commands() {
        let check = |os, run: &[&str], expected: &str| {
            assert_eq!(command(run, os).as_deref(), Some(expected))
        };
        check(
            Os::Linux,
            &["/opt/a b/java", "-version"],
            "'/opt/a b/java' -version",
        );
        check(Os::Windows, &["java", "-version"], "java '-version'");
        check(
            Os::Windows,
            &[r"C:\Program Files\java.exe", "x"],
            r"& 'C:\Program Files\java.exe' x",
        );
        check(
            Os::Windows,
            &["x", r#"say "hi""#, ""],
            r#"x 'say \"hi\"' '""'"#,
        );
        check(Os::Windows, &["x", r"C:\a b\"], r"x 'C:\a b\\'");
        check(Os::Windows, &["x", r"C:\a\"], r"x C:\a\");
        check(Os::Windows, &["x", r#"a\"b"#], r#"x 'a\\\"b'"#);
    }

    #[test]
    fn the_rules_of_sh_read_back_what_was_quoted() {
        for value in [
            "plain",
            "it's",
            "a b",
            "$HOME `id` \"q\" \\ * ? ~ ! # & | ; < >",
            "ü—”",
        ] {
            let Some(word) = quote(value, Os::Linux) else {
                panic!("{value:?} can be quoted")
            };
            // What a POSIX shell does with single quotes and backslashes outside them, which is all that is used.
            let mut read = String::new();
            let mut quoted = false;
            let mut chars = word.chars();
            while let Some(c) = chars.next() {
                match c {
                    '\'' => quoted = !quoted,
                    '\\' if !quoted => read.extend(chars.next()),
                    c => {
                        assert!(
                            quoted || is_plain_for_sh(&c.to_string()),
                            "{c:?} stands bare in {word}"
                        );
                        read.push(c);
                    }
                }
            }
            assert_eq!(read, value);
        }
    }
}
