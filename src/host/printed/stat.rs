//! What GNU `stat` prints of one path, in English. A link is not what it leads to.

use jiff::Timestamp;

use super::{Read, cut, ls::is_path};
use crate::{
    finding::{Reason, Unknown},
    host::FileMeta,
};

/// Reads what it printed of `path`; the inner `None`: there is nothing.
pub fn read(text: &str, path: &str) -> Read<Option<FileMeta>> {
    let mut lines = text.lines().map(str::trim).skip_while(|line| {
        let named = line.strip_prefix("File: ").map(str::trim);
        let failed = match absent(line) {
            Some(name) => is_path(name, path),
            None => line.starts_with("stat: ") && line.contains(path),
        };
        !failed && !named.is_some_and(|named| is_path(named, path))
    });
    let first = lines.next()?;
    if first.starts_with("stat: ") {
        if absent(first).is_some() {
            return Some(Ok(None));
        }
        let reason = if first.ends_with(": Permission denied") {
            Reason::NoRight
        } else {
            Reason::Other
        };
        return Some(Err(Unknown::new(reason, first.to_owned())));
    }
    let rest: Vec<&str> = lines
        .take_while(|line| !line.starts_with("File: "))
        .collect();
    let after = |label: &str| rest.iter().find_map(|line| line.strip_prefix(label));
    let Some(size) = after("Size: ") else {
        return Some(Err(cut("stat", "`Size:` is missing")));
    };
    let kind = size
        .rsplit_once("   ")
        .map_or(size, |(_, kind)| kind.trim());
    let (folder, link) = (kind.ends_with("directory"), kind.ends_with("symbolic link"));
    if link {
        let why = format!("{path}: is a link, and what it leads to was not shown");
        return Some(Err(Unknown::new(Reason::NotWhole, why)));
    }
    let bytes = size
        .split_whitespace()
        .next()
        .and_then(|size| size.parse().ok());
    let Some(size_bytes) = bytes.filter(|_| folder || kind.ends_with("file")) else {
        return Some(Err(cut("stat", "its size or what it is is missing")));
    };
    // `Access: (0644/-rw-r--r--)  Uid: ( 1000/     mid)   Gid: …`
    let owner = rest.iter().find_map(|line| {
        let (_, owner) = line.split_once("Uid: (")?;
        let (_, owner) = owner.split_once('/')?;
        let (owner, _) = owner.split_once(')')?;
        Some(owner.trim().to_owned())
    });
    Some(Ok(Some(FileMeta {
        size_bytes: Some(size_bytes),
        modified: after("Modify: ").and_then(time),
        owner,
        folder: Some(folder),
        ..FileMeta::there(path)
    })))
}

/// What is not there: `stat: cannot statx 'x': …`, of older versions `stat: cannot stat 'x': …`.
fn absent(line: &str) -> Option<&str> {
    let name = line
        .strip_prefix("stat: ")?
        .strip_suffix(": No such file or directory")?;
    let bare = ["cannot statx ", "cannot stat "]
        .iter()
        .find_map(|words| name.strip_prefix(words));
    Some(bare.unwrap_or(name))
}

/// `2026-11-20 10:00:00.000000000 +0100`
fn time(text: &str) -> Option<Timestamp> {
    Timestamp::strptime("%Y-%m-%d %H:%M:%S%.f %z", text.trim()).ok()
}
