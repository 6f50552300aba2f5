//! Files that a person names: a tree, a recording, authorities, answers. Opens what is a regular file only, for a pipe
//! would be waited for without an end.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read},
    path::Path,
};

use super::owner;

/// Opens a regular file, and never waits for it.
///
/// # Errors
/// Whatever else is there, by its kind; and what opening it gives.
pub fn open(path: &Path) -> io::Result<File> {
    regular(&fs::metadata(path)?)?;
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;

        use rustix::fs::OFlags;

        let flags = OFlags::NONBLOCK | OFlags::NOCTTY;
        options.custom_flags(flags.bits().cast_signed());
    }
    let file = options.open(path)?;
    // Between two looks a pipe may have taken the file's place.
    regular(&file.metadata()?)?;
    Ok(file)
}

/// The whole of a regular file, if it has at most `most` bytes.
///
/// # Errors
/// As [`open`] and [`bounded`].
pub fn read(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    bounded(open(path)?, most)
}

/// The whole of what can be read, if that is at most `most` bytes.
///
/// # Errors
/// More than that, with the bound; and what reading gives.
pub fn bounded(from: impl Read, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        let bound = match most >> 20 {
            0 => format!("{} KiB", most >> 10),
            mib => format!("{mib} MiB"),
        };
        return Err(io::Error::other(format!("larger than {bound}, the bound")));
    }
    Ok(bytes)
}

fn regular(meta: &fs::Metadata) -> io::Result<()> {
    if meta.is_file() {
        return Ok(());
    }
    let kind = owner::kind(meta);
    Err(io::Error::other(format!("{kind}, not a regular file")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_larger_is_told_with_the_bound() {
        let check = |length: u64, most: u64, expected: Result<usize, &str>| {
            let read = bounded(io::repeat(b'a').take(length), most);
            let read = read
                .map(|bytes| bytes.len())
                .map_err(|error| error.to_string());
            assert_eq!(read, expected.map_err(str::to_owned));
        };
        check(1024, 1024, Ok(1024));
        check(1025, 1024, Err("larger than 1 KiB, the bound"));
        check(u64::MAX, 2 << 20, Err("larger than 2 MiB, the bound"));
    }

    #[test]
    fn what_is_no_file_is_refused() {
        let check = |path: &str, expected: &str| {
            let error = open(Path::new(path)).expect_err("it is no file");
            assert_eq!(error.to_string(), expected);
        };
        check("/", "a folder, not a regular file");
        #[cfg(unix)]
        check("/dev/null", "a device, not a regular file");
    }
}
