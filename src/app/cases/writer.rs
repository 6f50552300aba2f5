//! Writes a case's journal on a thread of its own: in order, and each line on the disk before it is told to be there.

use std::{
    io::{self, Seek, SeekFrom, Write},
    sync::mpsc::{Receiver, Sender, channel},
    thread,
    time::Duration,
};

use crate::{
    app::{cases::Case, unwritten},
    case::Line,
};

/// How it stands with what was handed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    /// So many lines, counted over the writer's life, are on the disk.
    Upto(u64),
    /// What was handed over from this line on is not on the disk, and why. It is tried again with the next one.
    Not { from: u64, why: String },
}

/// How long the end of a program waits for a disk that does not answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// Hands lines over to the thread. Dropped, it waits a little until all of them are on the disk.
#[derive(Debug)]
pub struct Writer {
    /// None while it is dropped.
    sender: Option<Sender<Vec<u8>>>,
    /// Closed by the thread's end.
    ended: Receiver<()>,
    handed: u64,
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.sender = None;
        let _ = self.ended.recv_timeout(PATIENCE);
    }
}

impl Writer {
    /// Begins to write a case. `tell` is called on the writing thread each time when something is on the disk, or cannot be.
    pub fn start(case: Case, tell: impl Fn(Kept) + Send + 'static) -> Self {
        let (sender, lines) = channel();
        let (end, ended) = channel();
        thread::spawn(move || {
            write(case, &lines, &tell);
            drop(end);
        });
        Self {
            sender: Some(sender),
            ended,
            handed: 0,
        }
    }

    /// Hands a line over, and gives its number, from 1.
    pub fn keep(&mut self, line: &Line) -> u64 {
        self.handed += 1;
        if let Some(sender) = &self.sender {
            // The thread ends with this sender only.
            let _ = sender.send(line.bytes());
        }
        self.handed
    }
}

fn write(mut case: Case, lines: &Receiver<Vec<u8>>, tell: &dyn Fn(Kept)) {
    let mut done = 0;
    // What could not be written yet.
    let mut waiting = Vec::new();
    let mut count = 0;
    while let Ok(line) = lines.recv() {
        waiting.extend(line);
        count += 1;
        // What has come meanwhile goes to the disk with it.
        while let Ok(line) = lines.try_recv() {
            waiting.extend(line);
            count += 1;
        }
        match append(&mut case, &waiting) {
            Ok(()) => {
                case.whole += waiting.len() as u64;
                done += count;
                (waiting, count) = (Vec::new(), 0);
                tell(Kept::Upto(done));
            }
            Err(error) => tell(Kept::Not {
                from: done + 1,
                why: unwritten::plain(error).to_string(),
            }),
        }
    }
}

/// Writes behind the last whole line: what was torn off there is replaced.
fn append(case: &mut Case, bytes: &[u8]) -> io::Result<()> {
    let whole = case.whole;
    let written = is_there(case)
        .and_then(|()| case.file.set_len(whole))
        .and_then(|()| case.file.seek(SeekFrom::Start(whole)))
        .and_then(|_| case.file.write_all(bytes))
        .and_then(|()| case.file.sync_data());
    if written.is_err() {
        // A part of a line is of no use to anybody; where it cannot be cut off, it reads as torn.
        let _ = case.file.set_len(whole);
    }
    written
}

/// A file that somebody deleted takes what is written to it, and nobody reads it again.
#[cfg(unix)]
fn is_there(case: &Case) -> io::Result<()> {
    use std::os::unix::fs::MetadataExt;

    if case.file.metadata()?.nlink() > 0 {
        return Ok(());
    }
    let file = case.journal.display();
    let why = format!("{file} was deleted; save a report of what this case came to");
    Err(io::Error::new(io::ErrorKind::NotFound, why))
}

