//! What stands in a journal from a line on that cannot be read. It counts no more, and whoever goes on with the case writes over
//! it: before that it is kept in a file beside, for somebody who can mend it by hand.

use std::{
    fs,
    io::{self, Write},
    path::Path,
};

use crate::app::private;

/// How often the same line of a journal may have been broken.
const MOST: u32 = 100;

/// Keeps it beside the journal, once: what is kept there already is not kept again.
pub fn keep(journal: &Path, line: usize, rest: &[u8]) -> io::Result<()> {
    let names = (1..=MOST).map(|number| match number {
        1 => format!("broken-from-line-{line}"),
        number => format!("broken-from-line-{line}-{number}"),
    });
    for name in names {
        let path = journal.with_file_name(name);
        let made = private::file().write(true).create_new(true).open(&path);
        let mut file = match made {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                if path.symlink_metadata()?.is_file() && fs::read(&path)? == rest {
                    return Ok(());
                }
                continue;
            }
            Err(error) => return Err(error),
        };
        let written = file.write_all(rest).and_then(|()| file.sync_all());
        if written.is_err() {
            // A part of it would be taken for the whole.
            let _ = fs::remove_file(&path);
        }
        return written;
    }
    Err(io::Error::other(format!(
        "line {line} was broken {MOST} times; tidy the folder up"
    )))
}
