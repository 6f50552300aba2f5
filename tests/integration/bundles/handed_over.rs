//! `waypost collect`: what it writes, what it says, and what it leaves alone.

use std::fs;

use waypost::case::bundle::Bundle;

use super::{AGENT, collected, demo, run};

#[test]
fn what_was_seen_is_written_and_told() {
    let home = tempfile::tempdir().expect("a folder");
    let (out, error) = collected(home.path(), "mid-down", "login-refused");
    for said in [
        "`x.bundle` holds what 17 of 27 probes of the tree `mid-down` saw.",
        "/opt/servicenow/mid/agent/logs/agent0.log.0",
        "Processes, in its `host.yaml`: the command lines of 3 processes, with the users that they run as",
        "Masked: ",
        "it logs in, which is never done where nobody asks for it",
        "What is not known can be given with --input NAME=VALUE",
        "`waypost open x.bundle`",
    ] {
        assert!(out.contains(said), "{said}: {out}");
    }
    // A line a look, and the last one says that all were tried that could be.
    let lines: Vec<&str> = error.lines().collect();
    assert_eq!(lines.len(), 17, "{error}");
    assert!(lines[16].starts_with("17/27 mid-"), "{error}");
    assert!(
        lines.iter().any(|line| line.ends_with("/config: read")),
        "{error}"
    );
    let bytes = fs::read(home.path().join("x.bundle")).expect("it was written");
    let bundle = Bundle::read(bytes.as_slice()).expect("it is a bundle");
    assert_eq!(bundle.about.looks, 17);
    // What no answer has led to was looked at, too, and no secret is in it.
    let all = bundle.host_yaml.clone()
        + &bundle
            .files
            .values()
            .map(|content| String::from_utf8_lossy(content).into_owned())
            .collect::<String>();
    assert!(all.contains("agent1.log.0") && all.contains("mid.instance.password"));
    let config = fs::read_to_string(format!(
        "{}/files/opt/servicenow/mid/agent/config.xml",
        demo("login-refused")
    ))
    .expect("the demo has it");
    let secret = config
        .split("name=\"mid.instance.password\"")
        .nth(1)
        .and_then(|rest| rest.split("value=\"").nth(1)?.split('"').next())
        .expect("it has a password");
    assert!(!secret.is_empty() && !all.contains(secret.trim_start_matches("encrypted:")));
    // Nothing but the bundle was written.
    let names: Vec<_> = fs::read_dir(home.path())
        .expect("it is there")
        .map(|entry| entry.expect("it is there").file_name())
        .collect();
    assert_eq!(names, ["x.bundle"]);
}

#[test]
fn a_file_that_is_there_is_left_alone() {
    let home = tempfile::tempdir().expect("a folder");
    let file = home.path().join("x.bundle");
    fs::write(&file, "mine").expect("a file");
    let host = demo("healthy");
    let arguments = [
        "collect", "mid-down", "--host", &host, "-o", "x.bundle", "--input", AGENT,
    ];
    let (code, _, error) = run(home.path(), &arguments);
    assert_eq!(code, Some(2));
    assert!(
        error.contains("`x.bundle` is there already; `--force` replaces it"),
        "{error}"
    );
    assert_eq!(fs::read(&file).expect("it is there"), b"mine");
    let (code, _, error) = run(home.path(), &[&arguments[..], &["--force"]].concat());
    assert_eq!(code, Some(0), "{error}");
    assert_ne!(fs::read(&file).expect("it is there"), b"mine");
}

/// Looks may take minutes, so all that can be said of the file is said before the first of them, which would be told.
#[test]
fn a_file_that_cannot_be_written_is_told_before_the_first_look() {
    let home = tempfile::tempdir().expect("a folder");
    fs::write(home.path().join("file"), "mine").expect("a file");
    fs::create_dir(home.path().join("folder")).expect("a folder");
    let host = demo("healthy");
    let check = |output: &str, code: i32, expected: &str| {
        for force in [&[][..], &["--force"]] {
            let collect = ["collect", "mid-down", "--host", &host, "--input", AGENT];
            let arguments = [&collect[..], &["-o", output], force].concat();
            let (ended, out, error) = run(home.path(), &arguments);
            assert_eq!(ended, Some(code), "{output}: {error}");
            assert_eq!(error, format!("waypost: {expected}\n"), "{output}");
            assert_eq!(out, "", "{output}");
        }
    };
    check(
        "none/x",
        5,
        "`none/x` cannot be written: there is no such folder",
    );
    #[cfg(unix)]
    check(
        "file/x",
        5,
        "`file/x` cannot be written: what should be its folder is none",
    );
    check("folder", 2, "`folder` is no file");
    let dash = "-o -: a bundle goes into a file: give it a name, such as `acme.bundle`";
    check("-", 2, dash);
    assert!(!home.path().join("-").exists());
}

