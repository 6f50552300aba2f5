//! The command line. What each command does stands in the module of that command.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub use crate::app::command::Output;
use crate::finding::Os;

/// Find out what is broken: a wizard that asks, looks by itself where it can, and ends at the cause and its fix.
#[derive(Debug, Parser)]
#[command(name = "waypost", version)]
#[command(
    after_help = "Exit codes of `diagnose`: 0 healthy or not applicable, 1 a cause or something to escalate, \
3 an answer is needed or unresolved.\nOf `collect`: 0 the file was written, also where not every probe could look.\nOf all commands: 2 wrong use, 4 a tree is faulty, 5 could not run, 130 interrupted."
)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Option<Command>,

    /// The tree to walk: an id such as `mid-down`, or a file's path. Without it the start screen opens.
    pub tree: Option<String>,

    #[command(flatten)]
    pub common: Common,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Walk a recorded host that ships inside the program; nothing of this machine is touched.
    Demo {
        /// Which one: its name or its number in the list that comes without it.
        name: Option<String>,
    },
    /// Follow the evidence without asking, and print what was found.
    Diagnose(Diagnose),
    /// Write what somebody else is to run on a machine that cannot be looked at: a script that only reads, or a text to send.
    Ask(Ask),
    /// Take up what somebody gathered on another machine: it becomes a case, or goes on with the one that asked for it.
    Open(Open),
    /// Run every probe of a tree and write what they saw, masked, into a file to hand over; or hand over what a case has found.
    Collect(Collect),
    /// List the cases that were begun, the newest first; or name one.
    Cases {
        #[command(subcommand)]
        command: Option<CasesCommand>,
    },
    /// Go on with a case where it was left.
    Resume {
        /// Its name in the list of `cases`; without it, the one in which something happened last.
        case: Option<String>,
    },
    /// Print the report of a case, as it stands.
    Report {
        /// Its name in the list of `cases`; without it, the one in which something happened last.
        case: Option<String>,
        #[command(flatten)]
        output: Output,
    },
    /// List the trees and where they come from.
    Trees {
        #[command(subcommand)]
        command: Option<TreesCommand>,
    },
    /// Look for mistakes in trees; without paths, in all trees that would be used.
    Check {
        /// Files or folders.
        paths: Vec<PathBuf>,
    },
    /// Tell what a code of `check` means, with a bad and a good example.
    Explain {
        /// Such as `unknown-target`; without it all codes are listed.
        code: Option<String>,
    },
    /// Run one probe and show what it saw and what was made of it; without a name, list what can be named.
    Probe(ProbeArgs),
    /// Print completions for a shell.
    Completions { shell: clap_complete::Shell },
}

#[derive(Debug, Subcommand)]
pub enum CasesCommand {
    /// Give a case a title, or the number of a ticket.
    Name {
        /// Its name in the list of `cases`.
        case: String,
        #[arg(long)]
        title: Option<String>,
        #[arg(long, value_name = "NUMBER", required_unless_present = "title")]
        ticket: Option<String>,
    },
}

#[derive(Debug, Subcommand)]
pub enum TreesCommand {
    /// Write the embedded trees as files to edit.
    Export { dir: PathBuf },
}

#[derive(Debug, Args)]
pub struct Diagnose {
    /// The tree to walk: an id, or a file's path. A bundle names its own.
    #[arg(required_unless_present = "bundle")]
    pub tree: Option<String>,
    /// Look at nothing but what `collect` has put into this file on another machine.
    #[arg(long, value_name = "FILE", conflicts_with = "host")]
    pub bundle: Option<PathBuf>,
    /// Give a secret: its text is read from a file, or from standard input with `-`.
    #[arg(long = "secret", value_name = "NAME=@FILE|NAME=-")]
    pub secrets: Vec<String>,
    /// Answer a question: `[TREE/]NODE=ANSWER`.
    #[arg(long = "answer", value_name = "[TREE/]NODE=ANSWER")]
    pub answers: Vec<String>,
    /// A YAML file with `inputs:` and `answers:`.
    #[arg(long = "answers", value_name = "FILE")]
    pub answers_file: Option<PathBuf>,
    #[command(flatten)]
    pub output: Output,
}

