//! From the parameters of a probe to its facts: what a real instance answers, read as data.

use std::sync::atomic::AtomicBool;

use jiff::{Timestamp, tz::TimeZone};
use serde_json::{Value, json};
use waypost::{
    finding::{Judgement, Os},
    host::{Host, Limits, live::Live},
    probe::{Judging, Params, kind},
};

use crate::{
    live_host::{PATIENT, live},
    support::{Authority, Certificate, Instance, LOGIN},
};

/// The outcome, and the facts.
async fn probe(host: &Live, params: Value) -> (String, Value) {
    let kind = kind("http").expect("the kind is known");
    let params: Params = serde_json::from_value(params).expect("parameters are a map");
    let mut replies = Vec::new();
    for look in kind.looks(&params).expect("the parameters make sense") {
        replies.push(host.look(&look, Limits { timeout: PATIENT }).await);
    }
    let stop = AtomicBool::new(false);
    let judging = Judging {
        now: Timestamp::now(),
        zone: Some(TimeZone::UTC),
        os: Os::Linux,
        stop: &stop,
    };
    let judged = kind.judge(&params, replies, &judging);
    let end = match judged.judgement {
        Judgement::Outcome(outcome) => outcome.to_string(),
        Judgement::Unknown(why) => format!("unknown: {why}"),
    };
    let facts = serde_json::to_value(judged.facts).expect("facts are JSON");
    (end, facts)
}

#[tokio::test]
async fn an_answer_is_data() {
    let authority = Authority::new();
    let instance = Instance::tls(&authority, Certificate::Good);
    let host = live(Some(&authority));
    let (end, facts) = probe(
        &host,
        json!({
            "url": instance.url("/InstanceInfo.do?SOAP"),
            "method": "post",
            "headers": { "Content-Type": "text/xml", "SOAPAction": "Get" },
            "body": "<Envelope/>",
            "capture": { "tag": "<build_tag>([^<]+)" },
        }),
    )
    .await;
    let tag = "glide-made-up-07-01-2026__patch1";
    assert_eq!(end, "answered");
    assert_eq!(facts["status"], 200);
    assert_eq!(facts["xml"]["Envelope"]["Body"]["info"]["build_tag"], tag);
    assert_eq!(facts["captures"]["tag"], tag);
    assert!(facts.get("json").is_none());
    let sent = &instance.requests()[0];
    assert_eq!(sent.header("content-type"), Some("text/xml"));
    assert_eq!(sent.body, "<Envelope/>");

    // A fault comes with a status of its own, and can be read all the same.
    let (end, facts) = probe(
        &host,
        json!({ "url": instance.url("/InstanceInfo.do?SOAP") }),
    )
    .await;
    assert_eq!((end.as_str(), &facts["status"]), ("answered", &json!(500)));
    assert_eq!(
        facts["xml"]["Envelope"]["Body"]["Fault"]["faultcode"],
        "SOAP-ENV:Server"
    );

    let (end, facts) = probe(
        &host,
        json!({
            "url": instance.url("/api/now/table/ecc_agent"),
            "login": { "user": LOGIN.0, "password": { "secret": "password" } },
        }),
    )
    .await;
    assert_eq!((end.as_str(), &facts["status"]), ("answered", &json!(200)));
    assert_eq!(facts["json"]["result"][0]["name"], "mid01");
    assert!(!facts.to_string().contains(LOGIN.1));
}
