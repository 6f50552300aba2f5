//! What `Get-CimInstance Win32_Process` prints through `Format-List` or as a table, and `wmic process get`. The names of
//! properties are of no language; a window's width may have broken or cut the lines.

use jiff::{Timestamp, civil::DateTime, tz::Offset};

use super::{
    columns::{cell, tables},
    format_list::{blocks, value},
    processes::without_searches,
};
use crate::host::Process;

/// The processes that stand there, without those that search for others; `None` where there is none with a command line
/// or a name.
pub fn read(text: &str) -> Option<Vec<Process>> {
    let mut found: Vec<Process> = blocks(text)
        .iter()
        .filter(|block| !OF_SERVICES.iter().any(|name| value(block, name).is_some()))
        .filter_map(|block| {
            let line = value(block, "CommandLine").map(str::to_owned);
            process(value(block, "ProcessId")?, line, value(block, "Name"))
        })
        .collect();
    let of_processes = |heading: &[String]| {
        !heading
            .iter()
            .any(|name| OF_SERVICES.contains(&name.as_str()))
    };
    for (heading, rows) in tables(text, '-') {
        if !of_processes(&heading) {
            continue;
        }
        found.extend(rows.iter().filter_map(|row| {
            let line = cell(&heading, row, "CommandLine").map(str::to_owned);
            let pid = cell(&heading, row, "ProcessId")?;
            process(pid, line, cell(&heading, row, "Name"))
        }));
    }
    found.extend(wmic(text));
    (!found.is_empty()).then(|| without_searches(found))
}

/// Services have a name and a process too.
const OF_SERVICES: &[&str] = &["State", "StartMode", "Status", "StartName"];

fn process(pid: &str, line: Option<String>, name: Option<&str>) -> Option<Process> {
    Some(Process {
        pid: pid.parse().ok()?,
        command_line: line.or_else(|| Some(format!("[{}]", name?)))?,
        started: None,
        memory_bytes: None,
        user: None,
    })
}

/// Lines of `Name=value`, a process parted from the next by empty ones.
fn wmic(text: &str) -> Vec<Process> {
    let mut found = Vec::new();
    let mut open: Vec<(&str, &str)> = Vec::new();
    for line in text.lines().map(str::trim).chain([""]) {
        match line.split_once('=') {
            Some((name, value)) if is_name(name) => open.push((name, value)),
            _ => {
                found.extend(of_wmic(&open));
                open.clear();
            }
        }
    }
    found
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric())
}

fn of_wmic(properties: &[(&str, &str)]) -> Option<Process> {
    let get = |wanted: &str| {
        let found = properties
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(wanted));
        found
            .map(|(_, value)| *value)
            .filter(|value| !value.is_empty())
    };
    if OF_SERVICES.iter().any(|name| get(name).is_some()) {
        return None;
    }
    let line = get("CommandLine").map(str::to_owned);
    Some(Process {
        started: get("CreationDate").and_then(cim_time),
        ..process(get("ProcessId")?, line, get("Name").or(get("Caption")))?
    })
}

/// `20261120100000.123456+060`: the local time, and how many minutes it is ahead of UTC.
fn cim_time(text: &str) -> Option<Timestamp> {
    let (time, zone) = text.split_at_checked(14)?;
    let time = DateTime::strptime("%Y%m%d%H%M%S", time).ok()?;
    let zone = zone.get(zone.find(['+', '-'])?..)?;
    let minutes: i32 = zone.parse().ok()?;
    let offset = Offset::from_seconds(minutes.checked_mul(60)?).ok()?;
    offset.to_timestamp(time).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_wmic() {
        let check = |text: &str, expected: Option<&str>| {
            let expected = expected.map(|time| time.parse().expect("a time in this test"));
            assert_eq!(cim_time(text), expected, "{text}");
        };
        check("20261120110000.123456+060", Some("2026-11-20T10:00:00Z"));
        check("20261120053000.000000-270", Some("2026-11-20T10:00:00Z"));
        check("20261120110000.123456", None);
        check("20261320110000.123456+060", None);
        check("2026112", None);
        check("2026112011000ü.1+060", None);
    }
}
