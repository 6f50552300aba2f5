//! What somebody sent: the archive inside of a bundle, packed here, since no made-up bytes would unpack.
//!
//! Holds: it is read or refused; what is read can be written, and is the same again; its machine can be opened or says why not.

#![no_main]

use std::io::Write;

use flate2::{Compression, write::GzEncoder};
use libfuzzer_sys::fuzz_target;
use waypost::case::bundle::Bundle;

fuzz_target!(|archive: &[u8]| {
    // As it came, too: nearly nothing of that is packed.
    let _ = Bundle::read(archive);
    let mut packed = GzEncoder::new(Vec::new(), Compression::none());
    packed.write_all(archive).expect("memory takes it");
    let packed = packed.finish().expect("memory takes it");
    let Ok(bundle) = Bundle::read(packed.as_slice()) else {
        return;
    };
    let written = bundle.write(Vec::new()).expect("memory takes it");
    let again = Bundle::read(written.as_slice()).expect("it was written here");
    assert_eq!(again, bundle);
    let _ = bundle.host();
});
