//! However it ends, the terminal is as it was: quit, Ctrl-C while a look hangs, signals, a panic. And a window may be tiny.

use std::{collections::BTreeMap, env, net::TcpListener, process::Command, sync::Arc};

use portable_pty::CommandBuilder;
use secrecy::SecretString;
use tokio::sync::mpsc::channel;
use waypost::{
    app::tui::{self, CaseId, CaseRedactor, Consent, Incoming, Runtime, TuiOpening},
    engine::{Effect, Opening},
    finding::{InputName, Os, TreeId},
    tree::{self, Forest, Origin},
};

use crate::{
    CTRL_C, ENTER, ESC,
    terminal::{Terminal, home},
};

/// A tree whose look hangs for as long as the address says nothing.
fn hanging(address: &str) -> String {
    format!(
        r#"
waypost: 1
id: own-tree
title: Silence
symptoms: [It is silent]
start: answers
nodes:
  answers:
    ask: Does it answer?
    why: To know.
    probe:
      http: {{ url: "http://{address}/" }}
      timeout: 60s
    answers:
      - {{ answer: "Yes", id: "yes", when: answered, goto: well }}
      - {{ answer: "No", id: "no", when: [refused, timed-out, unreachable, unresolved, tls-failed], goto: ill }}
  well: {{ conclude: It answers, verdict: healthy }}
  ill: {{ conclude: It is ill, verdict: escalate, next: Ask somebody. }}
"#
    )
}

/// The program, looking at something that never answers.
fn looking() -> (tempfile::TempDir, TcpListener, Terminal) {
    // Connections are taken by the system and never by us.
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    let (home, trees) = home(&hanging(&address));
    let trees = trees.display().to_string();
    let mut terminal = Terminal::waypost(&home, &["own-tree", "--trees", &trees, "--trust"]);
    terminal.wait_for("Where is the machine?");
    terminal.press(ENTER);
    terminal.wait_for("looking");
    (home, listener, terminal)
}

#[test]
fn ctrl_l_draws_anew_what_something_else_wrote_over() {
    let (_home, _listener, mut terminal) = looking();
    terminal.scribble("\x1b[3;1HMail has come\x1b[K");
    terminal.wait_for("Mail has come");
    terminal.press("\u{c}");
    terminal.wait_gone("Mail has come");
    terminal.wait_for("Does it answer?");
}

/// A terminal may have no other screen than the one that is in use.
#[test]
fn what_stood_on_the_screen_is_gone_at_once() {
    let (_home, _listener, terminal) = looking();
    let raw = String::from_utf8_lossy(&terminal.raw);
    let (before, _) = raw.split_once("Waypost").expect("the first page");
    assert!(before.contains("\x1b[2J"), "{before:?}");
}

#[test]
fn ctrl_c_ends_it_while_a_look_hangs() {
    let (_home, _listener, mut terminal) = looking();
    terminal.press(CTRL_C);
    assert_eq!(terminal.end(), 130);
}

#[test]
fn a_look_that_hangs_is_stopped_and_leaves_the_question_to_the_person() {
    let (_home, _listener, mut terminal) = looking();
    terminal.press(ESC);
    terminal.wait_gone("looking");
    terminal.wait_for("Not known");
    terminal.press("2");
    terminal.wait_for("To hand on");
    terminal.press("qq");
    assert_eq!(terminal.end(), 0);
}

#[test]
fn signals_end_it_like_ctrl_c() {
    for signal in ["-TERM", "-INT", "-HUP"] {
        let (_home, _listener, mut terminal) = looking();
        let id = terminal.id().to_string();
        let sent = Command::new("kill").args([signal, &id]).status();
        assert!(sent.is_ok_and(|status| status.success()), "{signal}");
        assert_eq!(terminal.end(), 130, "{signal}");
    }
}

/// A program that was started without a terminal of its own gets no signal when the one that it draws on is closed.
#[test]
fn it_ends_with_its_terminal_even_without_a_signal() {
    let home = tempfile::tempdir().expect("a folder");
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_waypost"));
    command.set_controlling_tty(false);
    let mut terminal = Terminal::start(&home, command);
    terminal.wait_for("What is wrong?");
    assert!(terminal.vanish("\u{1b}[B"));
}

#[test]
fn a_tiny_window_says_so_and_recovers() {
    let (_home, _listener, mut terminal) = looking();
    terminal.resize(30, 8);
    terminal.wait_for("The window is too small");
    terminal.resize(60, 15);
    terminal.wait_for("Does it answer?");
    terminal.resize(120, 40);
    terminal.wait_for("Path");
    terminal.press("qq");
    assert_eq!(terminal.end(), 0);
}

#[test]
fn a_panic_gives_the_terminal_back_before_it_is_told() {
    let home = tempfile::tempdir().expect("a folder");
    let mut command = CommandBuilder::new(env::current_exe().expect("this program"));
    command.args([
        "--exact",
        "restore::the_screen_panics",
        "--ignored",
        "--nocapture",
    ]);
    let mut terminal = Terminal::start(&home, command);
    terminal.wait_for("What is wrong?");
    terminal.press(ENTER);
    terminal.wait_for("nobody carries this out");
    assert_ne!(terminal.end(), 0);
    terminal.wait_for("nobody carries this out");
}

/// Panics as soon as a case begins.
struct Broken;

impl Runtime for Broken {
    fn begin(&self, _: CaseId, _: &Opening, _: &Forest, _: &CaseRedactor) {
        panic!("nobody carries this out");
    }
    fn carry_out(&self, _: CaseId, _: Vec<Effect>) {}
    fn keep_secret(&self, _: CaseId, _: &InputName, _: SecretString) {}
    fn agreed(&self, _: &TreeId, _: &Consent) {}
}

/// Run by the test above, in a pseudo-terminal of its own.
#[test]
#[ignore = "draws on the terminal and panics; another test runs it"]
fn the_screen_panics() {
    let text = hanging("127.0.0.1:9");
    let (tree, _, _) = tree::load("own", Origin::Embedded, text.as_bytes(), &|_| {
        Err(String::new())
    });
    let tree = Arc::new(tree.expect("the tree is right"));
    let opening = TuiOpening {
        forest: Arc::new(Forest::new([tree])),
        os: Os::Linux,
        tree: None,
        banner: None,
        place: Some(waypost::engine::Place::Here),
        inputs: BTreeMap::new(),
        answers: Vec::new(),
        commands: false,
        agreed: Default::default(),
        consents: BTreeMap::new(),
        faults: Vec::new(),
        colour: true,
    };
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let (sender, inbox) = channel::<Incoming>(tui::CHANNEL);
    let _ = runtime.block_on(tui::run(opening, None, &Broken, sender, inbox));
}
