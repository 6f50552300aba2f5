//! The script for Windows against PowerShell's grammar: no PowerShell runs here.

use tree_sitter::{Node, Parser};
use waypost::{
    finding::{Os, Value},
    probe::kind,
};

use super::{home, run, text};

/// Places that do not fit the grammar.
fn faults(node: Node<'_>, source: &str, found: &mut Vec<String>) {
    if node.is_error() || node.is_missing() {
        let line = node.start_position().row + 1;
        let text = source.get(node.byte_range()).unwrap_or_default();
        found.push(format!(
            "line {line}: {}",
            text.chars().take(100).collect::<String>()
        ));
        return;
    }
    let mut cursor = node.walk();
    for child in node.children(&mut cursor) {
        faults(child, source, found);
    }
}

fn check(source: &str) -> Vec<String> {
    let mut parser = Parser::new();
    parser
        .set_language(&tree_sitter_powershell::LANGUAGE.into())
        .expect("the grammar");
    let tree = parser.parse(source, None).expect("a tree");
    let mut found = Vec::new();
    faults(tree.root_node(), source, &mut found);
    found
}

#[test]
fn the_scripts_for_windows_fit_the_grammar() {
    assert!(!check("if (1 { }").is_empty(), "the grammar tells faults");
    let home = home();
    // The landing page leads to all the others.
    for more in [&[][..], &["--input", "agent_dir=C:\\mid $x`'y\\agent"][..]] {
        let arguments = ["ask", "mid-server", "--os", "windows"];
        let arguments = arguments
            .iter()
            .chain(["--input", "instance_url=https://a.example"].iter())
            .chain(more);
        let arguments: Vec<&str> = arguments.copied().collect();
        let output = run(home.path(), &arguments, "");
        assert!(output.status.success(), "{}", text(&output.stderr));
        let script = text(&output.stdout);
        assert!(
            script.starts_with('\u{feff}'),
            "PowerShell 5.1 needs the mark"
        );
        let script = script.trim_start_matches('\u{feff}').replace("\r\n", "\n");
        assert_eq!(check(&script), Vec::<String>::new(), "{more:?}");
        let arguments = [&arguments[..], &["--text"]].concat();
        let typed = text(&run(home.path(), &arguments, "").stdout);
        let typed: Vec<&str> = typed
            .lines()
            .filter_map(|line| line.strip_prefix("    "))
            .collect();
        assert!(typed.len() > 2, "{typed:?}");
        for command in typed {
            assert_eq!(check(command), Vec::<String>::new(), "{command}");
        }
        // Each command by itself too: in the script it is a text.
        for command in script.split("@'\n").skip(1) {
            let command = command.split("\n'@").next().unwrap_or_default();
            assert_eq!(check(command), Vec::<String>::new(), "{command}");
        }
    }
}

/// The commands to copy of kinds that no shipped tree asks for with these parameters.
#[test]
fn the_commands_for_windows_fit_the_grammar() {
    for (name, json) in [
        ("process", r#"{"match": "it's"}"#),
        (
            "service",
            r#"{"name": ["mid", "snc_*"], "process": "C:\\a b\\", "pid_file": "C:\\x.pid"}"#,
        ),
        ("command", r#"{"run": ["java", "-version", "it's \"x\""]}"#),
        ("command", r#"{"run": ["C:\\a b\\java.exe"]}"#),
    ] {
        let value: serde_json::Value = serde_json::from_str(json).expect("valid JSON in this test");
        let Value::Map(params) = Value::from(value) else {
            panic!("parameters are a map")
        };
        let manual = kind(name)
            .expect("it is known")
            .manual(&params, Os::Windows);
        assert!(!manual.is_empty(), "{name}");
        for manual in manual {
            assert_eq!(
                check(&manual.command),
                Vec::<String>::new(),
                "{}",
                manual.command
            );
        }
    }
}
