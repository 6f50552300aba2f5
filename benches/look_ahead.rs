//! A whole diagnosis with twelve looks of a second each, against the longest chain of looks that need each other.
//!
//! `waypost diagnose` walks a tree of twelve questions in a row. A server on loopback takes a second for every answer,
//! and as long as a proxy on the way to a port. Three of the twelve looks need each other: each is sent to the address
//! that the one before was told. The last question compares two looks. The rival is a bare client that asks those three
//! one after the other, and does nothing else. Both take turns.
//!
//! `WAYPOST_BENCH_RUNS`: runs of each, 5 where nothing is said.

#[path = "support/measure.rs"]
mod measure;
#[path = "support/rival.rs"]
mod rival;
#[path = "support/slow_server.rs"]
mod slow_server;

use std::{
    fmt::Write,
    fs,
    net::SocketAddr,
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use measure::Times;
use slow_server::SlowServer;

/// How long each look takes.
const DELAY: Duration = Duration::from_secs(1);
/// Looks of the tree.
const LOOKS: usize = 12;
/// Looks that need each other, one after the other.
const CHAIN: usize = 3;
/// What the ratio is to reach.
const TO_REACH: f64 = 1.1;

fn main() {
    if !measure::asked_for() {
        return;
    }
    let runs = measure::size("WAYPOST_BENCH_RUNS", 5_usize);
    let server = SlowServer::start(DELAY);
    let home = tempfile::tempdir().expect("a temporary folder can be made");
    let tree = home.path().join("slow.yaml");
    fs::write(&tree, made_up(server.address())).expect("a temporary folder can be written to");
    let (whole, chain): (Vec<Duration>, Vec<Duration>) = (0..runs)
        .map(|_| (diagnose(&tree, home.path(), &server), server.chain(CHAIN)))
        .unzip();
    let (whole, chain) = (Times::new(whole), Times::new(chain));
    println!("  the whole diagnosis, {LOOKS} looks: {whole}");
    println!("  the longest chain, {CHAIN} looks: {chain}");
    rival::closing("look_ahead", &whole, "the longest chain", &chain, TO_REACH);
}

fn diagnose(tree: &Path, home: &Path, server: &SlowServer) -> Duration {
    server.asked();
    let mut command = Command::new(env!("CARGO_BIN_EXE_waypost"));
    command
        .env_clear()
        .env("HOME", home)
        .current_dir(home)
        .stdin(Stdio::null())
        .args(["diagnose", "--trust", "--format", "text"])
        .arg(tree);
    let start = Instant::now();
    let output = command.output().expect("the program starts");
    let took = start.elapsed();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && text.contains("Everything answers"),
        "it goes another way: {text}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert_eq!(server.asked(), LOOKS, "each look is made once");
    took
}

/// The tree's text. Questions one, three and seven are the chain; two, six and ten ask for a port through the proxy.
fn made_up(server: SocketAddr) -> String {
    let mut text = String::from(
        "waypost: 1
id: slow
title: Everything takes a second
symptoms: [Everything is slow]
start: q1
inputs:
  second: { ask: Which is the second?, type: url, from: facts.p1.json.next }
  third: { ask: Which is the third?, type: url, from: facts.p3.json.next }
probes:
",
    );
    let mut put = |line: std::fmt::Arguments<'_>| {
        text.write_fmt(line)
            .expect("a string takes what is written");
    };
    for look in 1..=LOOKS {
        match look {
            2 | 6 | 10 => put(format_args!(
                "  p{look}: {{ tcp: {{ host: part-{look}.example, port: 443, via: {{ address: 'http://{server}' }} }} }}\n"
            )),
            3 => put(format_args!(
                "  p3: {{ http: {{ url: '{{{{ second }}}}' }} }}\n"
            )),
            7 => put(format_args!(
                "  p7: {{ http: {{ url: '{{{{ third }}}}' }} }}\n"
            )),
            _ => put(format_args!(
                "  p{look}: {{ http: {{ url: 'http://{server}/{look}' }} }}\n"
            )),
        }
    }
    put(format_args!("nodes:\n"));
    for question in 1..LOOKS {
        let (good, bad) = match question {
            2 | 6 | 10 => (
                "open",
                "refused, timed-out, unreachable, unresolved, proxy-refused",
            ),
            _ => (
                "answered",
                "refused, timed-out, unreachable, unresolved, tls-failed",
            ),
        };
        put(format_args!(
            "  q{question}:
    ask: Does part {question} answer?
    why: Every part has to.
    probe: p{question}
    answers:
      - {{ answer: It does, id: good, when: {good}, goto: q{} }}
      - {{ answer: It does not, id: bad, when: [{bad}], goto: broken }}
",
            question + 1
        ));
    }
    put(format_args!(
        "  q{LOOKS}:
    ask: Do the last and the first part say the same?
    why: They are meant to.
    probe:
      of: [p{LOOKS}, p1]
      cases:
        - same: facts.p{LOOKS}.status == facts.p1.status
        - differ: true
    answers:
      - {{ answer: They do, id: good, when: same, goto: fine }}
      - {{ answer: They do not, id: bad, when: differ, goto: broken }}
  fine: {{ conclude: Everything answers, verdict: healthy }}
  broken: {{ conclude: A part is broken, verdict: cause, because: It does not answer., fix: Mend it. }}
"
    ));
    text
}
