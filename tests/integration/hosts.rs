//! The real program over every host of `tests/hosts/`: it has to end at the right cause, show the evidence for it, tell nobody
//! to start a service too early, and print no password.
//!
//! Files and network are live, only service, process and disk are recorded (on Windows hosts the files as well). The servers
//! are on loopback. A host whose server is not installed is left out and says so, unless `WAYPOST_REAL_PARTS=required` is set.

pub mod case;
pub mod recorded;
mod servers;

use std::{
    env, fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;
use tempfile::TempDir;

use case::{HostCase, Odd, Place, Values, Walk};
use servers::{Lacking, Servers};

/// Hosts that are walked at the same time.
const AT_ONCE: usize = 4;
/// No walk may take longer than the probes that it waits for, by far.
const LONGEST: Duration = Duration::from_secs(60);

/// Exit codes as the manual gives them, by verdict.
const EXIT_CODES: &[(&str, i32)] = &[
    ("healthy", 0),
    ("not-applicable", 0),
    ("cause", 1),
    ("escalate", 1),
    ("needs-answer", 3),
    ("unresolved", 3),
];

/// What stands in the hosts' files and must stand in no output.
const PLANTED: &[&str] = &[
    "Kestrel-Harbour-42",
    "Kestrel-Har",
    "Winter.Tide!2026",
    "Seagull.Rope-77",
    "Mast&Sail-9931",
    "Sail-9931",
    "Deck-Lantern-57",
    "Deck-Lantern-58",
    "ypeBEsobvcr6wjGzmiPcTaeG7/gUfE5yuYB3ha/uSLs=",
    "bWlkLmhhcmJvdXI6S2VzdHJlbC1IYXJib3VyLTQy",
    "7E44C0FFEE7E44C0FFEE12",
    "5D0C17AB90",
];

#[test]
fn every_host_ends_where_it_should() {
    let only = env::var("WAYPOST_HOST").ok();
    let cases: Vec<HostCase> = HostCase::all()
        .into_iter()
        .filter(|case| {
            only.as_ref()
                .is_none_or(|only| case.name.contains(only.as_str()))
        })
        .collect();
    assert!(!cases.is_empty(), "no host is left");
    let (next, wrong) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let found = walk_over(case);
                    wrong
                        .lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .extend(found);
                }
            });
        }
    });
    let mut wrong = wrong.into_inner().unwrap_or_else(PoisonError::into_inner);
    wrong.sort();
    assert!(
        wrong.is_empty(),
        "{} faults:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn every_planted_secret_is_in_some_host() {
    let values = Values::default();
    let all: Vec<Vec<u8>> = HostCase::all()
        .iter()
        .flat_map(|case| case.files(&values).into_values())
        .collect();
    let text = String::from_utf8(all.concat()).expect("the files are text");
    for secret in PLANTED {
        assert!(text.contains(secret), "`{secret}` is in no host");
    }
}

/// A host laid out in a folder of its own, with its servers.
struct LaidOut {
    folder: TempDir,
    values: Values,
    _servers: Servers,
}

impl LaidOut {
    fn new(case: &HostCase) -> Result<Self, Lacking> {
        let folder = TempDir::new().expect("a folder of its own");
        let servers = Servers::start(&case.expect)?;
        let at = |part: &str| folder.path().join(part);
        let (agent_dir, files) = if case.is_windows() {
            let inside = "machine/files/C/ServiceNow/mid-harbour-01/agent";
            (r"C:\ServiceNow\mid-harbour-01\agent".to_owned(), at(inside))
        } else {
            (at("agent").display().to_string(), at("agent"))
        };
        let values = servers.values(&case.expect, &agent_dir);
        for (path, content) in case.files(&values) {
            write(&files.join(path), &content);
        }
        for (path, odd) in &case.expect.in_place_of {
            put(&files.join(path), *odd);
        }
        write(&at("machine/host.yaml"), case.machine(&values).as_bytes());
        write(&at("ca.pem"), servers.ca_pem.as_bytes());
        for (name, secret) in &case.expect.secrets {
            write(&at(&format!("secrets/{name}")), secret.as_bytes());
        }
        Ok(Self {
            folder,
            values,
            _servers: servers,
        })
    }

    fn at(&self, part: &str) -> PathBuf {
        self.folder.path().join(part)
    }

