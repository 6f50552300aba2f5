//! Whatever was recorded of a machine, files and replies of every kind, is masked as `--record` and `collect` mask it, and then
//! judged by every probe of every tree: each comes to the same outcome with the same facts, and masking again changes nothing.
//! Samples of what programs print are held to the same by [`crate::printed`].

mod again;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use jiff::Timestamp;
use serde_json::json;
use waypost::{
    app::demos,
    engine::{Event, Given, Opening, ProbeKey, Session, Standing},
    finding::{Finding, InputName, Judgement, Source, TreeId, shown},
    host::{Host, Recorded, Recorder, Written},
    redact::Redactor,
    tree::{self, Forest, Origin},
};

use crate::{
    hosts::{
        case::HostCase,
        recorded::{self, InMemory},
    },
    hosts_denied::{files, machine, values},
    support::{PLACES, secret},
};

/// Machines that are walked at once.
const AT_ONCE: usize = 2;

/// Facts that a mask changes, each with the reason. No tree branches on one of them.
const EXCEPTIONS: &[Exception] = &[
    Exception {
        machine: "ampersand-unescaped",
        probe: "mid-common/config",
        fact: "/malformed/column",
        _why: "the `&` that breaks the file stands behind the part of a password that became a token of another length",
    },
    Exception {
        machine: "-----BEGIN RSA PRIVATE KEY-----",
        probe: "around/log",
        fact: "/before/excerpts",
        _why: "an excerpt that cuts a key off is masked by what is left of it, and the whole key is one token and empty lines",
    },
    Exception {
        machine: "-----BEGIN RSA PRIVATE KEY-----",
        probe: "around/log",
        fact: "/after/excerpts",
        _why: "as above",
    },
];

struct Exception {
    machine: &'static str,
    /// `tree/probe`.
    probe: &'static str,
    /// Where it stands among the facts.
    fact: &'static str,
    _why: &'static str,
}

/// A machine, how often one is wanted, with what is given for its inputs and which secrets are known.
struct Machine<'a> {
    name: String,
    host: Box<dyn Fn() -> Recorded + Sync + 'a>,
    /// Those that it is walked with.
    trees: BTreeSet<TreeId>,
    inputs: BTreeMap<String, String>,
    secrets: Vec<String>,
}

/// The landing page leads to all of them, and so to all of their probes.
fn trees<'a>(walked: impl IntoIterator<Item = &'a str>) -> BTreeSet<TreeId> {
    let all = walked.into_iter().chain(["mid-server"]);
    all.map(TreeId::new).collect()
}

fn machines(cases: &[HostCase]) -> Vec<Machine<'_>> {
    let hosts = cases
        .iter()
        .filter(|case| case.expect.in_place_of.is_empty())
        .map(|case| Machine {
            name: case.name.clone(),
            trees: trees(case.expect.walks.iter().map(|walk| walk.tree.as_str())),
            host: Box::new(|| machine(case, InMemory::new(files(case)), None)),
            inputs: case.inputs(&values(case)),
            secrets: case.expect.secrets.values().cloned().collect(),
        });
    let demos = demos::all().expect("the demos can be read").into_iter();
    let demos = demos.map(|demo| Machine {
        name: format!("demo {}", demo.name),
        trees: trees([demo.about.tree.as_str()]),
        inputs: demo.about.inputs.clone(),
        host: Box::new(move || demo.host().expect("it is a recording")),
        secrets: Vec::new(),
    });
    hosts.chain(demos).collect()
}

