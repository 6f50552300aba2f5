//! Reports as the program writes them: to standard output and into files, of cases and of walks without anybody.

use std::{
    fs,
    path::Path,
    process::{Output, Stdio},
};

use crate::support::{fed_or_over, program};

/// One question, answered by a person or by `--answer`; its texts are hostile.
const TREE: &str = r#"
waypost: 1
id: own
title: "Own <script>alert(1)</script>"
summary: S
symptoms: [s]
start: a
nodes:
  a:
    ask: "Is it [up](javascript:alert(1))?"
    how: "Look."
    answers: [{ answer: Up, goto: fine }, { answer: Down, goto: broken }]
  fine: { conclude: Fine, verdict: healthy }
  broken: { conclude: "Broken <img src=x>", verdict: cause, because: So., fix: Mend it. }
"#;

fn run(home: &Path, arguments: &[&str], keys: &str) -> Output {
    let mut program = program(home, arguments);
    program.env("LC_ALL", "C.UTF-8").stderr(Stdio::piped());
    fed_or_over(&mut program, keys)
}

const DIAGNOSE: [&str; 5] = ["diagnose", "./own.yaml", "--trust", "--answer", "a=down"];

fn said(output: &Output) -> (Option<i32>, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("it is UTF-8");
    (
        output.status.code(),
        text(&output.stdout),
        text(&output.stderr),
    )
}

fn home() -> tempfile::TempDir {
    let home = tempfile::tempdir().expect("a folder can be made");
    fs::write(home.path().join("own.yaml"), TREE).expect("a folder of ours");
    home
}

#[test]
fn a_walk_is_written_into_a_file_that_is_not_there() {
    let home = home();
    let check = |more: &[&str], code: i32, complains: &str| {
        let arguments: Vec<&str> = DIAGNOSE.iter().chain(more).copied().collect();
        let (came, out, error) = said(&run(home.path(), &arguments, ""));
        assert_eq!(came, Some(code), "{more:?}: {error}");
        assert_eq!(out, "", "{more:?}");
        assert!(error.contains(complains), "{more:?}: {error}");
    };
    let read = |name: &str| fs::read_to_string(home.path().join(name)).expect("it is there");
    check(&["-o", "report.html"], 1, "");
    let html = read("report.html");
    assert!(html.starts_with("<!DOCTYPE html>") && html.ends_with("</html>\n"));
    assert!(
        !html.contains("<script") && html.contains("&lt;img src=x&gt;"),
        "{html}"
    );
    let there = "`report.html` is there already; `--force` replaces it";
    check(&["-o", "report.html", "--format", "text"], 2, there);
    assert_eq!(read("report.html"), html);
    check(
        &["-o", "report.html", "--force", "--format", "markdown"],
        1,
        "",
    );
    assert!(read("report.html").starts_with("# Cause found: Broken "));
    check(&["-o", "."], 2, "`.` is no file");
    check(&["-o", "nowhere/report.txt"], 5, "cannot be written");
    check(&["--force"], 2, "--output");
    let mut left: Vec<_> = fs::read_dir(home.path())
        .expect("it is there")
        .map(|entry| entry.expect("it is there").file_name())
        .collect();
    left.retain(|name| {
        name.to_string_lossy().contains("report") || name.to_string_lossy().starts_with('.')
    });
    assert_eq!(left, ["report.html"]);
}

#[test]
fn a_case_is_reported_in_every_format() {
    let home = home();
    let walked = run(
        home.path(),
        &["./own.yaml", "--trust", "--plain"],
        "3\nn password=hunter2-typed <b>now</b>\n2\nq\n",
    );
    assert!(walked.status.success(), "{walked:?}");
    for (format, shows) in [
        ("markdown", r"\<b\>now\</b\>"),
        ("html", "&lt;b&gt;now&lt;/b&gt;"),
        ("text", "<b>now</b>"),
        ("json", "\"node\": \"broken\""),
    ] {
        let (code, out, error) = said(&run(home.path(), &["report", "--format", format], ""));
        assert_eq!((code, error.as_str()), (Some(0), ""), "{format}");
        assert!(out.contains(shows), "`{shows}` is not in {out}");
        assert!(!out.contains("hunter2"), "{out}");
        let (_, same, _) = said(&run(
            home.path(),
            &["report", "--format", format, "-o", "-"],
            "",
        ));
        assert_eq!(same, out, "{format}: `-` is standard output");
        if format != "json" {
            assert!(
                out.contains("‹secret-1›: masked when the case was written"),
                "{out}"
            );
        }
    }
    let markdown = said(&run(home.path(), &["report"], "")).1;
    assert!(markdown.starts_with("# "), "{markdown}");
}

