//! Parses arguments and maps the result to an exit code.

use std::process::ExitCode;

use clap::Parser;
use waypost::app::{
    cli::Cli,
    command::{FaultyTree, UsageError, run},
    exit::Exit,
};

fn main() -> ExitCode {
    match run(Cli::parse()) {
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
            eprintln!("waypost: {error:#}");
            exit.into()
        }
    }
}
