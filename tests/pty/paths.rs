//! The three paths of the trees that ship, by keys alone: from the start screen to a conclusion.
//!
//! The machine is one of the demos' recordings, laid over this one by `--host`.

use std::path::Path;

use crate::{
    ENTER,
    terminal::{Terminal, home},
};

/// Types a symptom's words, takes the line that fits, and steps through the evidence with Enter alone.
fn walk(demo: &str, agent: &str, words: &str, line: &str, questions: &[&str], title: &str) {
    let (home, _) = home("");
    let recorded = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("assets/demo")
        .join(demo);
    let recorded = recorded.display().to_string();
    let agent = format!("agent_dir={agent}");
    let mut terminal = Terminal::waypost(&home, &["--host", &recorded, "--input", &agent]);
    terminal.wait_for("What is wrong?");
    terminal.press(words);
    terminal.wait_for(&format!("► {line}"));
    terminal.press(ENTER);
    for question in questions {
        terminal.wait_for(question);
        // The mark of an answer that evidence points at.
        terminal.wait_for("●");
        terminal.press(ENTER);
        terminal.wait_gone(question);
    }
    terminal.press("f");
    terminal.wait_for("× Cause found");
    terminal.wait_for(title);
    terminal.press("qq");
    assert_eq!(terminal.end(), 0);
}

#[test]
fn the_down_path_ends_at_its_cause() {
    walk(
        "out-of-memory",
        "/opt/servicenow/mid/agent",
        "host was restarted",
        "The MID Server went down after its host was restarted",
        &[
            "Is an upgrade of the MID Server at work",
            "Is `config.xml` filled in correctly?",
        ],
        "The MID Server has run out of memory",
    );
}

#[test]
fn the_upgrade_path_ends_at_its_cause() {
    walk(
        "disk-too-full-to-upgrade",
        r"C:\ServiceNow\mid-harbour-01\agent",
        "status is upgrade failed",
        "MID Server status is Upgrade Failed",
        &["upgrade of the MID Server at work"],
        "There is too little free disk space for an upgrade",
    );
}

#[test]
fn the_credential_path_ends_at_its_cause() {
    walk(
        "encrypted-left-over",
        r"C:\ServiceNow\mid-harbour-01\agent",
        "password was changed",
        "The MID Server went down after its password was changed",
        &["Is an upgrade of the MID Server at work"],
        "was left in front of a plain password",
    );
}

#[test]
fn an_engineer_answers_for_somebody_elses_windows_host() {
    let (home, _) = home("");
    let mut terminal = Terminal::waypost(&home, &[]);
    terminal.wait_for("What is wrong?");
    terminal.press("host was restarted");
    terminal.wait_for("► The MID Server went down after its host was restarted");
    terminal.press(ENTER);
    terminal.wait_for("Where is the machine?");
    terminal.press("2");
    terminal.wait_for("Is an upgrade of the MID Server at work");
    terminal.wait_for("somebody else's Windows machine");
    // Commands to read out, for that system; nothing was looked at.
    terminal.wait_for("Get-CimInstance Win32_Process");
    assert!(!terminal.screen().contains("What was found"));
    terminal.press("1");
    terminal.wait_for("× Cause found");
    terminal.wait_for("An upgrade is under way");
    terminal.press("qq");
    assert_eq!(terminal.end(), 0);
}