/// What is behind the prompt that gets this line, up to the next prompt.
fn behind(text: &str, prompt: usize) -> &str {
    text.split("\n> ").nth(prompt + 1).unwrap_or_default()
}

#[test]
fn plain_lines_print_the_report_and_save_what_they_print() {
    let home = home();
    let lines = [
        "3", // somebody else's machine
        "n password=hunter2-typed",
        "2",
        "report html",
        "report > a.html",
        "report markdown > a.html",
        "no",
        "report > a.html",
        "y",
        "report > nowhere/a.md",
        "report pdf",
        "report json >",
        "q",
    ];
    let walked = run(
        home.path(),
        &["./own.yaml", "--trust", "--plain"],
        &(lines.join("\n") + "\n"),
    );
    let (code, text, _) = said(&walked);
    assert_eq!(code, Some(0));
    let read = |name: &str| fs::read_to_string(home.path().join(name)).expect("it is there");
    let says = |prompt: usize, expected: &str| {
        let behind = behind(&text, prompt);
        let one_line = behind.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(
            one_line.contains(expected),
            "`{expected}` is not in\n{behind}"
        );
    };
    let html = read("a.html");
    assert!(html.contains("<h1>Cause found: Broken"), "{html}");
    assert!(
        behind(&text, 3).contains(&html),
        "what was printed is what was saved\n{text}"
    );
    says(4, "Saved as ");
    says(
        5,
        "is there already. y replaces it; anything else leaves it.",
    );
    says(6, "It stays as it was.");
    says(8, "Saved as ");
    says(9, "was not written: there is no such folder.");
    says(10, "FORM being one of text, json, markdown, html");
    says(11, "/waypost-own-");
    let json = fs::read_dir(home.path())
        .expect("it is there")
        .map(|entry| {
            entry
                .expect("it is there")
                .file_name()
                .into_string()
                .expect("a name")
        })
        .find(|name| name.starts_with("waypost-own-") && name.ends_with(".json"))
        .expect("the default name");
    assert!(read(&json).contains("\"verdict\": \"cause\""));
    for text in [&text, &html, &read(&json)] {
        assert!(!text.contains("hunter2"), "{text}");
    }
}

#[cfg(unix)]
#[test]
fn a_poor_locale_gets_ascii() {
    let home = home();
    let tree = TREE.replace("Mend it.", "Mend it – „now“.");
    fs::write(home.path().join("own.yaml"), tree).expect("a folder of ours");
    let shown = |locale: &str| {
        let output = program(home.path(), &DIAGNOSE)
            .env("LC_ALL", locale)
            .output()
            .expect("it runs");
        String::from_utf8(output.stdout).expect("it is UTF-8")
    };
    assert!(shown("C.UTF-8").contains("Mend it – „now“."));
    let poor = shown("C");
    assert!(
        poor.is_ascii() && poor.contains("Mend it - \"now\"."),
        "{poor}"
    );
}

/// A form that nobody named is not guessed.
#[test]
fn an_ending_that_no_report_has_is_refused() {
    let home = home();
    let check = |more: &[&str], expected: Option<&str>| {
        let arguments: Vec<&str> = DIAGNOSE.iter().chain(more).copied().collect();
        let (code, _, error) = said(&run(home.path(), &arguments, ""));
        let written = home.path().join(more[1]).exists();
        match expected {
            None => assert_eq!((code, written), (Some(1), true), "{more:?}: {error}"),
            Some(expected) => {
                assert_eq!((code, written), (Some(2), false), "{more:?}: {error}");
                assert_eq!(error, format!("waypost: {expected}\n"));
            }
        }
    };
    let pdf = "no report has the ending `.pdf`: it is written as .md, .html, .txt or .json, or in the form that `--format` says";
    check(&["-o", "r1.pdf"], Some(pdf));
    check(&["-o", "r1.pdf", "--format", "html"], None);
    check(&["-o", "r1"], None);
    check(&["-o", "r1.MD"], None);
}
