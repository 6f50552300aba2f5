//! Tests of missing rights: root has them all, so that for root such a test runs again as nobody.

use std::{os::unix::process::CommandExt, process::Command};

use rustix::process::geteuid;

/// Whether this is root; the test of this name, its modules before it, was then run as nobody and passed.
pub fn ran_as_nobody(test: &str) -> bool {
    if !geteuid().is_root() {
        return false;
    }
    let run = Command::new(std::env::current_exe().expect("the test runs"))
        .args(["--exact", test, "--nocapture"])
        .current_dir("/")
        .env("TMPDIR", "/tmp")
        .gid(65534)
        .uid(65534)
        .output();
    match run {
        Ok(output) => assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        ),
        Err(error) => eprintln!("left out, nobody cannot run the test: {error}"),
    }
    true
}
