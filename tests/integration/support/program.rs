//! The program itself, in a home of its own.

use std::{
    io::{self, Write},
    path::Path,
    process::{Command, Output, Stdio},
};

/// The program with these arguments; nothing of this machine's user is read or written.
pub fn program(home: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_waypost"));
    for name in ["HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"] {
        command.env(name, home);
    }
    command
        .args(arguments)
        .env_remove("WAYPOST_TREES")
        .env_remove("WAYPOST_CASES")
        .current_dir(home);
    command
}

/// Runs it with these keys; gives exit code, standard output and standard error.
pub fn run(home: &Path, arguments: &[&str], keys: &str) -> (Option<i32>, String, String) {
    let output = fed_or_over(program(home, arguments).stderr(Stdio::piped()), keys);
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (
        output.status.code(),
        text(&output.stdout),
        text(&output.stderr),
    )
}

/// Runs a command with these keys, all of which it takes. Its standard error goes where it is told to.
pub fn fed(command: &mut Command, keys: &str) -> Output {
    let (taken, output) = end(command, keys);
    taken.expect("it reads");
    output
}

/// The same of a command that may be over before all keys were read: then it wants no more of them.
pub fn fed_or_over(command: &mut Command, keys: &str) -> Output {
    end(command, keys).1
}

fn end(command: &mut Command, keys: &str) -> (io::Result<()>, Output) {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut stdin = child.stdin.take().expect("it is piped");
    let taken = stdin.write_all(keys.as_bytes());
    drop(stdin);
    let output = child.wait_with_output().expect("the program ends");
    (taken, output)
}
