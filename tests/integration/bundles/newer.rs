//! A further bundle that is opened into a case of one: what is newer counts, what is older does not, and the report says which it
//! was, when it was collected and where.

use std::{collections::BTreeMap, fs, path::Path};

use waypost::{
    case::bundle::{About, Bundle},
    finding::Os,
    host::Written,
};

use super::{run, run_with};

const OWN: &str = "
waypost: 1
id: own
title: Own
symptoms: [It is dark]
start: a
probes:
  lamp: { file: { path: /opt/lamp } }
nodes:
  a:
    ask: Is there a lamp?
    probe: lamp
    answers:
      - { answer: 'Yes', id: 'yes', when: present, goto: fine }
      - { answer: 'No', id: 'no', when: absent, goto: bad }
  fine: { conclude: There is light, verdict: healthy }
  bad: { conclude: There is no lamp, verdict: cause, because: It is gone., fix: Bring one. }
";

const OLD: (&str, &str) = ("2024-01-01T12:00:00Z", "2024-01-01 12:00:00 UTC");
const NEW: (&str, &str) = ("2024-01-08T12:00:00Z", "2024-01-08 12:00:00 UTC");

/// What was collected then on the machine of this name, which has a lamp or none.
fn write(home: &Path, name: &str, at: &str, machine: &str, lamp: bool) {
    let about = About {
        format: About::FORMAT,
        program: "0".to_owned(),
        tree: "own".into(),
        title: String::new(),
        trees: BTreeMap::new(),
        at: at.parse().expect("a time"),
        os: Os::Linux,
        zone: None,
        machine: Some(machine.to_owned()),
        inputs: BTreeMap::new(),
        looks: 1,
        failed: Vec::new(),
        replaced: BTreeMap::new(),
    };
    let meta = match lamp {
        true => "meta: { /opt/lamp: { modified: 2023-01-01T00:00:00Z } }\n",
        false => "",
    };
    let written = Written {
        host_yaml: format!("os: linux\nnow: {at}\nfiles: true\n{meta}"),
        files: BTreeMap::new(),
    };
    let (bundle, _) = Bundle::new(about, written);
    let file = fs::File::create(home.join(name)).expect("a file");
    bundle.write(file).expect("it is written");
}

/// A home with the tree, the older bundle of a machine without a lamp, and the newer one of a machine of this name with one.
fn home(newer: &str) -> tempfile::TempDir {
    let home = tempfile::tempdir().expect("a folder");
    let trees = home.path().join("mine");
    fs::create_dir(&trees).expect("a folder");
    fs::write(trees.join("own.yaml"), OWN).expect("a file");
    write(home.path(), "old.bundle", OLD.0, "harbour", false);
    write(home.path(), "new.bundle", NEW.0, newer, true);
    home
}

/// What the program printed and told, after these keys.
fn waypost(home: &Path, arguments: &[&str], keys: &str) -> (Option<i32>, String, String) {
    let all = ["--trees", "mine", "--trust", "--plain"];
    run_with(home, &[&all[..], arguments].concat(), keys)
}

/// The name of the only case.
fn only(home: &Path) -> String {
    let (_, out, _) = run(home, &["cases"]);
    assert_eq!(out.lines().count(), 1, "{out}");
    let name = out.split_whitespace().next();
    name.expect("a case is listed").to_owned()
}

