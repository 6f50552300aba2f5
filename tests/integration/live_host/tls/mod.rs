//! Handshakes, from the parameters of a probe to its outcome: the live host against real servers on loopback.

mod revocation;

use std::{
    fs,
    io::{Read, Write},
    net::{Ipv4Addr, TcpListener},
    sync::{Arc, atomic::AtomicBool},
    thread,
    time::{Duration, Instant},
};

use jiff::{Timestamp, tz::TimeZone};
use rustls::{RootCertStore, pki_types::CertificateDer, server::WebPkiClientVerifier};
use serde_json::{Value, json};
use waypost::{
    finding::{Finding, Judgement, Os, Source},
    host::{Host, Limits, live::Live},
    probe::{Judged, Judging, Params, kind},
    redact::Redactor,
};

use super::{PATIENT, SHORT, live};
use crate::support::{
    Authority, Certificate, Instance, Manner, Shaking, Tinyproxy, TlsServer, jks, pkcs12,
    refused_port, self_signed, silent_port,
};

/// What came of a probe: the outcome, or `unknown: ` and why; and the facts.
struct Came {
    end: String,
    facts: Value,
}

impl Came {
    fn issues(&self) -> String {
        let issues = self.facts["issues"].as_array().into_iter().flatten();
        let words: Vec<&str> = issues.filter_map(Value::as_str).collect();
        format!("{} {}", self.end, words.join(" "))
            .trim_end()
            .to_owned()
    }
}

async fn probe(host: &Live, params: Value, timeout: Duration) -> Came {
    let kind = kind("tls").expect("the kind is known");
    let params: Params = serde_json::from_value(params).expect("parameters are a map");
    let mut replies = Vec::new();
    for look in kind.looks(&params).expect("the parameters make sense") {
        replies.push(host.look(&look, Limits { timeout }).await);
    }
    let stop = AtomicBool::new(false);
    let judging = Judging {
        now: Timestamp::now(),
        zone: Some(TimeZone::UTC),
        os: Os::Linux,
        stop: &stop,
    };
    let Judged {
        judgement,
        facts,
        evidence,
    } = kind.judge(&params, replies, &judging);
    let finding = Finding {
        judgement,
        facts,
        evidence,
        source: Source::Observed,
        at: judging.now,
        took: Duration::ZERO,
        machine: None,
    };
    // What a server shows to everybody is no secret, whatever it looks like.
    assert_eq!(Redactor::default().finding(finding.clone()), finding);
    Came {
        end: match finding.judgement {
            Judgement::Outcome(outcome) => outcome.to_string(),
            Judgement::Unknown(why) => format!("unknown: {why}"),
        },
        facts: serde_json::to_value(finding.facts).expect("facts are JSON"),
    }
}

async fn at(host: &Live, port: u16) -> Came {
    probe(host, json!({ "host": "localhost", "port": port }), PATIENT).await
}

