//! Keeps what passes through readers, within bounds.

use std::{
    collections::BTreeMap,
    io::{self, Read},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use encoding_rs::UTF_16LE;

use super::form::Form;
use crate::host::{LacksStart, Opened, recorded::Part};

/// How much is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Keep {
    /// Of one file, in bytes: its end, because a log's end is what counts. Twice as much is the most that stands in memory;
    /// an archive that is longer is not kept at all, because its end alone cannot be unpacked.
    pub of_one: usize,
    /// Of all files together, in bytes.
    pub of_all: usize,
    /// Of what one archive unpacks to, in bytes, whatever it holds.
    pub unpacked: u64,
}

impl Default for Keep {
    /// For a recording that others are to work with.
    fn default() -> Self {
        Self {
            of_one: 16 << 20,
            of_all: 256 << 20,
            unpacked: 64 << 20,
        }
    }
}

impl Keep {
    /// Why an archive is not kept.
    pub(super) fn too_long(&self) -> String {
        let bound = 2 * self.of_one;
        let bound = match bound >> 20 {
            0 => format!("{} KiB", bound >> 10),
            bound => format!("{bound} MiB"),
        };
        format!("it is packed and longer than {bound}, and secrets in a part of it cannot be found")
    }
}

/// Everything kept, by path. A file that was opened twice has two entries; the fuller one counts.
#[derive(Default)]
pub(super) struct Captures {
    keep: Keep,
    all: Mutex<Vec<(String, Arc<Mutex<Content>>)>>,
    total: Arc<AtomicUsize>,
}

/// What of a file has been read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Content {
    pub bytes: Vec<u8>,
    /// What stood before it in the file: how many bytes, and how many lines, where they were counted.
    before: Option<(u64, Option<u64>)>,
    /// The reader came to the file's end, and all before that is here.
    to_end: bool,
    /// Why the reader could not come to it.
    broke_off: Option<String>,
    /// No more is kept: what follows would not stand where it stood in the file.
    closed: bool,
    /// It is an archive, and longer than may be kept.
    pub too_long: bool,
}

impl Content {
    /// Which part of the file it is; `None` where it is all of it.
    pub fn part(&self) -> Option<Part> {
        if self.before.is_none() && self.to_end {
            return None;
        }
        let (from_byte, lines) = self.before.unwrap_or((0, None));
        Some(Part {
            from_byte,
            from_line: lines.map(|lines| lines + 1),
            to_end: self.to_end,
            broke_off: self.broke_off.clone(),
        })
    }

    /// What tells which of two readings of a file gave more.
    fn fullness(&self) -> (bool, bool, usize) {
        let to_end = self.to_end || self.broke_off.is_some();
        (self.part().is_none(), to_end, self.bytes.len())
    }
}

impl Captures {
    pub fn new(keep: Keep) -> Self {
        Self {
            keep,
            ..Self::default()
        }
    }

    /// Lets a file's content pass through a reader that keeps it.
    pub fn tee(&self, file: &mut Opened) {
        if file.content.is_err() {
            return;
        }
        let kept = Arc::new(Mutex::new(Content::default()));
        self.push(&file.path, Arc::clone(&kept));
        let content = std::mem::replace(&mut file.content, Ok(Box::new(io::empty())));
        file.content = content.map(|inner| {
            Box::new(Tee {
                inner,
                kept,
                keep: self.keep,
                total: Arc::clone(&self.total),
            }) as Box<dyn Read + Send>
        });
    }

    /// How much is kept.
    pub fn bounds(&self) -> Keep {
        self.keep
    }

    /// Keeps a whole content.
    pub fn keep(&self, path: &str, bytes: Vec<u8>) {
        self.push(
            path,
            Arc::new(Mutex::new(Content {
                bytes,
                to_end: true,
                ..Content::default()
            })),
        );
    }

    /// The fullest content of every file.
    pub fn contents(&self) -> BTreeMap<String, Content> {
        let all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        let mut fullest: BTreeMap<String, Content> = BTreeMap::new();
        for (path, content) in all.iter() {
            let content = content.lock().unwrap_or_else(PoisonError::into_inner);
            match fullest.get(path) {
                Some(known) if known.fullness() >= content.fullness() => {}
                _ => {
                    fullest.insert(path.clone(), content.clone());
                }
            }
        }
        fullest
    }

    fn push(&self, path: &str, content: Arc<Mutex<Content>>) {
        self.all
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push((path.to_owned(), content));
    }
}

struct Tee {
    inner: Box<dyn Read + Send>,
    kept: Arc<Mutex<Content>>,
    keep: Keep,
    total: Arc<AtomicUsize>,
}

