//! A command that stands in a list of processes as the argument of the shell that runs it: nobody typed it there. Says so
//! only of what surely is such a line; whatever may be a prompt is one.

/// Programs that run a command, as the file's name without `.exe`.
const RUNNERS: [&str; 18] = [
    "ash",
    "bash",
    "busybox",
    "cmd",
    "dash",
    "fish",
    "ksh",
    "mksh",
    "powershell",
    "pwsh",
    "runuser",
    "sh",
    "ssh",
    "su",
    "sudo",
    "timeout",
    "watch",
    "zsh",
];

/// Those that take the command without an option before it, behind a host or a number.
const WITHOUT_OPTION: [&str; 6] = ["powershell", "pwsh", "ssh", "sudo", "timeout", "watch"];

/// Whether `before`, which stands before a command in its line, is a process with that command as its argument: a
/// process's number among the columns of a list, then a program that runs commands, and what says that one follows.
pub(super) fn is_before(before: &str) -> bool {
    let before = before.trim();
    let before = before.strip_suffix(['"', '\'']).unwrap_or(before);
    // `Get-CimInstance` and `wmic` name the property.
    let (named, line) = match before.strip_prefix("CommandLine") {
        Some(rest) => match rest.trim_start().strip_prefix([':', '=']) {
            Some(line) => (true, line),
            None => return false,
        },
        None => (false, before),
    };
    let words: Vec<&str> = line.split_whitespace().collect();
    let Some((at, program)) = words
        .iter()
        .enumerate()
        .find_map(|(at, word)| Some((at, runner(word)?)))
    else {
        return false;
    };
    let columns = &words[..at];
    let is_number = |word: &&str| word.bytes().all(|byte| byte.is_ascii_digit());
    let is_listed = named || columns.iter().any(is_number);
    if !is_listed || !columns.iter().all(|word| is_column(word)) {
        return false;
    }
    let options = &words[at + 1..];
    // A shell that somebody typed in stands behind a prompt, wherever that is.
    if options
        .iter()
        .any(|word| word.ends_with(['$', '#', '%', '>']))
    {
        return false;
    }
    match options.last() {
        Some(last) if announces(last) => true,
        Some(_) => WITHOUT_OPTION.contains(&program),
        None => matches!(program, "powershell" | "pwsh"),
    }
}

/// The program's name where it is one that runs commands: `-bash`, `/bin/sh`, `"C:\…\powershell.exe"`.
fn runner(word: &str) -> Option<&'static str> {
    let name = word.trim_matches('"').rsplit(['/', '\\']).next()?;
    let name = name.trim_start_matches('-').to_ascii_lowercase();
    let name = name.strip_suffix(".exe").unwrap_or(&name);
    RUNNERS.into_iter().find(|known| *known == name)
}

/// What may stand in the columns before a command line, and in no prompt: `root`, `4711`, `pts/0`, `Ss+`, `00:00:00`, `\_`,
/// and a path's beginning where it holds a blank.
fn is_column(word: &str) -> bool {
    word.bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"_.:?/+<,\\|{}-\"()".contains(&byte))
}

/// An option behind which the command follows: `-c`, `-lc`, `--command`, `-Command`, `/c`.
fn announces(option: &str) -> bool {
    let lower = option.to_ascii_lowercase();
    match lower.strip_prefix("--") {
        Some(long) => long == "command",
        None => match lower.strip_prefix('-') {
            Some(short) => {
                !short.is_empty() && "command".starts_with(short)
                    || short.len() <= 4
                        && short.ends_with('c')
                        && short.bytes().all(|byte| byte.is_ascii_alphabetic())
            }
            None => matches!(lower.as_str(), "/c" | "/k"),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_before_a_command() {
        let check = |before: &str, expected: bool| {
            assert_eq!(is_before(before), expected, "{before}");
        };
        for listed in [
            "root          15       1  0 23:02 ?        00:00:00 bash -c",
            "   15 Fri Nov 20 23:02:29 2026   844 root      /bin/sh -c",
            "root 15 0.0 0.1 7236 3968 ? S<s 23:02 0:00 bash -lc",
            "  15 root     {sh} sh -c",
            r"  15 ?  S  0:00  |   \_ sudo -u mid bash -c '",
            "15 sudo -u mid",
            "15 root 0:00 ssh -p 22 mid@host.example '",
            r#"4711 2026-11-20T10:00:00Z 9015296 "C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe" -NoProfile -Command"#,
            r#"4711 2026-11-20T10:00:00Z 9015296 "C:\Program Files\PowerShell\7\pwsh.exe" -c "#,
            r#"4711 2026-11-20T10:00:00Z 9015296 powershell.exe"#,
            "CommandLine : powershell -Command \"",
            "CommandLine=cmd.exe /c",
        ] {
            check(listed, true);
        }
        for prompt in [
            "",
            "$",
            "#",
            ">",
            "root@host:~#",
            "[root@h ~]#",
            r"PS C:\>",
            r"C:\>",
            "bash-4.2$",
            "host%",
            "❯",
            // A window where somebody typed more than the command alone.
            "mid@host:~$ bash -c",
            "mid@host:~$ sudo bash -c '",
            "[root@h 15]# sh -c",
            r"PS C:\15> powershell -Command",
            r"C:\15>cmd /c",
            "host 15 % sh -c",
            "15 ❯ sh -c",
            "bash -c",
            "ssh host",
            "15 host",
            "15 bash",
            "15 bash -x",
            "15 java -c",
        ] {
            check(prompt, false);
        }
    }
}
