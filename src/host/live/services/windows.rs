//! What Windows says of its services. The registry names them, the service manager tells of each; here is what follows
//! from both. Asks nobody itself: what there is to ask comes in.

#[cfg(windows)]
mod manager;

#[cfg(windows)]
pub(super) use manager::services;

use super::SERVICES;
use crate::{
    finding::{Os, Reason, Unknown},
    host::{ServiceState, glob::name_matches},
};

/// A service as the registry lists it below `SYSTEM\CurrentControlSet\Services`.
#[derive(Debug, Clone, Default)]
struct Listed {
    name: String,
    /// `DisplayName`: the shown name, or as `@file,-number` where to find it.
    shown: Option<String>,
    /// `Type`: bits of `SERVICE_KERNEL_DRIVER` and its like. Keys of other things have none.
    kind: Option<u32>,
}

/// What the service manager tells of one service, in the numbers of `winsvc.h`.
#[derive(Debug, Clone, Default)]
struct Told {
    /// `dwCurrentState`
    state: u32,
    /// `dwStartType`
    start: u32,
    shown: String,
    account: Option<String>,
    pid: Option<u32>,
}

/// Why the manager does not tell, by the number of `winerror.h`; none where its answer made no sense.
#[derive(Debug, Clone)]
struct Refused {
    code: Option<u32>,
    words: String,
}

impl Refused {
    /// `ERROR_SERVICE_DOES_NOT_EXIST`: its key outlived it, or is younger than it.
    fn is_none(&self) -> bool {
        self.code == Some(1060)
    }

    fn unknown(self, what: &str) -> Unknown {
        let reason = match self.code {
            // ERROR_ACCESS_DENIED
            Some(5) => Reason::NoRight,
            // RPC_S_SERVER_UNAVAILABLE: no manager runs.
            Some(1722) => Reason::NotAvailable,
            _ => Reason::Other,
        };
        Unknown::new(reason, format!("{what}: {}", self.words))
    }
}

/// The services whose name or shown name is asked for.
fn found(
    listed: Vec<Listed>,
    names: &[String],
    mut ask: impl FnMut(&str) -> Result<Told, Refused>,
) -> Result<Vec<ServiceState>, Unknown> {
    let fits = |known: &str| {
        names
            .iter()
            .any(|name| name_matches(name, known, Os::Windows))
    };
    let mut found = Vec::new();
    for service in listed.into_iter().filter(is_program) {
        let shown = service.shown.as_deref().unwrap_or_default();
        let by_list = fits(&service.name) || fits(shown);
        // The list says of some where their shown name is to be found: the manager has found it.
        if !by_list && !shown.starts_with('@') {
            continue;
        }
        match ask(&service.name) {
            Ok(told) if by_list || fits(&told.shown) => found.push(state(service.name, told)),
            Ok(_) => {}
            // Only Windows' own are listed so, and this one is not asked for by its name.
            Err(_) if !by_list => {}
            Err(refused) if refused.is_none() => {}
            Err(refused) => return Err(refused.unknown(&service.name)),
        }
    }
    if found.len() > SERVICES {
        let why = format!(
            "{}: {} services fit, more than {SERVICES}",
            names.join(", "),
            found.len()
        );
        return Err(Unknown::new(Reason::NotWhole, why));
    }
    Ok(found)
}

/// `SERVICE_WIN32_OWN_PROCESS` or `SERVICE_WIN32_SHARE_PROCESS`; others are drivers.
fn is_program(service: &Listed) -> bool {
    service.kind.is_some_and(|kind| kind & 0x30 != 0)
}

fn state(name: String, told: Told) -> ServiceState {
    ServiceState {
        manager: "windows".to_owned(),
        name,
        state: state_word(told.state).to_owned(),
        start_mode: start_word(told.start).map(str::to_owned),
        account: told.account.filter(|account| !account.is_empty()),
        pid: told.pid.filter(|pid| *pid != 0),
        since: None,
    }
}

/// `SERVICE_STOPPED` and its like.
fn state_word(state: u32) -> &'static str {
    match state {
        1 => "stopped",
        2 => "start-pending",
        3 => "stop-pending",
        4 => "running",
        5 => "continue-pending",
        6 => "pause-pending",
        7 => "paused",
        _ => "unknown",
    }
}

/// `SERVICE_BOOT_START` and its like, in the words of `Win32_Service`.
fn start_word(start: u32) -> Option<&'static str> {
    match start {
        0 => Some("boot"),
        1 => Some("system"),
        2 => Some("auto"),
        3 => Some("manual"),
        4 => Some("disabled"),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
