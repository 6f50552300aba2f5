//! The bytes of a trust store: PEM, PKCS#12, or Java's own.
//!
//! Holds: a store that trusts nobody is an error; the certificates take no more room than the store.

#![no_main]

use libfuzzer_sys::fuzz_target;
use waypost::host::key_store::trusted;

fuzz_target!(|bytes: &[u8]| {
    let Ok(certificates) = trusted(bytes) else {
        return;
    };
    assert!(!certificates.is_empty(), "trusts nobody");
    let size: usize = certificates.iter().map(Vec::len).sum();
    assert!(size <= bytes.len(), "{size} bytes out of {}", bytes.len());
});
