//! Why something was not written, in this program's words where the system's do not tell what to do. Writes nothing itself.

use std::io::{self, ErrorKind};

/// The same words wherever a disk is full, on any system; any other error stays as it is.
pub fn plain(error: io::Error) -> io::Error {
    match error.kind() {
        kind @ ErrorKind::StorageFull => io::Error::new(kind, "the disk is full; make room there"),
        _ => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_told_alike() {
        let check = |error: io::Error, expected: &str| {
            let kind = error.kind();
            let told = plain(error);
            assert_eq!((told.kind(), told.to_string().as_str()), (kind, expected));
        };
        let full = "the disk is full; make room there";
        check(ErrorKind::StorageFull.into(), full);
        // As this system itself says it.
        let code = if cfg!(windows) { 112 } else { 28 };
        check(io::Error::from_raw_os_error(code), full);
        check(
            io::Error::other("it is no regular file"),
            "it is no regular file",
        );
    }
}
