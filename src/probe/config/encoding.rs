//! Encodings that break a file: text that can be decoded somehow, and not by the program that it is for.

use std::sync::LazyLock;

use encoding_rs::{UTF_8, WINDOWS_1252};
use regex::Regex;

use crate::probe::{config::entry::Malformed, decode::Decoded};

/// XML that names no encoding is UTF-8, and a parser refuses it where it is not.
pub fn not_utf8(bytes: &[u8], decoded: &Decoded) -> Option<Malformed> {
    if decoded.encoding != WINDOWS_1252 || declares_another_encoding(&decoded.text) {
        return None;
    }
    let valid = std::str::from_utf8(bytes).err()?.valid_up_to();
    let (before, _) = WINDOWS_1252.decode_without_bom_handling(&bytes[..valid]);
    let at = before.len();
    let length = decoded.text.get(at..)?.chars().next()?.len_utf8();
    Some(Malformed::encoding(
        at..at + length,
        "a character that is not UTF-8: the file was saved in another encoding, Windows-1252 by the looks of it",
    ))
}

/// The encoding that a declaration names, and no attribute of a longer name.
static DECLARED: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"^<\?xml[^>]*?\sencoding\s*=\s*["']([^"'>]*)["']"#).ok());

fn declares_another_encoding(text: &str) -> bool {
    let captures = DECLARED.as_ref().and_then(|regex| regex.captures(text));
    captures.is_some_and(|captures| !captures[1].eq_ignore_ascii_case(UTF_8.name()))
}

/// A NUL stands in no text, whatever the format.
pub fn binary(text: &str) -> Option<Malformed> {
    text.find('\0')
        .map(|at| Malformed::encoding(at..at + 1, "a NUL character: this is no text"))
}