fn chain(certificates: &[&CertificateDer<'static>]) -> Vec<CertificateDer<'static>> {
    certificates.iter().copied().cloned().collect()
}

#[tokio::test]
async fn a_good_chain_is_trusted_and_nothing_is_sent() {
    let authority = Authority::new();
    let (own, key) = authority.sign(Certificate::Good);
    for only_tls_12 in [false, true] {
        let shaking = Shaking {
            only_tls_12,
            ..Shaking::default()
        };
        let server = TlsServer::shaking(chain(&[&own]), &key, shaking);
        let came = at(&live(Some(&authority)), server.port()).await;
        assert_eq!(came.issues(), "trusted", "{}", came.facts);
        let facts = &came.facts;
        assert_eq!(
            facts["version"],
            if only_tls_12 { "TLSv1.2" } else { "TLSv1.3" }
        );
        assert_eq!(
            facts["chain"][0]["issuer"],
            "CN=Waypost tests' own authority"
        );
        assert_eq!(
            facts["chain"][0]["names"],
            json!(["localhost", "127.0.0.1"])
        );
        assert_eq!(facts["public_issuer"], json!(false));
        assert_eq!(facts["asks_for_certificate"], json!(false));
        assert_eq!(facts["address"], format!("127.0.0.1:{}", server.port()));
        let visit = server.visit();
        assert_eq!(visit.name.as_deref(), Some("localhost"));
        assert!(
            visit.shaken && visit.sent.is_empty() && !visit.said_goodbye,
            "{visit:?}"
        );
    }
}

#[tokio::test]
async fn a_file_says_who_is_trusted() {
    let (authority, other) = (Authority::new(), Authority::new());
    let between = authority.below("Between", |_| {});
    let (own, key) = between.sign(Certificate::Good);
    let server = TlsServer::start(chain(&[&own, &between.der()]), &key);
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).display().to_string();
    let check = async |name: &str, content: &[u8], expected: &str| {
        fs::write(path(name), content).expect("a file");
        let params = json!({ "host": "localhost", "port": server.port(), "trust": path(name) });
        // Those given beside the system's are not asked for.
        let came = probe(&live(Some(&authority)), params, PATIENT).await;
        assert_eq!(came.issues(), expected, "{name}: {}", came.facts);
    };
    let (right, wrong) = (authority.der(), other.der());
    let both: &[&[u8]] = &[&wrong, &right];
    check(
        "ca.pem",
        format!("{}\n{}", other.pem(), authority.pem()).as_bytes(),
        "trusted",
    )
    .await;
    check("ca.cer", &right, "trusted").await;
    check("ca.jks", &jks(both), "trusted").await;
    check("cacerts", &pkcs12(both), "trusted").await;
    check(
        "other.pem",
        other.below("Other", |_| {}).pem().as_bytes(),
        "untrusted unknown-issuer",
    )
    .await;
    let far: &[&[u8]] = &[&other.below("Other", |_| {}).der()];
    check("other.jks", &jks(far), "untrusted unknown-issuer").await;
    check("other.p12", &pkcs12(far), "untrusted unknown-issuer").await;
    check(
        "broken.jks",
        &jks(both)[..90],
        &format!(
            "unknown: {}: Java key store: it breaks off",
            path("broken.jks")
        ),
    )
    .await;
    check(
        "huge.pem",
        &vec![b' '; (16 << 20) + 1],
        &format!(
            "unknown: {}: larger than 16 MiB, the bound",
            path("huge.pem")
        ),
    )
    .await;
    let fails = async |name: &str, expected: &str| {
        let params = json!({ "host": "localhost", "port": server.port(), "trust": path(name) });
        let came = probe(&live(None), params, PATIENT).await;
        assert_eq!(came.end, format!("unknown: {}: {expected}", path(name)));
    };
    fails("none.pem", "there is no such file").await;
    fails("", "a folder, not a regular file").await;
}

#[tokio::test]
async fn what_is_wrong_with_a_chain_is_told() {
    let authority = Authority::new();
    let host = live(Some(&authority));
    let check = async |chain: Vec<CertificateDer<'static>>, key, expected: &str| {
        let server = TlsServer::start(chain, &key);
        let came = at(&host, server.port()).await;
        assert_eq!(came.issues(), expected, "{}", came.facts);
        let visit = server.visit();
        assert!(visit.sent.is_empty(), "{visit:?}");
        came
    };
    let (own, key) = authority.sign(Certificate::Expired);
    check(chain(&[&own]), key, "expired expired").await;
    let (own, key) = authority.sign(Certificate::NotYetValid);
    check(chain(&[&own]), key, "expired not-yet-valid").await;
    let (own, key) = authority.sign(Certificate::OtherName);
    let came = check(chain(&[&own]), key, "name-mismatch wrong-name").await;
    assert_eq!(
        came.facts["why"],
        "the certificate is for elsewhere.example, not for localhost"
    );
    let (own, key) = self_signed(Certificate::Good);
    check(chain(&[&own]), key, "untrusted self-signed").await;
    // Everything at once: the worst comes first.
    let nobody = Authority::new().below("Nobody", |_| {});
    let (own, key) = nobody.sign_with(Certificate::OtherName, |params| {
        params.not_before = rcgen::date_time_ymd(2000, 1, 1);
        params.not_after = rcgen::date_time_ymd(2001, 1, 1);
    });
    check(
        chain(&[&own]),
        key,
        "untrusted unknown-issuer expired wrong-name",
    )
    .await;
    let between = authority.below("Between", |_| {});
    let (own, key) = between.sign_with(Certificate::Good, |params| {
        params.custom_extensions.push(revocation::information(&[(
            2,
            "http://127.0.0.1:1/between.cer",
        )]));
    });
    let came = check(chain(&[&own]), key, "untrusted missing-intermediate").await;
    assert!(
        came.facts["detail"]
            .as_str()
            .is_some_and(|words| words.contains("UnknownIssuer"))
    );
    let old = authority.below("Between", |params| {
        params.not_after = rcgen::date_time_ymd(2001, 1, 1)
    });
    let (own, key) = old.sign(Certificate::Good);
    let came = check(chain(&[&own, &old.der()]), key, "expired expired").await;
    assert_eq!(
        came.facts["why"],
        "`CN=Between` expired on 2001-01-01T00:00:00Z"
    );
    // No certificate at all, but a key that signs.
    let (_, key) = authority.sign(Certificate::Good);
    check(
        vec![b"garbage".to_vec().into()],
        key,
        "untrusted malformed faulty",
    )
    .await;
    // Somebody else's certificate.
    let (own, _) = authority.sign(Certificate::Good);
    let (_, key) = authority.sign(Certificate::Good);
    check(chain(&[&own]), key, "failed not-proven").await;
}

