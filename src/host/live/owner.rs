//! What a system says of a file beyond size and time: owner, rights, kind, and which file it is.

#[cfg(unix)]
pub(super) use system::user;
pub(super) use system::{Identity, identity, identity_of, is_same, kind, of, readable, writable};

#[cfg(unix)]
mod system {
    use std::{
        fs::{File, Metadata},
        io::{self, Read},
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

    /// Which file a path led to.
    pub(in super::super) fn identity(_path: &str, meta: &Metadata) -> Identity {
        (meta.dev(), meta.ino(), meta.created().ok())
    }

    /// Which file was opened.
    pub(in super::super) fn identity_of(file: &File) -> io::Result<Identity> {
        file.metadata().map(|meta| identity("", &meta))
    }

    pub(in super::super) fn is_same(a: &Identity, b: &Identity) -> bool {
        a == b
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
        os::windows::fs::OpenOptionsExt,
        time::SystemTime,
    };

    use winapi_util::file::information;

    /// Volume and number on it, and when it was made. The time alone does not tell: Windows gives a file that takes the
    /// name of one that was just moved away the time of that one.
    pub(in super::super) struct Identity {
        number: Option<(u64, u64)>,
        made: Option<SystemTime>,
    }

    /// Which file a path leads to.
    pub(in super::super) fn identity(path: &str, meta: &Metadata) -> Identity {
        // No access is asked for, so that it is not denied either.
        let number = File::options().access_mode(0).open(path);
        Identity {
            number: number.and_then(|file| number_of(&file)).ok(),
            made: meta.created().ok(),
        }
    }

    /// Which file was opened.
    pub(in super::super) fn identity_of(file: &File) -> io::Result<Identity> {
        Ok(Identity {
            number: number_of(file).ok(),
            made: file.metadata()?.created().ok(),
        })
    }

    /// By their numbers, where both are known.
    pub(in super::super) fn is_same(a: &Identity, b: &Identity) -> bool {
        match (a.number, b.number) {
            (Some(a), Some(b)) => a == b,
            _ => a.made == b.made,
        }
    }

    fn number_of(file: &File) -> io::Result<(u64, u64)> {
        let told = information(file)?;
        Ok((told.volume_serial_number(), told.file_index()))
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

    #[cfg(test)]
    mod tests {
        use std::time::Duration;

        use super::*;

        #[test]
        fn a_number_tells_files_apart_and_else_the_time() {
            let file = |number, seconds| Identity {
                number,
                made: Some(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)),
            };
            #[track_caller]
            fn check(a: Identity, b: Identity, expected: bool) {
                assert_eq!(is_same(&a, &b), expected);
            }
            check(file(Some((1, 2)), 5), file(Some((1, 2)), 5), true);
            // What takes the name of one that was moved away has its time.
            check(file(Some((1, 2)), 5), file(Some((1, 3)), 5), false);
            check(file(Some((1, 2)), 5), file(Some((2, 2)), 5), false);
            check(file(None, 5), file(Some((1, 2)), 5), true);
            check(file(None, 5), file(Some((1, 2)), 6), false);
        }
    }
}
