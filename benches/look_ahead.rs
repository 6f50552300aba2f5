//! A whole diagnosis with twelve looks of a second each, against the longest chain of looks that need each other.
//!
//! What `waypost diagnose` does walks a tree of twelve questions in a row; the tree counts as one that comes with the program,
//! since what one from outside sends to an address that it was told has to be confirmed. A server on loopback takes a second
//! for every answer, and as long as a proxy on the way to a port. Three of the twelve looks need each other: each is sent to
//! the address that the one before was told. The last question compares two looks. The rival is a bare client that asks those
//! three one after the other, and does nothing else. Both take turns.
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
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use jiff::Timestamp;
use measure::Times;
use slow_server::SlowServer;
use tokio::runtime::Builder;
use waypost::{
    app::{headless, looking::Looker, runtime::Runtime},
    engine::{Opening, Session, VerdictName},
    host::{
        built_for,
        live::{Live, LiveOptions},
    },
    tree::{Forest, Origin, load},
};

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
    let forest = forest(server.address());
    let (whole, chain): (Vec<Duration>, Vec<Duration>) = (0..runs)
        .map(|_| (diagnose(&forest, &server), server.chain(CHAIN)))
        .unzip();
    let (whole, chain) = (Times::new(whole), Times::new(chain));
    println!("  the whole diagnosis, {LOOKS} looks: {whole}");
    println!("  the longest chain, {CHAIN} looks: {chain}");
    rival::closing("look_ahead", &whole, "the longest chain", &chain, TO_REACH);
}

fn forest(server: SocketAddr) -> Arc<Forest> {
    let (tree, _, faults) = load(
        "slow",
        Origin::Embedded,
        made_up(server).as_bytes(),
        &|_| Err("none".to_owned()),
    );
    let tree = tree.unwrap_or_else(|| panic!("{faults:?}"));
    Arc::new(Forest::new([Arc::new(tree)]))
}

/// From the machine that is opened to the verdict.
fn diagnose(forest: &Arc<Forest>, server: &SlowServer) -> Duration {
    server.asked();
    let start = Instant::now();
    let tokio = Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime can be made");
    let verdict = tokio.block_on(async {
        let live = Live::new(LiveOptions::default()).expect("this machine can be looked at");
        let (runtime, mut results) = Runtime::new(Looker {
            source: waypost::finding::Source::Observed,
            host: Arc::new(live),
            redactor: Arc::default(),
        });
        let opening = Opening::new("slow".into(), built_for(), Timestamp::now());
        let (mut session, effects) = Session::start(Arc::clone(forest), opening);
        headless::walk(&mut session, effects, &runtime, &mut results).await;
        session.result(true).verdict
    });
    let took = start.elapsed();
    tokio.shutdown_background();
    assert_eq!(verdict, VerdictName::Healthy, "it goes another way");
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
