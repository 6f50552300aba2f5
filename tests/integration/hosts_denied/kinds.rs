//! Every kind of probe, on this machine and on a recorded one: with all rights it ends in an outcome, and without the one
//! right that the outcome rests on it is unknown. Never *absent*, *missing* or *none* for what could not be seen.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::atomic::AtomicBool,
    time::Duration,
};

use jiff::{Timestamp, tz::TimeZone};
use waypost::{
    finding::{Judgement, Reason},
    host::{Host, Limits, Recorded},
    probe::{Judging, KINDS, Params, kind},
};

use super::rows::{
    FILES,
    Kept::{Denied, Instead, Without},
    Row, rows,
};
use crate::hosts::recorded::InMemory;

#[test]
fn every_kind_has_a_row() {
    let rows: BTreeSet<&str> = rows().iter().map(|row| row.kind).collect();
    let kinds: BTreeSet<&str> = KINDS.iter().map(|kind| kind.spec().name).collect();
    assert_eq!(rows, kinds);
}

fn rooted(params: &serde_json::Value, root: &str) -> Params {
    let text = params.to_string().replace("\"R/", &format!("\"{root}/"));
    serde_json::from_str(&text).expect("it is JSON still")
}

async fn judged(host: &dyn Host, row: &Row, root: &str) -> Judgement {
    let kind = kind(row.kind).expect("the kind is registered");
    let params = rooted(&row.params, root);
    let limits = Limits {
        timeout: Duration::from_secs(20),
    };
    let mut replies = Vec::new();
    for look in kind.looks(&params).expect("the parameters make sense") {
        replies.push(host.look(&look, limits).await);
    }
    let stop = AtomicBool::new(false);
    let judging = Judging {
        now: Timestamp::UNIX_EPOCH,
        zone: Some(TimeZone::UTC),
        os: host.os(),
        stop: &stop,
    };
    kind.judge(&params, replies, &judging).judgement
}

/// What is wrong with a row's two ends, if anything.
fn wrong(row: &Row, open: &Judgement, denied: &Judgement, reasons: &[Reason]) -> Option<String> {
    let as_wanted = matches!(open, Judgement::Outcome(outcome) if outcome == row.outcome);
    let unknown = matches!(denied, Judgement::Unknown(why) if reasons.contains(&why.reason));
    let row = format!("{} {}", row.kind, row.params);
    (!as_wanted || !unknown).then(|| format!("{row}: {open:?}, and denied {denied:?}"))
}

/// A machine on which all of `rows` end in their outcomes.
fn machine(root: &str, row: &Row, denied: bool) -> String {
    let mut sections: BTreeMap<&str, String> = [
        ("os", "linux".to_owned()),
        ("files", "true".to_owned()),
        ("meta", format!(
            "{{ '{root}/logs/a.log': {{ modified: 2026-06-03T10:00:00Z }}, '{root}/logs/a.log.1': {{ modified: 2026-06-03T09:00:00Z }} }}"
        )),
        ("services", "[]".to_owned()),
        ("processes", "{ list: [ { pid: 1, command_line: init } ] }".to_owned()),
        ("disks", "{ /: { free_bytes: 1000, total_bytes: 2000 } }".to_owned()),
        ("dns", "{ mid.example: { addresses: [192.0.2.1], code: NOERROR } }".to_owned()),
        ("tcp", "{ 'mid.example:443': refused }".to_owned()),
        ("tls", format!("{{ '127.0.0.1:1 by {root}/trust/ca.pem': refused }}")),
        ("http", "{ 'GET https://mid.example/': refused, 'HEAD https://mid.example/': { answered: { status: 200, \
                  headers: { date: 'Wed, 03 Jun 2026 10:00:00 GMT' }, moment: { at: 2026-06-03T11:00:00Z, wait_ms: 30 } } } }".to_owned()),
        ("ping", "{ mid.example: { silent: { address: 192.0.2.1, sent: 4 } } }".to_owned()),
        ("programs", format!(
            "{{ '{root}/tools/tool': {{ exited: {{ status: 0, stdout: '', stderr: '' }} }}, '{root}/tools/none': missing }}"
        )),
    ]
    .into();
    if denied {
        match row.recorded {
            Denied(paths) => {
                let paths = paths.iter().map(|path| format!("'{root}{}'", &path[1..]));
                let paths: Vec<String> = paths.collect();
                sections.insert("denied", format!("[{}]", paths.join(", ")));
            }
            Instead(section, text) => {
                sections.insert(section, text.to_owned());
            }
            Without(section) => {
                sections.remove(section);
            }
        }
    }
    let lines = sections
        .iter()
        .map(|(name, text)| format!("{name}: {text}\n"));
    lines.collect()
}

