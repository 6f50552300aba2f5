//! `-p …`, `-u user:…`, `ConvertTo-SecureString …`, `net use …`: what programs are given on their command lines.

use std::{ops::Range, sync::LazyLock};

use memchr::memmem;
use regex::Regex;

use crate::redact::{
    Sort,
    rule::word::{self, Quote},
    span::Found,
};

/// Programs for which `-p` is no password.
const OTHERS: [&str; 31] = [
    "mkdir", "cp", "install", "ssh", "scp", "sftp", "rsync", "tail", "kill", "ps", "pgrep",
    "pkill", "grep", "egrep", "ping", "nc", "ncat", "netcat", "telnet", "netstat", "ss", "lsof",
    "perl", "docker", "podman", "kubectl", "patch", "touch", "find", "nmap", "curl",
];

/// Programs that take the password without a blank: `-pgeheim`.
const GLUED: [&str; 6] = [
    "mysql",
    "mysqldump",
    "mysqladmin",
    "mariadb",
    "sshpass",
    "7z",
];

/// How far the words of a command are read, in bytes.
const LONGEST_LINE: usize = 512;

static LOGIN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"(?m)(?:^|[\s"'(])(?:curl[^|;&\n]{0,256}?\s-[uU]|(?:-u|-U|--user|--proxy-user)[ =])["']?(?<user>[^\s:"'/\\]*):(?<password>)"#).ok()
});

static SECURE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?i)convertto-securestring(?:[ \t]+-(?:asplaintext|force))*[ \t]+(?<string>-string[ \t:]+)?(?<value>)",
    )
    .ok()
});

/// What follows on the line is read word by word.
static NET: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?i)\bnet(?:\.exe)?[ \t]+(?<what>use|user)[ \t]+").ok());

pub(super) fn find(found: &mut Found<'_>) {
    passwords(found);
    logins(found);
    secure_strings(found);
    net(found);
}

fn passwords(found: &mut Found<'_>) {
    let text = found.text;
    let mut from = 0;
    for option in memmem::find_iter(text.as_bytes(), "-p") {
        if option < from {
            continue;
        }
        let starts = text[..option]
            .chars()
            .next_back()
            .is_none_or(|c| c.is_whitespace() || "\"'(".contains(c));
        if !starts {
            continue;
        }
        let command = command(text, option);
        let program = program(command);
        let at = option + 2;
        if text[at..].starts_with([' ', '\t', '=']) {
            let at = word::past_blanks(text, at + usize::from(text[at..].starts_with('=')));
            let range = argument(text, at);
            from = range.end;
            if !OTHERS.contains(&program.as_str()) && !is_other(&text[range.clone()]) {
                found.whole(range, Sort::Argument, true);
            }
        } else if command
            .split_whitespace()
            .any(|word| GLUED.contains(&name_of(value_of(word)).as_str()))
        {
            let range = argument(text, at);
            from = range.end;
            if !text[range.clone()].starts_with("ass") {
                found.whole(range, Sort::Argument, true);
            }
        }
    }
}

fn logins(found: &mut Found<'_>) {
    let text = found.text;
    let Some(login) = LOGIN.as_ref() else { return };
    let mut from = 0;
    for captures in login.captures_iter(text) {
        let (Some(user), Some(password)) = (captures.name("user"), captures.name("password"))
        else {
            continue;
        };
        if user.start() < from {
            continue;
        }
        let range = match Quote::before(text, user.start()) {
            Some(quote) => password.start()..quote.end(text, password.start()).0,
            None => argument(text, password.start()),
        };
        from = range.end;
        let ids = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        if !(ids(user.as_str()) && ids(&text[range.clone()])) {
            found.whole(range, Sort::Argument, true);
        }
    }
}

fn secure_strings(found: &mut Found<'_>) {
    let text = found.text;
    let Some(secure) = SECURE.as_ref() else {
        return;
    };
    let mut from = 0;
    for captures in secure.captures_iter(text) {
        let Some(at) = captures
            .name("value")
            .map(|value| value.start())
            .filter(|at| *at >= from)
        else {
            continue;
        };
        let range = argument(text, at);
        let quoted = range.start > at;
        let most = text.floor_char_boundary(range.end + LONGEST_LINE);
        let line = text[range.end..most].lines().next().unwrap_or_default();
        // Of what is neither quoted nor named, only the option tells that this is no sentence.
        let sure = quoted
            || captures.name("string").is_some()
            || line.to_ascii_lowercase().contains("-asplaintext")
            || text[captures_start(&captures)..at]
                .to_ascii_lowercase()
                .contains("-asplaintext");
        if sure && (quoted || !text[at..].starts_with(['$', '(', '-', ':'])) {
            from = range.end;
            found.whole(range, Sort::Argument, true);
        }
    }
}

