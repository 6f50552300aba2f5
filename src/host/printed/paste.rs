//! A paste as it comes out of terminals, mails and tickets, and what is left of it: the text behind each command that
//! stands in it. Takes away what terminals and mails add, never what a program printed.

use std::{borrow::Cow, sync::LazyLock};

use regex::Regex;

use super::{
    argument,
    lines::{is_typed, prompt},
};
use crate::finding::{Reason, Unknown};

/// The largest paste that is read, in bytes.
pub const MOST_BYTES: usize = 16 << 20;
/// Levels of quoting that mails put before each line.
const QUOTES: usize = 5;
/// So many lines are quoted at the least where a mail has words of its own.
const LEAST_QUOTED: usize = 3;
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
    /// So many empty lines stood behind it.
    empty: usize,
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
        same(&parts)?;
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
        self.part(command).map(|part| part.text.as_str())
    }

    /// How many empty lines stand behind [`Self::output`], which are no part of it.
    pub fn empty_behind(&self, command: usize) -> usize {
        self.part(command).map_or(0, |part| part.empty)
    }

    fn part(&self, command: usize) -> Option<&Part> {
        let of_it = || {
            self.parts
                .iter()
                .filter(|part| part.command == Some(command))
        };
        // What is typed ahead is shown twice.
        let found = of_it().find(|part| !part.text.trim().is_empty());
        let found = found.or_else(|| of_it().next());
        let all = || match self.parts.as_slice() {
            [part] if part.command.is_none() => Some(part),
            _ => None,
        };
        found.or_else(all)
    }

    /// A text without what was typed to show it.
    pub fn untyped(text: &str) -> Cow<'_, str> {
        match text.lines().any(is_typed) {
            false => Cow::Borrowed(text),
            true => {
                let kept = text.split_inclusive('\n').filter(|line| !is_typed(line));
                kept.collect::<String>().into()
            }
        }
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
    unquoted(&mut lines);
    lines.join("\n").replace('\r', "\n")
}

/// Takes away the quoting where a mail has words of its own around it. A shell that waits for the rest of a command, and
/// `curl -v`, put the same sign before lines.
fn unquoted(lines: &mut [&str]) {
    let is_quoted = |line: &&str| line.starts_with('>');
    let (Some(from), Some(to)) = (
        lines.iter().position(is_quoted),
        lines.iter().rposition(is_quoted),
    ) else {
        return;
    };
    let (before, rest) = lines.split_at_mut(from);
    let (block, after) = rest.split_at_mut(to + 1 - from);
    let is_other = |line: &&str| {
        line.starts_with(['*', '<', '$', '#'])
            || line.starts_with("HTTP/")
            || prompt(line).is_some()
    };
    let around = || before.iter().chain(after.iter());
    let is_mail = block.len() >= LEAST_QUOTED
        && block.iter().all(is_quoted)
        && around().any(|line| !line.is_empty())
        && !around().any(is_other);
    if is_mail {
        for line in block {
            let inner = line.trim_start_matches('>');
            *line = inner.strip_prefix(' ').unwrap_or(inner);
        }
    }
}

/// # Errors
/// One of the commands stands there twice and did not print the same: nobody knows what holds.
fn same(parts: &[Part]) -> Result<(), Unknown> {
    for (at, part) in parts.iter().enumerate() {
        let text = part.text.trim();
        let other = |other: &Part| {
            let told = other.text.trim();
            other.command == part.command && !told.is_empty() && told != text
        };
        if part.command.is_some() && !text.is_empty() && parts[at + 1..].iter().any(other) {
            let why = "one command stands there twice and printed something else each time: paste the one that holds";
            return Err(Unknown::new(Reason::Other, why));
        }
    }
    Ok(())
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
        empty: 0,
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
                empty: 0,
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
        part.empty = (part.text.len() - end).saturating_sub(1);
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

/// Which command is typed in the first of these lines, over how many of them it goes, and the prompt before it. In a list
/// of processes the command may stand as well, and is not typed there.
fn echo<'t>(lines: &[&'t str], wanted: &[(String, String)]) -> Option<(usize, usize, &'t str)> {
    let first = squeezed(lines.first()?);
    for (index, (whole, start)) in wanted.iter().enumerate() {
        let Some(place) = first.find(start.as_str()).filter(|_| !whole.is_empty()) else {
            continue;
        };
        let before = prompt_of(lines[0], place);
        if argument::is_before(before) {
            continue;
        }
        let mut typed = first[place..].to_owned();
        for taken in 1..=BROKEN.min(lines.len()) {
            if typed == *whole {
                return Some((index, taken, before));
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
        // A list of processes shows the command once more where a shell was started with it.
        check(
            "x@a:~$ ps -ef\nmid 15 1 0 23:02 ? 00:00:00 bash -c ps -ef\nmid 16 15 0 23:02 ? 00:00:00 less\nx@a:~$\n",
            &["ps -ef"],
            &[(
                Some(0),
                "mid 15 1 0 23:02 ? 00:00:00 bash -c ps -ef\nmid 16 15 0 23:02 ? 00:00:00 less\n",
            )],
        );
        // Part of a command is not that command.
        check("ls -l /opt\na\n", &["ls -l"], &[(None, "ls -l /opt\na\n")]);
    }

    #[test]
    fn one_command_has_one_output() {
        let commands = ["ls -l".to_owned(), "id".to_owned()];
        let output = |text: &str| {
            let paste = Paste::new(text, &commands).map_err(|refused| refused.detail)?;
            Ok(paste.output(0).map(str::to_owned))
        };
        let check = |text: &str, expected: &str| {
            assert_eq!(output(text), Ok(Some(expected.to_owned())), "{text:?}");
        };
        check("x@a:~$ ls -l\na\nx@a:~$ id\nb\n", "a\n");
        check("x@a:~$ ls -l\na\nx@a:~$ ls -l\na\n", "a\n");
        // Typed before the shell was ready.
        check("ls -l\nx@a:~$ ls -l\na\n", "a\n");
        let why = "one command stands there twice and printed something else each time: paste the one that holds";
        // Two machines, or two times.
        let two = "x@a:~$ ls -l\na\nx@b:~$ ls -l\nb\n";
        assert_eq!(output(two), Err(why.to_owned()));
        let two = "x@a:~$ ls -l\na\nx@b:~$ bash -c ls -l\nb\n";
        assert_eq!(output(two), Err(why.to_owned()));
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
