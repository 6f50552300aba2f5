//! Names of files in a bundle: those that lead nowhere else on any system, whoever unpacks them.
//!
//! What a file's path may hold on the machine and a name may not stands as `%` and two hexadecimal digits a byte. A name has one
//! form alone, so that no file is there twice under two names.

use std::fmt::Write as _;

use crate::finding::visible::is_hidden;

/// The longest name, in bytes.
pub const MAX_NAME: usize = 4096;
/// How many folders deep a file may lie.
pub const MAX_DEPTH: usize = 128;

/// What Windows takes in a name for something else than a letter.
const SIGNS: &str = "<>:\"|?*\\%";
/// Names that are devices on Windows, whatever ending they have.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "conin$", "conout$"];
/// Names that are with a digit behind them.
const NUMBERED: [&str; 2] = ["com", "lpt"];

/// Why a name may not be in a bundle. A lowercase fragment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameFault {
    #[error("its name is longer than {MAX_NAME} bytes, the bound")]
    TooLong,
    #[error("its name is not UTF-8")]
    NotUtf8,
    #[error("its name is empty")]
    Empty,
    #[error("it lies more than {MAX_DEPTH} folders deep, the bound")]
    TooDeep,
    #[error("its name has a control character or one that is not seen")]
    Hidden,
    #[error("its name is absolute")]
    Absolute,
    #[error("its name names a drive of Windows")]
    Drive,
    #[error("its name names a stream beside a file")]
    Stream,
    #[error("its name has a backslash, which leads elsewhere on Windows")]
    Backslash,
    #[error("its name has `{0}`, which means something else on Windows")]
    Sign(char),
    #[error("its name has an empty part")]
    EmptyPart,
    #[error("its name leads out of its folder (`..`)")]
    Parent,
    #[error("its name has the part `.`")]
    Dot,
    #[error("its name has a part that ends in a dot or a blank, which Windows leaves out")]
    Ending,
    #[error("its name has the part `{0}`, a device of Windows")]
    Device(String),
    #[error("its name is written otherwise than a bundle writes it")]
    OtherForm,
}

/// The name of a file at a place of a recording.
pub fn name(place: &str) -> Result<String, NameFault> {
    let parts: Vec<String> = place.split('/').map(escaped).collect();
    let name = parts.join("/");
    check(name.as_bytes())?;
    match self::place(&name)? == place {
        true => Ok(name),
        false => Err(NameFault::OtherForm),
    }
}

/// Whether a place can be a file's name on any system as it is.
pub fn is_plain(place: &str) -> bool {
    name(place).is_ok_and(|name| name == place)
}

/// The place of a recording that a name stands for.
pub fn place(name: &str) -> Result<String, NameFault> {
    let place = unescaped(name).ok_or(NameFault::OtherForm)?;
    if place.contains(is_hidden) {
        return Err(NameFault::Hidden);
    }
    for part in place.split('/') {
        match part {
            "" => return Err(NameFault::EmptyPart),
            "." => return Err(NameFault::Dot),
            ".." => return Err(NameFault::Parent),
            _ => {}
        }
    }
    let again: Vec<String> = place.split('/').map(escaped).collect();
    match again.join("/") == name {
        true => Ok(place),
        false => Err(NameFault::OtherForm),
    }
}

/// A name as it stands in the archive, if it leads nowhere else.
pub fn check(name: &[u8]) -> Result<&str, NameFault> {
    if name.len() > MAX_NAME {
        return Err(NameFault::TooLong);
    }
    let name = str::from_utf8(name).map_err(|_| NameFault::NotUtf8)?;
    if name.is_empty() {
        return Err(NameFault::Empty);
    }
    if name.contains(is_hidden) {
        return Err(NameFault::Hidden);
    }
    if name.contains('\\') {
        return Err(NameFault::Backslash);
    }
    if name.starts_with('/') {
        return Err(NameFault::Absolute);
    }
    if let Some(colon) = name.find(':') {
        let is_drive = colon == 1 && name.starts_with(|c: char| c.is_ascii_alphabetic());
        return Err(match is_drive {
            true => NameFault::Drive,
            false => NameFault::Stream,
        });
    }
    let sign = |c: &char| SIGNS.contains(*c) && *c != '%';
    if let Some(sign) = name.chars().find(sign) {
        return Err(NameFault::Sign(sign));
    }
    let parts: Vec<&str> = name.split('/').collect();
    if parts.len() > MAX_DEPTH {
        return Err(NameFault::TooDeep);
    }
    for part in parts {
        match part {
            "" => return Err(NameFault::EmptyPart),
            "." => return Err(NameFault::Dot),
            ".." => return Err(NameFault::Parent),
            _ if part.ends_with(['.', ' ']) => return Err(NameFault::Ending),
            _ if is_device(part) => return Err(NameFault::Device(part.to_owned())),
            _ => {}
        }
    }
    Ok(name)
}

/// Windows leaves out what stands behind the first dot, and blanks before it.
fn is_device(part: &str) -> bool {
    let stem = part.split('.').next().unwrap_or(part);
    let stem = stem.trim_end_matches(' ').to_lowercase();
    let is_numbered = |start: &&str| {
        let mut rest = stem.strip_prefix(*start).unwrap_or_default().chars();
        let digit = rest
            .next()
            .is_some_and(|c| c.is_ascii_digit() || "¹²³".contains(c));
        digit && rest.next().is_none()
    };
    DEVICES.contains(&stem.as_str()) || NUMBERED.iter().any(is_numbered)
}

