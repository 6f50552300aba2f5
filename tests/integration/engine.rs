//! The engine from outside: the trees that ship, walked at random, and a very large tree.

use std::{
    fmt::Write,
    fs,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use jiff::Timestamp;
use waypost::{
    engine::{Effect, Event, Follow, Given, Opening, Session, Stage},
    finding::{Facts, Finding, Judgement, Os, Outcome, Source, Value},
    tree::{Forest, Origin, Tree, load},
};

fn read(name: &str, bytes: &[u8], folder: &Path) -> Tree {
    let side = |name: &str| fs::read(folder.join(name)).map_err(|error| error.to_string());
    let (tree, _, diagnostics) = load(name, Origin::Embedded, bytes, &side);
    tree.unwrap_or_else(|| panic!("`{name}` cannot be read: {diagnostics:?}"))
}

fn shipped() -> Arc<Forest> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("trees/mid-server");
    let mut trees = Vec::new();
    for entry in fs::read_dir(&folder)
        .expect("the trees are there")
        .flatten()
    {
        let path = entry.path();
        if path
            .extension()
            .is_some_and(|extension| extension == "yaml")
        {
            let bytes = fs::read(&path).expect("a tree can be read");
            trees.push(Arc::new(read(&path.display().to_string(), &bytes, &folder)));
        }
    }
    Arc::new(Forest::new(trees))
}

/// A small generator, so that a failing walk can be walked again.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound.max(1)
    }
}

fn finding(outcome: &str) -> Finding {
    let facts: Facts = [("values".to_owned(), Value::Map(Facts::new()))]
        .into_iter()
        .collect();
    Finding {
        judgement: Judgement::Outcome(Outcome::new(outcome)),
        facts,
        evidence: Vec::new(),
        source: Source::Observed,
        at: Timestamp::UNIX_EPOCH,
        took: Duration::ZERO,
        machine: None,
    }
}

#[test]
fn every_shipped_tree_is_walked_to_its_ends_from_every_symptom() {
    let forest = shipped();
    let mut ends = 0;
    for tree in forest.trees() {
        let mut starts: Vec<_> = tree
            .symptoms
            .iter()
            .map(|symptom| symptom.start.as_ref())
            .collect();
        starts.dedup();
        for (at, start) in starts.into_iter().enumerate() {
            for seed in 0..6 {
                let mut opening = Opening::new(
                    tree.id.clone(),
                    [Os::Linux, Os::Windows][seed % 2],
                    Timestamp::UNIX_EPOCH,
                );
                opening.node = start.map(|start| start.value.clone());
                ends += usize::from(walk(&forest, opening, (at * 100 + seed) as u64));
            }
        }
    }
    assert!(ends > 50, "{ends} walks came to an end");
}

/// Walks at random. Gives whether an end was reached; what was walked is replayed.
fn walk(forest: &Arc<Forest>, opening: Opening, seed: u64) -> bool {
    let mut numbers = Numbers(seed.wrapping_add(1));
    let (mut session, effects) = Session::start(forest.clone(), opening);
    let mut runs = Vec::new();
    let take = |runs: &mut Vec<_>, effects: Vec<Effect>| {
        for effect in effects {
            match effect {
                Effect::StartProbe { run, request } => {
                    assert!(request.complete, "{request:?}");
                    runs.push((run, request));
                }
                Effect::CancelProbe { run } => runs.retain(|(known, _)| *known != run),
                Effect::Suggest { .. } | Effect::Finish => {}
            }
        }
    };
    take(&mut runs, effects);
    let mut over = false;
    for _ in 0..200 {
        let event = if !runs.is_empty() && numbers.below(2) == 0 {
            let (run, _) = runs.swap_remove(numbers.below(runs.len()));
            let outcome = [
                "absent", "missing", "open", "read", "none", "running", "stopped",
            ][numbers.below(7)];
            Event::ProbeFinished {
                run,
                finding: finding(outcome),
            }
        } else {
            match session.stage() {
                Stage::Inputs(asks) => Event::Input {
                    name: asks[0].name.clone(),
                    given: Given::Unknown,
                },
                Stage::Question(question) => match numbers.below(question.answers.len() + 1) {
                    0 => Event::Unsure { skipped: false },
                    at => Event::Answer {
                        answer: question.answers[at - 1].id.clone(),
                    },
                },
                Stage::Do(_) => Event::Done,
                Stage::Conclusion(end) if end.phase.is_last() => {
                    over = true;
                    break;
                }
                Stage::Conclusion(_) => {
                    let fix = [Event::Applied, Event::Unable][numbers.below(2)].clone();
                    let list = [
                        fix,
                        Event::SkipWait,
                        Event::Helped(Some(numbers.below(2) == 0)),
                    ];
                    let fits = |event: &&Event| {
                        session
                            .clone()
                            .apply((*event).clone(), Timestamp::UNIX_EPOCH)
                            .is_ok()
                    };
                    list.iter()
                        .find(fits)
                        .expect("an end that is not the last says what comes next")
                        .clone()
                }
            }
        };
        let effects = session
            .apply(event, Timestamp::UNIX_EPOCH)
            .expect("what the stage asks for fits")
            .effects;
        take(&mut runs, effects);
    }
    let again = Session::replay(
        forest.clone(),
        session.opening().clone(),
        session.transcript(),
    );
    assert!(again.stopped.is_none(), "{:?}", again.stopped);
    assert_eq!(again.session.path(), session.path());
    assert_eq!(again.session.stage(), session.stage());
    let result = serde_json::to_string(&session.result(false)).expect("a result is plain data");
    assert!(result.starts_with("{\"schema\":1,"));
    over
}

