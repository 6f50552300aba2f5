//! What systemd says of its services, through `systemctl`.

use std::{collections::BTreeSet, path::Path, time::Duration};

use super::{SERVICES, said};
use crate::{
    finding::{Os, Reason, Unknown},
    host::{ServiceState, glob::name_matches, printed::systemctl::states},
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
}
