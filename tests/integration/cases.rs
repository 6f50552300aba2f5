//! Cases that are kept: what was shown is there when the program is killed, resumed, or run beside itself.

use std::{
    env, fs,
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
    tree::{Forest, Origin, load},
};

use crate::support::program;

/// How many questions stand in a row.
const ROW: usize = 400;

/// Questions in a row, told apart by their numbers.
fn row() -> String {
    let mut text =
        "waypost: 1\nid: row\ntitle: A row\nsummary: S\nsymptoms: [s]\nstart: q0\nnodes:\n"
            .to_owned();
    for at in 0..ROW {
        let next = match at + 1 {
            ROW => "fine".to_owned(),
            next => format!("q{next}"),
        };
        text += &format!(
            "  q{at}:\n    ask: Is it number {at}?\n    how: Count.\n    answers: [{{ answer: 'Yes', id: 'yes', goto: {next} }}, {{ answer: 'No', id: 'no', goto: {next} }}]\n"
        );
    }
    text + "  fine: { conclude: All were asked, verdict: healthy }\n"
}

fn forest() -> Arc<Forest> {
    let (tree, _, faults) = load("row", Origin::Embedded, row().as_bytes(), &|_| {
        Err("none".to_owned())
    });
    Arc::new(Forest::new([Arc::new(
        tree.unwrap_or_else(|| panic!("{faults:?}")),
    )]))
}

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
            "cases::walks_the_row",
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