const COMMAND: &str = "
waypost: 1
id: own
title: Own
symptoms: [It is dark]
start: a
probes:
  says: { command: { run: [echo, hello] } }
nodes:
  a:
    ask: Does it speak?
    probe: says
    answers:
      - { answer: 'Yes', id: 'yes', when: exited, goto: fine }
      - { answer: 'No', id: 'no', when: missing, goto: bad }
  fine: { conclude: Fine, verdict: healthy }
  bad: { conclude: Bad, verdict: healthy }
";

#[test]
fn a_tree_from_outside_is_agreed_to_first() {
    let home = tempfile::tempdir().expect("a folder");
    fs::write(home.path().join("own.yaml"), COMMAND).expect("a file");
    let collect = ["collect", "./own.yaml", "-o", "x.bundle"];
    let (code, _, error) = run(home.path(), &collect);
    assert_eq!(code, Some(2));
    assert!(
        error.contains("has to be agreed to with --trust"),
        "{error}"
    );
    assert!(!home.path().join("x.bundle").exists());
    // Programs want an agreement of their own.
    let (code, out, error) = run(home.path(), &[&collect[..], &["--trust"]].concat());
    assert_eq!(code, Some(0), "{error}");
    assert!(
        out.contains("own/says: running programs was not agreed to"),
        "{out}"
    );
    let all = ["--trust", "--allow-commands", "--force"];
    let (code, out, error) = run(home.path(), &[&collect[..], &all].concat());
    assert_eq!(code, Some(0), "{error}");
    assert!(out.contains("holds what 1 of 1 probe of"), "{out}");
    assert!(error.contains("1/1 own/says: exited"), "{error}");
    // Over the bundle nothing is run, so that it needs no agreement for that.
    let arguments = ["diagnose", "--bundle", "x.bundle", "./own.yaml", "--trust"];
    let (code, out, error) = run(home.path(), &arguments);
    assert_eq!(code, Some(0), "{error}");
    assert!(out.contains("Fine") && out.contains("bundled"), "{out}");
}

/// Ctrl-C while a server does not answer: nothing is left behind.
#[cfg(unix)]
#[test]
fn what_is_interrupted_leaves_nothing() {
    use std::{
        io::{BufRead, BufReader},
        net::TcpListener,
        process::{Command, Stdio},
    };

    let silent = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let port = silent.local_addr().expect("it has one").port();
    let home = tempfile::tempdir().expect("a folder");
    let tree = format!(
        "
waypost: 1
id: own
title: Own
symptoms: [It is dark]
start: fine
probes:
  hosts: {{ file: {{ path: /etc/hosts }} }}
  mute: {{ http: {{ url: 'http://127.0.0.1:{port}/' }}, timeout: 60s }}
nodes:
  fine: {{ conclude: Fine, verdict: healthy }}
"
    );
    fs::write(home.path().join("own.yaml"), tree).expect("a file");
    let arguments = ["collect", "./own.yaml", "--trust", "-o", "x.bundle"];
    let mut child = crate::support::program(home.path(), &arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut lines = BufReader::new(child.stderr.take().expect("it is piped")).lines();
    let first = lines.next().expect("a look ends").expect("it is text");
    assert!(first.starts_with("1/2 own/hosts: "), "{first}");
    // The other one is on its way by now.
    let _held = silent.accept().expect("somebody asks");
    let pid = child.id().to_string();
    let killed = Command::new("kill").args(["-INT", &pid]).status();
    assert!(killed.is_ok_and(|status| status.success()));
    let status = child.wait().expect("it ends");
    assert_eq!(status.code(), Some(130));
    let mut names: Vec<_> = fs::read_dir(home.path())
        .expect("it is there")
        .map(|entry| entry.expect("it is there").file_name())
        .collect();
    names.sort();
    assert_eq!(names, ["own.yaml"]);
}
