//! What a program printed and how it ended, as the command to copy shows it.

use waypost::finding::Os;

use super::{Samples, cut_anywhere, refuses_others};

const JAVA: &str =
    r#"{"run": ["java", "-version"], "capture": {"version": "version \"([^\"]+)\""}}"#;
const JAVA_EXE: &str = r#"{"run": ["C:\\jre\\bin\\java.exe", "-version"]}"#;

const fn of(params: &'static str, os: Os) -> Samples {
    Samples {
        kind: "command",
        params,
        os,
    }
}

#[test]
fn of_sh() {
    let java = of(JAVA, Os::Linux);
    java.check(
        "command-linux-exited.txt",
        r#"exited {"status":0,"captures":{"version":"17.0.13"},"stdout":"","stderr":"openjdk version \"17.0.13\" 2024-10-15\nOpenJDK Runtime Environment (build 17.0.13+11-Debian-2deb12u1)\nOpenJDK 64-Bit Server VM (build 17.0.13+11-Debian-2deb12u1, mixed mode, sharing)\n"}"#,
    );
    java.check(
        "command-linux-failed.txt",
        r#"exited {"status":3,"captures":{},"stdout":"partly\n","stderr":"java: it did not work\n"}"#,
    );
    java.check("command-linux-missing.txt", "missing {}");
    // In a folder of the search path that may not be read there may be one.
    java.check(
        "command-linux-path-denied.txt",
        "unknown: sh: 1: java: Permission denied",
    );
    java.check(
        "command-linux-denied.txt",
        "unknown: sh: java: Permission denied",
    );
    // It is there, and does not find another.
    java.check(
        "command-linux-inner.txt",
        r#"exited {"status":127,"captures":{},"stdout":"","stderr":"/usr/bin/java: 7: exec: /opt/jdk/bin/java: not found\n"}"#,
    );
    let cut = |name: &str, lacks: &str| {
        java.check(
            name,
            &format!("unknown: what `java` printed is cut: {lacks}"),
        );
    };
    cut(
        "command-linux-cut.txt",
        "its end, `exit status: …`, is missing",
    );
    cut("command-linux-headless.txt", "`-- stdout --` is missing");
    cut("command-linux-typed.txt", "`-- stdout --` is missing");
}

#[test]
fn of_powershell() {
    let java = of(JAVA, Os::Windows);
    java.check(
        "command-windows-exited.txt",
        r#"exited {"status":0,"captures":{"version":"1.8.0_441"},"stdout":"one\n\ntwo\n","stderr":"java version \"1.8.0_441\"\n"}"#,
    );
    java.check("command-windows-missing.txt", "missing {}");
    let path = of(JAVA_EXE, Os::Windows);
    path.check("command-windows-path-missing.txt", "missing {}");
    path.check(
        "command-windows-path-denied.txt",
        r"unknown: `C:\jre\bin\java.exe` could not be started: ItemExistsUnauthorizedAccessError",
    );
    // Where a folder may not be read, there is no such command either.
    path.check(
        "command-windows-missing.txt",
        r"unknown: `C:\jre\bin\java.exe` could not be started: CommandNotFoundException",
    );
}

#[test]
fn of_another_program() {
    refuses_others(&of(JAVA, Os::Linux), &["command-"]);
    refuses_others(&of(JAVA, Os::Windows), &["command-"]);
    of(JAVA, Os::Linux).check(
        "command-linux-exited-not.txt",
        "refused: expected what the command to copy prints of `java`, got what begins with `java 17`",
    );
}

#[test]
fn cut_anywhere_it_is_not_missing() {
    for name in [
        "command-linux-exited.txt",
        "command-linux-inner.txt",
        "command-linux-path-denied.txt",
    ] {
        cut_anywhere(&of(JAVA, Os::Linux), name, &["missing"]);
    }
    cut_anywhere(
        &of(JAVA_EXE, Os::Windows),
        "command-windows-path-denied.txt",
        &["missing"],
    );
    cut_anywhere(
        &of(JAVA_EXE, Os::Windows),
        "command-windows-missing.txt",
        &["missing"],
    );
}
