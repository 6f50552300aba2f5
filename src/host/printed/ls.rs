//! What `ls -ld` prints of one path.

use super::Read;
use crate::{
    finding::{Reason, Unknown},
    host::FileMeta,
};

/// Reads what it printed of `path`; the inner `None`: there is nothing.
pub fn read(text: &str, path: &str) -> Read<Option<FileMeta>> {
    for line in text.lines().map(str::trim) {
        if line.starts_with("ls: ") && line.contains(path) {
            return Some(if absent(line).is_some_and(|name| is_path(name, path)) {
                Ok(None)
            } else if absent(line).is_some() {
                // Something whose name is longer.
                continue;
            } else {
                let reason = if line.ends_with(": Permission denied") {
                    Reason::NoRight
                } else {
                    Reason::Other
                };
                Err(Unknown::new(reason, line.to_owned()))
            });
        }
        let words: Vec<&str> = line.split_whitespace().collect();
        let [mode, links, owner, _, size, ..] = words.as_slice() else {
            continue;
        };
        let (true, Ok(_), Ok(size_bytes)) =
            (is_mode(mode), links.parse::<u32>(), size.parse::<u64>())
        else {
            continue;
        };
        let folder = match mode.as_bytes().first() {
            Some(b'd') => true,
            Some(b'-') => false,
            Some(b'l') if line.contains(&format!(" {path} -> ")) => {
                let why = format!("{path}: is a link, and what it leads to was not listed");
                return Some(Err(Unknown::new(Reason::NotWhole, why)));
            }
            _ => continue,
        };
        if line.ends_with(&format!(" {path}")) {
            return Some(Ok(Some(FileMeta {
                // The time tells no zone, and of a young file no year.
                size_bytes: Some(size_bytes),
                owner: Some((*owner).to_owned()),
                folder: Some(folder),
                ..FileMeta::there(path)
            })));
        }
    }
    None
}

/// What is not there: `ls: cannot access 'x': …`, and of other programs `ls: x: …`.
fn absent(line: &str) -> Option<&str> {
    let name = line
        .strip_prefix("ls: ")?
        .strip_suffix(": No such file or directory")?;
    Some(name.strip_prefix("cannot access ").unwrap_or(name))
}

/// Whether a name is the path, quoted or not.
pub(super) fn is_path(name: &str, path: &str) -> bool {
    const QUOTES: [(&str, &str); 3] = [("'", "'"), ("‘", "’"), ("`", "'")];
    let mut quoted = QUOTES.iter();
    name == path
        || quoted.any(|(open, close)| {
            let inner = name.strip_prefix(open);
            inner.and_then(|inner| inner.strip_suffix(close)) == Some(path)
        })
}

/// Whether a line tells of a path that is there.
pub fn is_row(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let mode = words.next().is_some_and(is_mode);
    mode && words
        .next()
        .is_some_and(|links| links.parse::<u32>().is_ok())
}

fn is_mode(word: &str) -> bool {
    let rights = word.get(1..10);
    rights.is_some_and(|rights| rights.chars().all(|c| "rwxsStT-".contains(c)))
}