#[derive(Debug, Args)]
pub struct Ask {
    /// The tree whose probes are asked for: an id, or a file's path.
    #[arg(required_unless_present = "case")]
    pub tree: Option<String>,
    /// Ask for what a case has not been told yet: its name in the list of `cases`.
    #[arg(long, value_name = "CASE", conflicts_with = "tree")]
    pub case: Option<String>,
    /// The system of that machine; a case knows its own.
    #[arg(
        long,
        value_enum,
        required_unless_present = "case",
        conflicts_with = "case"
    )]
    pub os: Option<System>,
    /// The commands as a text to send, instead of a script.
    #[arg(long)]
    pub text: bool,
    /// Write into a file, whole or not at all; `-`, and nothing at all, is standard output.
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Replace the file if it is there already.
    #[arg(long, requires = "output")]
    pub force: bool,
}

#[derive(Debug, Args)]
pub struct Open {
    /// A bundle of `collect`, or what a script of `ask` wrote.
    pub file: PathBuf,
    /// Go on with this case: its name in the list of `cases`. Without it, with the one that asked, if it is here; else a new
    /// one begins.
    #[arg(long, value_name = "CASE")]
    pub case: Option<String>,
}

/// An operating system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum System {
    Linux,
    Windows,
    Macos,
}

impl From<System> for Os {
    fn from(system: System) -> Self {
        match system {
            System::Linux => Os::Linux,
            System::Windows => Os::Windows,
            System::Macos => Os::Macos,
        }
    }
}

#[derive(Debug, Args)]
pub struct Collect {
    /// The tree to collect for: an id, or a file's path.
    #[arg(required_unless_present = "case")]
    pub tree: Option<String>,
    /// Look at nothing, and write what was found for this case: its name in the list of `cases`.
    #[arg(long, value_name = "CASE", conflicts_with_all = ["tree", "answers", "answers_file"])]
    pub case: Option<String>,
    /// The file to write, whole or not at all.
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,
    /// Replace the file if it is there already.
    #[arg(long)]
    pub force: bool,
    /// Answer a question: `[TREE/]NODE=ANSWER`.
    #[arg(long = "answer", value_name = "[TREE/]NODE=ANSWER")]
    pub answers: Vec<String>,
    /// A YAML file with `inputs:` and `answers:`.
    #[arg(long = "answers", value_name = "FILE")]
    pub answers_file: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct ProbeArgs {
    /// The tree that has the probe: an id, or a file's path. Without it the kinds of probe are described.
    pub tree: Option<String>,
    /// The probe, or a question that has one. Without it the tree's probes are listed.
    pub name: Option<String>,
    /// Give a secret: its text is read from a file, or from standard input with `-`.
    #[arg(long = "secret", value_name = "NAME=@FILE|NAME=-")]
    pub secrets: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Text,
    Json,
    Markdown,
    Html,
}

/// What most commands take, before the command or behind it.
#[derive(Debug, Clone, Default, Args)]
pub struct Common {
    /// Give an input: `agent_dir=/opt/servicenow/mid/agent`. Not for secrets: others can read command lines.
    #[arg(long = "input", global = true, value_name = "NAME=VALUE")]
    pub inputs: Vec<String>,
    /// A folder of trees; they replace others of the same id.
    #[arg(long, global = true, value_name = "DIR", env = "WAYPOST_TREES")]
    pub trees: Option<PathBuf>,
    /// A recorded host, layered over this machine: what is recorded there wins, the rest is looked at here.
    #[arg(long, global = true, value_name = "DIR")]
    pub host: Option<PathBuf>,
    /// Write what is looked at, secrets masked, into a new folder: a recorded host, which `--host` looks at again.
    #[arg(long, global = true, value_name = "DIR")]
    pub record: Option<PathBuf>,
    /// Mask names of hosts and addresses as well, on the screen and in all that is written; stand-ins take their place, also in
    /// commands to copy.
    #[arg(long, global = true)]
    pub redact: bool,
    /// A further trusted authority for TLS: a PEM file.
    #[arg(long, global = true, value_name = "FILE")]
    pub ca: Option<PathBuf>,
    /// Agree to what trees from outside the program read and contact.
    #[arg(long, global = true)]
    pub trust: bool,
    /// Agree to the programs that `command` probes run.
    #[arg(long, global = true)]
    pub allow_commands: bool,
    /// Plain lines instead of a full screen.
    #[arg(long, global = true)]
    pub plain: bool,
}
