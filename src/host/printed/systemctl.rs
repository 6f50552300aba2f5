//! What `systemctl show` and `systemctl status` print.

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};

use super::cut;
use crate::{finding::Unknown, host::ServiceState};

/// What is said of services: those that there are, and the names of those that there are not.
#[derive(Debug, Default)]
pub struct Told {
    pub services: Vec<ServiceState>,
    pub absent: Vec<String>,
    /// systemd does not run there.
    pub no_manager: bool,
}

/// Reads either; `None` where nothing of it stands there.
///
/// # Errors
/// A service whose state does not stand there.
pub fn read(text: &str) -> Option<Result<Told, Unknown>> {
    let mut told = Told::default();
    for line in text.lines().map(str::trim) {
        let unit = line
            .strip_prefix("Unit ")
            .and_then(|rest| rest.strip_suffix(" could not be found."));
        told.absent.extend(unit.map(short));
        told.no_manager |= line.starts_with("System has not been booted with systemd")
            || line.contains("systemctl: command not found")
            || line.ends_with("systemctl: not found");
    }
    if text.lines().any(|line| line.starts_with("ActiveState=")) {
        told.services = states(text);
        if told.services.is_empty() {
            return Some(Err(cut(
                "systemctl show",
                "neither a name nor a state stands there",
            )));
        }
    }
    match statuses(text) {
        Ok(services) => {
            let (there, absent): (Vec<_>, Vec<_>) = services
                .into_iter()
                .partition(|service| service.state != NOT_FOUND);
            told.services.extend(there);
            told.absent.extend(absent.into_iter().map(|unit| unit.name));
        }
        Err(unknown) => return Some(Err(unknown)),
    }
    let any = !told.services.is_empty() || !told.absent.is_empty() || told.no_manager;
    any.then_some(Ok(told))
}

fn short(unit: &str) -> String {
    unit.strip_suffix(".service").unwrap_or(unit).to_owned()
}

/// The services of `systemctl status`: a head, and a line with the state some lines below it.
fn statuses(text: &str) -> Result<Vec<ServiceState>, Unknown> {
    let mut services: Vec<ServiceState> = Vec::new();
    let mut not_found = false;
    for line in text.lines() {
        if let Some(name) = head(line) {
            not_found = false;
            services.push(ServiceState {
                manager: "systemd".to_owned(),
                name: short(name),
                state: String::new(),
                start_mode: None,
                account: None,
                pid: None,
                since: None,
            });
            continue;
        }
        let Some(service) = services.last_mut() else {
            continue;
        };
        let line = line.trim_start();
        if line.starts_with("Loaded: not-found ") {
            not_found = true;
        } else if let Some(loaded) = line.strip_prefix("Loaded: loaded (") {
            let mode = loaded
                .split(';')
                .nth(1)
                .map(|mode| mode.trim().trim_end_matches(')').to_owned());
            service.start_mode = service.start_mode.take().or(mode);
        } else if let Some(active) = line.strip_prefix("Active: ") {
            if service.state.is_empty() {
                service.state = match active_state(active) {
                    // What runs goes on where its file is gone.
                    "stopped" if not_found => NOT_FOUND.to_owned(),
                    state => state.to_owned(),
                };
                let since = active
                    .split_once(" since ")
                    .and_then(|(_, since)| since.split(';').next());
                service.since = since.and_then(time);
            }
        } else if let Some(pid) = line.strip_prefix("Main PID: ") {
            let alive = !pid.contains("code=");
            service.pid = pid
                .split(' ')
                .next()
                .and_then(|pid| pid.parse().ok())
                .filter(|_| alive);
        }
    }
    match services.iter().find(|service| service.state.is_empty()) {
        Some(service) => Err(cut(
            "systemctl status",
            &format!("the state of `{}` is missing", service.name),
        )),
        None => Ok(services),
    }
}

/// What `Loaded:` says of a unit that something names and that is not there.
const NOT_FOUND: &str = "not-found";

/// `● mid.service - MID Server`: the unit. Older versions print no mark, and chat programs another one.
fn head(line: &str) -> Option<&str> {
    let mut words = line.split_whitespace();
    let first = words.next()?;
    let is_mark = first.chars().count() == 1 && "●○×↻*x•·◦".contains(first);
    let unit = match is_mark {
        true => words.next()?,
        false if line.starts_with(char::is_whitespace) => return None,
        false => first,
    };
    let ends = matches!(words.next(), None | Some("-"));
    let is_unit = unit.ends_with(".service") && !unit.contains('=');
    (is_unit && (is_mark || ends)).then_some(unit)
}

