//! Somebody else's machine: what the customer sent is pasted, and leads on as a look would.

use std::fs;

use crate::support::{fed, program};

const CONFIG: &str = r#"mid@host:~$ cat /opt/mid/agent/config.xml
<?xml version="1.0" encoding="UTF-8"?>
<parameters>
    <parameter name="url" value="https://hub.example/"/>
    <parameter name="mid.instance.username" value="mid.user"/>
    <parameter name="mid.instance.password" secure="true" value="encrypted:abc"/>
    <parameter name="name" value="mid-one"/>
</parameters>
mid@host:~$
"#;

/// Walks the tree of a MID Server that is down, on a customer's Linux; gives what is written.
fn typed(lines: &[&str], sent: &str) -> String {
    let home = tempfile::tempdir().expect("a folder");
    fs::write(home.path().join("sent.txt"), sent).expect("a file");
    // Somebody else's, Linux.
    let keys = ["3"].iter().chain(lines).map(|line| format!("{line}\n"));
    let keys: String = keys.collect();
    let output = fed(&mut program(home.path(), &["mid-down", "--plain"]), &keys);
    assert!(output.status.success(), "{}", output.status);
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[track_caller]
fn check(lines: &[&str], sent: &str, expected: &[&str]) {
    // As one line: sentences are wrapped.
    let text = typed(lines, sent);
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for expected in expected {
        assert!(text.contains(expected), "`{expected}` is not in\n{text}");
    }
}

#[test]
fn what_was_sent_answers_the_question() {
    let mut lines = vec!["2", "/opt/mid/agent", "p"];
    lines.extend(CONFIG.lines());
    lines.extend([".", "", "t"]);
    check(
        &lines,
        "",
        &[
            "Found: filled-in",
            "Is `config.xml` filled in correctly?: Yes (pasted)",
        ],
    );
    let status = "● mid.service - MID Server\n     Active: active (running) since Fri 2026-11-20 10:00:00 UTC; 2h ago";
    lines.truncate(lines.len() - 1);
    lines.push("p");
    lines.extend(status.lines());
    lines.extend([".", "", "t"]);
    check(
        &lines,
        "",
        &[
            "Found: running mid is running.",
            "3. Is the MID Server's service running on its host?: It is running (pasted)",
        ],
    );
    check(
        &["2", "/opt/mid/agent", "p < sent.txt", "", "t"],
        CONFIG,
        &["(pasted)"],
    );
}

/// The tree's first question, which nobody has to answer by hand.
#[test]
fn a_list_of_processes_answers_the_first_question() {
    let list = "  PID                      UTC   RSS USER  COMMAND\n    1 Fri Nov 20 09:58:41 2026 12876 root  /sbin/init\n\
                 4711 Fri Nov 20 10:00:00 2026  8804 mid   /opt/mid/agent/bin/./wrapper-linux-x86-64\n2 processes in all\n";
    check(
        &["p < sent.txt", "", "t"],
        list,
        &["Is an upgrade of the MID Server at work at this moment?: No (pasted)"],
    );
    check(
        &["p < sent.txt", "", "t"],
        &list.replace("2 processes in all\n", ""),
        &["its end, `… processes in all`, is missing"],
    );
}

#[test]
fn what_does_not_fit_is_said_and_the_question_stays() {
    let half = &CONFIG[..CONFIG.len() / 2];
    check(
        &["2", "/opt/mid/agent", "p < sent.txt", "t"],
        half,
        &["Could not be found out: the paste is not the whole file"],
    );
    check(
        &["2", "/opt/mid/agent", "p < sent.txt"],
        "PING a (192.0.2.1) 56(84) bytes of data.\n",
        &["expected the text of /opt/mid/agent/config.xml, got what begins with `PING a"],
    );
    check(
        &["2", "/opt/mid/agent", "p < nothing.txt"],
        "",
        &["nothing.txt: No such file"],
    );
    check(
        &["2", "/opt/mid/agent", "p", "<parameters>"],
        "",
        &["the input ended before a line with a single"],
    );
    let large = "a".repeat((16 << 20) + 1);
    check(
        &["2", "/opt/mid/agent", "p < sent.txt"],
        &large,
        &["larger than 16 MiB, the bound"],
    );
    check(
        &["2", "/opt/mid/agent", "p", &large, "."],
        "",
        &["it is larger than 16 MiB, the bound"],
    );
}

const ASKS: &str = r#"
waypost: 1
id: asks
title: Does the server answer?
start: answers
symptoms: [it does not]
nodes:
  answers:
    ask: Does it answer?
    probe:
      http: { url: "https://a.example/x" }
      cases:
        - not-let-in: found.status == 401
        - lets-in: found.status == 200
    answers:
      - { answer: It lets in, id: in, when: lets-in, goto: fine }
      - { answer: It does not let in, id: out, when: not-let-in, goto: login }
      - { answer: It does not answer, id: none, when: [refused, timed-out, unreachable, unresolved, tls-failed], goto: network }
    unsure: network
  fine: { conclude: All is well, verdict: healthy }
  login: { conclude: The login is wrong, verdict: cause, because: It is refused., fix: Mend it. }
  network: { conclude: The network is in the way, verdict: escalate, next: Ask the network's people. }
"#;

/// What a request's command printed leads on as the request would; of another request it is refused.
#[test]
fn an_answer_of_the_network_that_was_sent() {
    let sample = |name: &str| {
        let path = format!("{}/tests/printed/{name}", env!("CARGO_MANIFEST_DIR"));
        fs::read_to_string(path).expect("the sample is there")
    };
    let walk = |sent: &str| {
        let home = tempfile::tempdir().expect("a folder");
        let tree = home.path().join("asks.yaml");
        fs::write(&tree, ASKS).expect("a file");
        fs::write(home.path().join("sent.txt"), sent).expect("a file");
        let tree = tree.to_str().expect("a plain path");
        let mut program = program(home.path(), &[tree, "--plain", "--trust"]);
        // Somebody else's, Linux.
        let output = fed(&mut program, "3\np < sent.txt\n\n");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let holds = |sent: &str, expected: &str| {
        let text = walk(sent);
        assert!(
            text.contains(expected),
            "`{expected}` is not in {text}, of {sent}"
        );
    };
    let check = |name: &str, expected: &str| holds(&sample(name), expected);
    check("curl-https-401.txt", "Found: not-let-in");
    check("curl-https-401.txt", "The login is wrong");
    check("curl-https-untrusted.txt", "The network is in the way");
    check(
        "curl-proxy-answered.txt",
        "expected what was asked as `GET https://a.example/x`, got what was asked as `GET https://a.example/x via p.example:3128`",
    );
    // A program that gave up sooner than a look does not say that nobody answers.
    check("curl-v-silent.txt", "Found: timed-out");
    holds(
        &sample("curl-v-silent.txt").replace("10002 milli", "1002 milli"),
        "Could not be found out: `curl` was given 1 s, and the look waits 10 s, so that no answer in time says nothing: run it again with `-m 10`, and paste that alone",
    );
}
