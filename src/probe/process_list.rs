//! The command that prints all processes, for the kinds that look for one. It ends with their number, so that a list that
//! lost a line shows it. The list is not searched where it is printed: a search that fails looks like one that finds
//! nothing, and the one who searches would find himself.

use crate::{
    finding::Os,
    host::printed::marked_list::{ADMINISTRATOR, ALL, SHORT, UNREADABLE, WINDOWS},
    probe::Manual,
};

/// The command, and that its output is needed whole.
pub(super) fn command(os: Os) -> Manual {
    let tells = "needed whole, to its last line, which tells how many there are";
    match os {
        Os::Linux => Manual::new(counted(&linux()), tells),
        Os::Macos => Manual::new(counted(&ps("-o user")), tells),
        Os::Windows => Manual::new(
            windows(),
            format!("{tells}; run it as administrator, or command lines stay hidden"),
        ),
    }
}

/// Times in UTC, and nothing cut at a terminal's width.
fn ps(user: &str) -> String {
    format!("TZ=UTC0 ps -Aww -o pid -o lstart=UTC -o rss {user} -o args=COMMAND")
}

/// Where `ps` is missing or knows less, as that of BusyBox, the command lines are read from `/proc`.
fn linux() -> String {
    let each = format!(
        "printf '%s %s\\n' \"${{p#/proc/}}\" \"$(tr '\\000\\n' '  ' < \"$p/cmdline\" || [ ! -d \"$p\" ] || echo '{UNREADABLE}')\""
    );
    format!(
        "{{ {} 2>/dev/null || {{ echo '{SHORT}'; for p in /proc/[0-9]*; do {each}; done; }} 2>/dev/null; }}",
        ps("-o user:32")
    )
}

fn counted(list: &str) -> String {
    format!(
        "{list} | {{ n=-1; while IFS= read -r l; do printf '%s\\n' \"$l\"; n=$((n+1)); done; echo \"$n {ALL}\"; }}"
    )
}

/// One line a process, made here: `Format-List` breaks lines at the window's width. A session of high integrity is an
/// administrator's; its name is of no language.
fn windows() -> String {
    format!(
        "$all = @(Get-CimInstance Win32_Process); '{WINDOWS}'; foreach ($p in $all) {{ \
         $start = '-'; if ($p.CreationDate) {{ $start = $p.CreationDate.ToUniversalTime().ToString('s') + 'Z' }}; \
         $line = \"$($p.CommandLine)\" -replace '\\p{{Cc}}', ' '; if (-not $line.Trim()) {{ $line = \"[$($p.Name)]\" }}; \
         \"$($p.ProcessId) $start $($p.WorkingSetSize) $line\" }}; \
         $by = ''; if (whoami /groups | Select-String 'S-1-16-12288|S-1-16-16384') {{ $by = ', {ADMINISTRATOR}' }}; \
         \"$($all.Count) {ALL}$by\""
    )
}
