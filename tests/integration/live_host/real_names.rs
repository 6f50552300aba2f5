//! The kind `dns` against a real name server: what it says is told apart.

use std::{
    fmt::Write as _,
    sync::atomic::AtomicBool,
    time::{Duration, Instant},
};

use jiff::{Timestamp, tz::TimeZone};
use waypost::{
    finding::{Judgement, Value},
    host::{Host, Limits},
    probe::{Judging, Params, kind},
};

use super::{PATIENT, SHORT, live};
use crate::support::{Dnsmasq, NameServer, Said, left_out};

/// Outcome, answer code and addresses.
async fn asked(server: &str, name: &str, timeout: Duration) -> (String, String, Vec<String>) {
    let dns = kind("dns").expect("the kind is registered");
    let params = Params::from_iter([
        ("name".to_owned(), Value::from(name)),
        ("server".to_owned(), Value::from(server)),
    ]);
    let host = live(None);
    let mut replies = Vec::new();
    for look in dns.looks(&params).expect("the parameters make sense") {
        replies.push(host.look(&look, Limits { timeout }).await);
    }
    let judging = Judging {
        now: Timestamp::UNIX_EPOCH,
        zone: Some(TimeZone::UTC),
        os: host.os(),
        stop: &AtomicBool::new(false),
    };
    let judged = dns.judge(&params, replies, &judging);
    let Judgement::Outcome(outcome) = judged.judgement else {
        panic!("{name}: {:?}", judged.judgement)
    };
    assert_eq!(judged.facts["server"], Value::from(server), "{name}");
    let texts = |value: &Value| match value {
        Value::List(texts) => texts
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect(),
        other => panic!("{name}: {other:?}"),
    };
    let code = judged.facts["code"].as_str().unwrap_or_default();
    (
        outcome.to_string(),
        code.to_owned(),
        texts(&judged.facts["addresses"]),
    )
}

#[tokio::test]
async fn a_real_server_is_understood() {
    // Behind it stands one that fails and keeps silent, which it hands on.
    let behind = NameServer::start(&[
        ("failing.test", Said::Failure),
        ("refusing.test", Said::Refusal),
        ("silent.test", Said::Silence),
    ]);
    let lines = format!(
        "host-record=four.example,192.0.2.7\n\
         host-record=six.example,2001:db8::7\n\
         host-record=both.example,192.0.2.8,2001:db8::8\n\
         cname=alias.example,both.example\n\
         txt-record=text.example,no address\n\
         server=/test/{}\n",
        behind.address().replace(':', "#")
    );
    let Some(server) = Dnsmasq::start(&lines) else {
        return left_out("dnsmasq is not installed");
    };
    for (name, outcome, code, addresses) in [
        ("four.example", "resolved", "NOERROR", &["192.0.2.7"][..]),
        ("FOUR.Example", "resolved", "NOERROR", &["192.0.2.7"]),
        ("six.example", "resolved", "NOERROR", &["2001:db8::7"]),
        (
            "both.example",
            "resolved",
            "NOERROR",
            &["192.0.2.8", "2001:db8::8"],
        ),
        (
            "alias.example",
            "resolved",
            "NOERROR",
            &["192.0.2.8", "2001:db8::8"],
        ),
        // It is there and has no address.
        ("text.example", "unresolved", "NOERROR", &[]),
        ("gone.example", "unresolved", "NXDOMAIN", &[]),
        // Not its own, and it knows nobody to ask.
        ("elsewhere.lan", "unresolved", "REFUSED", &[]),
        ("failing.test", "unresolved", "SERVFAIL", &[]),
        ("refusing.test", "unresolved", "REFUSED", &[]),
    ] {
        let got = asked(&server.address(), name, PATIENT).await;
        let addresses: Vec<String> = addresses.iter().map(|it| (*it).to_owned()).collect();
        assert_eq!(
            got,
            (outcome.to_owned(), code.to_owned(), addresses),
            "{name}"
        );
    }
    let start = Instant::now();
    let got = asked(&server.address(), "silent.test", SHORT).await;
    assert_eq!(
        got,
        ("unresolved".to_owned(), "TIMEOUT".to_owned(), Vec::new())
    );
    assert!(start.elapsed() < SHORT * 4, "{:?}", start.elapsed());
}

/// What does not fit into a packet is asked for again over TCP.
#[tokio::test]
async fn a_long_answer_comes_whole() {
    let many = 254;
    let mut lines = String::new();
    for last in 1..=many {
        writeln!(lines, "host-record=many.example,198.51.100.{last}").expect("a text takes it");
    }
    let Some(server) = Dnsmasq::start(&lines) else {
        return left_out("dnsmasq is not installed");
    };
    let packet = server.ask("many.example").expect("it answers");
    // RFC 1035, 4.1.1: the bit TC.
    assert_eq!(
        packet[2] & 2,
        2,
        "the answer fits into a packet, which tests nothing"
    );
    let (outcome, code, addresses) = asked(&server.address(), "many.example", PATIENT).await;
    assert_eq!((outcome.as_str(), code.as_str()), ("resolved", "NOERROR"));
    assert_eq!(addresses.len(), many);
}