    /// What `diagnose` prints, and its exit code.
    fn diagnose(&self, case: &HostCase, tree: &str, format: &str) -> Result<(String, i32), String> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_waypost"));
        command.args(["diagnose", tree, "--format", format]);
        command
            .arg("--host")
            .arg(self.at("machine"))
            .arg("--ca")
            .arg(self.at("ca.pem"));
        for (name, value) in case.inputs(&self.values) {
            command.arg("--input").arg(format!("{name}={value}"));
        }
        for name in case.expect.secrets.keys() {
            let file = self.at(&format!("secrets/{name}"));
            command
                .arg("--secret")
                .arg(format!("{name}=@{}", file.display()));
        }
        command
            .env_remove("WAYPOST_TREES")
            .env("HOME", self.folder.path());
        for proxy in [
            "http_proxy",
            "https_proxy",
            "all_proxy",
            "HTTP_PROXY",
            "HTTPS_PROXY",
            "ALL_PROXY",
        ] {
            command.env_remove(proxy);
        }
        let (out, err) = (self.at("stdout"), self.at("stderr"));
        let file = |path: &Path| fs::File::create(path).expect("the folder can be written");
        command
            .stdin(Stdio::null())
            .stdout(file(&out))
            .stderr(file(&err));
        let mut child = command.spawn().map_err(|error| error.to_string())?;
        let begun = Instant::now();
        let status = loop {
            match child.try_wait().map_err(|error| error.to_string())? {
                Some(status) => break status,
                None if begun.elapsed() > LONGEST => {
                    let _ = child.kill();
                    let _ = child.wait();
                    return Err(format!("still at it after {} s", LONGEST.as_secs()));
                }
                None => thread::sleep(Duration::from_millis(10)),
            }
        };
        let read = |path: &Path| fs::read_to_string(path).expect("output is UTF-8");
        match status.code() {
            Some(code @ (0 | 1 | 3)) => Ok((read(&out), code)),
            code => Err(format!("exit code {code:?}: {}", read(&err))),
        }
    }
}

/// Every fault that the walks over a host show.
fn walk_over(case: &HostCase) -> Vec<String> {
    let laid_out = match LaidOut::new(case) {
        Ok(laid_out) => laid_out,
        Err(Lacking(part)) => {
            let required = env::var("WAYPOST_REAL_PARTS").is_ok_and(|value| value == "required");
            let line = format!("{}: left out, {part} is not to be had here", case.name);
            eprintln!("{line}");
            return if required { vec![line] } else { Vec::new() };
        }
    };
    let mut wrong = Vec::new();
    for walk in &case.expect.walks {
        match laid_out.diagnose(case, &walk.tree, "json") {
            Ok((json, code)) => {
                wrong.extend(leaked(&json).map(|secret| format!("JSON shows `{secret}`")));
                wrong.extend(compare(walk, &json, code));
            }
            Err(why) => wrong.push(why),
        }
        for format in ["text", "markdown"] {
            match laid_out.diagnose(case, &walk.tree, format) {
                Ok((text, _)) => {
                    wrong.extend(leaked(&text).map(|secret| format!("{format} shows `{secret}`")))
                }
                Err(why) => wrong.push(format!("{format}: {why}")),
            }
        }
        for line in &mut wrong {
            if !line.starts_with(&case.name) {
                *line = format!(
                    "{} ({}), {}: {line}",
                    case.name, case.expect.about, walk.tree
                );
            }
        }
    }
    wrong
}

fn leaked(text: &str) -> impl Iterator<Item = &'static str> {
    PLANTED
        .iter()
        .copied()
        .filter(move |secret| text.contains(secret))
}

fn compare(walk: &Walk, json: &str, code: i32) -> Vec<String> {
    let Ok(result) = serde_json::from_str::<Value>(json) else {
        return vec![format!("this is no JSON: {json}")];
    };
    let mut wrong = Vec::new();
    let verdict = result["verdict"].as_str().unwrap_or_default();
    let conclusion = conclusion(&result);
    let wanted = walk.conclusion.as_deref();
    if verdict != walk.verdict || wanted.is_some_and(|wanted| conclusion.as_deref() != Some(wanted))
    {
        wrong.push(format!(
            "expected {} {}, came to {verdict} {}\n{}",
            walk.verdict,
            wanted.unwrap_or_default(),
            conclusion.as_deref().unwrap_or("nothing"),
            trace(&result),
        ));
        return wrong;
    }
    let wanted = EXIT_CODES
        .iter()
        .find(|(known, _)| *known == verdict)
        .map(|(_, code)| *code);
    if wanted != Some(code) {
        wrong.push(format!("exit code {code} for `{verdict}`"));
    }
    if let Some(name) = &walk.names
        && !result["conclusion"]["title"]
            .as_str()
            .unwrap_or_default()
            .contains(name.as_str())
    {
        wrong.push(format!(
            "the conclusion does not name `{name}`: {}",
            result["conclusion"]["title"]
        ));
    }
    let shown = evidence_of_path(&result);
    for place in &walk.evidence {
        if !shown.iter().any(|(file, line)| is_at(place, file, *line)) {
            wrong.push(format!(
                "{}:{} is not among the evidence {shown:?}",
                place.file, place.line
            ));
        }
    }
    for (probe, facts) in &walk.facts {
        let findings = result["findings"].as_array().into_iter().flatten();
        let mut found = findings.filter(|finding| finding["probe"] == probe.as_str());
        if !found.any(|finding| holds(&finding["facts"], facts)) {
            wrong.push(format!("`{probe}` does not have the facts {facts}"));
        }
    }
    wrong.extend(started_too_early(&result));
    wrong
}

