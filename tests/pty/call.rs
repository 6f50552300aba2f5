//! A whole support call: the engineer has pastes alone, leaves the case half-way, takes it up the next day, and ends with a
//! report for the ticket.

use std::{fs, path::Path, thread, time::Duration};

use crate::{ENTER, ESC, terminal::Terminal};

/// What the customer sends over: a file of this project that holds what the program printed.
fn sent(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path))
        .expect("the sample is there")
}

/// As a terminal hands a paste on.
fn paste(terminal: &mut Terminal, text: &str) {
    terminal.press("p");
    terminal.wait_for("judge it");
    terminal.press(&format!("\u{1b}[200~{text}\u{1b}[201~"));
    terminal.wait_for("pasted");
    terminal.press(ENTER);
    terminal.wait_gone("judge it");
}

/// The first question about somebody else's Linux machine.
fn called(home: &tempfile::TempDir) -> Terminal {
    let mut terminal = Terminal::waypost(home, &["mid-down"]);
    terminal.wait_for("Where is the machine?");
    terminal.press("3");
    terminal.wait_for("Is an upgrade of the MID Server at work");
    terminal
}

#[test]
fn a_support_call_with_pastes_alone_is_left_taken_up_and_reported() {
    const HOST: &str = "assets/demo/out-of-memory/files/opt/servicenow/mid/agent";
    let home = tempfile::tempdir().expect("a folder");
    let mut terminal = called(&home);
    // First the wrong thing is sent: it is told apart, and the question stays.
    terminal.press("p");
    terminal.wait_for("judge it");
    terminal.press("\u{1b}[200~Filesystem 1024-blocks Used\u{1b}[201~");
    terminal.press(ENTER);
    terminal.wait_for("expected");
    terminal.press(ESC);
    terminal.wait_gone("judge it");
    paste(
        &mut terminal,
        &sent("tests/printed/ps-list-linux-absent.txt"),
    );
    terminal.wait_for("What was found  process, pasted");
    terminal.press(ENTER);
    terminal.wait_for("agent");
    terminal.press("/opt/servicenow/mid/agent");
    terminal.press(ENTER);
    terminal.wait_for("config.xml");
    paste(&mut terminal, &sent(&format!("{HOST}/config.xml")));
    terminal.wait_for("pasted");
    terminal.press(ENTER);
    terminal.wait_for("Is the MID Server's service running");
    terminal.press("n");
    terminal.wait_for("Note");
    terminal.press("goes on tomorrow, the customer has gone home");
    terminal.press(ENTER);
    terminal.wait_for("the note is kept");
    terminal.press("q");
    terminal.wait_for("Quit?");
    terminal.press("q");
    assert_eq!(terminal.end(), 0);

    // The next day.
    let mut terminal = Terminal::waypost(&home, &["resume"]);
    terminal.wait_for("Is the MID Server's service running");
    terminal.press("1");
    terminal.wait_for("log");
    paste(&mut terminal, &sent(&format!("{HOST}/logs/wrapper.log")));
    terminal.wait_for("pasted");
    terminal.press(ENTER);
    terminal.wait_for("half");
    terminal.press("2");
    terminal.wait_for("The MID Server has run out of memory");
    terminal.press("w");
    terminal.wait_for("Report");
    terminal.press(ENTER);
    terminal.wait_for("Save as");
    terminal.press(ENTER);
    terminal.wait_for("Saved as");
    terminal.press(ESC);
    terminal.wait_gone("next form");
    terminal.press("q");
    terminal.wait_for("Quit?");
    terminal.press("q");
    assert_eq!(terminal.end(), 0);

    let saved = fs::read_dir(home.path()).expect("the folder").flatten();
    let report = saved
        .map(|entry| entry.path())
        .find(|path| path.extension().is_some_and(|ending| ending == "md"))
        .expect("a report is saved");
    let report = fs::read_to_string(report).expect("a report");
    for expected in [
        "The MID Server has run out of memory",
        "pasted",
        "goes on tomorrow, the customer has gone home",
    ] {
        assert!(report.contains(expected), "{expected}: {report}");
    }
    assert!(
        !report.contains("observed"),
        "nothing was looked at: {report}"
    );
}

/// A terminal without the marks of a paste hands it on as keys.
#[test]
fn what_comes_as_keys_is_pasted_too() {
    let home = tempfile::tempdir().expect("a folder");
    let mut terminal = called(&home);
    terminal.press("p");
    terminal.wait_for("judge it");
    // Of a longer one the library that reads keys hands the rest on with the next key.
    let all = sent("tests/printed/ps-list-linux-absent.txt");
    let lines: Vec<&str> = all.lines().take(3).collect();
    let text = format!("{}\n2 processes in all\n", lines.join("\n"));
    assert!(text.len() < 1024, "{text}");
    terminal.press(&text.replace('\n', "\r"));
    terminal.wait_for(&format!(" {} lines pasted", text.lines().count()));
    // As long as keys come so soon, Enter is one of them.
    thread::sleep(Duration::from_millis(700));
    terminal.press(ENTER);
    terminal.wait_for("What was found  process, pasted");
}