/// Walks over a machine, and looks with every probe that can look then.
fn seen(
    forest: &Arc<Forest>,
    tree: &TreeId,
    inputs: &BTreeMap<String, String>,
    host: &dyn Host,
) -> (String, BTreeMap<ProbeKey, Finding>) {
    let now = host.now().unwrap_or(Timestamp::UNIX_EPOCH);
    let given =
        |(name, value): (&String, &String)| (InputName::new(name), Given::Text(value.clone()));
    let opening = Opening {
        inputs: inputs.iter().map(given).collect(),
        commands: true,
        ..Opening::new(tree.clone(), host.os(), now)
    };
    let mut session = recorded::walk(forest, opening, host);
    let result = serde_json::to_value(session.result(true)).expect("a result is JSON");
    let path: Vec<String> = result["path"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|step| format!("{}={} by {}", step["node"], step["answer"], step["outcome"]))
        .collect();
    let end = format!(
        "{} {}\n{}",
        result["verdict"],
        result["conclusion"]["node"],
        path.join("\n")
    );
    (end, all(&mut session, host))
}

/// What every probe came to that could look at all.
fn all(session: &mut Session, host: &dyn Host) -> BTreeMap<ProbeKey, Finding> {
    let mut findings = BTreeMap::new();
    // What one found may tell what others need.
    loop {
        let before = findings.len();
        for probe in session.probes() {
            match session.standing(&probe) {
                Standing::Found(finding) => {
                    findings.insert(probe, Finding::clone(&finding));
                }
                Standing::Ready(request) if !findings.contains_key(&probe) => {
                    let finding = recorded::look(host, &request);
                    findings.insert(probe.clone(), finding.clone());
                    let pasted = Event::Pasted {
                        probe,
                        params: request.hash.clone(),
                        finding: Finding {
                            source: Source::Bundled,
                            ..finding
                        },
                    };
                    // Over a case that has ended nothing is taken; the finding is what counts here.
                    let _ = session.apply(pasted, host.now().unwrap_or(Timestamp::UNIX_EPOCH));
                }
                _ => {}
            }
        }
        if findings.len() == before {
            return findings;
        }
    }
}

/// The outcome with its facts, but for those that a mask may change.
fn told(machine: &str, probe: &ProbeKey, finding: &Finding) -> String {
    let outcome = match &finding.judgement {
        Judgement::Outcome(outcome) => outcome,
        Judgement::Unknown(unknown) => return format!("unknown: {unknown}"),
    };
    let mut facts = shown(&finding.facts);
    let is_here = |known: &&Exception| known.machine == machine && known.probe == probe.to_string();
    for known in EXCEPTIONS.iter().filter(is_here) {
        let fact = facts
            .pointer_mut(known.fact)
            .expect("it is among the facts");
        *fact = "excepted".into();
    }
    format!("{outcome} {facts}")
}

/// What was recorded of a machine while `look` looked at it, masked.
fn recorded_masked<T>(
    host: Recorded,
    redactor: &mut Redactor,
    look: impl FnOnce(&dyn Host) -> T,
) -> (T, Written) {
    let now = host.now().unwrap_or(Timestamp::UNIX_EPOCH);
    let zone = host.zone();
    let zone = zone.as_ref().and_then(|zone| zone.iana_name());
    let recorder = Recorder::new(Box::new(host));
    let came = look(&recorder);
    let written = recorder.recording().written(redactor, now, zone);
    (came, written.expect("a reply can be written"))
}

fn again(written: &Written) -> Recorded {
    Recorded::new(&written.host_yaml, InMemory::new(written.files.clone()))
        .unwrap_or_else(|error| panic!("{error}:\n{}", written.host_yaml))
}

/// What differs between a machine and the same one masked.
#[derive(Default)]
struct Compared {
    judged: usize,
    /// `tree/probe outcome`.
    outcomes: BTreeSet<String>,
    wrong: Vec<String>,
}

