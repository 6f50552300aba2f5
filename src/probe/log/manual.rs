//! What a person runs instead: the lines that the patterns find, as they stand in the files and oldest first, so that the
//! same judge reads them; the end of the files, where that is not enough; and which files there are (see [`listed`]).

use crate::{
    finding::Os,
    probe::{
        Manual,
        log::{listed, wanted::Wanted},
        shell,
    },
};

/// Lines of the files that the second command gives.
pub(super) const TAIL: usize = 2000;
/// Lines of hits that the first one gives at most.
const HITS: usize = 500;

/// `None` where a parameter cannot stand in a command line.
pub fn commands(wanted: &Wanted, os: Os) -> Option<Vec<Manual>> {
    let quote = if os == Os::Windows {
        shell::literal
    } else {
        shell::glob
    };
    let globs: Option<Vec<String>> = wanted.globs.iter().map(|glob| quote(glob, os)).collect();
    let globs = globs?;
    let sources = wanted
        .start
        .iter()
        .chain(wanted.patterns.iter().map(|pattern| &pattern.expression));
    let joined: Vec<String> = sources.map(|expression| expression.for_grep()).collect();
    let pattern = shell::literal(&joined.join("|"), os)?;
    // With neighbours to mind, all that may be one must be there.
    let around = if wanted.patterns.iter().any(|pattern| pattern.near.is_some()) {
        wanted.reach()
    } else {
        0
    };
    let (hits, tail) = match os {
        Os::Windows => windows(wanted, &globs, &pattern, around),
        Os::Linux | Os::Macos => unix(wanted, &globs, &pattern, around),
    };
    let compressed = compressed(wanted) && os == Os::Windows;
    let but = if compressed {
        "; compressed files are left out"
    } else {
        ""
    };
    let tells = match os {
        Os::Windows => format!("the last {TAIL} lines of the newest file"),
        Os::Linux | Os::Macos => format!("the last {TAIL} lines"),
    };
    let mut all = vec![
        Manual::new(hits, format!("the lines that matter, oldest first{but}")),
        Manual::new(tail, tells),
    ];
    if os != Os::Windows
        && let Some(list) = listed::command(wanted, &globs.join(" "), reader(wanted), os)
    {
        let tells =
            "which files there are; only with it, that a line or a file is not there counts";
        all.push(Manual::new(list, tells));
    }
    Some(all)
}

/// `gzip -cdf` hands on what is not compressed.
fn reader(wanted: &Wanted) -> &'static str {
    if compressed(wanted) {
        "gzip -cdf"
    } else {
        "cat"
    }
}

/// Whether a glob may name compressed files.
fn compressed(wanted: &Wanted) -> bool {
    wanted.globs.iter().any(|glob| glob.ends_with(['*', 'z']))
}

fn unix(wanted: &Wanted, globs: &[String], pattern: &str, around: usize) -> (String, String) {
    let globs = globs.join(" ");
    let ignore = if wanted.case { "" } else { "i" };
    let read = reader(wanted);
    let around = if around > 0 {
        format!(" -B {around} -A {around}")
    } else {
        String::new()
    };
    let all = format!("ls -tr -- {globs} 2>/dev/null | tr '\\n' '\\0' | xargs -0 {read} --");
    (
        format!("{all} | grep -a{ignore}E{around} -e {pattern} | tail -n {HITS}"),
        format!("{all} | tail -n {TAIL}"),
    )
}