/// A tree of `count` questions: each leads on, far ahead, back or to a cause.
fn large(count: usize) -> Arc<Forest> {
    let mut yaml = String::from(
        "waypost: 1\nid: large\ntitle: Large\nsummary: S\nsymptoms: [s]\nstart: n0\ninputs:\n  dir: { ask: D?, type: text }\nprobes:\n  p: { file: { path: '{{ dir }}/p' } }\nnodes:\n",
    );
    for at in 0..count {
        let next = (at + 1) % count;
        let far = (at * 7 + 3) % count;
        writeln!(
            yaml,
            "  n{at}:\n    ask: Is `{{{{ dir }}}}` number {at} right?\n    how: Look at `{{{{ dir }}}}/{at}`.\n    probe: p\n    answers: [{{ answer: On, id: x, when: present, goto: n{next} }}, {{ answer: Far, id: y, when: absent, goto: n{far} }}, {{ answer: Broken, id: z, goto: c{at} }}]\n  c{at}: {{ conclude: Broken {at}, verdict: cause, because: So., fix: Mend it. }}"
        )
        .expect("a string takes what is written");
    }
    let (tree, _, diagnostics) = load("large.yaml", Origin::Embedded, yaml.as_bytes(), &|_| {
        Err("none".to_owned())
    });
    Arc::new(Forest::new([Arc::new(
        tree.unwrap_or_else(|| panic!("{diagnostics:?}")),
    )]))
}

#[test]
fn a_large_tree_is_walked_without_a_wait() {
    let forest = large(10_000);
    let mut opening = Opening::new("large".into(), Os::Linux, Timestamp::UNIX_EPOCH);
    opening
        .inputs
        .insert("dir".into(), Given::Text("d".to_owned()));
    let began = Instant::now();
    let (mut session, _) = Session::start(forest, opening);
    let started = began.elapsed();
    assert!(matches!(session.follow(), Follow::Wait));
    let mut applies = Vec::new();
    let mut outlooks = Vec::new();
    for _ in 0..200 {
        let began = Instant::now();
        session
            .apply(Event::Answer { answer: "x".into() }, Timestamp::UNIX_EPOCH)
            .expect("each question has it");
        applies.push(began.elapsed());
        let began = Instant::now();
        assert_eq!(session.outlook().causes.len(), 10_000);
        outlooks.push(began.elapsed());
    }
    println!(
        "start {started:?}; apply at step 1 {:?}, at step 100 {:?}",
        applies[0], applies[99]
    );
    applies.sort();
    outlooks.sort();
    println!("apply {:?}, at most {:?}", applies[100], applies[199]);
    println!("outlook {:?}, at most {:?}", outlooks[100], outlooks[199]);
    // Generous: a debug build on a busy machine.
    assert!(
        applies[100] < Duration::from_millis(50),
        "{:?}",
        applies[100]
    );
}
