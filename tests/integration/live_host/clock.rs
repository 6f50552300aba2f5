//! This machine's clock against a server's, from request to judgement.

use std::{sync::atomic::AtomicBool, time::Duration};

use jiff::{Timestamp, tz::TimeZone};
use serde_json::json;
use waypost::{
    finding::{Judgement, Value},
    host::{Host, Layered, Limits, NoFiles, Recorded, Recorder, live::Live},
    probe::{Judged, Judging, Params, kind},
    redact::Redactor,
};

use super::{PATIENT, live};
use crate::support::{Authority, Certificate, Instance, Tinyproxy, left_out, refused_port};

async fn judged(host: &dyn Host, params: serde_json::Value, timeout: Duration) -> Judged {
    let clock = kind("clock").expect("the kind is registered");
    let Value::Map(params) = Value::from(params) else {
        panic!("parameters are a map")
    };
    let params: Params = params;
    let mut replies = Vec::new();
    for look in clock.looks(&params).expect("the parameters make sense") {
        replies.push(host.look(&look, Limits { timeout }).await);
    }
    let stop = AtomicBool::new(false);
    let judging = Judging {
        // Not what a clock is held against: a look may have been recorded long ago.
        now: Timestamp::UNIX_EPOCH,
        zone: Some(TimeZone::UTC),
        os: host.os(),
        stop: &stop,
    };
    clock.judge(&params, replies, &judging)
}

/// The outcome with how far this clock is ahead, or why there is none.
fn told(judged: &Judged) -> (String, Option<i64>) {
    let offset = match judged.facts.get("offset_s") {
        Some(Value::Int(offset)) => Some(*offset),
        _ => None,
    };
    match &judged.judgement {
        Judgement::Outcome(outcome) => (outcome.to_string(), offset),
        Judgement::Unknown(why) => (format!("unknown: {why}"), offset),
    }
}

async fn ask(host: &Live, url: &str) -> (String, Option<i64>) {
    told(&judged(host, json!({ "url": url }), PATIENT).await)
}

fn near(offset: Option<i64>, expected: i64) -> bool {
    // The `Date` has whole seconds, and the machine may be busy.
    offset.is_some_and(|offset| (offset - expected).abs() <= 10)
}

#[tokio::test]
async fn a_servers_time_is_held_against_this_clock() {
    let instance = Instance::plain();
    let host = live(None);
    for (ahead, outcome) in [
        (0, "in-step"),
        (100, "in-step"),
        (-100, "in-step"),
        (4_000, "drifted"),
        (-4_000, "drifted"),
        // Ten years.
        (315_360_000, "drifted"),
    ] {
        let (got, offset) = ask(&host, &instance.url(&format!("/behave/date/{ahead}"))).await;
        assert_eq!(got, outcome, "{ahead} {offset:?}");
        assert!(near(offset, -ahead), "{ahead} {offset:?}");
    }
    let asked = instance.requests();
    assert_eq!(asked[0].method, "HEAD");
    assert_eq!(asked[0].header("cache-control"), Some("no-cache"));
    // Also where it leads elsewhere, and over TLS.
    let authority = Authority::new();
    let secure = Instance::tls(&authority, Certificate::Good);
    let host = live(Some(&authority));
    let redirect = secure.url("/behave/to//behave/date/4000");
    let (got, offset) = ask(&host, &redirect).await;
    assert!(got == "drifted" && near(offset, -4_000), "{got} {offset:?}");
}

#[tokio::test]
async fn without_a_time_of_the_server_nothing_is_known() {
    let instance = Instance::plain();
    let host = live(None);
    for (path, expected) in [
        ("/", "the reply has no `Date`"),
        (
            "/behave/date-is/soon",
            "the reply's `Date` is no time: `soon`",
        ),
        (
            "/behave/date-is/Tue,_31_Feb_2026_10:00:00_GMT",
            "the reply's `Date` is no time: `Tue, 31 Feb 2026 10:00:00 GMT`",
        ),
        (
            "/behave/age/600",
            "the reply comes from a cache (its `Age` is `600`), so that its `Date` is not the server's time now",
        ),
    ] {
        let url = instance.url(path);
        assert_eq!(
            ask(&host, &url).await,
            (format!("unknown: {url}: {expected}"), None)
        );
    }
    assert_eq!(
        ask(&host, &instance.url("/behave/age/0")).await.0,
        "in-step"
    );
}

