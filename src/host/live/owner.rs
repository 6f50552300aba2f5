//! What a system says of a file beyond size and time: owner, rights, kind, and which file it is.

#[cfg(unix)]
pub(super) use system::user;
pub(super) use system::{Identity, identity, kind, of, readable, writable};

#[cfg(unix)]
mod system {
    use std::{
        fs::{File, Metadata},
        io::Read,
        os::unix::fs::{FileTypeExt, MetadataExt},
        time::SystemTime,
    };

    use rustix::{
        fs::{Access, AtFlags, CWD, accessat},
        io::Errno,
    };

    /// How much of `/etc/passwd` is read, in bytes.
    const PASSWD: u64 = 4 << 20;

    /// Device, inode and birth, for the inode of a file that was removed is soon given to another.
    pub(in super::super) type Identity = (u64, u64, Option<SystemTime>);

    pub(in super::super) fn identity(meta: &Metadata) -> Identity {
        (meta.dev(), meta.ino(), meta.created().ok())
    }

    pub(in super::super) fn of(meta: &Metadata) -> Option<String> {
        Some(user(meta.uid()))
    }

    /// A user's name, or the number where this machine's own list has none: asking a directory service could wait long.
    pub(in super::super) fn user(uid: u32) -> String {
        let mut text = String::new();
        let read =
            File::open("/etc/passwd").and_then(|file| file.take(PASSWD).read_to_string(&mut text));
        let name = read.ok().and_then(|_| name_of(&text, uid));
        name.unwrap_or_else(|| uid.to_string())
    }

    fn name_of(passwd: &str, uid: u32) -> Option<String> {
        let fits =
            |line: &&str| line.split(':').nth(2).and_then(|text| text.parse().ok()) == Some(uid);
        passwd
            .lines()
            .find(fits)?
            .split(':')
            .next()
            .map(str::to_owned)
    }

    pub(in super::super) fn readable(path: &str, _meta: &Metadata) -> Option<bool> {
        right(accessat(CWD, path, Access::READ_OK, AtFlags::EACCESS))
    }

    pub(in super::super) fn writable(path: &str, _meta: &Metadata) -> Option<bool> {
        right(accessat(CWD, path, Access::WRITE_OK, AtFlags::EACCESS))
    }

    /// A right that the system grants or denies; `None` where it said neither.
    fn right(asked: Result<(), Errno>) -> Option<bool> {
        match asked {
            Ok(()) => Some(true),
            Err(Errno::ACCESS | Errno::PERM | Errno::ROFS) => Some(false),
            Err(_) => None,
        }
    }

    pub(in super::super) fn kind(meta: &Metadata) -> &'static str {
        let kind = meta.file_type();
        match () {
            () if kind.is_dir() => "a folder",
            () if kind.is_fifo() => "a named pipe",
            () if kind.is_socket() => "a socket",
            () => "a device",
        }
    }

    #[cfg(test)]
    mod tests {
        use rustix::io::Errno;

        use super::{name_of, right};

        #[test]
        fn a_right_that_could_not_be_asked_is_not_known() {
            let check = |asked, expected| assert_eq!(right(asked), expected, "{asked:?}");
            check(Ok(()), Some(true));
            check(Err(Errno::ACCESS), Some(false));
            check(Err(Errno::ROFS), Some(false));
            // A running program, a file that has gone, a server that does not answer.
            for other in [
                Errno::TXTBSY,
                Errno::NOENT,
                Errno::IO,
                Errno::LOOP,
                Errno::TIMEDOUT,
            ] {
                check(Err(other), None);
            }
        }

        #[test]
        fn a_user_has_a_name_or_a_number() {
            let passwd =
                "root:x:0:0:root:/root:/bin/sh\n# comment\nmid:x:1001:1001::/:/bin/false\n";
            assert_eq!(name_of(passwd, 1001).as_deref(), Some("mid"));
            assert_eq!(name_of(passwd, 1002), None);
        }
    }
}

#[cfg(not(unix))]
mod system {
    use std::{
        fs::{File, Metadata},
        io,
        time::SystemTime,
    };

    /// When it was made: two files of one name differ in it.
    pub(in super::super) type Identity = Option<SystemTime>;

    pub(in super::super) fn identity(meta: &Metadata) -> Identity {
        meta.created().ok()
    }

    pub(in super::super) fn of(_meta: &Metadata) -> Option<String> {
        None
    }

    pub(in super::super) fn readable(path: &str, meta: &Metadata) -> Option<bool> {
        match meta.is_dir() {
            true => right(std::fs::read_dir(path)),
            false => right(File::open(path)),
        }
    }

    pub(in super::super) fn writable(path: &str, meta: &Metadata) -> Option<bool> {
        // Opening for writing without truncating changes nothing and asks the access list. A folder cannot be asked so,
        // and its read-only flag says nothing about what may be made in it.
        match meta.is_dir() {
            true => None,
            false => right(File::options().write(true).open(path)),
        }
    }

    /// A right that the system grants or denies; `None` where it said neither, as of a file that another program holds.
    fn right<T>(asked: io::Result<T>) -> Option<bool> {
        match asked {
            Ok(_) => Some(true),
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Some(false),
            Err(_) => None,
        }
    }

    pub(in super::super) fn kind(meta: &Metadata) -> &'static str {
        if meta.is_dir() {
            "a folder"
        } else {
            "a device"
        }
    }
}
