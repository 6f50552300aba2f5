//! The text of a tree: read, checked, and every mistake shown.
//!
//! Holds: each mistake lies in the text, between characters; no control character of the text reaches the terminal;
//! reading twice says the same.

#![no_main]

use jiff::civil::date;
use libfuzzer_sys::fuzz_target;
use waypost::{
    diag::{Diagnostic, SourceText, render},
    tree::{Forest, Origin, lint, load},
};

fuzz_target!(|bytes: &[u8]| {
    let first = read(bytes);
    assert_eq!(first, read(bytes), "reading twice says two things");
});

/// The tree's hash, and everything that is wrong with it.
fn read(bytes: &[u8]) -> (Option<String>, Vec<Diagnostic>) {
    let side_files = |name: &str| match name {
        "known.txt" => Ok(b"name\nurl = address\nmid.*\n".to_vec()),
        _ => Err(format!("there is no `{name}`")),
    };
    let (tree, source, mut mistakes) = load("tree.yaml", Origin::Embedded, bytes, &side_files);
    let hash = tree.as_ref().map(|tree| tree.hash.clone());
    let forest = Forest::new(tree.map(Into::into));
    let checked = lint::check(&forest, date(2026, 11, 20));
    mistakes.extend(checked.into_iter().map(|(_, mistake)| mistake));
    for mistake in &mistakes {
        lies_in(&source, mistake);
    }
    (hash, mistakes)
}

fn lies_in(source: &SourceText, mistake: &Diagnostic) {
    let (text, span) = (source.text(), mistake.span);
    assert!(span.start <= span.end, "{mistake:?} ends before it begins");
    assert!(
        text.get(span.range()).is_some(),
        "{mistake:?} does not lie in a text of {} bytes",
        text.len()
    );
    let shown = render(source, mistake, false);
    assert!(
        shown.chars().all(|c| c == '\n' || !c.is_control()),
        "{shown:?} has control characters"
    );
}