/// `active (running) since …`
fn active_state(active: &str) -> &str {
    let (state, rest) = active.split_once(" (").unwrap_or((active, ""));
    let sub = rest.split(')').next().unwrap_or_default();
    match (state, sub) {
        ("active", "running" | "") => "running",
        ("active", sub) => sub,
        ("inactive", _) => "stopped",
        (other, _) => other.split(' ').next().unwrap_or(other),
    }
}

/// Reads blocks of `Key=value`, parted by empty lines. Another name of a unit shows the unit itself once more.
pub(in crate::host) fn states(shown: &str) -> Vec<ServiceState> {
    let mut states: Vec<ServiceState> = Vec::new();
    for state in shown.split("\n\n").filter_map(state) {
        if !states.iter().any(|known| known.name == state.name) {
            states.push(state);
        }
    }
    states
}

fn state(block: &str) -> Option<ServiceState> {
    let get = |key: &str| {
        let value = block
            .lines()
            .find_map(|line| line.strip_prefix(key)?.strip_prefix('='));
        value.filter(|value| !value.is_empty())
    };
    // Units that others name and that do not exist are listed too. What runs goes on where its file is gone.
    if get("LoadState") == Some("not-found") && get("ActiveState") == Some("inactive") {
        return None;
    }
    let state = match (get("ActiveState")?, get("SubState")) {
        ("active", None | Some("running")) => "running",
        // It has ended, though its unit counts as active: a start script that left nothing behind.
        ("active", Some(sub)) => sub,
        ("inactive", _) => "stopped",
        (other, _) => other,
    };
    let since = if state == "stopped" {
        get("InactiveEnterTimestamp")
    } else {
        get("ActiveEnterTimestamp")
    };
    let name = get("Id")?;
    Some(ServiceState {
        manager: "systemd".to_owned(),
        name: name.strip_suffix(".service").unwrap_or(name).to_owned(),
        state: state.to_owned(),
        start_mode: get("UnitFileState").map(str::to_owned),
        // A unit without a user runs as root.
        account: Some(get("User").unwrap_or("root").to_owned()),
        pid: get("MainPID")
            .and_then(|pid| pid.parse().ok())
            .filter(|pid| *pid != 0),
        since: since.and_then(time),
    })
}

/// `Sun 2026-08-23 10:00:00 UTC`.
fn time(text: &str) -> Option<Timestamp> {
    let text = text.strip_suffix(" UTC")?;
    let (_, text) = text.split_once(' ')?;
    let time = DateTime::strptime("%Y-%m-%d %H:%M:%S", text).ok()?;
    time.to_zoned(TimeZone::UTC)
        .ok()
        .map(|zoned| zoned.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_is_read() {
        #[track_caller]
        fn check(block: &str, state: &str, pid: Option<u32>, since: Option<&str>) {
            let read = states(block).pop().unwrap();
            assert_eq!((read.state.as_str(), read.pid), (state, pid));
            assert_eq!(read.since, since.map(|since| since.parse().unwrap()));
        }
        let times = "ActiveEnterTimestamp=Sun 2026-08-23 10:00:00 UTC\nInactiveEnterTimestamp=Mon 2026-08-24 01:02:03 UTC\n";
        let unit = |active: &str, sub: &str, pid: u32| {
            format!(
                "Id=mid.service\nLoadState=loaded\nActiveState={active}\nSubState={sub}\nMainPID={pid}\n{times}"
            )
        };
        check(
            &unit("active", "running", 12),
            "running",
            Some(12),
            Some("2026-08-23T10:00:00Z"),
        );
        check(
            &unit("inactive", "dead", 0),
            "stopped",
            None,
            Some("2026-08-24T01:02:03Z"),
        );
        check(
            &unit("failed", "failed", 0),
            "failed",
            None,
            Some("2026-08-23T10:00:00Z"),
        );
        check(
            &unit("active", "exited", 0),
            "exited",
            None,
            Some("2026-08-23T10:00:00Z"),
        );
        check(
            &unit("activating", "auto-restart", 0),
            "activating",
            None,
            Some("2026-08-23T10:00:00Z"),
        );
        let two = "Id=a.service\nLoadState=not-found\nActiveState=inactive\n\nId=b.service\nLoadState=loaded\n\
                   ActiveState=active\nSubState=running\nUser=mid\nUnitFileState=enabled\nActiveEnterTimestamp=\n";
        let read = states(two);
        assert_eq!(read.len(), 1);
        let b = &read[0];
        assert_eq!(
            (
                b.name.as_str(),
                b.account.as_deref(),
                b.start_mode.as_deref()
            ),
            ("b", Some("mid"), Some("enabled"))
        );
        assert_eq!(b.since, None);
        let once = "Id=dbus.service\nLoadState=loaded\nActiveState=active\nSubState=running";
        assert_eq!(states(&format!("{once}\n\n{once}\n")).len(), 1);
    }
}