impl Compared {
    fn compare(&mut self, forest: &Arc<Forest>, machine: &Machine<'_>, tree: &TreeId) {
        let name = &machine.name;
        let mut redactor = Redactor::default();
        for secret in &machine.secrets {
            redactor.learn(secret);
        }
        let look = |host: &dyn Host| seen(forest, tree, &machine.inputs, host);
        let (raw, written) = recorded_masked((machine.host)(), &mut redactor, look);
        let (masked, twice) = recorded_masked(again(&written), &mut Redactor::default(), look);
        if raw.0 != masked.0 {
            let (raw, masked) = (&raw.0, &masked.0);
            self.wrong
                .push(format!("{name}, {tree}:\n{raw}\nand masked:\n{masked}"));
        }
        let probes: BTreeSet<&ProbeKey> = raw.1.keys().chain(masked.1.keys()).collect();
        for probe in probes {
            if let Some(Judgement::Outcome(outcome)) = raw.1.get(probe).map(|raw| &raw.judgement) {
                self.outcomes.insert(format!("{probe} {outcome}"));
            }
            // The facts of what is masked are those of what is not, masked.
            let mut told =
                |finding: &Finding| told(name, probe, &redactor.finding(finding.clone()));
            let raw = raw.1.get(probe).map(&mut told).unwrap_or_default();
            let masked = masked.1.get(probe).map(told).unwrap_or_default();
            self.judged += 1;
            if raw != masked {
                self.wrong.push(format!(
                    "{name}, {tree}: {probe}:\n  {raw}\nand masked:\n  {masked}"
                ));
            }
        }
        if twice.host_yaml != written.host_yaml {
            let (once, twice) = (&written.host_yaml, &twice.host_yaml);
            self.wrong.push(format!(
                "{name}, {tree}: masked twice:\n{twice}\nand once:\n{once}"
            ));
        }
        let differs = |(place, content): &(&String, &Vec<u8>)| {
            written
                .files
                .get(*place)
                .is_none_or(|once| once != *content)
        };
        for (place, _) in twice.files.iter().filter(differs) {
            self.wrong.push(format!(
                "{name}, {tree}: `{place}` is another when it is masked twice"
            ));
        }
    }
}

#[test]
fn what_was_masked_is_judged_as_it_was() {
    let forest = recorded::forest();
    let cases = HostCase::all();
    let machines = machines(&cases);
    let (next, all) = (AtomicUsize::new(0), Mutex::new(Compared::default()));
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                let mut compared = Compared::default();
                while let Some(machine) = machines.get(next.fetch_add(1, Ordering::Relaxed)) {
                    for tree in &machine.trees {
                        compared.compare(&forest, machine, tree);
                    }
                }
                let mut all = all.lock().unwrap_or_else(PoisonError::into_inner);
                all.judged += compared.judged;
                all.outcomes.extend(compared.outcomes);
                all.wrong.extend(compared.wrong);
            });
        }
    });
    let all = all.into_inner().unwrap_or_else(PoisonError::into_inner);
    assert!(all.judged > 1_000, "only {} findings", all.judged);
    assert!(all.outcomes.len() > 60, "only {:?}", all.outcomes);
    let count = all.wrong.len();
    assert!(all.wrong.is_empty(), "{count}:\n{}", all.wrong.join("\n"));
}

/// Every kind of probe whose replies hold texts. Each branches on something that stands beside a secret.
const AROUND: &str = r#"
waypost: 1
id: around
title: Around
symptoms: [It is dark]
start: printed
probes:
  printed: { command: { run: [tool, show], capture: { before: "(before\\d+)", after: "(after\\d+)" } } }
  process: { process: { match: "^run3 " } }
  reply: { http: { url: "https://a.example/", capture: { before: "(before\\d+)", after: "(after\\d+)" } } }
  log: { log: { files: [/opt/a.log], context: 2, patterns: { before: "(?<n>before\\d+)", after: "(?<n>after\\d+)" } } }
  settings: { config: { file: /opt/a.properties, format: properties } }
