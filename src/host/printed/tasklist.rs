//! What `tasklist` and `Get-Process` print: names of processes without their command lines. `tasklist` is read by its
//! places, since the names of its columns are in the machine's language.

use super::columns::{cell, tables};
use crate::host::Process;

/// The processes that stand there, each with its name in brackets for a command line; `None` where it is neither.
pub fn read(text: &str) -> Option<Vec<Process>> {
    let mut found: Vec<Process> = Vec::new();
    for (heading, rows) in tables(text, '=') {
        if heading.len() >= 2 {
            found.extend(rows.iter().filter_map(|row| process(&row[1], &row[0])));
        }
    }
    for (heading, rows) in tables(text, '-') {
        found.extend(rows.iter().filter_map(|row| {
            let pid = cell(&heading, row, "Id")?;
            process(pid, cell(&heading, row, "ProcessName")?)
        }));
    }
    // `tasklist /fo csv`
    for line in text.lines() {
        let mut fields = line.trim().split("\",\"");
        if let (Some(name), Some(pid), Some(_)) = (fields.next(), fields.next(), fields.next())
            && let Some(name) = name.strip_prefix('"')
        {
            found.extend(process(pid, name));
        }
    }
    (!found.is_empty()).then_some(found)
}

fn process(pid: &str, name: &str) -> Option<Process> {
    Some(Process {
        pid: pid.parse().ok()?,
        command_line: format!("[{name}]"),
        started: None,
        memory_bytes: None,
        user: None,
    })
}
