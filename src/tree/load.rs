//! A tree from the bytes of a file. Reads nothing itself: whoever calls hands over the bytes and a way to side files.
//!
//! A mistake never hides the others: the entry with it is left out, and the rest is read. What could be made is given
//! even where there are errors, so that it can be checked; only a tree without errors may be used.

use std::{borrow::Cow, ops::Range};

use sha2::{Digest, Sha256};

use crate::{
    diag::{Diagnostic, SourceText, Span},
    tree::{
        Origin, Tree,
        lint::codes,
        lower,
        yaml::{self, Yaml},
    },
};

/// A tree's file, in bytes.
pub const MAX_FILE: usize = 64 * 1024 * 1024;
/// Nodes in one tree.
pub const MAX_NODES: usize = 200_000;
/// A file beside a tree, in bytes.
pub const MAX_SIDE_FILE: usize = 16 * 1024 * 1024;
/// How often a file is read again with a broken entry left out: in full for a file of a usual size only.
const MAX_ATTEMPTS: usize = 24;
const LARGE_FILE: usize = 1024 * 1024;

/// Gives the bytes of a file beside the tree by its plain name; the error is a lowercase fragment.
pub type SideFiles<'a> = dyn Fn(&str) -> Result<Vec<u8>, String> + 'a;

/// Reads a tree. `name` is what messages call the file.
pub fn load(
    name: &str,
    origin: Origin,
    bytes: &[u8],
    side_files: &SideFiles<'_>,
) -> (Option<Tree>, SourceText, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    if bytes.len() > MAX_FILE {
        let message = format!(
            "the file has {} MiB; a tree may have at most {} MiB",
            bytes.len() >> 20,
            MAX_FILE >> 20
        );
        diagnostics.push(Diagnostic::error(
            codes::PAST_BOUND,
            Span::default(),
            message,
        ));
        return (None, SourceText::new(name, ""), diagnostics);
    }
    let text = decode(bytes, &mut diagnostics);
    let source = SourceText::new(name, text);
    let mut hash = Sha256::new();
    hash.update(bytes);

    let mut left_out = Vec::new();
    let mut blanked: Option<String> = None;
    let tree = loop {
        let text = blanked.as_deref().unwrap_or(source.text());
        let before = diagnostics.len();
        match yaml::parse(text, &source, &mut diagnostics) {
            Ok(None) => {
                if left_out.is_empty() {
                    diagnostics.push(Diagnostic::error(
                        codes::NOT_A_TREE,
                        Span::default(),
                        "the file is empty",
                    ));
                }
                break None;
            }
            Ok(Some(root)) => {
                break lowered(
                    &root,
                    origin,
                    &source,
                    &left_out,
                    side_files,
                    hash,
                    &mut diagnostics,
                );
            }
            Err(broken) => {
                // What was found on the way is found again by the next reading.
                diagnostics.truncate(before);
                let at = broken.diagnostic.span.start;
                let seen = diagnostics
                    .iter()
                    .any(|known| known.span == broken.diagnostic.span);
                if !seen {
                    diagnostics.push(*broken.diagnostic);
                }
                let attempts = if text.len() > LARGE_FILE {
                    1
                } else {
                    MAX_ATTEMPTS
                };
                if !broken.recoverable || seen || left_out.len() >= attempts {
                    break None;
                }
                let range = entry_around(text, at);
                if range.is_empty()
                    || text[range.clone()]
                        .bytes()
                        .all(|byte| byte.is_ascii_whitespace())
                {
                    break None;
                }
                let mut next = text.to_owned();
                next.replace_range(range.clone(), &blank(&text[range.clone()]));
                left_out.push(Span::new(range.start, range.end));
                blanked = Some(next);
            }
        }
    };
    diagnostics.sort_by_key(|diagnostic| (diagnostic.span.start, diagnostic.span.end));
    // What an alias repeats is told once.
    diagnostics.dedup();
    (tree, source, diagnostics)
}

