//! One case through headless, plain and the full screen: one transcript.
//!
//! Compared are steps, answers, sources and outcomes; times, runs and the order of what was gathered are not.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex},
    time::Duration,
};

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use jiff::Timestamp;
use ratatui::{Terminal, backend::TestBackend};
use waypost::{
    app::{
        catalog::{Catalog, Places},
        demos::{self, Demo},
        headless,
        looking::Looker,
        plain::{Keeping, Lines, Plain},
        runtime::{Runtime, RuntimeMsg},
        tui::{self, CaseId, Incoming, Task, TuiOpening, Wizard},
        vault::Vault,
    },
    engine::{CaseResult, Given, Opening, Session, Step},
    finding::{InputName, Os},
    host::Host,
    redact::Redactor,
};

/// How long a look on a recorded host may take; far more than it does.
const PATIENCE: Duration = Duration::from_secs(10);

/// What is the same in all three.
#[derive(Debug, PartialEq)]
struct Walked {
    steps: Vec<String>,
    conclusion: Option<String>,
}

impl Walked {
    fn of(result: &CaseResult) -> Self {
        let steps = result.path.iter().map(|step| {
            format!(
                "{}/{} = {:?} by {:?}, {:?} of {:?}, skipped {}, generation {}",
                step.tree,
                step.node,
                step.answer,
                step.source,
                step.outcome,
                step.probe,
                step.skipped,
                step.generation
            )
        });
        let conclusion = result
            .conclusion
            .as_ref()
            .map(|end| format!("{}/{}", end.tree, end.node));
        Self {
            steps: steps.collect(),
            conclusion,
        }
    }
}

/// One demo, and what a walk on it begins with.
struct Stage {
    catalog: Catalog,
    demo: Demo,
}

impl Stage {
    fn looker(&self) -> Looker {
        let host: Arc<dyn Host> =
            Arc::new(self.demo.host().expect("the demo's recording is sound"));
        Looker {
            source: waypost::finding::Source::Observed,
            host,
            redactor: Arc::new(Mutex::new(Redactor::default())),
        }
    }

    fn os(&self) -> Os {
        self.looker().host.os()
    }

    fn inputs(&self) -> BTreeMap<InputName, Given> {
        let inputs = self.demo.about.inputs.iter();
        inputs
            .map(|(name, text)| (InputName::new(name), Given::Text(text.clone())))
            .collect()
    }

    fn opening(&self) -> Opening {
        Opening {
            inputs: self.inputs(),
            ..Opening::new(self.demo.about.tree.clone(), self.os(), Timestamp::now())
        }
    }

    /// `None` where evidence alone does not decide: headless then skips or goes on without a value, and the others ask,
    /// which is no walk of one kind.
    async fn headless(&self) -> Option<Walked> {
        let (runtime, mut results) = Runtime::new(self.looker());
        let (mut session, effects) =
            Session::start(Arc::clone(&self.catalog.forest), self.opening());
        headless::walk(&mut session, effects, &runtime, &mut results).await;
        let skipped = session.path().iter().any(Step::is_skipped);
        let missing = session.inputs().any(|(_, given)| *given == Given::Unknown);
        (!skipped && !missing).then(|| Walked::of(&session.result(true)))
    }

    async fn plain(&self) -> Walked {
        let (runtime, results) = Runtime::new(self.looker());
        let (session, effects) = Session::start(Arc::clone(&self.catalog.forest), self.opening());
        let lines = Lines::scripted(&["f", "q"]);
        let vault = Vault::default();
        let mut plain = Plain {
            session,
            runtime: &runtime,
            results,
            vault,
            learn: &|_| {},
            lines,
            os: self.os(),
            keeping: Keeping::nothing(),
        };
        plain
            .run(effects, &mut Vec::new())
            .await
            .expect("a vector can be written to");
        Walked::of(&plain.session.result(false))
    }

    async fn screen(&self) -> Walked {
        let opening = TuiOpening {
            forest: Arc::clone(&self.catalog.forest),
            os: self.os(),
            tree: Some(self.demo.about.tree.clone()),
            banner: None,
            place: Some(waypost::engine::Place::Here),
            inputs: self.inputs(),
            answers: Vec::new(),
            commands: false,
            agreed: Default::default(),
            consents: BTreeMap::new(),
            faults: Vec::new(),
            colour: true,
        };
        let mut terminal = Terminal::new(TestBackend::new(80, 24)).expect("a terminal in memory");
        let (runtime, mut results) = Runtime::new(self.looker());
        let (mut wizard, tasks) = Wizard::new(opening, 80, 24, Timestamp::now());
        let mut tasks = VecDeque::from(tasks);
        let mut case = CaseId(0);
        let mut pressed = false;
        loop {
            while let Some(task) = tasks.pop_front() {
                match task {
                    Task::Begin(begun, ..) => case = begun,
                    Task::CarryOut(_, effects) => runtime.carry_out(effects),
                    _ => {}
                }
            }
            wizard
                .draw(&mut terminal)
                .expect("a terminal in memory can be drawn on");
            if !pressed {
                pressed = true;
                tasks.extend(wizard.take(key('f'), Timestamp::now()));
                continue;
            }
            if let Some(result) = wizard.result().filter(|result| result.conclusion.is_some()) {
                return Walked::of(&result);
            }
            let Ok(Some(msg)) = tokio::time::timeout(PATIENCE, results.recv()).await else {
                panic!(
                    "nothing comes any more:
{}",
                    terminal.backend()
                );
            };
            tasks.extend(wizard.take(Incoming::Runtime(for_case(case, msg)), Timestamp::now()));
        }
    }
}

fn key(character: char) -> Incoming {
    Incoming::Terminal(Event::Key(KeyEvent::new(
        KeyCode::Char(character),
        KeyModifiers::NONE,
    )))
}

fn for_case(case: CaseId, msg: RuntimeMsg) -> tui::RuntimeMsg {
    match msg {
        RuntimeMsg::ProbeFinished { run, finding } => {
            tui::RuntimeMsg::ProbeFinished { case, run, finding }
        }
        RuntimeMsg::Suggested { run, candidates } => tui::RuntimeMsg::Suggested {
            case,
            run,
            candidates,
        },
    }
}

#[tokio::test]
async fn three_drivers_walk_one_way() {
    let mut walked = 0;
    for demo in demos::all().expect("the demos are sound") {
        let name = demo.name.clone();
        let catalog = Catalog::load(&Places::default()).expect("the embedded trees can be read");
        let stage = Stage { catalog, demo };
        let Some(headless) = stage.headless().await else {
            continue;
        };
        assert!(
            !headless.steps.is_empty() && headless.conclusion.is_some(),
            "{name}"
        );
        assert_eq!(stage.plain().await, headless, "plain, {name}");
        assert_eq!(stage.screen().await, headless, "full screen, {name}");
        walked += 1;
    }
    assert!(
        walked >= 3,
        "only {walked} demos are decided by evidence alone"
    );
}
