//! What is wrong with certificates: whom nobody trusts, dates and names.

use super::*;

#[test]
fn why_nobody_trusts_a_chain() {
    #[track_caller]
    fn check(chain: &[Certificate], issue: &str, why: &str) {
        let judged = of_shown(Shown {
            trust: untrusted(Distrust::UnknownIssuer),
            ..shown(chain)
        });
        assert_eq!(end(&judged), "untrusted");
        assert_eq!(fact(&judged, "issue"), format!("{issue:?}"));
        assert_eq!(fact(&judged, "why"), format!("{why:?}"));
        assert_eq!(fact(&judged, "detail"), "\"invalid peer certificate: …\"");
        assert_eq!(evidence(&judged), format!("a.example:443: {why}"));
    }
    let own = certificate("a.example", "Between");
    let between = certificate("Between", "Root");
    let root = certificate("Root", "Root");
    let told = Certificate {
        issuer_at: vec!["http://ca.example/between.cer".to_owned()],
        ..own.clone()
    };
    let by_rules = Certificate {
        policies: vec!["2.23.140.1.2.1".to_owned()],
        ..own.clone()
    };
    check(
        &[certificate("a.example", "a.example")],
        "self-signed",
        "`CN=a.example` signed itself, and is not trusted",
    );
    check(
        std::slice::from_ref(&own),
        "unknown-issuer",
        "`CN=Between`, who issued `CN=a.example`, is not trusted",
    );
    let missing =
        "the server does not send the certificate of `CN=Between`, who issued `CN=a.example`";
    check(&[told], "missing-intermediate", missing);
    check(&[by_rules], "missing-intermediate", missing);
    check(
        &[own.clone(), root.clone()],
        "missing-intermediate",
        missing,
    );
    check(
        &[own.clone(), between.clone()],
        "unknown-issuer",
        "`CN=Root`, who issued `CN=Between`, is not trusted",
    );
    let led = "the chain leads to `CN=Root`, who is not trusted";
    check(
        &[own.clone(), between.clone(), root.clone()],
        "unknown-issuer",
        led,
    );
    check(&[own.clone(), root, between], "unknown-issuer", led);
    check(
        &[],
        "unknown-issuer",
        "the chain leads to nobody who is trusted",
    );
    // Two that issued each other.
    check(
        &[
            own,
            certificate("Between", "Other"),
            certificate("Other", "Between"),
        ],
        "unknown-issuer",
        "`CN=Between`, who issued `CN=Other`, is not trusted",
    );
}

#[test]
fn other_reasons_not_to_trust_a_chain() {
    let check = |why, issue: &str| {
        let judged = of_shown(Shown {
            trust: untrusted(why),
            unreadable: Some("certificate 2: not a certificate in DER form".to_owned()),
            ..shown(&[certificate("a.example", "Authority")])
        });
        assert_eq!(end(&judged), "untrusted");
        assert_eq!(fact(&judged, "issue"), format!("{issue:?}"));
    };
    check(Distrust::BadSignature, "bad-signature");
    check(Distrust::NotAllowed, "not-allowed");
    check(Distrust::Revoked, "revoked");
    check(Distrust::Malformed, "malformed");
    check(Distrust::Rejected, "rejected");
}

#[test]
fn out_of_date_is_told_with_the_certificate() {
    #[track_caller]
    fn check(shown: Shown, end_expected: &str, issues: &str, why: &str) {
        let judged = of_shown(shown);
        assert_eq!(end(&judged), end_expected);
        assert_eq!(fact(&judged, "issues"), issues);
        assert_eq!(fact(&judged, "why"), why);
    }
    let own = certificate("a.example", "Between");
    let dated = |one: &Certificate, from: &str, to: &str| Certificate {
        not_before: time(from),
        not_after: time(to),
        ..one.clone()
    };
    let old = dated(&own, "2025-01-01T00:00:00Z", "2026-11-20T11:59:59Z");
    let young = dated(&own, "2026-11-20T12:00:01Z", "2027-01-01T00:00:00Z");
    let old_between = dated(
        &certificate("Between", "Root"),
        "2020-01-01T00:00:00Z",
        "2026-01-01T00:00:00Z",
    );
    let expired = "\"`CN=a.example` expired on 2026-11-20T11:59:59Z\"";
    let words = Some("certificate expired".to_owned());
    let out = |chain: &[Certificate]| Shown {
        out_of_date: words.clone(),
        ..shown(chain)
    };
    check(
        out(std::slice::from_ref(&old)),
        "expired",
        r#"["expired"]"#,
        expired,
    );
    // The machine's clock alone says so: a recording may hold no word of the verifier's.
    check(
        shown(std::slice::from_ref(&old)),
        "expired",
        r#"["expired"]"#,
        expired,
    );
    check(
        out(&[young]),
        "expired",
        r#"["not-yet-valid"]"#,
        "\"`CN=a.example` is not valid before 2026-11-20T12:00:01Z\"",
    );
    check(
        out(&[own.clone(), old_between.clone()]),
        "expired",
        r#"["expired"]"#,
        "\"`CN=Between` expired on 2026-01-01T00:00:00Z\"",
    );
    // There is another way to somebody who is trusted.
    check(
        shown(&[own.clone(), old_between.clone()]),
        "trusted",
        "[]",
        "-",
    );
    // Whoever signed itself is trusted whatever its dates.
    let old_root = Certificate {
        authority: true,
        ..dated(
            &certificate("Between", "Between"),
            "2000-01-01T00:00:00Z",
            "2001-01-01T00:00:00Z",
        )
    };
    check(
        out(&[own, old_root]),
        "expired",
        r#"["expired"]"#,
        "\"a certificate of the chain is out of date\"",
    );
    // Worse than the date is that nobody trusts it.
    let nobody = Shown {
        trust: untrusted(Distrust::UnknownIssuer),
        wrong_name: Some("not valid for name".to_owned()),
        ..shown(&[old])
    };
    check(
        nobody,
        "untrusted",
        r#"["unknown-issuer","expired","wrong-name"]"#,
        "\"`CN=Between`, who issued `CN=a.example`, is not trusted\"",
    );
}

#[test]
fn a_certificate_is_for_its_names() {
    #[track_caller]
    fn check(names: &[&str], why: &str) {
        let own = Certificate {
            names: names.iter().map(|name| (*name).to_owned()).collect(),
            ..certificate("a.example", "Authority")
        };
        let judged = of_shown(Shown {
            wrong_name: Some("not valid for name".to_owned()),
            ..shown(&[own])
        });
        assert_eq!(end(&judged), "name-mismatch");
        assert_eq!(fact(&judged, "issue"), "\"wrong-name\"");
        assert_eq!(fact(&judged, "why"), format!("{why:?}"));
    }
    check(
        &["b.example", "*.c.example"],
        "the certificate is for b.example, *.c.example, not for a.example",
    );
    check(&[], "the certificate names no host, and so not a.example");
    check(
        &["1", "2", "3", "4", "5", "6", "7", "8", "9", "10"],
        "the certificate is for 1, 2, 3, 4, 5, 6, 7, 8 and 2 more, not for a.example",
    );
}
