//! What stands in a log's place, and logs that are too large or too many.

use std::{
    fs::{self, File},
    io::Write,
    os::unix::{fs::symlink, net::UnixListener},
    process::Command,
};

use flate2::{Compression, write::GzEncoder};

use super::Bad;

#[test]
fn what_is_no_file_is_named() {
    let bad = Bad::new();
    fs::create_dir(bad.at("folder.log")).expect("a folder can be made");
    let made = Command::new("mkfifo").arg(bad.at("pipe.log")).status();
    assert!(made.is_ok_and(|status| status.success()));
    let _socket = UnixListener::bind(bad.at("socket.log")).expect("a socket can be made");
    symlink("/dev/zero", bad.at("device.log")).expect("a link can be made");
    symlink("self.log", bad.at("self.log")).expect("a link can be made");
    symlink("nothing", bad.at("dangling.log")).expect("a link can be made");
    for (file, kind) in [
        ("folder.log", "a folder, not a regular file"),
        ("folder.lo?", "a folder, not a regular file"),
        ("pipe.log", "a named pipe, not a regular file"),
        ("socket.log", "a socket, not a regular file"),
        ("device.log", "a device, not a regular file"),
    ] {
        let path = file.replace('?', "g");
        bad.check(
            "log",
            file,
            &format!("outcome: unknown: DIR/{path}: {kind}"),
        );
    }
    for file in ["self.log", "sel*"] {
        bad.check(
            "log",
            file,
            "outcome: unknown: DIR/self.log: Too many levels of symbolic links (os error 40)",
        );
    }
    bad.check("log", "dangling.log", "outcome: missing");
    // Nobody named the folder, and there is no file.
    fs::create_dir(bad.at("logs")).expect("a folder can be made");
    fs::create_dir(bad.at("logs/old")).expect("a folder can be made");
    bad.check("log", "logs/*", "outcome: missing");
}

#[test]
fn a_circle_of_folders_ends() {
    let bad = Bad::new();
    bad.write("logs/a.log", "no such word\n");
    for name in ["b", "c", "d", "e", "f", "g"] {
        symlink(".", bad.at(&format!("logs/{name}"))).expect("a link can be made");
    }
    bad.check("log", "logs/**/a.log", "outcome: none");
    bad.check("log", "logs/*/*/a.log", "outcome: none");
    let found = bad.look("log", "logs/*/*/*/*/*/*/*/*/x.log", 20);
    let end = found.text.lines().last().unwrap_or_default();
    assert!(
        end.starts_with("outcome: unknown: ")
            && end.contains(": too many entries to look through, the rest was left out"),
        "{}",
        found.text
    );
}

#[test]
fn of_a_hundred_thousand_logs_the_newest_are_read() {
    let bad = Bad::new();
    fs::create_dir(bad.at("logs")).expect("a folder can be made");
    for number in 0..100_000 {
        File::create(bad.at(&format!("logs/a.log.{number}"))).expect("there is room");
    }
    bad.check(
        "log",
        "logs/a.log.*",
        "outcome: unknown: DIR/logs/a.log.*: 100000 files fit, all but the newest 1000 were left out",
    );
    bad.write("logs/a.log.5", "the needle\n");
    bad.check("log", "logs/a.log.*", "outcome: hit");
}

/// A line of 2 GB: NULs, of which a sparse file is made.
#[test]
fn an_endless_line_is_cut_or_out_of_time() {
    let bad = Bad::new();
    bad.sparse("a.log", 2 << 30);
    let found = bad.look("log", "a.log", 3);
    let end = found.text.lines().last().unwrap_or_default();
    assert!(
        end.ends_with("a.log: line 1 is longer than 1 MiB and was cut")
            || end.ends_with("the look took longer than its 3 s")
            || end.ends_with("a.log: not read to its end in time"),
        "{}",
        found.text
    );
}

#[test]
fn a_small_archive_of_much_is_cut_or_out_of_time() {
    let bad = Bad::new();
    // Two archives behind each other are one; so that a bomb of 5 GiB is made in no time.
    let mut member = GzEncoder::new(Vec::new(), Compression::best());
    member
        .write_all(&vec![b'-'; 8 << 20])
        .expect("memory takes it");
    let member = member.finish().expect("memory takes it");
    bad.write("a.log.gz", member.repeat(640));
    let found = bad.look("log", "a.log.gz", 3);
    let end = found.text.lines().last().unwrap_or_default();
    assert!(
        end.contains("a.log.gz: not read to its end: the bound is 4 GiB for all files")
            || end.ends_with("the look took longer than its 3 s")
            || end.ends_with("a.log.gz: not read to its end in time"),
        "{}",
        found.text
    );
}

/// The kernel's files have content and no size.
#[test]
fn a_file_that_says_it_is_empty_is_read() {
    let bad = Bad::new();
    symlink("/proc/self/status", bad.at("status.log")).expect("a link can be made");
    let size = fs::metadata(bad.at("status.log")).expect("it is there");
    assert_eq!(size.len(), 0);
    let found = bad.look("log", "status.log", 20);
    assert!(found.text.contains("Name:"), "{}", found.text);
    assert!(found.text.ends_with("outcome: none\n"), "{}", found.text);
}
