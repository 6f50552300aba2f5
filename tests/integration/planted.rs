//! Secrets of many kinds lie in everything that probes look at, are typed in and are noted down; none of them comes out: on
//! lines, in reports, journals, bundles or messages.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use crate::support::{
    PLACES, fed_or_over, planted, planted_properties, planted_server, program, secret,
};

/// Typed in, for a login.
const TYPED: &str = "typed-Qx77hush";

/// Every kind of probe whose material may hold a secret, and notes that show all that it found.
const TREE: &str = r#"
waypost: 1
id: planted
title: Planted
symptoms: [It is dark]
start: log
inputs:
  address: { ask: Where is the server?, type: url }
  login: { ask: Its password?, type: secret, for: address }
probes:
  log:
    log:
      files: [ROOT/a.log]
      context: 3
      limit: 50
      patterns: { seen: "seen (?<rest>.*)" }
  settings: { config: { file: ROOT/a.properties, format: properties } }
  parameters: { config: { file: ROOT/a.xml, format: xml, entry: parameter, key: name, value: value } }
  printed: { command: { run: [cat, ROOT/a.log], capture: { rest: "seen (.*)" } } }
  process: { process: { match: ROOT/program } }
  reply: { http: { url: "{{ address }}", capture: { rest: "seen (.*)" } } }
  asked: { http: { url: "{{ address }}", login: { user: me, password: "{{ login }}" } } }
nodes:
  log:
    ask: What does the log say?
    probe: log
    answers:
      - { answer: "Something", id: some, when: seen, note: "{{ found }}", goto: settings }
      - { answer: "Nothing", id: nothing, when: [none, missing], goto: settings }
  settings:
    ask: What do the settings say?
    probe: settings
    answers:
      - { answer: "Something", id: some, when: read, note: "{{ found }}", goto: parameters }
      - { answer: "Nothing", id: nothing, when: [malformed, missing], goto: parameters }
  parameters:
    ask: What do the parameters say?
    probe: parameters
    answers:
      - { answer: "Something", id: some, when: [read, malformed], note: "{{ found }}", goto: printed }
      - { answer: "Nothing", id: nothing, when: missing, goto: printed }
  printed:
    ask: What does the program print?
    probe: printed
    answers:
      - { answer: "Something", id: some, when: exited, note: "{{ found }}", goto: process }
      - { answer: "Nothing", id: nothing, when: missing, goto: process }
  process:
    ask: What runs?
    probe: process
    answers:
      - { answer: "Something", id: some, when: running, note: "{{ found }}", goto: reply }
      - { answer: "Nothing", id: nothing, when: absent, goto: reply }
  reply:
    ask: What does the server say?
    probe: reply
    answers:
      - { answer: "Something", id: some, when: answered, note: "{{ found }}", goto: asked }
      - { answer: "Nothing", id: nothing, when: [refused, timed-out, unreachable, unresolved, tls-failed], goto: asked }
  asked:
    ask: What does it say to a login?
    probe: asked
    answers:
      - { answer: "Something", id: some, when: answered, note: "{{ found }}", goto: end }
      - { answer: "Nothing", id: nothing, when: [refused, timed-out, unreachable, unresolved, tls-failed], goto: end }
    unsure: end
  end: { conclude: It is over, verdict: escalate, next: "{{ facts.printed }} {{ facts.log }}" }
"#;

/// A process with secrets among its arguments; it ends with this value.
struct Talker(Child);

impl Talker {
    fn start(root: &Path) -> Self {
        let program = root.join("program");
        // It waits for a line that never comes, and ends with its input.
        fs::write(&program, "read -r line\n").expect("a file");
        let mut command = Command::new("sh");
        command.arg(&program);
        for (at, place) in PLACES.iter().enumerate() {
            // As on a command line: no headers.
            let header = place.contains("ookie:") || place.contains("uthorization:");
            if !header && (!place.starts_with(['<', '{', '-']) && !place.contains(": ")) {
                command.args(place.replace("SECRET", &secret(at)).split(' '));
            }
        }
        Self(command.stdin(Stdio::piped()).spawn().expect("sh is there"))
    }
}

impl Drop for Talker {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

struct Planted {
    home: tempfile::TempDir,
    address: String,
    _talker: Talker,
}

impl Planted {
    fn new() -> Self {
        let home = tempfile::tempdir().expect("a folder");
        let root = home.path().join("root");
        fs::create_dir_all(&root).expect("a folder");
        fs::create_dir(home.path().join("trees")).expect("a folder");
        let tree = TREE.replace("ROOT", &root.display().to_string());
        fs::write(home.path().join("trees/planted.yaml"), tree).expect("a file");
        fs::write(root.join("a.log"), planted()).expect("a file");
        fs::write(root.join("a.properties"), planted_properties()).expect("a file");
        let parameters = PLACES[..5].join("\n").replace("SECRET", &secret(2));
        fs::write(
            root.join("a.xml"),
            format!("<parameters>\n{parameters}\n</parameters>\n"),
        )
        .expect("a file");
        Self {
            address: planted_server(),
            _talker: Talker::start(&root),
            home,
        }
    }

