//! What ships inside the program: the trees with their side files, and the demo hosts.

use include_dir::{Dir, include_dir};

/// `trees/`.
pub static TREES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/trees");

/// `assets/demo/`: a folder for each recorded host.
pub static DEMOS: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/assets/demo");

/// Every file of an embedded folder, those of its folders too, with its path below the root.
pub fn files(folder: &'static Dir<'static>) -> Vec<&'static include_dir::File<'static>> {
    let mut all: Vec<_> = folder.files().collect();
    for inner in folder.dirs() {
        all.extend(files(inner));
    }
    all
}
