//! The command that a person runs instead: the program, with marks around what it prints, and its exit status.

use crate::{
    finding::Os,
    host::printed::program::{NONE, NOT_STARTED, STATUS, STDERR, STDOUT},
    probe::shell,
};

/// `None` where an argument cannot stand in a command line.
pub fn command(run: &[String], os: Os) -> Option<String> {
    let (program, arguments) = run.split_first()?;
    let arguments = match shell::arguments(arguments, os)? {
        arguments if arguments.is_empty() => arguments,
        arguments => format!(" {arguments}"),
    };
    match os {
        Os::Linux | Os::Macos => Some(sh(&shell::quote(program, os)?, &arguments)),
        Os::Windows => powershell(program, &arguments),
    }
}

/// What it prints as errors is kept back in a variable, so that no file is written. It gets nothing to read.
fn sh(program: &str, arguments: &str) -> String {
    format!(
        "echo '{STDOUT}'; {{ e=$({program}{arguments} 2>&1 >&3 3>&- </dev/null) && s=0 || s=$?; }} 3>&1; \
         printf '\\n{STDERR}\\n%s\\n' \"$e\"; \
         [ $s -ne 127 ] || command -v {program} >/dev/null || echo '{NONE}'; echo \"{STATUS} $s\""
    )
}

/// Only programs are looked for: `sc` and `sort` are commands of PowerShell's own otherwise. That there is none at a path
/// is asked of the path itself, which tells a folder that may not be read from one that is not there.
fn powershell(program: &str, arguments: &str) -> Option<String> {
    let name = shell::literal(program, Os::Windows)?;
    let of_the_path = if program.contains(['/', '\\']) {
        format!(
            " try {{ $null = Get-Item -Force -LiteralPath {name} -ErrorAction Stop }} catch {{ $n = $_.FullyQualifiedErrorId }}"
        )
    } else {
        String::new()
    };
    Some(format!(
        "$global:LASTEXITCODE = $null; $o = @(); $n = ''; \
         try {{ $c = Get-Command -CommandType Application -Name {name} -ErrorAction Stop | Select-Object -First 1; \
         $o = @(& $c{arguments} 2>&1) }} catch {{ $n = $_.FullyQualifiedErrorId;{of_the_path} }}; \
         '{STDOUT}'; $o | Where-Object {{ -not $_.Exception }}; \
         '{STDERR}'; $o | Where-Object {{ $_.Exception }} | ForEach-Object {{ \"$_\" }}; \
         if ($n) {{ \"{NOT_STARTED} $n\" }}; \"{STATUS} $LASTEXITCODE\""
    ))
}
