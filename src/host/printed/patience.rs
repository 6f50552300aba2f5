//! How long a program was to wait for an answer: by the options that somebody typed for it, and by what it says itself when it
//! gave up. Only the time is told here, and never what came of it.

use core::time::Duration;
use std::sync::LazyLock;

use regex::Regex;

/// What one program was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Given {
    /// As in a message.
    pub program: &'static str,
    /// That gives it more.
    pub option: &'static str,
    pub time: Duration,
}

const CURL: (&str, &str) = ("curl", "-m");
const NC: (&str, &str) = ("nc", "-w");
const POWERSHELL: (&str, &str) = ("Invoke-WebRequest", "-TimeoutSec");

/// Letters of one-letter options that take what follows as their value, so that none stands behind them in a word.
const CURL_TAKES: &str = "AbcCdDeEFhHKoPQrtTuUwxXyYz";
const NC_TAKES: &str = "ceghiIMmoOpPqsTVxX";

impl Given {
    /// Whether it asks by HTTP; otherwise it only connects.
    pub fn asks(&self) -> bool {
        self.program != NC.0
    }
}

/// The times that programs in this text were given; none where no option and no words of theirs tell one.
pub fn given(text: &str) -> Vec<Given> {
    let own: Vec<Duration> = text.lines().filter_map(gave_up).collect();
    // Of the time for a connection alone the program's own words tell more: more may have been waited for.
    let is_told = !own.is_empty() && text.lines().filter(is_end).all(tells);
    let mut all: Vec<Given> = own.iter().map(|time| of(CURL, *time)).collect();
    for command in commands(text) {
        all.extend(typed(&command, is_told));
    }
    all
}

fn of((program, option): (&'static str, &'static str), time: Duration) -> Given {
    Given {
        program,
        option,
        time,
    }
}

/// `curl: (28) Connection timed out after 1001 milliseconds`, `* Failed to connect to … after 1002 ms: Timeout was reached`.
/// A line about one address of several tells of a part of the time.
fn gave_up(line: &str) -> Option<Duration> {
    static FORM: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(concat!(
            r"^(?:\* |(?:curl\.exe : )?curl: \(28\) )",
            r"(?:[A-Za-z/ ]*\btime(?:d |)out after (\d{1,9}) m|Failed to connect to .* after (\d{1,9}) ms: .*[Tt]ime)",
        ))
        .ok()
    });
    let line = line.trim();
    if line.ends_with("move on!") {
        return None;
    }
    let found = FORM.as_ref()?.captures(line)?;
    let number = found.get(1).or_else(|| found.get(2))?;
    Some(Duration::from_millis(number.as_str().parse().ok()?))
}

/// An end by time.
fn is_end(line: &&str) -> bool {
    line.contains("curl: (28)")
}

fn tells(line: &str) -> bool {
    gave_up(line).is_some()
}

/// The lines, those that go on in the next one as one.
fn commands(text: &str) -> Vec<String> {
    let mut all = Vec::new();
    let mut open = String::new();
    for line in text.lines() {
        let line = line.trim_end();
        match line.strip_suffix(['\\', '`', '^']) {
            Some(begun) => {
                open.push_str(begun);
                open.push(' ');
            }
            None => {
                open.push_str(line);
                all.push(std::mem::take(&mut open));
            }
        }
    }
    all.push(open);
    all
}

/// The times that stand in a line as options of a program in it.
fn typed(line: &str, is_told: bool) -> Vec<Given> {
    let mut all = Vec::new();
    let mut words = line.split_whitespace().peekable();
    let mut program = "";
    while let Some(word) = words.next() {
        if let Some(name) = program_of(word) {
            program = name;
            continue;
        }
        if word.starts_with(['|', ';', '&']) {
            program = "";
        }
        let next = words.peek().copied();
        match program {
            "curl" => all.extend(of_curl(word, next, is_told).map(|time| of(CURL, time))),
            "nc" => all.extend(of_nc(word, next).map(|time| of(NC, time))),
            _ => {}
        }
        let name = word.split_once(':').map_or(word, |(name, _)| name);
        if name.eq_ignore_ascii_case("-TimeoutSec") {
            let value = word.split_once(':').map(|(_, value)| value).or(next);
            all.extend(value.and_then(time).map(|time| of(POWERSHELL, time)));
        }
        if word.ends_with([';', '|']) {
            program = "";
        }
    }
    all
}

fn program_of(word: &str) -> Option<&'static str> {
    let bare = word.trim_matches(['(', '{', '$', '`', '"', '\'', '&']);
    match bare.rsplit(['/', '\\']).next()? {
        "curl" | "curl.exe" => Some("curl"),
        "nc" | "nc.openbsd" | "nc.traditional" | "ncat" | "ncat.exe" | "nc.exe" | "netcat" => {
            Some("nc")
        }
        _ => None,
    }
}

fn of_curl(word: &str, next: Option<&str>, is_told: bool) -> Option<Duration> {
    if let Some(value) = long(word, "--max-time", next) {
        return time(value);
    }
    if let Some(value) = long(word, "--connect-timeout", next) {
        return time(value).filter(|_| !is_told);
    }
    time(short(word, &['m'], CURL_TAKES, next)?)
}

fn of_nc(word: &str, next: Option<&str>) -> Option<Duration> {
    match long(word, "--wait", next) {
        Some(value) => time(value),
        None => time(short(word, &['w', 'G'], NC_TAKES, next)?),
    }
}

