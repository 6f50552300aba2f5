//! `waypost collect --case`: what a case has found goes on in another one, and whatever does not fit there is refused by name.

use std::{fs, path::Path};

use serde_json::Value;
use waypost::case::bundle::Bundle;

use super::{AGENT, demo, run, run_with};

/// A case that was walked over a demo's host, left before its end; gives its name.
fn walked(home: &Path, tree: &str, host: &str) -> String {
    let host = demo(host);
    let walk = [tree, "--plain", "--host", &host, "--input", AGENT];
    let (code, _, error) = run_with(home, &walk, "f\nn one note\nq\n");
    assert_eq!(code, Some(0), "{error}");
    let cases = fs::read_dir(home.join("waypost/cases")).expect("it was kept");
    let mut names = cases.map(|entry| entry.expect("it is there").file_name());
    let name = names.next().expect("it was kept");
    name.into_string().expect("it is text")
}

fn json(out: &str) -> Value {
    serde_json::from_str(out).unwrap_or_else(|_| panic!("no JSON: {out}"))
}

fn conclusion(result: &Value) -> (Value, Value) {
    (
        result["verdict"].clone(),
        result["conclusion"]["node"].clone(),
    )
}

#[test]
fn what_a_case_has_found_goes_on_elsewhere() {
    let here = tempfile::tempdir().expect("a folder");
    let name = walked(here.path(), "mid-down", "out-of-memory");
    let file = here.path().join("x.bundle").display().to_string();
    let (code, out, error) = run(here.path(), &["collect", "--case", &name, "-o", &file]);
    assert_eq!(code, Some(0), "{error}");
    assert!(out.contains(&format!("of the case `{name}`")), "{out}");
    let bytes = fs::read(&file).expect("it was written");
    let bundle = Bundle::read(bytes.as_slice()).expect("it is a bundle");
    assert!(bundle.files.is_empty(), "excerpts alone");
    let (_, report, _) = run(here.path(), &["report", "--format", "json"]);
    let before = json(&report);
    assert_eq!(before["verdict"], "cause", "{report}");
    // Nobody has to be asked for what was found.
    let there = tempfile::tempdir().expect("a folder");
    let (code, out, error) = run(
        there.path(),
        &["diagnose", "--bundle", &file, "--format", "json"],
    );
    assert_eq!(code, Some(1), "{error}");
    assert_eq!(conclusion(&json(&out)), conclusion(&before), "{out}{error}");
    // It becomes a case there, whose findings are bundled, and goes on with one.
    // A secret is not handed over, so what depends on one is asked: the password is filled in.
    let keys = "f\n1\nf\nq\n";
    let (code, out, error) = run_with(there.path(), &["--plain", "open", &file], keys);
    assert_eq!(code, Some(0), "{error}");
    assert!(error.contains("looks were read"), "{error}");
    assert!(out.contains("bundled"), "{out}");
    let (_, report, error) = run(there.path(), &["report", "--format", "json"]);
    let after = json(&report);
    assert_eq!(conclusion(&after), conclusion(&before), "{error}");
    let findings = after["findings"].as_array().expect("they are listed");
    assert!(!findings.is_empty());
    assert!(
        findings
            .iter()
            .all(|finding| finding["source"] == "bundled"),
        "{report}"
    );
    let (code, _, error) = run_with(
        here.path(),
        &["--plain", "open", &file, "--case", &name],
        "q\n",
    );
    assert_eq!(code, Some(0), "{error}");
}

#[test]
fn what_does_not_fit_is_refused_by_name() {
    let home = tempfile::tempdir().expect("a folder");
    let name = walked(home.path(), "mid-down", "out-of-memory");
    let file = home.path().join("x.bundle").display().to_string();
    let (code, _, error) = run(home.path(), &["collect", "--case", &name, "-o", &file]);
    assert_eq!(code, Some(0), "{error}");
    let bytes = fs::read(&file).expect("it was written");
    let good = Bundle::read(bytes.as_slice()).expect("it is a bundle");
    let carried = good.carried.clone().expect("it carries findings");
    let config = carried
        .iter()
        .find(|carried| carried.kind == "config")
        .expect("the config was read");
    let check = |what: &dyn Fn(&mut waypost::case::bundle::Carried), expected: &str| {
        let mut bundle = good.clone();
        let mut wrong = config.clone();
        what(&mut wrong);
        bundle.carried = Some(vec![wrong]);
        let file = home.path().join("y.bundle");
        let bytes = bundle.write(Vec::new()).expect("memory takes it");
        fs::write(&file, bytes).expect("a file");
        let file = file.display().to_string();
        let (code, _, error) = run_with(home.path(), &["--plain", "open", &file], "q\n");
        assert_eq!(code, Some(5), "{error}");
        assert!(error.contains(expected), "{expected}: {error}");
    };
    check(
        &|wrong| wrong.probe.name = "nowhere".into(),
        "mid-common/nowhere: no tree here has this probe",
    );
    check(
        &|wrong| wrong.probe.tree = "elsewhere".into(),
        "no tree here has this probe",
    );
    check(
        &|wrong| wrong.kind = "tcp".to_owned(),
        "it is a probe of the kind `config` here",
    );
    check(
        &|wrong| {
            wrong.finding.judgement =
                waypost::finding::Judgement::Outcome(waypost::finding::Outcome::new("made-up"));
        },
        "the kind `config` has no such outcome",
    );
    check(
        &|wrong| wrong.params = "0000".to_owned(),
        "it was found with other values than the case has",
    );
    check(
        &|wrong| wrong.finding.at = "2999-01-01T00:00:00Z".parse().expect("a time"),
        "it is dated behind the bundle that carries it",
    );
    // A case that nobody has found anything for hands nothing over.
    let other = tempfile::tempdir().expect("a folder");
    let (code, _, error) = run(
        other.path(),
        &["collect", "--case", "none", "-o", "z.bundle"],
    );
    assert_eq!(code, Some(5), "{error}");
    assert!(error.contains("there is no case `none`"), "{error}");
    assert!(!other.path().join("z.bundle").exists());
}