fn report(home: &Path, format: &str) -> String {
    let (code, out, error) = waypost(home, &["report", "--format", format], "");
    assert_eq!(code, Some(0), "{error}");
    // Lines are as long as they are.
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn what_is_newer_counts() {
    let home = home("harbour");
    let home = home.path();
    waypost(home, &["open", "old.bundle"], "q\n");
    let case = only(home);
    let newer = ["open", "new.bundle", "--case", &case];
    let (code, out, error) = waypost(home, &newer, "q\n");
    assert_eq!(
        (code, error.as_str()),
        (Some(0), "1 of 1 looks were read.\n")
    );
    assert!(
        out.contains("bundle new.bundle, collected 2024-01-08"),
        "{out}"
    );
    assert!(out.contains("Found (bundled): present"), "{out}");
    // It stands in for the machine from then on, whatever became of its file.
    fs::remove_file(home.join("new.bundle")).expect("it is there");
    let (_, out, error) = waypost(home, &["resume"], "r\n\nq\n");
    assert!(
        out.contains("bundle new.bundle, collected 2024-01-08"),
        "{out}{error}"
    );
    assert!(out.contains("There is light"), "{out}{error}");
    let (_, out, _) = run(home, &["cases"]);
    assert!(out.contains("(bundle new.bundle)"), "{out}");
    for (format, code) in [("text", "`"), ("markdown", "`")] {
        let report = report(home, format);
        assert!(
            report.contains("There is light") || report.contains("Healthy"),
            "{report}"
        );
        let newest = report.find(&format!(
            "The bundle {code}new.bundle{code} was collected {} on the machine {code}harbour{code}.",
            NEW.1
        ));
        let first = report.find(&format!(
            "The bundle {code}old.bundle{code} was collected {} on the machine {code}harbour{code}.",
            OLD.1
        ));
        assert!(newest.is_some() && newest < first, "{format}: {report}");
    }
    let html = report(home, "html");
    assert!(
        html.contains(NEW.1) && html.contains("new.bundle"),
        "{html}"
    );
}

/// An answer that was given stands, and the report tells that it is contradicted.
#[test]
fn an_answer_that_newer_evidence_contradicts_is_told() {
    let home = home("harbour");
    let home = home.path();
    let (_, out, _) = waypost(home, &["open", "old.bundle"], "\nq\n");
    assert!(out.contains("There is no lamp"), "{out}");
    let case = only(home);
    let newer = ["open", "new.bundle", "--case", &case];
    let (code, _, error) = waypost(home, &newer, "q\n");
    assert_eq!(code, Some(0), "{error}");
    let report = report(home, "text");
    assert!(report.contains("The evidence says otherwise."), "{report}");
}

#[test]
fn what_is_older_is_refused_and_changes_nothing() {
    let home = home("harbour");
    let home = home.path();
    waypost(home, &["open", "new.bundle"], "\nq\n");
    let case = only(home);
    let before = report(home, "text");
    assert!(before.contains("Healthy: There is light"), "{before}");
    let check = |file: &str, expected: &str| {
        let (code, _, error) = waypost(home, &["open", file, "--case", &case], "q\n");
        assert_eq!((code, error), (Some(5), format!("waypost: {expected}\n")));
        assert_eq!(report(home, "text"), before);
    };
    check(
        "old.bundle",
        &format!(
            "it was collected {}, and the case has `new.bundle`, which was collected {}: \
             what is older says nothing new, and nothing of it was taken",
            OLD.1, NEW.1
        ),
    );
    check(
        "new.bundle",
        &format!(
            "the case has it already, as `new.bundle`: it was collected {}",
            NEW.1
        ),
    );
}

#[test]
fn another_machine_is_told_and_named() {
    let home = home("quay");
    let home = home.path();
    waypost(home, &["open", "old.bundle"], "q\n");
    let before = report(home, "text");
    assert!(
        before.contains(&format!(
            "`old.bundle` was collected {} on the machine `harbour`.",
            OLD.1
        )),
        "{before}"
    );
    assert!(!before.contains("came from"), "{before}");
    let case = only(home);
    let (code, _, error) = waypost(home, &["open", "new.bundle", "--case", &case], "q\n");
    assert_eq!(code, Some(0), "{error}");
    let said = "waypost: it comes from the machine `quay`, and what the case was sent before from `harbour`; \
                it is taken because of --case\n";
    assert!(error.starts_with(said), "{error}");
    let after = report(home, "text");
    for (name, (_, at), machine) in [("old", OLD, "harbour"), ("new", NEW, "quay")] {
        let said =
            format!("The bundle `{name}.bundle` was collected {at} on the machine `{machine}`.");
        assert!(after.contains(&said), "{after}");
    }
}

/// What was collected before the fix is no news of it.
#[test]
fn what_was_collected_before_the_fix_is_told() {
    let home = home("harbour");
    let home = home.path();
    waypost(home, &["open", "old.bundle"], "\n1\nq\n");
    let case = only(home);
    let (code, _, error) = waypost(home, &["open", "new.bundle", "--case", &case], "q\n");
    let expected = "waypost: nothing of it was taken: it was collected before what was done last in the case, \
                    and tells nothing of what came of that; collect once more\n";
    assert_eq!((code, error.as_str()), (Some(5), expected));
}
