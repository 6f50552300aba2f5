//! From a key to the drawn frame, in a tree of 10,000 nodes, against one frame at 60 Hz.
//!
//! In this process, the way that every key goes: terminal event → message → update → view → a terminal of 80×24 in
//! memory. Keys that answer a question are left out: they wait for the disk. What the terminal itself takes is not in it.
//! Pages: the question with its evidence, the help, the transcript of forty steps, a note that is typed.
//!
//! `WAYPOST_BENCH_NODES`: nodes of the tree, 10,000 where nothing is said. `WAYPOST_BENCH_RUNS`: rounds, 100.

#[path = "support/made_up_tree.rs"]
mod made_up_tree;
#[path = "support/measure.rs"]
mod measure;

use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use jiff::Timestamp;
use made_up_tree::Shape;
use measure::Times;
use ratatui::{Terminal, backend::TestBackend};
use waypost::{
    app::tui::{Incoming, RuntimeMsg, Task, TuiOpening, Wizard},
    engine::{Effect, Given},
    finding::{Evidence, Facts, Finding, InputName, Judgement, Os, Outcome, Source, TreeId, Value},
    tree::{Forest, Origin, load},
};

const WIDTH: u16 = 80;
const HEIGHT: u16 = 24;
/// Steps that are walked before anything is measured.
const STEPS: usize = 40;
/// One frame at 60 Hz, in microseconds.
const FRAME: u64 = 16_667;
/// What p99 is to reach, in milliseconds.
const TO_REACH: u64 = 2;

/// The pages, each with a word that stands on it and the keys that are pressed: the first opens it.
const PAGES: [(&str, &str, &str); 4] = [
    (
        "walk",
        "What does the log of part",
        "↓ ↓ ↓ ↓ ↑ ↑ ↑ ↑ PgDn PgDn PgDn j j j k k k PgUp PgUp PgUp End Home",
    ),
    ("help", "help", "? ↓ ↓ ↓ ↓ PgDn PgDn PgUp End Home k j Esc"),
    (
        "transcript",
        "settings of part",
        "t ↑ ↑ ↑ ↑ ↑ ↑ PgUp PgUp PgDn ↓ ↓ ↓ ↓ Home ↓ ↓ End Esc",
    ),
    ("note", "north", "n n o r t h ← ← x → → Esc"),
];

fn main() {
    if !measure::asked_for() {
        return;
    }
    let nodes = measure::size("WAYPOST_BENCH_NODES", 10_000_usize);
    let rounds = measure::size("WAYPOST_BENCH_RUNS", 100_usize);
    let mut desk = Desk::new(nodes);
    let answers = Times::new(desk.walk());
    let mut all = Vec::new();
    for (page, word, keys) in PAGES {
        let keys: Vec<Event> = keys.split(' ').map(key).collect();
        let mut times = Vec::new();
        for round in 0..=rounds {
            let mut seen = false;
            for key in &keys {
                let took = desk.press(key);
                seen |= desk.shows(word);
                // The first round warms up.
                if round > 0 {
                    times.push(took);
                }
            }
            assert!(seen, "no `{word}` on the page {page}:\n{}", desk.screen());
        }
        all.extend_from_slice(&times);
        let times = Times::new(times);
        println!(
            "  {page}: p50 {}, p99 {}, max {} of {} keys",
            measure::show(times.median()),
            measure::show(times.percentile(99)),
            measure::show(times.max()),
            times.count(),
        );
    }
    println!("  beside it, answers without the disk that they wait for: {answers}");
    let all = Times::new(all);
    let frame = Duration::from_micros(FRAME);
    println!(
        "key_to_frame: p50 {}, p99 {} of {} keys in a tree of {nodes} nodes, against {} of one frame at 60 Hz: ratio {:.3}, to reach {TO_REACH} ms at p99",
        measure::show(all.median()),
        measure::show(all.percentile(99)),
        all.count(),
        measure::show(frame),
        all.percentile(99).as_secs_f64() / frame.as_secs_f64(),
    );
}

/// The wizard before a terminal in memory. What it asks of the world is answered at once.
struct Desk {
    wizard: Wizard,
    terminal: Terminal<TestBackend>,
    now: Timestamp,
}

impl Desk {
    fn new(nodes: usize) -> Self {
        let texts = [
            (made_up_tree::MAIN, made_up_tree::made_up(Shape::new(nodes))),
            (made_up_tree::PART, made_up_tree::made_up_part()),
        ];
        let no_side_files = |name: &str| Err(format!("there is no `{name}`"));
        let forest = Forest::new(texts.map(|(name, text)| {
            let (tree, _, diagnostics) =
                load(name, Origin::Embedded, text.as_bytes(), &no_side_files);
            assert!(diagnostics.is_empty(), "{diagnostics:#?}");
            Arc::new(tree.expect("a made-up tree is a tree"))
        }));
        let inputs = [
            ("relay_dir", "/opt/relay"),
            ("service_url", "https://hub.relay.example/"),
            ("edition", "small"),
            ("relay_user", "relay.north"),
        ];
        let opening = TuiOpening {
            forest: Arc::new(forest),
            os: Os::Linux,
            tree: Some(TreeId::new(made_up_tree::MAIN)),
            banner: None,
            place: Some(waypost::engine::Place::Here),
            inputs: inputs
                .into_iter()
                .map(|(name, value)| (InputName::new(name), Given::Text(value.to_owned())))
                .collect(),
            answers: Vec::new(),
            commands: false,
            agreed: Default::default(),
            consents: BTreeMap::new(),
            faults: Vec::new(),
            colour: true,
        };
        let now = "2026-11-20T10:00:00Z".parse().expect("it is a time");
        let (wizard, tasks) = Wizard::new(opening, WIDTH, HEIGHT, now);
        let Ok(terminal) = Terminal::new(TestBackend::new(WIDTH, HEIGHT));
        let mut desk = Self {
            wizard,
            terminal,
            now,
        };
        desk.carry_out(tasks);
        desk
    }

