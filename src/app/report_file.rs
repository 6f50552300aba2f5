//! A case's report as a text, and the file that it goes into.
//!
//! A file that is there is never replaced unless that is asked for: this program changes nothing on the host it looks at,
//! and a name typed wrong is no reason to. It is written beside its place and moved there, so it is whole or not there.

use std::{
    env, fs,
    io::{self, ErrorKind, IsTerminal, Write},
    path::{Path, PathBuf},
};

use jiff::{Timestamp, tz::TimeZone};

use crate::{
    app::{cli::Format, unwritten},
    case::Named,
    engine::Session,
    finding::TreeId,
    redact::Redactor,
    report::{self, Called, Letters, Report},
};

/// Columns of the text format.
const WIDTH: usize = 80;

/// The longest part of a file's name that is taken from what a person called the case, in characters.
const LONGEST: usize = 60;

/// Why a file was not written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotWritten {
    #[error("`{0}` is there already")]
    There(String),
    #[error("`{0}` is no file")]
    NoFile(String),
    #[error("`{path}` was not written: {why}")]
    Io { path: String, why: String },
}

/// A case as it stands. `headless`: nobody was asked.
///
/// # Errors
/// A value that JSON cannot hold.
pub fn text(
    session: &Session,
    named: &Named,
    headless: bool,
    format: Format,
    letters: Letters,
    redactor: &mut Redactor,
) -> serde_json::Result<String> {
    let called = Called {
        title: named.title.as_deref(),
        ticket: named.ticket.as_deref(),
    };
    let made = |redactor: &mut Redactor| Report::of(session, headless, called, redactor);
    Ok(match format {
        Format::Json => {
            let mut text = report::json(&report::result(session, headless, called, redactor))?;
            text.push('\n');
            text
        }
        Format::Markdown => report::markdown(&made(redactor)),
        Format::Html => report::html(&made(redactor)),
        Format::Text => report::text(&made(redactor), WIDTH, letters),
    })
}

/// The format that a file's ending says.
pub fn by_ending(path: &Path) -> Option<Format> {
    let ending = path.extension()?.to_str()?;
    Some(match ending.to_ascii_lowercase().as_str() {
        "html" | "htm" => Format::Html,
        "json" => Format::Json,
        "md" | "markdown" => Format::Markdown,
        "txt" => Format::Text,
        _ => return None,
    })
}

/// A name for the file where nobody gave one: by the case's ticket, or its title, or its tree. Whatever a file's name
/// should not hold becomes a hyphen.
pub fn name(named: &Named, tree: &TreeId, now: Timestamp, format: Format) -> String {
    let called = named.ticket.as_deref().or(named.title.as_deref());
    let called = called.unwrap_or(tree.as_str());
    let date = now.to_zoned(TimeZone::system()).strftime("%Y-%m-%d");
    let ending = match format {
        Format::Text => "txt",
        Format::Json => "json",
        Format::Markdown => "md",
        Format::Html => "html",
    };
    let mut plain = String::new();
    for c in called.chars().take(LONGEST) {
        match c {
            c if c.is_alphanumeric() || c == '_' => plain.push(c),
            _ if plain.ends_with('-') => {}
            _ => plain.push('-'),
        }
    }
    format!("waypost-{}-{date}.{ending}", plain.trim_matches('-')).replace("--", "-")
}

/// Writes what a person named, and gives the whole path. A leading `~` is their home folder, as a shell has it.
pub fn write(name: &str, bytes: &[u8], replace: bool) -> Result<PathBuf, NotWritten> {
    let path = match name.strip_prefix("~/") {
        Some(rest) => env::home_dir().map_or_else(|| PathBuf::from(name), |home| home.join(rest)),
        None => PathBuf::from(name),
    };
    let path = std::path::absolute(&path).unwrap_or(path);
    let shown = path.display().to_string();
    match fs::metadata(&path) {
        Ok(found) if !found.is_file() => return Err(NotWritten::NoFile(shown)),
        Ok(_) if !replace => return Err(NotWritten::There(shown)),
        _ => {}
    }
    match whole(&path, bytes, replace) {
        Ok(()) => Ok(path),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Err(NotWritten::There(shown)),
        Err(error) => Err(NotWritten::Io {
            path: shown,
            why: error.to_string(),
        }),
    }
}

/// What standard output can show.
pub fn letters() -> Letters {
    if cfg!(windows) {
        return Letters::All;
    }
    let set = |name| env::var(name).ok().filter(|value| !value.is_empty());
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(set);
    letters_of(locale.as_deref(), io::stdout().is_terminal())
}

