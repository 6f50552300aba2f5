//! The front end of the tree language from outside: the trees that ship, hostile files, and each code's fixtures.

use std::{fs, path::Path};

use waypost::{
    diag::{self, Diagnostic, SourceText},
    tree::{self, Origin, Tree},
};

/// Loads a file with the files beside it.
fn load_file(path: &Path) -> (Option<Tree>, SourceText, Vec<Diagnostic>) {
    let bytes = fs::read(path).expect("the file of this test is there");
    let folder = path.parent().map(Path::to_owned).unwrap_or_default();
    let side_files =
        |name: &str| fs::read(folder.join(name)).map_err(|error| error.kind().to_string());
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    tree::load(&name, Origin::File(name.clone()), &bytes, &side_files)
}

fn rendered(source: &SourceText, diagnostics: &[Diagnostic]) -> String {
    diagnostics
        .iter()
        .map(|diagnostic| diag::render(source, diagnostic, false) + "\n")
        .collect()
}

#[test]
#[ignore = "waits for the kind `log`"]
fn the_trees_that_ship_load() {
    let mut found = String::new();
    for entry in fs::read_dir("trees/mid-server").expect("the trees are there") {
        let path = entry.expect("a readable entry").path();
        if path
            .extension()
            .is_some_and(|extension| extension == "yaml")
        {
            let (tree, source, diagnostics) = load_file(&path);
            assert!(tree.is_some(), "{} gives no tree", path.display());
            found += &rendered(&source, &diagnostics);
        }
    }
    assert_eq!(found, "");
}
