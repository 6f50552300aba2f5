//! A paste as it comes out of terminals, mails and tickets, and what is left of it: the text behind each command that
//! stands in it. Takes away what terminals and mails add, never what a program printed.

use std::{borrow::Cow, sync::LazyLock};

use regex::Regex;

use super::lines::prompt;
use crate::finding::{Reason, Unknown};

/// The largest paste that is read, in bytes.
pub const MOST_BYTES: usize = 16 << 20;
/// Levels of quoting that mails put before each line.
const QUOTES: usize = 5;
/// Lines over which a terminal breaks a command.
const BROKEN: usize = 60;
/// What of a command has to stand in the first of its lines, in characters without blanks.
const BEGINNING: usize = 10;

/// A paste, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paste {
    parts: Vec<Part>,
}

/// What stands behind one command.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Part {
    /// Which of the commands that were given out was typed before it; `None` where none of them stands there.
    command: Option<usize>,
    text: String,
}

impl Paste {
    /// Takes apart what was pasted; `commands` are those that the person was given.
    ///
    /// # Errors
    /// More than [`MOST_BYTES`], and nothing but blanks.
    pub fn new(text: &str, commands: &[String]) -> Result<Self, Unknown> {
        if text.len() > MOST_BYTES {
            return Err(Unknown::new(
                Reason::NotWhole,
                format!(
                    "what was pasted is larger than {} MiB, the bound",
                    MOST_BYTES >> 20
                ),
            ));
        }
        let text = cleaned(text);
        let parts = parts(&text, commands);
        // A command that was typed and printed nothing says something; nothing at all does not.
        if parts
            .iter()
            .all(|part| part.text.trim().is_empty() && part.command.is_none())
        {
            return Err(Unknown::new(Reason::Other, "nothing was pasted"));
        }
        Ok(Self { parts })
    }

    /// The command of this place in the list stands in it, so that what follows is its output.
    pub fn echoes(&self, command: usize) -> bool {
        self.parts.iter().any(|part| part.command == Some(command))
    }

    /// What stands behind that command; where none of the commands stands in the paste, all of it.
    pub fn output(&self, command: usize) -> Option<&str> {
        let found = self.parts.iter().find(|part| part.command == Some(command));
        let all = || {
            let [
                Part {
                    command: None,
                    text,
                },
            ] = self.parts.as_slice()
            else {
                return None;
            };
            Some(text)
        };
        found
            .map(|part| &part.text)
            .or_else(all)
            .map(String::as_str)
    }

    /// All of it without the commands.
    pub fn text(&self) -> Cow<'_, str> {
        match self.parts.as_slice() {
            [part] => Cow::Borrowed(&part.text),
            parts => parts
                .iter()
                .map(|part| part.text.as_str())
                .collect::<String>()
                .into(),
        }
    }

    /// Says that it is of something else than was expected: what that was, and how the paste begins.
    pub fn refused(&self, expected: &str) -> Unknown {
        let text = self.text();
        let first = text.lines().map(str::trim).find(|line| !line.is_empty());
        let got = match first {
            Some(line) => format!("what begins with `{}`", beginning(line)),
            None => "no output".to_owned(),
        };
        Unknown::new(Reason::Other, format!("expected {expected}, got {got}"))
    }
}

fn beginning(line: &str) -> String {
    match line.char_indices().nth(70) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line.to_owned(),
    }
}

/// Without colours, carriage returns, a byte-order mark, the quoting of mails and blanks at the ends of lines.
fn cleaned(text: &str) -> String {
    static ESCAPES: LazyLock<Option<Regex>> = LazyLock::new(|| {
        // CSI, OSC, and other sequences of ECMA-48.
        Regex::new(
            "\x1b(?:\\[[0-?]*[ -/]*[@-~]|\\][^\x07\x1b]*(?:\x07|\x1b\\\\)|[ -/]*[0-Z\\\\-~])",
        )
        .ok()
    });
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let text = match ESCAPES.as_ref() {
        Some(escapes) => escapes.replace_all(text, ""),
        None => Cow::Borrowed(text),
    };
    let mut lines: Vec<&str> = text
        .split('\n')
        .map(|line| line.trim_end_matches([' ', '\t', '\r']))
        .collect();
    for _ in 0..QUOTES {
        let mut told = lines.iter().filter(|line| !line.is_empty()).peekable();
        if told.peek().is_none() || !told.all(|line| line.trim_start().starts_with('>')) {
            break;
        }
        for line in &mut lines {
            let inner = line.trim_start().strip_prefix('>').unwrap_or(line);
            *line = inner.strip_prefix(' ').unwrap_or(inner);
        }
    }
    lines.join("\n").replace('\r', "\n")
}

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect()
}

