//! The commands of a request run one by one, and all that the window showed read back at once.

use std::{fs, process::Command};

use super::{home, run, text};

/// What a shell's window shows where the commands of a text are run one by one.
fn window(text: &str, before: &str) -> String {
    let mut typed = format!("{before}\n");
    for command in text.lines().filter_map(|line| line.strip_prefix("    ")) {
        let shown = format!("mid@host:~$ {command}").replace('\'', "'\\''");
        typed += &format!("printf '%s\\n' '{shown}'\n{command}\n");
    }
    let output = Command::new("sh")
        .args(["-c", &format!("exec 2>&1\n{typed}")])
        .output()
        .expect("a shell");
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[test]
fn what_a_window_shows_where_no_script_may_be_run_is_an_answer_too() {
    let home = home();
    let home = home.path();
    let common = ["--trees", "trees", "--trust"];
    let ask = ["ask", "lamp", "--os", "linux", "--text"];
    let asked = run(home, &[&common[..], &ask].concat(), "");
    let asked = text(&asked.stdout);
    let shown = window(
        &asked,
        &format!("input_dir={}", home.join("lamp").display()),
    );
    fs::write(home.join("window.txt"), &shown).expect("a file");
    let open = ["open", "window.txt", "--plain"];
    let opened = run(home, &[&common[..], &open].concat(), "f\nq\n");
    let (out, error) = (text(&opened.stdout), text(&opened.stderr));
    assert!(
        error.contains("2 of 2 looks were read."),
        "{error}\n{shown}"
    );
    assert!(out.contains("Is the plug there?"), "{out}");
    assert!(!out.contains("hush7hush7"), "{out}");
    // The same in a walk that is under way.
    let walk = ["lamp", "--plain"];
    let walked = run(
        home,
        &[&common[..], &walk].concat(),
        "3\np < window.txt\nf\nq\n",
    );
    let out = text(&walked.stdout);
    assert!(out.contains("2 looks of the answer read"), "{out}");
    // Without the folder nothing is said about it.
    let shown = window(&asked, "");
    fs::write(home.join("window.txt"), &shown).expect("a file");
    let opened = run(home, &[&common[..], &open].concat(), "q\n");
    assert!(!opened.status.success());
    let error = text(&opened.stderr);
    assert!(error.contains("nothing of it could be read"), "{error}");
}
