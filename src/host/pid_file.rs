//! The number that a pid file holds, of a live machine or a recorded one. A file that cannot be read is not known, which
//! is something else than no file. Opens nothing: what was opened comes in.

use std::io::Read;

use super::Opened;
use crate::finding::{Reason, Unknown};

/// The longest pid file, in bytes.
const LONGEST: u64 = 64;

/// The number; `None` where there is no such file, or nothing in it.
///
/// # Errors
/// What could not be looked at or read, and a file that holds something else than a number.
pub(super) fn read(opened: Result<Vec<Opened>, Unknown>) -> Result<Option<u32>, Unknown> {
    let Some(opened) = opened?.pop() else {
        return Ok(None);
    };
    let path = opened.path;
    let mut bytes = Vec::new();
    opened
        .content?
        .take(LONGEST)
        .read_to_end(&mut bytes)
        .map_err(|error| Unknown::new(Reason::NotWhole, format!("{path}: {error}")))?;
    let text = String::from_utf8_lossy(&bytes);
    match text.trim() {
        "" if (bytes.len() as u64) < LONGEST => Ok(None),
        text => text
            .parse()
            .map(Some)
            .map_err(|_| Unknown::new(Reason::Other, format!("{path}: holds no process id"))),
    }
}

#[cfg(test)]
mod tests {
    use std::io::{self, Cursor};

    use super::*;

    fn opened(content: Result<Box<dyn Read + Send>, Unknown>) -> Result<Vec<Opened>, Unknown> {
        Ok(vec![Opened {
            path: "/x.pid".to_owned(),
            size_bytes: 0,
            modified: None,
            content,
        }])
    }

    struct Broken;

    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("it broke"))
        }
    }

    #[test]
    fn a_pid_file_that_cannot_be_read_is_not_known() {
        #[track_caller]
        fn check(opened: Result<Vec<Opened>, Unknown>, expected: Result<Option<u32>, &str>) {
            assert_eq!(
                read(opened).map_err(|why| why.detail),
                expected.map_err(str::to_owned)
            );
        }
        let holds = |text: &str| opened(Ok(Box::new(Cursor::new(text.as_bytes().to_vec()))));
        let denied = || Unknown::new(Reason::NoRight, "/x.pid: permission denied");
        check(holds(" 12\r\n"), Ok(Some(12)));
        check(holds("\n"), Ok(None));
        check(Ok(Vec::new()), Ok(None));
        check(holds("pid=12"), Err("/x.pid: holds no process id"));
        check(holds("-1"), Err("/x.pid: holds no process id"));
        check(holds(&" ".repeat(100)), Err("/x.pid: holds no process id"));
        check(opened(Err(denied())), Err("/x.pid: permission denied"));
        check(Err(denied()), Err("/x.pid: permission denied"));
        check(opened(Ok(Box::new(Broken))), Err("/x.pid: it broke"));
    }
}
