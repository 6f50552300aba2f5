//! Handshakes that did not come to their end, or to a beginning.

use super::*;

#[test]
fn a_handshake_that_broke_off() {
    #[track_caller]
    fn check(how: Broken, issue: &str, why: &str) {
        let broke_off = BrokeOff {
            how,
            detail: "words".to_owned(),
        };
        let failed = judged(
            r#"{"host": "a.example", "port": 8443}"#,
            TlsReply::Failed {
                address: "192.0.2.1:8443".to_owned(),
                broke_off: broke_off.clone(),
            },
        );
        let expected = format!(
            r#"{{"address":"192.0.2.1:8443","issue":{issue:?},"issues":[{issue:?}],"why":{why:?},"detail":"words"}}"#
        );
        assert_eq!(
            (end(&failed), facts(&failed)),
            ("failed".to_owned(), expected)
        );
        assert_eq!(evidence(&failed), format!("a.example:8443: {why}"));
        // After the certificates were shown they say more, where something is wrong with them.
        let own = certificate("a.example", "a.example");
        let broken = |trust| {
            of_shown(Shown {
                trust,
                version: None,
                broke_off: Some(broke_off.clone()),
                ..shown(std::slice::from_ref(&own))
            })
        };
        let trusted = broken(Verdict::Trusted);
        assert_eq!(
            (end(&trusted), fact(&trusted, "issue")),
            ("failed".to_owned(), format!("{issue:?}"))
        );
        let untrusted = broken(untrusted(Distrust::UnknownIssuer));
        assert_eq!(end(&untrusted), "untrusted");
        assert_eq!(
            fact(&untrusted, "issues"),
            format!(r#"["self-signed",{issue:?}]"#)
        );
    }
    check(Broken::NotTls, "not-tls", "what answers there is not TLS");
    check(
        Broken::HungUp,
        "hung-up",
        "the connection was closed in the middle of the handshake",
    );
    check(
        Broken::NothingInCommon,
        "nothing-in-common",
        "the server takes no version or cipher that is offered: TLS 1.2 and 1.3, with forward secrecy",
    );
    check(
        Broken::CertificateWanted,
        "certificate-wanted",
        "the server wants a certificate of the client's",
    );
    check(
        Broken::NameNotServed,
        "name-not-served",
        "the server knows nobody of this name",
    );
    check(
        Broken::Refused,
        "refused",
        "the server refuses the handshake",
    );
    check(
        Broken::NotProven,
        "not-proven",
        "the server does not prove that the certificate is its own",
    );
    check(
        Broken::Silent,
        "silent",
        "the server stopped answering in the middle of the handshake",
    );
    check(
        Broken::Faulty,
        "faulty",
        "the handshake breaks the rules of TLS",
    );
}

#[test]
fn no_way_to_the_server() {
    #[track_caller]
    fn check(reply: TlsReply, outcome: &str, expected: &str, shown: &str) {
        let judged = judged(
            r#"{"host": "::1", "name": "b.example", "trust": "/ca.pem", "via": "p:3128"}"#,
            reply,
        );
        assert_eq!(
            (end(&judged).as_str(), facts(&judged).as_str()),
            (outcome, expected)
        );
        let place = "[::1]:443 for b.example by /ca.pem via p:3128";
        assert_eq!(evidence(&judged), format!("{place}: {shown}"));
    }
    let address = "192.0.2.1:443".to_owned();
    check(
        TlsReply::NoWay(Connection::Refused {
            address: address.clone(),
        }),
        "unreachable",
        r#"{"error":"192.0.2.1:443 refused the connection","address":"192.0.2.1:443"}"#,
        "unreachable: 192.0.2.1:443 refused the connection",
    );
    check(
        TlsReply::NoWay(Connection::TimedOut),
        "unreachable",
        r#"{"error":"nobody took the connection in time"}"#,
        "unreachable: nobody took the connection in time",
    );
    check(
        TlsReply::NoWay(Connection::Unresolved("b: no address".to_owned())),
        "unreachable",
        r#"{"error":"b: no address"}"#,
        "unreachable: b: no address",
    );
    check(
        TlsReply::NoWay(Connection::Unreachable("no route to host".to_owned())),
        "unreachable",
        r#"{"error":"no route to host"}"#,
        "unreachable: no route to host",
    );
    check(
        TlsReply::Silent { address },
        "unreachable",
        r#"{"error":"192.0.2.1:443 took the connection, and did not answer in time","address":"192.0.2.1:443"}"#,
        "unreachable: 192.0.2.1:443 took the connection, and did not answer in time",
    );
    check(
        TlsReply::NoWay(Connection::ProxyRefused {
            status: 407,
            schemes: vec!["Basic".to_owned()],
            why: None,
        }),
        "proxy-refused",
        r#"{"proxy_status":407,"schemes":["Basic"]}"#,
        "the proxy answered with status 407 and takes these logins: Basic",
    );
}
