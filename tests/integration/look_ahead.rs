//! Looks that run ahead, against a real server: how many at once, each once, and what never runs ahead.

use std::{
    fmt::Write as _,
    fs,
    path::Path,
    process::Stdio,
    sync::{Arc, Mutex},
    time::Duration,
};

use jiff::Timestamp;
use tokio::sync::mpsc::Receiver;
use waypost::{
    app::{
        headless,
        looking::Looker,
        runtime::{Runtime, RuntimeMsg},
    },
    engine::{Event, Given, Opening, Session, Stage, VerdictName},
    finding::Os,
    host::live::{Live, LiveOptions},
    redact::Redactor,
    tree::{Forest, Origin, load},
};

use crate::support::{Gate, fed, program};

/// Long enough for whatever comes, on a machine that is busy.
const PATIENCE: Duration = Duration::from_secs(30);
/// Questions, and looks that are to be under way at once.
const COUNT: usize = 12;

const HEAD: &str = "waypost: 1\nid: t\ntitle: T\nsummary: S\nsymptoms: [It is dark]\nstart: q1\n";
const ENDS: &str = "  fine: { conclude: Fine, verdict: healthy }\n  bad: { conclude: Bad, verdict: cause, because: So., fix: Mend it. }\n";

/// A question about an address. Its probe is more patient than any test.
fn ask(name: &str, url: &str, then: &str) -> String {
    format!(
        "  {name}:
    ask: Does {name} answer?
    why: To know.
    probe: {{ http: {{ url: '{url}' }}, timeout: 50s }}
    answers:
      - {{ answer: 'Yes', id: 'yes', when: answered, goto: {then} }}
      - {{ answer: 'No', id: 'no', when: [refused, timed-out, unreachable, unresolved, tls-failed], goto: bad }}
"
    )
}

/// Twelve questions in a row, each with a look of its own, and one more that needs two of them again.
fn row(gate: &Gate) -> String {
    let mut text = String::from(HEAD);
    text += "probes:\n";
    for at in 1..=COUNT {
        let url = gate.url(&format!("/{at}"));
        writeln!(
            text,
            "  p{at}: {{ http: {{ url: '{url}' }}, timeout: 50s }}"
        )
        .expect("a string takes what is written");
    }
    text += "nodes:\n";
    for at in 1..=COUNT {
        let next = at + 1;
        let question = ask(&format!("q{at}"), "", &format!("q{next}"));
        let own = format!("probe: p{at}");
        text += &question.replace("probe: { http: { url: '' }, timeout: 50s }", &own);
    }
    writeln!(
        text,
        "  q{}:\n    ask: Do both say the same?\n    why: To know.\n    probe: {{ of: [p1, p{COUNT}], cases: [{{ same: facts.p1.status == facts.p{COUNT}.status }}, {{ differ: true }}] }}\n    answers: [{{ answer: 'Yes', id: 'yes', when: same, goto: fine }}, {{ answer: 'No', id: 'no', when: differ, goto: bad }}]",
        COUNT + 1
    )
    .expect("a string takes what is written");
    text + ENDS
}

fn paths(count: usize) -> Vec<String> {
    let mut paths: Vec<String> = (1..=count).map(|at| format!("/{at}")).collect();
    paths.sort();
    paths
}

#[test]
fn twelve_looks_are_under_way_at_once_and_each_is_made_once() {
    let gate = Gate::until(COUNT);
    let home = tempfile::tempdir().expect("a folder");
    fs::write(home.path().join("t.yaml"), row(&gate)).expect("a file");
    let output = program(home.path(), &["diagnose", "./t.yaml", "--trust"])
        .stdin(Stdio::null())
        .output()
        .expect("the program starts");
    let text = String::from_utf8_lossy(&output.stdout);
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{text}{error}");
    assert!(text.contains("Healthy"), "{text}");
    // Nobody was answered before all of them had come.
    assert_eq!((gate.most(), gate.asked()), (COUNT, paths(COUNT)));
}

#[test]
fn plain_lines_look_ahead_too() {
    let gate = Gate::until(COUNT);
    let home = tempfile::tempdir().expect("a folder");
    fs::write(home.path().join("t.yaml"), row(&gate)).expect("a file");
    let mut program = program(home.path(), &["./t.yaml", "--plain", "--trust"]);
    let output = fed(&mut program, "1\nf\nq\n");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.contains("HEALTHY"), "{text}");
    assert_eq!((gate.most(), gate.asked()), (COUNT, paths(COUNT)));
}

/// A case on this machine, with the engine's effects carried out for real.
struct Case {
    session: Session,
    runtime: Runtime,
    results: Receiver<RuntimeMsg>,
}

impl Case {
    fn begin(tree: &str, change: impl FnOnce(&mut Opening)) -> Self {
        let (tree, _, mistakes) = load("t.yaml", Origin::Embedded, tree.as_bytes(), &|name| {
            Err(format!("there is no `{name}`"))
        });
        let errors = mistakes
            .iter()
            .filter(|mistake| mistake.severity == waypost::diag::Severity::Error);
        assert_eq!(errors.count(), 0, "{mistakes:#?}");
        let forest = Arc::new(Forest::new([Arc::new(tree.expect("the tree is one"))]));
        let mut opening = Opening::new("t".into(), Os::Linux, Timestamp::now());
        change(&mut opening);
        let host = Live::new(LiveOptions::default()).expect("a live host needs nothing");
        let (runtime, results) = Runtime::new(Looker {
            source: waypost::finding::Source::Observed,
            host: Arc::new(host),
            redactor: Arc::new(Mutex::new(Redactor::default())),
        });
        let (session, effects) = Session::start(forest, opening);
        runtime.carry_out(effects);
        Self {
            session,
            runtime,
            results,
        }
    }

