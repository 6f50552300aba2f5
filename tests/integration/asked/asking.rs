//! Whose question an answer answers: it goes on with the case that asked, and no other case takes it.

use std::{fs, path::Path, process::Command};

use super::{answered, asked, home, run, text};

const ELSEWHERE: [&str; 5] = ["--trees", "trees", "--trust", "lamp", "--plain"];

/// The names of all cases that are kept.
fn cases(home: &Path) -> Vec<String> {
    let entries = fs::read_dir(home.join("cases")).expect("the folder");
    let names = entries.flatten().map(|entry| entry.file_name());
    let mut names: Vec<String> = names.filter_map(|name| name.into_string().ok()).collect();
    names.sort();
    names
}

/// A walk that does nothing but to ask; gives what the script wrote.
fn asks(home: &Path, script: &str, keys: &str) -> String {
    let keys = format!("3\n{keys}ask > {script}\nq\n");
    let output = run(home, &ELSEWHERE, &keys);
    let out = text(&output.stdout);
    assert!(out.contains("Saved as"), "{out}");
    let input = format!("dir={}", home.join("lamp").display());
    let (answer, _) = answered(&["sh"], &home.join(script), &[&input], None);
    answer.display().to_string()
}

#[test]
fn an_answer_goes_on_with_the_walk_that_asked_for_it() {
    let home = home();
    let home = home.path();
    let answer = asks(home, "ask.sh", "n it is dark since noon\n");
    let before = cases(home);
    assert_eq!(before.len(), 1, "{before:?}");
    let arguments = ["--trees", "trees", "--trust", "open", &answer, "--plain"];
    let opened = run(home, &arguments, "f\nt\nq\n");
    let out = text(&opened.stdout);
    assert_eq!(cases(home), before, "{}", text(&opened.stderr));
    assert!(out.contains("it is dark since noon"), "{out}");
    assert!(out.contains("Did the fuse blow?: Yes (bundled)"), "{out}");
}

/// To ask is the first thing that was done in it.
#[test]
fn a_walk_that_did_nothing_else_is_kept_once_it_asks() {
    let home = home();
    let home = home.path();
    let answer = asks(home, "ask.sh", "");
    let before = cases(home);
    assert_eq!(before.len(), 1, "{before:?}");
    let arguments = ["--trees", "trees", "--trust", "open", &answer, "--plain"];
    let out = text(&run(home, &arguments, "f\nq\n").stdout);
    assert_eq!(cases(home), before);
    assert!(out.contains("Did the fuse blow?: Yes (bundled)"), "{out}");
}

#[test]
fn the_commands_as_text_name_the_case_too() {
    let home = home();
    let home = home.path();
    let out = text(&run(home, &ELSEWHERE, "3\nn dark\nask\nq\n").stdout);
    let name = cases(home).remove(0);
    assert!(out.contains(&format!("case {name}")), "{out}");
}

#[test]
fn a_walk_takes_no_answer_that_another_case_asked_for() {
    let home = home();
    let home = home.path();
    let answer = asks(home, "ask.sh", "");
    let asking = cases(home).remove(0);
    let keys = format!("3\np < {answer}\nq\n");
    let out = text(&run(home, &ELSEWHERE, &keys).stdout);
    let out = out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        out.contains(&format!("the case `{asking}` asked for this answer")),
        "{out}"
    );
    assert!(!out.contains("looks of the answer read"), "{out}");
    // The case that asked takes it.
    let keys = format!("p < {answer}\nf\nq\n");
    let arguments = ["--trees", "trees", "--trust", "resume", &asking, "--plain"];
    let out = text(&run(home, &arguments, &keys).stdout);
    assert!(out.contains("Did the fuse blow?: Yes (bundled)"), "{out}");
}

/// As if the script had been run on a machine of this name.
fn on_machine(home: &Path, answer: &str, name: &str) -> String {
    let text = fs::read_to_string(answer).expect("an answer");
    let own = text.lines().find(|line| line.starts_with("machine "));
    let own = own.expect("it says where it ran");
    let path = home.join(format!("{name}.txt"));
    let text = text.replace(own, &format!("machine {name}"));
    fs::write(&path, text).expect("a file");
    path.display().to_string()
}

