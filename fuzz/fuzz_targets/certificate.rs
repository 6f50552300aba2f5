//! The bytes of a certificate in DER form.
//!
//! Holds: what is kept of it is bounded by its size, and its fingerprint is one.

#![no_main]

use libfuzzer_sys::fuzz_target;
use waypost::host::Certificate;

/// What a byte may become in words: an octet of a name or of a number is at most an escape of a few characters.
const WORDS: usize = 16;

fuzz_target!(|bytes: &[u8]| {
    let Ok(certificate) = Certificate::read(bytes) else {
        return;
    };
    assert_eq!(certificate.sha256.len(), 64);
    let lists = [
        &certificate.names,
        &certificate.policies,
        &certificate.issuer_at,
        &certificate.ocsp,
        &certificate.crl,
    ];
    let texts = [
        &certificate.subject,
        &certificate.issuer,
        &certificate.serial,
    ];
    let kept: usize = texts
        .into_iter()
        .chain(lists.into_iter().flatten())
        .map(String::len)
        .sum();
    assert!(
        kept <= WORDS * bytes.len(),
        "{kept} bytes of {}",
        bytes.len()
    );
    assert_eq!(
        Certificate::read(bytes),
        Ok(certificate),
        "reading twice says two things"
    );
});
