//! Key stores as Java and OpenSSL write them, and what is none.

use proptest::prelude::*;

use super::*;

macro_rules! store {
    ($name:literal) => {
        include_bytes!(concat!("../../../tests/key-stores/", $name))
    };
}

const CA: &[u8] = store!("ca.der");
/// Every form in which the authority is trusted.
const ALL: &[&[u8]] = &[
    store!("ca.pem"),
    store!("ca.der"),
    store!("trusted.jks"),
    store!("trusted.jceks"),
    store!("aes.p12"),
    store!("rc2.p12"),
    store!("des.p12"),
    store!("plain.p12"),
];

#[track_caller]
fn fails(bytes: &[u8], expected: &str) {
    let error = trusted(bytes).expect_err("nobody is trusted by it");
    assert_eq!(error.to_string(), expected);
}

#[test]
fn who_is_trusted_is_read_from_every_form() {
    for (at, bytes) in ALL.iter().enumerate() {
        assert_eq!(trusted(bytes), Ok(vec![CA.to_vec()]), "{at}");
    }
}

#[test]
fn a_private_keys_own_certificate_counts() {
    for bytes in [&store!("key.p12")[..], store!("key.jks")] {
        let found = trusted(bytes).expect("it has one");
        let certificate = crate::host::Certificate::read(&found[0]).expect("it is one");
        assert_eq!(
            (found.len(), certificate.subject.as_str()),
            (1, "CN=server")
        );
    }
}

#[test]
fn why_nobody_is_trusted_is_told() {
    fails(b"", "neither PEM nor PKCS#12 nor a Java key store");
    fails(b"hello", "neither PEM nor PKCS#12 nor a Java key store");
    fails(
        &[0x30, 3, 2, 1, 3],
        "neither PEM nor PKCS#12 nor a Java key store",
    );
    fails(&vec![b' '; LARGEST + 1], "larger than 16 MiB");
    fails(
        store!("other-password.p12"),
        "PKCS#12: the password is neither `changeit` nor empty",
    );
    let unmarked =
        "PKCS#12: no certificate in it is marked as trusted, so that Java trusts nobody by it";
    fails(store!("unmarked.p12"), unmarked);
    fails(store!("unmarked-plain.p12"), unmarked);
    fails(
        store!("secret.jceks"),
        "Java key store: it holds a secret key, which cannot be read here",
    );
    let jks = store!("trusted.jks");
    fails(&jks[..jks.len() - 1], "Java key store: it breaks off");
    fails(&jks[..40], "Java key store: it breaks off");
    fails(
        &[&jks[..], b"x"].concat(),
        "Java key store: something stands behind its end",
    );
    let third = [&jks[..4], &[0, 0, 0, 3], &jks[8..]].concat();
    fails(
        &third,
        "Java key store: it is of version 3, which cannot be read here",
    );
    let empty = [&jks[..8], &[0; 4], &[0; 20]].concat();
    fails(&empty, "Java key store: no certificate in it");
    let p12 = store!("plain.p12");
    fails(
        &p12[..p12.len() - 1],
        "neither PEM nor PKCS#12 nor a Java key store",
    );
}

#[test]
fn pem_is_read_among_other_text() {
    let ca = std::str::from_utf8(store!("ca.pem")).expect("PEM is text");
    let check = |text: String, expected: usize| {
        assert_eq!(
            trusted(text.as_bytes()),
            Ok(vec![CA.to_vec(); expected]),
            "{text}"
        );
    };
    check(format!("# of ours\n{ca}\nand again\n{ca}"), 2);
    check(ca.replace('\n', "\r\n"), 1);
    check(ca.replace("CERTIFICATE", "X509 CERTIFICATE"), 1);
    check(
        format!("-----BEGIN PRIVATE KEY-----\nno base64\n-----END PRIVATE KEY-----\n{ca}"),
        1,
    );
    // What OpenSSL adds to say what it trusts one for.
    let added = data_encoding::BASE64.encode(&[CA, &[0x30, 0]].concat());
    check(
        format!("-----BEGIN TRUSTED CERTIFICATE-----\n{added}\n-----END TRUSTED CERTIFICATE-----"),
        1,
    );
    let start = &ca[..ca.len() - 30];
    fails(start.as_bytes(), "PEM: a block has no end");
    fails(
        b"-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----",
        "PEM: a certificate is not in base64",
    );
    fails(
        b"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
        "PEM: it breaks off",
    );
    fails(
        b"-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----",
        "PEM: no certificate in it",
    );
}

