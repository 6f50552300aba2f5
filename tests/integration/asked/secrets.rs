//! Secrets of many kinds lie in the files that a script reads; none of them is in what it writes.

use std::{fs, os::unix::fs::symlink, path::Path, process::Command};

use super::{answered, asked, home};
use crate::support::{PLACES, left_out, secret};

fn planted() -> String {
    let lines: Vec<String> = PLACES
        .iter()
        .enumerate()
        .map(|(at, place)| {
            format!(
                "2026-11-20 10:00:{at:02} fuse x blew {}",
                place.replace("SECRET", &secret(at))
            )
        })
        .collect();
    lines.join("\n") + "\n"
}

/// A folder where `awk` is this program; `None` where the machine has none.
fn awk(program: &[&str]) -> Option<tempfile::TempDir> {
    let found = Command::new("sh")
        .args(["-c", &format!("command -v {}", program[0])])
        .output()
        .ok()
        .filter(|output| output.status.success())?;
    let path = String::from_utf8(found.stdout).ok()?;
    let folder = tempfile::tempdir().ok()?;
    let awk = folder.path().join("awk");
    // One of many programs sees from its name which it is.
    symlink(path.trim(), awk).ok()?;
    Some(folder)
}

fn check(shell: &[&str], awk: Option<&Path>) {
    let home = home();
    let lamp = home.path().join("lamp");
    fs::write(lamp.join("lamp.log"), planted()).expect("a file");
    let script = asked(home.path(), &["lamp", "--os", "linux"]);
    let folder = format!("dir={}", lamp.display());
    let (answer, said) = answered(shell, &script, &[&folder], awk);
    let written = fs::read_to_string(answer).expect("an answer");
    assert!(written.contains("fuse x blew"), "{said}\n{written}");
    assert_eq!(
        written.matches("| 2026-11-20 10:00:33").count(),
        2,
        "every line is there: {written}"
    );
    for (at, place) in PLACES.iter().enumerate() {
        let secret = secret(at);
        let leak = written.lines().find(|line| line.contains(&secret));
        assert_eq!(leak, None, "{place} with {shell:?}, {awk:?}");
    }
    // The same secret, the same token, in another file's form too.
    let token = |line: &str| {
        let line = written
            .lines()
            .find(|found| found.contains(line))
            .expect("the line");
        let start = line.find('‹').expect("a token");
        line[start..]
            .split_inclusive('›')
            .next()
            .expect("its end")
            .to_owned()
    };
    assert!(token("blew password=").starts_with("‹secret-"), "{written}");
    assert_ne!(token("blew password="), token("blew db.passwd"));
}

/// A secret that makes XML unreadable is masked, and the line is as unreadable as it was.
#[test]
fn what_is_broken_stays_broken() {
    let home = home();
    let lamp = home.path().join("lamp");
    let line = |value: &str| format!("2026-11-20 10:00:00 fuse x blew <p apiToken=\"{value}\"/>\n");
    let sound = ["Hu5h&amp;Qx9Zv", "Hu5h&#38;Qx9Zv", "Hu5hQx9Zv"];
    let broken = ["Hu5h&Qx9Zw", "Hu5hQx9Zw&", "Hu5h<Qx9Zw"];
    let text: String = sound
        .iter()
        .chain(&broken)
        .map(|value| line(value))
        .collect();
    fs::write(lamp.join("lamp.log"), text).expect("a file");
    let script = asked(home.path(), &["lamp", "--os", "linux"]);
    let folder = format!("dir={}", lamp.display());
    let (answer, _) = answered(&["sh"], &script, &[&folder], None);
    let written = fs::read_to_string(answer).expect("an answer");
    assert!(!written.contains("Qx9Z"), "{written}");
    let count = |broken: bool| {
        let lines = written
            .lines()
            .filter(|line| line.contains("fuse x blew <p"));
        lines.filter(|line| line.contains(" & ") == broken).count()
    };
    // Twice each: among the hits, and at the end of the file.
    assert_eq!((count(false), count(true)), (6, 6), "{written}");
}

#[test]
fn none_is_written() {
    check(&["sh"], None);
}

#[test]
fn none_is_written_by_other_shells_and_awks() {
    for (shell, program) in [
        (&["bash"][..], &["mawk"][..]),
        (&["dash"], &["gawk"]),
        (&["busybox", "sh"], &["busybox", "awk"]),
    ] {
        let Some(awk) = awk(program) else {
            left_out(&format!("no {program:?}"));
            continue;
        };
        check(shell, Some(awk.path()));
    }
}