fn windows(wanted: &Wanted, globs: &[String], pattern: &str, around: usize) -> (String, String) {
    let files = format!(
        "Get-ChildItem -File -Path {} | Where-Object Extension -ne '.gz'",
        globs.join(", ")
    );
    let case = if wanted.case { " -CaseSensitive" } else { "" };
    let select = if around > 0 {
        // Printed by itself, a line with neighbours would get marks before it.
        let lines = "ForEach-Object { $_.Context.PreContext; $_.Line; $_.Context.PostContext }";
        format!("Select-String{case} -Context {around}, {around} -Pattern {pattern} | {lines}")
    } else {
        format!("Select-String{case} -Pattern {pattern} | ForEach-Object Line")
    };
    (
        format!(
            "{files} | Sort-Object LastWriteTime | Get-Content | {select} | Select-Object -Last {HITS}"
        ),
        format!(
            "{files} | Sort-Object LastWriteTime | Select-Object -Last 1 | Get-Content -Tail {TAIL}"
        ),
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::finding::Value;

    #[track_caller]
    fn check(json: serde_json::Value, os: Os, expected: Option<(&str, &str)>) {
        let Value::Map(params) = Value::from(json) else {
            panic!("parameters are a map")
        };
        let wanted = Wanted::new(&params).expect("the parameters make sense");
        let manual = commands(&wanted, os);
        let found = manual
            .as_ref()
            .map(|manual| (manual[0].command.as_str(), manual[1].command.as_str()));
        assert_eq!(found, expected);
    }

    #[test]
    fn for_a_unix_shell() {
        check(
            json!({"files": ["/opt/my mid/logs/agent0.log.?"], "start": "MID Server started", "patterns": {
                "auth": "user '.*' on", "code": {"match": "x", "near": r"code=\d+", "within": 15}}}),
            Os::Linux,
            Some((
                "ls -tr -- '/opt/my mid/logs/agent0.log.'? 2>/dev/null | tr '\\n' '\\0' | xargs -0 cat -- | \
                 grep -aiE -B 15 -A 15 -e 'MID Server started|user '\\''(.)*'\\'' on|x' | tail -n 500",
                "ls -tr -- '/opt/my mid/logs/agent0.log.'? 2>/dev/null | tr '\\n' '\\0' | xargs -0 cat -- | tail -n 2000",
            )),
        );
        check(
            json!({"files": "/logs/wrapper.log*", "case": true, "patterns": {"a": "b"}}),
            Os::Macos,
            Some((
                "ls -tr -- /logs/wrapper.log* 2>/dev/null | tr '\\n' '\\0' | xargs -0 gzip -cdf -- | grep -aE -e 'b' | tail -n 500",
                "ls -tr -- /logs/wrapper.log* 2>/dev/null | tr '\\n' '\\0' | xargs -0 gzip -cdf -- | tail -n 2000",
            )),
        );
    }

    #[test]
    fn for_powershell() {
        check(
            json!({"files": [r"C:\my mid\logs\agent0.log.?", r"C:\x.log"], "patterns": {"a": "it's"}}),
            Os::Windows,
            Some((
                r"Get-ChildItem -File -Path 'C:\my mid\logs\agent0.log.?', 'C:\x.log' | Where-Object Extension -ne '.gz' | Sort-Object LastWriteTime | Get-Content | Select-String -Pattern 'it''s' | ForEach-Object Line | Select-Object -Last 500",
                r"Get-ChildItem -File -Path 'C:\my mid\logs\agent0.log.?', 'C:\x.log' | Where-Object Extension -ne '.gz' | Sort-Object LastWriteTime | Select-Object -Last 1 | Get-Content -Tail 2000",
            )),
        );
        check(
            json!({"files": r"C:\x.log", "case": true, "patterns": {"a": {"match": "b", "near": "c"}}}),
            Os::Windows,
            Some((
                r"Get-ChildItem -File -Path 'C:\x.log' | Where-Object Extension -ne '.gz' | Sort-Object LastWriteTime | Get-Content | Select-String -CaseSensitive -Context 5, 5 -Pattern 'b' | ForEach-Object { $_.Context.PreContext; $_.Line; $_.Context.PostContext } | Select-Object -Last 500",
                r"Get-ChildItem -File -Path 'C:\x.log' | Where-Object Extension -ne '.gz' | Sort-Object LastWriteTime | Select-Object -Last 1 | Get-Content -Tail 2000",
            )),
        );
    }
}
