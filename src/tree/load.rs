//! A tree from the bytes of a file. Reads nothing itself: whoever calls hands over the bytes and a way to side files.
//!
//! A mistake never hides the others: the entry with it is left out, and the rest is read. What could be made is given
//! even where there are errors, so that it can be checked; only a tree without errors may be used.

use std::ops::Range;

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
fn decode(bytes: &[u8], diagnostics: &mut Vec<Diagnostic>) -> String {
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        let message = "the file is UTF-16: save it as UTF-8";
        diagnostics.push(Diagnostic::error(
            codes::BAD_ENCODING,
            Span::default(),
            message,
        ));
        return String::new();
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
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
            text
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
    let mut end = key_start + line.len();
    for line in text[end..].split_inclusive('\n').skip(1) {
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
mod tests {
    use super::*;

    fn load_text(bytes: &[u8]) -> (Option<Tree>, SourceText, Vec<Diagnostic>) {
        let none = |_: &str| Err("there is none".to_owned());
        load("t.yaml", Origin::Embedded, bytes, &none)
    }

    const GOOD: &str = "waypost: 1\nid: t\ntitle: T\n";

    /// Hostile bytes, and the codes that are reported, each once.
    #[test]
    fn hostile_files() {
        let check = |what: &str, bytes: &[u8], expected: &[&str]| {
            let (_, _, found) = load_text(bytes);
            let codes: Vec<&str> = found.iter().map(|diagnostic| diagnostic.code).collect();
            assert_eq!(codes, expected, "{what}");
        };
        let crlf = GOOD.replace('\n', "\r\n");
        let nested = |open: &str, close: &str, count: usize| {
            format!(
                "{GOOD}summary: {}{}\n",
                open.repeat(count),
                close.repeat(count)
            )
        };
        let mut bomb = "a: &a [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for (at, name) in ('b'..='j').enumerate() {
            let before = char::from(b'a' + u8::try_from(at).expect("below 10"));
            bomb += &format!(
                "{name}: &{name} [{}]\n",
                vec![format!("*{before}"); 10].join(", ")
            );
        }
        let mut steps = String::new();
        for level in 0..300 {
            steps += &format!("{}a:\n", " ".repeat(level));
        }
        check("good", GOOD.as_bytes(), &[]);
        check("empty", b"", &["not-a-tree"]);
        check("white space", b"  \n\n", &["not-a-tree"]);
        check("a null", b"~", &["not-a-tree"]);
        check("a BOM", &[b"\xEF\xBB\xBF", GOOD.as_bytes()].concat(), &[]);
        check("CRLF", crlf.as_bytes(), &[]);
        check("CR alone", GOOD.replace('\n', "\r").as_bytes(), &[]);
        check(
            "Latin-1",
            b"waypost: 1\nid: t\ntitle: T\xFCr\n",
            &["bad-encoding"],
        );
        check("UTF-16", b"\xFF\xFEw\0a\0", &["bad-encoding", "not-a-tree"]);
        check("a NUL", b"waypost: 1\nid: t\ntitle: a\0b\n", &["bad-yaml"]);
        check("a tab", b"waypost: 1\nid: t\n\ttitle: T\n", &["bad-yaml"]);
        check(
            "300 lists",
            nested("[", "]", 300).as_bytes(),
            &["past-bound"],
        );
        check(
            "300 maps",
            nested("{a: ", "}", 300).as_bytes(),
            &["past-bound"],
        );
        check("300 steps", steps.as_bytes(), &["past-bound"]);
        check(
            "255 levels",
            nested("[", "]", 254).as_bytes(),
            &["wrong-type"],
        );
        check(
            "256 levels",
            nested("[", "]", 255).as_bytes(),
            &["past-bound"],
        );
        check(
            "never closed",
            nested("[", "", 200).as_bytes(),
            &["bad-yaml"],
        );
        check("an alias bomb", bomb.as_bytes(), &["past-bound"]);
        check(
            "an alias to itself",
            format!("{GOOD}symptoms: &a [*a]\n").as_bytes(),
            &["bad-yaml"],
        );
        check(
            "no anchor",
            format!("{GOOD}summary: *a\n").as_bytes(),
            &["bad-yaml"],
        );
        check(
            "a tag",
            format!("{GOOD}summary: !!python/object x\n").as_bytes(),
            &["bad-yaml"],
        );
        check(
            "a key twice",
            format!("{GOOD}id: u\n").as_bytes(),
            &["duplicate-name"],
        );
        check(
            "a list as key",
            format!("{GOOD}? [a]\n: b\n").as_bytes(),
            &["bad-yaml"],
        );
        check(
            "a directive",
            format!("%YAML 1.1\n---\n{GOOD}").as_bytes(),
            &[],
        );
        check(
            "two documents",
            format!("{GOOD}---\n{GOOD}").as_bytes(),
            &["bad-yaml"],
        );
        check(
            "a quote never closed",
            format!("{GOOD}summary: \"x\nnodes: {{}}\n").as_bytes(),
            &["bad-yaml"],
        );
        check("one character", b"{", &["bad-yaml"]);
        check("70 MiB", &vec![b' '; 70 << 20], &["past-bound"]);
    }

    #[test]
    fn a_large_file_is_read() {
        let mut text = GOOD.to_owned();
        text += "summary: |\n";
        let line = format!("  {}\n", "x".repeat(4000));
        while text.len() < 60 << 20 {
            text += &line;
        }
        let (tree, _, found) = load_text(text.as_bytes());
        assert!(tree.is_some());
        let codes: Vec<&str> = found.iter().map(|diagnostic| diagnostic.code).collect();
        assert_eq!(codes, [] as [&str; 0]);
    }

    #[test]
    fn too_many_nodes() {
        let mut text = format!("{GOOD}start: n0\nnodes:\n");
        for at in 0..=MAX_NODES {
            text += &format!("  n{at}: {{conclude: c, verdict: healthy}}\n");
        }
        let (tree, _, found) = load_text(text.as_bytes());
        assert_eq!(
            found.iter().map(|d| d.code).collect::<Vec<_>>(),
            ["past-bound"]
        );
        assert_eq!(tree.map(|tree| tree.nodes.len()), Some(MAX_NODES));
    }

    /// Mistakes of syntax in some entries hide neither each other nor those of other entries.
    #[test]
    fn all_mistakes_in_one_run() {
        let text = format!(
            "{GOOD}start: a\nnodes:\n  a:\n    ask: Is it: so?\n  b:\n    conclud: x\n  c:\n    conclude: \"x\" y\n  d:\n    conclude: D\n    verdict: good\n"
        );
        let (tree, source, found) = load_text(text.as_bytes());
        let places: Vec<(&str, usize)> = found
            .iter()
            .map(|d| (d.code, source.position(d.span.start).line))
            .collect();
        assert_eq!(
            places,
            [
                ("bad-yaml", 7),
                ("unknown-key", 9),
                ("bad-yaml", 11),
                ("bad-value", 14)
            ]
        );
        let tree = tree.expect("what could be read is there");
        let broken: Vec<&str> = tree
            .nodes
            .values()
            .filter(|node| node.is_broken())
            .map(|node| node.id.as_str())
            .collect();
        assert_eq!(broken, ["a", "b", "c"]);
    }

    #[test]
    fn side_files_stay_beside_the_tree() {
        let check = |name: &str, read: bool| {
            let text = format!(
                "{GOOD}probes:\n  c:\n    config: {{ file: /x, format: ini, known: '{name}' }}\n"
            );
            let asked = std::cell::Cell::new(false);
            let side_files = |_: &str| {
                asked.set(true);
                Ok(b"a\nb".to_vec())
            };
            let (_, _, found) = load("t.yaml", Origin::Embedded, text.as_bytes(), &side_files);
            assert_eq!((asked.get(), found.is_empty()), (read, read), "{name}");
        };
        check("names.txt", true);
        check("sub/names.txt", true);
        for name in [
            "../names.txt",
            "/etc/passwd",
            "a/../../b",
            "C:\\x",
            "\\\\host\\x",
            "./x",
            "",
            "a//b",
        ] {
            check(name, false);
        }
    }

    #[test]
    fn the_hash_covers_text_and_side_files() {
        let hash = |title: &str, side: &'static [u8]| {
            let text = format!(
                "waypost: 1\nid: t\ntitle: {title}\nprobes:\n  c:\n    config: {{ file: /x, format: ini, known: n.txt }}\n"
            );
            let side_files = |_: &str| Ok(side.to_vec());
            load("t.yaml", Origin::Embedded, text.as_bytes(), &side_files)
                .0
                .map(|tree| tree.hash)
        };
        assert_eq!(hash("A", b"x"), hash("A", b"x"));
        assert_ne!(hash("A", b"x"), hash("B", b"x"));
        assert_ne!(hash("A", b"x"), hash("A", b"y"));
        assert_eq!(hash("A", b"x").map(|hash| hash.len()), Some(64));
    }
}
