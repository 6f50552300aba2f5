//! `waypost trees` lists them; `waypost trees export DIR` writes the embedded ones as files to edit.

use std::{
    fs,
    io::{self, Write},
    path::Path,
};

use anyhow::{Context, Result, bail};

use crate::app::{
    catalog::{Catalog, Places},
    cli::{Common, TreesCommand},
    embedded,
    exit::Exit,
    prose, unwritten,
};

pub fn trees(command: Option<&TreesCommand>, common: &Common) -> Result<Exit> {
    match command {
        Some(TreesCommand::Export { dir }) => export(dir),
        None => list(common),
    }
}

fn list(common: &Common) -> Result<Exit> {
    let catalog = Catalog::load(&Places {
        folder: common.trees.clone(),
        ..Places::default()
    })?;
    let mut out = io::stdout().lock();
    for tree in catalog.forest.trees() {
        let origin = tree.origin.to_string();
        let kind = if tree.start.is_some() {
            ""
        } else {
            "  (shared definitions)"
        };
        writeln!(
            out,
            "{:<18} {}{kind}\n{:<18} {}",
            tree.id,
            prose::visible(&tree.title.source),
            "",
            prose::visible(&origin)
        )?;
    }
    let faulty: Vec<&str> = catalog
        .faults
        .iter()
        .filter(|fault| fault.is_error())
        .map(|fault| fault.source.name())
        .collect();
    if faulty.is_empty() {
        return Ok(Exit::Fine);
    }
    writeln!(out, "\nNot usable (`waypost check` tells why):")?;
    for name in faulty {
        writeln!(out, "  {}", prose::visible(name))?;
    }
    Ok(Exit::FaultyTree)
}

/// Never overwrites: an author's changes are worth more than the embedded text.
fn export(dir: &Path) -> Result<Exit> {
    let files = embedded::files(&embedded::TREES);
    for file in &files {
        let path = dir.join(file.path());
        if let Some(folder) = path.parent() {
            let made = fs::create_dir_all(folder).map_err(unwritten::plain);
            made.with_context(|| format!("{}", folder.display()))?;
        }
        if path.exists() {
            bail!(
                "{} is there already; export into an empty folder",
                path.display()
            );
        }
        let written = fs::write(&path, file.contents()).map_err(unwritten::plain);
        written.with_context(|| format!("{}", path.display()))?;
    }
    let mut out = io::stdout().lock();
    writeln!(
        out,
        "{} files written below {}.",
        files.len(),
        prose::visible(&dir.display().to_string())
    )?;
    writeln!(
        out,
        "Walk them with `waypost --trees {0}`; check them with `waypost check {0}`.",
        prose::visible(&dir.display().to_string())
    )?;
    Ok(Exit::Fine)
}
