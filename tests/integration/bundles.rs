//! What is collected on one machine is opened on another: the same faults by the same path, and nothing of the opener's own.

mod carried;
mod handed_over;
mod newer;
mod opened;

use std::path::Path;

use crate::support::run as run_with;

/// Runs the program in a home of its own; gives exit code, standard output and standard error.
fn run(home: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    run_with(home, arguments, "")
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