fn parts(text: &str, commands: &[String]) -> Vec<Part> {
    let wanted: Vec<(String, String)> = commands
        .iter()
        .map(|command| {
            let whole = squeezed(command);
            let start = whole.chars().take(BEGINNING).collect();
            (whole, start)
        })
        .collect();
    let lines: Vec<&str> = text.split('\n').collect();
    let mut parts = vec![Part {
        command: None,
        text: String::new(),
    }];
    // The prompt that stood before the last command.
    let mut before = String::new();
    let mut at = 0;
    while at < lines.len() {
        if let Some((command, taken, prompt)) = echo(&lines[at..], &wanted) {
            before = prompt.to_owned();
            parts.push(Part {
                command: Some(command),
                text: String::new(),
            });
            at += taken;
            continue;
        }
        let line = lines[at];
        at += 1;
        let empty = line.trim().is_empty();
        // A prompt behind which nothing stands, or at the very beginning another command than the one given out.
        let waits = !empty
            && (line.trim() == before
                || prompt(line).is_some_and(|end| line[end..].trim().is_empty()));
        let first = parts.len() == 1 && parts[0].text.trim().is_empty();
        if waits || first && prompt(line).is_some() {
            continue;
        }
        if let Some(part) = parts.last_mut() {
            part.text.push_str(line);
            part.text.push('\n');
        }
    }
    for part in &mut parts {
        let end = part.text.trim_end_matches('\n').len();
        part.text.truncate(end);
        if end > 0 {
            part.text.push('\n');
        }
    }
    if parts.len() > 1 && parts[0].text.trim().is_empty() {
        parts.remove(0);
    }
    parts
}

/// Which command is typed in the first of these lines, over how many of them it goes, and the prompt before it.
fn echo<'t>(lines: &[&'t str], wanted: &[(String, String)]) -> Option<(usize, usize, &'t str)> {
    let first = squeezed(lines.first()?);
    for (index, (whole, start)) in wanted.iter().enumerate() {
        let Some(place) = first.find(start.as_str()).filter(|_| !whole.is_empty()) else {
            continue;
        };
        let mut typed = first[place..].to_owned();
        for taken in 1..=BROKEN.min(lines.len()) {
            if typed == *whole {
                return Some((index, taken, prompt_of(lines[0], place)));
            }
            if !whole.starts_with(&typed) {
                break;
            }
            let Some(line) = lines.get(taken) else {
                break;
            };
            // What a shell prints before a line that goes on.
            let line = line.trim_start().strip_prefix(">>").unwrap_or(line);
            typed.push_str(&squeezed(line));
        }
    }
    None
}

/// What stands before the character that is this one when blanks are left out.
fn prompt_of(line: &str, squeezed: usize) -> &str {
    let mut bytes = 0;
    for (at, c) in line.char_indices() {
        if c.is_whitespace() {
            continue;
        }
        if bytes == squeezed {
            return line[..at].trim();
        }
        bytes += c.len_utf8();
    }
    ""
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parted(text: &str, commands: &[&str]) -> Vec<(Option<usize>, String)> {
        let commands: Vec<String> = commands.iter().map(|&command| command.to_owned()).collect();
        let paste = Paste::new(text, &commands).expect("something was pasted");
        paste
            .parts
            .into_iter()
            .map(|part| (part.command, part.text))
            .collect()
    }

    #[track_caller]
    fn check(text: &str, commands: &[&str], expected: &[(Option<usize>, &str)]) {
        let expected: Vec<_> = expected
            .iter()
            .map(|(command, text)| (*command, (*text).to_owned()))
            .collect();
        assert_eq!(parted(text, commands), expected, "{text:?}");
    }

    #[test]
    fn what_terminals_and_mails_add_is_taken_away() {
        let check = |text: &str| check(text, &["ls -l"], &[(None, "a\n  b\n")]);
        check("a\n  b\n");
        check("\u{feff}a  \r\n  b\t\r\n\r\n");
        check("> a\n>   b\n>\n");
        check(">> a\n>>   b\n");
        check("\x1b[01;32ma\x1b[0m\n  \x1b]0;title\x07b\x1b(B\n");
        check("mid@host:~$ dir\na\n  b\nmid@host:~$");
    }

    #[test]
    fn the_command_tells_whose_output_it_is() {
        check("$ ls -l\na\n$ ", &["ls -l"], &[(Some(0), "a\n")]);
        check("ls -l\na\n", &["ls -l"], &[(Some(0), "a\n")]);
        check("x@y:~$ ls  -l\nx@y:~$ \n", &["ls -l"], &[(Some(0), "")]);
        check(
            "x@y:~$ ls -l\na\nx@y:~$ id\nb\nx@y:~$ ls -ld /\nc\n",
            &["ls -ld /", "ls -l"],
            &[(Some(1), "a\nx@y:~$ id\nb\n"), (Some(0), "c\n")],
        );
        // Broken by the window's width, wherever that is.
        check(
            "PS C:\\> Resolve-DnsName -Na\nme a.example -Server b\na\n",
            &["Resolve-DnsName -Name a.example -Server b"],
            &[(Some(0), "a\n")],
        );
        // Part of a command is not that command.
        check("ls -l /opt\na\n", &["ls -l"], &[(None, "ls -l /opt\na\n")]);
    }

    #[test]
    fn what_is_nothing_or_too_much_is_refused() {
        let check = |text: &str, expected: &str| {
            let refused = Paste::new(text, &[]).expect_err("it is refused");
            assert_eq!(refused.detail, expected);
        };
        check(" \r\n\n", "nothing was pasted");
        check(
            &"a".repeat(MOST_BYTES + 1),
            "what was pasted is larger than 16 MiB, the bound",
        );
    }

    #[test]
    fn a_refusal_says_what_was_got() {
        let check = |text: &str, expected: &str| {
            let paste = Paste::new(text, &["id".to_owned()]).expect("something was pasted");
            assert_eq!(paste.refused("this").detail, expected);
        };
        check(
            "\n  hello \nx",
            "expected this, got what begins with `hello`",
        );
        check("$ id\n", "expected this, got no output");
    }
}
