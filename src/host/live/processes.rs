//! The processes of this machine, without this program, what it has started, and what started it by its name.

use std::collections::HashSet;

use jiff::Timestamp;
use sysinfo::{Pid, ProcessRefreshKind, ProcessesToUpdate, System, ThreadKind, UpdateKind};

use crate::{
    finding::{Reason, Unknown},
    host::{Process, ProcessList},
};

/// The longest command line, in bytes.
const COMMAND_LINE: usize = 64 << 10;

pub(super) fn list() -> Result<ProcessList, Unknown> {
    let failed = |error: &dyn std::fmt::Display| {
        Unknown::new(Reason::NotAvailable, format!("processes: {error}"))
    };
    let mut system = System::new().map_err(|error| failed(&error))?;
    let wanted = ProcessRefreshKind::nothing()
        .with_cmd(UpdateKind::Always)
        .with_exe(UpdateKind::Always)
        .with_user(UpdateKind::Always)
        .with_memory();
    system.refresh_processes_specifics(ProcessesToUpdate::All, true, wanted);
    let own = Pid::from_u32(std::process::id());
    let mut ours: HashSet<Pid> = HashSet::from([own]);
    // Children of children come in any order: go round until none is new.
    loop {
        let new: Vec<Pid> = system
            .processes()
            .iter()
            .filter(|(pid, process)| {
                !ours.contains(pid)
                    && process
                        .parent()
                        .is_some_and(|parent| ours.contains(&parent))
            })
            .map(|(pid, _)| *pid)
            .collect();
        if new.is_empty() {
            break;
        }
        ours.extend(new);
    }
    ours.extend(launchers(&system, own));
    let mut hidden = hides();
    let mut processes = Vec::new();
    for (pid, process) in system.processes() {
        if ours.contains(pid) || process.thread_kind() == Some(ThreadKind::Userland) {
            continue;
        }
        let mut command_line = process
            .cmd()
            .iter()
            .map(|part| part.to_string_lossy())
            .collect::<Vec<_>>()
            .join(" ");
        if command_line.is_empty() {
            hidden |= unseen(process);
            command_line = format!("[{}]", process.name().to_string_lossy());
        }
        let end = command_line.floor_char_boundary(COMMAND_LINE);
        command_line.truncate(end);
        processes.push(Process {
            pid: pid.as_u32(),
            command_line,
            started: i64::try_from(process.start_time())
                .ok()
                .and_then(|second| Timestamp::from_second(second).ok()),
            // Every program that runs holds some; a system that does not tell how much is read as 0.
            memory_bytes: Some(process.memory()).filter(|bytes| *bytes > 0),
            user: user(process),
        });
    }
    processes.sort_by_key(|process| process.pid);
    Ok(ProcessList { processes, hidden })
}

/// Who started this program by a command line that names it, as `sh -c "waypost …"` and `sudo waypost …` do: their
/// arguments are this program's. Other ancestors are what they are, for one the service itself.
fn launchers(system: &System, own: Pid) -> Vec<Pid> {
    let name = std::env::current_exe()
        .ok()
        .and_then(|path| Some(path.file_stem()?.to_string_lossy().into_owned()))
        .filter(|name| !name.is_empty());
    let Some(name) = name else {
        return Vec::new();
    };
    let mut found = Vec::new();
    let mut above = system.process(own).and_then(sysinfo::Process::parent);
    while let Some(pid) = above.filter(|pid| !found.contains(pid)) {
        let Some(process) = system.process(pid) else {
            break;
        };
        let names_us = |part: &std::ffi::OsString| part.to_string_lossy().contains(&name);
        if !process.cmd().iter().any(names_us) {
            break;
        }
        found.push(pid);
        above = process.parent();
    }
    found
}

#[cfg(unix)]
fn user(process: &sysinfo::Process) -> Option<String> {
    process.user_id().map(|uid| super::owner::user(**uid))
}

#[cfg(not(unix))]
fn user(_process: &sysinfo::Process) -> Option<String> {
    None
}

/// Whether the kernel keeps others' processes from this user: `hidepid` on Linux.
#[cfg(target_os = "linux")]
fn hides() -> bool {
    // The first process is always there and belongs to root; where its command line cannot be read, others' cannot.
    std::fs::read("/proc/1/cmdline").is_err()
}

#[cfg(not(target_os = "linux"))]
fn hides() -> bool {
    false
}

/// Whether a process without a command line is one that has one which cannot be seen. On Linux only threads of the
/// kernel and ended processes have none.
#[cfg(target_os = "linux")]
fn unseen(_process: &sysinfo::Process) -> bool {
    false
}

#[cfg(not(target_os = "linux"))]
fn unseen(process: &sysinfo::Process) -> bool {
    let name = process.name().to_string_lossy();
    // The system's own, which have no command line or show it to nobody.
    const OWN: &[&str] = &[
        "System",
        "Registry",
        "Idle",
        "System Idle Process",
        "Memory Compression",
        "Secure System",
        "kernel_task",
        "launchd",
    ];
    process.exe().is_none() && !OWN.contains(&name.as_ref())
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn this_program_and_its_children_are_left_out() {
        let Ok(mut child) = Command::new("sleep").arg("30").spawn() else {
            return;
        };
        let list = list();
        let pid = child.id();
        child.kill().unwrap();
        child.wait().unwrap();
        let pids: Vec<u32> = list
            .unwrap()
            .processes
            .iter()
            .map(|process| process.pid)
            .collect();
        assert!(!pids.contains(&pid) && !pids.contains(&std::process::id()));
        assert!(!pids.is_empty());
    }
}
