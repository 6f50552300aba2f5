//! Lists of processes as programs print them: those of the command to copy, which tell that they are whole, and those of
//! `ps`, `Get-CimInstance Win32_Process`, `wmic` and `tasklist` as people type them, which do not. That a process is not
//! there is told by a whole list alone.

use std::collections::HashSet;

use super::{marked_list, no_program, ps, tasklist, win32_process};
use crate::{
    finding::{Os, Reason, Unknown},
    host::Process,
};

/// The most processes that are read.
const MOST: usize = 100_000;

/// The processes that stand in a text.
#[derive(Debug, Default)]
pub struct Listed {
    pub processes: Vec<Process>,
    /// Why they may not be all with all of their command lines; `None` where they are.
    pub lacks: Option<String>,
}

impl Listed {
    /// What somebody typed to see them tells neither that nothing was left out nor that no line is cut.
    fn typed(processes: Vec<Process>) -> Self {
        Self {
            processes,
            lacks: Some(format!(
                "only the command to copy says at its end `… {}`",
                marked_list::ALL
            )),
        }
    }

    fn lacking(processes: Vec<Process>, lacks: impl Into<String>) -> Self {
        Self {
            processes,
            lacks: Some(lacks.into()),
        }
    }
}

/// The processes that stand there; `None` where the text is no list of processes.
///
/// # Errors
/// There are more than are read.
pub fn read(text: &str, os: Os) -> Option<Result<Listed, Unknown>> {
    let mut listed = if let Some(listed) = marked_list::read(text, os) {
        listed
    } else if os == Os::Windows {
        let named = || Some(Listed::lacking(tasklist::read(text)?, NAMES));
        win32_process::read(text)
            .map(Listed::typed)
            .or_else(named)?
    } else {
        match (ps::read(text), no_program(text, "ps")) {
            (Some(processes), _) => Listed::typed(processes),
            (None, unknown) => return Some(Err(unknown?)),
        }
    };
    if listed.processes.len() > MOST {
        let why = format!("more than {MOST} processes were pasted, the bound");
        return Some(Err(Unknown::new(Reason::NotWhole, why)));
    }
    // One command's output may stand there more than once.
    let mut seen = HashSet::new();
    listed.processes.retain(|process| seen.insert(process.pid));
    Some(Ok(listed))
}

const NAMES: &str = "only names stand there, and no command lines";

/// Whether a process may be written otherwise there than it is: programs print `?` for letters of other languages where
/// the machine's settings name none.
pub fn may_be_misspelt(listed: &Listed, looked_for: &str) -> bool {
    !looked_for.is_ascii()
        && listed
            .processes
            .iter()
            .any(|process| process.command_line.contains(['?', '\u{fffd}']))
}

/// Who looks for a process by its command line has it in his own.
fn searches(command_line: &str) -> bool {
    const SEARCHERS: &[&str] = &[
        "grep",
        "egrep",
        "fgrep",
        "zgrep",
        "rg",
        "ag",
        "awk",
        "gawk",
        "mawk",
        "pgrep",
        "findstr",
        "findstr.exe",
        "find.exe",
        "wmic",
        "wmic.exe",
    ];
    let first = command_line.split_whitespace().next().unwrap_or_default();
    let program = first
        .trim_matches('"')
        .rsplit(['/', '\\'])
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    SEARCHERS.contains(&program.as_str())
        || ["| grep", "|grep", "Win32_Process", "| findstr"]
            .iter()
            .any(|search| command_line.contains(search))
}

/// The processes without those that only look for others.
pub(super) fn without_searches(processes: Vec<Process>) -> Vec<Process> {
    processes
        .into_iter()
        .filter(|process| !searches(&process.command_line))
        .collect()
}
