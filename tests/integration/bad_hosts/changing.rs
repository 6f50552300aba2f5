//! Logs that change between the look and its end. The look opens the files, the judge reads them: between the two stands
//! what a busy service does.

use std::{
    fs::{self, File},
    io::Write,
    path::PathBuf,
    sync::atomic::AtomicBool,
};

use jiff::{Timestamp, tz::TimeZone};
use serde_json::json;
use waypost::{
    finding::{Judgement, Os, Value},
    host::{
        Host, Limits,
        live::{Live, LiveOptions},
    },
    probe::{Judging, kind},
};

use super::Bad;

/// What a log probe makes of `a.log.?` where `meanwhile` happens after the files were opened.
async fn judged(bad: &Bad, meanwhile: impl FnOnce()) -> String {
    let files = bad.at("a.log.?");
    let params = json!({"files": files.to_str(), "patterns": {"hit": "needle"}});
    let Value::Map(params) = Value::from(params) else {
        panic!("parameters are a map")
    };
    let log = kind("log").expect("it is known");
    let live = Live::new(LiveOptions::default()).expect("it needs nothing");
    let limits = Limits {
        timeout: std::time::Duration::from_secs(20),
    };
    let mut replies = Vec::new();
    for look in log.looks(&params).expect("they make sense") {
        replies.push(live.look(&look, limits).await);
    }
    meanwhile();
    let stop = AtomicBool::new(false);
    let judging = Judging {
        now: Timestamp::UNIX_EPOCH,
        zone: Some(TimeZone::UTC),
        os: Os::Linux,
        stop: &stop,
    };
    let judged = log.judge(&params, replies, &judging);
    match judged.judgement {
        Judgement::Outcome(outcome) => outcome.to_string(),
        Judgement::Unknown(why) => why.detail.replace(&bad.path().display().to_string(), "DIR"),
    }
}

fn append(path: &PathBuf, text: &str) {
    let mut file = File::options().append(true).open(path).expect("it is ours");
    file.write_all(text.as_bytes()).expect("there is room");
}

#[tokio::test]
async fn a_log_that_grows_is_read_to_its_new_end() {
    let bad = Bad::new();
    let log = bad.write("a.log.0", "nothing\n");
    assert_eq!(judged(&bad, || append(&log, "the needle\n")).await, "hit");
}

#[tokio::test]
async fn a_log_that_was_cut_hides_something() {
    let cut = |length: u64| {
        format!("DIR/a.log.0: it was cut while it was read: it had 16 bytes, {length} came")
    };
    let set = |path: &PathBuf, length| {
        let file = File::options().write(true).open(path).expect("it is ours");
        file.set_len(length).expect("it can be cut");
    };
    let bad = Bad::new();
    let log = bad.write("a.log.0", "nothing\nneedle.\n");
    assert_eq!(judged(&bad, || set(&log, 8)).await, cut(8));
    bad.write("a.log.0", "nothing\nneedle.\n");
    // Emptied by whoever rolls it, and written on.
    let emptied = || {
        set(&log, 0);
        append(&log, "new\n");
    };
    assert_eq!(judged(&bad, emptied).await, cut(4));
    // What was found stands.
    bad.write("a.log.0", "needle.\nnothing\n");
    assert_eq!(judged(&bad, || set(&log, 8)).await, "hit");
}

#[tokio::test]
async fn a_log_that_is_moved_or_removed_is_still_read() {
    let bad = Bad::new();
    let log = bad.write("a.log.0", "needle\n");
    assert_eq!(
        judged(&bad, || {
            fs::rename(&log, bad.at("a.log.1")).expect("it is ours");
            fs::write(&log, "new\n").expect("there is room");
        })
        .await,
        "hit"
    );
    fs::remove_file(bad.at("a.log.1")).expect("it is ours");
    bad.write("a.log.0", "needle\n");
    let removed = || fs::remove_file(&log).expect("it is ours");
    assert_eq!(judged(&bad, removed).await, "hit");
}
