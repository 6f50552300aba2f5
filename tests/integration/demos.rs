//! Every demo, walked headless: its recording alone has to lead to its fault.

use std::{collections::BTreeMap, fs, path::Path};

use serde::Deserialize;
use waypost::{
    finding::{Os, TreeId},
    host::{Host, Recorded},
};

use crate::hosts::{
    case::collect,
    conclusion,
    recorded::{InMemory, diagnose, forest},
    started_too_early, trace,
};

/// What `demo.yaml` says.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct About {
    title: String,
    tree: TreeId,
    inputs: BTreeMap<String, String>,
}

/// Name, system, verdict and conclusion of each.
const DEMOS: &[(&str, Os, &str, &str)] = &[
    (
        "certificate-check-blocked",
        Os::Linux,
        "cause",
        "mid-down/ocsp-blocked",
    ),
    (
        "disk-too-full-to-upgrade",
        Os::Windows,
        "cause",
        "mid-upgrade/disk-low",
    ),
    (
        "download-blocked",
        Os::Linux,
        "cause",
        "mid-upgrade/install-server-blocked",
    ),
    (
        "encrypted-left-over",
        Os::Windows,
        "cause",
        "mid-credentials/encrypted-left-over",
    ),
    (
        "half-done-upgrade",
        Os::Windows,
        "cause",
        "mid-down/half-done-upgrade",
    ),
    ("healthy", Os::Linux, "healthy", "mid-down/connected"),
    (
        "login-refused",
        Os::Linux,
        "cause",
        "mid-credentials/user-refused",
    ),
    ("name-unknown", Os::Linux, "cause", "mid-down/name-unknown"),
    ("out-of-memory", Os::Linux, "cause", "mid-down/more-memory"),
    (
        "proxy-half-set",
        Os::Windows,
        "cause",
        "mid-down/proxy-half-set",
    ),
];

#[test]
fn every_demo_ends_at_its_fault() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/demo");
    let mut names: Vec<String> = fs::read_dir(&root)
        .expect("the demos are there")
        .map(|entry| entry.expect("the folder can be listed"))
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    let expected: Vec<&str> = DEMOS.iter().map(|(name, ..)| *name).collect();
    assert_eq!(names, expected);
    let forest = forest();
    let mut wrong = Vec::new();
    for (name, os, verdict, end) in DEMOS {
        let folder = root.join(name);
        let text = |file: &str| {
            fs::read_to_string(folder.join(file)).unwrap_or_else(|error| panic!("{name}: {error}"))
        };
        let about: About = serde_yaml::from_str(&text("demo.yaml"))
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(!about.title.is_empty(), "{name} has no title");
        let mut files = BTreeMap::new();
        collect(&folder.join("files"), &folder.join("files"), &mut files);
        let files = files
            .into_iter()
            .map(|(path, content)| (path, content.into_bytes()))
            .collect();
        let host = Recorded::new(&text("host.yaml"), InMemory(files))
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(host.os(), *os, "{name}");
        let result = diagnose(&forest, &about.tree, about.inputs, &host);
        let came = conclusion(&result).unwrap_or_default();
        if result["verdict"] != *verdict || came != *end {
            wrong.push(format!(
                "{name}: came to {} {came}\n{}",
                result["verdict"],
                trace(&result)
            ));
        }
        wrong.extend(started_too_early(&result).map(|why| format!("{name}: {why}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
