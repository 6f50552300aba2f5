//! From replies to outcomes: what is wrong is told in the right order, and what is not known stays so.

mod ended;
mod wrong;

use std::sync::atomic::AtomicBool;

use jiff::{Timestamp, tz::TimeZone};

use super::*;
use crate::{
    host::{
        BrokeOff, Broken, Certificate, Connection, Distrust, Revocation, RevocationKind, Shown,
        TlsReply, Verdict,
    },
    probe::judging::trial::{end, facts, looks, params, shown as evidence},
};

const NOW: &str = "2026-11-20T12:00:00Z";

fn time(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

/// In date, and of no public authority.
fn certificate(subject: &str, issuer: &str) -> Certificate {
    Certificate {
        subject: format!("CN={subject}"),
        issuer: format!("CN={issuer}"),
        not_before: time("2026-01-01T00:00:00Z"),
        not_after: time("2027-01-01T00:00:00Z"),
        names: vec![subject.to_owned()],
        serial: "01".to_owned(),
        sha256: "ab".to_owned(),
        authority: false,
        self_issued: subject == issuer,
        policies: Vec::new(),
        issuer_at: Vec::new(),
        ocsp: Vec::new(),
        crl: Vec::new(),
    }
}

fn shown(chain: &[Certificate]) -> Shown {
    Shown {
        address: "192.0.2.1:443".to_owned(),
        took_ms: Some(12),
        version: Some("TLSv1.3".to_owned()),
        asks_for_certificate: Some(false),
        broke_off: None,
        chain: chain.to_vec(),
        unreadable: None,
        cut: false,
        trust: Verdict::Trusted,
        out_of_date: None,
        wrong_name: None,
        public: Some(false),
        revocation: Vec::new(),
    }
}

fn untrusted(why: Distrust) -> Verdict {
    Verdict::Untrusted {
        why,
        detail: "invalid peer certificate: …".to_owned(),
    }
}

fn judged(json: &str, reply: TlsReply) -> Judged {
    let stop = AtomicBool::new(false);
    let judging = Judging {
        now: time(NOW),
        zone: Some(TimeZone::UTC),
        os: Os::Linux,
        stop: &stop,
    };
    let judged = Tls.judge(&params(json), vec![Ok(Reply::Tls(reply))], &judging);
    for fact in judged.facts.keys() {
        assert!(
            SPEC.facts.iter().any(|known| known.name == fact),
            "`{fact}`"
        );
    }
    judged
}

fn of_shown(shown: Shown) -> Judged {
    judged(r#"{"host": "a.example"}"#, TlsReply::Shown(Box::new(shown)))
}

fn fact(judged: &Judged, name: &str) -> String {
    judged.facts.get(name).map_or("-".to_owned(), |fact| {
        serde_json::to_string(fact).expect("a fact is JSON")
    })
}

#[test]
fn what_is_looked_at() {
    let check = |json: &str, expected: &str| assert_eq!(looks(&Tls, json), expected);
    check(
        r#"{"host": "a.example"}"#,
        r#"[{"tls":{"host":"a.example","port":443,"name":"a.example","trust":"system","via":null}}]"#,
    );
    check(
        r#"{"host": "[::1]", "port": "8443", "name": "b.example", "trust": "/opt/jre/cacerts", "via": "p:1"}"#,
        r#"[{"tls":{"host":"::1","port":8443,"name":"b.example","trust":{"store":"/opt/jre/cacerts"},"via":{"address":"p:1","user":"","password":null}}}]"#,
    );
    check(
        r#"{"host": "a", "port": "", "name": "", "trust": "system", "via": ""}"#,
        r#"[{"tls":{"host":"a","port":443,"name":"a","trust":"system","via":null}}]"#,
    );
    check("{}", "parameter `host`: is empty");
    check(
        r#"{"host": "a", "port": "x"}"#,
        "parameter `port`: `x` is not between 1 and 65535",
    );
    check(
        r#"{"host": "a", "name": "a/b"}"#,
        "parameter `name`: `a/b` is neither a name nor an address",
    );
    check(
        r#"{"host": "a", "trust": "\\\\.\\x"}"#,
        r"parameter `trust`: `\\.\x` is the path of a device",
    );
}

#[test]
fn a_trusted_chain() {
    let own = certificate("a.example", "Authority");
    let revocation = |url: &str, answers, error: Option<&str>| Revocation {
        url: url.to_owned(),
        kind: RevocationKind::Ocsp,
        answers,
        status: answers.and_then(|yes: bool| yes.then_some(403)),
        error: error.map(str::to_owned),
    };
    let judged = of_shown(Shown {
        revocation: vec![
            revocation("http://a/", Some(true), None),
            revocation("http://b/", Some(false), Some("no answer within 5000 ms")),
            revocation(
                "ldap:///",
                None,
                Some("not asked: only `http` is, not `ldap`"),
            ),
        ],
        ..shown(&[own])
    });
    assert_eq!(end(&judged), "trusted");
    assert_eq!(
        facts(&judged),
        concat!(
            r#"{"chain":[{"subject":"CN=a.example","issuer":"CN=Authority","not_before":"2026-01-01T00:00:00Z","#,
            r#""not_after":"2027-01-01T00:00:00Z","names":["a.example"],"serial":"01","sha256":"ab","authority":false,"#,
            r#""self_issued":false}],"version":"TLSv1.3","issues":[],"public_issuer":false,"revocation":["#,
            r#"{"url":"http://a/","kind":"ocsp","answers":true,"status":403},"#,
            r#"{"url":"http://b/","kind":"ocsp","answers":false,"error":"no answer within 5000 ms"},"#,
            r#"{"url":"ldap:///","kind":"ocsp","error":"not asked: only `http` is, not `ldap`"}],"#,
            r#""asks_for_certificate":false,"address":"192.0.2.1:443","took_ms":12}"#
        )
    );
    assert_eq!(evidence(&judged), "a.example:443: TLSv1.3 after 12 ms");
    assert_eq!(
        judged.evidence[0].after,
        [
            "CN=a.example, issued by CN=Authority, from 2026-01-01T00:00:00Z to 2027-01-01T00:00:00Z",
            "http://a/: answers, status 403",
            "http://b/: does not answer: no answer within 5000 ms",
            "ldap:///: not asked: only `http` is, not `ldap`",
        ]
    );
}

#[test]
fn what_cannot_be_told_is_unknown() {
    #[track_caller]
    fn check(shown: Shown, expected: &str) {
        let judged = of_shown(shown);
        assert_eq!(end(&judged), expected);
        assert!(judged.facts.contains_key("chain"), "the chain was seen");
    }
    let own = certificate("a.example", "Authority");
    let undecided = Shown {
        trust: Verdict::Undecided("no such algorithm".to_owned()),
        ..shown(&[own])
    };
    check(
        undecided.clone(),
        "unknown: whether the chain is trusted cannot be told: no such algorithm",
    );
    check(
        Shown {
            out_of_date: Some("expired".to_owned()),
            ..undecided.clone()
        },
        "expired",
    );
    check(
        Shown {
            wrong_name: Some("not valid for name".to_owned()),
            ..undecided.clone()
        },
        "name-mismatch",
    );
    check(
        Shown {
            trust: untrusted(Distrust::UnknownIssuer),
            cut: true,
            ..undecided.clone()
        },
        "unknown: the server sent more certificates than are looked at, and those that were lead to nobody who is trusted",
    );
    check(
        Shown {
            trust: Verdict::Trusted,
            cut: true,
            ..undecided
        },
        "trusted",
    );
}

#[test]
fn a_public_authority_is_told_from_a_companys() {
    #[track_caller]
    fn check(public: Option<bool>, own: Certificate, expected: &str) {
        let judged = of_shown(Shown {
            public,
            ..shown(&[own])
        });
        assert_eq!(fact(&judged, "public_issuer"), expected);
    }
    let own = certificate("a.example", "Authority");
    let by_rules = Certificate {
        policies: vec!["1.2.3".to_owned(), "2.23.140.1.2.2".to_owned()],
        ..own.clone()
    };
    let elder = Certificate {
        not_before: time("2020-09-29T23:59:59Z"),
        ..own.clone()
    };
    check(Some(true), own.clone(), "true");
    check(Some(false), own.clone(), "false");
    // Of a public authority that is not known here, or without what stands in between.
    check(Some(false), by_rules.clone(), "-");
    check(Some(false), elder.clone(), "-");
    check(Some(true), elder.clone(), "true");
    check(
        Some(false),
        Certificate {
            self_issued: true,
            ..by_rules
        },
        "false",
    );
    check(None, own, "-");
    assert_eq!(fact(&of_shown(shown(&[])), "public_issuer"), "-");
}
