//! `waypost open` and `waypost diagnose --bundle`: what a bundle says is what its machine said.

use std::{
    collections::BTreeMap,
    env, fs,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use serde_json::{Value, json};
use waypost::{
    case::bundle::{About, Bundle},
    finding::Os,
    host::Written,
};

use super::{AGENT, collected, demo, run, run_with};
use crate::hosts::{case::HostCase, laid_out::LaidOut, servers::Lacking};

/// Hosts whose faults lie in each of what can be looked at: files, logs, services, disks, names, ports, certificates, requests
/// by a proxy; on Linux and on Windows.
const HOSTS: &[&str] = &[
    "address-never-filled-in",
    "ampersand-unescaped",
    "certificate-chain-not-whole",
    "config-cut-off",
    "config-is-folder",
    "disk-under-2-gb",
    "encrypted-left-over",
    "healthy",
    "healthy-windows",
    "heap-too-big",
    "name-unknown",
    "nothing-readable",
    "out-of-memory",
    "port-refused",
    "proxy-half-set",
    "role-missing",
    "upgrade-file-locked",
    "upgrade-half-done",
    "username-misspelt",
];
/// Hosts that are walked at the same time.
const AT_ONCE: usize = 3;

/// What has to be the same: where the walk ended, by which answers, on which outcomes.
fn walked(result: &Value) -> Value {
    let path = result["path"].as_array().into_iter().flatten().map(|step| {
        json!({
            "tree": step["tree"], "node": step["node"], "answer": step["answer"], "outcome": step["outcome"],
            "skipped": step["skipped"],
        })
    });
    let conclusion = &result["conclusion"];
    json!({
        "verdict": result["verdict"], "tree": conclusion["tree"], "node": conclusion["node"], "title": conclusion["title"],
        "path": path.collect::<Vec<_>>(),
    })
}

/// The evidence of the path's steps comes from the bundle, and all that was found.
fn foreign(result: &Value) -> Option<String> {
    let of = |list: &str| result[list].as_array().cloned().unwrap_or_default();
    let mut all = of("path").into_iter().chain(of("findings"));
    all.find(|entry| entry["source"] == "observed")
        .map(|entry| format!("it was not looked at here: {entry}"))
}

#[test]
fn a_bundle_ends_where_its_machine_did() {
    let only = env::var("WAYPOST_HOST").ok();
    let all = HostCase::all();
    let cases: Vec<&HostCase> = HOSTS
        .iter()
        .map(|name| {
            let found = all.iter().find(|case| case.name == *name);
            found.unwrap_or_else(|| panic!("there is no host `{name}`"))
        })
        .filter(|case| {
            only.as_ref()
                .is_none_or(|only| case.name.contains(only.as_str()))
        })
        .collect();
    let (next, wrong) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let walks = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let (count, faults) = compare(case);
                    walks.fetch_add(count, Ordering::Relaxed);
                    let mut wrong = wrong.lock().unwrap_or_else(PoisonError::into_inner);
                    wrong.extend(
                        faults
                            .into_iter()
                            .map(|fault| format!("{}: {fault}", case.name)),
                    );
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap_or_else(PoisonError::into_inner);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let walks = walks.into_inner();
    assert!(
        only.is_some() || walks >= 10,
        "only {walks} walks were compared"
    );
}

/// Walks a host, and what was collected there; how many walks were compared, and what differs.
fn compare(case: &HostCase) -> (usize, Vec<String>) {
    let laid_out = match LaidOut::new(case) {
        Ok(laid_out) => laid_out,
        Err(Lacking(part)) => {
            eprintln!("{}: left out, {part} is not to be had here", case.name);
            return (0, Vec::new());
        }
    };
    let mut wrong = Vec::new();
    for walk in &case.expect.walks {
        match both(case, &laid_out, &walk.tree) {
            Ok((live, bundle)) => {
                if walked(&live) != walked(&bundle) {
                    wrong.push(format!(
                        "{}: on the machine\n{:#}\nand over the bundle\n{:#}",
                        walk.tree,
                        walked(&live),
                        walked(&bundle)
                    ));
                }
                wrong.extend(foreign(&bundle));
            }
            Err(why) => wrong.push(why),
        }
    }
    (case.expect.walks.len(), wrong)
}

fn both(case: &HostCase, laid_out: &LaidOut, tree: &str) -> Result<(Value, Value), String> {
    let texts = |texts: &[&str]| {
        texts
            .iter()
            .map(|text| (*text).to_owned())
            .collect::<Vec<_>>()
    };
    let mut diagnose = texts(&["diagnose", tree, "--format", "json"]);
    diagnose.extend(laid_out.machine(case));
    let file = laid_out.at(&format!("{tree}.bundle")).display().to_string();
    let mut collect = texts(&["collect", tree, "-o", &file]);
    collect.extend(laid_out.machine(case));
    let over = texts(&["diagnose", "--bundle", &file, "--format", "json"]);
    let result = |arguments: &[String]| {
        let (out, error, code) = laid_out.run(arguments)?;
        if !matches!(code, 0 | 1 | 3) {
            return Err(format!("{arguments:?}: exit code {code}: {error}"));
        }
        serde_json::from_str(&out).map_err(|why| format!("{arguments:?}: {why}"))
    };
    let live = result(&diagnose)?;
    let (_, error, code) = laid_out.run(&collect)?;
    if code != 0 {
        return Err(format!("collect: exit code {code}: {error}"));
    }
    Ok((live, result(&over)?))
}

#[test]
fn a_bundle_becomes_a_case_that_goes_on() {
    let home = tempfile::tempdir().expect("a folder");
    collected(home.path(), "mid-down", "name-unknown");
    let (code, out, error) = run_with(home.path(), &["--plain", "open", "x.bundle"], "q\n");
    assert_eq!(code, Some(0), "{error}");
    assert!(out.contains("bundle x.bundle, collected 2026-"), "{out}");
    assert!(out.contains("on linux"), "{out}");
    // The file may go: the case has its own.
    fs::remove_file(home.path().join("x.bundle")).expect("it is there");
    let (code, out, error) = run(home.path(), &["cases"]);
    assert_eq!(code, Some(0), "{error}");
    assert!(out.contains("mid-down  (bundle x.bundle)"), "{out}");
    let (code, out, error) = run_with(home.path(), &["--plain", "resume"], "\n\n\n\n\n\n\nq\n");
    assert_eq!(code, Some(0), "{error}");
    assert!(
        out.contains("bundle x.bundle") && out.contains("bundled"),
        "{out}"
    );
    let (code, out, error) = run(home.path(), &["report", "--format", "text"]);
    assert_eq!(code, Some(0), "{error}");
    assert!(
        out.contains("bundled") && !out.contains("observed"),
        "{out}"
    );
    // It is of its machine, and of no other one.
    let host = demo("healthy");
    let (code, _, error) = run(home.path(), &["--plain", "resume", "--host", &host]);
    assert_eq!(code, Some(2));
    assert!(
        error.contains("the case is of a bundle, and looks at nothing else"),
        "{error}"
    );
}

/// Whoever collected had another tree: that is told, and the walk goes on with the one here. With none there is no walk.
#[test]
fn a_tree_that_is_another_one_is_told() {
    const OWN: &str = "
waypost: 1
id: own
title: Own
symptoms: [It is dark]
start: a
probes:
  hosts: { file: { path: /etc/hosts } }
nodes:
  a:
    ask: Is it there?
    probe: hosts
    answers:
      - { answer: 'Yes', id: 'yes', when: present, goto: fine }
      - { answer: 'No', id: 'no', when: absent, goto: fine }
  fine: { conclude: Fine, verdict: healthy }
";
    let home = tempfile::tempdir().expect("a folder");
    let trees = home.path().join("mine");
    fs::create_dir(&trees).expect("a folder");
    fs::write(trees.join("own.yaml"), OWN).expect("a file");
    let collect = [
        "--trees", "mine", "--trust", "collect", "own", "-o", "x.bundle",
    ];
    let (code, _, error) = run(home.path(), &collect);
    assert_eq!(code, Some(0), "{error}");
    let open = ["--trees", "mine", "--trust", "--plain", "open", "x.bundle"];
    let (_, out, error) = run_with(home.path(), &open, "q\n");
    assert!(!out.contains("another than then"), "{out}{error}");
    fs::write(
        trees.join("own.yaml"),
        OWN.replace("conclude: Fine", "conclude: All is well"),
    )
    .expect("a file");
    let (code, out, error) = run_with(home.path(), &open, "\nq\n");
    assert_eq!(code, Some(0), "{error}");
    assert!(
        out.contains("the tree `own` here is another than then"),
        "{out}"
    );
    assert!(out.contains("All is well"), "{out}");
    let (code, _, error) = run(home.path(), &["--plain", "open", "x.bundle"]);
    assert_eq!(code, Some(2));
    assert!(
        error.contains("it was collected for the tree `own`, which is not here; `--trees DIR` names a folder that has it"),
        "{error}"
    );
}

/// How old something is, is how old it was when it was collected, however long ago that is.
#[test]
fn what_was_new_then_is_new() {
    const LOCK: &str = "
waypost: 1
id: own
title: Own
symptoms: [It is dark]
start: a
probes:
  lock: { file: { path: /opt/lock } }
nodes:
  a:
    ask: Is the lock old?
    probe:
      of: lock
      cases:
        - left-over: found.modified is older_than('1h')
        - fresh: true
    answers:
      - { answer: 'Yes', id: 'yes', when: left-over, goto: bad }
      - { answer: 'No', id: 'no', when: [fresh, absent], goto: fine }
  fine: { conclude: Fine, verdict: healthy }
  bad: { conclude: Left over, verdict: cause, because: It is old., fix: Remove it. }
";
    let home = tempfile::tempdir().expect("a folder");
    fs::write(home.path().join("own.yaml"), LOCK).expect("a file");
    let check = |modified: &str, code: i32, expected: &str| {
        let about = About {
            format: About::FORMAT,
            program: "0".to_owned(),
            tree: "own".into(),
            title: String::new(),
            trees: BTreeMap::new(),
            at: "2024-01-01T12:00:00Z".parse().expect("a time"),
            os: Os::Linux,
            zone: None,
            machine: None,
            inputs: BTreeMap::new(),
            looks: 1,
            failed: Vec::new(),
            replaced: BTreeMap::new(),
        };
        let written = Written {
            host_yaml: format!(
                "os: linux\nnow: 2024-01-01T12:00:00Z\nfiles: true\nmeta: {{ /opt/lock: {{ modified: {modified} }} }}\n"
            ),
            files: BTreeMap::new(),
        };
        let (bundle, _) = Bundle::new(about, written);
        let file = fs::File::create(home.path().join("x.bundle")).expect("a file");
        bundle.write(file).expect("it is written");
        let arguments = ["--trust", "diagnose", "./own.yaml", "--bundle", "x.bundle"];
        let (came, out, error) = run(home.path(), &arguments);
        assert_eq!(came, Some(code), "{out}{error}");
        assert!(out.contains(expected), "{out}");
    };
    check("2024-01-01T11:50:00Z", 0, "Fine");
    check("2024-01-01T10:50:00Z", 1, "Left over");
}

/// What is no bundle begins no case.
#[test]
fn what_is_no_bundle_is_refused_with_its_name() {
    let home = tempfile::tempdir().expect("a folder");
    let path = home.path().join("x.bundle");
    collected(home.path(), "mid-down", "healthy");
    let whole = fs::read(&path).expect("it was written");
    let check = |bytes: &[u8], code: i32, expected: &str| {
        fs::write(&path, bytes).expect("a file");
        for arguments in [
            &["--plain", "open", "x.bundle"][..],
            &["diagnose", "--bundle", "x.bundle"],
        ] {
            let (came, _, error) = run(home.path(), arguments);
            assert_eq!(came, Some(code), "{arguments:?}: {error}");
            assert!(
                error.contains("x.bundle: ") && error.contains(expected),
                "{error}"
            );
        }
    };
    check(
        &whole[..whole.len() / 2],
        5,
        "it is damaged, or its end is missing",
    );
    check(b"\x1f\x8b and no more of it", 5, "it is no bundle, or ");
    check(
        &[whole.as_slice(), b"x"].concat(),
        5,
        "something follows its end",
    );
    // Neither of both; another text is not taken for a bundle.
    for text in [
        &b"what a person wrote\n"[..],
        b"",
        b"PK\x03\x04",
        b"\xff\xfea\0",
    ] {
        fs::write(&path, text).expect("a file");
        let (code, _, error) = run(home.path(), &["--plain", "open", "x.bundle"]);
        assert_eq!(code, Some(2), "{error}");
        assert_eq!(
            error,
            "waypost: x.bundle: this is neither a bundle, which is the file that `waypost collect` writes, nor an answer, \
             which is the file that a script of `waypost ask` writes (its first line begins with `waypost answer`)\n"
        );
    }
    let (_, out, _) = run(home.path(), &["cases"]);
    assert!(out.contains("There is no case yet"), "{out}");
    let (code, _, error) = run(home.path(), &["--plain", "open", "none.bundle"]);
    assert_eq!(code, Some(5), "{error}");
    assert!(error.contains("none.bundle: "), "{error}");
}

/// The opener's own files, network and programs are none of a bundle's business.
#[test]
fn nothing_is_looked_at_beside_a_bundle() {
    let home = tempfile::tempdir().expect("a folder");
    collected(home.path(), "mid-down", "healthy");
    let host = demo("healthy");
    for command in [
        &["--plain", "open", "x.bundle", "--host", &host][..],
        &["diagnose", "--bundle", "x.bundle", "--host", &host],
    ] {
        let (code, _, error) = run(home.path(), command);
        assert_eq!(code, Some(2), "{error}");
    }
    // Another folder than the one that was collected: what was not recorded is unknown, here or there.
    let elsewhere = home.path().join("agent");
    fs::create_dir(&elsewhere).expect("a folder");
    fs::write(elsewhere.join("config.xml"), "<parameters/>").expect("a file");
    let input = format!("agent_dir={}", elsewhere.display());
    let arguments = [
        "diagnose", "--bundle", "x.bundle", "--input", &input, "--format", "json",
    ];
    let (_, out, error) = run(home.path(), &arguments);
    let result: Value = serde_json::from_str(&out).unwrap_or_else(|why| panic!("{why}: {error}"));
    let findings = result["findings"].as_array().expect("it has some");
    let config = findings.iter().find(|finding| finding["probe"] == "config");
    let config = config.expect("somebody looked at it");
    assert_eq!(config["outcome"], Value::Null);
    assert!(
        config["why"]
            .as_str()
            .is_some_and(|why| why.contains("was not recorded")),
        "{config}"
    );
    let _ = AGENT;
}

/// *Where is the machine?* takes a file, too; a wrong one is told and asked for again.
#[test]
fn where_the_machine_is_can_be_a_file() {
    let home = tempfile::tempdir().expect("a folder");
    collected(home.path(), "mid-down", "name-unknown");
    fs::write(home.path().join("x.txt"), "nothing of the kind").expect("a file");
    let keys = "4\nnone.bundle\nx.txt\n\n4\n 'x.bundle'\nq\n";
    let (code, out, error) = run_with(home.path(), &["--plain", "mid-down"], keys);
    assert_eq!(code, Some(0), "{error}");
    for said in [
        "  4  In a file from there: a bundle, or what a script wrote",
        "none.bundle: ",
        "x.txt: this is neither a bundle, which is the file",
        "bundle x.bundle, collected 2026-",
    ] {
        assert!(out.contains(said), "{said}: {out}{error}");
    }
    // It is a case as of `open`, and the only one.
    let (_, out, error) = run(home.path(), &["cases"]);
    assert_eq!(out.matches("mid-down").count(), 2, "{out}{error}");
    assert!(out.contains("(bundle x.bundle)"), "{out}");
}
