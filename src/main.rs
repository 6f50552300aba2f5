//! Parses arguments and maps the result to an exit code. Nothing that it prints obeys: names in messages may be hostile.

use std::{env, process::ExitCode};

use clap::Parser;
use waypost::{
    app::{
        cli::Cli,
        command::run,
        exit::{Exit, FaultyTree, UsageError},
        panicking, prose,
    },
    finding::visible::misleads,
};

fn main() -> ExitCode {
    panicking::watch();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return misused(&error),
    };
    match run(cli) {
        Ok(exit) => exit.into(),
        Err(error) => {
            let exit = if error.is::<UsageError>() {
                Exit::Usage
            } else if error.is::<FaultyTree>() {
                Exit::FaultyTree
            } else if error
                .downcast_ref::<std::io::Error>()
                .is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
            {
                return ExitCode::SUCCESS;
            } else {
                Exit::CouldNotRun
            };
            eprintln!("waypost: {}", prose::visible(&format!("{error:#}")));
            exit.into()
        }
    }
}

/// Help, the version, or what is wrong with the command line. A message that quotes a hostile argument loses its colours.
fn misused(error: &clap::Error) -> ExitCode {
    if env::args_os().any(|argument| misleads(&argument.to_string_lossy())) {
        eprint!("{}", prose::visible(&error.to_string()));
        return Exit::Usage.into();
    }
    error.exit()
}
