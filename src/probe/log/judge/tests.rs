//! Logs of several agents judged: outcomes, facts, evidence, and what bounds them.

use serde_json::json;

use super::*;
use crate::{
    finding::Value,
    host::FileMeta,
    probe::log::sample::{
        INTERMEDIATE, LEGACY, MODERN, UPGRADE, WRAPPER, denied, file, run, run_over,
    },
};

#[track_caller]
fn check(
    changes: serde_json::Value,
    files: Vec<Opened>,
    expected: Result<&str, (Reason, &str)>,
) -> Judged {
    let judged = run(changes, files, false);
    let expected = match expected {
        Ok(outcome) => Judgement::Outcome(outcome.into()),
        Err((reason, detail)) => Judgement::Unknown(Unknown::new(reason, detail)),
    };
    assert_eq!(judged.judgement, expected);
    judged
}

#[track_caller]
fn facts(judged: &Judged, expected: serde_json::Value) {
    let found = serde_json::to_value(&judged.facts).expect("facts are JSON");
    for (path, expected) in expected.as_object().expect("facts are a map") {
        assert_eq!(
            found.pointer(path),
            Some(expected).filter(|value| *value != "absent"),
            "{path}"
        );
    }
}

#[test]
fn the_first_listed_or_the_latest_names_the_outcome() {
    let files = || vec![file("/logs/agent0.log.0", LEGACY)];
    let judged = check(json!({}), files(), Ok("auth"));
    facts(
        &judged,
        json!({
            "/started/line": 2, "/started/time": "2021-08-23T08:00:00-04:00",
            "/auth/count": 1, "/auth/captures": {"user": "mid.user", "code": "401"},
            "/auth/last/file": "/logs/agent0.log.0", "/auth/last/line": 5, "/auth/last/column": 66,
            "/auth/last/time": "2021-08-23T08:00:06-04:00",
            "/auth/excerpts/0/after": ["\tat com.example.Login.check(Login.java:12)", "\tat com.example.Main.main(Main.java:3)"],
            // The hit before the start does not count.
            "/no_route/count": 1, "/no_route/first/line": 8,
            "/out_of_memory/count": 0, "/out_of_memory/last": null, "/gaps": [],
        }),
    );
    let shown: Vec<_> = judged
        .evidence
        .iter()
        .map(|evidence| (evidence.line, evidence.before.len()))
        .collect();
    assert_eq!(shown, [(Some(5), 2), (Some(8), 2)]);
    let (from, to) = judged.evidence[0].mark.expect("the match is marked");
    assert_eq!(
        judged.evidence[0].text.get(from..to),
        Some("Could not authenticate user 'mid.user'")
    );
    check(json!({"pick": "latest"}), files(), Ok("no-route"));
}

#[test]
fn every_line_format() {
    let check = |path: &str, text: &str, start, outcome, time: &str| {
        let judged = check(
            json!({"start": start, "patterns": {"no_route": "connect timed out when", "memory": "run out of memory", "locked": "cannot be deleted"}}),
            vec![file(path, text)],
            Ok(outcome),
        );
        let name = outcome.replace('-', "_");
        assert_eq!(
            judged.facts[&name]
                .get("last")
                .and_then(|last| last.get("time")),
            Some(&Value::from(time))
        );
    };
    let start = json!("MID Server started|Initializing MID Server|Wrapper Started");
    for ending in ["\n", "\r\n"] {
        let lines = |text: &str| text.replace('\n', ending);
        check(
            "a",
            &lines(LEGACY),
            start.clone(),
            "no-route",
            "2021-08-23T08:01:00-04:00",
        );
        check(
            "a",
            &lines(INTERMEDIATE),
            start.clone(),
            "no-route",
            "2020-03-13T06:10:54-04:00",
        );
        check(
            "a",
            &lines(MODERN),
            start.clone(),
            "no-route",
            "2026-06-03T09:46:20.001-04:00",
        );
        check(
            "a",
            &lines(WRAPPER),
            start.clone(),
            "memory",
            "2026-06-03T09:47:00-04:00",
        );
        check(
            "a",
            &lines(UPGRADE),
            json!(null),
            "locked",
            "2018-04-27T17:12:11.951-04:00",
        );
    }
}

