//! A file of which a part was recorded, as it is read: what is not there is never taken for nothing.

use std::io::{self, Read};

use super::document::Part;

/// What was recorded of a file, between what was not.
pub(super) fn part_of(content: Box<dyn Read + Send>, part: &Part) -> Box<dyn Read + Send> {
    let content = match (&part.broke_off, part.to_end) {
        (None, true) => content,
        (why, _) => Box::new(content.chain(Ended { why: why.clone() })),
    };
    match part.lacks() {
        Some(lacks) => lacks.before(content),
        None => content,
    }
}

/// Ends what was recorded in part: what would come next is not known.
struct Ended {
    /// What the machine said when it was read.
    why: Option<String>,
}

impl Read for Ended {
    fn read(&mut self, _buf: &mut [u8]) -> io::Result<usize> {
        let why = self.why.as_deref();
        Err(io::Error::other(
            why.unwrap_or("only a part of it was recorded").to_owned(),
        ))
    }
}