impl Read for Tee {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buf);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        match &read {
            Err(error) => kept.failed(error),
            Ok(0) => kept.to_end |= !buf.is_empty() && !kept.closed,
            Ok(_) if kept.closed => {}
            Ok(length) => {
                let length = *length;
                if self.total.fetch_add(length, Ordering::Relaxed) + length > self.keep.of_all {
                    self.total.fetch_sub(length, Ordering::Relaxed);
                    kept.closed = true;
                } else {
                    kept.bytes.extend_from_slice(&buf[..length]);
                    if kept.bytes.len() > 2 * self.keep.of_one {
                        let cut = kept.cut(self.keep.of_one);
                        self.total.fetch_sub(cut, Ordering::Relaxed);
                    }
                }
            }
        }
        read
    }
}

impl Content {
    /// Notes why reading did not go on; a start that is missing is no reason.
    fn failed(&mut self, error: &io::Error) {
        match LacksStart::told_by(error) {
            Some(lacks) if self.bytes.is_empty() => self.before = Some((lacks.bytes, lacks.lines)),
            Some(_) => self.closed = true,
            None if error.kind() == io::ErrorKind::Interrupted || self.closed => {}
            None => {
                self.broke_off = Some(error.to_string());
                self.closed = true;
            }
        }
    }

    /// Drops the start, up to the beginning of a line, so that at most so much is left, and tells how much it was. An archive
    /// is dropped whole.
    fn cut(&mut self, left: usize) -> usize {
        let before = self.bytes.len();
        let form = Form::of(&self.bytes);
        if form.is_packed() {
            (self.closed, self.too_long) = (true, true);
            self.bytes = Vec::new();
            return before;
        }
        let least = before.saturating_sub(left);
        // Without its mark nobody would know how to read the rest.
        let (mark, unit, end): (usize, usize, &[u8]) = match form {
            Form::Utf16 { encoding, mark } if encoding == UTF_16LE => (mark, 2, b"\n\0"),
            Form::Utf16 { mark, .. } => (mark, 2, b"\0\n"),
            _ => (0, 1, b"\n"),
        };
        let least = least.next_multiple_of(unit).clamp(mark, before);
        let mut units = self.bytes[least..].chunks_exact(unit);
        let line = units.position(|found| found == end);
        let cut = least + line.map_or(0, |at| unit * (at + 1));
        let dropped: Vec<u8> = self.bytes.drain(mark..cut).collect();
        let lines = dropped.chunks_exact(unit);
        let lines = lines.filter(|found| *found == end).count();
        let (bytes_before, lines_before) = self.before.unwrap_or((mark as u64, Some(0)));
        self.before = Some((
            bytes_before + dropped.len() as u64,
            lines_before.map(|before| before + lines as u64),
        ));
        dropped.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opened(content: impl Read + Send + 'static) -> Opened {
        Opened {
            path: "/x".to_owned(),
            size_bytes: 0,
            modified: None,
            content: Ok(Box::new(content)),
        }
    }

    fn read(captures: &Captures, content: impl Read + Send + 'static, most: u64) {
        let mut file = opened(content);
        captures.tee(&mut file);
        io::copy(&mut file.content.unwrap().take(most), &mut io::sink()).unwrap();
    }

    #[test]
    fn what_was_read_is_kept() {
        let captures = Captures::default();
        read(&captures, &b"one two"[..], 3);
        assert_eq!(
            captures.contents()["/x"],
            Content {
                bytes: b"one".to_vec(),
                ..Content::default()
            }
        );
        read(&captures, &b"one"[..], 99);
        assert_eq!(
            captures.contents()["/x"],
            Content {
                bytes: b"one".to_vec(),
                to_end: true,
                ..Content::default()
            }
        );
    }

    #[test]
    fn of_a_long_file_the_end_is_kept() {
        let keep = Keep::default();
        let captures = Captures::new(keep);
        let lines = b"0123456789abcdef\n".repeat(3 << 20);
        read(&captures, io::Cursor::new(lines.clone()), u64::MAX);
        let kept = &captures.contents()["/x"];
        let part = kept.part().expect("it is not whole");
        let (from, line) = (part.from_byte as usize, part.from_line);
        assert!(part.to_end && part.broke_off.is_none());
        assert_eq!((from % 17, line), (0, Some(from as u64 / 17 + 1)));
        assert_eq!(lines.len() - from, kept.bytes.len());
        assert!(
            (keep.of_one..=2 * keep.of_one).contains(&kept.bytes.len()),
            "{}",
            kept.bytes.len()
        );
        assert!(lines.ends_with(&kept.bytes) && kept.bytes.starts_with(b"0"));
        assert_eq!(captures.total.load(Ordering::Relaxed), kept.bytes.len());
    }

    /// Gives a little, and then fails.
    struct Breaks(bool);

    impl Read for Breaks {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            match std::mem::replace(&mut self.0, true) {
                false => (&b"one\n"[..]).read(buffer),
                true => Err(io::Error::other("the disk is gone")),
            }
        }
    }

