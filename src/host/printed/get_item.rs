//! What `Get-Item … | Format-List FullName, PSIsContainer, Length, LastWriteTime` prints of one path.

use super::{
    Read,
    format_list::{blocks, value},
};
use crate::{
    finding::{Reason, Unknown},
    host::FileMeta,
};

/// Reads what it printed of `path`; the inner `None`: there is nothing.
pub fn read(text: &str, path: &str) -> Read<Option<FileMeta>> {
    if let Some(error) = error(text, path) {
        if ["PathNotFound,", "becauseitdoesnotexist"]
            .iter()
            .any(|says| error.contains(says))
        {
            return Some(Ok(None));
        }
        if ["UnauthorizedAccess", "PermissionDenied", "isdenied"]
            .iter()
            .any(|says| error.contains(says))
        {
            return Some(Err(Unknown::new(
                Reason::NoRight,
                format!("{path}: access is denied"),
            )));
        }
    }
    let same = |name: &str| {
        name.replace('/', "\\")
            .eq_ignore_ascii_case(&path.replace('/', "\\"))
    };
    let all = blocks(text);
    let block = all
        .iter()
        .find(|block| value(block, "FullName").is_some_and(same))?;
    value(block, "LastWriteTime")?;
    let length: Option<u64> = value(block, "Length").and_then(|length| length.parse().ok());
    // A folder has no length, and what has one is none; but the line may be lost.
    let folder = match value(block, "PSIsContainer") {
        Some("True") => Some(true),
        Some("False") => Some(false),
        _ => length.map(|_| false),
    };
    Some(Ok(Some(FileMeta {
        size_bytes: length,
        folder,
        ..FileMeta::there(path)
    })))
}

/// The error that names the path, without blanks and line breaks: a console breaks it at its width. Each is told of one path.
fn error(text: &str, path: &str) -> Option<String> {
    let begins = |line: &str| {
        let rest = line.trim_start().strip_prefix("Get-Item");
        rest.is_some_and(|rest| rest.trim_start().starts_with(':'))
    };
    let squeezed = |text: &str| text.split_whitespace().collect::<String>();
    let named = squeezed(path).to_lowercase();
    let lines: Vec<&str> = text.lines().collect();
    let starts = (0..lines.len()).filter(|at| begins(lines[*at]));
    let mut errors = starts.map(|from| {
        let rest = lines[from + 1..].iter();
        let length = rest.take_while(|line| !line.trim().is_empty() && !begins(line));
        squeezed(&lines[from..=from + length.count()].concat())
    });
    errors.find(|error| {
        let lower = error.to_lowercase();
        let mut places = lower.match_indices(&named);
        // Quoted, each in its language's way, so that nothing of a longer path is taken for it.
        places.any(|(at, _)| {
            let quote = |c: Option<char>| c.is_some_and(|c| "'\"‘’“”„«»(:".contains(c));
            quote(lower[..at].chars().next_back())
                && quote(lower[at + named.len()..].chars().next())
        })
    })
}
