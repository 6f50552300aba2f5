//! The front end of the tree language from outside: the trees that ship, hostile files, and each code's fixtures.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use jiff::civil::{Date, date};
use waypost::{
    diag::{self, Diagnostic, SourceText},
    finding::TreeId,
    tree::{self, Forest, Origin, Tree, lint},
};

/// The day of all these tests.
const TODAY: Date = date(2026, 11, 20);

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
fn the_trees_that_ship_are_without_mistakes() {
    let mut found = String::new();
    let mut trees = Vec::new();
    for path in shipped(Path::new("trees")) {
        let (tree, source, diagnostics) = load_file(&path);
        found += &rendered(&source, &diagnostics);
        trees.extend(tree.map(Arc::new));
    }
    assert!(!trees.is_empty());
    for (_, diagnostic) in lint::duplicates(&trees) {
        found += &format!("{}\n", diagnostic.message);
    }
    let forest = Forest::new(trees);
    for (tree, diagnostic) in lint::check(&forest, TODAY) {
        let tree = forest.tree(&tree).expect("a tree of this forest");
        found += &rendered(&tree.source, &[diagnostic]);
    }
    assert!(found.is_empty(), "{found}");
}

/// Every tree below a folder: scenarios are none.
fn shipped(folder: &Path) -> Vec<PathBuf> {
    let mut out = Vec::new();
    for entry in fs::read_dir(folder).expect("the trees are there") {
        let path = entry.expect("a readable entry").path();
        if path.is_dir() && !path.ends_with("scenarios") {
            out.extend(shipped(&path));
        } else if path
            .extension()
            .is_some_and(|extension| extension == "yaml")
        {
            out.push(path);
        }
    }
    out.sort();
    out
}

/// Every diagnostic of one fixture, that of the trees beside it left out.
fn check_fixture(path: &Path) -> (SourceText, Vec<Diagnostic>) {
    let (tree, source, mut diagnostics) = load_file(path);
    let Some(tree) = tree else {
        return (source, diagnostics);
    };
    let tree = Arc::new(tree);
    let beside = path.with_file_name(format!(
        "with-{}",
        path.file_name().expect("a file's name").to_string_lossy()
    ));
    let mut trees = Vec::new();
    if beside.exists() {
        let (other, source, found) = load_file(&beside);
        assert!(found.is_empty(), "{}", rendered(&source, &found));
        trees.extend(other.map(Arc::new));
    }
    trees.push(tree.clone());
    diagnostics.extend(
        lint::duplicates(&trees)
            .into_iter()
            .filter(|(at, _)| Arc::ptr_eq(&trees[*at], &tree))
            .map(|(_, diagnostic)| diagnostic),
    );
    let found = lint::check(&Forest::new(trees), TODAY);
    diagnostics.extend(of_tree(found, &tree.id));
    diagnostics.sort_by_key(|diagnostic| diagnostic.span.start);
    (source, diagnostics)
}

fn of_tree(
    found: Vec<(TreeId, Diagnostic)>,
    id: &TreeId,
) -> impl Iterator<Item = Diagnostic> + use<'_> {
    found
        .into_iter()
        .filter(move |(tree, _)| tree == id)
        .map(|(_, diagnostic)| diagnostic)
}

/// The fixtures of each code: `bad*.yaml` and `good*.yaml`. What stands beside one is `with-…`.
fn fixtures() -> BTreeMap<String, Vec<PathBuf>> {
    let mut out: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
    for folder in fs::read_dir("tests/lint").expect("the fixtures are there") {
        let folder = folder.expect("a readable entry").path();
        let code = folder
            .file_name()
            .expect("a folder's name")
            .to_string_lossy()
            .into_owned();
        for file in fs::read_dir(&folder).expect("a readable folder") {
            let file = file.expect("a readable entry").path();
            let name = file
                .file_name()
                .expect("a file's name")
                .to_string_lossy()
                .into_owned();
            if name.ends_with(".yaml") && (name.starts_with("bad") || name.starts_with("good")) {
                out.entry(code.clone()).or_default().push(file);
            }
        }
        out.entry(code).or_default().sort();
    }
    out
}

#[test]
fn every_code_has_its_fixtures() {
    let fixtures = fixtures();
    for rule in lint::RULES {
        let names: Vec<String> = fixtures
            .get(rule.code)
            .unwrap_or_else(|| panic!("tests/lint/{} is missing", rule.code))
            .iter()
            .map(|path| {
                path.file_name()
                    .expect("a file's name")
                    .to_string_lossy()
                    .into_owned()
            })
            .collect();
        assert!(
            names.iter().any(|name| name == "bad.yaml"),
            "{} has no bad tree",
            rule.code
        );
        assert!(
            names.iter().any(|name| name == "good.yaml"),
            "{} has no good tree",
            rule.code
        );
    }
    for code in fixtures.keys() {
        assert!(
            lint::explain(code).is_some(),
            "tests/lint/{code} is no code's folder"
        );
    }
}

/// The whole message of every bad fixture; `WAYPOST_BLESS=1` writes them down to be looked at.
#[test]
fn bad_fixtures_say_what_is_wrong() {
    let bless = std::env::var_os("WAYPOST_BLESS").is_some();
    let mut wrong = String::new();
    for (code, files) in fixtures() {
        for file in files {
            let (source, diagnostics) = check_fixture(&file);
            let found = rendered(&source, &diagnostics);
            if file
                .file_name()
                .is_some_and(|name| name.to_string_lossy().starts_with("good"))
            {
                if !diagnostics.is_empty() {
                    wrong += &format!("--- {} is not good:\n{found}\n", file.display());
                }
                continue;
            }
            if !diagnostics.iter().any(|diagnostic| diagnostic.code == code) {
                wrong += &format!("--- {} has no {code}:\n{found}\n", file.display());
            }
            let expected = file.with_extension("txt");
            if bless {
                fs::write(&expected, &found).expect("the message can be written");
            }
            let expected = fs::read_to_string(&expected).unwrap_or_default();
            if expected != found {
                wrong += &format!("--- {}\n{found}\ninstead of\n{expected}\n", file.display());
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn what_a_code_means_is_told() {
    for rule in lint::RULES {
        assert!(!rule.means.is_empty() && !rule.why.is_empty());
        assert!(
            !rule.bad().trim().is_empty() && !rule.good().trim().is_empty(),
            "{}",
            rule.code
        );
        assert_ne!(rule.bad(), rule.good(), "{}", rule.code);
        assert!(!rule.bad().contains("# example"), "{}", rule.code);
    }
    assert!(lint::explain("no-such-code").is_none());
}
