//! `--redact`: no host's name and no address in anything that a run shows or writes, and the same conclusion as without it.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde_json::Value;
use waypost::case::bundle::Bundle;

use crate::support::run;

/// Parts of what the demos' hosts are called, and of where they are.
const HIDDEN: [&str; 4] = [
    "harbourdemo",
    "harbour.example",
    "harbour-host-07",
    "192.0.2.",
];
const AGENT: &str = "agent_dir=/opt/servicenow/mid/agent";

/// Each demo's folder, with its tree and its inputs.
fn demos() -> Vec<(PathBuf, String, Vec<String>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/demo");
    let folders = fs::read_dir(root).expect("it is there");
    let all = folders.map(|entry| {
        let folder = entry.expect("it can be read").path();
        let about = fs::read_to_string(folder.join("demo.yaml")).expect("it says what it is");
        let about: serde_yaml::Value = serde_yaml::from_str(&about).expect("it is YAML");
        let tree = about["tree"]
            .as_str()
            .expect("it names its tree")
            .to_owned();
        let inputs = about["inputs"].as_mapping().cloned().unwrap_or_default();
        let inputs = inputs.iter().map(|(name, value)| {
            format!(
                "{}={}",
                name.as_str().expect("text"),
                value.as_str().expect("text")
            )
        });
        (folder, tree, inputs.collect())
    });
    all.collect()
}

/// The folder of one demo, as an argument has it.
fn demo_host(name: &str) -> String {
    let mut folders = demos().into_iter().map(|(folder, ..)| folder);
    let folder = folders.find(|folder| folder.ends_with(name));
    folder.expect("it is there").display().to_string()
}

/// All files below a folder, with their paths as text.
fn files(folder: &Path) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).expect("it can be read") {
        let path = entry.expect("it is there").path();
        match path.is_dir() {
            true => all.extend(files(&path)),
            false => {
                let content = fs::read(&path).expect("it can be read");
                let content = String::from_utf8_lossy(&content).into_owned();
                all.push((path.display().to_string(), content));
            }
        }
    }
    all
}

#[track_caller]
fn hidden(what: &str, text: &str) {
    for name in HIDDEN {
        let line = text.lines().find(|line| line.contains(name));
        assert!(line.is_none(), "`{name}` in {what}: {line:?}");
    }
}

/// What was concluded, by which answers.
fn came_to(json: &str) -> (Value, Vec<(Value, Value, Value)>) {
    let result: Value = serde_json::from_str(json).unwrap_or_else(|_| panic!("no JSON: {json}"));
    let path = result["path"].as_array().expect("it is a list").iter();
    let path = path.map(|step| {
        (
            step["node"].clone(),
            step["answer"].clone(),
            step["outcome"].clone(),
        )
    });
    let end = serde_json::json!([result["verdict"], result["conclusion"]["node"]]);
    (end, path.collect())
}

#[test]
fn every_demo_comes_to_the_same_without_a_name() {
    let mut named = 0;
    for (folder, tree, inputs) in demos() {
        let home = tempfile::tempdir().expect("a folder");
        let host = folder.display().to_string();
        let mut diagnose = vec!["diagnose", tree.as_str(), "--format", "json"];
        for input in &inputs {
            diagnose.extend(["--input", input]);
        }
        let openly = [&diagnose[..], &["--host", &host]].concat();
        let (code, json, _) = run(home.path(), &openly, "");
        named += usize::from(HIDDEN.iter().any(|name| json.contains(name)));
        let redacted = [&openly[..], &["--redact", "--record", "rec"]].concat();
        let (again, masked, said) = run(home.path(), &redacted, "");
        assert_eq!(code, again, "{host}: {said}");
        assert_eq!(came_to(&json), came_to(&masked), "{host}");
        hidden(&host, &masked);
        hidden(&host, &said);
        for (path, content) in files(&home.path().join("rec")) {
            hidden(&path, &content);
        }
        // The recording knows the stand-ins, and is asked by them.
        let replay = [&diagnose[..], &["--host", "rec"]].concat();
        let (again, replayed, said) = run(home.path(), &replay, "");
        assert_eq!(code, again, "{host}: {said}");
        assert_eq!(came_to(&json), came_to(&replayed), "{host}, replayed");
        if !host.ends_with("login-refused") {
            continue;
        }
        for format in ["text", "markdown", "html"] {
            let arguments: Vec<&str> = redacted[..redacted.len() - 2]
                .iter()
                .map(|part| if *part == "json" { format } else { part })
                .collect();
            let (_, text, said) = run(home.path(), &arguments, "");
            hidden(format, &text);
            hidden(format, &said);
        }
    }
    assert!(named > 5, "only {named} demos show a name without it");
}

