//! A case's journal, as a stranger may have written it.
//!
//! Holds: what is passed over, behind the last break or from a broken line on, changes nothing but that it is told.

#![no_main]

use libfuzzer_sys::fuzz_target;
use waypost::case::Journal;

fuzz_target!(|bytes: &[u8]| {
    let Ok(journal) = Journal::read(bytes) else {
        return;
    };
    let whole = journal.torn.map_or(bytes.len(), |torn| torn.at);
    let again = Journal::read(&bytes[..whole]).expect("what is whole can be read alone");
    assert!(again.torn.is_none());
    assert_eq!(again.entries, journal.entries);
    assert_eq!(again.head, journal.head);
});
