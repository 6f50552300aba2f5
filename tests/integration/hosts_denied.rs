//! Every host of `tests/hosts/` as a recording, network and all, walked inside this process: once as it is, and once for each
//! of its files with no right to read that one. What cannot be read makes a verdict weaker; it never makes another cause.

mod kinds;
mod rows;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use serde_json::Value;
use waypost::{finding::TreeId, host::Recorded, tree::Forest};

use crate::hosts::{
    case::{Dns, HostCase, Instance, Proxy, Values, WANTED, Walk},
    checks::{conclusion, started_too_early, trace},
    recorded::{self, InMemory},
};

#[test]
fn no_right_to_one_file_never_makes_another_cause() {
    let forest = recorded::forest();
    // What stands in a file's place needs a real file system, and a login needs a real proxy.
    let cases: Vec<HostCase> = HostCase::all()
        .into_iter()
        .filter(|case| {
            case.expect.in_place_of.is_empty()
                && case.expect.secrets.is_empty()
                && case.name != "nothing-readable"
        })
        .collect();
    let (next, found) = (AtomicUsize::new(0), Mutex::new((0, Vec::new())));
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let (walked, wrong) = walk_over(&forest, case);
                    let mut found = found.lock().unwrap_or_else(PoisonError::into_inner);
                    found.0 += walked;
                    found.1.extend(wrong);
                }
            });
        }
    });
    let (walked, wrong) = found.into_inner().unwrap_or_else(PoisonError::into_inner);
    assert!(walked > 100, "only {walked} walks");
    assert!(
        wrong.is_empty(),
        "{} of {walked} walks:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// How many walks there were, and every fault that they show.
fn walk_over(forest: &Arc<Forest>, case: &HostCase) -> (usize, Vec<String>) {
    let values = values(case);
    let files = case.files(&values);
    let (mut walked, mut wrong) = (0, Vec::new());
    for walk in &case.expect.walks {
        let (whole, opened) = diagnose(forest, case, walk, None);
        if whole["verdict"] != walk.verdict.as_str() || conclusion(&whole) != walk.conclusion {
            wrong.push(format!(
                "{}, {}: all readable: {}",
                case.name,
                walk.tree,
                came_to(&whole)
            ));
        }
        // No right to a file that the walk never opens changes nothing. Logs are also looked at unopened.
        for path in files.keys().filter(|path| {
            path.starts_with("logs/") || opened.iter().any(|opened| opened.ends_with(path.as_str()))
        }) {
            let denied = format!("{}/{path}", values.agent_dir);
            let (result, _) = diagnose(forest, case, walk, Some(&denied));
            walked += 1;
            if !is_no_other_cause(walk, &result) {
                wrong.push(format!(
                    "{}, {}: without `{path}`: {}",
                    case.name,
                    walk.tree,
                    came_to(&result)
                ));
            }
            if let Some(why) = started_too_early(&result) {
                wrong.push(format!(
                    "{}, {}: without `{path}`: {why}",
                    case.name, walk.tree
                ));
            }
        }
    }
    (walked, wrong)
}

/// The right end, or one that claims less.
fn is_no_other_cause(walk: &Walk, result: &Value) -> bool {
    let end = conclusion(result);
    match result["verdict"].as_str().unwrap_or_default() {
        "needs-answer" | "unresolved" => true,
        verdict => {
            let right = verdict == walk.verdict && end == walk.conclusion;
            right || end.is_some_and(|end| walk.also.contains(&end))
        }
    }
}

fn came_to(result: &Value) -> String {
    let end = conclusion(result).unwrap_or_default();
    format!("{} {end}\n{}", result["verdict"], trace(result))
}

pub fn values(case: &HostCase) -> Values {
    let agent_dir = match case.is_windows() {
        true => r"C:\ServiceNow\mid-harbour-01\agent",
        false => "/opt/servicenow/mid-harbour-01/agent",
    };
    let name = match case.expect.instance {
        Instance::Unresolved => "mid-test.invalid",
        _ => "harbour.service-now.com",
    };
    Values {
        agent_dir: agent_dir.to_owned(),
        instance: format!("https://{name}"),
        installed: case.expect.instance.installed(),
        proxy_port: 3128,
        dns: case
            .expect
            .dns
            .map(|Dns::Nxdomain| "192.0.2.53:53".to_owned())
            .unwrap_or_default(),
    }
}

/// The result, and which files were opened on the way.
fn diagnose(
    forest: &Arc<Forest>,
    case: &HostCase,
    walk: &Walk,
    denied: Option<&str>,
) -> (Value, BTreeSet<String>) {
    let files = InMemory::new(files(case));
    let inputs = case.inputs(&values(case));
    let tree = TreeId::new(&walk.tree);
    let result = recorded::diagnose(forest, &tree, inputs, &machine(case, files.clone(), denied));
    (result, files.opened())
}

/// The host's own recording, with its files and its network written into it.
pub fn machine(case: &HostCase, files: InMemory, denied: Option<&str>) -> Recorded {
    let values = values(case);
    let mut machine: serde_yaml::Mapping =
        serde_yaml::from_str(&case.machine(&values)).expect("`host.yaml` is a map");
    machine.insert("files".into(), true.into());
    let root = if case.is_windows() {
        r"C:\ServiceNow"
    } else {
        "/opt/servicenow"
    };
    machine.insert(
        "roots".into(),
        serde_yaml::Value::Sequence(vec![root.into()]),
    );
    if let Some(path) = denied {
        machine.insert(
            "denied".into(),
            serde_yaml::Value::Sequence(vec![path.into()]),
        );
    }
    let network: serde_yaml::Mapping =
        serde_yaml::from_str(&network(case, &values)).expect("it is a map");
    for (section, entries) in network {
        let known = machine
            .entry(section)
            .or_insert_with(|| serde_yaml::Mapping::new().into());
        if let (Some(known), serde_yaml::Value::Mapping(entries)) =
            (known.as_mapping_mut(), entries)
        {
            known.extend(entries);
        }
    }
    let text = serde_yaml::to_string(&machine).expect("a map is YAML");
    Recorded::new(&text, files).unwrap_or_else(|error| panic!("{}: {error}", case.name))
}

/// The agent folder's files, by path below the recording's `files/`.
pub fn files(case: &HostCase) -> BTreeMap<String, Vec<u8>> {
    let below = match case.is_windows() {
        true => "C/ServiceNow/mid-harbour-01/agent",
        false => "opt/servicenow/mid-harbour-01/agent",
    };
    let files = case.files(&values(case)).into_iter();
    files
        .map(|(path, content)| (format!("{below}/{path}"), content))
        .collect()
}

/// How instance and proxy behave, as sections of `host.yaml`.
fn network(case: &HostCase, values: &Values) -> String {
    let body = format!(
        "{{ answered: {{ status: 200, body: '<mid_buildstamp>{WANTED}</mid_buildstamp>' }} }}"
    );
    let opens = "{ open: { address: '192.0.2.7:443', took_ms: 3 } }".to_owned();
    let (dns, tcp, http) = match case.expect.instance {
        Instance::Answering | Instance::Newer => {
            ("{ addresses: ['192.0.2.7'], code: NOERROR }", opens, body)
        }
        Instance::OtherName => (
            "{ addresses: ['192.0.2.7'], code: NOERROR }",
            opens,
            "{ tls-failed: not valid for name }".to_owned(),
        ),
        Instance::Refused => (
            "{ addresses: ['192.0.2.7'], code: NOERROR }",
            "refused".to_owned(),
            "refused".to_owned(),
        ),
        Instance::Silent => (
            "{ addresses: ['192.0.2.7'], code: NOERROR }",
            "timed-out".to_owned(),
            "timed-out".to_owned(),
        ),
        Instance::Unresolved => (
            "{ addresses: [], code: NXDOMAIN }",
            "{ unresolved: no such name }".to_owned(),
            "{ unresolved: no such name }".to_owned(),
        ),
    };
    let host = values.instance.trim_start_matches("https://");
    let asked = if values.dns.is_empty() {
        host.to_owned()
    } else {
        format!("{host}@{}", values.dns)
    };
    let url = format!("POST {}:443/InstanceInfo.do?SOAP", values.instance);
    let (via_tcp, via_http) = match case.expect.proxy {
        Proxy::None => ("unreachable: no route", "unreachable: no route"),
        Proxy::Plain => ("open: { address: '127.0.0.1:3128', took_ms: 3 }", ""),
        Proxy::Basic => (
            "proxy-refused: { status: 407, schemes: [Basic] }",
            "proxy-refused: { status: 407, schemes: [Basic] }",
        ),
    };
    let via_http = if via_http.is_empty() {
        http.clone()
    } else {
        format!("{{ {via_http} }}")
    };
    // Of another name's certificate alone anybody asks.
    let tls = match case.expect.instance {
        Instance::OtherName => format!(
            "tls: {{ '{host}:443': {{ shown: {{ address: '192.0.2.7:443', chain: [], trust: trusted, wrong_name: not valid for name }} }} }}\n"
        ),
        _ => String::new(),
    };
    format!(
        "dns: {{ '{asked}': {dns} }}\n{tls}\
         tcp:\n  '{host}:443': {tcp}\n  '{host}:443 via 127.0.0.1:3128': {{ {via_tcp} }}\n\
         http:\n  '{url}': {http}\n  '{url} via 127.0.0.1:3128': {via_http}\n"
    )
}
