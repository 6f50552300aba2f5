//! `waypost completions SHELL`.

use std::io;

use anyhow::Result;
use clap::CommandFactory;

use crate::app::{cli::Cli, exit::Exit};

pub fn completions(shell: clap_complete::Shell) -> Result<Exit> {
    clap_complete::generate(shell, &mut Cli::command(), "waypost", &mut io::stdout());
    Ok(Exit::Fine)
}
