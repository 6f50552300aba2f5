//! The command that tells which log files there are, and what it prints. Only with it, pasted lines can say that something
//! does not stand in a log, or that there is none: it counts the lines of each file, and looks for the files a second time
//! in a way that says where it could not look. A glob alone finds nothing where a folder may not be read.

use crate::{
    finding::{Os, Unknown},
    host::{FileMeta, printed},
    probe::{log::wanted::Wanted, shell},
};

/// What stands in the last line between the number of the others and the globs.
const END: &str = " lines tell of all logs of ";

/// The command; `None` where the globs cannot be looked for a second time.
pub fn command(wanted: &Wanted, globs: &str, read: &str, os: Os) -> Option<String> {
    let mut finds = String::new();
    for glob in &wanted.globs {
        let sought = Sought::of(glob)?;
        let root = shell::quote(sought.root, os)?;
        let depth = sought.parts.len();
        finds += &match depth {
            0 => format!("find -L {root} -maxdepth 0; "),
            // The root may have signs that would mean something in a pattern.
            _ => format!(
                "find -L {root} -mindepth {depth} -maxdepth {depth} -path {}; ",
                shell::literal(&format!("*/{}", sought.parts.join("/")), os)?
            ),
        };
    }
    let beside: Option<Vec<String>> = wanted
        .beside
        .iter()
        .map(|path| shell::quote(path, os))
        .collect();
    let beside = match beside?.as_slice() {
        [] => String::new(),
        paths => format!("ls -ldL -- {}; ", paths.join(" ")),
    };
    let end = shell::literal(&end(wanted), os)?;
    // Counted, since one of its lines that is lost would be a log that is not there.
    Some(format!(
        "( LC_ALL=C; export LC_ALL; ls -tr -- {globs} 2>/dev/null | while IFS= read -r f; do \
         printf '%s lines, %s NUL: %s\\n' $({read} -- \"$f\" | grep -ac '') $({read} -- \"$f\" | tr -dc '\\000' | wc -c) \"$f\"; \
         done; {finds}{beside}) 2>&1 | {{ n=0; while IFS= read -r l; do printf '%s\\n' \"$l\"; n=$((n+1)); done; echo \"$n\"{end}; }}"
    ))
}

fn end(wanted: &Wanted) -> String {
    format!("{END}{}", wanted.globs.join(", "))
}

/// A glob, taken apart where its first wild sign stands.
struct Sought<'a> {
    root: &'a str,
    /// The parts below it; of a path without wild signs, none.
    parts: Vec<&'a str>,
}

impl<'a> Sought<'a> {
    fn of(glob: &'a str) -> Option<Self> {
        if !glob.starts_with('/') || glob.contains("//") || glob.ends_with('/') {
            return None;
        }
        let Some(wild) = glob.find(['*', '?', '[']) else {
            return Some(Self {
                root: glob,
                parts: Vec::new(),
            });
        };
        let slash = glob[..wild].rfind('/')?;
        let below = &glob[slash + 1..];
        // These mean other things to `find`, or reach to any depth.
        if slash == 0 || below.contains(['[', '\\']) || below.contains("**") {
            return None;
        }
        Some(Self {
            root: &glob[..slash],
            parts: below.split('/').collect(),
        })
    }
}

/// What the command printed.
#[derive(Debug, PartialEq)]
pub struct Listed {
    /// The files, the oldest first, and how many lines each has.
    pub files: Vec<(String, usize)>,
    /// The first that is there of what has to stand beside them.
    pub beside: Result<Option<FileMeta>, Unknown>,
}

/// Takes the list from the end of a text: what stands before it, and the list. `None` for the list where there is none, or
/// where it does not tell all: a folder could not be read, a file neither, one of them was seen once, or a line was lost.
pub fn split<'t>(wanted: &Wanted, text: &'t str) -> (&'t str, Option<Listed>) {
    let body = text.trim_end();
    let (before, last) = match body.rfind('\n') {
        Some(at) => body.split_at(at + 1),
        None => ("", body),
    };
    let Some(count) = last.trim().strip_suffix(&end(wanted)) else {
        return (text, None);
    };
    let mut start = before.len();
    let mut lines = before.split_inclusive('\n').rev();
    let mut left = count.parse::<usize>().unwrap_or(usize::MAX);
    while left > 0 {
        // Whatever is no line of the list is one of what stands before it.
        match lines.next().filter(|line| is_of_list(line.trim())) {
            Some(line) => start -= line.len(),
            None => return (&text[..start], None),
        }
        left -= 1;
    }
    (&text[..start], read(wanted, &before[start..]))
}

fn is_of_list(line: &str) -> bool {
    counted(line).is_some() || line.starts_with('/') || is_error(line) || printed::ls::is_row(line)
}

fn is_error(line: &str) -> bool {
    ["find: ", "ls: ", "cat: ", "gzip: "]
        .iter()
        .any(|program| line.starts_with(program))
}

fn read(wanted: &Wanted, text: &str) -> Option<Listed> {
    let roots: Option<Vec<&str>> = wanted
        .globs
        .iter()
        .map(|glob| Some(Sought::of(glob)?.root))
        .collect();
    let roots = roots?;
    let (mut files, mut found, mut rest) = (Vec::new(), Vec::new(), String::new());
    for line in text.lines().map(str::trim) {
        if let Some((lines, nul, path)) = counted(line) {
            // Of these nobody knows what a shell makes on the way.
            if nul > 0 {
                return None;
            }
            files.push((path.to_owned(), lines));
        } else if line.starts_with('/') {
            found.push(line);
        } else if line.starts_with("ls: ") || printed::ls::is_row(line) {
            rest += line;
            rest.push('\n');
        } else if !absent(line).is_some_and(|path| roots.contains(&path)) {
            return None;
        }
    }
    let mut listed: Vec<&str> = files.iter().map(|(path, _)| path.as_str()).collect();
    listed.sort_unstable();
    listed.dedup();
    found.sort_unstable();
    found.dedup();
    if listed != found || listed.len() != files.len() {
        return None;
    }
    let mut beside = Ok(None);
    for path in &wanted.beside {
        beside = printed::ls::read(&rest, path)?;
        if !matches!(beside, Ok(None)) {
            break;
        }
    }
    Some(Listed { files, beside })
}

