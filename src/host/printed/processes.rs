//! Processes as `ps -eo pid,lstart,user,args` and `Get-CimInstance Win32_Process | Format-List` print them, searched for
//! one of them. That there is none is read from `no such process` alone, which the commands to copy print then.

use std::sync::LazyLock;

use regex::Regex;

use super::format_list::{blocks, value};
use crate::host::Process;

/// What the commands to copy print where nothing fits.
pub const NONE: &str = "no such process";

/// The processes that stand there; `None` where nothing says whether there are any.
pub fn read(text: &str) -> Option<Vec<Process>> {
    static LINE: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"^\s*(\d+) +\S{1,6} +\S{1,6} +\d{1,2} +\d\d:\d\d:\d\d +\d{4} +(\S+) +(\S.*)$")
            .ok()
    });
    let form = LINE.as_ref()?;
    let lines = text.lines().filter_map(|line| {
        let found = form.captures(line)?;
        Some(Process {
            pid: found[1].parse().ok()?,
            command_line: found[3].to_owned(),
            // Told without a zone.
            started: None,
            memory_bytes: None,
            user: Some(found[2].to_owned()),
        })
    });
    let all = blocks(text);
    let listed = all.iter().filter_map(|block| {
        Some(Process {
            pid: value(block, "ProcessId")?.parse().ok()?,
            command_line: value(block, "CommandLine")?.to_owned(),
            started: None,
            memory_bytes: None,
            user: None,
        })
    });
    let found: Vec<Process> = lines.chain(listed).collect();
    let said = text.lines().any(|line| line.trim() == NONE);
    (said || !found.is_empty()).then_some(found)
}
