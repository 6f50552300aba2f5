//! A file's text as somebody pasted it. A file that is broken off and a paste that is look the same, so one that a format
//! shows to be broken off is unknown; formats of lines do not show it, and there the paste's end is taken for the file's.

use crate::{
    finding::{Reason, Unknown},
    host::{Reply, printed::content},
    probe::{
        config::{Format, Wanted},
        pasted::Pasted,
    },
};

pub(super) fn read(
    wanted: &Wanted,
    pasted: &Pasted,
) -> Result<Vec<Result<Reply, Unknown>>, Unknown> {
    let text = pasted.text();
    if let Some(error) = content::error(&text, &wanted.paths) {
        // Of several files the next may be there.
        return match (error, wanted.paths.as_slice()) {
            (Ok(()), [_]) => Ok(vec![Ok(Reply::Files(Vec::new()))]),
            (Ok(()), _) => Err(pasted.refused()),
            (Err(unknown), _) => Ok(vec![Err(unknown)]),
        };
    }
    let text = match &wanted.format {
        Format::Xml(shape) => match xml(&text, &shape.entry) {
            Some(text) => text,
            None => return Err(pasted.refused()),
        },
        Format::Json => match json(&text) {
            Some(text) => text,
            None => return Err(pasted.refused()),
        },
        Format::Properties | Format::Ini | Format::Yaml if is_of_lines(&text) => Ok(&*text),
        Format::Properties | Format::Ini | Format::Yaml => return Err(pasted.refused()),
    };
    let path = match wanted.paths.as_slice() {
        [path] => path.clone(),
        paths => format!("one of {}", paths.join(", ")),
    };
    let reply = text.map(|text| {
        // What was pasted is UTF-8, whatever the file says of itself.
        let text = format!("\u{feff}{text}");
        Reply::Files(vec![content::opened(path, text)])
    });
    Ok(vec![reply])
}

fn cut(why: String) -> Unknown {
    Unknown::new(
        Reason::NotWhole,
        format!("the paste is not the whole file: {why}"),
    )
}

/// The document, without what stands around it; an error where it is not whole, nothing where it is no such document.
fn xml<'t>(text: &'t str, entry: &str) -> Option<Result<&'t str, Unknown>> {
    let document = &text[text.find('<')?..];
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ':');
    let root = document.match_indices('<').find_map(|(at, _)| {
        let rest = &document[at + 1..];
        let end = rest.find(|c| !is_name(c)).unwrap_or(rest.len());
        (end > 0).then(|| &rest[..end])
    })?;
    let end = format!("</{root}>");
    match document.rfind(&end) {
        Some(at) if root != entry => Some(Ok(&document[..at + end.len()])),
        _ if !document.contains(&format!("<{entry}")) => None,
        _ if root == entry => Some(Err(cut(format!("it begins with an entry, `<{entry}`")))),
        _ => Some(Err(cut(format!(
            "its end, `{end}`, is missing; or the file itself is broken off"
        )))),
    }
}

fn json(text: &str) -> Option<Result<&str, Unknown>> {
    let text = text.trim();
    let closing = match text.chars().next()? {
        '{' => '}',
        '[' => ']',
        _ => return None,
    };
    Some(if text.ends_with(closing) {
        Ok(text)
    } else {
        Err(cut(format!(
            "its end, `{closing}`, is missing; or the file itself is broken off"
        )))
    })
}

/// Most lines are entries, sections or comments.
fn is_of_lines(text: &str) -> bool {
    let is_entry = |line: &str| {
        let key = line.split(['=', ':']).next().unwrap_or_default().trim();
        key.len() < line.trim_end().len() && !key.is_empty() && !key.contains(char::is_whitespace)
    };
    let (mut fits, mut all) = (0_usize, 0_usize);
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        all += 1;
        if line.starts_with(['#', '!', ';', '[', '-']) || is_entry(line) {
            fits += 1;
        }
    }
    fits * 4 > all * 3
}
