//! What systemd says of its services, through `systemctl`.

use std::{collections::BTreeSet, path::Path, time::Duration};

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};

use super::{SERVICES, said};
use crate::{
    finding::{Os, Reason, Unknown},
    host::{ServiceState, glob::name_matches},
};

const PROPERTIES: &str = "Id,LoadState,ActiveState,SubState,MainPID,UnitFileState,User,ActiveEnterTimestamp,InactiveEnterTimestamp";
/// Times without the machine's zone, words without its language.
const PLAIN: &[(&str, &str)] = &[
    ("TZ", "UTC"),
    ("LC_ALL", "C"),
    ("SYSTEMD_COLORS", "0"),
    ("SYSTEMD_PAGER", ""),
];

pub(super) async fn services(
    names: &[String],
    limit: Duration,
) -> Result<Option<Vec<ServiceState>>, Unknown> {
    // systemd's own documented sign that it runs (sd_booted).
    if !Path::new("/run/systemd/system").is_dir() {
        return Ok(None);
    }
    let list = [
        "--type=service",
        "--plain",
        "--no-legend",
        "--no-pager",
        "--full",
    ];
    let loaded = [&["systemctl", "list-units", "--all"], &list[..]].concat();
    let files = [&["systemctl", "list-unit-files"], &list[..]].concat();
    let (loaded, files) =
        tokio::try_join!(said(&loaded, PLAIN, limit), said(&files, PLAIN, limit))?;
    let (Some(loaded), Some(files)) = (loaded, files) else {
        return Ok(None);
    };
    let matching = matching(names, [&loaded, &files]);
    if matching.len() > SERVICES {
        let why = format!(
            "{}: {} services fit, more than {SERVICES}",
            names.join(", "),
            matching.len()
        );
        return Err(Unknown::new(Reason::NotWhole, why));
    }
    if matching.is_empty() {
        return Ok(Some(Vec::new()));
    }
    let mut show = vec!["systemctl", "show", "--no-pager", "-p", PROPERTIES, "--"];
    show.extend(matching.iter().map(String::as_str));
    Ok(said(&show, PLAIN, limit).await?.map(|shown| states(&shown)))
}

/// The units of these lists whose name fits, with or without `.service`. Templates are no services.
fn matching(names: &[String], lists: [&str; 2]) -> BTreeSet<String> {
    let units = lists
        .into_iter()
        .flat_map(str::lines)
        .filter_map(|line| line.split_whitespace().find(|word| *word != "●"));
    units
        .filter(|unit| !unit.contains("@."))
        .filter(|unit| {
            let short = unit.strip_suffix(".service").unwrap_or(unit);
            names.iter().any(|name| {
                name_matches(name, short, Os::Linux) || name_matches(name, unit, Os::Linux)
            })
        })
        .map(str::to_owned)
        .collect()
}

/// Reads blocks of `Key=value`, parted by empty lines. Another name of a unit shows the unit itself once more.
fn states(shown: &str) -> Vec<ServiceState> {
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
    // Units that others name and that do not exist are listed too.
    if get("LoadState") == Some("not-found") {
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
    fn units_fit_by_name() {
        #[track_caller]
        fn check(names: &[&str], expected: &[&str]) {
            let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            let loaded = "  mid.service loaded active running MID Server\n● snc_mid_1.service not-found inactive dead x\n";
            let files = "mid.service enabled enabled\ngetty@.service enabled enabled\nssh.service disabled enabled\n";
            assert_eq!(
                matching(&names, [loaded, files])
                    .into_iter()
                    .collect::<Vec<_>>(),
                expected
            );
        }
        check(&["mid", "snc_*"], &["mid.service", "snc_mid_1.service"]);
        check(&["mid.service"], &["mid.service"]);
        check(&["*ty@*"], &[]);
        check(&["MID"], &[]);
    }

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
