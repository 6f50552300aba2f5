//! The list of all processes that the command to copy prints: a heading, a line a process with its start in UTC, and the
//! number of them. Whole is one only with the heading, that number of lines, nothing else between, and the process that
//! each system has and hides with others.

use std::sync::LazyLock;

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};
use regex::Regex;

use super::processes::Listed;
use crate::{finding::Os, host::Process};

/// What stands behind the number of processes at the end.
pub const ALL: &str = "processes in all";
/// The heading of a list that has no more than command lines.
pub const SHORT: &str = "PID COMMAND";
/// The heading on Windows.
pub const WINDOWS: &str = "PID UTC BYTES COMMAND";
/// What the end says where an administrator ran it.
pub const ADMINISTRATOR: &str = "seen by an administrator";
/// A command line that this user may not read.
pub const UNREADABLE: &str = "?";

const UNIX: &str = "PID UTC RSS USER COMMAND";
const KIB: u64 = 1024;

/// Which of the lists it is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Unix,
    Short,
    Windows,
}

/// `None` where neither its heading nor its end stands there.
pub fn read(text: &str, os: Os) -> Option<Listed> {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let heading = lines.iter().position(|line| form(line, os).is_some());
    let end = lines.iter().rposition(|line| end(line).is_some());
    let (start, form) = match heading {
        Some(at) => (at + 1, form(lines[at], os)?),
        None if os == Os::Windows => (0, Form::Windows),
        None => (0, Form::Unix),
    };
    let end_line = end.filter(|end| *end >= start);
    if heading.is_none() && end_line.is_none() {
        return None;
    }
    let mut processes = Vec::new();
    let mut odd = None;
    for line in &lines[start..end_line.unwrap_or(lines.len())] {
        match row(line, form) {
            Some(process) => processes.push(process),
            None if odd.is_none() => odd = Some(*line),
            None => {}
        }
    }
    if heading.is_none() && processes.is_empty() {
        return None;
    }
    let told = end_line.and_then(|at| self::end(lines[at]));
    let lacks = lacks(&processes, form, heading.is_some(), told, odd);
    Some(Listed { processes, lacks })
}

fn lacks(
    processes: &[Process],
    form: Form,
    headed: bool,
    told: Option<(usize, bool)>,
    odd: Option<&str>,
) -> Option<String> {
    let Some((number, administrator)) = told else {
        return Some(format!("its end, `… {ALL}`, is missing"));
    };
    if !headed {
        return Some("its beginning is missing".to_owned());
    }
    if let Some(odd) = odd {
        let odd: String = odd.chars().take(60).collect();
        return Some(format!("`{odd}` is no whole line of it"));
    }
    if processes.len() != number {
        let found = processes.len();
        return Some(format!("{found} of its {number} processes stand there"));
    }
    let first = if form == Form::Windows { 4 } else { 1 };
    let shown = |process: &Process| {
        process.pid == first
            && (form == Form::Windows || !process.command_line.starts_with(['[', '?']))
    };
    if !processes.iter().any(shown) {
        return Some(format!(
            "process {first}, which is always there, is hidden from this user, as others may be"
        ));
    }
    let hidden = |process: &&Process| {
        process.command_line == UNREADABLE
            || form == Form::Windows && !administrator && is_hidden(&process.command_line)
    };
    processes.iter().find(hidden).map(|process| {
        format!(
            "command lines are hidden from this user, that of process {} for one",
            process.pid
        )
    })
}

/// Whether a process of Windows has no command line because this user may not see it. The system's own show none to
/// nobody. An administrator is shown all but those of processes that Windows protects, its own and security software's.
fn is_hidden(command_line: &str) -> bool {
    const OWN: &[&str] = &[
        "System",
        "System Idle Process",
        "Registry",
        "Memory Compression",
        "Secure System",
        "smss.exe",
        "csrss.exe",
        "wininit.exe",
        "services.exe",
        "LsaIso.exe",
    ];
    let name = command_line
        .strip_prefix('[')
        .and_then(|name| name.strip_suffix(']'));
    name.is_some_and(|name| !OWN.iter().any(|own| own.eq_ignore_ascii_case(name)))
}

fn form(line: &str, os: Os) -> Option<Form> {
    let words = line.split_whitespace();
    let is = |heading: &str| words.clone().eq(heading.split_whitespace());
    match os {
        Os::Windows => is(WINDOWS).then_some(Form::Windows),
        Os::Linux | Os::Macos if is(UNIX) => Some(Form::Unix),
        Os::Linux | Os::Macos => is(SHORT).then_some(Form::Short),
    }
}

/// `187 processes in all`: how many, and whether an administrator saw them.
fn end(line: &str) -> Option<(usize, bool)> {
    let (number, rest) = line.split_once(' ')?;
    let rest = rest.strip_prefix(ALL)?;
    let administrator = rest.strip_prefix(", ") == Some(ADMINISTRATOR);
    (rest.is_empty() || rest.starts_with(", ")).then_some((number.parse().ok()?, administrator))
}

fn row(line: &str, form: Form) -> Option<Process> {
    static UNIX_ROW: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"^(\d+) +(\S+ +\S+ +\S+ +\d\d:\d\d:\d\d +\d{4}) +(\d+) +(\S+) +(\S.*)$").ok()
    });
    static WINDOWS_ROW: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"^(\d+) (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ|-) (\d+) (\S.*)$").ok()
    });
    let process = |pid: &str, command_line: &str| {
        Some(Process {
            pid: pid.parse().ok()?,
            command_line: command_line.to_owned(),
            started: None,
            memory_bytes: None,
            user: None,
        })
    };
    match form {
        Form::Short => {
            let (pid, command_line) = line.split_once(' ').unwrap_or((line, ""));
            // Threads of the kernel have no command line.
            process(
                pid,
                Some(command_line.trim())
                    .filter(|line| !line.is_empty())
                    .unwrap_or("[]"),
            )
        }
        Form::Unix => {
            let found = UNIX_ROW.as_ref()?.captures(line)?;
            let memory = found[3].parse::<u64>().ok()?.checked_mul(KIB);
            Some(Process {
                started: lstart(&found[2]),
                // Threads of the kernel hold none.
                memory_bytes: memory.filter(|bytes| *bytes > 0),
                // A name that is too long is cut, and marked so.
                user: Some(found[4].to_owned()).filter(|user| !user.ends_with('+')),
                ..process(&found[1], &found[5])?
            })
        }
        Form::Windows => {
            let found = WINDOWS_ROW.as_ref()?.captures(line)?;
            Some(Process {
                started: found[2].parse().ok(),
                memory_bytes: found[3].parse().ok().filter(|bytes| *bytes > 0),
                ..process(&found[1], &found[4])?
            })
        }
    }
}

/// `Fri Nov 20 10:00:00 2026`; of another language it is not read.
fn lstart(text: &str) -> Option<Timestamp> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let (_, date) = words.split_first()?;
    let time = DateTime::strptime("%b %d %H:%M:%S %Y", date.join(" ")).ok()?;
    let zoned = time.to_zoned(TimeZone::UTC).ok()?;
    Some(zoned.timestamp())
}