    /// What the program prints, on both outputs.
    fn prints(&self, arguments: &[&str], input: &str) -> String {
        let address = format!("address={}", self.address);
        let common = [
            "--trees",
            "trees",
            "--trust",
            "--allow-commands",
            "--input",
            &address,
        ];
        let given = !matches!(arguments[0], "resume" | "report" | "cases" | "open");
        let mut all: Vec<&str> = if given {
            common.to_vec()
        } else {
            common[..4].to_vec()
        };
        all.extend(arguments);
        let mut program = program(self.home.path(), &all);
        program
            .env("WAYPOST_CASES", self.home.path().join("cases"))
            .stderr(Stdio::piped());
        let output = fed_or_over(&mut program, input);
        [output.stdout, output.stderr]
            .iter()
            .map(|bytes| String::from_utf8_lossy(bytes))
            .collect()
    }
}

/// What of the secrets stands in a text, each with its place.
fn leaks(about: &str, text: &str, found: &mut Vec<String>) {
    for (at, place) in PLACES.iter().enumerate() {
        let secret = secret(at);
        if let Some(at) = text.find(&secret) {
            let from = text[..at]
                .char_indices()
                .rev()
                .nth(60)
                .map_or(0, |(at, _)| at);
            let around: String = text[from..].chars().take(120).collect();
            found.push(format!("{about}: {place:?}: {around:?}"));
        }
    }
    if text.contains(TYPED) {
        found.push(format!("{about}: what was typed in"));
    }
}

/// Every file below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder").flatten() {
        match entry.path() {
            path if path.is_dir() => all.extend(files(&path)),
            path => all.push(path),
        }
    }
    all
}

#[test]
#[cfg(unix)]
fn none_comes_out() {
    let planted = Planted::new();
    let mut found = Vec::new();
    let mut check = |about: &str, text: &str| leaks(about, text, &mut found);
    for format in ["text", "json", "markdown", "html"] {
        let printed = planted.prints(&["diagnose", "planted", "--format", format], "");
        assert!(printed.contains("It is over"), "{printed}");
        assert!(
            printed.contains("‹secret-"),
            "{format} shows what was found: {printed}"
        );
        check(format, &printed);
    }
    for probe in [
        "log",
        "settings",
        "parameters",
        "printed",
        "process",
        "reply",
    ] {
        let printed = planted.prints(&["probe", "planted", probe], "");
        assert!(printed.contains('‹'), "{probe}: {printed}");
        check(probe, &printed);
    }
    // Walked by a person: notes of every kind, a login typed in, and what was pasted.
    let mut keys = String::from("1\n");
    for (at, place) in PLACES.iter().enumerate() {
        keys += &format!(
            "n {}\n",
            place.replace('\n', " ").replace("SECRET", &secret(at))
        );
    }
    keys += &format!("f\nr\n{TYPED}\nr\nt\n0\nreport\nq\n");
    let printed = planted.prints(&["planted", "--plain"], &keys);
    assert!(printed.contains("It is over"), "{printed}");
    check("the plain walk", &printed);

    let kept = files(&planted.home.path().join("cases"));
    assert!(!kept.is_empty(), "a case is kept");
    for file in kept {
        let bytes = fs::read(&file).expect("a file");
        check(
            &file.display().to_string(),
            &String::from_utf8_lossy(&bytes),
        );
    }
    for format in ["text", "json", "markdown", "html"] {
        let printed = planted.prints(&["report", "--format", format], "");
        assert!(printed.contains("It is over"), "{printed}");
        check(&format!("the report as {format}"), &printed);
    }
    check("the list of cases", &planted.prints(&["cases"], ""));
    check(
        "a case resumed",
        &planted.prints(&["resume", "--plain"], "t\nreport\nq\n"),
    );
    // What is handed over: a bundle, which is a packed archive, and the case that comes of it.
    let printed = planted.prints(&["collect", "planted", "-o", "planted.bundle"], "");
    check("what collecting says", &printed);
    let unpacked = Command::new("gzip")
        .arg("-dc")
        .stdin(fs::File::open(planted.home.path().join("planted.bundle")).expect("a bundle"))
        .output()
        .expect("gzip is there");
    let unpacked = String::from_utf8_lossy(&unpacked.stdout).into_owned();
    assert!(
        unpacked.contains("host.yaml") && unpacked.contains("a.log"),
        "{printed}"
    );
    check("a bundle", &unpacked);
    let opened = planted.prints(&["open", "planted.bundle", "--plain"], "f\nt\nreport\nq\n");
    assert!(opened.contains("What does the log say?"), "{opened}");
    check("a bundle that was opened", &opened);
    assert!(
        found.is_empty(),
        "{} leaks:\n{}",
        found.len(),
        found.join("\n")
    );
}
