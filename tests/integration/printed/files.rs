//! Files, as `ls`, `stat`, `Get-Item`, `dir` and `icacls` show them.

use waypost::finding::Os;

use super::{Samples, cut_anywhere, judged, refuses_others, sample};

const FILE: &str = r#"{"path": "/opt/mid/agent/config.xml"}"#;

const fn of(kind: &'static str, params: &'static str, os: Os) -> Samples {
    Samples { kind, params, os }
}

#[test]
fn files() {
    let linux = of("file", FILE, Os::Linux);
    linux.check(
        "ls-linux-file.txt",
        r#"present {"path":"/opt/mid/agent/config.xml","size_bytes":1234,"folder":false,"owner":"mid"}"#,
    );
    linux.check(
        "ls-linux-folder.txt",
        r#"present {"path":"/opt/mid/agent/config.xml","size_bytes":4096,"folder":true,"owner":"mid"}"#,
    );
    linux.check(
        "ls-linux-link.txt",
        "unknown: /opt/mid/agent/config.xml: is a link, and what it leads to was not listed",
    );
    linux.check("ls-linux-absent.txt", "absent {}");
    linux.check(
        "ls-linux-denied.txt",
        "unknown: ls: cannot access '/opt/mid/agent/config.xml': Permission denied",
    );
    of(
        "file",
        r#"{"path": ["/opt/mid/agent/config.xml", "/opt/mid/b"]}"#,
        Os::Linux,
    )
    .check(
        "ls-linux-absent.txt",
        "unknown: the paste says nothing of /opt/mid/b",
    );
    refuses_others(&linux, &["ls-linux", "stat-linux"]);
    let windows = of(
        "file",
        r#"{"path": "C:\\mid\\agent\\config.xml"}"#,
        Os::Windows,
    );
    windows.check(
        "get-item-windows-file.txt",
        r#"present {"path":"C:\\mid\\agent\\config.xml","size_bytes":1234,"folder":false}"#,
    );
    windows.check("get-item-windows-absent.txt", "absent {}");
    windows.check("get-item-windows-german.txt", "absent {}");
    // Another one is not there.
    windows.check(
        "get-item-windows-second-absent.txt",
        r#"present {"path":"C:\\mid\\agent\\config.xml","size_bytes":1234,"folder":false}"#,
    );
    cut_anywhere(&windows, "get-item-windows-second-absent.txt", &["absent"]);
    // Whether it is a folder does not stand there any more.
    windows.check(
        "get-item-windows-lost.txt",
        r#"present {"path":"C:\\mid\\agent\\config.xml"}"#,
    );
    of("file", r#"{"path": "C:\\mid\\agent"}"#, Os::Windows).check(
        "get-item-windows-folder.txt",
        r#"present {"path":"C:\\mid\\agent","folder":true}"#,
    );
    refuses_others(
        &windows,
        &["get-item-windows", "dir-windows", "icacls-windows"],
    );
}

#[test]
fn files_as_stat_and_dir_show_them() {
    let linux = of("file", FILE, Os::Linux);
    linux.check(
        "stat-linux-file.txt",
        r#"present {"path":"/opt/mid/agent/config.xml","size_bytes":1234,"folder":false,"modified":"2026-11-20T09:00:00Z","owner":"mid"}"#,
    );
    linux.check(
        "stat-linux-old.txt",
        r#"present {"path":"/opt/mid/agent/config.xml","size_bytes":4096,"folder":true,"modified":"2026-11-20T09:00:00Z","owner":"root"}"#,
    );
    linux.check("stat-linux-absent.txt", "absent {}");
    // What a link leads to is not shown.
    let link = judged("file", FILE, Os::Linux, &sample("stat-linux-link.txt"));
    assert!(
        link.starts_with("unknown: ") || link.starts_with("refused: "),
        "{link}"
    );
    linux.check(
        "stat-linux-cut.txt",
        "unknown: what `stat` printed is cut: its size or what it is is missing",
    );
    cut_anywhere(&linux, "stat-linux-file.txt", &["absent"]);
    let windows = of(
        "file",
        r#"{"path": "C:\\mid\\agent\\config.xml"}"#,
        Os::Windows,
    );
    let present =
        r#"present {"path":"C:\\mid\\agent\\config.xml","size_bytes":1234,"folder":false}"#;
    for name in [
        "dir-windows-file.txt",
        "dir-windows-german.txt",
        "dir-windows-powershell.txt",
    ] {
        windows.check(name, present);
        cut_anywhere(&windows, name, &["absent"]);
    }
    // In which language it says so, nobody knows.
    let none = judged(
        windows.kind,
        windows.params,
        windows.os,
        &sample("dir-windows-none.txt"),
    );
    assert!(
        none.starts_with("refused: expected what `Get-Item"),
        "{none}"
    );
}

#[test]
fn who_has_which_rights() {
    let file = of(
        "file",
        r#"{"path": "C:\\mid\\agent\\config.xml"}"#,
        Os::Windows,
    );
    // What the rights come to for somebody is not concluded, nor what is no line of it.
    let present = r#"present {"path":"C:\\mid\\agent\\config.xml"}"#;
    for name in [
        "icacls-windows-english.txt",
        "icacls-windows-german.txt",
        "icacls-windows-deny.txt",
        "icacls-windows-folder.txt",
    ] {
        file.check_cut(name, present);
        cut_anywhere(&file, name, &["absent"]);
    }
    let folder = of("file", r#"{"path": "C:\\mid\\agent\\"}"#, Os::Windows);
    folder.check_cut(
        "icacls-windows-folder.txt",
        r#"present {"path":"C:\\mid\\agent\\"}"#,
    );
    for name in [
        "icacls-windows-absent.txt",
        "icacls-windows-absent-german.txt",
    ] {
        file.check_cut(name, "absent {}");
        cut_anywhere(&file, name, &["present"]);
    }
    file.check_cut(
        "icacls-windows-denied.txt",
        r"unknown: C:\mid\agent\config.xml: Access is denied.",
    );
    file.check_cut(
        "icacls-windows-denied-german.txt",
        r"unknown: C:\mid\agent\config.xml: Zugriff verweigert",
    );
    // A language that is not read.
    let french = judged(
        file.kind,
        file.params,
        file.os,
        &sample("icacls-windows-absent-french.txt"),
    );
    assert!(
        french.starts_with("refused: expected what `Get-Item"),
        "{french}"
    );
    assert!(
        french.ends_with(
            r"got what begins with `C:\mid\agent\config.xml: Le fichier spécifié est introuvable.`"
        ),
        "{french}"
    );
    for params in [
        r#"{"path": "C:\\mid"}"#,
        r#"{"path": "C:\\mid\\agent\\config"}"#,
    ] {
        let other = judged(
            "file",
            params,
            Os::Windows,
            &sample("icacls-windows-english.txt"),
        );
        assert!(other.starts_with("refused: expected "), "{other}");
    }
}
