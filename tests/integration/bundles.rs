//! What is collected on one machine is opened on another: the same faults by the same path, and nothing of the opener's own.

mod handed_over;
mod opened;

use std::{path::Path, process::Stdio};

use crate::support::program;

/// Runs the program in a home of its own; gives exit code, standard output and standard error.
fn run(home: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    run_with(home, arguments, "")
}

/// The same, with keys from standard input.
fn run_with(home: &Path, arguments: &[&str], keys: &str) -> (Option<i32>, String, String) {
    use std::io::Write;

    let mut child = program(home, arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut stdin = child.stdin.take().expect("it is piped");
    // Who ends before all keys were read wants no more of them.
    let _ = stdin.write_all(keys.as_bytes());
    drop(stdin);
    let output = child.wait_with_output().expect("the program ends");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (
        output.status.code(),
        text(&output.stdout),
        text(&output.stderr),
    )
}

/// The folder of a demo's recorded host.
fn demo(name: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    root.join("assets/demo").join(name).display().to_string()
}

/// Where the agent of the demos lies.
const AGENT: &str = "agent_dir=/opt/servicenow/mid/agent";

/// Collects what a demo's host shows of a tree into `x.bundle`.
fn collected(home: &Path, tree: &str, name: &str) -> (String, String) {
    let host = demo(name);
    let arguments = [
        "collect", tree, "--host", &host, "-o", "x.bundle", "--input", AGENT,
    ];
    let (code, out, error) = run(home, &arguments);
    assert_eq!(code, Some(0), "{error}");
    (out, error)
}