/// `12 lines, 0 NUL: /path`; BSD's `wc` pads its number, which the shell takes away.
fn counted(line: &str) -> Option<(usize, u64, &str)> {
    let (lines, rest) = line.split_once(" lines, ")?;
    let (nul, path) = rest.split_once(" NUL: ")?;
    path.starts_with('/')
        .then_some((lines.parse().ok()?, nul.parse().ok()?, path))
}

/// The path of which `find` says that it is not there.
fn absent(line: &str) -> Option<&str> {
    let path = line
        .strip_prefix("find: ")?
        .strip_suffix(": No such file or directory")?;
    Some(path.trim_matches(['\'', '`', '\u{2018}', '\u{2019}']))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::finding::Value;

    fn wanted(files: serde_json::Value) -> Wanted {
        let json = json!({"files": files, "beside": ["/m/conf", "/m/x"], "patterns": {"a": "b"}});
        let Value::Map(params) = Value::from(json) else {
            panic!("parameters are a map")
        };
        Wanted::new(&params).expect("the parameters make sense")
    }

    #[test]
    fn where_globs_are_looked_for() {
        let check = |glob: &str, expected: Option<(&str, &[&str])>| {
            let found = Sought::of(glob);
            let found = found
                .as_ref()
                .map(|sought| (sought.root, &sought.parts[..]));
            assert_eq!(found, expected, "{glob}");
        };
        check("/m/logs/a.log", Some(("/m/logs/a.log", &[])));
        check("/m/logs/a.log.?", Some(("/m/logs", &["a.log.?"])));
        check("/m/t*/x/a.log", Some(("/m", &["t*", "x", "a.log"])));
        check("/m/**/a.log", None);
        check("/m/[ab]/a.log", None);
        check("/*/a.log", None);
        check("m/*.log", None);
    }

    const FILES: &str =
        "12 lines, 0 NUL: /m/logs/a.1\n3 lines, 0 NUL: /m/logs/a.0\n/m/logs/a.0\n/m/logs/a.1\n";
    const ABSENT: &str = "find: '/m/t': No such file or directory\n";
    const BESIDE: &str = "ls: cannot access '/m/conf': No such file or directory\n-rw-r--r-- 1 mid mid 7 Nov 20 10:00 /m/x\n";

    /// With its last line.
    fn ended(list: &str) -> String {
        let lines = list.lines().count();
        format!("{list}{lines} lines tell of all logs of /m/logs/a.?, /m/t/*/b\n")
    }

    fn files(text: &str) -> Option<Vec<(String, usize)>> {
        let wanted = wanted(json!(["/m/logs/a.?", "/m/t/*/b"]));
        split(&wanted, text).1.map(|listed| listed.files)
    }

    #[test]
    fn a_whole_list() {
        let both = vec![
            ("/m/logs/a.1".to_owned(), 12),
            ("/m/logs/a.0".to_owned(), 3),
        ];
        let check = |list: &str, expected: &[(String, usize)]| {
            assert_eq!(files(&ended(list)).as_deref(), Some(expected), "{list}");
        };
        check(&format!("{FILES}{ABSENT}{BESIDE}"), &both);
        check(&format!("{FILES}{BESIDE}"), &both);
        check(BESIDE, &[]);
        check(&format!("{ABSENT}{BESIDE}"), &[]);
        let wanted = wanted(json!(["/m/logs/a.?", "/m/t/*/b"]));
        let text = format!(
            "a line\n/m/logs\n{}",
            ended(&format!("{FILES}{ABSENT}{BESIDE}"))
        );
        let (piece, listed) = split(&wanted, &text);
        assert_eq!(piece, "a line\n/m/logs\n");
        let beside = listed.expect("it is whole").beside;
        let beside = beside.map(|meta| meta.map(|meta| meta.path));
        assert_eq!(beside, Ok(Some("/m/x".to_owned())));
    }

    /// What was not seen is nothing that is not there.
    #[test]
    fn a_list_that_does_not_tell_all() {
        let check = |text: String| assert_eq!(files(&text), None, "{text}");
        let list = |list: String| check(ended(&list));
        list(format!("find: '/m/t/x': Permission denied\n{BESIDE}"));
        list(format!("find: '/m/logs': Permission denied\n{BESIDE}"));
        // It was there a moment ago.
        list(format!(
            "find: '/m/t/x': No such file or directory\n{BESIDE}"
        ));
        // The shell saw no file, since it may not read the folder; and the other way.
        list(format!("/m/logs/a.0\n{BESIDE}"));
        list(format!("3 lines, 0 NUL: /m/logs/a.0\n{BESIDE}"));
        list(format!(
            "cat: /m/logs/a.0: Permission denied\n{FILES}{BESIDE}"
        ));
        list(FILES.replace("3 lines, 0", "3 lines, 7") + BESIDE);
        // Nothing was said of what stands beside it.
        list(FILES.to_owned());
        let whole = ended(&format!("{FILES}{BESIDE}"));
        check(whole.replace("a.?", "b.?"));
        check(whole.replace("6 lines", "7 lines"));
        check(whole.replace("6 lines", "x lines"));
        check(format!("{FILES}{BESIDE}"));
        check(String::new());
    }
}
