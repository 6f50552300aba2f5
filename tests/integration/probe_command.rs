//! `waypost probe`: what one probe was asked, saw and found.

use std::path::Path;

use crate::support::program;

/// Exit code and standard output together with standard error.
fn probe(arguments: &[&str]) -> (Option<i32>, String) {
    probe_on("assets/demo/login-refused", arguments)
}

fn probe_on(host: &str, arguments: &[&str]) -> (Option<i32>, String) {
    let home = tempfile::tempdir().expect("a folder");
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join(host);
    let demo = demo.to_string_lossy();
    let mut all = vec!["probe"];
    all.extend(arguments);
    all.extend(["--host", &demo]);
    let output = program(home.path(), &all).output();
    let output = output.expect("the program starts");
    let text = [output.stdout, output.stderr].concat();
    (
        output.status.code(),
        String::from_utf8_lossy(&text).into_owned(),
    )
}

const DIR: [&str; 2] = ["--input", "agent_dir=/opt/servicenow/mid/agent"];

#[test]
fn shows_what_was_asked_seen_and_found() {
    let (code, text) = probe(&["mid-down", "agent_log", DIR[0], DIR[1]]);
    assert_eq!(code, Some(0), "{text}");
    for part in [
        "probe mid-common/agent_log, kind log",
        r#"  files: ["/opt/servicenow/mid/agent/logs/agent0.log.?"]"#,
        // A fact, and the line of the file itself.
        "user: mid.harbour",
        "    2026-11-18T08:40:06.028-0500 WARN  (StartupSequencer) [SOAPClient:97] SOAP Response: Status code=401",
        "by hand: ",
    ] {
        assert!(text.contains(part), "`{part}` in {text}");
    }
    assert!(
        text.ends_with("outcome: login-doubtful\n") || text.ends_with("outcome: login-refused\n"),
        "{text}"
    );
}

#[test]
fn a_question_gives_its_own_outcome() {
    let (code, text) = probe(&["mid-down", "config-filled-in", DIR[0], DIR[1]]);
    assert_eq!(code, Some(0), "{text}");
    assert!(
        text.starts_with("question mid-down/config-filled-in"),
        "{text}"
    );
    assert!(text.ends_with("outcome: filled-in\n"), "{text}");
}

#[test]
fn secrets_are_masked_in_parameters_facts_and_material() {
    let (_, text) = probe(&["mid-down", "config", DIR[0], DIR[1]]);
    let file = "assets/demo/login-refused/files/opt/servicenow/mid/agent/config.xml";
    let file = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file));
    let file = file.expect("the demo has a config.xml");
    let secret = file
        .split("encrypted:")
        .nth(1)
        .and_then(|rest| rest.split('"').next());
    let secret = secret.expect("the demo has an encrypted password");
    assert!(secret.len() > 8 && !text.contains(secret), "{text}");
    assert!(text.contains("encrypted:‹secret-1"), "{text}");
}

#[test]
fn what_is_missing_is_told() {
    let check = |arguments: &[&str], code: i32, part: &str| {
        let (found, text) = probe(arguments);
        assert_eq!(found, Some(code), "{text}");
        assert!(text.contains(part), "`{part}` in {text}");
    };
    check(&["mid-down", "agent_log"], 3, "agent_dir");
    check(
        &["mid-down", "agent-log"],
        2,
        "`waypost probe mid-down` lists them",
    );
    check(&["mid-down"], 0, "agent_log (log)");
    check(&["mid-down"], 0, "config-filled-in (a question)");
    check(&["mid-dwon", "agent_log"], 2, "did you mean `mid-down`?");
    check(&[], 0, "log: ");
}

#[test]
fn commands_are_those_of_the_host_that_is_looked_at() {
    let dir = ["--input", "agent_dir=C:\\ServiceNow\\mid\\agent"];
    let check = |host: &str, dir: [&str; 2], here: &str, elsewhere: &str| {
        let (_, text) = probe_on(host, &["mid-down", "service", dir[0], dir[1]]);
        let commands: Vec<&str> = text
            .lines()
            .filter(|line| line.starts_with("by hand: "))
            .collect();
        assert!(commands.iter().any(|line| line.contains(here)), "{text}");
        assert!(
            commands.iter().all(|line| !line.contains(elsewhere)),
            "{text}"
        );
    };
    check("assets/demo/encrypted-left-over", dir, "Get-", "systemctl");
    check("assets/demo/login-refused", DIR, "systemctl", "Get-");
}

/// What a kind ends in and finds is said by one table, here and in the manual.
#[test]
fn a_kind_says_all_that_it_ends_in() {
    let (_, text) = probe(&[]);
    let (_, log) = text.split_once("\nlog: ").expect("the kind is listed");
    let log = log.split("\n\n").next().unwrap_or_default();
    for part in [
        "outcomes: its patterns' names*, none*, missing",
        "of each pattern count",
    ] {
        assert!(log.contains(part), "`{part}` in {log}");
    }
}

#[test]
fn what_a_finding_rests_on_is_shown() {
    let (_, text) = probe(&["mid-down", "agent_log", DIR[0], DIR[1]]);
    assert!(
        text.lines()
            .any(|line| line.starts_with("evidence: /opt/servicenow/mid/agent/logs/")),
        "{text}"
    );
}
