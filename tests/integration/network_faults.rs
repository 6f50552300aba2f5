//! A network that is broken in one way, and the real program in it: what `ping`, `tcp`, `http` and `dns` find together
//! tells the ways apart.

use std::{
    fs, io,
    os::unix::{fs::PermissionsExt, process::CommandExt},
    process::Command,
    time::Duration,
};

use serde_json::Value;
use tokio::runtime::Builder;
use waypost::host::{
    Host, Limits, Look, PingReply, Reply,
    live::{Live, LiveOptions},
};

use crate::support::{Fault, Network, ROUTER, ROUTER_SIX, THERE, THERE_SIX, left_out, program};

const TREE: &str = r#"
waypost: 1
id: faults
title: What is between here and there
symptoms: [Nothing comes through]
reviewed: 2026-11-20
start: machine
probes:
  machine: { ping: { host: "@MACHINE@" }, timeout: @WAIT@ }
  port: { tcp: { host: "@THERE@", port: @PORT@ }, timeout: @WAIT@ }
  page: { http: { url: "@URL@" }, timeout: @PAGE@ }
  name: { dns: { name: name.example, server: "@THERE@" }, timeout: @WAIT@ }
nodes:
  machine:
    ask: Does the machine answer?
    how: Ask it.
    probe: machine
    answers:
      - { answer: "Yes", id: "yes", when: answered, goto: port }
      - { answer: "No", id: "no", when: [silent, unresolved], goto: port }
    unsure: port
  port:
    ask: Is the port open?
    how: Open it.
    probe: port
    answers:
      - { answer: "Yes", id: "yes", when: open, goto: page }
      - { answer: "No", id: "no", when: [refused, timed-out, unreachable, unresolved], goto: page }
    unsure: page
  page:
    ask: Is there a page?
    how: Ask for it.
    probe: page
    answers:
      - { answer: "Yes", id: "yes", when: answered, goto: name }
      - { answer: "No", id: "no", when: [refused, timed-out, unreachable, unresolved, tls-failed], goto: name }
    unsure: name
  name:
    ask: Is the name known?
    how: Ask for it.
    probe: name
    answers:
      - { answer: "Yes", id: "yes", when: resolved, goto: end }
      - { answer: "No", id: "no", when: unresolved, goto: end }
    unsure: end
  end: { conclude: All was asked, verdict: healthy }
"#;

/// How the four looks ended, with the facts of each.
struct Seen {
    /// Outcomes of ping, connection, request and name; `unknown: why` where there is none.
    outcomes: [String; 4],
    facts: [Value; 4],
}

/// For what may never answer.
const SHORT: [&str; 2] = ["2s", "10s"];

/// Who may have sockets of ICMP, as groups from and to.
const NOBODY: &str = "1 0";
const EVERYBODY: &str = "0 2147483647";

const PROBES: [&str; 4] = ["machine", "port", "page", "name"];

/// Runs the program on this side. A request has a time of its own: before its first one a program reads whom the
/// machine trusts, which takes a busy one a while.
fn look(network: &Network, machine: &str, wait: [&str; 2]) -> Seen {
    let mut tries = 0;
    loop {
        let seen = look_as(network, machine, wait, |_| {}).expect("root may run it");
        tries += 1;
        // A machine that is too busy to end a look in time tells nothing, which is right, and nothing to test.
        let late = |outcome: &String| outcome.contains("the look took longer than");
        if tries == 5 || !seen.outcomes.iter().any(late) {
            return seen;
        }
    }
}