#[tokio::test]
async fn a_chain_without_an_end_is_looked_at_in_part() {
    let authority = Authority::new();
    let (own, key) = authority.sign(Certificate::Good);
    let other = Authority::new().der();
    let mut long = vec![own.clone()];
    long.extend(std::iter::repeat_n(other, 30));
    let server = TlsServer::start(long.clone(), &key);
    let came = at(&live(Some(&authority)), server.port()).await;
    assert_eq!(came.end, "trusted");
    assert_eq!(came.facts["chain"].as_array().map(Vec::len), Some(16));
    let server = TlsServer::start(long, &key);
    let params = json!({ "host": "localhost", "port": server.port(), "name": "other.example" });
    let came = probe(&live(None), params, PATIENT).await;
    assert!(came.end.starts_with("unknown: "), "{}", came.end);
    let huge = vec![own; 400];
    let server = TlsServer::start(huge, &key);
    let came = at(&live(Some(&authority)), server.port()).await;
    assert_eq!(
        came.end,
        "unknown: the server's part of the handshake is larger than 64 KiB"
    );
}

#[tokio::test]
async fn another_name_than_the_hosts_is_asked_for() {
    let authority = Authority::new();
    let (own, key) = authority.sign(Certificate::OtherName);
    let check = async |name: &str, asked: Option<&str>, expected: &str| {
        let server = TlsServer::start(chain(&[&own]), &key);
        let params = json!({ "host": "127.0.0.1", "port": server.port(), "name": name });
        let came = probe(&live(Some(&authority)), params, PATIENT).await;
        assert_eq!(came.end, expected);
        assert_eq!(server.visit().name.as_deref(), asked);
    };
    let name = "elsewhere.example";
    check(name, Some(name), "trusted").await;
    check("Elsewhere.Example.", Some(name), "trusted").await;
    check(
        "bücher.example",
        Some("xn--bcher-kva.example"),
        "name-mismatch",
    )
    .await;
    // An address is no name to ask for.
    check("127.0.0.1", None, "name-mismatch").await;
}

#[tokio::test]
async fn a_server_that_wants_a_certificate_is_told() {
    let authority = Authority::new();
    let (own, key) = authority.sign(Certificate::Good);
    let mut roots = RootCertStore::empty();
    roots.add(authority.der()).expect("it is one");
    let lets_in = || {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        WebPkiClientVerifier::builder_with_provider(Arc::new(roots.clone()), provider)
            .build()
            .expect("there is an authority")
    };
    for (only_tls_12, expected) in [(true, "failed certificate-wanted"), (false, "trusted")] {
        let shaking = Shaking {
            only_tls_12,
            lets_in: Some(lets_in()),
        };
        let server = TlsServer::shaking(chain(&[&own]), &key, shaking);
        let came = at(&live(Some(&authority)), server.port()).await;
        // In TLS 1.3 the client is done before the server has said what it thinks of it.
        assert_eq!(came.issues(), expected, "{}", came.facts);
        assert_eq!(came.facts["asks_for_certificate"], json!(true));
        assert_eq!(came.facts["chain"].as_array().map(Vec::len), Some(1));
    }
}

/// Answers every connection with these bytes, after it has read something, and hangs up.
fn says(bytes: &'static [u8]) -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback has a free port");
    let port = listener.local_addr().expect("the listener is bound").port();
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(bytes);
        }
    });
    port
}

