//! Files whose names were not made for a terminal, or for UTF-8.

use std::{ffi::OsStr, fs, os::unix::ffi::OsStrExt};

use super::Bad;

#[test]
fn a_name_cannot_speak_for_the_program() {
    let bad = Bad::new();
    bad.write("a\noutcome: none\n\u{1b}[2J.log", "needle\n");
    let found = bad.look("log", "a*.log", 20);
    assert!(found.text.ends_with("\noutcome: hit\n"), "{}", found.text);
    let forged = found.text.lines().filter(|line| *line == "outcome: none");
    assert_eq!(forged.count(), 0, "{}", found.text);
    assert!(!found.text.contains('\u{1b}'), "{:?}", found.text);

    fs::create_dir(bad.at("b\noutcome: none\n.log")).expect("a folder can be made");
    bad.check(
        "log",
        "b*.log",
        "outcome: unknown: DIR/b␊outcome: none␊.log: a folder, not a regular file",
    );
}

#[test]
fn a_name_that_is_no_utf8_is_there_and_not_read() {
    let bad = Bad::new();
    let raw = |name: &[u8]| bad.path().join(OsStr::from_bytes(name));
    fs::write(raw(b"caf\xe9.log"), "needle\n").expect("the disk takes any name");
    let why =
        "outcome: unknown: DIR/caf\u{fffd}.log: its name is not UTF-8, it cannot be opened by it";
    bad.check("log", "*.log", why);
    bad.check("log", "other*.log", "outcome: missing");
    bad.write("b.log", "nothing\n");
    bad.check("log", "*.log", why);
    fs::create_dir(raw(b"\xff")).expect("the disk takes any name");
    bad.write("c.txt", "nothing\n");
    bad.check(
        "log",
        "**/c.txt",
        "outcome: unknown: DIR/\u{fffd}: its name is not UTF-8, it cannot be opened by it",
    );
}