/// What a locale can show. Where none is named, a terminal is taken for an old one, and whatever else reads for a program.
fn letters_of(locale: Option<&str>, is_terminal: bool) -> Letters {
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
///
/// # Errors
/// [`ErrorKind::AlreadyExists`] where it is there and is not to be replaced.
pub fn whole(path: &Path, bytes: &[u8], replace: bool) -> io::Result<()> {
    whole_by(path, replace, |file| file.write_all(bytes))
}

/// Lets a file be written whole, or leaves what was there.
///
/// # Errors
/// As [`whole`]; those of `write` come as they are.
pub fn whole_by(
    path: &Path,
    replace: bool,
    write: impl FnOnce(&mut fs::File) -> io::Result<()>,
) -> io::Result<()> {
    let path = real(path);
    let folder = folder(&path);
    let mut builder = tempfile::Builder::new();
    builder.prefix(".waypost-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // As any new file: what others may do says the user's own mask.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(folder).map_err(bare)?;
    write(file.as_file_mut()).map_err(bare)?;
    file.as_file().sync_all().map_err(unwritten::plain)?;
    let moved = if replace {
        file.persist(&path)
    } else {
        file.persist_noclobber(&path)
    };
    moved
        .map(drop)
        .map_err(|error| unwritten::plain(error.error))
}

/// Whether the folder of a file takes a new one, which only making one tells: modes, lists of access and disks that may only be
/// read all have their say. What is made has no name where the system knows that, and nothing of it is left.
///
/// # Errors
/// It is not there, is no folder, or may not be written.
pub fn takes(path: &Path) -> io::Result<()> {
    let path = real(path);
    tempfile::tempfile_in(folder(&path)).map(drop).map_err(bare)
}

/// A link stays one: the file that it leads to is replaced.
fn real(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

fn folder(path: &Path) -> &Path {
    path.parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
}

/// Why the file beside it cannot be made, without that file's own name, which says nothing to anybody.
fn bare(error: io::Error) -> io::Error {
    let why = match error.kind() {
        ErrorKind::NotFound => "there is no such folder",
        ErrorKind::NotADirectory => "what should be its folder is none",
        ErrorKind::PermissionDenied => "its folder may not be written by this user",
        ErrorKind::ReadOnlyFilesystem => "its folder is on a disk that can only be read",
        kind => return unwritten::plain(kind.into()),
    };
    io::Error::new(error.kind(), why)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locale_says_what_can_be_shown() {
        let check = |locale, is_terminal, expected| {
            assert_eq!(letters_of(locale, is_terminal), expected, "{locale:?}");
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
        let check = |file: &str, expected| assert_eq!(by_ending(Path::new(file)), expected);
        check("a/report.HTML", Some(Format::Html));
        check("report.md", Some(Format::Markdown));
        check("report.json", Some(Format::Json));
        check("report.txt", Some(Format::Text));
        check("report.pdf", None);
        check("report", None);
        check("-", None);
    }

    #[test]
    fn a_name_holds_nothing_that_leads_elsewhere() {
        let now = "2026-11-20T12:00:00Z".parse().expect("a timestamp");
        let check = |called: &str, format, expected: &str| {
            let tree = TreeId::new(called);
            assert_eq!(name(&Named::default(), &tree, now, format), expected);
            let other = TreeId::new("other");
            let titled = Named {
                title: Some(called.to_owned()),
                ticket: None,
            };
            assert_eq!(name(&titled, &other, now, format), expected);
            let ticket = Named {
                title: Some("another".to_owned()),
                ticket: Some(called.to_owned()),
            };
            assert_eq!(name(&ticket, &other, now, format), expected);
        };
        check(
            "mid-down",
            Format::Markdown,
            "waypost-mid-down-2026-11-20.md",
        );
        check(
            "INC0012345",
            Format::Html,
            "waypost-INC0012345-2026-11-20.html",
        );
        check(
            "../../etc/passwd",
            Format::Text,
            "waypost-etc-passwd-2026-11-20.txt",
        );
        check(
            "Müller: ‹secret-1› \u{1b}[2J",
            Format::Json,
            "waypost-Müller-secret-1-2J-2026-11-20.json",
        );
        check("..", Format::Markdown, "waypost-2026-11-20.md");
        check(
            &"x".repeat(300),
            Format::Markdown,
            &format!("waypost-{}-2026-11-20.md", "x".repeat(60)),
        );
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

    #[test]
    fn what_is_not_written_says_where_and_why() {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let at = |name: &str| folder.path().join(name).display().to_string();
        let check = |name: &str, replace, expected: Result<(), &str>| {
            let written = write(&at(name), b"bytes", replace);
            let written = written.map_err(|error| error.to_string());
            let expected = match expected {
                Ok(()) => Ok(folder.path().join(name)),
                Err(why) => Err(format!("`{}` {why}", at(name))),
            };
            assert_eq!(written, expected);
        };
        check("a.md", false, Ok(()));
        check("a.md", false, Err("is there already"));
        check("a.md", true, Ok(()));
        check("", true, Err("is no file"));
        let nowhere = Err("was not written: there is no such folder");
        let deep = Path::new("nowhere").join("a.md").display().to_string();
        check(&deep, false, nowhere);
    }

    #[test]
    fn a_folder_takes_files_or_says_why_not() {
        let home = tempfile::tempdir().expect("a folder can be made");
        fs::write(home.path().join("file"), "").expect("it can be written");
        let check = |name: &str, expected: Result<(), &str>| {
            let taken = takes(&home.path().join(name)).map_err(|error| error.to_string());
            assert_eq!(taken, expected.map_err(str::to_owned), "{name}");
            let files = fs::read_dir(home.path()).expect("it is there").count();
            assert_eq!(files, 1, "{name}: nothing is left behind");
        };
        check("new", Ok(()));
        check("file", Ok(()));
        check("none/new", Err("there is no such folder"));
        #[cfg(unix)]
        check("file/new", Err("what should be its folder is none"));
        // Neither modes nor root have a say there.
        #[cfg(target_os = "linux")]
        assert!(takes(Path::new("/proc/new")).is_err());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn on_a_full_disk_nothing_is_left_behind() {
        let Some(disk) = crate::app::full_disk::LittleDisk::mount() else {
            return;
        };
        let path = disk.path().join("a.md").display().to_string();
        let written = write(&path, &vec![b'x'; 128 << 10], false);
        let said = written.map_err(|why| why.to_string());
        let left = fs::read_dir(disk.path()).expect("it is there").count();
        let why = format!("`{path}` was not written: the disk is full; make room there");
        assert_eq!((said, left), (Err(why), 0));
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