#[tokio::test]
async fn what_is_no_handshake_fails() {
    let host = live(None);
    let check = async |port: u16, expected: &str| {
        let came = at(&host, port).await;
        assert_eq!(came.issues(), expected, "{}", came.facts);
        assert!(came.facts["detail"].is_string() && came.facts["address"].is_string());
    };
    check(says(b""), "failed hung-up").await;
    check(says(b"HTTP/1.1 400 Bad Request\r\n\r\n"), "failed not-tls").await;
    check(says(b"SSH-2.0-made-up\r\n"), "failed not-tls").await;
    check(says(b"220 mail.example ESMTP\r\n"), "failed not-tls").await;
    // Alerts: no version in common, no such name, internal error (RFC 8446, 6.2).
    check(says(&[21, 3, 3, 0, 2, 2, 70]), "failed nothing-in-common").await;
    check(says(&[21, 3, 3, 0, 2, 2, 40]), "failed nothing-in-common").await;
    check(says(&[21, 3, 3, 0, 2, 2, 112]), "failed name-not-served").await;
    check(says(&[21, 3, 3, 0, 2, 2, 80]), "failed refused").await;
    // A handshake's record with nonsense in it.
    check(says(&[22, 3, 3, 0, 4, 2, 0, 0, 0]), "failed faulty").await;
    let instance = Instance::plain();
    instance.behave(Manner::HangUp);
    check(instance.port(), "failed hung-up").await;
}

#[tokio::test]
async fn a_server_that_cannot_be_reached_is_told_apart() {
    let host = live(None);
    let check = async |params: Value, timeout, expected: &str| {
        let start = Instant::now();
        let came = probe(&host, params, timeout).await;
        assert_eq!(came.end, "unreachable", "{}", came.facts);
        let error = came.facts["error"].as_str().unwrap_or_default().to_owned();
        assert!(error.contains(expected), "{error}");
        assert!(start.elapsed() < timeout + Duration::from_secs(2));
    };
    let port = refused_port();
    let refused = format!("127.0.0.1:{port} refused the connection");
    check(
        json!({ "host": "127.0.0.1", "port": port }),
        PATIENT,
        &refused,
    )
    .await;
    let nowhere = json!({ "host": "no-such-host.invalid" });
    check(nowhere, PATIENT, "no-such-host.invalid: ").await;
    check(
        json!({ "host": "255.255.255.255" }),
        PATIENT,
        "255.255.255.255:443: ",
    )
    .await;
    let mute = Instance::plain();
    mute.behave(Manner::Mute);
    let silent = format!(
        "127.0.0.1:{} took the connection, and did not answer in time",
        mute.port()
    );
    check(
        json!({ "host": "localhost", "port": mute.port() }),
        SHORT,
        &silent,
    )
    .await;
    if let Some((port, _full)) = silent_port() {
        let nobody = "nobody took the connection in time";
        check(json!({ "host": "127.0.0.1", "port": port }), SHORT, nobody).await;
    }
}

#[tokio::test]
async fn a_proxy_leads_to_the_server_or_refuses() {
    let Some(proxy) = Tinyproxy::start(None, "") else {
        return eprintln!("left out, tinyproxy is not installed");
    };
    let Some(strict) = Tinyproxy::start(Some(("proxyuser", "right_horse")), "") else {
        return eprintln!("left out, tinyproxy is not installed");
    };
    let authority = Authority::new();
    let (own, key) = authority.sign(Certificate::Good);
    let host = live(Some(&authority));
    let server = TlsServer::start(chain(&[&own]), &key);
    let through = |via: &str| json!({ "host": "localhost", "port": server.port(), "via": via });
    let came = probe(&host, through(&proxy.address()), PATIENT).await;
    assert_eq!(came.end, "trusted");
    assert_eq!(came.facts["address"], proxy.address());
    assert!(server.visit().sent.is_empty());
    let came = probe(&host, through(&strict.address()), PATIENT).await;
    assert_eq!(came.end, "proxy-refused");
    assert_eq!(came.facts["proxy_status"], 407);
    assert_eq!(came.facts["schemes"], json!(["Basic"]));
    let gone = format!("127.0.0.1:{}", refused_port());
    let came = probe(&host, through(&gone), PATIENT).await;
    assert_eq!(came.end, "unreachable");
    assert_eq!(
        came.facts["error"],
        format!("{gone} refused the connection")
    );
}