nodes:
  printed:
    ask: Printed?
    probe: printed
    answers:
      - { answer: 'Yes', id: 'yes', when: exited, goto: process }
      - { answer: 'No', id: 'no', when: missing, goto: process }
  process:
    ask: Does it run?
    probe: process
    answers:
      - { answer: 'Yes', id: 'yes', when: running, goto: reply }
      - { answer: 'No', id: 'no', when: absent, goto: reply }
  reply:
    ask: Does it answer?
    probe: reply
    answers:
      - { answer: 'Yes', id: 'yes', when: answered, goto: log }
      - { answer: 'No', id: 'no', when: [refused, timed-out, unreachable, unresolved, tls-failed], goto: log }
  log:
    ask: What does the log say?
    probe: log
    answers:
      - { answer: Before, id: before, when: before, goto: settings }
      - { answer: After, id: after, when: after, goto: settings }
      - { answer: Nothing, id: nothing, when: [none, missing], goto: settings }
  settings:
    ask: What do the settings say?
    probe: settings
    answers:
      - { answer: Something, id: some, when: read, goto: end }
      - { answer: Nothing, id: nothing, when: [malformed, missing], goto: end }
  end: { conclude: It is over, verdict: healthy }
"#;

/// Secrets of every form in replies of every kind that holds texts: what stands beside them is seen as before.
#[test]
fn what_stands_beside_a_secret_is_judged_as_it_was() {
    let (tree, _, mistakes) = tree::load("around", Origin::Embedded, AROUND.as_bytes(), &|name| {
        Err(format!("no file {name}"))
    });
    assert!(mistakes.is_empty(), "{mistakes:?}");
    let forest = Arc::new(Forest::new([Arc::new(tree.expect("the tree is right"))]));
    let mut compared = Compared::default();
    for (at, place) in PLACES.iter().enumerate() {
        let place = place.replace("SECRET", &secret(at));
        let text = format!("before7\nseen {place}\nafter9\n");
        let line = place.replace('\n', " ");
        let header = line
            .split_once(": ")
            .filter(|(name, _)| !name.contains(' '));
        let (name, value) = header.unwrap_or(("X-Seen", &line));
        let host_yaml = json!({
            "os": "linux", "now": "2026-11-20T10:00:00Z", "zone": "UTC", "files": true, "roots": ["/opt"],
            "programs": { "tool show": { "exited": { "status": 3, "stdout": text, "stderr": place } } },
            "processes": { "list": [
                { "pid": 7, "command_line": format!("run3 {line} last") },
                { "pid": 8, "command_line": format!("run4 {line}") },
            ] },
            "http": { "GET https://a.example/": { "answered": {
                "status": 200, "body": text, "headers": { name: value, "Content-Type": "text/plain" },
            } } },
        });
        let files = BTreeMap::from([
            ("opt/a.log".to_owned(), text.clone().into_bytes()),
            (
                "opt/a.properties".to_owned(),
                format!("first=1\nentry={line}\nlast=2\n").into_bytes(),
            ),
        ]);
        let machine = Machine {
            name: place.lines().next().unwrap_or_default().to_owned(),
            host: Box::new(move || {
                Recorded::new(&host_yaml.to_string(), InMemory::new(files.clone()))
                    .expect("it is a recording")
            }),
            trees: trees([]),
            inputs: BTreeMap::new(),
            secrets: Vec::new(),
        };
        compared.compare(&forest, &machine, &TreeId::new("around"));
        let written = recorded_masked((machine.host)(), &mut Redactor::default(), |host| {
            seen(&forest, &TreeId::new("around"), &machine.inputs, host)
        });
        let all = written
            .1
            .files
            .values()
            .map(|file| String::from_utf8_lossy(file).into_owned());
        let all = all.chain([written.1.host_yaml]).collect::<String>();
        assert!(!all.contains(&secret(at)), "{place:?}: {all}");
    }
    for outcome in [
        "around/printed exited",
        "around/process running",
        "around/reply answered",
        "around/log before",
        "around/settings read",
    ] {
        assert!(
            compared.outcomes.contains(outcome),
            "{:?}",
            compared.outcomes
        );
    }
    assert_eq!(compared.judged, 5 * PLACES.len());
    let count = compared.wrong.len();
    assert!(
        compared.wrong.is_empty(),
        "{count}:\n{}",
        compared.wrong.join("\n")
    );
}
