//! What the start script of the Java Service Wrapper prints when it is asked for the status: `… is running: PID:1, …` and
//! `… is not running.` The name before it is a title, which need not be that of the service.

use std::sync::LazyLock;

use regex::Regex;

use crate::host::ServiceState;

/// The services that it speaks of.
pub fn read(text: &str) -> Vec<ServiceState> {
    static RUNNING: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(
            r"^(\S.*?)(?: \((?:not )?installed[^()]*\))? is running: PID:(\d+)((?:, \w+:[\w ]+)*)$",
        )
        .ok()
    });
    static STOPPED: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"^(\S.*?)(?: \((?:not )?installed[^()]*\))? is not running\.$").ok()
    });
    let service = |name: &str, state: &str, pid: Option<u32>| ServiceState {
        manager: "wrapper".to_owned(),
        name: name.to_owned(),
        state: state.to_owned(),
        start_mode: None,
        account: None,
        pid,
        since: None,
    };
    let lines = text.lines().map(str::trim);
    lines
        .filter_map(|line| {
            if let Some(found) = RUNNING.as_ref()?.captures(line) {
                // On its way up or down it says so of itself or of its Java.
                let other = found[3]
                    .split(", ")
                    .filter_map(|part| part.split_once(':'))
                    .find(|(_, state)| *state != "STARTED");
                let state = other.map_or("running".to_owned(), |(part, state)| {
                    format!("{} {}", part.to_lowercase(), state.to_lowercase())
                });
                return Some(service(&found[1], &state, found[2].parse().ok()));
            }
            let found = STOPPED.as_ref()?.captures(line)?;
            Some(service(&found[1], "stopped", None))
        })
        .collect()
}
