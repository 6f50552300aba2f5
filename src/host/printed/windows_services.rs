//! Services as `Get-CimInstance Win32_Service` and `Get-Service` print them through `Format-List`, and `sc query`. Their
//! states are the same words in every language.

use super::format_list::{blocks, value};
use crate::host::ServiceState;

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
    services
}

/// `SERVICE_NAME: …`, and below it `STATE : 4  RUNNING`.
fn queried(text: &str) -> Vec<ServiceState> {
    let mut services = Vec::new();
    let mut name = None;
    for line in text.lines().map(str::trim) {
        if let Some(named) = line.strip_prefix("SERVICE_NAME: ") {
            name = Some(named);
        } else if let Some(state) = line.strip_prefix("STATE ") {
            let word = state.split_whitespace().nth(2);
            services.extend(
                name.take()
                    .zip(word)
                    .and_then(|(name, word)| service(name, word)),
            );
        }
    }
    services
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
