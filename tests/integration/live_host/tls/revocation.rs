//! Addresses that certificates name for their revocation: who answers, who does not, and who is not asked.

use std::time::{Duration, Instant};

use rcgen::{CertificateParams, CustomExtension};
use serde_json::{Value, json};

use super::{at, chain, probe, says};
use crate::{
    live_host::{SHORT, live},
    support::{Authority, Certificate, Instance, Manner, TlsServer, der, refused_port},
};

/// *Authority information access* (RFC 5280, 4.2.2.1): 1 is OCSP, 2 the issuer's certificate.
pub(super) fn information(places: &[(u8, &str)]) -> CustomExtension {
    let place = |(method, url): &(u8, &str)| {
        let method = der(0x06, &[0x2b, 6, 1, 5, 5, 7, 0x30, *method]);
        der(0x30, &[method, der(0x86, url.as_bytes())].concat())
    };
    let places: Vec<u8> = places.iter().flat_map(place).collect();
    CustomExtension::from_oid_content(&[1, 3, 6, 1, 5, 5, 7, 1, 1], der(0x30, &places))
}

fn asked_at(ocsp: &[&str], crl: &[&str]) -> impl FnOnce(&mut CertificateParams) {
    let places: Vec<(u8, &str)> = ocsp.iter().map(|url| (1, *url)).collect();
    let information = information(&places);
    let uris: Vec<String> = crl.iter().map(|url| (*url).to_owned()).collect();
    move |params| {
        params.custom_extensions.push(information);
        if !uris.is_empty() {
            params.crl_distribution_points = vec![rcgen::CrlDistributionPoint { uris }];
        }
    }
}

#[tokio::test]
async fn addresses_for_revocation_are_asked() {
    let authority = Authority::new();
    let responder = Instance::plain();
    let blocked = refused_port();
    let urls = [
        format!("http://localhost:{}/ocsp/secret?path", responder.port()),
        format!("http://127.0.0.1:{blocked}/"),
        format!("http://127.0.0.1:{}/", says(b"SSH-2.0-made-up\r\n")),
        "http://no-such-host.invalid/a.crl".to_owned(),
        format!("https://localhost:{}/", responder.port()),
        "ldap:///CN=list".to_owned(),
    ];
    let [ocsp @ .., web, ldap] = urls.each_ref().map(String::as_str);
    let (own, key) = authority.sign_with(Certificate::Good, asked_at(&ocsp, &[web, ldap]));
    let server = TlsServer::start(chain(&[&own]), &key);
    let came = at(&live(Some(&authority)), server.port()).await;
    assert_eq!(came.end, "trusted");
    let list = came.facts["revocation"].as_array().expect("a list");
    let told: Vec<_> = list
        .iter()
        .map(|one| {
            (
                one["kind"].as_str(),
                one["answers"].as_bool(),
                one["status"].as_u64(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (Some("ocsp"), None, Some(404)),
            (Some("ocsp"), Some(false), None),
            (Some("ocsp"), Some(false), None),
            (Some("ocsp"), Some(false), None),
            (Some("crl"), None, None),
            (Some("crl"), None, None),
        ]
    );
    assert_eq!(
        list[0]["error"],
        "status 404 to `/` does not tell who answered"
    );
    let refused = format!("127.0.0.1:{blocked} refused the connection");
    assert_eq!(list[1]["error"], refused);
    assert_eq!(list[2]["error"], "what answers is not HTTP");
    assert_eq!(list[4]["error"], "not asked: only `http` is, not `https`");
    assert_eq!(list[5]["error"], "not asked: only `http` is, not `ldap`");
    // Of an address only the host is used.
    let requests = responder.requests();
    assert_eq!(requests.len(), 1);
    assert_eq!(
        (requests[0].method.as_str(), requests[0].path.as_str()),
        ("GET", "/")
    );
    let host = format!("localhost:{}", responder.port());
    assert_eq!(requests[0].header("host"), Some(host.as_str()));
}

#[tokio::test]
async fn who_is_not_trusted_sends_nobody_anywhere() {
    let responder = Instance::plain();
    let url = format!("http://localhost:{}/", responder.port());
    let (own, key) = Authority::new()
        .below("Nobody", |_| {})
        .sign_with(Certificate::Good, asked_at(&[&url], &[]));
    let server = TlsServer::start(chain(&[&own]), &key);
    let came = at(&live(Some(&Authority::new())), server.port()).await;
    assert_eq!(came.end, "untrusted");
    assert_eq!(
        came.facts["revocation"],
        json!([{ "url": url, "kind": "ocsp", "error": "not asked, because the chain is not trusted" }])
    );
    assert!(responder.requests().is_empty());
}

#[tokio::test]
async fn silence_at_an_address_counts_when_it_was_long() {
    let authority = Authority::new();
    let mute = Instance::plain();
    mute.behave(Manner::Mute);
    let url = format!("http://localhost:{}/", mute.port());
    let (own, key) = authority.sign_with(Certificate::Good, asked_at(&[&url], &[]));
    let server = TlsServer::start(chain(&[&own]), &key);
    let params = json!({ "host": "localhost", "port": server.port() });
    for (timeout, answers) in [
        (SHORT * 2, Value::Null),
        (Duration::from_secs(5), json!(false)),
    ] {
        let start = Instant::now();
        let came = probe(&live(Some(&authority)), params.clone(), timeout).await;
        assert_eq!(came.end, "trusted", "{}", came.facts);
        let told = &came.facts["revocation"][0];
        assert_eq!(told["answers"], answers);
        let error = told["error"].as_str().unwrap_or_default();
        assert!(error.starts_with("no answer within "), "{error}");
        assert!(start.elapsed() < timeout + Duration::from_secs(2));
    }
}
