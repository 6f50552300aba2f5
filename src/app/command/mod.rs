//! The commands, one file each. A command gives an exit code, or an error that `main` prints.

mod ask;
mod carrier;
mod cases;
mod check;
mod collect;
mod collect_case;
mod completions;
mod diagnose;
mod explain;
mod handed_over;
mod open;
mod opening;
mod output;
mod plain_start;
mod probe;
mod progress;
mod report;
mod screen;
mod setting;
mod trees;
mod wizard;

pub use output::Output;

use anyhow::Result;

use crate::app::{
    cli::{Cli, Command},
    exit::{Exit, UsageError},
    record,
};

/// Whether a command may look at a machine.
fn looks(command: &Command) -> bool {
    match command {
        Command::Demo { .. }
        | Command::Diagnose(_)
        | Command::Open(_)
        | Command::Collect(_)
        | Command::Resume { .. }
        | Command::Probe(_) => true,
        Command::Ask(_)
        | Command::Cases { .. }
        | Command::Report { .. }
        | Command::Trees { .. }
        | Command::Check { .. }
        | Command::Explain { .. }
        | Command::Completions { .. } => false,
    }
}

/// Runs what the command line asks for.
pub fn run(cli: Cli) -> Result<Exit> {
    if let (Some(tree), Some(_)) = (&cli.tree, &cli.command) {
        let why = format!("`{tree}` is no command; a tree is named behind its command");
        return Err(UsageError(why).into());
    }
    let common = &cli.common;
    if let Some(folder) = &common.record {
        if cli.command.as_ref().is_some_and(|command| !looks(command)) {
            let why = "this command looks at nothing, so there is nothing to record";
            return Err(UsageError(format!("--record: {why}")).into());
        }
        record::may_record(folder)?;
    }
    match cli.command {
        None => wizard::wizard(cli.tree.as_deref(), common),
        Some(Command::Demo { name }) => wizard::demo(name.as_deref(), common),
        Some(Command::Diagnose(diagnose)) => diagnose::diagnose(&diagnose, common),
        Some(Command::Ask(args)) => ask::ask(&args, common),
        Some(Command::Open(args)) => open::open(&args, common),
        Some(Command::Collect(args)) => match &args.case {
            Some(case) => collect_case::collect(case, &args, common),
            None => collect::collect(&args, common),
        },
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
