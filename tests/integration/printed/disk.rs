//! `df` and `Get-PSDrive`.

use waypost::finding::Os;

use super::{Samples, cut_anywhere, judged, refuses_others, sample};

const fn linux(params: &'static str) -> Samples {
    Samples {
        kind: "disk",
        params,
        os: Os::Linux,
    }
}

const fn windows(params: &'static str) -> Samples {
    Samples {
        kind: "disk",
        params,
        os: Os::Windows,
    }
}

const NOW: &str = r#"{"path": "/opt/service now/agent", "need": "100MB"}"#;
const C: &str = r#"{"path": "C:\\x", "need": "100MB"}"#;

#[test]
fn of_df() {
    let usr = r#"{"path": "/usr/bin", "need": "100MB"}"#;
    linux(usr).check(
        "df-linux-enough.txt",
        r#"enough {"free_bytes":33919856640,"total_bytes":270553174016}"#,
    );
    linux(NOW).check(
        "df-linux-german.txt",
        r#"low {"free_bytes":94517248,"total_bytes":105152176128}"#,
    );
    linux(r#"{"path": "/nowhere/at/all", "need": 1}"#).check(
        "df-linux-missing.txt",
        "unknown: df: /nowhere/at/all: No such file or directory",
    );
    linux(usr).check(
        "df-linux-cut.txt",
        "unknown: what `df` printed is cut: `/dev/vda         264212084 62161` is no whole line of it",
    );
    linux(usr).check(
        "df-linux-1k.txt",
        r#"enough {"free_bytes":33919856640,"total_bytes":270553174016}"#,
    );
    Samples {
        os: Os::Macos,
        ..linux(r#"{"path": "/System/Volumes/Data/x", "need": "100MB"}"#)
    }
    .check(
        "df-macos-enough.txt",
        r#"enough {"free_bytes":153635229696,"total_bytes":494384795648}"#,
    );
    // Which of them a path lies on, links decide.
    linux(usr).check(
        "df-linux-all.txt",
        "refused: expected what `df -Pk -- /usr/bin` prints, got what begins with `Filesystem     1024-blocks     Used Available Capacity Mounted on`",
    );
    linux(usr).check(
        "df-linux-german.txt",
        "refused: expected what `df -Pk -- /usr/bin` prints, got what begins with `Dateisystem    1024-Blöcke  Benutzt Verfügbar Kapazität Eingehängt auf`",
    );
}

#[test]
fn of_get_psdrive() {
    let enough = r#"enough {"free_bytes":12884901888,"total_bytes":107256741888}"#;
    windows(C).check("psdrive-windows-enough.txt", enough);
    windows(C).check("psdrive-windows-several.txt", enough);
    windows(r#"{"path": "D:\\x", "need": 1}"#).check(
        "psdrive-windows-several.txt",
        "unknown: what `Get-PSDrive` printed is cut: `Used` and `Free` in bytes do not both stand there",
    );
    for name in [
        "wmic-windows-disk.txt",
        "wmic-windows-disk-list.txt",
        "volume-windows-list.txt",
    ] {
        windows(C).check(name, enough);
    }
    // Rounded, and near what is needed nobody knows to which side.
    for name in ["volume-windows-table.txt", "psdrive-windows-table.txt"] {
        windows(C).check(
            name,
            "unknown: what is free on C: and its size do not stand there in bytes",
        );
    }
    let none = judged(
        "disk",
        r#"{"path": "D:\\x", "need": 1}"#,
        Os::Windows,
        &sample("wmic-windows-disk.txt"),
    );
    assert!(none.starts_with("refused: "), "{none}");
    windows(C).check(
        "psdrive-windows-missing.txt",
        "unknown: Get-PSDrive : Cannot find drive. A drive with the name 'C' does not exist.",
    );
}

/// A row of `/` fits every path, unless the command before it says what it is of.
#[test]
fn of_a_command_for_another_path() {
    let check = |command: &str, expected: &str| {
        let typed = format!("$ {command}");
        let text = sample("df-linux-enough.txt").replace("$ df -Pk -- /usr/bin", &typed);
        let found = judged(
            "disk",
            r#"{"path": "/usr/bin", "need": "1"}"#,
            Os::Linux,
            &text,
        );
        assert!(found.starts_with(expected), "{command}: {found}");
    };
    check("df -Pk -- /usr/bin", "enough");
    check("df -k /usr/bin/", "enough");
    check("df -k '/usr/bin'", "enough");
    check("df -k", "enough");
    check("df -k /", "refused");
    check("df -Pk -- /usr", "refused");
    check("sudo df -k /usr/bin2", "refused");
    check("df -k .", "refused");
}

#[test]
fn of_another_program() {
    refuses_others(&linux(NOW), &["df-linux", "df-macos"]);
    cut_anywhere(
        &linux(r#"{"path": "/usr", "need": 1}"#),
        "df-linux-1k.txt",
        &["low"],
    );
    cut_anywhere(&windows(C), "wmic-windows-disk-list.txt", &["low"]);
    refuses_others(
        &windows(C),
        &["psdrive-windows", "wmic-windows", "volume-windows"],
    );
}