/// The customer runs the second script on the other server.
#[test]
fn what_another_machine_says_is_not_mixed_in() {
    let home = home();
    let home = home.path();
    let answer = asks(home, "ask.sh", "");
    let first = on_machine(home, &answer, "mid01.example.com");
    let short = on_machine(home, &answer, "MID01");
    let other = on_machine(home, &answer, "mid02.example.com");
    let case = cases(home).remove(0);
    let open = |file: &str, more: &[&str], keys: &str| {
        let mut arguments = vec!["--trees", "trees", "--trust", "open", file, "--plain"];
        arguments.extend(more);
        let opened = run(home, &arguments, keys);
        (text(&opened.stdout), text(&opened.stderr))
    };
    let (out, error) = open(&first, &[], "q\n");
    assert!(out.contains(&case), "{out}");
    assert!(!error.contains("machine"), "{error}");
    // The same one, which another program names without its domain.
    let (_, error) = open(&short, &[], "q\n");
    assert!(!error.contains("machine"), "{error}");
    assert_eq!(cases(home).len(), 1);

    let keys = format!("p < {other}\nq\n");
    let arguments = ["--trees", "trees", "--trust", "resume", &case, "--plain"];
    let out = text(&run(home, &arguments, &keys).stdout);
    let out = out.split_whitespace().collect::<Vec<_>>().join(" ");
    let why = "it comes from the machine `mid02.example.com`, and what the case was sent before from `mid01.example.com`";
    assert!(out.contains(why), "{out}");
    assert!(!out.contains("looks of the answer read"), "{out}");

    let (out, error) = open(&other, &[], "q\n");
    assert!(error.contains(why), "{error}");
    assert!(error.contains("it becomes a case of its own"), "{error}");
    assert!(!out.contains(&case), "{out}");
    assert_eq!(cases(home).len(), 2);

    // Whoever says that it belongs there is believed, and told.
    let (out, error) = open(&other, &["--case", &case], "q\n");
    assert!(error.contains(why), "{error}");
    assert!(error.contains("taken because of --case"), "{error}");
    assert!(out.contains(&case), "{out}");
    assert_eq!(cases(home).len(), 2);
    let report = text(&run(home, &["--trees", "trees", "--trust", "report", &case], "").stdout);
    let machines = "`mid01.example.com`, `MID01` and `mid02.example.com`";
    assert!(
        report.contains(&format!("What was sent came from {machines}.")),
        "{report}"
    );
    let arguments = ["--trees", "trees", "--trust", "report", "--redact", &case];
    let report = text(&run(home, &arguments, "").stdout);
    assert!(report.contains("What was sent came from"), "{report}");
    assert!(!report.to_lowercase().contains("mid0"), "{report}");
}

/// Whoever got it from somebody else has no such case.
#[test]
fn an_answer_to_a_case_that_is_not_here_is_taken() {
    let home = home();
    let home = home.path();
    let answer = asks(home, "ask.sh", "");
    fs::remove_dir_all(home.join("cases")).expect("the cases");
    let keys = format!("3\np < {answer}\nf\nq\n");
    let out = text(&run(home, &ELSEWHERE, &keys).stdout);
    assert!(out.contains("Did the fuse blow?: Yes (bundled)"), "{out}");
}

/// Whoever runs a script reads at its head that it lists processes, where it does.
#[test]
fn what_lists_processes_says_so_at_its_head() {
    let home = home();
    let home = home.path();
    let told = "# The command lines of all processes go into it, too";
    for (ask, expected) in [
        (
            &["ask", "mid-server", "--os", "linux"][..],
            Some(", with the users that they run as."),
        ),
        (&["ask", "mid-server", "--os", "windows"], Some(".")),
        (
            &[
                "--trees", "trees", "--trust", "ask", "lamp", "--os", "linux",
            ],
            None,
        ),
    ] {
        let script = text(&run(home, ask, "").stdout);
        let line = script.lines().find_map(|line| line.strip_prefix(told));
        assert_eq!(line, expected, "{ask:?}: {script}");
    }
}

/// Two scripts that are run in one folder within one second do not take each other's name.
#[test]
fn answers_of_one_second_have_names_of_their_own() {
    use std::os::unix::fs::PermissionsExt;

    let home = home();
    let home = home.path();
    let script = asked(home, &["lamp", "--os", "linux"]);
    let (programs, folder) = (home.join("programs"), home.join("answers"));
    fs::create_dir(&programs).expect("a folder");
    fs::create_dir(&folder).expect("a folder");
    let date = programs.join("date");
    let clock = "#!/bin/sh\n[ \"$1\" = +%Y%m%d-%H%M%S ] && echo 20261120-101500 && exit\nPATH=/usr/bin:/bin exec date \"$@\"\n";
    fs::write(&date, clock).expect("a file");
    fs::set_permissions(&date, fs::Permissions::from_mode(0o755)).expect("it is ours");
    let all = std::env::var("PATH").unwrap_or_default();
    for _ in 0..3 {
        let output = Command::new("sh")
            .arg(&script)
            .arg(format!("dir={}", home.join("lamp").display()))
            .current_dir(&folder)
            .env("PATH", format!("{}:{all}", programs.display()))
            .output()
            .expect("a shell");
        assert!(output.status.success(), "{}", text(&output.stderr));
    }
    let files = fs::read_dir(&folder).expect("the folder").flatten();
    let mut names: Vec<_> = files
        .map(|file| file.file_name().into_string().expect("it is text"))
        .collect();
    names.sort();
    let expected =
        ["-2.txt", "-3.txt", ".txt"].map(|end| format!("waypost-answer-20261120-101500{end}"));
    assert_eq!(names, expected);
    let whole = |name: &String| {
        let answer = fs::read_to_string(folder.join(name)).expect("it is there");
        answer
            .lines()
            .last()
            .is_some_and(|line| line.starts_with("end "))
    };
    assert!(expected.iter().all(whole));
}
