//! Secrets of many kinds lie in the files that a script reads; none of them is in what it writes.

use std::{fs, os::unix::fs::symlink, path::Path, process::Command};

use super::{answered, asked, home};
use crate::support::left_out;

/// Where a secret stands, with `SECRET` for it. A line each, unless it has breaks.
const PLACES: [&str; 34] = [
    r#"<parameter name="mid.instance.password" value="SECRET"/>"#,
    r#"<parameter value='SECRET' name='mid.proxy.password' secure='true'/>"#,
    "<parameter\n  name=\"db.password\"\n  value=\"SECRET\"/>",
    "<parameter value=\"SECRET\"\n name=\"db.password\"/>",
    r#"<parameter name="mid.instance.password" value="encrypted:SECRET"/>"#,
    "<password>SECRET</password>",
    "<ns:apiToken type=\"x\">SECRET</ns:apiToken>",
    "password=SECRET",
    "db.passwd : SECRET",
    "DB_PWD='SECRET with blanks'",
    "passphrase := \"SECRET\"",
    r#"{"user":"a","clientSecret":"SECRET","x":1}"#,
    "client_secret: SECRET",
    "Authorization: Basic SECRET",
    "> authorization: Bearer SECRET",
    "Proxy-Authorization: SECRET",
    r#"headers={"Authorization": "token SECRET"}"#,
    "Cookie: JSESSIONID=SECRET; glide_user=SECRET",
    "Set-Cookie: BIGipServer=SECRET; Path=/",
    "https://user:SECRET@proxy.example:3128/",
    "http://x.example/a?access_token=SECRET&b=1",
    "jdbc:oracle:thin:scott/SECRET@//db:1521/x",
    "java -jar x.jar -password SECRET -v",
    "tool --token SECRET",
    "tool -p SECRET",
    "mysql -uroot -pSECRET db",
    "curl -u mid.user:SECRET https://x.example",
    "-----BEGIN RSA PRIVATE KEY-----\nSECRET\nSECRETab\n-----END RSA PRIVATE KEY-----",
    "X-UserToken: SECRET",
    "sessionid=SECRET",
    "ConvertTo-SecureString SECRET -AsPlainText -Force",
    "das Passwort ist SECRET",
    "keystore.storepass=SECRET",
    "community: SECRET",
];

/// Each gets its own, so that a place that leaks is known.
fn secret(at: usize) -> String {
    format!("Hu5h{at:02}Qx9Zv")
}

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