/// The value of `--name value` or `--name=value`.
fn long<'t>(word: &'t str, name: &str, next: Option<&'t str>) -> Option<&'t str> {
    let rest = word.strip_prefix(name)?;
    match rest.strip_prefix('=') {
        Some(value) => Some(value),
        None => next.filter(|_| rest.is_empty()),
    }
}

/// The value of one of these letters, `-m 1`, `-m1` or `-sSm 1`.
fn short<'t>(
    word: &'t str,
    letters: &[char],
    takes: &str,
    next: Option<&'t str>,
) -> Option<&'t str> {
    let cluster = word.strip_prefix('-').filter(|all| !all.starts_with('-'))?;
    for (at, letter) in cluster.char_indices() {
        if letters.contains(&letter) {
            let rest = &cluster[at + letter.len_utf8()..];
            return match rest.is_empty() {
                true => next,
                false => Some(rest),
            };
        }
        if takes.contains(letter) {
            break;
        }
    }
    None
}

/// `1`, `0.5`, and of `ncat` `500ms`, `10s`, `1m`. Nothing is no limit.
fn time(value: &str) -> Option<Duration> {
    let value = value.trim_matches(['"', '\'', ';', ')', '}', '=', '`']);
    let (number, unit) = match value.find(|c: char| c.is_ascii_alphabetic()) {
        Some(at) => value.split_at(at),
        None => (value, ""),
    };
    let factor = match unit {
        "" | "s" => 1.0,
        "ms" => 0.001,
        "m" => 60.0,
        _ => return None,
    };
    let number: f64 = number.replace(',', ".").parse().ok()?;
    let time = Duration::try_from_secs_f64(number * factor).ok()?;
    (!time.is_zero()).then_some(time)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<(&str, u64)>) {
        let shortest = given(text).into_iter().min_by_key(|given| given.time);
        let found = shortest.map(|given| {
            let ms = given.time.as_millis();
            (given.program, u64::try_from(ms).expect("a short time"))
        });
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn what_was_typed() {
        let curl = |options: &str, ms: u64| {
            check(
                &format!("mid@host:~$ curl {options} https://a.example/x\n* x"),
                Some(("curl", ms)),
            );
        };
        curl("-m 1", 1000);
        curl("-m1", 1000);
        curl("-sSvm 1", 1000);
        curl("-sm0.5", 500);
        curl("--max-time 1", 1000);
        curl("--max-time=1", 1000);
        curl("-v --connect-timeout 2 -m 30", 2000);
        curl("-v -m '3'", 3000);
        curl("-v \\\n  -m 4 \\\n ", 4000);
        check(
            r"C:\>C:\tools\curl.exe -m 5 https://a.example",
            Some(("curl", 5000)),
        );
        check(
            "$ { curl -m 6 https://a.example; } | grep -m 1 x",
            Some(("curl", 6000)),
        );
        check("$ nc -vz -w 1 a.example 443", Some(("nc", 1000)));
        check("$ nc -zvw1 a.example 443", Some(("nc", 1000)));
        check("$ nc -vz -G 2 a.example 443", Some(("nc", 2000)));
        check("$ /usr/bin/ncat -w 500ms a.example 443", Some(("nc", 500)));
        check("$ ncat --wait 3s a.example 443", Some(("nc", 3000)));
        check(
            "PS C:\\> Invoke-WebRequest -TimeoutSec 1 https://a.example",
            Some(("Invoke-WebRequest", 1000)),
        );
        // The shortest of all counts.
        check(
            "$ curl -m 9 https://a.example\n$ curl -m 1 https://a.example",
            Some(("curl", 1000)),
        );
    }

    #[test]
    fn what_is_no_time() {
        for text in [
            "",
            "$ curl -v https://a.example/x",
            "$ curl -m 0 https://a.example/x",
            "$ curl -omm1 -Hm1 -X m https://a.example/x",
            "$ curl -v https://a.example/x | grep -m 1 HTTP",
            "$ ping -w 1 a.example",
            "$ nc -vz a.example 443",
            "nc: connect to a.example (192.0.2.1) port 443 (tcp) timed out: Operation now in progress",
            "* After 500ms connect time, move on!",
            "* ipv4 connect timeout after 4995ms, move on!",
            "< Retry: timed out after 1 milliseconds",
        ] {
            check(text, None);
        }
    }

    #[test]
    fn what_curl_says() {
        for line in [
            "* Connection timed out after 1001 milliseconds",
            "* Connection timeout after 1001 ms",
            "curl: (28) Connection timed out after 1001 milliseconds",
            "curl: (28) Operation timed out after 1001 milliseconds with 0 bytes received",
            "curl: (28) Resolving timed out after 1001 milliseconds",
            "curl: (28) Failed to connect to a.example port 443 after 1001 ms: Timeout was reached",
            "curl.exe : curl: (28) Failed to connect to a.example port 443 after 1001 ms: Timed out",
        ] {
            check(line, Some(("curl", 1001)));
        }
        let words = "curl: (28) Operation timed out after 30001 milliseconds with 0 bytes received";
        let typed = "$ curl --connect-timeout 5 -m 30 https://a.example/x\n";
        check(&format!("{typed}{words}"), Some(("curl", 30_000)));
        check(
            &format!("{typed}curl: (28) SSL connection timeout"),
            Some(("curl", 5000)),
        );
        check(
            &format!("{typed}{words}\n{typed}curl: (28) SSL connection timeout"),
            Some(("curl", 5000)),
        );
    }
}