/// As another user, or otherwise changed; `None` where that user may not run the program.
fn look_as(
    network: &Network,
    machine: &str,
    [wait, page]: [&str; 2],
    change: impl Fn(&mut Command) + Sync,
) -> Option<Seen> {
    let folder = tempfile::tempdir().expect("there is room");
    let tree = folder.path().join("faults.yaml");
    let text = TREE
        .replace("@MACHINE@", machine)
        .replace("@THERE@", &THERE.to_string())
        .replace("@PORT@", &network.port().to_string())
        .replace("@URL@", &network.url())
        .replace("@PAGE@", page)
        .replace("@WAIT@", wait);
    fs::write(&tree, text).expect("there is room");
    // For whomever the program runs as.
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).expect("it is ours");
    let output = network.inside("here", || {
        let tree = tree.to_str().expect("the path is text");
        let mut command = program(
            folder.path(),
            &["diagnose", tree, "--trust", "--format", "json"],
        );
        change(&mut command);
        match command.output() {
            Ok(output) => Some(output),
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => None,
            Err(error) => panic!("{error}"),
        }
    })?;
    let said = String::from_utf8_lossy(&output.stderr);
    let json: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{said}"));
    let findings = json["findings"].as_array().expect("it has findings");
    let finding = |probe: &str| {
        findings
            .iter()
            .find(|finding| finding["probe"] == probe)
            .unwrap_or_else(|| panic!("nothing of `{probe}`: {json}"))
    };
    let outcome = |probe: &str| match finding(probe)["outcome"].as_str() {
        Some(outcome) => outcome.to_owned(),
        None => format!("unknown: {}", finding(probe)["why"]),
    };
    Some(Seen {
        outcomes: PROBES.map(outcome),
        facts: PROBES.map(|probe| finding(probe)["facts"].clone()),
    })
}

#[test]
fn each_fault_has_its_own_face() {
    let Some(network) = Network::new() else {
        return;
    };
    let there = THERE.to_string();
    let check = |fault, outcomes: [&str; 4], error: Option<&str>, code: &str| {
        network.break_with(fault);
        let seen = look(&network, &there, SHORT);
        assert_eq!(seen.outcomes, outcomes, "{fault:?}");
        assert_eq!(seen.facts[0]["error"].as_str(), error, "{fault:?}");
        assert_eq!(seen.facts[3]["code"], code, "{fault:?}");
    };
    let router = |words: &str| format!("{words}, says {ROUTER}");
    check(
        Fault::None,
        ["answered", "open", "answered", "resolved"],
        None,
        "NOERROR",
    );
    check(
        Fault::Drop(""),
        ["silent", "timed-out", "timed-out", "unresolved"],
        None,
        "TIMEOUT",
    );
    // What many firewalls do: that a machine is silent does not say that it is down.
    check(
        Fault::Drop("meta l4proto icmp"),
        ["silent", "open", "answered", "resolved"],
        None,
        "NOERROR",
    );
    check(
        Fault::Drop("meta l4proto tcp"),
        ["answered", "timed-out", "timed-out", "resolved"],
        None,
        "NOERROR",
    );
    check(
        Fault::Drop("meta l4proto udp"),
        ["answered", "open", "answered", "unresolved"],
        None,
        "TIMEOUT",
    );
    check(
        Fault::Reset,
        ["silent", "refused", "refused", "unresolved"],
        Some(&router("port unreachable")),
        "TIMEOUT",
    );
    check(
        Fault::Reject("host-unreachable"),
        ["silent", "unreachable", "unreachable", "unresolved"],
        Some(&router("host unreachable")),
        "TIMEOUT",
    );
    check(
        Fault::Reject("admin-prohibited"),
        ["silent", "unreachable", "unreachable", "unresolved"],
        Some(&router("forbidden by a filter")),
        "TIMEOUT",
    );
}

#[test]
fn half_of_the_packets_are_enough() {
    let Some(network) = Network::new() else {
        return;
    };
    network.break_with(Fault::Half);
    let seen = look(&network, &THERE.to_string(), ["10s", "20s"]);
    assert_eq!(seen.outcomes, ["answered", "open", "answered", "resolved"]);
    assert_eq!(
        (&seen.facts[0]["sent"], &seen.facts[0]["lost"]),
        (&4.into(), &2.into())
    );
    // The first packet was lost, and sent again after a second (RFC 6298, 2.1).
    let took = seen.facts[1]["took_ms"].as_u64();
    assert!(took.is_some_and(|took| took >= 900), "{took:?}");
}

#[test]
fn slow_is_neither_silent_nor_fast() {
    let Some(network) = Network::new() else {
        return;
    };
    network.slow_down();
    let seen = look(&network, &THERE.to_string(), ["40s", "40s"]);
    assert_eq!(seen.outcomes, ["answered", "open", "answered", "resolved"]);
    let slowest = seen.facts[0]["slowest_ms"].as_f64();
    assert!(
        slowest.is_some_and(|slowest| slowest > 300.0),
        "{slowest:?}"
    );
    let took = seen.facts[1]["took_ms"].as_u64();
    assert!(took.is_some_and(|took| took > 300), "{took:?}");
}