/// An open file cannot be deleted.
#[cfg(not(unix))]
#[expect(
    clippy::unnecessary_wraps,
    reason = "on other systems it can be deleted"
)]
fn is_there(_: &Case) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::{fs, sync::mpsc};

    use jiff::Timestamp;

    use super::*;
    use crate::{
        app::cases::{CaseError, Cases},
        case::{Head, Journal, Named},
        engine::Opening,
        finding::Os,
    };

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).expect("a small number")
    }

    fn head() -> Line {
        Line::Head(Box::new(Head {
            schema: Head::SCHEMA,
            program: "0".to_owned(),
            opening: Opening::new("t".into(), Os::Linux, at(7)),
            trees: Vec::new(),
            host: None,
            bundle: None,
        }))
    }

    fn named(title: &str) -> Line {
        Line::Named(Named {
            title: Some(title.to_owned()),
            ticket: None,
        })
    }

    fn written(case: Case, lines: &[Line]) -> Vec<Kept> {
        let (sender, told) = mpsc::channel();
        let mut writer = Writer::start(case, move |kept| {
            let _ = sender.send(kept);
        });
        for line in lines {
            writer.keep(line);
        }
        drop(writer);
        told.iter().collect()
    }

    #[test]
    fn what_is_told_to_be_kept_is_on_the_disk() {
        let folder = tempfile::tempdir().unwrap();
        let cases = Cases::at(folder.path().join("cases"));
        let case = cases.create(&"t".into(), at(7)).unwrap();
        let (name, path) = (case.name.clone(), case.journal.clone());
        let (sender, told) = mpsc::channel();
        let mut writer = Writer::start(case, move |kept| {
            let _ = sender.send((kept, fs::read(&path).unwrap()));
        });
        for (number, line) in [head(), named("one"), named("two")].iter().enumerate() {
            assert_eq!(writer.keep(line), number as u64 + 1);
            let (kept, bytes) = told.recv().unwrap();
            assert_eq!(kept, Kept::Upto(number as u64 + 1));
            assert!(bytes.ends_with(&line.bytes()));
        }
        drop(writer);
        // The thread has let the case go when nobody tells any more.
        assert!(told.recv().is_err());
        assert_eq!(
            cases.read(&name).unwrap().named.title.as_deref(),
            Some("two")
        );
    }

    #[test]
    fn what_was_torn_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let cases = Cases::at(folder.path().to_owned());
        let case = cases.create(&"t".into(), at(7)).unwrap();
        let (name, path) = (case.name.clone(), case.journal.clone());
        written(case, &[head(), named("one")]);
        let mut bytes = fs::read(&path).unwrap();
        bytes.extend(b"{\"entry\":{\"at\":\"20");
        fs::write(&path, bytes).unwrap();
        let (case, journal) = cases.open(&name).unwrap();
        assert_eq!(journal.torn.map(|torn| torn.line), Some(3));
        written(case, &[named("two")]);
        let journal = Journal::read(&fs::read(&path).unwrap()).unwrap();
        assert_eq!(
            (journal.torn, journal.named.title.as_deref()),
            (None, Some("two"))
        );
    }

    #[test]
    fn what_is_broken_is_kept_beside() {
        let folder = tempfile::tempdir().unwrap();
        let cases = Cases::at(folder.path().to_owned());
        let case = cases.create(&"t".into(), at(7)).unwrap();
        let (name, path) = (case.name.clone(), case.journal.clone());
        written(case, &[head(), named("one")]);
        let whole = fs::read(&path).unwrap();
        let break_it = |title: &str| {
            let rest = [&[0; 600][..], b"\n", &named(title).bytes()].concat();
            fs::write(&path, [&whole[..], &rest].concat()).unwrap();
            rest
        };
        let rest = break_it("two");
        let aside = |number: &str| path.with_file_name(format!("broken-from-line-3{number}"));
        // Once, however often it is opened and nothing is done.
        for _ in 0..2 {
            let (_, journal) = cases.open(&name).unwrap();
            assert_eq!(journal.named.title.as_deref(), Some("one"));
            assert_eq!(fs::read(aside("")).unwrap(), rest);
        }
        assert!(!aside("-2").exists());
        let (case, _) = cases.open(&name).unwrap();
        written(case, &[named("three")]);
        let journal = cases.read(&name).unwrap();
        assert_eq!(
            (journal.torn, journal.named.title.as_deref()),
            (None, Some("three"))
        );
        // Broken in the same place once more, it does not stand in the way of the first.
        let other = break_it("four");
        drop(cases.open(&name).unwrap());
        assert_eq!(fs::read(aside("")).unwrap(), rest);
        assert_eq!(fs::read(aside("-2")).unwrap(), other);
    }

    #[cfg(unix)]
    #[test]
    fn what_is_written_to_a_deleted_file_is_not_kept() {
        let folder = tempfile::tempdir().unwrap();
        let cases = Cases::at(folder.path().join("cases"));
        let case = cases.create(&"t".into(), at(7)).unwrap();
        let path = case.journal.clone();
        fs::remove_dir_all(folder.path().join("cases")).unwrap();
        let told = written(case, &[head()]);
        let why = format!(
            "{} was deleted; save a report of what this case came to",
            path.display()
        );
        assert_eq!(told, [Kept::Not { from: 1, why }]);
    }

    #[test]
    fn two_programs_do_not_write_one_case() {
        let folder = tempfile::tempdir().unwrap();
        let cases = Cases::at(folder.path().to_owned());
        let case = cases.create(&"t".into(), at(7)).unwrap();
        let name = case.name.clone();
        let held = match cases.open(&name) {
            Err(error @ CaseError::Locked { .. }) => error.to_string(),
            other => panic!("{other:?}"),
        };
        let who = format!("is open in another program (process {}", std::process::id());
        assert!(held.contains(&who), "{held}");
        written(case, &[head()]);
        assert!(cases.open(&name).is_ok());
    }

    #[test]
    fn two_cases_of_one_second_have_two_names() {
        let folder = tempfile::tempdir().unwrap();
        let cases = Cases::at(folder.path().to_owned());
        let names = [(), ()].map(|()| cases.create(&"t".into(), at(7)).unwrap().name.clone());
        assert_ne!(names[0], names[1]);
    }

    #[test]
    fn a_name_leads_nowhere_else() {
        let folder = tempfile::tempdir().unwrap();
        let cases = Cases::at(folder.path().join("cases"));
        fs::create_dir(folder.path().join("other")).unwrap();
        fs::write(folder.path().join("other/journal.jsonl"), head().bytes()).unwrap();
        for name in ["../other", "..", "", "a/b", r"a\b", "C:x", "nobody"] {
            assert!(
                matches!(cases.open(name), Err(CaseError::None(_))),
                "{name}"
            );
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn on_a_full_disk_nothing_that_was_written_is_lost() {
        let Some(disk) = crate::app::full_disk::LittleDisk::mount() else {
            return;
        };
        let cases = Cases::at(disk.path().join("cases"));
        let case = cases.create(&"t".into(), at(7)).unwrap();
        let name = case.name.clone();
        let (sender, told) = mpsc::channel();
        let mut writer = Writer::start(case, move |kept| {
            let _ = sender.send(kept);
        });
        let mut keep = |line: &Line| {
            writer.keep(line);
            told.recv().unwrap()
        };
        assert_eq!(keep(&head()), Kept::Upto(1));
        assert_eq!(keep(&named("one")), Kept::Upto(2));
        disk.fill();
        let Kept::Not { from: 3, why } = keep(&named(&"x".repeat(20_000))) else {
            panic!("it was kept on a full disk");
        };
        assert_eq!(why, "the disk is full; make room there");
        assert_eq!(
            cases.read(&name).unwrap().named.title.as_deref(),
            Some("one")
        );
        // Once there is room again, what was held back follows.
        disk.clear();
        assert_eq!(keep(&named("two")), Kept::Upto(4));
        drop(writer);
        assert!(told.recv().is_err());
        assert_eq!(
            cases.read(&name).unwrap().named.title.as_deref(),
            Some("two")
        );
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn on_a_full_disk_no_case_of_a_bundle_is_begun() {
        let Some(disk) = crate::app::full_disk::LittleDisk::mount() else {
            return;
        };
        let folder = tempfile::tempdir().unwrap();
        let bundle = folder.path().join("x.bundle");
        fs::write(&bundle, vec![0; 4096]).unwrap();
        let cases = Cases::at(disk.path().join("cases"));
        disk.fill();
        let why = cases.create_of(&bundle, &"t".into(), at(7)).unwrap_err();
        let why = why.to_string();
        let expected = "/bundle: the disk is full; make room there";
        assert!(why.ends_with(expected), "{why}");
        assert_eq!(cases.list().unwrap().len(), 0);
    }
}
