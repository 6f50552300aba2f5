//! What may know of ratatui and crossterm, read from the source.

use std::{fs, path::Path};

fn files(folder: &Path, found: &mut Vec<std::path::PathBuf>) {
    for entry in fs::read_dir(folder).expect("the folder is there").flatten() {
        let path = entry.path();
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push(path);
        }
    }
}

fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap_or_default();
    let code: Vec<&str> = text
        .lines()
        .map(|line| line.split("//").next().unwrap_or(""))
        .collect();
    code.join("\n")
}

#[test]
fn the_terminal_is_known_where_it_must_be() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/app/tui");
    let mut all = Vec::new();
    files(&root, &mut all);
    all.retain(|path| !path.components().any(|part| part.as_os_str() == "tests"));
    for path in all
        .iter()
        .filter(|path| path.extension().is_some_and(|end| end == "rs"))
    {
        let inside = path.strip_prefix(&root).expect("it is in the folder");
        let name = inside.to_string_lossy().replace('\\', "/");
        let code = code(path);
        if !["input.rs", "guard.rs", "clipboard.rs", "run.rs", "port.rs"].contains(&name.as_str()) {
            assert!(!code.contains("crossterm"), "`{name}` names crossterm");
        }
        let draws = name.starts_with("view/")
            || ["theme.rs", "guard.rs", "run.rs", "wizard.rs"].contains(&name.as_str());
        if !draws {
            assert!(!code.contains("ratatui"), "`{name}` names ratatui");
            assert!(
                !code.contains("Timestamp::now") || name == "run.rs",
                "`{name}` asks for the time"
            );
        }
        if name.starts_with("view/") {
            for word in ["std::fs", "std::io", "&mut Model", "Timestamp::now"] {
                assert!(!code.contains(word), "`{name}` names `{word}`");
            }
        }
    }
}
