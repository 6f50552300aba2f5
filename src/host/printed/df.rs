//! What `df -Pk` prints: the form that POSIX fixes, whose heading alone is in the machine's language.

use super::{Read, cut, no_program};
use crate::{
    finding::{Reason, Unknown},
    host::DiskSpace,
};

const KIB: u64 = 1024;

/// Reads what it printed of `path`; `echoed`: the command that asks for `path` stands before it. Where links lead a path
/// to another disk, only the command tells whose line it is.
pub fn read(text: &str, path: &str, echoed: bool) -> Read<DiskSpace> {
    if let Some(unknown) = no_program(text, "df") {
        return Some(Err(unknown));
    }
    if let Some(error) = text
        .lines()
        .map(str::trim)
        .find(|line| line.starts_with("df: ") && line.contains(path))
    {
        let reason = if error.ends_with("Permission denied") {
            Reason::NoRight
        } else {
            Reason::NotAvailable
        };
        return Some(Err(Unknown::new(reason, error.to_owned())));
    }
    let is_heading = |line: &&str| {
        line.split_whitespace().count() >= 6
            && line
                .split_whitespace()
                .any(|word| word.starts_with("1024-") || word.starts_with("1K-"))
    };
    let heading = text.lines().find(is_heading)?;
    let mut rows = text
        .lines()
        .skip_while(|line| *line != heading)
        .skip(1)
        .filter(|line| !line.trim().is_empty());
    let Some(line) = rows.next() else {
        return Some(Err(cut("df", "only the heading stands there")));
    };
    let Some((space, mount)) = row(line) else {
        return Some(Err(cut(
            "df",
            &format!("`{}` is no whole line of it", line.trim()),
        )));
    };
    // One disk alone answers for one path.
    let is_other = rows.next().is_some_and(|line| row(line).is_some());
    let below = mount == "/"
        || path == mount
        || path
            .strip_prefix(mount)
            .is_some_and(|rest| rest.starts_with('/'));
    if is_other || !(echoed || below) {
        return None;
    }
    Some(Ok(space))
}

/// Whether somebody typed it for something else than `path`, so that what stands behind it is of another disk.
pub fn of_another(text: &str, path: &str) -> bool {
    let path = path.trim_end_matches('/');
    let other = |line: &str| {
        let mut words = line
            .split_whitespace()
            .skip_while(|word| *word != "df")
            .skip(1);
        let before = line
            .split_once("df")
            .map_or("", |(before, _)| before.trim_end());
        let typed =
            before.is_empty() || before.ends_with(['$', '#', '%', '>']) || before.ends_with("sudo");
        let named = words.any(|word| !word.starts_with('-'));
        let names_it = line.match_indices(path).any(|(at, _)| {
            let rest = line[at + path.len()..].trim_start_matches('/');
            rest.is_empty() || rest.starts_with([' ', '\'', '"'])
        });
        typed && named && !names_it
    };
    !path.is_empty() && text.lines().any(other)
}

/// `/dev/sda1  102687672 5125896 92302512  6% /`: the sizes, and where it is mounted. The first and the last word may hold
/// blanks.
fn row(line: &str) -> Option<(DiskSpace, &str)> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let used = words.iter().position(|word| {
        word.strip_suffix('%')
            .is_some_and(|number| number.parse::<u16>().is_ok())
    })?;
    let number = |back: usize| words.get(used.checked_sub(back)?)?.parse::<u64>().ok();
    let (total, _, free) = (number(3)?, number(2)?, number(1)?);
    if used < 4 {
        return None;
    }
    let (_, mount) = line.split_once(words[used])?;
    let mount = mount.trim();
    // The BSDs tell of files between: how many there are, how many there may be, and how full that is.
    let mount = match mount.split_once('%') {
        Some((files, mount))
            if !mount.is_empty()
                && files.contains(' ')
                && files
                    .chars()
                    .all(|c| c.is_ascii_digit() || c.is_whitespace()) =>
        {
            mount.trim()
        }
        _ => mount,
    };
    let space = DiskSpace {
        free_bytes: free.checked_mul(KIB)?,
        total_bytes: total.checked_mul(KIB)?,
    };
    mount.starts_with('/').then_some((space, mount))
}
