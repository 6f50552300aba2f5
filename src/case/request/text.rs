//! A request as a text to send: commands that a person runs one by one where no script may be run. Each says itself what it is
//! of, so that all that the window showed can be read at once.

use super::{
    Asked, Request,
    answer::{FORM, typed::SIGN},
    powershell, sh,
};
use crate::finding::Os;

pub(super) fn text(request: &Request) -> String {
    if request.looks.is_empty() {
        return "Nothing is open that a command could tell.\n".to_owned();
    }
    let shell = match request.os {
        Os::Windows => "in PowerShell",
        Os::Linux | Os::Macos => "in a shell",
    };
    let mut text = format!(
        "Please run these commands {shell} on the machine, one after the other, and send back all that the window shows then. \
         They change nothing.\n\
         Leave out nothing but passwords; a command that fails tells something too.\n"
    );
    for sought in &request.sought {
        text += &format!(
            "First put the path of `{}` into a variable: {}\n",
            sought.name,
            match request.os {
                Os::Windows => format!("$input_{} = 'C:\\the\\folder'", sought.name),
                Os::Linux | Os::Macos => format!("input_{}=/the/folder", sought.name),
            }
        );
    }
    let looks = request.looks.iter().flat_map(|look| {
        let commands = look.commands.iter().enumerate();
        commands.map(move |(at, command)| {
            let (before, behind) = (said(look, at, request.os), ended(request.os));
            format!("{before}; {command}; {behind}")
        })
    });
    let end = format!("{SIGN}end {}", request.looks.len());
    let end = match request.os {
        Os::Windows => powershell::quoted(&end),
        Os::Linux | Os::Macos => format!("echo {}", sh::quoted(&end)),
    };
    let all = [head(request)].into_iter().chain(looks).chain([end]);
    for (at, command) in all.enumerate() {
        text += &format!("\n{}.\n\n    {command}\n", at + 1);
    }
    text
}

/// What prints which request this is, where, and when.
fn head(request: &Request) -> String {
    let form = format!("answer {FORM}");
    let program = format!("program {}", env!("CARGO_PKG_VERSION"));
    let tree = format!("tree {} {}", request.tree, request.hash);
    let os = format!("os {}", request.os.name());
    let case = request.case.iter().map(|case| format!("case {case}"));
    let known = request.known.iter();
    let known = known.map(|(name, text)| format!("input {name}={text}"));
    let fixed = [form, program, tree, os]
        .into_iter()
        .chain(case)
        .chain(known);
    match request.os {
        Os::Windows => {
            let culture = "[Globalization.CultureInfo]::InvariantCulture";
            let fixed = fixed.map(|line| powershell::quoted(&line));
            let now = [
                format!(
                    "('time ' + (Get-Date).ToUniversalTime().ToString('yyyy-MM-ddTHH:mm:ss', {culture}) + 'Z')"
                ),
                format!("('zone ' + (Get-Date).ToString('zzz', {culture}))"),
                "('machine ' + [Environment]::MachineName)".to_owned(),
            ];
            let found = request
                .sought
                .iter()
                .map(|sought| format!("('input {}=' + ${})", sought.name, sought.variable()));
            let all: Vec<String> = fixed.chain(now).chain(found).collect();
            format!("{} | ForEach-Object {{ \"{SIGN}$_\" }}", all.join(", "))
        }
        Os::Linux | Os::Macos => {
            let fixed = fixed.map(|line| sh::quoted(&line));
            let now = [
                "\"time $(date -u +%Y-%m-%dT%H:%M:%SZ)\"",
                "\"zone $(date +%z)\"",
                "\"machine $(uname -n)\"",
            ];
            let now = now.map(str::to_owned);
            let found = request
                .sought
                .iter()
                .map(|sought| format!("\"input {}=${{{}}}\"", sought.name, sought.variable()));
            let all: Vec<String> = fixed.chain(now).chain(found).collect();
            format!("printf '{SIGN}%s\\n' {}", all.join(" "))
        }
    }
}

/// What prints that the command came to its end: it stands on a line of its own, even where a file ends without a line break,
/// and not where somebody broke the command off.
fn ended(os: Os) -> String {
    match os {
        Os::Windows => powershell::quoted(&format!("{SIGN}status 0")),
        Os::Linux | Os::Macos => format!("printf '\\n{SIGN}status %s\\n' \"$?\""),
    }
}

/// What prints of which look the command is, counted from 0.
fn said(look: &Asked, at: usize, os: Os) -> String {
    let command = format!("{SIGN}command {}", at + 1);
    let first = (at == 0).then(|| format!("{SIGN}look {}", look.line()));
    let lines = first.into_iter().chain([command]);
    match os {
        Os::Windows => lines
            .map(|line| powershell::quoted(&line))
            .collect::<Vec<_>>()
            .join(", "),
        Os::Linux | Os::Macos => {
            let lines: Vec<String> = lines.map(|line| sh::quoted(&line)).collect();
            format!("printf '%s\\n' {}", lines.join(" "))
        }
    }
}
