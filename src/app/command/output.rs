//! Where a report goes: standard output, or a file.
//!
//! A file that is there is never replaced unless that is asked for: this program changes nothing on the host it looks at,
//! and a name typed wrong is no reason to. It is written beside its place and moved there, so it is whole or not there.

use std::{
    env, fs,
    io::{self, ErrorKind, IsTerminal, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use clap::Args;

use crate::{
    app::{cli::Format, command::UsageError},
    engine::Session,
    redact::Redactor,
    report::{self, Letters, Report},
};

/// Columns of the text format.
const WIDTH: usize = 80;

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
    /// That it is there already, or is no file.
    pub fn check(&self) -> Result<(), UsageError> {
        let Some(path) = self.file() else {
            return Ok(());
        };
        let shown = path.display();
        match fs::metadata(path) {
            Ok(found) if !found.is_file() => Err(UsageError(format!("`{shown}` is no file"))),
            Ok(_) if !self.force => Err(UsageError(format!(
                "`{shown}` is there already; `--force` replaces it"
            ))),
            _ => Ok(()),
        }
    }

    /// Prints or writes a case as it stands. `headless`: nobody was asked. `usual` is the format where nothing says it.
    pub fn write(
        &self,
        session: &Session,
        headless: bool,
        usual: Format,
        redactor: &mut Redactor,
    ) -> Result<()> {
        let format = self.format.or_else(|| self.by_ending()).unwrap_or(usual);
        let made = |redactor: &mut Redactor| Report::of(session, headless, redactor);
        let text = match format {
            Format::Json => {
                let mut text = report::json(&report::result(session, headless, redactor))?;
                text.push('\n');
                text
            }
            Format::Markdown => report::markdown(&made(redactor)),
            Format::Html => report::html(&made(redactor)),
            Format::Text => report::text(&made(redactor), WIDTH, self.letters()),
        };
        match self.file() {
            Some(path) => whole(path, text.as_bytes(), self.force)
                .with_context(|| format!("`{}` was not written", path.display())),
            None => {
                let mut out = io::stdout().lock();
                out.write_all(text.as_bytes())?;
                Ok(out.flush()?)
            }
        }
    }

    fn file(&self) -> Option<&Path> {
        self.output
            .as_deref()
            .filter(|path| *path != Path::new("-"))
    }

    fn by_ending(&self) -> Option<Format> {
        let ending = self.file()?.extension()?.to_str()?;
        Some(match ending.to_ascii_lowercase().as_str() {
            "html" | "htm" => Format::Html,
            "json" => Format::Json,
            "md" | "markdown" => Format::Markdown,
            "txt" => Format::Text,
            _ => return None,
        })
    }

    fn letters(&self) -> Letters {
        if self.file().is_some() || cfg!(windows) {
            return Letters::All;
        }
        let set = |name| env::var(name).ok().filter(|value| !value.is_empty());
        letters(
            ["LC_ALL", "LC_CTYPE", "LANG"]
                .into_iter()
                .find_map(set)
                .as_deref(),
            io::stdout().is_terminal(),
        )
    }
}

/// What a locale can show. Where none is named, a terminal is taken for an old one, and whatever else reads for a program.
fn letters(locale: Option<&str>, is_terminal: bool) -> Letters {
    let is_utf8 = |locale: &str| {
        let locale = locale.to_ascii_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    };
    match locale.map_or(!is_terminal, is_utf8) {
        true => Letters::All,
        false => Letters::Ascii,
    }
}

/// Writes a file whole, or leaves what was there.
fn whole(path: &Path, bytes: &[u8], replace: bool) -> io::Result<()> {
    // A link stays one: the file that it leads to is replaced.
    let path = match fs::canonicalize(path) {
        Ok(real) => real,
        Err(_) => path.to_owned(),
    };
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".waypost-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // As any new file: what others may do says the user's own mask.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    let moved = if replace {
        file.persist(&path)
    } else {
        file.persist_noclobber(&path)
    };
    match moved {
        Ok(_) => Ok(()),
        Err(error) if error.error.kind() == ErrorKind::AlreadyExists => Err(io::Error::other(
            "it is there already; `--force` replaces it",
        )),
        Err(error) => Err(error.error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locale_says_what_can_be_shown() {
        let check = |locale, is_terminal, expected| {
            assert_eq!(letters(locale, is_terminal), expected, "{locale:?}");
        };
        check(Some("de_DE.UTF-8"), true, Letters::All);
        check(Some("C.utf8"), false, Letters::All);
        check(Some("C"), true, Letters::Ascii);
        check(Some("de_DE.ISO-8859-1"), false, Letters::Ascii);
        check(None, true, Letters::Ascii);
        check(None, false, Letters::All);
    }

    #[test]
    fn an_ending_says_the_format() {
        let check = |file: &str, expected| {
            let output = Output {
                output: Some(file.into()),
                ..Output::default()
            };
            assert_eq!(output.by_ending(), expected, "{file}");
        };
        check("a/report.HTML", Some(Format::Html));
        check("report.md", Some(Format::Markdown));
        check("report.json", Some(Format::Json));
        check("report.txt", Some(Format::Text));
        check("report.pdf", None);
        check("report", None);
        check("-", None);
    }

    #[test]
    fn a_file_is_written_whole_or_left() {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let path = folder.path().join("report.txt");
        let check = |replace, text: &str, left: &str| {
            let written = whole(&path, text.as_bytes(), replace);
            assert_eq!(written.is_ok(), text == left, "{written:?}");
            assert_eq!(fs::read_to_string(&path).expect("it is there"), left);
            let files = fs::read_dir(folder.path()).expect("it is there").count();
            assert_eq!(files, 1, "nothing else is left behind");
        };
        check(false, "one", "one");
        check(false, "two", "one");
        check(true, "three", "three");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link() {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let (file, link) = (folder.path().join("file"), folder.path().join("link"));
        fs::write(&file, "old").expect("it can be written");
        std::os::unix::fs::symlink(&file, &link).expect("it can be made");
        whole(&link, b"new", true).expect("it can be written");
        assert!(fs::symlink_metadata(&link).is_ok_and(|found| found.is_symlink()));
        assert_eq!(fs::read_to_string(&file).expect("it is there"), "new");
    }
}
