//! What `ps` prints as people call it: `ps -ef`, `ps aux`, `ps -eo pid,lstart,user,args`, the `ps` of BusyBox and of the
//! BSDs. With its heading or, searched with `grep`, without; a terminal may have cut its lines.

use std::sync::LazyLock;

use regex::Regex;

use super::{marked_list::WINDOWS, processes::without_searches};
use crate::host::Process;

/// The processes that stand there, without those that search for others; `None` where there is neither a heading nor a
/// line of it.
pub fn read(text: &str) -> Option<Vec<Process>> {
    let mut heading: Option<Heading> = None;
    let mut found = Vec::new();
    let mut any = false;
    for line in text.lines() {
        if let Some(read) = Heading::of(line) {
            heading = Some(read);
            any = true;
            continue;
        }
        let row = heading.as_ref().and_then(|heading| heading.row(line));
        found.extend(row.or_else(|| unheaded(line)));
    }
    any |= !found.is_empty();
    any.then(|| without_searches(found))
}

/// The columns by their names.
struct Heading {
    columns: usize,
    pid: usize,
    user: Option<usize>,
    /// A column of several words: when it started.
    long: Option<usize>,
}

/// Words of a start such as `Fri Nov 20 10:00:00 2026`.
const LONG: usize = 5;

impl Heading {
    fn of(line: &str) -> Option<Self> {
        let words: Vec<&str> = line.split_whitespace().collect();
        let at = |names: &[&str]| words.iter().position(|word| names.contains(word));
        let is_last = matches!(words.last(), Some(&("CMD" | "COMMAND" | "ARGS")));
        let is_name = |word: &&str| {
            word.chars()
                .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || "%_-".contains(c))
        };
        let is_other = line.split_whitespace().eq(WINDOWS.split_whitespace());
        let pid = at(&["PID"]).filter(|_| is_last && !is_other && words.iter().all(is_name))?;
        Some(Self {
            columns: words.len(),
            pid,
            user: at(&["USER", "UID", "RUSER", "EUSER"]),
            long: at(&["STARTED", "UTC"]),
        })
    }

    fn row(&self, line: &str) -> Option<Process> {
        let words: Vec<&str> = line.split_whitespace().collect();
        let place = |column: usize| match self.long {
            Some(long) if column > long => column + LONG - 1,
            _ => column,
        };
        let pid = words.get(place(self.pid))?;
        let user = self.user.and_then(|user| words.get(place(user)));
        let command = place(self.columns - 1);
        let mut rest = line.trim_start();
        for _ in 0..command {
            let (_, after) = rest.split_once(char::is_whitespace)?;
            rest = after.trim_start();
        }
        process(pid, user.copied(), rest)
    }
}

/// A line without a heading above it, where its form alone tells what it is.
fn unheaded(line: &str) -> Option<Process> {
    static FORMS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
        [
            // pid,lstart,user,args, perhaps with what it holds in memory before args.
            r"^\s*(?<pid>\d+) +\S{1,6} +\S{1,6} +\S{1,4} +\d\d:\d\d:\d\d +\d{4} +(?:\d+ +)?(?<user>\S*[A-Za-z]\S*) +(?:\d+ +)?(?<command>\S.*)$",
            // -ef
            r"^\s*(?<user>\S+) +(?<pid>\d+) +\d+ +\d+ +(?:\S+|\pL{3,4} +\d{1,2}) +\S+ +(?:\d+-)?\d+:\d\d(?::\d\d|\.\d\d)? +(?<command>\S.*)$",
            // aux
            r"^(?<user>\S+) +(?<pid>\d+) +\d+[.,]\d +\d+[.,]\d +\d+ +\d+ +\S+ +[A-Z][A-Za-z<>+]* +\S+ +\d+:\d\d(?:\.\d\d)? +(?<command>\S.*)$",
            // ax
            r"^\s*(?<pid>\d+) +\S+ +[A-Z][A-Za-z<>+]* +\d+:\d\d(?:\.\d\d)? +(?<command>\S.*)$",
            // BusyBox
            r"^\s*(?<pid>\d+) +(?<user>[A-Za-z_]\S*) +(?:\d+:\d\d|\d+h\d\d|\d+d\d\d) +(?<command>\S.*)$",
        ]
        .iter()
        .filter_map(|form| Regex::new(form).ok())
        .collect()
    });
    let found = FORMS.iter().find_map(|form| form.captures(line))?;
    let user = found.name("user").map(|user| user.as_str());
    process(&found["pid"], user, &found["command"])
}

fn process(pid: &str, user: Option<&str>, command: &str) -> Option<Process> {
    // What draws the tree of `ps f`.
    let command = match command.split_once("\\_ ") {
        Some((before, own)) if before.chars().all(|c| matches!(c, ' ' | '|')) => own,
        _ => command,
    };
    // BusyBox puts before it in braces what the program calls itself.
    let command = match command
        .strip_prefix('{')
        .and_then(|rest| rest.split_once("} "))
    {
        Some((_, own)) => own,
        None => command,
    };
    let command = command.trim();
    Some(Process {
        pid: pid.parse().ok()?,
        command_line: (!command.is_empty()).then(|| command.to_owned())?,
        // Told without a zone.
        started: None,
        // Of one that is cut or filtered it would not be the sum.
        memory_bytes: None,
        user: user.filter(|user| !user.ends_with('+')).map(str::to_owned),
    })
}