/// What was given by hand is looked at by its real name, and known by its stand-in.
#[test]
fn a_bundle_is_opened_by_its_stand_ins() {
    let home = tempfile::tempdir().expect("a folder");
    let host = demo_host("login-refused");
    let collect = [
        "collect",
        "mid-down",
        "--host",
        &host,
        "--input",
        AGENT,
        "--input",
        "instance_url=https://harbourdemo.service-now.com",
        "-o",
        "x.bundle",
        "--redact",
    ];
    let (code, out, said) = run(home.path(), &collect, "");
    assert_eq!(code, Some(0), "{said}");
    hidden("the output", &out);
    hidden("the progress", &said);
    assert!(
        out.contains("a host's name") && out.contains("an address of the network"),
        "{out}"
    );
    let bytes = fs::read(home.path().join("x.bundle")).expect("it was written");
    let bundle = Bundle::read(bytes.as_slice()).expect("it is a bundle");
    hidden("the recording", &bundle.host_yaml);
    hidden("what it says of itself", &format!("{:?}", bundle.about));
    for (place, content) in &bundle.files {
        hidden(place, &String::from_utf8_lossy(content));
    }
    // The same name is the same stand-in wherever it stands: the input, the config and the keys.
    let url = bundle
        .about
        .inputs
        .iter()
        .find(|(name, _)| name.as_str() == "instance_url")
        .map(|(_, known)| known.value.clone())
        .expect("it was given");
    let name = url.trim_start_matches("https://").to_owned();
    assert!(name.starts_with("redacted-host-"), "{name}");
    assert!(
        bundle.host_yaml.contains(&format!("{name}:443")),
        "{}",
        bundle.host_yaml
    );
    assert!(
        bundle
            .files
            .values()
            .any(|content| String::from_utf8_lossy(content).contains(&name))
    );
    let diagnose = ["diagnose", "--bundle", "x.bundle", "--format", "json"];
    let (_, bundled, said) = run(home.path(), &diagnose, "");
    let openly = [
        "diagnose", "mid-down", "--host", &host, "--input", AGENT, "--format", "json",
    ];
    let (_, json, _) = run(home.path(), &openly, "");
    assert_eq!(came_to(&json), came_to(&bundled), "{said}");
}

/// A case that is kept holds stand-ins alone, and goes on with them: nobody is asked by one.
#[test]
fn a_kept_case_goes_on_with_its_stand_ins() {
    let home = tempfile::tempdir().expect("a folder");
    let host = demo_host("login-refused");
    let walk = [
        "mid-credentials",
        "--plain",
        "--host",
        &host,
        "--input",
        AGENT,
        "--redact",
    ];
    let (code, out, said) = run(
        home.path(),
        &walk,
        "f\nn ask harbourdemo.service-now.com at 192.0.2.71\nt\nreport\nq\n",
    );
    assert_eq!(code, Some(0), "{said}");
    hidden("the screen", &out);
    let cases = home.path().join("waypost/cases");
    let kept = files(&cases);
    let journal = kept
        .iter()
        .find(|(path, _)| path.ends_with("journal.jsonl"));
    let (_, journal) = journal.expect("it was kept");
    hidden("the journal", journal);
    assert!(journal.contains("redacted-host-"), "{journal}");
    let (code, out, said) = run(home.path(), &["resume", "--plain"], "t\nq\n");
    assert_eq!(code, Some(0), "{said}");
    assert!(out.contains("redacted-host-"), "{out}");
    hidden("the case that goes on", &out);
    // One that was begun without it cannot be hidden any more, but its report can.
    let openly: Vec<&str> = walk[..walk.len() - 1].to_vec();
    let other = tempfile::tempdir().expect("a folder");
    run(other.path(), &openly, "f\nn a note\nq\n");
    let (code, _, said) = run(other.path(), &["resume", "--plain", "--redact"], "q\n");
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("was begun without it"), "{said}");
    let (_, report, _) = run(other.path(), &["report"], "");
    assert!(report.contains("harbourdemo"), "{report}");
    let (code, report, said) = run(other.path(), &["report", "--redact"], "");
    assert_eq!(code, Some(0), "{said}");
    hidden("the report", &report);
    assert!(report.contains("redacted-host-"), "{report}");
}
