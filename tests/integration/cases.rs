//! Cases that are kept: what was shown is there when the program is killed, resumed, or run beside itself.

mod killed;

use std::{fs, path::Path, process::Stdio, sync::Arc};

use waypost::{
    app::cases::Cases,
    tree::{Forest, Origin, load},
};

use crate::support::{fed, program};

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

fn said(output: &std::process::Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

/// The program with these lines on its standard input.
fn typed(home: &Path, arguments: &[&str], lines: &str) -> String {
    let mut program = program(home, arguments);
    said(&fed(program.stderr(Stdio::piped()), lines))
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
        text.contains("`: INC2, Harbour") && text.contains("The case is: INC2\n"),
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

/// A disk that lost its power: a line in the middle of the journal is no line, and whole ones stand behind it.
#[test]
fn a_journal_that_is_broken_in_the_middle_is_told_up_to_there() {
    let home = tempfile::tempdir().expect("a folder can be made");
    let home = home.path();
    walked(home);
    let name = Cases::at(home.join("waypost/cases"))
        .newest()
        .expect("it can be read")
        .expect("there is one");
    let folder = home.join("waypost/cases").join(&name);
    let written = fs::read(folder.join("journal.jsonl")).expect("it is there");
    // Head, the first answer, and then a page that was never written.
    let mut lines = written.split_inclusive(|byte| *byte == b'\n');
    let whole: Vec<u8> = lines.by_ref().take(2).flatten().copied().collect();
    let lost = lines.next().expect("a note was made").len();
    let rest: Vec<u8> = [&vec![0; lost - 1][..], b"\n"]
        .into_iter()
        .chain(lines)
        .flatten()
        .copied()
        .collect();
    fs::write(folder.join("journal.jsonl"), [whole, rest.clone()].concat())
        .expect("a folder of ours");

    let list = said(&program(home, &["cases"]).output().expect("it runs"));
    assert!(
        list.contains("1 answer ") && list.contains("(broken from line 3 on)"),
        "{list}"
    );
    let told = "its journal cannot be read from line 3 on (expected value at line 1 column 1): all before that is here";
    let report = said(&program(home, &["report", &name]).output().expect("it runs"));
    assert!(
        report.contains(told) && report.contains("number 0?") && !report.contains("number 1? **"),
        "{report}"
    );
    let text = typed(home, &["resume", "--trust", "--plain"], "2\nq\n");
    assert!(
        text.contains(told) && text.contains("number 1?") && text.contains("number 2?"),
        "{text}"
    );
    let kept = fs::read(folder.join("broken-from-line-3")).expect("it is kept");
    assert_eq!(kept, rest);
    let text = typed(home, &["resume", "--trust", "--plain"], "q\n");
    assert!(
        !text.contains("cannot be read") && text.contains("number 2?"),
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

/// A case that cannot be read is there all the same.
#[test]
fn cases_that_cannot_be_read_are_counted() {
    let home = tempfile::tempdir().expect("a folder can be made");
    let home = home.path();
    let check = |name: &str, expected: &str| {
        let folder = home.join("waypost/cases").join(name);
        fs::create_dir_all(&folder).expect("a folder of ours");
        fs::write(folder.join("journal.jsonl"), "").expect("a folder of ours");
        for command in ["resume", "report"] {
            let output = program(home, &[command]).output().expect("it runs");
            assert_eq!(
                (output.status.code(), said(&output)),
                (Some(2), format!("waypost: {expected}\n")),
                "{command}"
            );
        }
    };
    check(
        "one",
        "the only case cannot be read; `waypost cases` tells why",
    );
    check(
        "two",
        "none of 2 cases can be read; `waypost cases` tells why",
    );
    let list = said(&program(home, &["cases"]).output().expect("it runs"));
    assert_eq!(list.matches("it holds nothing").count(), 2, "{list}");
}
