//! A file's text as somebody pasted it. A file that is broken off and a paste that is look the same, so one that a format
//! shows to be broken off is unknown, unless the number of its lines was pasted as well and all of them stand there; formats
//! of lines do not show it, and there the paste's end is taken for the file's. So is one that chat or mail programs changed
//! on the way: what they make of a sound file looks like a mistake in it.

use std::{borrow::Cow, ops::Range};

use crate::{
    finding::{Os, Reason, Unknown},
    host::{Reply, printed::content},
    probe::{
        changed,
        config::{Format, Wanted, entry::Parsed, judge},
        pasted::Pasted,
        shell,
    },
};

pub(super) fn read(
    wanted: &Wanted,
    pasted: &Pasted,
) -> Result<Vec<Result<Reply, Unknown>>, Unknown> {
    let text = match pasted.text() {
        Cow::Borrowed(text) => Cow::Borrowed(uncounted(text)),
        Cow::Owned(text) => Cow::Owned(uncounted(&text).to_owned()),
    };
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
    let text = match (text, wanted.paths.as_slice()) {
        // So it is the file that is broken off.
        (Err(cut), [path]) => whole(pasted, path).ok_or(cut),
        (text, _) => text,
    };
    let text = text.and_then(|text| match changed(wanted, pasted, text) {
        Some(unknown) => Err(unknown),
        None => Ok(text),
    });
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

/// Why the text may not be what stands in the file, which cannot be told from a mistake in it.
fn changed(wanted: &Wanted, pasted: &Pasted, text: &str) -> Option<Unknown> {
    const CURLY: [char; 4] = ['“', '”', '„', '‟'];

    let format = &wanted.format;
    let closed = |text: &str| text.trim_start().starts_with(CURLY);
    let curly = match format {
        Format::Xml(_) => text.split('=').skip(1).any(closed),
        Format::Json => text.split(['{', ',', ':']).skip(1).any(closed),
        Format::Properties | Format::Ini | Format::Yaml => false,
    };
    if curly {
        return Some(changed::unknown(
            "curly quotes stand there, which mail and chat programs put in the place of `\"`",
        ));
    }
    // Browsers put a sign before what can be folded.
    let folds = |line: &str| line.trim_start().starts_with("- <");
    if matches!(format, Format::Xml(_)) && text.lines().any(folds) {
        let why = "it was copied from a browser, which shows the file otherwise than it is";
        return Some(Unknown::new(Reason::Other, why));
    }
    let counted = counted(wanted, pasted, text);
    if let Some(Err(other)) = &counted {
        return Some(changed::unknown(other));
    }
    let parsed = judge::parse(format, text);
    let mut values = parsed.entries.iter().map(|entry| &entry.value);
    let seen = values.find_map(|value| changed::link(value));
    // The file has as many lines, so that its lines are its own.
    let seen = seen.or_else(|| match counted {
        None => cut_lines(format, &parsed, text),
        Some(_) => None,
    });
    let broken = parsed.malformed.is_some();
    let seen = seen.or_else(|| broken.then(|| changed::typography(text)).flatten());
    seen.map(|seen| changed::unknown(&seen))
}

/// Lines that a window or a mail program cut, in a format in which nobody breaks them there.
fn cut_lines(format: &Format, parsed: &Parsed, text: &str) -> Option<String> {
    let breaks = |at: &Range<usize>| text[at.clone()].contains('\n');
    let in_a_value = match format {
        Format::Xml(shape) => parsed.entries.iter().any(|entry| {
            breaks(&entry.name_at) || shape.value.is_some() && breaks(&entry.value_at)
        }),
        Format::Json | Format::Properties | Format::Ini | Format::Yaml => false,
    };
    if in_a_value {
        return Some("a line breaks off within a value".to_owned());
    }
    let by_lines = !matches!(format, Format::Xml(_) | Format::Json);
    if by_lines || parsed.malformed.is_none() {
        return None;
    }
    changed::cut_document(text)
}

/// Whether as many lines were pasted as the file has; `None` where nobody knows how many those are. Of what stands around the
/// document nobody knows whether it is the file's.
fn counted(wanted: &Wanted, pasted: &Pasted, document: &str) -> Option<Result<(), String>> {
    let [path] = wanted.paths.as_slice() else {
        return None;
    };
    let all = pasted.text();
    let count = count(&all[uncounted(&all).len()..], path)?;
    let (own, empty) = match pasted.echoes(0) {
        true => (pasted.output(0)?, pasted.empty_behind(0)),
        false => (&*all, 0),
    };
    let most = uncounted(own).lines().count() + empty;
    // In UTF-16 what stands behind the last line break is counted as a line.
    let wide = document.lines().next()?.to_lowercase().contains("utf-16");
    let least = document.lines().count();
    let fits = least <= count && count <= most + usize::from(wide);
    let stand = if count < least { least } else { most };
    Some(match fits {
        true => Ok(()),
        false => Err(format!(
            "{stand} lines stand there, and the file has {count}"
        )),
    })
}

/// What [`counting`] printed of the file.
fn count(counted: &str, path: &str) -> Option<usize> {
    let mut counts = counted
        .lines()
        .filter_map(|line| line.trim().strip_prefix(path)?.strip_prefix(':'));
    counts.next()?.parse().ok()
}

/// Without what [`counting`] prints.
fn uncounted(text: &str) -> &str {
    match text.find(COUNTED) {
        Some(at) if at == 0 || text[..at].ends_with('\n') => &text[..at],
        _ => text,
    }
}

/// The file's text, where as many lines were pasted as it has.
fn whole<'p>(pasted: &'p Pasted, path: &str) -> Option<&'p str> {
    if !(pasted.echoes(0) && pasted.echoes(1)) {
        return None;
    }
    let (text, counted) = (pasted.output(0)?, pasted.output(1)?);
    (text.lines().count() == count(counted, path)?).then_some(text)
}