fn captures_start(captures: &regex::Captures<'_>) -> usize {
    captures.get(0).map_or(0, |whole| whole.start())
}

/// `net use [Z:] \\server\share PASSWORD /user:NAME`, `net user NAME PASSWORD /add`. A sentence has no options.
fn net(found: &mut Found<'_>) {
    let text = found.text;
    let Some(net) = NET.as_ref() else { return };
    for captures in net.captures_iter(text) {
        let (Some(whole), Some(what)) = (captures.get(0), captures.name("what")) else {
            continue;
        };
        let most = text.floor_char_boundary(whole.end() + LONGEST_LINE);
        let line = text[whole.end()..most].lines().next().unwrap_or_default();
        let end = whole.end() + line.len();
        let mut words: Vec<Range<usize>> = Vec::new();
        let mut options = false;
        let mut at = word::past_blanks(text, whole.end());
        while at < end && words.len() < 8 {
            let (range, after) = match Quote::at(text, at) {
                Some(quote) => {
                    let (close, after) = quote.end(&text[..end], (at + quote.length).min(end));
                    (at + quote.length..close, after)
                }
                None => {
                    let length = text[at..end].find(char::is_whitespace);
                    let close = length.map_or(end, |length| at + length);
                    (at..close, close)
                }
            };
            if after <= at {
                break;
            }
            if text[at..].starts_with('/') {
                let option = text[range].to_ascii_lowercase();
                options |= option.starts_with("/user") || option.starts_with("/add");
            } else {
                words.push(range);
            }
            at = word::past_blanks(text, after);
        }
        let share = what.as_str().eq_ignore_ascii_case("use");
        let device = share
            && words
                .first()
                .is_some_and(|word| matches!(text[word.clone()].as_bytes(), [_, b':'] | [b'*']));
        let to_share = share
            && words
                .iter()
                .any(|word| text[word.clone()].starts_with("\\\\"));
        if let Some(password) = words
            .get(if device { 2 } else { 1 })
            .filter(|_| options || to_share)
        {
            found.whole(password.clone(), Sort::Argument, true);
        }
    }
}

/// One argument: in quotes, or a word.
fn argument(text: &str, at: usize) -> Range<usize> {
    match Quote::at(text, at) {
        Some(quote) => {
            let start = at + quote.length;
            start..quote.end(text, start).0
        }
        None => word::bare(text, at, false),
    }
}

/// What stands before `at`, from the last sign that begins a command.
fn command(text: &str, at: usize) -> &str {
    let from = text.ceil_char_boundary(at.saturating_sub(256));
    text[from..at]
        .rsplit(['\n', '|', ';', '&', '`', '('])
        .next()
        .unwrap_or_default()
        .trim_start()
}

/// The program whose command line this is: its first word.
fn program(command: &str) -> String {
    let command = command
        .strip_prefix("sudo ")
        .unwrap_or(command)
        .trim_start();
    name_of(command.split_whitespace().next().unwrap_or_default())
}

/// A command may be what a setting is set to: `ExecStart=mysql …`, `"run":"mysql …`.
fn value_of(word: &str) -> &str {
    let value = |c: char| matches!(c, '=' | ':' | '"' | '\'' | '[' | '{' | ',' | '>');
    word.trim_end_matches(value)
        .rsplit(value)
        .next()
        .unwrap_or_default()
}

/// A program's name without its folder and quotes.
fn name_of(word: &str) -> String {
    let name = word.rsplit(['/', '\\']).next().unwrap_or_default();
    let name = name.trim_matches(['"', '\'']).to_ascii_lowercase();
    name.strip_suffix(".exe")
        .map_or(name.clone(), str::to_owned)
}

/// A port, an id, a path, another option: no password.
fn is_other(argument: &str) -> bool {
    argument.starts_with(['-', '/', '~', '$', '|', '<', '>', '.'])
        || argument
            .bytes()
            .all(|b| b.is_ascii_digit() || b".,:/-".contains(&b))
        || argument
            .as_bytes()
            .get(1..3)
            .is_some_and(|rest| rest == b":\\" || rest == b":/")
}
