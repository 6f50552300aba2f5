//! The commands, one file each. A command gives an exit code, or an error that `main` prints.

mod ask;
mod carrier;
mod cases;
mod check;
mod collect;
mod completions;
mod diagnose;
mod explain;
mod open;
mod opening;
mod output;
mod plain_start;
mod probe;
mod report;
mod screen;
mod setting;
mod trees;
mod wizard;

pub use output::Output;

use anyhow::Result;

use crate::app::{
    cli::{Cli, Command},
    exit::Exit,
};

/// The program was used wrongly: exit code 2.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct UsageError(pub String);

/// A tree that is to be used is faulty: exit code 4. The message holds all its mistakes.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct FaultyTree(pub String);

/// Runs what the command line asks for.
pub fn run(cli: Cli) -> Result<Exit> {
    if let (Some(tree), Some(_)) = (&cli.tree, &cli.command) {
        let why = format!("`{tree}` is no command; a tree is named behind its command");
        return Err(UsageError(why).into());
    }
    let common = &cli.common;
    match cli.command {
        None => wizard::wizard(cli.tree.as_deref(), common),
        Some(Command::Demo { name }) => wizard::demo(name.as_deref(), common),
        Some(Command::Diagnose(diagnose)) => diagnose::diagnose(&diagnose, common),
        Some(Command::Ask(args)) => ask::ask(&args, common),
        Some(Command::Open(args)) => open::open(&args, common),
        Some(Command::Collect(args)) => collect::collect(&args, common),
        Some(Command::Cases { command }) => cases::cases(command),
        Some(Command::Resume { case }) => wizard::resume(case.as_deref(), common),
        Some(Command::Report { case, output }) => report::report(case.as_deref(), &output, common),
        Some(Command::Trees { command }) => trees::trees(command.as_ref(), common),
        Some(Command::Check { paths }) => check::check(&paths, common),
        Some(Command::Probe(args)) => probe::probe(&args, common),
        Some(Command::Explain { code }) => explain::explain(code.as_deref()),
        Some(Command::Completions { shell }) => completions::completions(shell),
    }
}