fn said(output: &std::process::Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

/// The program with these lines on its standard input.
fn typed(home: &Path, arguments: &[&str], lines: &str) -> String {
    let mut child = program(home, arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut keys = child.stdin.take().expect("it is a pipe");
    keys.write_all(lines.as_bytes()).expect("it reads");
    drop(keys);
    said(&child.wait_with_output().expect("it ends"))
}

fn walked(home: &Path) -> String {
    fs::write(home.join("row.yaml"), row()).expect("a folder of ours");
    typed(
        home,
        &["./row.yaml", "--trust", "--plain"],
        "3\n1\nn password=hunter2-typed\n2\nq\n",
    )
}

#[test]
fn a_case_that_was_left_is_listed_goes_on_and_is_reported() {
    let home = tempfile::tempdir().expect("a folder can be made");
    let home = home.path();
    let listed = |home: &Path| said(&program(home, &["cases"]).output().expect("it runs"));
    assert_eq!(
        listed(home),
        "There is no case yet; `waypost` begins one.\n"
    );
    let text = walked(home);
    assert!(text.contains("Is it number 2?"), "{text}");
    let list = listed(home);
    assert!(
        list.lines().count() == 1 && list.contains("2 answers") && list.contains("row"),
        "{list}"
    );
    let name = list
        .split_whitespace()
        .next()
        .expect("its name comes first");
    let named = |arguments: &[&str]| {
        let output = program(home, &[&["cases", "name", name], arguments].concat()).output();
        assert_eq!(said(&output.expect("it runs")), "");
    };
    named(&["--title", "Harbour token=hunter2-title"]);
    named(&["--ticket", "INC1"]);
    let text = listed(home);
    assert!(text.contains("INC1  Harbour token=‹secret-"), "{text}");
    let text = typed(home, &["resume", "--trust", "--plain"], "1\nq\n");
    assert!(
        !text.contains("number 1?") && text.contains("number 2?") && text.contains("number 3?"),
        "{text}"
    );
    let report = said(&program(home, &["report", name]).output().expect("it runs"));
    assert!(
        report.contains("number 1? **No** (stated)")
            && report.contains("number 2? **Yes** (stated)"),
        "{report}"
    );
    let journal = fs::read_to_string(home.join("waypost/cases").join(name).join("journal.jsonl"))
        .expect("it is there");
    assert!(
        !journal.contains("hunter2") && journal.contains("password=‹secret-1›"),
        "{journal}"
    );
}

#[test]
fn a_case_is_called_something_from_within_a_walk() {
    let home = tempfile::tempdir().expect("a folder can be made");
    let home = home.path();
    fs::write(home.join("row.yaml"), row()).expect("a folder of ours");
    let lines = "3\ntitle\ntitle Harbour token=hunter2-title\nticket INC1\nticket INC2\nreport > a.json\nq\n";
    let text = typed(home, &["./row.yaml", "--trust", "--plain"], lines);
    for expected in [
        "There is no title. Write `title TEXT`.",
        "The case is: Harbour token=‹secret-1›\n",
        "The case is: INC1, Harbour token=‹secret-1›\n",
        "The case is: INC2, Harbour token=‹secret-1›\n",
    ] {
        assert!(text.contains(expected), "`{expected}` is not in\n{text}");
    }
    let json = fs::read_to_string(home.join("a.json")).expect("it was saved");
    assert!(json.contains("\"ticket\": \"INC2\""), "{json}");
    let list = said(&program(home, &["cases"]).output().expect("it runs"));
    assert!(list.contains("INC2  Harbour token=‹secret-1›"), "{list}");
    let report = said(&program(home, &["report"]).output().expect("it runs"));
    assert!(
        report.contains("Ticket: INC2") && report.contains("Case: Harbour token=‹secret-1›"),
        "{report}"
    );
    let text = typed(
        home,
        &["resume", "--trust", "--plain"],
        "title -\nreport\nq\n",
    );
    assert!(
        text.contains("goes on: INC2, Harbour") && text.contains("The case is: INC2\n"),
        "{text}"
    );
    assert!(
        text.contains("Ticket: INC2") && !text.contains("Case: Harbour"),
        "{text}"
    );
}

#[test]
fn what_cannot_be_opened_says_why() {
    let home = tempfile::tempdir().expect("a folder can be made");
    let home = home.path();
    let resumed = |arguments: &[&str]| {
        let output = program(home, arguments).output().expect("it runs");
        (output.status.code(), said(&output))
    };
    let (code, text) = resumed(&["resume"]);
    assert_eq!(
        (code, text.as_str()),
        (
            Some(2),
            "waypost: there is no case yet; `waypost` begins one\n"
        )
    );
    let (_, text) = resumed(&["resume", "nobody"]);
    assert!(
        text.contains("there is no case `nobody`; `waypost cases` lists them"),
        "{text}"
    );
    walked(home);
    let name = Cases::at(home.join("waypost/cases"))
        .newest()
        .expect("it can be read")
        .expect("there is one");
    let folder = home.join("waypost/cases").join(&name);
    // Another program has it open.
    let lock = fs::OpenOptions::new()
        .write(true)
        .open(folder.join("lock"))
        .expect("it is there");
    lock.lock().expect("nobody holds it");
    let (_, text) = resumed(&["resume", &name, "--plain"]);
    assert!(
        text.contains("is open in another program; close it there"),
        "{text}"
    );
    // Whoever only reads may.
    assert!(resumed(&["report", &name]).1.contains("number 0?"));
    drop(lock);
    #[cfg(unix)]
    {
        // The lock leads elsewhere.
        fs::rename(folder.join("lock"), folder.join("away")).expect("it is there");
        std::os::unix::fs::symlink("/tmp/nowhere-of-waypost", folder.join("lock"))
            .expect("a folder of ours");
        let (_, text) = resumed(&["resume", &name, "--plain"]);
        assert!(text.contains("lock: it is no regular file"), "{text}");
        fs::rename(folder.join("away"), folder.join("lock")).expect("it is there");
    }
    let (code, text) = resumed(&["resume", &name, "--plain", "--input", "a=b"]);
    assert_eq!(code, Some(2), "{text}");
    assert!(text.contains("a case has its own inputs"), "{text}");
    // It is found from another folder, too.
    let elsewhere = tempfile::tempdir().expect("a folder can be made");
    let mut command = program(home, &["report", &name]);
    let output = command
        .current_dir(elsewhere.path())
        .output()
        .expect("it runs");
    assert!(said(&output).contains("number 0?"), "{}", said(&output));
    // Its tree is gone.
    fs::rename(home.join("row.yaml"), home.join("away.yaml")).expect("it is there");
    let (_, text) = resumed(&["resume", &name, "--plain"]);
    assert!(text.contains("row.yaml"), "{text}");
    fs::rename(home.join("away.yaml"), home.join("row.yaml")).expect("it is there");
    // A newer program wrote it.
    let journal = fs::read_to_string(folder.join("journal.jsonl")).expect("it is there");
    let newer = journal.replacen("\"schema\":1", "\"schema\":2", 1);
    fs::write(folder.join("journal.jsonl"), newer).expect("a folder of ours");
    let (_, text) = resumed(&["resume", &name, "--plain"]);
    assert!(text.contains("a newer program can open it"), "{text}");
    let hostile = fs::read_to_string(folder.join("journal.jsonl")).expect("it is there");
    let hostile = hostile.replacen("\"program\":\"", "\"program\":\"\\u001b[31m", 1);
    fs::write(folder.join("journal.jsonl"), hostile).expect("a folder of ours");
    let list = said(&program(home, &["cases"]).output().expect("it runs"));
    assert!(!list.contains('\u{1b}'), "{list:?}");
    assert!(
        list.contains("cannot be read") && list.contains("a newer program can open it"),
        "{list}"
    );
}

#[test]
fn a_tree_that_was_changed_takes_what_still_fits() {
    let home = tempfile::tempdir().expect("a folder can be made");
    let home = home.path();
    walked(home);
    let changed = row()
        .replace("  q1:\n", "  p1:\n")
        .replace("goto: q1 }", "goto: p1 }");
    fs::write(home.join("row.yaml"), changed).expect("a folder of ours");
    // Who only looks at it changes nothing: once the tree is mended, all of it is there.
    let journal = Cases::at(home.join("waypost/cases"));
    let name = journal
        .newest()
        .expect("it can be read")
        .expect("there is one");
    let bytes = || {
        fs::read(home.join("waypost/cases").join(&name).join("journal.jsonl")).expect("it is there")
    };
    let before = bytes();
    typed(home, &["resume", "--trust", "--plain"], "q\n");
    assert_eq!(bytes(), before);
    let text = typed(home, &["resume", "--trust", "--plain"], "1\nq\n");
    assert!(
        text.contains("the tree was changed since: the case fits it up to `row/q1`"),
        "{text}"
    );
    // From here on, what did not fit does not count; what was written before is still in the file.
    let text = typed(home, &["resume", "--trust", "--plain"], "q\n");
    assert!(
        !text.contains("changed since") && text.contains("number 2?"),
        "{text}"
    );
}

#[test]
fn where_nothing_can_be_written_the_walk_goes_on_and_says_so() {
    let home = tempfile::tempdir().expect("a folder can be made");
    let home = home.path();
    // A file stands where the folder should be: not even root can write there.
    fs::create_dir_all(home.join("waypost")).expect("a folder of ours");
    fs::write(home.join("waypost/cases"), "").expect("a folder of ours");
    let text = walked(home);
    assert!(
        text.contains("This case cannot be saved: ") && text.contains("number 2?"),
        "{text}"
    );
    assert_eq!(text.matches("cannot be saved").count(), 1, "{text}");
}
