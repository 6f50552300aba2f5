//! Services as `Get-CimInstance Win32_Service` and `Get-Service` print them through `Format-List`, and `sc query`. Their
//! states are the same words in every language.

use std::sync::LazyLock;

use regex::Regex;

use super::{
    columns::{cell, tables},
    cut,
    format_list::{blocks, value},
};
use crate::{finding::Unknown, host::ServiceState};

/// What stands behind the numbers of services, those listed and all that there are, in the last line of the command to
/// copy.
pub const COUNTED: &str = "services are listed";

/// Whether a list says of itself that it is whole; `None` where it does not.
///
/// # Errors
/// It is not: some of its services are missing, or none could be seen.
pub fn is_whole(text: &str, services: &[ServiceState]) -> Option<Result<(), Unknown>> {
    let (listed, all) = text.lines().find_map(|line| {
        let numbers = line.trim().strip_suffix(COUNTED)?;
        let (listed, all) = numbers.split_once(" of ")?;
        Some((
            listed.parse::<usize>().ok()?,
            all.trim().parse::<usize>().ok()?,
        ))
    })?;
    let found = services.len();
    Some(if all == 0 {
        Err(cut("Get-CimInstance", "no service at all was seen"))
    } else if found == listed {
        Ok(())
    } else {
        let lacks = format!("{found} of its {listed} services stand there");
        Err(cut("Get-CimInstance", &lacks))
    })
}

/// The services that stand there.
pub fn read(text: &str) -> Vec<ServiceState> {
    let all = blocks(text);
    let listed = all.iter().filter_map(|block| {
        let state = value(block, "State").or_else(|| value(block, "Status"))?;
        let start = value(block, "StartMode").or_else(|| value(block, "StartType"));
        let start = start.map(|start| match start {
            "Automatic" => "auto".to_owned(),
            start => start.to_lowercase(),
        });
        let pid = value(block, "ProcessId").and_then(|pid| pid.parse().ok());
        Some(ServiceState {
            start_mode: start,
            account: value(block, "StartName").map(str::to_owned),
            pid: pid.filter(|pid| *pid != 0),
            ..service(value(block, "Name")?, state)?
        })
    });
    let mut services: Vec<ServiceState> = listed.collect();
    services.extend(queried(text));
    for (heading, rows) in tables(text, '-') {
        services.extend(rows.iter().filter_map(|row| {
            let state = cell(&heading, row, "State").or_else(|| cell(&heading, row, "Status"))?;
            let name = cell(&heading, row, "Name")?;
            // A long name is cut.
            let whole = !name.ends_with("...") && !name.ends_with('…');
            service(name, state).filter(|_| whole)
        }));
    }
    services
}

/// The services that `Get-Service` did not find. What it asked for stands in its error, with the same words in every language.
pub fn absent(text: &str) -> Vec<String> {
    static FORM: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(
            r"ObjectNotFound: \(([^():\s]+):String\) \[Get-Service\], ServiceCommandException\s+\+ FullyQualifiedErrorId : NoServiceFoundForGivenName,",
        )
        .ok()
    });
    let Some(form) = FORM.as_ref() else {
        return Vec::new();
    };
    let found = form.captures_iter(text).map(|found| found[1].to_owned());
    // A long name is cut in its middle.
    found.filter(|name| !name.contains("...")).collect()
}

/// `SERVICE_NAME: …`, and below it `STATE : 4  RUNNING`.
fn queried(text: &str) -> Vec<ServiceState> {
    let mut services: Vec<ServiceState> = Vec::new();
    let mut name = None;
    for line in text.lines().map(str::trim) {
        if let Some(named) = line.strip_prefix("SERVICE_NAME: ") {
            name = Some(named);
        } else if let (Some(pid), None) = (property(line, "PID"), name) {
            // `sc queryex`
            let pid = pid.parse().ok().filter(|pid| *pid != 0);
            if let Some(service) = services.last_mut() {
                service.pid = pid;
            }
        } else if let Some((_, state)) = line.split_once(" : ")
            && let Some(word) = state.split_whitespace().nth(1)
            && let Some(known) = name.and_then(|name| service(name, word))
        {
            // What stands before it is in the machine's language.
            name = None;
            services.push(known);
        }
    }
    services
}

fn property<'l>(line: &'l str, name: &str) -> Option<&'l str> {
    let (label, value) = line.split_once(':')?;
    (label.trim() == name).then(|| value.trim())
}

/// The words of the live machine for `Start Pending`, `StartPending` and `START_PENDING`.
fn service(name: &str, state: &str) -> Option<ServiceState> {
    let folded: String = state.chars().filter(|c| c.is_ascii_alphabetic()).collect();
    let state = match folded.to_ascii_lowercase().as_str() {
        "running" => "running",
        "stopped" => "stopped",
        "paused" => "paused",
        "startpending" => "start-pending",
        "stoppending" => "stop-pending",
        "continuepending" => "continue-pending",
        "pausepending" => "pause-pending",
        _ => return None,
    };
    Some(ServiceState {
        manager: "windows".to_owned(),
        name: name.to_owned(),
        state: state.to_owned(),
        start_mode: None,
        account: None,
        pid: None,
        since: None,
    })
}