#[tokio::test]
async fn denied_is_unknown_on_a_recorded_machine() {
    let root = "/srv/mid";
    let mut wrongs = Vec::new();
    for row in rows() {
        let (mut ends, mut paths) = (Vec::new(), FILES.to_vec());
        // A recorded machine has no links: what was seen through one stands there itself.
        paths.push(("linked/mid/logs/x.log", "boom\n"));
        for denied in [false, true] {
            if let (true, Denied(hidden)) = (denied, &row.recorded) {
                // Of what lies in a closed folder nothing was recorded.
                let closed: Vec<&str> = hidden
                    .iter()
                    .filter_map(|path| path.strip_prefix("R/")?.strip_suffix("/**"))
                    .collect();
                paths.retain(|(path, _)| !closed.iter().any(|closed| path.starts_with(closed)));
            }
            let files = paths
                .iter()
                .map(|(path, text)| (format!("srv/mid/{path}"), text.as_bytes().to_vec()));
            let host = Recorded::new(&machine(root, &row, denied), InMemory::new(files.collect()));
            ends.push(judged(&host.expect("the recording is one"), &row, root).await);
        }
        let reasons = [
            Reason::NoRight,
            Reason::NotWhole,
            Reason::NotAvailable,
            Reason::NotRecorded,
        ];
        wrongs.extend(wrong(&row, &ends[0], &ends[1], &reasons));
    }
    assert!(wrongs.is_empty(), "{}", wrongs.join("\n"));
}

/// Root may see everything, so that for root this runs again as nobody.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn denied_is_unknown_on_this_machine() {
    use std::{
        fs,
        os::unix::fs::{PermissionsExt, symlink},
    };

    use waypost::{
        finding::Os,
        host::{
            built_for,
            live::{Live, LiveOptions},
        },
    };

    use crate::support::ran_as_nobody;

    assert_eq!(built_for(), Os::Linux);
    let folder = tempfile::tempdir().expect("there is room");
    if ran_as_nobody("hosts_denied::kinds::denied_is_unknown_on_this_machine") {
        return;
    }
    let root = folder.path().to_str().expect("the path is text").to_owned();
    let mode = |path: &str, mode| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("rights can be set");
    };
    for (path, text) in FILES {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("it has a folder")).expect("there is room");
        fs::write(&path, text).expect("there is room");
    }
    mode(&format!("{root}/tools/tool"), 0o755);
    let log = |name: &str, time: &str| {
        let time: Timestamp = time.parse().expect("it is a time");
        let file = fs::File::options()
            .write(true)
            .open(format!("{root}/logs/{name}"));
        let set = file.and_then(|file| file.set_modified(time.into()));
        set.expect("its time can be set");
    };
    log("a.log", "2026-06-03T10:00:00Z");
    log("a.log.1", "2026-06-03T09:00:00Z");
    fs::create_dir(folder.path().join("linked")).expect("there is room");
    symlink("../behind/mid", folder.path().join("linked/mid")).expect("a link can be made");

    let host = Live::new(LiveOptions::default()).expect("there is a host");
    let (mut wrongs, mut asked) = (Vec::new(), 0);
    for row in rows() {
        let Some(closed) = row.live else { continue };
        let closed = format!("{root}{}", &closed[1..]);
        let open = judged(&host, &row, &root).await;
        let before = fs::metadata(&closed)
            .expect("it is there")
            .permissions()
            .mode();
        mode(&closed, 0o000);
        let denied = judged(&host, &row, &root).await;
        mode(&closed, before);
        wrongs.extend(wrong(&row, &open, &denied, &[Reason::NoRight]));
        asked += 1;
    }
    assert!(asked > 10, "only {asked} rows");
    assert!(wrongs.is_empty(), "{}", wrongs.join("\n"));
}
