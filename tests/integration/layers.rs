//! The direction of the layers, proven twice: by reading the source, and by building the pure half alone.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// Which layers a layer may name beside itself.
const ALLOWED: &[(&str, &[&str])] = &[
    ("finding", &[]),
    ("diag", &[]),
    ("redact", &["finding"]),
    ("host", &["finding", "redact"]),
    ("probe", &["finding", "host"]),
    ("tree", &["diag", "finding", "probe"]),
    ("engine", &["tree", "finding", "probe"]),
    (
        "case",
        &["engine", "tree", "probe", "host", "finding", "redact"],
    ),
    ("report", &["engine", "tree", "finding", "redact"]),
];

/// What no pure layer may name: the world, its clocks, and the crates that touch it.
const IMPURE: &[&str] = &[
    "std::fs",
    "std::net",
    "std::process",
    "std::env",
    "std::thread",
    "Instant",
    "SystemTime",
    "Timestamp::now",
    "Zoned::now",
    "tokio",
    "ratatui",
    "crossterm",
    "clap",
    "reqwest",
    "hickory_resolver",
    "sysinfo",
    "socket2",
    "nix",
    "winapi_util",
    "windows_registry",
    "windows_service",
    "winping",
    "anyhow",
];

fn source(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder is there").flatten() {
        let path = entry.path();
        if path.is_dir() {
            files.extend(source(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

/// The code of a file without its comments.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).expect("source is UTF-8");
    text.lines()
        .map(|line| line.split("//").next().unwrap_or(""))
        .collect::<Vec<_>>()
        .join("\n")
}

/// A file that its folder's `mod.rs` takes in for tests alone.
fn is_for_tests(file: &Path) -> bool {
    let name = file
        .file_stem()
        .and_then(|name| name.to_str())
        .unwrap_or_default();
    let parent = file.with_file_name("mod.rs");
    let declared = fs::read_to_string(parent).unwrap_or_default();
    declared.contains(&format!("#[cfg(test)]\nmod {name};"))
        || declared.contains(&format!("#[cfg(test)]\npub(crate) mod {name};"))
}

/// The layers that a text imports through `crate::`, in single paths and in groups.
fn named_layers(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        if let Some(group) = rest.strip_prefix('{') {
            let mut depth = 0_i32;
            let mut word = String::new();
            let mut at_start = true;
            for character in group.chars() {
                match character {
                    '{' => depth += 1,
                    '}' if depth == 0 => break,
                    '}' => depth -= 1,
                    ',' if depth == 0 => at_start = true,
                    _ if character.is_alphanumeric() || character == '_' => {
                        if at_start && depth == 0 {
                            word.push(character);
                        }
                        continue;
                    }
                    _ => {}
                }
                if !word.is_empty() {
                    found.push(std::mem::take(&mut word));
                    at_start = character == ',';
                }
            }
            if !word.is_empty() {
                found.push(word);
            }
        } else {
            found.push(
                rest.chars()
                    .take_while(|c| c.is_alphanumeric() || *c == '_')
                    .collect(),
            );
        }
    }
    found
}

#[test]
fn a_layer_names_only_what_lies_below_it() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let layers: Vec<&str> = ALLOWED
        .iter()
        .map(|(layer, _)| *layer)
        .chain(["app"])
        .collect();
    let mut wrong = Vec::new();
    for (layer, allowed) in ALLOWED {
        for file in source(&root.join(layer)) {
            if file.starts_with(root.join("host/live")) || is_for_tests(&file) {
                continue;
            }
            let code = code(&file);
            for named in named_layers(&code) {
                if layers.contains(&named.as_str())
                    && named != *layer
                    && !allowed.contains(&named.as_str())
                {
                    wrong.push(format!("{} names `{named}`", file.display()));
                }
            }
            for impure in IMPURE {
                let hit = code.match_indices(impure).any(|(at, _)| {
                    let before = code[..at].chars().next_back();
                    let after = code[at + impure.len()..].chars().next();
                    let word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
                    !word(before) && !word(after)
                });
                if hit {
                    wrong.push(format!("{} names `{impure}`", file.display()));
                }
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "imports that go the wrong way:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn every_folder_is_a_layer_with_rules() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for entry in fs::read_dir(root).expect("src is there").flatten() {
        if entry.path().is_dir() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let known = name == "app" || ALLOWED.iter().any(|(layer, _)| *layer == name);
            assert!(known, "`src/{name}` has no line in ALLOWED");
        }
    }
}

#[test]
fn groups_of_imports_are_read() {
    let check = |code: &str, expected: &[&str]| assert_eq!(named_layers(code), expected, "{code}");
    check("use crate::finding::Value;", &["finding"]);
    check(
        "use crate::{finding::{Value, Os}, host::Look};",
        &["finding", "host"],
    );
    check(
        "use crate::{\n    app,\n    tree::Tree,\n};",
        &["app", "tree"],
    );
}

#[test]
fn the_pure_half_builds_alone() {
    let output = Command::new(env!("CARGO"))
        .args([
            "check",
            "--quiet",
            "--no-default-features",
            "--lib",
            "--target-dir",
            "target/pure",
        ])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs, since it runs this test");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}