#[tokio::test]
async fn a_server_that_cannot_be_reached_says_nothing_of_clocks() {
    let host = live(None);
    let check = |got: (String, Option<i64>), starts: &str, holds: &str| {
        assert!(
            got.0.starts_with(starts) && got.0.contains(holds),
            "{got:?}"
        );
        assert_eq!(got.1, None);
    };
    let refused = format!("http://127.0.0.1:{}/", refused_port());
    check(
        ask(&host, &refused).await,
        &format!("unknown: {refused}: the connection was refused: "),
        "",
    );
    let nowhere = "http://no-such-host.invalid/";
    check(
        ask(&host, nowhere).await,
        &format!("unknown: {nowhere}: the name has no address: "),
        "",
    );
    let instance = Instance::plain();
    let silent = instance.url("/behave/silent");
    let late = told(&judged(&host, json!({ "url": &silent }), Duration::from_millis(300)).await);
    check(late, &format!("unknown: {silent}: no answer in time"), "");

    let authority = Authority::new();
    let host = live(Some(&authority));
    let instance = Instance::tls(&authority, Certificate::OtherName);
    let other = instance.url("/");
    let got = ask(&host, &other).await;
    assert!(!got.0.contains("clock"), "{got:?}");
    check(
        got,
        &format!("unknown: {other}: no secure connection: "),
        "",
    );
    // Every certificate looks like this to a clock that is years ahead, so that the blame is not the certificate's alone.
    let instance = Instance::tls(&authority, Certificate::Expired);
    let expired = instance.url("/");
    check(
        ask(&host, &expired).await,
        &format!("unknown: {expired}: no secure connection: "),
        "this clock being wrong",
    );
}

#[tokio::test]
async fn a_proxy_leads_to_the_server() {
    let Some(proxy) = Tinyproxy::start(None, "") else {
        return left_out("tinyproxy is not installed");
    };
    let authority = Authority::new();
    let host = live(Some(&authority));
    for instance in [
        Instance::plain(),
        Instance::tls(&authority, Certificate::Good),
    ] {
        let params = json!({ "url": instance.url("/behave/date/4000"), "via": proxy.address() });
        let (got, offset) = told(&judged(&host, params, PATIENT).await);
        assert!(got == "drifted" && near(offset, -4_000), "{got} {offset:?}");
    }
    // The proxy's own page about a server that is not there has the proxy's own time, which is right.
    let nobody = format!("http://127.0.0.1:{}/", refused_port());
    let params = json!({ "url": nobody, "via": proxy.address() });
    let (got, _) = told(&judged(&host, params, PATIENT).await);
    assert!(
        got.starts_with("unknown: ") && got.contains("may be the proxy's own"),
        "{got}"
    );
}

/// What was recorded is judged by the clock of then, also beside a machine of now.
#[tokio::test]
async fn a_recording_keeps_the_moment() {
    let instance = Instance::plain();
    let params = json!({ "url": instance.url("/behave/date/4000") });
    let recorder = Recorder::new(Box::new(live(None)));
    let first = judged(&recorder, params.clone(), PATIENT).await;
    assert_eq!(told(&first).0, "drifted");
    let long_ago = "2001-01-01T00:00:00Z".parse().expect("it is a time");
    let written = recorder
        .recording()
        .written(&mut Redactor::default(), long_ago, None)
        .expect("it can be written");
    let recorded = || Recorded::new(&written.host_yaml, NoFiles).expect("it is one");
    drop(instance);
    let again = judged(&recorded(), params.clone(), PATIENT).await;
    assert_eq!(again, first);
    let layered = Layered::new(Box::new(recorded()), Box::new(live(None)));
    assert_eq!(judged(&layered, params, PATIENT).await, first);
}
