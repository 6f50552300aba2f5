//! Bytes of a file become text, whatever wrote them: UTF-8, UTF-16 with or without a mark, Windows-1252. Never fails:
//! what cannot be decoded becomes U+FFFD.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// A text and what it was written in.
#[derive(Debug, Clone, PartialEq)]
pub struct Decoded {
    pub text: String,
    pub encoding: &'static Encoding,
}

/// Decodes a whole file. A byte-order mark wins and is left out; then NULs that betray UTF-16; then the encoding that an
/// XML declaration names; then UTF-8 where the bytes are UTF-8; else Windows-1252.
pub fn decode(bytes: &[u8]) -> Decoded {
    let (encoding, mark) = sniff(bytes);
    let body = &bytes[mark..];
    let encoding = match encoding {
        Some(encoding) => encoding,
        None => match declared(body) {
            // A declaration that can be read byte by byte is not UTF-16, whatever it says.
            Some(named) if named != UTF_16LE && named != UTF_16BE && named != UTF_8 => named,
            _ if std::str::from_utf8(body).is_ok() => UTF_8,
            _ => WINDOWS_1252,
        },
    };
    let (text, _) = encoding.decode_without_bom_handling(body);
    Decoded {
        text: text.into_owned(),
        encoding,
    }
}

/// What the first bytes betray, and how many of them are the mark. `None`: one of the encodings in which ASCII is ASCII.
pub fn sniff(start: &[u8]) -> (Option<&'static Encoding>, usize) {
    if let Some((encoding, length)) = Encoding::for_bom(start) {
        return (Some(encoding), length);
    }
    let window = &start[..start.len().min(1024) & !1];
    let nuls = |odd: usize| {
        window
            .iter()
            .skip(odd)
            .step_by(2)
            .filter(|byte| **byte == 0)
            .count()
    };
    let (even, odd) = (nuls(0), nuls(1));
    // Latin text in UTF-16 has a NUL in nearly every pair, always on the same side.
    let pairs = window.len() / 2;
    if pairs > 0 && odd * 10 >= pairs * 4 && even * 20 <= pairs {
        (Some(UTF_16LE), 0)
    } else if pairs > 0 && even * 10 >= pairs * 4 && odd * 20 <= pairs {
        (Some(UTF_16BE), 0)
    } else {
        (None, 0)
    }
}

/// One line of a file in which ASCII is ASCII: UTF-8, or Windows-1252 where it is not.
pub fn line(bytes: &[u8]) -> std::borrow::Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.into(),
        Err(_) => WINDOWS_1252.decode_without_bom_handling(bytes).0,
    }
}

/// The encoding that an XML declaration at the start names.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let start = &bytes[..bytes.len().min(200)];
    let start = start.strip_prefix(b"<?xml")?;
    let end = memchr::memmem::find(start, b"?>")?;
    let declaration = std::str::from_utf8(&start[..end]).ok()?;
    let (_, after) = declaration.split_once("encoding")?;
    let after = after.trim_start().strip_prefix('=')?.trim_start();
    let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let (name, _) = after[1..].split_once(quote)?;
    Encoding::for_label(name.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf16(text: &str, big: bool) -> Vec<u8> {
        text.encode_utf16()
            .flat_map(|unit| {
                if big {
                    unit.to_be_bytes()
                } else {
                    unit.to_le_bytes()
                }
            })
            .collect()
    }

    #[track_caller]
    fn check(bytes: &[u8], text: &str, encoding: &'static Encoding) {
        let decoded = decode(bytes);
        assert_eq!((decoded.text.as_str(), decoded.encoding), (text, encoding));
    }

    #[test]
    fn files() {
        check(b"", "", UTF_8);
        check(b"a", "a", UTF_8);
        check("grün ”".as_bytes(), "grün ”", UTF_8);
        check(b"\xef\xbb\xbf<a/>", "<a/>", UTF_8);
        check(b"gr\xfcn", "grün", WINDOWS_1252);
        check(b"\x93x\x94", "“x”", WINDOWS_1252);
        for big in [false, true] {
            let (encoding, mark): (_, &[u8]) = if big {
                (UTF_16BE, b"\xfe\xff")
            } else {
                (UTF_16LE, b"\xff\xfe")
            };
            let text = "<a b=\"grün\"/>\r\n";
            check(&utf16(text, big), text, encoding);
            check(&[mark, &utf16(text, big)].concat(), text, encoding);
        }
    }

    #[test]
    fn an_xml_declaration_names_the_encoding() {
        check(
            b"<?xml version=\"1.0\" encoding=\"ISO-8859-2\"?><a>\xb1</a>",
            "<?xml version=\"1.0\" encoding=\"ISO-8859-2\"?><a>ą</a>",
            encoding_rs::ISO_8859_2,
        );
        // Saved as Windows-1252 by an editor, whatever the declaration says.
        check(
            b"<?xml encoding='UTF-8'?>\xfc",
            "<?xml encoding='UTF-8'?>ü",
            WINDOWS_1252,
        );
        check(
            b"<?xml encoding='UTF-16'?>a",
            "<?xml encoding='UTF-16'?>a",
            UTF_8,
        );
        check(
            b"<?xml encoding='no-such'?>a",
            "<?xml encoding='no-such'?>a",
            UTF_8,
        );
    }

    #[test]
    fn a_few_nuls_are_not_utf16() {
        check(
            b"a\0b and much text that is plain",
            "a\0b and much text that is plain",
            UTF_8,
        );
        check(b"\0\0\0\0", "\0\0\0\0", UTF_8);
    }
}
