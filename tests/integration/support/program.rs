//! The program itself, in a home of its own.

use std::{path::Path, process::Command};

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