#[test]
fn a_neighbour_must_be_near_and_after_the_start() {
    let pattern = |within| json!({"start": "START", "patterns": {"hit": {"match": "B", "near": "A", "within": within}}});
    let check =
        |text: &str, within, outcome| check(pattern(within), vec![file("x", text)], Ok(outcome));
    check("START\nA\nx\nB\n", 2, "hit");
    check("START\nA\nx\nB\n", 1, "none");
    check("START\nB\nx\nA\n", 2, "hit");
    check("START\nB\nx\nA", 1, "none");
    check("START\nA B\n", 0, "hit");
    check("A\nSTART\nB\n", 5, "none");
    check("A\nSTART\nx\nB\nA\n", 1, "hit");
}

#[test]
fn files_are_read_back_to_the_last_start() {
    let newer = "2026-06-03 10:00:00  (1) a connect timed out when posting to x\n";
    let older = "2026-06-03 09:00:00  (1) a connect timed out when posting to x\n\
                 2026-06-03 09:01:00  (1) a MID Server started\n\
                 2026-06-03 09:02:00  (1) a connect timed out when posting to x\n";
    let files = vec![
        file("/logs/agent0.log.0", newer),
        file("/logs/agent0.log.1", older),
        denied("/logs/agent0.log.2"),
    ];
    let judged = check(json!({}), files, Ok("no-route"));
    facts(
        &judged,
        json!({
            "/no_route/count": 2,
            "/no_route/first/file": "/logs/agent0.log.1", "/no_route/first/line": 3,
            "/no_route/last/file": "/logs/agent0.log.0", "/no_route/last/line": 1,
            "/no_route/excerpts/1/line": 3,
            "/started/file": "/logs/agent0.log.1", "/gaps": [], "/auth/count": 0,
        }),
    );
}

#[test]
fn none_needs_whole_material() {
    let quiet = "08/23/21 08:00:00 (101) StartupSequencer MID Server started\nall is well\n";
    let judged = check(json!({}), vec![file("a", quiet)], Ok("none"));
    facts(
        &judged,
        json!({"/auth/count": 0, "/auth/captures": {}, "/auth/excerpts": [], "/gaps": []}),
    );
    check(json!({}), vec![], Ok("missing"));
    let no_start = "no line matches `MID Server started|Initializing MID Server`, the start";
    let judged = check(
        json!({}),
        vec![file("a", "all is well\n")],
        Err((Reason::NotWhole, no_start)),
    );
    facts(
        &judged,
        json!({"/started": null, "/auth": "absent", "/gaps": [no_start]}),
    );
    check(
        json!({}),
        vec![file("a", "")],
        Err((Reason::NotWhole, no_start)),
    );
    check(json!({"start": null}), vec![file("a", "")], Ok("none"));
    let closed = "/logs/b: permission denied";
    check(
        json!({"start": null}),
        vec![file("a", "x\n"), denied("/logs/b")],
        Err((Reason::NoRight, closed)),
    );
    // The first listed counts although another file is closed, but what was not found is not known.
    let hit = vec![
        file("a", "connect timed out when posting to x\n"),
        denied("/logs/b"),
    ];
    let patterns = json!({"no_route": "connect timed out when posting to", "auth": "401"});
    let judged = check(
        json!({"start": null, "patterns": patterns}),
        hit,
        Ok("no-route"),
    );
    facts(
        &judged,
        json!({"/no_route/count": 1, "/auth": "absent", "/gaps": [closed]}),
    );
    assert_eq!(
        judged
            .evidence
            .last()
            .map(|evidence| evidence.text.as_str()),
        Some(closed)
    );
    check(
        json!({}),
        vec![file("a", LEGACY.replace("started", "stopped"))],
        Ok("auth"),
    );
}

