//! What is not known is neither *no* nor *empty*: whole diagnoses over a recorded host, from outside.

use std::{fs, path::Path, process::Command};

use serde_json::Value;

use crate::support::{fed, program};

/// A proxy from a config file; whether there is one decides the question.
const PROXY: &str = "
waypost: 1
id: own
title: Own
symptoms: [It is dark]
reviewed: 2026-11-20
start: px
inputs:
  proxy: { ask: Which proxy?, type: text, INPUT, from: facts.cfg.values.proxy }
probes:
  cfg: { config: { file: /opt/x/config.xml, format: xml, entry: p, key: name, value: value } }
  space: { disk: { path: /, need: 1MB } }
nodes:
  px:
    ask: Proxy?
    how: Look.
    probe:
      of: space
      cases:
        - direct: proxy == ''
        - via-proxy: true
    answers:
      - { answer: Direct, when: direct, goto: d }
      - { answer: Via, when: via-proxy, goto: e }
    leave: rest
  d: { conclude: No proxy is used, verdict: cause, because: So., fix: Use one. }
  e: { conclude: Done, verdict: healthy }
";

/// A password of a config file, compared with those of a list.
const LISTED: &str = "
waypost: 1
id: own
title: Own
symptoms: [It is dark]
reviewed: 2026-11-20
start: weak
probes:
  cfg: { config: { file: /opt/x/config.xml, format: xml, entry: p, key: name, value: value, secret: [proxy] } }
nodes:
  weak:
    ask: Is the password weak?
    how: Look.
    probe:
      of: cfg
      cases:
        - weak: CASE
        - strong: true
    answers:
      - { answer: Weak, when: weak, goto: d }
      - { answer: Strong, when: strong, goto: e }
    leave: rest
  d: { conclude: It is weak, verdict: cause, because: So., fix: Change it. }
  e: { conclude: Done, verdict: healthy }
";

/// A yes-no input that nobody gave.
const YES_NO: &str = "
waypost: 1
id: own
title: Own
symptoms: [It is dark]
reviewed: 2026-11-20
start: vpn
inputs:
  uses_vpn: { ask: Is a VPN used?, type: yes-no, INPUT }
probes:
  space: { disk: { path: /, need: 1MB } }
nodes:
  vpn:
    ask: VPN?
    how: Look.
    probe:
      of: space
      cases:
        - vpn: uses_vpn
        - no-vpn: true
    answers:
      - { answer: A VPN, id: vpn, when: vpn, goto: e }
      - { answer: No VPN, id: no-vpn, when: no-vpn, goto: d }
    leave: rest
  d: { conclude: No VPN is used, verdict: cause, because: So., fix: Use one. }
  e: { conclude: Done, verdict: healthy }
";

/// A folder and a file to be found on the machine.
const SUGGESTED: &str = "
waypost: 1
id: own
title: Own
symptoms: [It is dark]
reviewed: 2026-11-20
start: q
inputs:
  dir: { ask: Which folder?, type: directory, suggest: ['SHELF/se*'] }
  book: { ask: Which file?, type: file, suggest: ['SHELF/se*'] }
nodes:
  q:
    ask: In {{ dir }}?
    how: Look in {{ dir }} for {{ book }}.
    answers:
      - { answer: It is, goto: e }
      - { answer: It is not, goto: e }
  e: { conclude: Done, verdict: healthy }
";

const READABLE: &str = "";
const DENIED: &str = "denied: [/opt/x/config.xml]";

struct Program {
    home: tempfile::TempDir,
}

impl Program {
    fn new(tree: &str) -> Self {
        let home = tempfile::tempdir().expect("a folder");
        fs::write(home.path().join("own.yaml"), tree).expect("a file");
        Self { home }
    }

    fn path(&self) -> &Path {
        self.home.path()
    }

    /// A recorded machine with this in its `config.xml`; `more` stands in its `host.yaml`.
    fn machine(&self, config: &str, more: &str) {
        let folder = self.path().join("host/files/opt/x");
        fs::create_dir_all(&folder).expect("a folder");
        fs::write(folder.join("config.xml"), config).expect("a file");
        let text = format!(
            "os: linux\nfiles: true\ndisks: {{ '/': {{ free_bytes: 1000000000, total_bytes: 2000000000 }} }}\n{more}\n"
        );
        fs::write(self.path().join("host/host.yaml"), text).expect("a file");
    }

