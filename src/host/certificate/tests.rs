//! Certificates made here, and bytes that are none.

use proptest::prelude::*;
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, CrlDistributionPoint, CustomExtension,
    DnType, IsCa, KeyPair, SerialNumber, date_time_ymd,
};

use super::*;

/// *Authority information access* with one place of each sort, and a policy (RFC 5280, 4.2.2.1 and 4.2.1.4).
fn extensions() -> Vec<CustomExtension> {
    let der = |tag: u8, content: &[u8]| {
        [
            &[tag, u8::try_from(content.len()).expect("it is short")],
            content,
        ]
        .concat()
    };
    let place = |method: u8, url: &str| {
        let method = der(6, &[0x2b, 6, 1, 5, 5, 7, 0x30, method]);
        der(0x30, &[method, der(0x86, url.as_bytes())].concat())
    };
    let places = [
        place(1, "http://ocsp.example/"),
        place(2, "http://ca.example/ca.cer"),
    ]
    .concat();
    // 2.23.140.1.2.2
    let policy = der(0x30, &der(6, &[0x67, 0x81, 0x0c, 1, 2, 2]));
    vec![
        CustomExtension::from_oid_content(&[1, 3, 6, 1, 5, 5, 7, 1, 1], der(0x30, &places)),
        CustomExtension::from_oid_content(&[2, 5, 29, 32], der(0x30, &policy)),
    ]
}

fn made() -> (Vec<u8>, Vec<u8>) {
    let mut params = CertificateParams::default();
    params
        .distinguished_name
        .push(DnType::CommonName, "Made-up, authority");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().expect("a key is made");
    let issuer = CertifiedIssuer::self_signed(params, key).expect("the authority is made");
    let names = ["a.example", "*.b.example", "192.0.2.1", "2001:db8::1"];
    let mut params = CertificateParams::new(names.map(str::to_owned)).expect("they are names");
    params.distinguished_name.push(DnType::CountryName, "SE");
    params
        .distinguished_name
        .push(DnType::OrganizationName, "Bücher + Co");
    params.not_before = date_time_ymd(2026, 1, 2);
    params.not_after = date_time_ymd(9999, 12, 31);
    params.serial_number = Some(SerialNumber::from_slice(&[1, 0xab]));
    params.custom_extensions = extensions();
    params.crl_distribution_points = vec![CrlDistributionPoint {
        uris: vec![
            "http://crl.example/a.crl".to_owned(),
            "ldap:///CN=x".to_owned(),
        ],
    }];
    let key = KeyPair::generate().expect("a key is made");
    let own = params.signed_by(&key, &issuer).expect("it is signed");
    (own.der().to_vec(), issuer.der().to_vec())
}

#[test]
fn a_certificate_in_words() {
    let (own, issuer) = made();
    let read = Certificate::read(&own).expect("it is one");
    assert_eq!(
        read,
        Certificate {
            subject: r"CN=rcgen self signed cert, C=SE, O=Bücher \+ Co".to_owned(),
            issuer: r"CN=Made-up\, authority".to_owned(),
            not_before: "2026-01-02T00:00:00Z".parse().expect("a time"),
            // The last day that there is here.
            not_after: Timestamp::MAX,
            names: ["a.example", "*.b.example", "192.0.2.1", "2001:db8::1"]
                .map(str::to_owned)
                .to_vec(),
            serial: "01ab".to_owned(),
            sha256: read.sha256.clone(),
            authority: false,
            self_issued: false,
            policies: vec!["2.23.140.1.2.2".to_owned()],
            issuer_at: vec!["http://ca.example/ca.cer".to_owned()],
            ocsp: vec!["http://ocsp.example/".to_owned()],
            crl: vec![
                "http://crl.example/a.crl".to_owned(),
                "ldap:///CN=x".to_owned()
            ],
        }
    );
    let issuer = Certificate::read(&issuer).expect("it is one");
    assert!(issuer.authority && issuer.self_issued);
    // As `openssl x509 -noout -fingerprint -sha256` tells it of this file.
    let known =
        Certificate::read(include_bytes!("../../../tests/key-stores/ca.der")).expect("it is one");
    assert_eq!(
        known.sha256,
        "0508bb91eb960e167bf0bb555d576762445083dba307e86f225a076bc29601a4"
    );
}

#[test]
fn what_is_none_is_told() {
    let (own, _) = made();
    let check =
        |bytes: &[u8], expected: &str| assert_eq!(Certificate::read(bytes).unwrap_err(), expected);
    check(b"", "not a certificate in DER form");
    check(&own[..own.len() - 1], "not a certificate in DER form");
    check(&[&own[..], b"xy"].concat(), "2 bytes stand behind it");
    check(&vec![0x30; (256 << 10) + 1], "larger than 256 KiB");
}

proptest! {
    #[test]
    fn whatever_the_bytes_are_nothing_panics(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        let _ = Certificate::read(&bytes);
        let _ = Certificate::read(&[&[0x30, 0x82, 1, 0][..], &bytes].concat());
    }

    #[test]
    fn a_certificate_with_other_bytes_in_it_does_not_panic(
        places in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        thread_local!(static OWN: Vec<u8> = made().0);
        let mut bytes = OWN.with(Clone::clone);
        for (place, byte) in places {
            let at = place.index(bytes.len());
            bytes[at] = byte;
        }
        let _ = Certificate::read(&bytes);
    }
}
