//! A file's text as `cat` and `Get-Content` print it, or what they say where there is none to print.

use std::io::Cursor;

use super::Read;
use crate::{
    finding::{Reason, Unknown},
    host::Opened,
};

/// What the program says of one of the paths instead of its text: `Ok` where it is not there.
pub fn error(text: &str, paths: &[String]) -> Read<()> {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty())?;
    // Long paths are broken over lines there.
    let squeezed: String = text
        .lines()
        .take(4)
        .flat_map(str::split_whitespace)
        .collect();
    let named = paths
        .iter()
        .map(|path| path.split_whitespace().collect::<String>())
        .any(|path| {
            // Nothing whose name is longer.
            squeezed.match_indices(&path).any(|(at, _)| {
                let next = squeezed[at + path.len()..].chars().next();
                next.is_none_or(|next| ":'\"’”»".contains(next))
            })
        });
    let told: String = text
        .lines()
        .take(4)
        .map(str::trim)
        .collect::<Vec<_>>()
        .join(" ");
    let says = |words: &[&str]| words.iter().any(|words| told.contains(words));
    let is_error = [
        "cat: ",
        "Get-Content : ",
        "Get-Content: ",
        "bash: ",
        "sh: ",
        "-bash: ",
        "gzip: ",
    ]
    .iter()
    .any(|start| line.starts_with(start));
    if !is_error || !named {
        return None;
    }
    Some(
        if says(&["No such file or directory", "does not exist", "cannot open"])
            && !says(&["Permission denied"])
        {
            Ok(())
        } else if says(&["Permission denied", "is denied"]) {
            Err(Unknown::new(Reason::NoRight, line.to_owned()))
        } else {
            Err(Unknown::new(Reason::Other, line.to_owned()))
        },
    )
}

/// The text as an opened file of that name.
pub fn opened(path: String, text: String) -> Opened {
    Opened {
        path,
        size_bytes: text.len() as u64,
        modified: None,
        content: Ok(Box::new(Cursor::new(text.into_bytes()))),
    }
}
