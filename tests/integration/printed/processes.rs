//! Lists of processes: those that the command to copy prints, and those that people send instead.

use waypost::{finding::Os, probe::kind};

use super::{Samples, cut_anywhere, judged, params, refuses_others, sample};

const UPGRADE: &str =
    r#"{"match": "upgrade-wrapper[\\\\/]+(bin|jre)[\\\\/]|glide-dist-upgrade\\.(sh|bat)"}"#;
const JAVA: &str = r#"{"match": "jre[\\\\/]bin[\\\\/]java"}"#;
const JAVA_EXE: &str = r#"{"match": "java\\.exe"}"#;

const fn of(params: &'static str, os: Os) -> Samples {
    Samples {
        kind: "process",
        params,
        os,
    }
}

/// Expects a beginning, since command lines are long.
#[track_caller]
fn begins(samples: &Samples, name: &str, expected: &str) {
    let found = judged(samples.kind, samples.params, samples.os, &sample(name));
    assert!(found.starts_with(expected), "{name}: {found}");
}

#[test]
fn a_whole_list_of_unix_says_both() {
    let upgrade = of(UPGRADE, Os::Linux);
    let memory_and_start =
        r#""memory_bytes":1859584,"started":"2026-11-20T23:02:28Z","user":"mid"}"#;
    let text = sample("ps-list-linux-running.txt");
    let found = judged("process", UPGRADE, Os::Linux, &text);
    assert!(found.starts_with(r#"running {"pids":[5],"#), "{found}");
    assert!(found.ends_with(memory_and_start), "{found}");
    begins(
        &upgrade,
        "ps-list-busybox-running.txt",
        r#"running {"pids":[5],"#,
    );
    upgrade.check("ps-list-linux-absent.txt", "absent {}");
    upgrade.check("ps-list-busybox-absent.txt", "absent {}");
    of(UPGRADE, Os::Macos).check("ps-list-macos-absent.txt", "absent {}");
    begins(
        &of(JAVA, Os::Macos),
        "ps-list-macos-absent.txt",
        r#"running {"pids":[611],"command_lines":["/opt/mid/agent/jre/bin/java -Xmx1024m com.service_now.mid.Main start"],"memory_bytes":820428800,"started":"2026-11-20T10:00:00Z","user":"mid"}"#,
    );
}

/// Whoever runs the command through a shell or another machine has it in the list as the shell's argument.
#[test]
fn a_list_that_shows_the_command_itself() {
    let check = |name: &str, shell: &str, wrapper: &str, expected: &str| {
        let kind = kind("process").expect("the kind is known");
        let os = if name.contains("windows") {
            Os::Windows
        } else {
            Os::Linux
        };
        let commands = kind.manual(&params(UPGRADE), os);
        let command = &commands.first().expect("a command").command;
        let text = sample(name);
        assert!(text.contains(shell), "{name} has `{shell}`");
        let shown = text.replace(shell, &format!("{wrapper} {command}"));
        let found = judged("process", UPGRADE, os, &shown);
        assert!(found.starts_with(expected), "{name}, {wrapper}: {found}");
        // Two windows are two.
        let two = format!("{shown}\nmid@other:~$ {command}\n{text}");
        let typed = shown.contains(&format!("$ {command}"));
        let found = judged("process", UPGRADE, os, &two);
        let why = match typed {
            true => "refused: one command stands there twice",
            false => "unknown: ",
        };
        assert!(found.starts_with(why), "{name}, {wrapper}: {found}");
    };
    for wrapper in [
        "bash -c",
        "/bin/sh -c",
        "sudo -u mid bash -lc",
        "ssh mid@host",
    ] {
        check(
            "ps-list-linux-running.txt",
            "sh -s",
            wrapper,
            r#"running {"pids":[5],"#,
        );
        check("ps-list-linux-absent.txt", "sh -s", wrapper, "absent {}");
    }
    for wrapper in [
        "powershell.exe -Command",
        r#""C:\Program Files\PowerShell\7\pwsh.exe" -NoProfile -c"#,
    ] {
        check(
            "process-list-windows-absent.txt",
            "[MsMpEng.exe]",
            wrapper,
            "absent {}",
        );
    }
}

const NOT_WHOLE: &str = r"unknown: no process in the paste matches `upgrade-wrapper[\\/]+(bin|jre)[\\/]|glide-dist-upgrade\.(sh|bat)`, which does not say that none runs: ";

#[track_caller]
fn lacks(os: Os, name: &str, why: &str) {
    of(UPGRADE, os).check(name, &format!("{NOT_WHOLE}{why}"));
}

#[test]
fn a_list_that_is_not_whole_never_says_no() {
    let linux = |name: &str, why: &str| lacks(Os::Linux, name, why);
    linux(
        "ps-list-linux-cut.txt",
        "its end, `… processes in all`, is missing",
    );
    linux("ps-list-linux-headless.txt", "its beginning is missing");
    linux("ps-list-linux-lost.txt", "7 of its 8 processes stand there");
    linux(
        "ps-list-linux-wrapped.txt",
        "`-linux-x86-64 /opt/mid/agent/bin/../conf/wrapper.conf wrappe` is no whole line of it",
    );
    let hidden = "process 1, which is always there, is hidden from this user, as others may be";
    linux("ps-list-linux-hidden.txt", hidden);
    linux("ps-list-busybox-hidden.txt", hidden);
    let typed = "only the command to copy says at its end `… processes in all`";
    linux("ps-ef-linux-narrow.txt", typed);
    // Who searches is not what is searched for.
    linux("ps-ef-linux-searched-none.txt", typed);
    // What is there stands there, whole or not; what is said of all that match does not.
    let java = of(JAVA, Os::Linux);
    for name in ["ps-list-linux-headless.txt", "ps-list-linux-lost.txt"] {
        let found = judged(java.kind, java.params, java.os, &sample(name));
        assert!(found.starts_with(r#"running {"pids":[4],"#), "{found}");
        assert!(
            !found.contains("memory_bytes") && !found.contains("started"),
            "{found}"
        );
    }
}

#[test]
fn what_people_type_on_unix() {
    let linux = of(UPGRADE, Os::Linux);
    for name in [
        "ps-ef-linux-running.txt",
        "ps-ef-linux-searched.txt",
        "ps-aux-linux-running.txt",
        "ps-axf-linux-running.txt",
        "ps-lstart-linux-searched.txt",
        "ps-busybox-typed.txt",
    ] {
        begins(
            &linux,
            name,
            r#"running {"pids":[5],"command_lines":["/opt/mid/agent/work/upgrade_temp/1763600000000/upgrade-wrapper/bin/./wrapper-linux-x86-64 "#,
        );
    }
    begins(
        &of(UPGRADE, Os::Macos),
        "ps-ef-macos-running.txt",
        r#"running {"pids":[611],"#,
    );
    linux.check("ps-none.txt", "unknown: sh: ps: not found");
}

#[test]
fn lists_of_windows() {
    let upgrade = of(UPGRADE, Os::Windows);
    begins(
        &upgrade,
        "process-list-windows-running.txt",
        r#"running {"pids":[5120],"#,
    );
    let found = judged(
        "process",
        UPGRADE,
        Os::Windows,
        &sample("process-list-windows-running.txt"),
    );
    assert!(
        found.ends_with(r#""memory_bytes":9113600,"started":"2026-11-20T10:12:30Z"}"#),
        "{found}"
    );
    upgrade.check("process-list-windows-absent.txt", "absent {}");
    let windows = |name: &str, why: &str| lacks(Os::Windows, name, why);
    windows(
        "process-list-windows-user.txt",
        "command lines are hidden from this user, that of process 948 for one",
    );
    windows(
        "process-list-windows-cut.txt",
        "its end, `… processes in all`, is missing",
    );
    windows(
        "process-list-windows-old.txt",
        "process 4, which is always there, is hidden from this user, as others may be",
    );
    begins(
        &upgrade,
        "process-cim-windows-list.txt",
        r#"running {"pids":[5120],"#,
    );
    begins(
        &upgrade,
        "process-cim-windows-table.txt",
        r#"running {"pids":[5120],"#,
    );
    begins(
        &upgrade,
        "process-wmic-windows-list.txt",
        r#"running {"pids":[5120],"#,
    );
    let names = "only names stand there, and no command lines";
    windows("process-tasklist-windows-german.txt", names);
    windows("process-tasklist-windows-names.txt", names);
    windows("process-get-windows-names.txt", names);
    of(JAVA_EXE, Os::Windows).check(
        "process-tasklist-windows-german.txt",
        r#"running {"pids":[4790],"command_lines":["[java.exe]"]}"#,
    );
    of(r#"{"match": "java"}"#, Os::Windows).check(
        "process-get-windows-names.txt",
        r#"running {"pids":[4790],"command_lines":["[java]"]}"#,
    );
}

/// A program prints `?` for what the machine's settings have no letter for.
#[test]
fn letters_of_other_languages() {
    let params = r#"{"match": "grün"}"#;
    let list = "  PID   UTC   RSS USER   COMMAND\n 1 Fri Nov 20 09:58:41 2026 1 root /sbin/init\n 7 Fri Nov 20 09:58:41 2026 1 root /opt/gr??n/x\n2 processes in all\n";
    let found = judged("process", params, Os::Linux, list);
    assert!(found.ends_with("letters may stand there as `?`"), "{found}");
    assert_eq!(
        judged("process", params, Os::Linux, &list.replace("??", "u")),
        "absent {}"
    );
}

#[test]
fn of_another_program() {
    let unix = ["ps-", "systemctl-all"];
    refuses_others(&of(UPGRADE, Os::Linux), &unix);
    refuses_others(&of(UPGRADE, Os::Windows), &["process-"]);
    of(UPGRADE, Os::Linux).check(
        "df-linux-enough.txt",
        "refused: expected a list of processes, as the command to copy prints it, got what begins with `Filesystem     1024-blocks     Used Available Capacity Mounted on`",
    );
}

#[test]
fn cut_anywhere_it_never_says_no() {
    for name in ["ps-list-linux-running.txt", "ps-list-busybox-running.txt"] {
        cut_anywhere(&of(UPGRADE, Os::Linux), name, &["absent"]);
    }
    cut_anywhere(
        &of(UPGRADE, Os::Windows),
        "process-list-windows-running.txt",
        &["absent"],
    );
}