fn lowered(
    root: &Yaml<'_>,
    origin: Origin,
    source: &SourceText,
    left_out: &[Span],
    side_files: &SideFiles<'_>,
    hash: Sha256,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Tree> {
    if root.as_map().is_none() {
        let message = format!(
            "a tree is a mapping that begins with `waypost: 1`, and this is {}",
            root.what()
        );
        diagnostics.push(Diagnostic::error(
            codes::NOT_A_TREE,
            Span::new(root.span.start, root.span.start),
            message,
        ));
        return None;
    }
    lower::tree(
        root,
        origin,
        source,
        left_out,
        side_files,
        hash,
        diagnostics,
    )
}

/// The bytes as text. What is not UTF-8 is reported once and replaced.
fn decode<'b>(bytes: &'b [u8], diagnostics: &mut Vec<Diagnostic>) -> Cow<'b, str> {
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        let message = "the file is UTF-16: save it as UTF-8";
        diagnostics.push(Diagnostic::error(
            codes::BAD_ENCODING,
            Span::default(),
            message,
        ));
        return Cow::Borrowed("");
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(error) => {
            let at = error.valid_up_to();
            let text = String::from_utf8_lossy(bytes).into_owned();
            let count = text.matches('\u{FFFD}').count();
            let message = match count {
                1 => "this is no UTF-8".to_owned(),
                _ => format!("this is no UTF-8, nor are {} other places", count - 1),
            };
            diagnostics.push(
                Diagnostic::error(
                    codes::BAD_ENCODING,
                    Span::new(at, at + '\u{FFFD}'.len_utf8()),
                    message,
                )
                .help("the file is likely Latin-1 or Windows-1252: save it as UTF-8"),
            );
            Cow::Owned(text)
        }
    }
}

/// The value of the entry around `at` that can be left out: that of a key at most one step in (a node, an input), from
/// behind its colon to the next key at that level or before.
fn entry_around(text: &str, at: usize) -> Range<usize> {
    let mut start = text[..at].rfind('\n').map_or(0, |at| at + 1);
    let (key_start, indent) = loop {
        let line = text[start..].lines().next().unwrap_or("");
        let indent = line.len() - line.trim_start_matches(' ').len();
        if indent <= 2 && key_end(line).is_some() {
            break (start, indent);
        }
        if start == 0 {
            return at..at;
        }
        start = text[..start - 1].rfind('\n').map_or(0, |at| at + 1);
    };
    let line = text[key_start..].lines().next().unwrap_or("");
    let value = key_start + key_end(line).unwrap_or(line.len());
    let mut lines = text[key_start..].split_inclusive('\n');
    let mut end = key_start + lines.next().map_or(0, str::len);
    for line in lines {
        let own = line.len() - line.trim_start_matches(' ').len();
        let deeper = own > indent || own == indent && line.trim_start().starts_with("- ");
        if !deeper && !line.trim().is_empty() && !line.starts_with('\t') && end > at {
            break;
        }
        end += line.len();
    }
    let end = end.max(at).min(text.len());
    value..end.max(value)
}

/// Where the value of a line `key: …` begins.
fn key_end(line: &str) -> Option<usize> {
    let rest = line.trim_start_matches(' ');
    let indent = line.len() - rest.len();
    let name = rest.find(|c: char| !(c.is_alphanumeric() || c == '-' || c == '_'))?;
    (name > 0
        && rest[name..].starts_with(':')
        && rest[name + 1..]
            .chars()
            .next()
            .is_none_or(char::is_whitespace))
    .then_some(indent + name + 1)
}

/// As many bytes of white space, the lines kept.
fn blank(text: &str) -> String {
    text.bytes()
        .map(|byte| {
            if matches!(byte, b'\n' | b'\r') {
                byte as char
            } else {
                ' '
            }
        })
        .collect()
}

#[cfg(test)]
mod tests;