fn escaped(part: &str) -> String {
    let mut escaped = String::with_capacity(part.len());
    let last = part.chars().count().saturating_sub(1);
    let device = is_device(part);
    for (at, c) in part.chars().enumerate() {
        let escape = SIGNS.contains(c) || at == last && matches!(c, '.' | ' ') || at == 0 && device;
        if escape {
            let mut bytes = [0; 4];
            for byte in c.encode_utf8(&mut bytes).bytes() {
                // Writing to a string cannot fail.
                let _ = write!(escaped, "%{byte:02X}");
            }
        } else {
            escaped.push(c);
        }
    }
    escaped
}

fn unescaped(name: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(name.len());
    let mut rest = name.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let mut digit = || char::from(rest.next()?).to_digit(16);
        let value = digit()? * 16 + digit()?;
        bytes.push(u8::try_from(value).ok()?);
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_leads_nowhere_else() {
        #[track_caller]
        fn fails(name: &[u8], expected: &str) {
            let fault = check(name).expect_err("it leads elsewhere");
            assert_eq!(fault.to_string(), expected);
        }
        let absolute = "its name is absolute";
        let parent = "its name leads out of its folder (`..`)";
        let drive = "its name names a drive of Windows";
        let stream = "its name names a stream beside a file";
        let backslash = "its name has a backslash, which leads elsewhere on Windows";
        let hidden = "its name has a control character or one that is not seen";
        let ending = "its name has a part that ends in a dot or a blank, which Windows leaves out";
        fails(b"", "its name is empty");
        fails(b"/etc/passwd", absolute);
        fails(b"//server/share/x", absolute);
        fails(b"files/../x", parent);
        fails(b"..", parent);
        fails(b"files/./x", "its name has the part `.`");
        fails(b"files//x", "its name has an empty part");
        fails(b"files/", "its name has an empty part");
        fails(b"C:/x", drive);
        fails(b"c:x", drive);
        fails(b"files/x:stream", stream);
        fails(br"\\server\share\x", backslash);
        fails(br"files\..\x", backslash);
        fails(br"\\.\pipe\x", backslash);
        fails(
            b"files/x?",
            "its name has `?`, which means something else on Windows",
        );
        fails(b"files/a\nb", hidden);
        fails(b"files/a\x1b[2Jb", hidden);
        fails("files/a\u{202e}b".as_bytes(), hidden);
        fails("files/a\u{200b}b".as_bytes(), hidden);
        fails(b"files/a\xff", "its name is not UTF-8");
        fails(b"files/x.", ending);
        fails(b"files/x ", ending);
        for device in [
            "CON", "nul.txt", "Aux", "com1", "LPT9.log", "COM¹", "conin$", "prn .x",
        ] {
            let expected = format!("its name has the part `{device}`, a device of Windows");
            fails(format!("files/{device}/x").as_bytes(), &expected);
        }
        fails(
            "a".repeat(4097).as_bytes(),
            "its name is longer than 4096 bytes, the bound",
        );
        fails(
            "a/".repeat(128).as_bytes(),
            "it lies more than 128 folders deep, the bound",
        );
        for fine in [
            "files/opt/x",
            "files/common",
            "files/com10",
            "files/.x",
            "files/ä%3A",
            "nul-x",
        ] {
            assert_eq!(check(fine.as_bytes()), Ok(fine));
        }
    }

    #[test]
    fn a_place_has_one_name() {
        #[track_caller]
        fn check(place: &str, expected: &str) {
            assert_eq!(name(place).as_deref(), Ok(expected));
            assert_eq!(super::place(expected).as_deref(), Ok(place));
        }
        check("opt/mid/agent0.log.0", "opt/mid/agent0.log.0");
        check(r"opt/a\b", "opt/a%5Cb");
        check("opt/2026-01-01T10:00.log", "opt/2026-01-01T10%3A00.log");
        check("opt/100%", "opt/100%25");
        check("opt/aux/nul.txt", "opt/%61ux/%6Eul.txt");
        check("opt/x. /y.", "opt/x.%20/y%2E");
        check("opt/ä", "opt/ä");
        for fault in [name("opt/a\nb"), name("opt/\u{202e}"), place("opt/%0A")] {
            assert_eq!(fault, Err(NameFault::Hidden));
        }
        for place in ["", "/x", "a//b"] {
            assert!(name(place).is_err());
        }
        assert_eq!(name("opt/.."), Err(NameFault::Parent));
        assert_eq!(place("opt/%2E."), Err(NameFault::Parent));
        assert_eq!(place("opt/.%2E"), Err(NameFault::Parent));
        // Written otherwise, it would be a second name of the same file.
        for other in [
            "opt/%61bc",
            "opt/a%2Fb",
            "opt/a%3a",
            "opt/a%",
            "opt/a%4",
            "opt/%FF",
        ] {
            assert_eq!(place(other), Err(NameFault::OtherForm), "{other}");
        }
    }
}