#[test]
fn without_a_way_nothing_is_sent() {
    let Some(network) = Network::new() else {
        return;
    };
    network.forget_the_way();
    let seen = look(&network, &THERE.to_string(), SHORT);
    assert_eq!(
        seen.outcomes,
        ["silent", "unreachable", "unreachable", "unresolved"]
    );
    assert_eq!(seen.facts[0]["sent"], 0);
    assert!(seen.facts[0]["error"].is_string());
}

/// Over the socket of ordinary users and the one of administrators, over IPv4 and IPv6, the same is seen.
#[test]
fn both_sockets_see_the_same() {
    let Some(network) = Network::new() else {
        return;
    };
    let ping = |machine: &str| {
        let asked = Look::Ping {
            host: machine.to_owned(),
            count: 4,
        };
        let limits = Limits {
            timeout: Duration::from_secs(2),
        };
        network.inside("here", || {
            let host = Live::new(LiveOptions::default()).expect("there is a host");
            let runtime = Builder::new_current_thread().enable_all().build();
            let runtime = runtime.expect("there are threads");
            match runtime.block_on(host.look(&asked, limits)) {
                Ok(Reply::Ping(PingReply::Answered {
                    sent, lost, error, ..
                })) => (sent, lost, error),
                Ok(Reply::Ping(PingReply::Silent { sent, error, .. })) => (sent, sent, error),
                other => panic!("{other:?}"),
            }
        })
    };
    for (machine, router) in [
        (THERE.to_string(), ROUTER),
        (THERE_SIX.to_owned(), ROUTER_SIX),
    ] {
        let check = |fault, lost, words: Option<&str>| {
            network.break_with(fault);
            let error = words.map(|words| format!("{words}, says {router}"));
            for groups in [NOBODY, EVERYBODY] {
                network.let_ping(groups);
                let got = ping(&machine);
                assert_eq!(
                    got,
                    (4, lost, error.clone()),
                    "{fault:?} {machine} {groups}"
                );
            }
        };
        check(Fault::None, 0, None);
        check(Fault::Half, 2, None);
        check(Fault::Drop(""), 4, None);
        check(
            Fault::Reject("host-unreachable"),
            4,
            Some("host unreachable"),
        );
        check(Fault::Reject("no-route"), 4, Some("network unreachable"));
        check(
            Fault::Reject("port-unreachable"),
            4,
            Some("port unreachable"),
        );
        check(
            Fault::Reject("admin-prohibited"),
            4,
            Some("forbidden by a filter"),
        );
    }
}

/// Who may have no socket asks through the system's own program, and who has none of that either knows nothing.
#[test]
fn a_user_without_rights_sees_the_same() {
    let Some(network) = Network::new() else {
        return;
    };
    if Command::new("ping").arg("-V").output().is_err() {
        return left_out("`ping` of iputils-ping is not installed");
    }
    network.let_ping(NOBODY);
    let there = THERE.to_string();
    let nobody = |path: Option<&str>| {
        // The program sends one a second, and has to end in time on a busy machine too.
        look_as(&network, &there, ["7s", "20s"], |command| {
            command.uid(65534).gid(65534);
            if let Some(path) = path {
                command.env("PATH", path);
            }
        })
    };
    let check = |fault, outcome: &str, lost: u32, error: Option<&str>| {
        network.break_with(fault);
        let Some(seen) = nobody(None) else {
            return eprintln!("left out, nobody cannot run the program where it lies");
        };
        let facts = &seen.facts[0];
        assert_eq!(seen.outcomes[0], outcome, "{fault:?}");
        assert_eq!(
            (&facts["sent"], &facts["lost"]),
            (&4.into(), &lost.into()),
            "{fault:?}"
        );
        assert_eq!(facts["error"].as_str(), error, "{fault:?}");
    };
    check(Fault::None, "answered", 0, None);
    check(Fault::Drop("meta l4proto icmp"), "silent", 4, None);
    let unreachable = format!("Destination Host Unreachable, says {ROUTER}");
    check(
        Fault::Reject("host-unreachable"),
        "silent",
        4,
        Some(&unreachable),
    );
    network.break_with(Fault::None);
    if let Some(seen) = nobody(Some("/nonexistent")) {
        let why = &seen.outcomes[0];
        assert!(why.starts_with("unknown: "), "{why}");
        assert!(
            why.contains("this user may not send echo requests"),
            "{why}"
        );
    }
}
