//! What a file's first bytes tell of its form, as far as it decides how secrets in it are found.

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};

/// The form of a content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// A text in which ASCII is ASCII, or nothing that is known here.
    Plain,
    Utf16 {
        encoding: &'static Encoding,
        /// How long the mark before the text is, in bytes.
        mark: usize,
    },
    Gzip,
    /// Packed in a form that is not unpacked here, by its name.
    Packed(&'static str),
}

/// How much of the start is looked at to see UTF-16 that bears no mark, in bytes.
const LOOKED_AT: usize = 1024;

const PACKED: &[(&[u8], &str)] = &[
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"PK\x07\x08", "zip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\0", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!\x1a\x07", "rar"),
    (b"\x04\x22\x4d\x18", "lz4"),
    (b"\x1f\x9d", "compress"),
];

impl Form {
    pub fn of(bytes: &[u8]) -> Self {
        if bytes.starts_with(b"\x1f\x8b") {
            return Self::Gzip;
        }
        if let Some((_, name)) = PACKED.iter().find(|(start, _)| bytes.starts_with(start)) {
            return Self::Packed(name);
        }
        for (mark, encoding) in [(b"\xff\xfe", UTF_16LE), (b"\xfe\xff", UTF_16BE)] {
            if bytes.starts_with(mark) {
                return Self::Utf16 {
                    encoding,
                    mark: mark.len(),
                };
            }
        }
        // Latin text in UTF-16 has a NUL in nearly every pair, always on the same side.
        let window = &bytes[..bytes.len().min(LOOKED_AT) & !1];
        let pairs = window.len() / 2;
        let nuls = |side: usize| {
            let bytes = window.iter().skip(side).step_by(2);
            bytes.filter(|byte| **byte == 0).count()
        };
        let (first, second) = (nuls(0), nuls(1));
        let only =
            |many: usize, few: usize| pairs > 0 && many * 10 >= pairs * 4 && few * 20 <= pairs;
        if only(second, first) {
            Self::Utf16 {
                encoding: UTF_16LE,
                mark: 0,
            }
        } else if only(first, second) {
            Self::Utf16 {
                encoding: UTF_16BE,
                mark: 0,
            }
        } else {
            Self::Plain
        }
    }

    /// A part of it from the middle tells nothing.
    pub fn is_packed(self) -> bool {
        matches!(self, Self::Gzip | Self::Packed(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_bytes_tell() {
        fn check(bytes: &[u8], expected: Form) {
            assert_eq!(Form::of(bytes), expected, "{bytes:?}");
        }
        let utf16 = |encoding, mark| Form::Utf16 { encoding, mark };
        check(b"", Form::Plain);
        check(b"a", Form::Plain);
        check(b"a log\n", Form::Plain);
        check(b"\x1f\x8b\x08", Form::Gzip);
        check(b"PK\x03\x04rest", Form::Packed("zip"));
        check(b"BZh91AY", Form::Packed("bzip2"));
        check(b"\xff\xfea\0", utf16(UTF_16LE, 2));
        check(b"\xfe\xff\0a", utf16(UTF_16BE, 2));
        check(b"a\0b\0c\0", utf16(UTF_16LE, 0));
        check(b"\0a\0b\0c", utf16(UTF_16BE, 0));
        // What a crash leaves at a log's start is no text of either kind.
        check(&[0; 64], Form::Plain);
    }
}