/// What it prints of the file that it is given so that it names the other one too.
const COUNTED: &str = "/dev/null:0";

/// The command that prints how many lines a file has, for a format in which it matters; `None` where nobody can tell which
/// of several files was printed.
pub(super) fn counting(wanted: &Wanted, os: Os) -> Option<String> {
    let ([path], Format::Xml(_) | Format::Json, Os::Linux | Os::Macos) =
        (wanted.paths.as_slice(), &wanted.format, os)
    else {
        return None;
    };
    Some(format!("grep -ac '' /dev/null {}", shell::quote(path, os)?))
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::{
        finding::{Os, Value},
        host::Reply,
        probe::{Kind, config::Config},
    };

    /// `whole`, or why not.
    fn read(text: &str) -> String {
        let json =
            json!({"file": "/m/a.xml", "format": "xml", "entry": "p", "key": "k", "value": "v"});
        let Value::Map(params) = Value::from(json) else {
            panic!("parameters are a map")
        };
        let commands = Config.manual(&params, Os::Linux);
        let commands: Vec<&str> = commands.iter().map(|one| one.command.as_str()).collect();
        assert_eq!(
            commands,
            ["cat -- /m/a.xml", "grep -ac '' /dev/null /m/a.xml"]
        );
        match Config.read(&params, Os::Linux, text).as_deref() {
            Ok([Ok(Reply::Files(files))]) => format!("{} files", files.len()),
            Ok([Err(unknown)]) => unknown.detail.clone(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_file_that_is_broken_off_is_told_by_its_lines() {
        let check = |text: &str, expected: &str| assert_eq!(read(text), expected, "{text}");
        let cut = "the paste is not the whole file: its end, `</ps>`, is missing; or the file itself is broken off";
        let (cat, grep) = (
            "$ cat -- /m/a.xml\n",
            "$ grep -ac '' /dev/null /m/a.xml\n/dev/null:0\n",
        );
        let file = "<ps>\n<p k=\"a\" v=\"b\"/>\n<p k=";
        check(&format!("{cat}{file}\n{grep}/m/a.xml:3\n"), "1 files");
        check(&format!("{cat}{file}\n{grep}/m/a.xml:4\n"), cut);
        check(&format!("{cat}{file}\n{grep}"), cut);
        check(&format!("{cat}{file}\n"), cut);
        check(&format!("{file}\n/dev/null:0\n/m/a.xml:3\n"), cut);
        check(&format!("{cat}<ps>\n<p k=\n{grep}/m/a.xml:3\n"), cut);
        check(&format!("{cat}{file}\n$ ls\n{grep}/m/b.xml:3\n"), cut);
        let missing = "cat: /m/a.xml: No such file or directory\n";
        check(
            &format!("{cat}{missing}{grep}grep: /m/a.xml: No such file or directory\n"),
            "0 files",
        );
        check(
            &format!("{cat}<ps>\n<p k=\"a\" v=\"b\"/>\n</ps>\n{grep}/m/a.xml:3\n"),
            "1 files",
        );
    }
}
