//! `waypost check [PATH]…`: every mistake of every file, with its place and the likely fix.

use std::{
    io::{self, IsTerminal, Write},
    path::PathBuf,
};

use anyhow::Result;

use crate::{
    app::{
        catalog::{Catalog, Fault, Places},
        cli::Common,
        exit::{Exit, UsageError},
    },
    diag::Severity,
};

pub fn check(paths: &[PathBuf], common: &Common) -> Result<Exit> {
    let mut out = io::stdout().lock();
    let colour = out.is_terminal();
    let mut errors = 0;
    let mut warnings = 0;
    let mut files = 0;
    let mut report = |fault: &Fault| {
        errors += count(fault, Severity::Error);
        warnings += count(fault, Severity::Warning);
        write!(out, "{}", fault.render(colour))
    };
    if paths.is_empty() {
        let catalog = Catalog::load(&Places {
            folder: common.trees.clone(),
            check_embedded: true,
            ..Places::default()
        })?;
        files += catalog.files;
        catalog.faults.iter().try_for_each(&mut report)?;
    }
    for path in paths {
        let places = if path.is_dir() {
            Places {
                folder: Some(path.clone()),
                ..Places::default()
            }
        } else {
            Places {
                folder: common.trees.clone(),
                file: Some(path.clone()),
                ..Places::default()
            }
        };
        let catalog = Catalog::load(&places)?;
        if path.is_dir() && catalog.last_place == 0 {
            return Err(UsageError(format!(
                "{}: there is no tree in this folder; a tree is a file whose name ends in .yaml or .yml",
                path.display()
            ))
            .into());
        }
        let shown = path.display().to_string();
        let belongs = |fault: &&Fault| {
            let name = fault.source.name();
            if path.is_dir() {
                name.starts_with(&shown)
            } else {
                name == shown
            }
        };
        files += if path.is_dir() { catalog.last_place } else { 1 };
        catalog
            .faults
            .iter()
            .filter(belongs)
            .try_for_each(&mut report)?;
    }
    writeln!(
        out,
        "{} checked: {}, {}",
        counted(files, "file"),
        counted(errors, "error"),
        counted(warnings, "warning")
    )?;
    Ok(if errors > 0 {
        Exit::FaultyTree
    } else {
        Exit::Fine
    })
}

fn count(fault: &Fault, severity: Severity) -> usize {
    fault
        .diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.severity == severity)
        .count()
}

fn counted(number: usize, thing: &str) -> String {
    format!("{number} {thing}{}", if number == 1 { "" } else { "s" })
}