/// One value in DER.
fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len())
        .expect("it is short")
        .to_be_bytes();
    [&[tag, 0x84], &length[..], content].concat()
}

/// A store whose only part holds these bags.
fn with_bags(bags: &[u8]) -> Vec<u8> {
    let data = |bytes: &[u8]| {
        let sort = der(
            der::OID,
            &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01],
        );
        let octets = der(der::INSIDE_0, &der(der::OCTETS, bytes));
        der(der::SEQUENCE, &[sort, octets].concat())
    };
    let parts = der(der::SEQUENCE, &data(bags));
    der(
        der::SEQUENCE,
        &[der(der::INTEGER, &[3]), data(&parts)].concat(),
    )
}

#[test]
fn bags_in_bags_have_a_bottom() {
    let nested = |depth: usize| {
        let oid = der(
            der::OID,
            &[
                0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x0a, 0x01, 0x06,
            ],
        );
        (0..depth).fold(der(der::SEQUENCE, &[]), |inner, _| {
            let bag = [oid.clone(), der(der::INSIDE_0, &inner)].concat();
            der(der::SEQUENCE, &der(der::SEQUENCE, &bag))
        })
    };
    fails(&with_bags(&nested(4)), "PKCS#12: no certificate in it");
    for depth in [5, 1_000] {
        fails(
            &with_bags(&nested(depth)),
            "PKCS#12: its bags stand too deep in each other",
        );
    }
}

#[test]
fn rounds_without_an_end_are_not_gone() {
    let aes = store!("aes.p12");
    // 10,000 rounds, as a number of two bytes; 65,536 times as many have one of four.
    let at = aes
        .windows(4)
        .position(|bytes| bytes == [2, 2, 0x27, 0x10])
        .expect("they stand there");
    let mut many = aes.to_vec();
    many[at..at + 4].copy_from_slice(&[2, 2, 0x7f, 0xff]);
    // Other rounds are another key.
    fails(
        &many,
        "PKCS#12: the password is neither `changeit` nor empty",
    );
    let params = |rounds: &[u8]| {
        let algorithm = der(
            der::OID,
            &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x01, 0x06],
        );
        let params = [der(der::OCTETS, b"salt"), der(der::INTEGER, rounds)].concat();
        [algorithm, der(der::SEQUENCE, &params)].concat()
    };
    let read = |rounds: &[u8]| {
        pbe::Scheme::read(der::Row(&params(rounds)))
            .map(|_| ())
            .map_err(|error| error.to_string())
    };
    assert_eq!(read(&[0x0f, 0x42, 0x40]), Ok(()));
    assert_eq!(
        read(&[0x0f, 0x42, 0x41]),
        Err("PKCS#12: its password is stirred for more than 1000000 rounds, which cannot be read here".to_owned())
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn whatever_the_bytes_are_nothing_panics(
        start in prop::sample::select(vec![
            &b"\xfe\xed\xfe\xed\0\0\0\x02"[..], b"\xce\xce\xce\xce", b"\x30\x82", b"-----BEGIN CERTIFICATE-----\n", b"",
        ]),
        rest in prop::collection::vec(any::<u8>(), 0..400),
    ) {
        let _ = trusted(&[start, &rest].concat());
    }

    /// Stores without encryption alone: stirring a password takes its time.
    #[test]
    fn a_store_with_other_bytes_in_it_does_not_panic(
        which in prop::sample::select(vec![0, 1, 2, 3, 7]),
        places in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let mut bytes = ALL[which].to_vec();
        for (place, byte) in places {
            let at = place.index(bytes.len());
            bytes[at] = byte;
        }
        let _ = trusted(&bytes);
    }
}
