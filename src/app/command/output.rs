//! Where a report goes: standard output, or a file that is not there yet.

use std::{
    fs,
    io::{self, ErrorKind, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use clap::Args;

use crate::{
    app::{cli::Format, exit::UsageError, prose, report_file},
    case::Named,
    engine::Session,
    redact::Redactor,
    report::Letters,
};

/// In which format, and where to.
#[derive(Debug, Clone, Default, Args)]
pub struct Output {
    /// In which format; without it the file's ending says it, as in `-o report.html`.
    #[arg(long, value_enum)]
    pub format: Option<Format>,
    /// Write into a file, whole or not at all; `-` is standard output.
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Replace the file if it is there already.
    #[arg(long, requires = "output")]
    pub force: bool,
}

impl Output {
    /// Whether the file may be written at all: to be asked before anything is done.
    ///
    /// # Errors
    /// That it is there already, or is no file; that its folder is not there, or takes no files.
    pub fn check(&self) -> Result<()> {
        match self.file() {
            Some(path) => may_write(path, self.force),
            None => Ok(()),
        }
    }

    /// Whether it is known in which format a report is to be written: to be asked before anything is done.
    ///
    /// # Errors
    /// That a file has an ending which says none.
    pub fn check_format(&self) -> Result<()> {
        let Some(path) = self.file().filter(|_| self.format.is_none()) else {
            return Ok(());
        };
        let ending = path.extension().map(|ending| ending.to_string_lossy());
        match (ending, report_file::by_ending(path)) {
            (Some(ending), None) => {
                let ending = prose::visible(&ending);
                Err(UsageError(format!(
                    "no report has the ending `.{ending}`: it is written as .md, .html, .txt or .json, or in the form that \
                     `--format` says"
                ))
                .into())
            }
            _ => Ok(()),
        }
    }

    /// Prints or writes a case as it stands. `headless`: nobody was asked. `usual` is the format where nothing says it.
    pub fn write(
        &self,
        session: &Session,
        named: &Named,
        headless: bool,
        usual: Format,
        redactor: &mut Redactor,
    ) -> Result<()> {
        let by_ending = || report_file::by_ending(self.file()?);
        let format = self.format.or_else(by_ending).unwrap_or(usual);
        let text = report_file::text(session, named, headless, format, self.letters(), redactor)?;
        self.bytes(text.as_bytes())
    }

    /// Prints or writes what was made already.
    pub fn bytes(&self, bytes: &[u8]) -> Result<()> {
        match self.file() {
            Some(path) => match report_file::whole(path, bytes, self.force) {
                Err(error) if error.kind() == ErrorKind::AlreadyExists => Err(there(path).into()),
                written => written.with_context(|| format!("`{}` was not written", path.display())),
            },
            None => {
                let mut out = io::stdout().lock();
                out.write_all(bytes)?;
                Ok(out.flush()?)
            }
        }
    }

    fn file(&self) -> Option<&Path> {
        self.output
            .as_deref()
            .filter(|path| *path != Path::new("-"))
    }

    fn letters(&self) -> Letters {
        match self.file() {
            Some(_) => Letters::All,
            None => report_file::letters(),
        }
    }
}

/// The same for a bundle, which is no text to be printed.
///
/// # Errors
/// As [`may_write`]; and that it is no file's name.
pub fn may_hold_bundle(path: &Path, replace: bool) -> Result<()> {
    if path == Path::new("-") {
        let why = "a bundle goes into a file: give it a name, such as `acme.bundle`";
        return Err(UsageError(format!("-o -: {why}")).into());
    }
    may_write(path, replace)
}

/// Whether a file may be written: to be asked before anything is done.
///
/// # Errors
/// That it is there already, or is no file; that its folder is not there, or takes no files.
pub fn may_write(path: &Path, replace: bool) -> Result<()> {
    match fs::metadata(path) {
        Ok(found) if !found.is_file() => {
            return Err(UsageError(format!("`{}` is no file", path.display())).into());
        }
        Ok(_) if !replace => return Err(there(path).into()),
        _ => {}
    }
    report_file::takes(path).with_context(|| format!("`{}` cannot be written", path.display()))
}

pub fn there(path: &Path) -> UsageError {
    UsageError(format!(
        "`{}` is there already; `--force` replaces it",
        path.display()
    ))
}