#[test]
fn a_long_line_or_a_broken_archive_is_not_whole() {
    let long = format!("{}\nend\n", "x".repeat(3 << 20));
    let why = "a: line 1 is longer than 1 MiB and was cut";
    check(
        json!({"start": null}),
        vec![file("a", long)],
        Err((Reason::NotWhole, why)),
    );
    let judged = run(
        json!({"start": null}),
        vec![file("a.gz", b"\x1f\x8bno archive".to_vec())],
        false,
    );
    assert!(
        matches!(&judged.judgement, Judgement::Unknown(why) if why.reason == Reason::NotWhole && why.detail.starts_with("a.gz: "))
    );
    assert_eq!(
        run(json!({}), vec![file("a", LEGACY)], true).judgement,
        Judgement::Unknown(Unknown::new(
            Reason::OutOfTime,
            "a: not read to its end in time"
        ))
    );
}

#[test]
fn since_counts_young_lines_only() {
    let text = "2026-06-03 08:00:00 connect timed out when posting to old\n\
                2026-06-03 11:30:00 x\n  connect timed out when posting to young\n";
    let since = |since: &str| json!({"start": null, "since": since});
    let judged = check(since("1h"), vec![file("a", text)], Ok("no-route"));
    facts(
        &judged,
        json!({"/no_route/count": 1, "/no_route/last/line": 3, "/no_route/last/time": "2026-06-03T11:30:00-04:00"}),
    );
    check(since("10m"), vec![file("a", text)], Ok("none"));
    facts(
        &check(since("1d"), vec![file("a", text)], Ok("no-route")),
        json!({"/no_route/count": 2}),
    );
    let why = "a: line 1 matches, and no line up to it has a time";
    check(
        since("1h"),
        vec![file("a", "connect timed out when posting to x\n")],
        Err((Reason::NotWhole, why)),
    );
}

#[test]
fn patterns_may_be_held_to_some_files() {
    let text = "The JVM has run out of memory.\n";
    check(
        json!({"start": null}),
        vec![file("/logs/agent0.log.0", text)],
        Ok("none"),
    );
    check(
        json!({"start": null}),
        vec![file("/logs/wrapper.log.1", text)],
        Ok("out-of-memory"),
    );
}

#[test]
fn case_is_minded_on_demand() {
    let text = "CONNECT TIMED OUT WHEN POSTING TO x\n";
    check(
        json!({"start": null}),
        vec![file("a", text)],
        Ok("no-route"),
    );
    check(
        json!({"start": null, "case": true}),
        vec![file("a", text)],
        Ok("none"),
    );
}

#[test]
fn a_log_is_missing_only_from_a_folder_that_it_could_be_in() {
    let there = FileMeta {
        folder: Some(true),
        ..FileMeta::there("/mid/conf")
    };
    let check = |beside: serde_json::Value,
                 replies: Vec<Result<Reply, Unknown>>,
                 expected: Result<&str, &str>| {
        let judged = run_over(json!({ "beside": beside }), replies, false);
        let found = match &judged.judgement {
            Judgement::Outcome(outcome) => Ok(outcome.as_str()),
            Judgement::Unknown(why) => Err(why.detail.as_str()),
        };
        assert_eq!(found, expected);
    };
    let none = || Ok(Reply::Files(Vec::new()));
    check(
        json!("/mid/conf"),
        vec![none(), Ok(Reply::Meta(Some(there.clone())))],
        Ok("missing"),
    );
    check(
        json!("/mid/conf"),
        vec![none(), Ok(Reply::Meta(None))],
        Err(
            "no log is there, nor what has to stand beside it (`/mid/conf`): this may be the wrong folder",
        ),
    );
    check(
        json!(["/mid/conf", "/mid/bin"]),
        vec![none(), Ok(Reply::Meta(None))],
        Err(
            "no log is there, nor what has to stand beside it (`/mid/conf` or `/mid/bin`): this may be the wrong folder",
        ),
    );
    let denied = Unknown::new(Reason::NoRight, "/mid: no right to look");
    check(
        json!("/mid/conf"),
        vec![none(), Err(denied)],
        Err("/mid: no right to look"),
    );
    // Where there is a log, it says what it says, wherever it lies.
    let log = || Ok(Reply::Files(vec![file("/logs/agent0.log.0", LEGACY)]));
    check(
        json!("/mid/conf"),
        vec![log(), Ok(Reply::Meta(None))],
        Ok("auth"),
    );
}
