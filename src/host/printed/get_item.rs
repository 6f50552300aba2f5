//! What `Get-Item … | Format-List FullName, Length, LastWriteTime` prints of one path.

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
    let squeezed = |text: &str| text.split_whitespace().collect::<String>().to_lowercase();
    let whole = squeezed(text);
    if text
        .lines()
        .any(|line| line.trim_start().starts_with("Get-Item"))
        && whole.contains(&squeezed(path))
    {
        if text.contains("PathNotFound,") || text.contains("because it does not exist") {
            return Some(Ok(None));
        }
        if text.contains("UnauthorizedAccess")
            || text.contains("PermissionDenied")
            || text.contains("is denied")
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
    // A folder has no length.
    let length = value(block, "Length").and_then(|length| length.parse().ok());
    value(block, "LastWriteTime")?;
    Some(Ok(Some(FileMeta {
        path: path.to_owned(),
        size_bytes: length.unwrap_or(0),
        modified: None,
        owner: None,
        folder: length.is_none(),
        readable: None,
        writable: None,
    })))
}
