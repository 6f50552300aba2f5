//! Which look an answer is of: told by the commands that were run, and never by where they stand.

use std::fs;

use super::{TREE, answered, asked, home, run, text};

/// Two looks with the same commands are asked for once, and each judge reads what was printed.
#[test]
fn looks_with_the_same_commands_are_all_read() {
    let home = home();
    let home = home.path();
    let rooms = "nodes:\n  a-little:\n    ask: Is there a little room?\n    probe: { disk: { path: /, need: 1kB } }\n    answers:\n\
                 \x20     - { answer: 'Yes', id: 'yes', when: enough, goto: a-lot }\n\
                 \x20     - { answer: 'No', id: 'no', when: low, goto: gone }\n\
                 \x20 a-lot:\n    ask: Is there a lot?\n    probe: { disk: { path: /, need: 900000TB } }\n    answers:\n\
                 \x20     - { answer: 'Yes', id: 'yes', when: enough, goto: gone }\n\
                 \x20     - { answer: 'No', id: 'no', when: low, goto: filled }";
    let tree = TREE
        .replace("start: filled", "start: a-little")
        .replace("nodes:", rooms);
    fs::write(home.join("trees/lamp.yaml"), tree).expect("a file");
    let script = asked(home, &["lamp", "--os", "linux"]);
    let written = fs::read_to_string(&script).expect("a script");
    assert_eq!(written.matches("df -Pk").count(), 1, "{written}");
    let input = format!("dir={}", home.join("lamp").display());
    let (answer, _) = answered(&["sh"], &script, &[&input], None);
    let answer = answer.display().to_string();
    let arguments = ["--trees", "trees", "--trust", "open", &answer, "--plain"];
    let opened = run(home, &arguments, "f\nq\n");
    let (out, error) = (text(&opened.stdout), text(&opened.stderr));
    assert!(error.contains("4 of 4 looks were read."), "{error}");
    assert!(out.contains("Is the plug there?"), "{out}");
}

/// A folder that only the script finds leaves the rest of the look to be compared.
#[test]
fn what_was_run_with_another_value_is_passed_over() {
    let home = home();
    let home = home.path();
    let script = asked(
        home,
        &["lamp", "--os", "linux", "--input", "plug=left.plug"],
    );
    let input = format!("dir={}", home.join("lamp").display());
    let (answer, _) = answered(&["sh"], &script, &[&input], None);
    let answer = answer.display().to_string();
    let open = |plug: &str| {
        let keys = format!("3\np < {answer}\nf\nq\n");
        let plug = format!("plug={plug}");
        let arguments = [
            "--trees", "trees", "--trust", "lamp", "--plain", "--input", &plug,
        ];
        let out = text(&run(home, &arguments, &keys).stdout);
        out.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let out = open("left.plug");
    assert!(out.contains("3 looks of the answer read"), "{out}");
    assert!(out.contains("The fuse blew"), "{out}");
    let out = open("right.plug");
    assert!(
        out.contains("2 looks of the answer read, 1 not, such as lamp/plug_file: it was run with other values"),
        "{out}"
    );
    assert!(out.contains("Is the plug there?"), "{out}");
    assert!(!out.contains("The fuse blew"), "{out}");
}

/// Nothing of it is read, whatever it says.
#[test]
fn what_was_run_on_another_system_is_passed_over() {
    let home = home();
    let home = home.path();
    let script = asked(home, &["lamp", "--os", "linux"]);
    let input = format!("dir={}", home.join("lamp").display());
    let (answer, _) = answered(&["sh"], &script, &[&input], None);
    let written = fs::read_to_string(answer).expect("an answer");
    let other = written.replacen("\nos linux\n", "\nos windows\n", 1);
    assert_ne!(written, other);
    let file = home.join("other.txt").display().to_string();
    fs::write(&file, other).expect("a file");
    let keys = format!("3\np < {file}\nq\n");
    let arguments = ["--trees", "trees", "--trust", "lamp", "--plain"];
    let out = text(&run(home, &arguments, &keys).stdout);
    let out = out.split_whitespace().collect::<Vec<_>>().join(" ");
    let why = "nothing of that answer could be read for this case: lamp/settings: \
               the script ran on windows, and the case is about ";
    assert!(out.contains(why), "{out}");
}

/// What could not be read is told with what to do about it.
#[test]
fn what_was_not_read_can_be_asked_for_again() {
    let home = home();
    let home = home.path();
    let script = asked(home, &["lamp", "--os", "linux"]);
    let input = format!("dir={}", home.join("lamp").display());
    let (answer, _) = answered(&["sh"], &script, &[&input], None);
    let written = fs::read_to_string(answer).expect("an answer");
    let look = written.lines().find(|line| line.ends_with(" lamp/log"));
    let look = look.expect("it was looked at");
    let (_, rest) = look.split_once(':').expect("a mark");
    let other = written.replace(look, &format!("look 0123456789abcdef:{rest}"));
    fs::write(home.join("other.txt"), other).expect("a file");
    let arguments = [
        "--trees",
        "trees",
        "--trust",
        "open",
        "other.txt",
        "--plain",
    ];
    let error = text(&run(home, &arguments, "q\n").stderr);
    assert!(error.contains("1 of 2 looks were read."), "{error}");
    assert!(
        error.contains("lamp/log: it was run with other values"),
        "{error}"
    );
    assert!(error.contains("`waypost ask --case "), "{error}");
}

/// Whether a fix helped is asked for anew, and what was gathered before it does not say.
#[test]
fn after_a_fix_it_is_asked_for_again() {
    let home = home();
    let home = home.path();
    let tree = TREE.replace("fix: Change it. }", "fix: Change it., verify: blown/no }");
    fs::write(home.join("trees/lamp.yaml"), tree).expect("a file");
    let dir = format!("dir={}", home.join("lamp").display());
    let script = asked(home, &["lamp", "--os", "linux"]);
    let (first, _) = answered(&["sh"], &script, &[&dir], None);
    // As if it had been run a while ago.
    let written = fs::read_to_string(&first).expect("an answer");
    let (before, rest) = written.split_once("\ntime ").expect("a time");
    let (_, after) = rest.split_once('\n').expect("its end");
    fs::write(
        &first,
        format!("{before}\ntime 2026-11-20T10:00:00Z\n{after}"),
    )
    .expect("a file");
    let first = first.display().to_string();
    let arguments = ["--trees", "trees", "--trust", "open", &first, "--plain"];
    run(home, &arguments, "q\n");
    let cases: Vec<_> = fs::read_dir(home.join("cases"))
        .expect("cases")
        .flatten()
        .collect();
    let case = cases[0].file_name().into_string().expect("a name");
    let resume = |keys: &str| {
        let arguments = ["--trees", "trees", "--trust", "resume", &case, "--plain"];
        text(&run(home, &arguments, keys).stdout)
    };
    // The plug's file is answered by hand, which leads to the cause.
    let out = resume("f\n1\nq\n");
    assert!(out.contains("The fuse blew"), "{out}");
    // Then the fix is said to be carried out, and what it did is asked for.
    let keys = format!("1\np < {first}\nq\n");
    let out = resume(&keys);
    let said = out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        said.contains("was looked at before the last fix was carried out"),
        "{out}"
    );
    assert!(
        out.trim_end().contains("After the fix: did it work?"),
        "{out}"
    );
    let second = asked(home, &["--case", &case]);
    let (second, _) = answered(&["sh"], &second, &[], None);
    let out = resume(&format!("p < {}\nf\nq\n", second.display()));
    assert!(!out.contains("before the last fix"), "{out}");
    assert!(out.contains("3 looks of the answer read"), "{out}");
}