/// `tree/node`.
pub fn conclusion(result: &Value) -> Option<String> {
    let conclusion = &result["conclusion"];
    Some(format!(
        "{}/{}",
        conclusion["tree"].as_str()?,
        conclusion["node"].as_str()?
    ))
}

/// The path in a line a step, for whoever has to find out.
pub fn trace(result: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let mut lines = Vec::new();
    for step in result["path"].as_array().into_iter().flatten() {
        let mark = if step["skipped"] == true {
            " (skipped)"
        } else {
            ""
        };
        lines.push(format!(
            "      {}/{} = {} [{}: {}]{mark}",
            text(&step["tree"]),
            text(&step["node"]),
            text(&step["answer"]),
            text(&step["probe"]),
            text(&step["outcome"]),
        ));
    }
    for finding in result["findings"].as_array().into_iter().flatten() {
        if let Some(why) = finding["why"].as_str() {
            lines.push(format!("      unknown: {}: {why}", text(&finding["probe"])));
        }
    }
    lines.join("\n")
}

/// File and line of all evidence of the probes that the path went by.
fn evidence_of_path(result: &Value) -> Vec<(String, u64)> {
    let path = result["path"].as_array().into_iter().flatten();
    let probes: Vec<&str> = path.filter_map(|step| step["probe"].as_str()).collect();
    let findings = result["findings"].as_array().into_iter().flatten();
    let of_path = findings.filter(|finding| {
        finding["probe"]
            .as_str()
            .is_some_and(|probe| probes.contains(&probe))
    });
    let mut places: Vec<_> = of_path
        .flat_map(|finding| finding["evidence"].as_array().into_iter().flatten())
        .filter_map(|evidence| {
            Some((
                evidence["file"].as_str()?.to_owned(),
                evidence["line"].as_u64()?,
            ))
        })
        .collect();
    places.sort();
    places.dedup();
    places
}

fn is_at(place: &Place, file: &str, line: u64) -> bool {
    line == place.line && file.replace('\\', "/").ends_with(&place.file)
}

/// Whether `found` has all that `wanted` has.
fn holds(found: &Value, wanted: &Value) -> bool {
    match wanted {
        Value::Object(wanted) => wanted
            .iter()
            .all(|(key, wanted)| holds(&found[key], wanted)),
        _ => found == wanted,
    }
}

/// Words that tell somebody to start the service, as the trees' steps put them.
const STARTS: &[&str] = &[
    "Start the service",
    "Restart the service",
    "Start-Service",
    "Restart-Service",
    "mid.sh start",
    "mid.sh restart",
    "systemctl start",
    "systemctl restart",
    "net start",
];

/// A text that tells to start the service before it is known that no upgrade is half done.
pub fn started_too_early(result: &Value) -> Option<String> {
    let path = result["path"].as_array().into_iter().flatten();
    let ruled_out = path.into_iter().any(|step| {
        step["node"] == "upgrade-half-done" && step["answer"] == "no" && step["skipped"] == false
    });
    let mut texts = vec![
        &result["conclusion"]["because"],
        &result["conclusion"]["fix"],
        &result["conclusion"]["next"],
    ];
    for question in result["questions"].as_array().into_iter().flatten() {
        texts.extend([&question["text"], &question["how"]]);
    }
    let texts: Vec<&str> = texts.into_iter().filter_map(Value::as_str).collect();
    let start = STARTS
        .iter()
        .find(|start| texts.iter().any(|text| text.contains(**start)))?;
    (!ruled_out).then(|| format!("a text says `{start}` before a half-done upgrade is ruled out"))
}

fn write(path: &Path, content: &[u8]) {
    fs::create_dir_all(path.parent().expect("it lies in a folder"))
        .expect("the folder can be made");
    fs::write(path, content).expect("the file can be written");
}

/// Puts what is no regular file, or a huge one, at a path.
fn put(path: &Path, odd: Odd) {
    fs::create_dir_all(path.parent().expect("it lies in a folder"))
        .expect("the folder can be made");
    match odd {
        Odd::Folder => fs::create_dir(path).expect("the folder can be made"),
        Odd::Fifo => {
            let made = Command::new("mkfifo")
                .arg(path)
                .status()
                .expect("`mkfifo` runs");
            assert!(made.success(), "mkfifo {}", path.display());
        }
        Odd::Spaces => {
            let mut file = fs::File::create(path).expect("the file can be made");
            let block = vec![b' '; 1 << 20];
            for _ in 0..1024 {
                file.write_all(&block).expect("1 GB is free");
            }
        }
    }
}
