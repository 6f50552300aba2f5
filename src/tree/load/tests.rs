//! Hostile and broken files, and what is still read of them.

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

/// A broken entry is left out up to the end of its text, however that ends.
#[test]
fn a_broken_entry_at_the_end() {
    for end in ["x", "ü", "x\n", "ü\n", "ü\r\n", "\u{fffd}"] {
        for line_break in ["\n", "\r\n"] {
            let text = format!("{GOOD}nodes:\n  a:\n    ask: [1, }}\n    why: {end}");
            let (tree, _, found) = load_text(text.replace('\n', line_break).as_bytes());
            let codes: Vec<&str> = found.iter().map(|diagnostic| diagnostic.code).collect();
            assert!(tree.is_some(), "{text:?}");
            assert_eq!(
                codes.iter().filter(|code| **code == "bad-yaml").count(),
                1,
                "{text:?}"
            );
        }
    }
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

#[test]
fn remarks_of_a_side_file_are_for_whoever_edits_it() {
    let text =
        format!("{GOOD}probes:\n  c:\n    config: {{ file: /x, format: ini, known: n.txt }}\n");
    let side_files =
        |_: &str| Ok(b"\xEF\xBB\xBF# what is known\nurl\n\n  # more\nname = id\n".to_vec());
    let (tree, ..) = load("t.yaml", Origin::Embedded, text.as_bytes(), &side_files);
    let tree = tree.expect("a tree");
    let known = &tree.probes["c"].params["known"].value;
    let lines = ["url", "name = id"].map(str::to_owned);
    assert_eq!(*known, crate::tree::Param::SideFile(lines.to_vec().into()));
}
