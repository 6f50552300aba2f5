//! A program that is killed: what its screen had shown is there.

use std::{
    env,
    io::{Read, Write},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex, mpsc},
    thread,
    time::Duration,
};

use jiff::Timestamp;
use waypost::{
    app::{
        cases::{Cases, Keeper, Unkept, ear, take_up},
        looking::Looker,
        plain::{Keeping, Lines, Plain},
        runtime::Runtime,
        vault::Vault,
    },
    engine::{Opening, Session, Stage},
    finding::Os,
    host::{NoFiles, Recorded},
    redact::Redactor,
};

use super::{ROW, forest};

/// Names the folder of cases; a process that finds it set walks the row, with keys from standard input.
const FOLDER: &str = "WAYPOST_TEST_CASES";

/// Run by the test below, as a process of its own that is killed.
#[test]
#[ignore = "walks what comes in on standard input; another test runs it"]
fn walks_the_row() {
    let Some(folder) = env::var_os(FOLDER) else {
        return;
    };
    let tokio = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("a runtime can be made");
    tokio.block_on(async {
        let redactor = Arc::new(Mutex::new(Redactor::default()));
        let host = Recorded::new("os: linux", NoFiles).expect("a machine without anything");
        let (runtime, results) = Runtime::new(Looker {
            source: waypost::finding::Source::Observed,
            host: Arc::new(host),
            redactor: Arc::clone(&redactor),
        });
        let opening = Opening::new("row".into(), Os::Linux, Timestamp::now());
        let (tell, told) = ear();
        let cases = Cases::at(PathBuf::from(folder));
        let keeper = Keeper::new(Some(cases), &forest(), &opening, None, redactor, tell);
        let (session, effects) = Session::start(forest(), opening);
        let mut plain = Plain {
            session,
            runtime: &runtime,
            results,
            vault: Vault::default(),
            learn: &|_| {},
            lines: Lines::stdin(),
            os: Os::Linux,
            keeping: Keeping::with(keeper, told, Unkept::default()),
        };
        plain
            .run(effects, &mut std::io::stdout())
            .await
            .expect("standard output is there");
    });
}

/// The number of the question that a text ends with; none is shown yet where there is no whole one.
fn last_shown(text: &str) -> Option<usize> {
    let asked = text.rfind("Is it number ")?;
    let number: String = text[asked + "Is it number ".len()..]
        .chars()
        .take_while(char::is_ascii_digit)
        .collect();
    match text[asked..].contains('?') {
        true => number.parse().ok(),
        // It was cut in the middle; the one before it was whole.
        false => last_shown(&text[..asked]),
    }
}

fn stands_at(session: &Session) -> usize {
    match session.stage() {
        Stage::Question(question) => {
            let node = question.spot.node.to_string();
            node[1..].parse().expect("nodes have numbers")
        }
        _ => ROW,
    }
}

/// Numbers without an order that are the same in each run.
fn numbers() -> impl FnMut(u64) -> u64 {
    let mut state: u64 = 42;
    move |below| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    }
}

/// A process of this test's that walks.
fn walker(folder: &Path) -> Child {
    Command::new(env::current_exe().expect("this program knows its file"))
        .args([
            "cases::killed::walks_the_row",
            "--exact",
            "--ignored",
            "--nocapture",
        ])
        .env(FOLDER, folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("this program can be started again")
}

/// At any moment: what the screen had shown is there, and at most one key more. `WAYPOST_TEST_KILLS` says how often.
#[test]
fn killed_at_any_moment_a_case_resumes_at_the_last_step_shown() {
    let kills: usize =
        env::var("WAYPOST_TEST_KILLS").map_or(100, |kills| kills.parse().expect("a number"));
    let forest = forest();
    let mut number = numbers();
    let (mut in_the_middle, mut torn) = (0, 0);
    for kill in 0..kills {
        let home = tempfile::tempdir().expect("a folder can be made");
        let mut child = walker(home.path());
        let mut keys = child.stdin.take().expect("it is a pipe");
        // All keys lie ready: the next one is taken as soon as a step is shown.
        thread::spawn(move || {
            let _ = keys.write_all("1\n".repeat(ROW).as_bytes());
            // Standard input stays open: its end would end the walk.
            thread::sleep(Duration::from_secs(60));
        });
        let mut out = child.stdout.take().expect("it is a pipe");
        let (sender, shown) = mpsc::channel();
        let reader = thread::spawn(move || {
            let (mut text, mut bytes) = (Vec::new(), [0; 4096]);
            while let Ok(count @ 1..) = out.read(&mut bytes) {
                text.extend(&bytes[..count]);
                if memchr::memmem::find(&text, b"number 0?").is_some() {
                    let _ = sender.send(());
                }
            }
            String::from_utf8_lossy(&text).into_owned()
        });
        // From the first question on.
        let _ = shown.recv_timeout(Duration::from_secs(20));
        thread::sleep(Duration::from_micros(number(100_000)));
        child.kill().expect("it is our child");
        child.wait().expect("it is our child");
        let text = reader.join().expect("it reads");
        let shown = last_shown(&text).unwrap_or(0);
        let cases = Cases::at(home.path().to_owned());
        let Some(name) = cases.newest().expect("the folder can be read") else {
            assert_eq!(shown, 0, "{kill}: nothing was kept\n{text}");
            continue;
        };
        let journal = cases.read(&name).expect("a killed case can be read");
        torn += usize::from(journal.torn.is_some());
        let taken_up =
            take_up(&journal, &forest, (true, false), Timestamp::now()).expect("its tree is here");
        let stands = stands_at(&taken_up.session);
        assert!(
            (shown..=shown + 1).contains(&stands),
            "{kill}: {shown} was shown, and it resumes at {stands}\n{text}"
        );
        in_the_middle += usize::from(0 < stands && stands < ROW);
    }
    println!(
        "{kills} kills, {in_the_middle} of them in the middle of the row, {torn} journals torn"
    );
    assert!(
        in_the_middle * 2 > kills,
        "{in_the_middle} of {kills} walks were killed in their middle"
    );
}
