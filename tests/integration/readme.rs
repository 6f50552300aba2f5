//! The README: its sample tree is sound, what it names is there, and its commands are commands.

use std::{fs, path::Path, process::Command};

use waypost::{
    finding::Os,
    tree::{Forest, Origin, lint, load},
};

fn readme() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    fs::read_to_string(path).expect("there is a README")
}

/// The fenced blocks of a language.
fn blocks<'a>(text: &'a str, language: &str) -> Vec<&'a str> {
    let fence = format!("```{language}\n");
    text.split(&fence)
        .skip(1)
        .filter_map(|rest| rest.split("```").next())
        .collect()
}

#[test]
fn the_sample_tree_has_no_mistake() {
    let text = readme();
    let trees = blocks(&text, "yaml");
    assert_eq!(trees.len(), 1);
    let none = |name: &str| Err(format!("there is no `{name}`"));
    let (tree, source, found) = load("README.md", Origin::Embedded, trees[0].as_bytes(), &none);
    let said: Vec<&str> = found.iter().map(|it| it.message.as_str()).collect();
    assert!(said.is_empty(), "{}: {said:?}", source.name());
    let tree = tree.expect("a tree without mistakes");
    assert!(
        tree.symptoms
            .iter()
            .all(|it| it.text.get(Os::Linux).is_some())
    );
    let forest = Forest::new([std::sync::Arc::new(tree)]);
    let today = jiff::civil::date(2026, 11, 20);
    assert_eq!(lint::check(&forest, today), []);
}

#[test]
fn what_it_names_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = readme();
    for name in ["src/", "trees/", "tests/", "assets/", "benches/"] {
        assert!(text.contains(name) && root.join(name).is_dir(), "{name}");
    }
    let picture = text
        .split("](")
        .nth(1)
        .and_then(|rest| rest.split(')').next());
    assert!(
        picture.is_some_and(|path| root.join(path).is_file()),
        "{picture:?}"
    );
}

#[test]
fn its_commands_are_commands() {
    let text = readme();
    let lines = blocks(&text, "sh").concat();
    let mut known = 0;
    for line in lines
        .lines()
        .filter_map(|line| line.strip_prefix("waypost "))
    {
        let word = line.split_whitespace().next().unwrap_or_default();
        if word.starts_with('-') {
            continue;
        }
        let output = Command::new(env!("CARGO_BIN_EXE_waypost"))
            .args([word, "--help"])
            .output();
        let output = output.expect("the program runs");
        assert!(output.status.success(), "waypost {word}");
        assert!(
            String::from_utf8_lossy(&output.stdout).contains(&format!("waypost {word}")),
            "{word}"
        );
        known += 1;
    }
    assert!(known >= 4, "only {known} commands are named");
}

#[test]
fn its_table_of_kinds_is_made_from_what_they_say() {
    let table = waypost::probe::table();
    assert!(
        readme().contains(&format!("\n\n{table}\n")),
        "put this into the README:\n{table}"
    );
}
