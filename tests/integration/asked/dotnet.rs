//! The masks of the script for Windows, in .NET's own regular expressions (Mono's). The script itself runs nowhere here.

use std::{
    fs,
    io::Write,
    path::Path,
    process::{Command, Stdio},
};

use regex::Regex;

use super::{answered, asked, home, secrets::going_on};
use crate::support::{PLACES, left_out, secret};

/// What stands between the lines of a tag while they are masked as one, in both shells.
const BETWEEN: &str = " \u{1} ";

/// The script for Windows that asks for everything of the tree, without its byte-order mark.
fn script(home: &Path) -> String {
    let ask = [
        "--trees", "trees", "--trust", "ask", "lamp", "--os", "windows",
    ];
    let windows = super::text(&super::run(home, &ask, "").stdout);
    windows.trim_start_matches('\u{feff}').to_owned()
}

/// The lines, masked with the table of the script.
fn masked(script: &str, lines: &[String]) -> Option<Vec<String>> {
    let folder = tempfile::tempdir().expect("a folder");
    let program = folder.path().join("masks.exe");
    let source = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/integration/asked/dotnet/Masks.cs"
    );
    let built = Command::new("mcs")
        .arg(format!("-out:{}", program.display()))
        .arg(source)
        .output();
    let Ok(built) = built else {
        left_out("no mcs");
        return None;
    };
    assert!(built.status.success(), "{built:?}");
    let table = folder.path().join("ask.ps1");
    fs::write(&table, script).expect("a file");
    let mut child = Command::new("mono")
        .arg(&program)
        .arg(&table)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("mono runs");
    let mut stdin = child.stdin.take().expect("standard input");
    let text = lines.join("\n") + "\n";
    // Both ends are used at once, or both would wait.
    let writer = std::thread::spawn(move || stdin.write_all(text.as_bytes()));
    let output = child.wait_with_output().expect("it ends");
    writer.join().expect("no panic").expect("it is read");
    assert!(output.status.success(), "{output:?}");
    let out = String::from_utf8(output.stdout).expect("UTF-8");
    Some(out.lines().map(str::to_owned).collect())
}

#[test]
fn dotnet_masks_what_awk_masks() {
    let home = home();
    let windows = script(home.path());
    // Keys are found by their heads, without the table.
    let places: Vec<(usize, &str)> = PLACES
        .into_iter()
        .enumerate()
        .filter(|(_, place)| !place.contains("PRIVATE KEY"))
        .collect();
    let kept = [
        "<parameter name=\"mid.instance.username\" value=\"mid.user\"/>",
        "password_file=/etc/x token_type: Bearer",
        "password = ***** and ${db_password}",
        "WWW-Authenticate: Basic realm=\"x\"",
    ];
    let planted = places
        .iter()
        .map(|(at, place)| place.replace("SECRET", &secret(*at)));
    let lines: Vec<String> = planted
        .chain(kept.map(str::to_owned))
        .map(|line| format!("2026-11-20 10:00:00 fuse x blew {line}"))
        .collect();
    let joined: Vec<String> = lines
        .iter()
        .map(|line| line.replace('\n', BETWEEN))
        .collect();
    let Some(found) = masked(&windows, &joined) else {
        return;
    };
    assert_eq!(found.len(), lines.len());
    for ((at, place), line) in places.iter().zip(&found) {
        assert!(!line.contains(&secret(*at)), "{place}: {line}");
        assert!(line.contains("‹secret›"), "{place}: {line}");
    }
    assert_eq!(
        found[places.len()..],
        lines[places.len()..],
        "nothing secret"
    );

    // The same as the script for `sh` makes of them.
    fs::write(home.path().join("lamp/lamp.log"), lines.join("\n") + "\n").expect("a file");
    let script = asked(home.path(), &["lamp", "--os", "linux"]);
    let folder = format!("dir={}", home.path().join("lamp").display());
    let (answer, _) = answered(&["sh"], &script, &[&folder], None);
    let answer = fs::read_to_string(answer).expect("an answer");
    let token = Regex::new("‹secret-[0-9]+( base64)?›").expect("an expression");
    let answer = token.replace_all(&answer, "‹secret›");
    for line in &found {
        for part in line.split(BETWEEN) {
            let part = format!("| {part}");
            assert!(
                answer.lines().any(|known| known == part),
                "{part}\n{answer}"
            );
        }
    }
}

/// What awk makes of values that go on in the next line is said in [`going_on`].
#[test]
fn dotnet_masks_what_goes_on_in_the_next_line() {
    let home = home();
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    let all: Vec<(&str, &str)> = going_on().collect();
    let planted: Vec<String> = all
        .iter()
        .flat_map(|(line, _)| lines(&format!("{line}\n\n")))
        .collect();
    let expected: Vec<String> = all
        .iter()
        .flat_map(|(_, left)| lines(&format!("{left}\n\n")))
        .collect();
    if let Some(found) = masked(&script(home.path()), &planted) {
        assert_eq!(found, expected);
    }
}
