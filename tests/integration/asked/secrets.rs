//! Secrets of many kinds lie in the files that a script reads; none of them is in what it writes.

use std::{fs, os::unix::fs::symlink, path::Path, process::Command};

use regex::Regex;

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

/// Lines that go on in the next one behind a backslash, with a secret in both, and what is left of them.
const GOING_ON: &[(&str, &str)] = &[
    (
        "java -Dpassword=Hu5h\\\nQx9Zv7 -Da=1",
        "java -Dpassword=‹secret›\\\n‹secret›",
    ),
    (
        "db.password: \\\n    Hu5hQx9Zv7",
        "db.password: ‹secret›\\\n    ‹secret›",
    ),
    (
        "db.password=encrypted:Hu5h\\\n\tQx9\\\n\tZv7",
        "db.password=encrypted:‹secret›\\\n\t‹secret›\\\n\t‹secret›",
    ),
    (
        "DB_PWD=\"Hu5h \\\nQx9Zv7\"",
        "DB_PWD=\"‹secret›\\\n‹secret›",
    ),
];

/// Lines that end in a backslash, and do not go on, or not within a secret.
const ENDING: &[(&str, &str)] = &[
    // The backslash is quoted itself.
    (
        "db.password=Hu5h\\\\\nlamp.color=red",
        "db.password=‹secret›\nlamp.color=red",
    ),
    (
        "a.folder=C:\\x\\\nlamp.color=red",
        "a.folder=C:\\x\\\nlamp.color=red",
    ),
    (
        "java -password Hu5h \\\n -jar x.jar",
        "java -password ‹secret› \\\n -jar x.jar",
    ),
    // A folder of Windows, a line of a log, a mark of a command's and a tag are no rest of a secret.
    (
        "credential.store=C:\\x\\\nlamp.color=red",
        "credential.store=‹secret›\nlamp.color=red",
    ),
    (
        "fuse x blew password=Hu5h\\\n2026-11-20 10:00:01 fuse y blew",
        "fuse x blew password=‹secret›\\\n2026-11-20 10:00:01 fuse y blew",
    ),
    (
        "fuse x blew password=Hu5h\\\nINFO | jvm 1 | 2026/11/20 10:00:01 | fuse y blew",
        "fuse x blew password=‹secret›\\\nINFO | jvm 1 | 2026/11/20 10:00:01 | fuse y blew",
    ),
    (
        "password=Hu5h\\\n-- stderr --",
        "password=‹secret›\\\n-- stderr --",
    ),
    ("password=Hu5h\\\n</p>", "password=‹secret›\\\n</p>"),
    (
        "password=Hu5h\\\n\nlamp.color=red",
        "password=‹secret›\\\n\nlamp.color=red",
    ),
];

pub(super) fn going_on() -> impl Iterator<Item = (&'static str, &'static str)> {
    GOING_ON.iter().chain(ENDING).copied()
}

fn check_going_on(shell: &[&str], awk: Option<&Path>) {
    let home = home();
    let lamp = home.path().join("lamp");
    // An empty line ends what would go on, and each has its number.
    let all: Vec<(&str, &str)> = going_on().collect();
    let text: String = all
        .iter()
        .enumerate()
        .map(|(at, (line, _))| format!("fuse x blew {at}\n{line}\n\n"))
        .collect();
    fs::write(lamp.join("lamp.log"), text).expect("a file");
    let script = asked(home.path(), &["lamp", "--os", "linux"]);
    let folder = format!("dir={}", lamp.display());
    let (answer, _) = answered(shell, &script, &[&folder], awk);
    let written = fs::read_to_string(answer).expect("an answer");
    let token = Regex::new("‹secret-[0-9]+( base64)?›").expect("an expression");
    let written = token.replace_all(&written, "‹secret›");
    for (at, (line, expected)) in all.iter().enumerate() {
        let expected: String = format!("fuse x blew {at}\n{expected}\n")
            .lines()
            .map(|line| format!("| {line}\n"))
            .collect();
        assert!(
            written.contains(&expected),
            "{line} with {shell:?}, {awk:?}: {expected}\n{written}"
        );
    }
}

#[test]
fn none_goes_on_in_the_next_line() {
    check_going_on(&["sh"], None);
    for (shell, program) in [
        (&["bash"][..], &["mawk"][..]),
        (&["dash"], &["gawk"]),
        (&["busybox", "sh"], &["busybox", "awk"]),
    ] {
        match awk(program) {
            Some(awk) => check_going_on(shell, Some(awk.path())),
            None => left_out(&format!("no {program:?}")),
        }
    }
}

/// A file whose secret goes over several lines is read as it is.
#[test]
fn a_masked_file_with_such_a_value_is_judged_as_it_is() {
    let home = home();
    let home = home.path();
    for value in ["Hu5hQx9Zv7", "Hu5h\\\n  Qx9Zv7", "\\\n  Hu5h\\\n  Qx9Zv7"] {
        // The tree does not say that this one is secret.
        let others: String = (0..9).map(|at| format!("lamp.a{at}={at}\n")).collect();
        let text = format!("lamp.api_key={value}\nplug=left.plug\n{others}");
        fs::write(home.join("lamp/lamp.properties"), text).expect("a file");
        let script = asked(home, &["lamp", "--os", "linux"]);
        let folder = format!("dir={}", home.join("lamp").display());
        let (answer, _) = answered(&["sh"], &script, &[&folder], None);
        let written = fs::read_to_string(&answer).expect("an answer");
        assert!(!written.contains("Qx9Zv7"), "{value}: {written}");
        let answer = answer.display().to_string();
        let open = ["--trees", "trees", "--trust", "open", &answer, "--plain"];
        let opened = super::run(home, &open, "f\nq\n");
        let (out, error) = (super::text(&opened.stdout), super::text(&opened.stderr));
        assert!(
            error.contains("2 of 2 looks were read."),
            "{value}: {error}"
        );
        // What the file says leads on.
        assert!(out.contains("Is the plug there?"), "{value}: {out}");
    }
}
