use super::*;
use crate::{
    finding::{Finding, Judgement, Outcome, Source},
    redact::Redactor,
};

fn hiding(public: &str) -> (Redactor, Hosts) {
    let hosts = Hosts::default();
    hosts.public(public);
    let mut redactor = Redactor::default();
    redactor.hide(hosts.clone());
    (redactor, hosts)
}

const PUBLIC: &str =
    "Ask for `install.service-now.com`; the usual form is *.service-now.com, see docs.oracle.com.";

#[track_caller]
fn check(text: &str, expected: &str) {
    let (mut redactor, hosts) = hiding(PUBLIC);
    let masked = redactor.text(text);
    assert_eq!(masked, expected);
    assert_eq!(redactor.text(&masked), masked, "once more changes nothing");
    assert_eq!(hosts.real(&masked), text, "and the way back");
}

#[test]
fn names_are_masked_where_they_have_to_stand() {
    for (text, expected) in [
        (
            "https://acme.service-now.com/x",
            "https://redacted-host-1.service-now.com/x",
        ),
        (
            "http://proxy.corp.acme.com:3128",
            "http://redacted-host-1.invalid:3128",
        ),
        ("http://squid:3128/", "http://redacted-host-1:3128/"),
        (
            "mail to joe@acme.com now",
            "mail to joe@redacted-host-1.invalid now",
        ),
        (
            "connect to db.acme.com:1521 refused",
            "connect to redacted-host-1.invalid:1521 refused",
        ),
        (
            "java.net.UnknownHostException: acme.service-now.com",
            "java.net.UnknownHostException: redacted-host-1.service-now.com",
        ),
        (
            r#"<parameter name="mid.proxy.host" value="squid01"/>"#,
            r#"<parameter name="mid.proxy.host" value="redacted-host-1"/>"#,
        ),
        ("proxy_host = squid01", "proxy_host = redacted-host-1"),
        (
            "(MIDServer) [Main:302]     Node name: harbour-host-07",
            "(MIDServer) [Main:302]     Node name: redacted-host-1",
        ),
        (
            "PSComputerName   : WIN01\nWIN01 is here",
            "PSComputerName   : redacted-host-1\nredacted-host-1 is here",
        ),
        (r"copy \\filer07\share\x", r"copy \\redacted-host-1\share\x"),
        (
            "subject CN=mid.acme.com, O=Acme",
            "subject CN=redacted-host-1.invalid, O=Acme",
        ),
        ("filer07/10.1.2.3:445", "redacted-host-1/240.0.0.1:445"),
        // What was recognised once is known wherever it stands.
        (
            "http://squid01:3128 and then squid01 again, not squid012",
            "http://redacted-host-1:3128 and then redacted-host-1 again, not squid012",
        ),
        // A name that was written wrong stays as wrong as it was.
        (
            "https://acmeservice-now.com/",
            "https://redacted-host-1service-now.com/",
        ),
        (
            "https://acme.service-nowcom/",
            "https://redacted-host-1.service-nowcom/",
        ),
    ] {
        check(text, expected);
    }
}

#[test]
fn addresses_are_masked_wherever_they_stand() {
    for (text, expected) in [
        (
            "from 10.1.2.3 to 10.1.2.4, 10.1.2.3.",
            "from 240.0.0.1 to 240.0.0.2, 240.0.0.1.",
        ),
        (
            "[fe80::1%eth0]:443 fd00::5",
            "[2001:db8:ffff:ffff::1%eth0]:443 2001:db8:ffff:ffff::2",
        ),
        ("http://192.168.7.9/", "http://240.0.0.1/"),
    ] {
        check(text, expected);
    }
}

#[test]
fn what_everybody_knows_stays() {
    for text in [
        "sqlplus scott @a.sql",
        "http://localhost:8080/ 127.0.0.1 127.0.1.1 ::1 0.0.0.0 ::",
        "https://install.service-now.com/ and https://docs.oracle.com/",
        "https://<instance>.service-now.com/ https://YOUR_INSTANCE.service-now.com/",
        "at com.glide.MIDServer.main(MIDServer.java:443)",
        "Java version 17.0.8.1, wrapper 3.5.51.1, 255.255.255.0, 1.2.3.4.5, v1.2.3.4",
        "2026-11-18 10:00:00 std::string a:b 12:34:56",
        "mid.proxy.host is not there; host: localhost",
        "agent0.log:120 config.xml",
        r"C:\\Program Files\\x \\. \d+",
    ] {
        check(text, text);
    }
}

#[test]
fn the_same_name_has_the_same_stand_in() {
    let (mut one, hosts) = hiding(PUBLIC);
    let mut other = Redactor::default();
    other.learn_from(&one);
    let first = one.text("https://acme.service-now.com and https://filer.acme.com");
    assert_eq!(
        first,
        "https://redacted-host-1.service-now.com and https://redacted-host-2.invalid"
    );
    assert_eq!(other.text("filer.acme.com"), "redacted-host-2.invalid");
    // As an input it is the same, and one that is no host's stays.
    assert_eq!(
        one.given("proxy_address", "filer.acme.com:3128"),
        "redacted-host-2.invalid:3128"
    );
    assert_eq!(
        one.given("proxy_address", "squid01:3128"),
        "redacted-host-3:3128"
    );
    assert_eq!(one.given("mid_user", "mid.user"), "mid.user");
    assert_eq!(
        hosts.real("redacted-host-3:3128 redacted-host-9"),
        "squid01:3128 redacted-host-9"
    );
    assert!(stands_in("x redacted-host-9 y") && stands_in("240.0.0.7"));
    assert!(!stands_in("acme.service-now.com 10.0.0.1 2001:db8::1"));
}

#[test]
fn a_finding_is_masked() {
    let (mut redactor, _) = hiding(PUBLIC);
    let values: crate::finding::Facts = [("mid.proxy.host".to_owned(), "squid01".into())]
        .into_iter()
        .collect();
    let finding = Finding {
        judgement: Judgement::Outcome(Outcome::new("read")),
        facts: [
            ("values".to_owned(), values.into()),
            (
                "names".to_owned(),
                Value::List(vec!["*.corp.acme.com".into(), "Plain".into()]),
            ),
            ("addresses".to_owned(), Value::List(vec!["10.1.2.3".into()])),
        ]
        .into_iter()
        .collect(),
        evidence: vec![crate::finding::Evidence {
            column: Some(10),
            mark: Some((9, 16)),
            ..crate::finding::Evidence::plain("proxy is squid01 at 10.1.2.3")
        }],
        source: Source::Observed,
        at: jiff::Timestamp::UNIX_EPOCH,
        took: std::time::Duration::ZERO,
        machine: None,
    };
    let masked = redactor.finding(finding);
    let shown = format!("{:?} {:?}", masked.facts, masked.evidence);
    for name in ["squid", "acme", "10.1"] {
        assert!(!shown.contains(name), "{shown}");
    }
    assert!(shown.contains("Plain"), "{shown}");
    assert_eq!(masked.evidence[0].mark, Some((9, 24)), "{shown}");
}