    fn command(&self, arguments: &[&str]) -> Command {
        program(self.path(), arguments)
    }

    /// Verdict and conclusion of a diagnosis: `cause d`.
    fn diagnose(&self, inputs: &[&str]) -> String {
        let mut arguments = vec!["diagnose", "./own.yaml", "--trust", "--host", "host"];
        for input in inputs {
            arguments.extend(["--input", input]);
        }
        arguments.extend(["--format", "json"]);
        let output = self
            .command(&arguments)
            .output()
            .expect("the program starts");
        let result: Value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
        let node = result["conclusion"]["node"].as_str().unwrap_or("-");
        format!("{} {node}", result["verdict"].as_str().unwrap_or("none"))
    }

    /// Walks as plain lines, with these lines typed; gives what was printed.
    fn walk(&self, typed: &str, arguments: &[&str]) -> String {
        let arguments = [&["./own.yaml", "--plain"], arguments].concat();
        let output = fed(&mut self.command(&arguments), typed);
        assert!(output.status.success());
        String::from_utf8_lossy(&output.stdout).into_owned()
    }
}

#[test]
fn a_config_that_cannot_be_read_is_no_empty_one() {
    let check = |input: &str, config: &str, more: &str, given: &[&str], expected: &str| {
        let program = Program::new(&PROXY.replace("INPUT", input));
        program.machine(config, more);
        let case = format!("{input} {config} {more} {given:?}");
        assert_eq!(program.diagnose(given), expected, "{case}");
    };
    let none = "<c><p name='other' value='1'/></c>";
    let some = "<c><p name='proxy' value='p.example:3128'/></c>";
    // An input that only a case names is taken from its evidence.
    for input in ["optional: false", "optional: true"] {
        check(input, some, READABLE, &[], "healthy e");
        check(input, some, DENIED, &["proxy=p.example:1"], "healthy e");
        check(input, some, DENIED, &[], "needs-answer -");
    }
    check("optional: true", none, READABLE, &[], "cause d");
    check("optional: true", none, DENIED, &[], "needs-answer -");
    check("optional: true", none, DENIED, &["proxy="], "cause d");
    check(
        "optional: true",
        "<c><p name='pro",
        READABLE,
        &[],
        "needs-answer -",
    );
    // An empty default says no more than that the input is optional; another one is the author's word.
    check(
        "optional: true, default: ''",
        none,
        DENIED,
        &[],
        "needs-answer -",
    );
    check(
        "optional: true, default: ''",
        none,
        READABLE,
        &[],
        "cause d",
    );
    check(
        "optional: true, default: p:80",
        none,
        DENIED,
        &[],
        "healthy e",
    );
}

#[test]
fn an_empty_line_says_that_there_is_none() {
    let program = Program::new(&PROXY.replace("INPUT", "optional: true"));
    program.machine("<c/>", DENIED);
    let walk = |typed: &str| program.walk(typed, &["--trust", "--host", "host"]);
    let none = walk("\nq\n");
    assert!(
        none.contains("An empty line means: there is none."),
        "{none}"
    );
    assert!(none.contains("Found: direct"), "{none}");
    let unknown = walk("0\nq\n");
    assert!(unknown.contains("`proxy` is not known"), "{unknown}");
    assert!(!unknown.contains("Found:"), "{unknown}");
}

#[test]
fn a_yes_no_input_that_nobody_gave_is_not_no() {
    let check = |input: &str, given: &[&str], expected: &str| {
        let program = Program::new(&YES_NO.replace("INPUT", input));
        program.machine("<c/>", READABLE);
        assert_eq!(program.diagnose(given), expected, "{input} {given:?}");
    };
    check("optional: true", &[], "needs-answer -");
    check("optional: true", &["uses_vpn=no"], "cause d");
    check("optional: true", &["uses_vpn=yes"], "healthy e");
    check("optional: true, default: no", &[], "cause d");
}