    /// Answers until the log of a part is asked about, and tells how long each answer took.
    fn walk(&mut self) -> Vec<Duration> {
        let mut times = Vec::new();
        while times.len() < STEPS || !self.shows("What does the log of part") {
            assert!(
                times.len() < 2 * STEPS,
                "the walk goes another way:\n{}",
                self.screen()
            );
            // The log's third answer and all others' first lead on.
            let answer = if self.shows("What does the log of part") {
                "3"
            } else {
                "1"
            };
            times.push(self.press(&key(answer)));
        }
        times
    }

    /// One key until its frame is drawn. What the world then has to tell is taken in and drawn after the clock was read.
    fn press(&mut self, key: &Event) -> Duration {
        let event = key.clone();
        let start = Instant::now();
        let tasks = self.wizard.take(Incoming::Terminal(event), self.now);
        let Ok(()) = self.wizard.draw(&mut self.terminal);
        let took = start.elapsed();
        self.carry_out(tasks);
        took
    }

    fn carry_out(&mut self, tasks: Vec<Task>) {
        let mut tasks = tasks;
        while let Some(task) = tasks.pop() {
            let Task::CarryOut(case, effects) = task else {
                continue;
            };
            for effect in effects {
                let Effect::StartProbe { run, request } = effect else {
                    continue;
                };
                let finding = found(request.kind, self.now);
                let message = RuntimeMsg::ProbeFinished { case, run, finding };
                tasks.extend(self.wizard.take(Incoming::Runtime(message), self.now));
            }
        }
        let Ok(()) = self.wizard.draw(&mut self.terminal);
    }

    fn screen(&self) -> String {
        let cells = self.terminal.backend().buffer().content();
        let rows = cells.chunks(usize::from(WIDTH));
        let rows = rows.map(|row| row.iter().map(|cell| cell.symbol()).collect::<String>());
        rows.collect::<Vec<_>>().join("\n")
    }

    fn shows(&self, word: &str) -> bool {
        self.screen().contains(word)
    }
}

/// What a probe of this kind finds on a relay whose logins are refused.
fn found(kind: &str, at: Timestamp) -> Finding {
    let (outcome, facts, evidence) = match kind {
        "config" => {
            let url = Value::from("https://hub.relay.example/");
            let values = Facts::from_iter([("url".to_owned(), url)]);
            let facts = [
                ("values", Value::Map(values)),
                ("misspelt", Value::List(Vec::new())),
            ];
            let line = r#"<parameter name="url" value="https://hub.relay.example/"/>"#;
            ("read", facts.to_vec(), excerpts("part.xml", line))
        }
        "log" => {
            let facts = Facts::from_iter([("count".to_owned(), Value::Int(3))]);
            let line = "could not authenticate user 'relay.north': Status code=401";
            let facts = vec![("refused", Value::Map(facts))];
            ("refused", facts, excerpts("logs/part.log", line))
        }
        "tcp" => ("open", Vec::new(), excerpts("10.0.0.7:443", "open")),
        "http" => ("answered", Vec::new(), excerpts("GET /state", "200")),
        "dns" => ("resolved", Vec::new(), excerpts("hub", "10.0.0.7")),
        "service" => ("running", Vec::new(), excerpts("systemd", "active")),
        "file" => ("present", Vec::new(), excerpts("part.lock", "0 bytes")),
        _ => (
            "enough",
            Vec::new(),
            excerpts("/opt/relay/work", "9 GB free"),
        ),
    };
    Finding {
        judgement: Judgement::Outcome(Outcome::new(outcome)),
        facts: facts
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect(),
        evidence,
        source: Source::Observed,
        at,
        took: Duration::from_millis(12),
        machine: None,
    }
}

/// Three excerpts with four lines before and after each.
fn excerpts(file: &str, line: &str) -> Vec<Evidence> {
    let around = |line: u64| {
        (0..4)
            .map(|number| {
                format!(
                    "2026-06-03T09:46:{:02}.182-0400 INFO  (Worker-{number}) [Courier:204] parcel {line} was handed on",
                    line % 50 + number,
                )
            })
            .collect()
    };
    [118, 4_711, 80_902]
        .map(|number| Evidence {
            before: around(number),
            after: around(number + 5),
            mark: Some((0, 4)),
            ..Evidence::line(file, number, line)
        })
        .into()
}

fn key(name: &str) -> Event {
    let code = match name {
        "↑" => KeyCode::Up,
        "↓" => KeyCode::Down,
        "←" => KeyCode::Left,
        "→" => KeyCode::Right,
        "PgUp" => KeyCode::PageUp,
        "PgDn" => KeyCode::PageDown,
        "Home" => KeyCode::Home,
        "End" => KeyCode::End,
        "Esc" => KeyCode::Esc,
        _ => KeyCode::Char(name.chars().next().expect("a key has a name")),
    };
    Event::Key(KeyEvent::new(code, KeyModifiers::NONE))
}
