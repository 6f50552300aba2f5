//! The shipped trees beside the Java Service Wrapper itself: its logs, its processes and its pid file are real.

use std::process::Command;

use serde_json::Value;

use crate::support::{ServiceWrapper, Setup, left_out, program};

/// A process probe of a tree of its own, whose case compares memory with the heap that is configured.
const MEMORY: &str = "
waypost: 1
id: own
title: Own
symptoms: [It is dark]
reviewed: 2026-11-20
start: java
inputs:
  agent_dir: { ask: Where?, type: directory }
probes:
  java: { process: { match: 'WrapperSimpleApp' } }
  conf: { config: { file: '{{ agent_dir }}/conf/wrapper.conf', format: properties } }
nodes:
  java:
    ask: Does Java take more than its heap?
    how: Look.
    probe:
      of: java
      cases:
        - more: found.memory_bytes / 1048576 > facts.conf.values['wrapper.java.maxmemory'] | int
        - less: true
    answers:
      - { answer: More, when: more, goto: seen }
      - { answer: Less, when: less, goto: seen }
      - { answer: None, id: none, when: absent, goto: seen }
    unsure: seen
  seen: { conclude: Seen, verdict: healthy }
";

/// What a probe of `mid-down`, or a question's, comes to beside this wrapper.
fn outcome(wrapper: &ServiceWrapper, name: &str) -> (String, String) {
    let home = tempfile::tempdir().expect("a folder");
    let input = format!("agent_dir={}", wrapper.agent().display());
    let output = program(home.path(), &["probe", "mid-down", name, "--input", &input]).output();
    let output = output.expect("the program starts");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let last = text.lines().last().unwrap_or_default();
    let outcome = last.strip_prefix("outcome: ").unwrap_or(last).to_owned();
    (outcome, text)
}

/// Starts it, or says why the test is left out.
fn start(setup: Setup<'_>) -> Option<ServiceWrapper> {
    let wrapper = ServiceWrapper::start(setup);
    if wrapper.is_none() {
        left_out("Debian's `service-wrapper` or a JDK is not installed");
    }
    wrapper
}

#[test]
fn a_healthy_start() {
    let Some(wrapper) = start(Setup::default()) else {
        return;
    };
    wrapper.wait_for("work begins", 1);
    assert_eq!(outcome(&wrapper, "wrapper_log").0, "launched");
    let (service, text) = outcome(&wrapper, "service");
    assert_eq!(service, "running", "{text}");
    assert!(
        text.contains(&format!("  pid: {}\n", wrapper.pid())),
        "{text}"
    );
    // Java is not what is asked for: it runs from a folder of its own, and its parent is found.
    assert!(text.contains("manager: wrapper\n"), "{text}");
}

#[test]
fn memory_can_be_compared_with_the_heap() {
    let Some(wrapper) = start(Setup::default()) else {
        return;
    };
    wrapper.wait_for("work begins", 1);
    let home = tempfile::tempdir().expect("a folder");
    std::fs::write(home.path().join("own.yaml"), MEMORY).expect("a file");
    let input = format!("agent_dir={}", wrapper.agent().display());
    let arguments = [
        "diagnose",
        "./own.yaml",
        "--trust",
        "--input",
        &input,
        "--format",
        "json",
    ];
    let output = program(home.path(), &arguments).output();
    let output = output.expect("the program starts");
    let result: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    let found = &result["path"][0]["outcome"];
    assert!(found == "more" || found == "less", "{result:#}");
    let pids = result["findings"].as_array().and_then(|findings| {
        findings
            .iter()
            .find_map(|finding| finding["facts"]["pids"].as_array())
    });
    let own = Value::from(wrapper.java());
    assert!(pids.is_some_and(|pids| pids.contains(&own)), "{result:#}");
}

#[test]
fn each_way_to_fail_is_told_apart() {
    let check = |setup: Setup<'_>, text: &str, expected: &str| {
        let Some(wrapper) = start(setup) else {
            return;
        };
        wrapper.wait_for(text, 1);
        let (found, shown) = outcome(&wrapper, "wrapper_log");
        assert_eq!(found, expected, "{shown}");
    };
    let healthy = Setup::default();
    let exhausted = Setup {
        heap: "16",
        argument: "exhaust",
        ..healthy
    };
    check(exhausted, "The JVM has run out of memory.", "out-of-memory");
    let no_java = Setup {
        java: "/nowhere/bin/java",
        ..healthy
    };
    check(no_java, "<-- Wrapper Stopped", "no-java");
    let heap = Setup {
        heap: "99999999",
        ..healthy
    };
    check(heap, "<-- Wrapper Stopped", "heap-too-big");
}

#[test]
fn a_java_that_was_killed() {
    let Some(wrapper) = start(Setup::default()) else {
        return;
    };
    wrapper.wait_for("work begins", 1);
    let killed = Command::new("kill")
        .args(["-KILL", &wrapper.java().to_string()])
        .status();
    assert!(killed.is_ok_and(|status| status.success()));
    wrapper.wait_for("JVM process is gone", 1);
    let (found, text) = outcome(&wrapper, "wrapper_log");
    assert_eq!(found, "java-killed", "{text}");
    // The wrapper has started it again.
    wrapper.wait_for("work begins", 2);
    assert_eq!(outcome(&wrapper, "service").0, "running");
}
