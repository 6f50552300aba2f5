//! The end of a file without its start, as a recording may have it.
//!
//! The start that is missing is told by the reader itself: it fails once, before the first byte, and who can do with the end
//! alone reads on. Whoever knows nothing of parts has an error in its hands, and never takes the middle of a file for its start.

use std::{
    fmt,
    io::{self, Read},
};

/// What of a file stood before the first byte that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LacksStart {
    /// So many bytes.
    pub bytes: u64,
    /// So many lines; `None` where nobody counted them.
    pub lines: Option<u64>,
}

impl LacksStart {
    /// What an error says, if it says that a start is missing.
    pub fn told_by(error: &io::Error) -> Option<Self> {
        error.get_ref()?.downcast_ref().copied()
    }

    /// The content, which tells first that its start is missing.
    pub fn before(self, content: impl Read + Send + 'static) -> Box<dyn Read + Send> {
        Box::new(Part {
            lacks: Some(self),
            content,
        })
    }
}

impl fmt::Display for LacksStart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.lines {
            Some(lines) => write!(f, "only what follows line {lines} was recorded"),
            None => f.write_str("only a part of it was recorded, without its start"),
        }
    }
}

impl std::error::Error for LacksStart {}

struct Part<R> {
    /// Until it was told.
    lacks: Option<LacksStart>,
    content: R,
}

impl<R: Read> Read for Part<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.lacks.take() {
            Some(lacks) => Err(io::Error::other(lacks)),
            None => self.content.read(buffer),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_missing_start_is_told_first_and_once() {
        let lacks = LacksStart {
            bytes: 70,
            lines: Some(7),
        };
        let mut content = lacks.before(&b"line 8\n"[..]);
        let mut text = String::new();
        let error = content.read_to_string(&mut text).expect_err("it is told");
        assert_eq!(LacksStart::told_by(&error), Some(lacks));
        assert_eq!(error.to_string(), "only what follows line 7 was recorded");
        assert_eq!(content.read_to_string(&mut text).ok(), Some(7));
        assert_eq!(text, "line 8\n");
        assert_eq!(LacksStart::told_by(&io::Error::other("x")), None);
    }
}