#[test]
fn a_secret_in_a_list_is_compared() {
    let check = |case: &str, expected: &str| {
        let program = Program::new(&LISTED.replace("CASE", case));
        program.machine("<c><p name='proxy' value='changeme'/></c>", READABLE);
        assert_eq!(program.diagnose(&[]), expected, "{case}");
    };
    check("\"'changeme' in [found.values.proxy]\"", "cause d");
    check("\"'else' in [found.values.proxy]\"", "healthy e");
    check("\"'changeme' in [found.values.absent]\"", "needs-answer -");
}

#[test]
fn a_tree_that_was_declined_lists_no_folder() {
    let program = Program::new("");
    let shelf = program.path().join("shelf");
    fs::create_dir_all(shelf.join("second")).expect("a folder");
    fs::create_dir_all(shelf.join("seventh")).expect("a folder");
    fs::write(shelf.join("sesame"), "").expect("a file");
    let tree = SUGGESTED.replace("SHELF", &shelf.display().to_string());
    fs::write(program.path().join("own.yaml"), tree).expect("a file");
    let declined = program.walk("1\nn\n\n\nq\n", &[]);
    let (consent, walk) = declined.split_once("Agree?").expect("it asks");
    assert!(consent.contains("shelf/se*"), "{declined}");
    assert!(!walk.contains("shelf/se"), "{walk}");
    // A folder where folders are asked for, a file where files are.
    let agreed = program.walk("1\n\n\nq\n", &["--trust"]);
    let (folders, files) = agreed.split_once("Which file?").expect("it asks for both");
    assert!(
        folders.contains("1  ") && folders.contains("shelf/second"),
        "{agreed}"
    );
    assert!(!folders.contains("shelf/sesame"), "{agreed}");
    assert!(
        files.contains("Enter takes: ") && files.contains("shelf/sesame"),
        "{agreed}"
    );
    assert!(!files.contains("shelf/seventh"), "{agreed}");
}

#[test]
fn consent_names_what_is_sent() {
    let program = Program::new(
        "
waypost: 1
id: own
title: Own
symptoms: [It is dark]
reviewed: 2026-11-20
start: q
inputs:
  site: { ask: Which site?, type: url }
  word: { ask: Which password?, type: secret, for: site }
probes:
  api:
    http:
      url: '{{ site }}/api'
      method: POST
      headers: { X-Marker: lantern }
      body: 'wick={{ os }}'
      login: { user: joe, password: '{{ word }}' }
nodes:
  q:
    ask: Lit?
    how: Look.
    probe: api
    answers:
      - { answer: Lit, when: answered, goto: e }
      - { answer: Dark, when: [refused, timed-out, unreachable, unresolved, tls-failed], goto: e }
  e: { conclude: Done, verdict: healthy }
",
    );
    let shown = program.walk("1\nn\nq\n", &[]);
    let (consent, _) = shown.split_once("Agree?").expect("it asks");
    for sent in [
        "{{ site }}/api",
        "POST",
        "X-Marker: lantern",
        "wick={{ os }}",
        "joe",
        "{{ word }}",
    ] {
        assert!(consent.contains(sent), "{sent}: {consent}");
    }
}

#[test]
fn a_report_fills_its_texts_in() {
    let tree = PROXY
        .replace("INPUT", "optional: true")
        .replace("title: Own", "title: 'Dark on {{ os }}'")
        .replace("Which proxy?", "'Which proxy on {{ os }}, {{ other }}?'")
        .replace(
            "inputs:\n",
            "inputs:\n  other: { ask: Other?, type: text }\n",
        );
    let program = Program::new(&tree);
    program.machine("<c/>", DENIED);
    let output = program
        .command(&[
            "diagnose",
            "./own.yaml",
            "--trust",
            "--host",
            "host",
            "--format",
            "markdown",
        ])
        .output()
        .expect("the program starts");
    let report = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(report.contains("Dark on linux"), "{report}");
    assert!(
        report.contains("`proxy`: Which proxy on linux, ‹other›?"),
        "{report}"
    );
    assert!(!report.contains("{{"), "{report}");
}
