//! The commands that a person runs instead: of the service manager, of the process list, of the pid file.

use crate::{
    finding::Os,
    host::printed::windows_services::COUNTED,
    probe::{Manual, params::Given, process_list, shell},
};

pub(super) fn commands(given: Given<'_>, os: Os) -> Option<Vec<Manual>> {
    let mut names = Vec::new();
    for name in given.texts("name").ok()? {
        // A name that an input gives may be one of the usual ones.
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let mut commands = vec![match os {
        Os::Linux => Manual::new(
            format!(
                "systemctl status --no-pager -- {}",
                words(&names, os)?.join(" ")
            ),
            "`Active:` is its state; no output, or `could not be found`, says that there is none",
        ),
        Os::Macos => Manual::new(
            format!(
                "launchctl list | grep -iE -- {}",
                shell::literal(&expression(&names), os)?
            ),
            "the first column is its process; `-` says that it does not run",
        ),
        Os::Windows => {
            let names: Option<Vec<String>> =
                names.iter().map(|name| shell::literal(name, os)).collect();
            let tests: Vec<String> = names?
                .iter()
                .map(|name| format!("$_.Name -like {name}"))
                .collect();
            Manual::new(
                format!(
                    "$all = @(Get-CimInstance Win32_Service); $found = @($all | Where-Object {{ {} }}); \
                     $found | Format-List Name, State, StartMode, StartName, ProcessId, ExitCode; \
                     \"$($found.Count) of $($all.Count) {COUNTED}\"",
                    tests.join(" -or ")
                ),
                "its last line tells how many of them there are",
            )
        }
    }];
    if given.text("process").ok()?.is_some() {
        commands.push(process_list::command(os));
    }
    if let Some(file) = given.path("pid_file").ok()? {
        let file = shell::quote(&file, os)?;
        commands.push(Manual::new(
            match os {
                Os::Linux | Os::Macos => format!("ps -fp \"$(cat -- {file})\""),
                Os::Windows => format!("Get-Process -Id (Get-Content -LiteralPath {file})"),
            },
            "a process says that it runs; an error, or the heading alone, that it does not",
        ));
    }
    Some(commands)
}

fn words(names: &[String], os: Os) -> Option<Vec<String>> {
    names.iter().map(|name| shell::quote(name, os)).collect()
}

/// The globs as one regular expression.
fn expression(names: &[String]) -> String {
    let one = |name: &String| {
        name.chars().fold(String::new(), |mut expression, c| {
            match c {
                '*' => expression.push_str(".*"),
                '?' => expression.push('.'),
                c => expression.push_str(&regex::escape(c.encode_utf8(&mut [0; 4]))),
            }
            expression
        })
    };
    names.iter().map(one).collect::<Vec<_>>().join("|")
}