    /// Takes in what looks give until the session says that it is enough.
    async fn until(&mut self, enough: impl Fn(&Session) -> bool) {
        while !enough(&self.session) {
            let message = tokio::time::timeout(PATIENCE, self.results.recv()).await;
            let message = message
                .expect("something comes")
                .expect("the runtime lives");
            self.apply(message.into());
        }
    }

    fn apply(&mut self, event: Event) {
        let applied = self.session.apply(event, Timestamp::now());
        self.runtime.carry_out(applied.expect("it fits").effects);
    }

    fn found(session: &Session, probe: &str) -> bool {
        session.findings().any(|view| view.probe.name == probe)
    }
}

/// `q1` waits; behind it lie a program, a login, an address that nobody knows, and two that may be asked.
fn kinds(gate: &Gate, marker: &Path) -> String {
    let login = ask("q3", &gate.url("/login"), "q4").replace(
        "' }, timeout",
        "', login: { user: joe, password: '{{ word }}' } }, timeout",
    );
    let program = format!(
        "  q2:\n    ask: Does it run?\n    why: To know.\n    probe: {{ command: {{ run: [touch, '{}'] }} }}\n    answers: [{{ answer: 'Yes', id: 'yes', when: exited, goto: q3 }}, {{ answer: 'No', id: 'no', when: missing, goto: bad }}]\n",
        marker.display()
    );
    format!(
        "{HEAD}inputs:\n  site: {{ ask: Which?, type: url }}\n  where_to: {{ ask: Where to?, type: url }}\n  word: {{ ask: Word?, type: secret, for: site }}\nnodes:\n{}{program}{login}{}{}{}{ENDS}",
        ask("q1", &gate.url("/first"), "q2"),
        ask("q4", "{{ where_to }}", "q5"),
        ask("q5", &gate.url("/safe"), "q6"),
        ask("q6", &gate.url("/safe-too"), "fine"),
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn programs_logins_and_what_is_not_known_wait_for_the_person() {
    // Nobody is let through: `q1` stays on the screen.
    let gate = Gate::until(usize::MAX);
    let home = tempfile::tempdir().expect("a folder");
    let marker = home.path().join("touched");
    let site = gate.url("/login");
    let mut case = Case::begin(&kinds(&gate, &marker), |opening| {
        opening.commands = true;
        opening
            .inputs
            .insert("site".into(), Given::Text(site.clone()));
        opening.inputs.insert("word".into(), Given::Secret);
    });
    assert_eq!(case.session.looks_ahead(), 2);
    assert!(gate.come(3, PATIENCE), "{:?}", gate.asked());
    gate.open();
    // Everything that runs has ended, and with it everything that it could have made room for.
    case.until(|session| session.findings().count() == 3).await;
    assert_eq!(case.session.looks_ahead(), 0);
    assert_eq!(gate.asked(), ["/first", "/safe", "/safe-too"]);
    assert!(!marker.exists());
    // Each of them is looked at when it is its turn.
    let yes = || Event::Answer {
        answer: "yes".into(),
    };
    case.apply(yes());
    case.until(|session| Case::found(session, "@q2")).await;
    assert!(marker.exists());
    case.apply(yes());
    case.apply(yes());
    let Stage::Inputs(asked) = case.session.stage() else {
        panic!("an address is asked for, not {:?}", case.session.stage())
    };
    assert_eq!(asked[0].name, "where_to");
    case.apply(Event::Input {
        name: "where_to".into(),
        given: Given::Text(gate.url("/there")),
    });
    case.until(|session| Case::found(session, "@q4")).await;
    assert_eq!(gate.asked(), ["/first", "/safe", "/safe-too", "/there"]);
}

#[tokio::test]
async fn a_tree_that_was_not_agreed_to_starts_nothing() {
    let gate = Gate::until(1);
    let home = tempfile::tempdir().expect("a folder");
    let marker = home.path().join("touched");
    for tree in [row(&gate), kinds(&gate, &marker)] {
        let mut case = Case::begin(&tree, |opening| {
            opening.trusted = false;
            opening.commands = true;
        });
        assert_eq!(case.session.looks_ahead(), 0);
        headless::walk(
            &mut case.session,
            Vec::new(),
            &case.runtime,
            &mut case.results,
        )
        .await;
        assert_eq!(case.session.result(true).verdict, VerdictName::NeedsAnswer);
        // Whatever a person says, nothing is looked at.
        while let Stage::Question(question) = case.session.stage() {
            let answer = question.answers[0].id.clone();
            case.apply(Event::Answer { answer });
            if let Stage::Inputs(asked) = case.session.stage() {
                let name = asked[0].name.clone();
                case.apply(Event::Input {
                    name,
                    given: Given::Unknown,
                });
            }
        }
        assert_eq!(case.session.findings().count(), 0);
    }
    assert!(gate.asked().is_empty(), "{:?}", gate.asked());
    assert!(!marker.exists());
}
