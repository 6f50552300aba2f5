//! `-p …`, `-u user:…`, `ConvertTo-SecureString '…'`: what programs are given on their command lines.

use std::{ops::Range, sync::LazyLock};

use memchr::memmem;
use regex::Regex;

use crate::redact::{
    Sort,
    rule::word::{self, Quote},
    span::Found,
};

/// Programs for which `-p` is no password.
const OTHERS: [&str; 32] = [
    "mkdir", "cp", "install", "ssh", "scp", "sftp", "rsync", "tail", "kill", "ps", "pgrep",
    "pkill", "grep", "egrep", "ping", "nc", "ncat", "netcat", "telnet", "netstat", "ss", "lsof",
    "perl", "docker", "podman", "kubectl", "patch", "touch", "find", "nmap", "curl", "curl.exe",
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

static LOGIN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"(?m)(?:^|[\s"'(])(?:-u|-U|--user|--proxy-user)[ =]["']?(?<user>[^\s:"'/\\]*):(?<password>)"#).ok()
});

static SECURE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?i)convertto-securestring\s+(?:-string\s+)?(?<value>)").ok());

pub(super) fn find(found: &mut Found<'_>) {
    passwords(found);
    logins(found);
    secure_strings(found);
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
        let program = program(text, option);
        let at = option + 2;
        if text[at..].starts_with([' ', '\t', '=']) {
            let at = word::past_blanks(text, at + usize::from(text[at..].starts_with('=')));
            let range = argument(text, at);
            from = range.end;
            if !OTHERS.contains(&program.as_str()) && !is_other(&text[range.clone()]) {
                found.whole(range, Sort::Argument, true);
            }
        } else if GLUED.contains(&program.as_str()) {
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
        if let Some(quote) = Quote::at(text, at) {
            let start = at + quote.length;
            from = quote.end(text, start).0;
            found.whole(start..from, Sort::Argument, true);
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

/// The program whose command line this is: the first word behind the last sign that begins a command.
fn program(text: &str, at: usize) -> String {
    let mut from = at.saturating_sub(256);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let command = text[from..at]
        .rsplit(['\n', '|', ';', '&', '`', '('])
        .next()
        .unwrap_or_default()
        .trim_start();
    let command = command
        .strip_prefix("sudo ")
        .unwrap_or(command)
        .trim_start();
    let word = command.split_whitespace().next().unwrap_or_default();
    let name = word.rsplit(['/', '\\']).next().unwrap_or_default();
    name.trim_matches(['"', '\'']).to_ascii_lowercase()
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