    #[test]
    fn why_reading_broke_off_is_kept() {
        let captures = Captures::default();
        let mut file = opened(Breaks(false));
        captures.tee(&mut file);
        assert!(io::copy(&mut file.content.unwrap(), &mut io::sink()).is_err());
        let kept = &captures.contents()["/x"];
        assert_eq!(kept.bytes, b"one\n");
        let part = Part {
            broke_off: Some("the disk is gone".to_owned()),
            ..Part::default()
        };
        assert_eq!(kept.part(), Some(part));
    }

    /// What is recorded of a recording lacks what that lacked.
    #[test]
    fn a_missing_start_stays_missing() {
        for lines in [None, Some(40)] {
            let captures = Captures::new(LITTLE);
            let lacks = LacksStart { bytes: 1000, lines };
            let long = b"0123456789abcdef\n".repeat(30);
            let mut file = opened(io::Cursor::new(Vec::new()));
            file.content = Ok(lacks.before(io::Cursor::new(long)));
            captures.tee(&mut file);
            let mut content = file.content.unwrap();
            assert!(content.read(&mut []).is_err());
            io::copy(&mut content, &mut io::sink()).unwrap();
            let part = captures.contents()["/x"].part().expect("a part");
            let gone = (part.from_byte - 1000) / 17;
            assert!(gone > 0 && part.to_end);
            assert_eq!(part.from_line, lines.map(|lines| lines + gone + 1));
        }
    }

    /// What is kept, and how much counts as kept.
    fn kept(keep: Keep, content: Vec<u8>) -> (Content, usize) {
        let captures = Captures::new(keep);
        read(&captures, io::Cursor::new(content), u64::MAX);
        let kept = captures.contents().remove("/x").expect("it was read");
        (kept, captures.total.load(Ordering::Relaxed))
    }

    const LITTLE: Keep = Keep {
        of_one: 100,
        of_all: 23_000,
        unpacked: 1000,
    };

    #[test]
    fn of_an_archive_that_is_too_long_nothing_is_kept() {
        for start in [&b"\x1f\x8b"[..], b"PK\x03\x04"] {
            let long = [start, &[b'x'; 90_000]].concat();
            let (kept, total) = kept(LITTLE, long);
            assert!(kept.too_long && kept.bytes.is_empty());
            assert_eq!(total, 0);
        }
    }

    #[test]
    fn wide_text_stays_wide() {
        let line = |big: bool| -> Vec<u8> {
            let units = "secret = 1\n".encode_utf16();
            units
                .flat_map(|unit| match big {
                    true => unit.to_be_bytes(),
                    false => unit.to_le_bytes(),
                })
                .collect()
        };
        for (mark, big) in [
            (&b"\xff\xfe"[..], false),
            (b"\xfe\xff", true),
            (b"", false),
            (b"", true),
        ] {
            let (kept, _) = kept(LITTLE, [mark, &line(big).repeat(3000)].concat());
            assert!(kept.bytes.len() <= 2 * LITTLE.of_one);
            let text = kept.bytes.strip_prefix(mark).expect("the mark stays");
            let from = mark.len() + 22 * 3000 - text.len();
            let part = Part {
                from_byte: from as u64,
                from_line: Some(3000 - text.len() as u64 / 22 + 1),
                to_end: true,
                broke_off: None,
            };
            assert_eq!(kept.part(), Some(part));
            assert!(!text.is_empty() && text.len().is_multiple_of(22));
            assert_eq!(text, line(big).repeat(text.len() / 22));
        }
    }

    #[test]
    fn nothing_follows_a_hole() {
        let keep = Keep {
            of_one: 100_000,
            ..LITTLE
        };
        let captures = Captures::new(keep);
        let pieces = (b'a'..=b'z').map(|letter| vec![letter; 1500]);
        let lines: Vec<u8> = pieces.flatten().collect();
        read(&captures, io::Cursor::new(lines.clone()), u64::MAX);
        let kept = &captures.contents()["/x"];
        assert!(!kept.bytes.is_empty() && lines.starts_with(&kept.bytes));
        assert_eq!(kept.part(), Some(Part::default()));
    }
}
