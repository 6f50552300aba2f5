//! Every demo, walked headless: its recording alone has to lead to its fault.

use waypost::{app::demos, finding::Os, host::Host};

use crate::hosts::{
    checks::{conclusion, started_too_early, trace},
    recorded::{diagnose, forest},
};

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
    let demos = demos::all().expect("the demos can be read");
    let names: Vec<&str> = demos.iter().map(|demo| demo.name.as_str()).collect();
    let expected: Vec<&str> = DEMOS.iter().map(|(name, ..)| *name).collect();
    assert_eq!(names, expected);
    let forest = forest();
    let mut wrong = Vec::new();
    for (demo, (name, os, verdict, end)) in demos.iter().zip(DEMOS) {
        assert!(!demo.about.title.is_empty(), "{name} has no title");
        let host = demo
            .host()
            .unwrap_or_else(|error| panic!("{name}: {error:#}"));
        assert_eq!(host.os(), *os, "{name}");
        let result = diagnose(&forest, &demo.about.tree, demo.about.inputs.clone(), &host);
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
