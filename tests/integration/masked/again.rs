//! Masking what is masked changes nothing.

use std::{
    fs,
    path::{Path, PathBuf},
};

use waypost::redact::Redactor;

/// Every text that lies in the repository as recorded.
fn texts(folder: &Path, into: &mut Vec<(PathBuf, String)>) {
    for entry in fs::read_dir(folder).expect("the folder is there").flatten() {
        let path = entry.path();
        if path.is_dir() {
            texts(&path, into);
        } else if let Ok(text) = fs::read_to_string(&path) {
            into.push((path, text));
        }
    }
}

#[test]
fn masking_again_changes_nothing() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut all = Vec::new();
    for folder in ["tests/hosts", "tests/printed", "assets/demo"] {
        texts(&root.join(folder), &mut all);
    }
    assert!(all.len() > 300, "only {} texts", all.len());
    let mut wrong = Vec::new();
    for (path, text) in all {
        let mut redactor = Redactor::default();
        let once = redactor.text(&text);
        let others = Redactor::default().text(&once);
        if redactor.text(&once) != once || others != once {
            wrong.push(format!("{}: {once}\nand again: {others}", path.display()));
        }
        if once.lines().count() != text.lines().count() {
            wrong.push(format!("{}: lines went", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
