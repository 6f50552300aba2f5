//! A distinguished name as one line, in the order in which it is written in the certificate.

use x509_parser::x509::{AttributeTypeAndValue, X509Name};

/// The longest name that is shown whole, in characters.
const LONGEST: usize = 1_000;

/// What the attributes are called that names are usually made of, by object identifier.
const SHORT: &[(&str, &str)] = &[
    ("2.5.4.3", "CN"),
    ("2.5.4.5", "serialNumber"),
    ("2.5.4.6", "C"),
    ("2.5.4.7", "L"),
    ("2.5.4.8", "ST"),
    ("2.5.4.9", "street"),
    ("2.5.4.10", "O"),
    ("2.5.4.11", "OU"),
    ("0.9.2342.19200300.100.1.25", "DC"),
    ("0.9.2342.19200300.100.1.1", "UID"),
    ("1.2.840.113549.1.9.1", "emailAddress"),
];

/// The name; what would read as another attribute has a backslash before it.
pub(super) fn shown(name: &X509Name<'_>) -> String {
    let mut text = String::new();
    for (at, group) in name.iter_rdn().enumerate() {
        for (within, attribute) in group.iter().enumerate() {
            text += match (at, within) {
                (0, 0) => "",
                (_, 0) => ", ",
                _ => " + ",
            };
            add(&mut text, attribute);
        }
    }
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

fn add(text: &mut String, attribute: &AttributeTypeAndValue<'_>) {
    let oid = attribute.attr_type().to_id_string();
    let short = SHORT.iter().find(|(known, _)| *known == oid);
    text.push_str(short.map_or(oid.as_str(), |(_, short)| short));
    text.push('=');
    for c in value(attribute.attr_value().tag().0, attribute.as_slice()).chars() {
        if matches!(c, ',' | '+' | '\\' | '=') {
            text.push('\\');
        }
        text.push(c);
    }
}

/// The value by its own encoding, which its tag names (X.680, table 8).
fn value(tag: u32, bytes: &[u8]) -> String {
    const TELETEX: u32 = 20;
    const UNIVERSAL: u32 = 28;
    const BMP: u32 = 30;

    match tag {
        // In practice Latin-1.
        TELETEX => bytes.iter().map(|byte| char::from(*byte)).collect(),
        BMP => {
            let units = bytes.chunks(2).map(|unit| number(unit) as u16);
            char::decode_utf16(units)
                .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
                .collect()
        }
        UNIVERSAL => {
            let codes = bytes.chunks(4).map(number);
            codes
                .map(|code| char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER))
                .collect()
        }
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// Big-endian, of four bytes at the most.
fn number(bytes: &[u8]) -> u32 {
    bytes
        .iter()
        .fold(0, |number, byte| number << 8 | u32::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_encoding_of_a_text_is_read() {
        let check = |tag, bytes: &[u8], expected: &str| assert_eq!(value(tag, bytes), expected);
        check(12, "Bücher".as_bytes(), "Bücher");
        check(19, b"Example", "Example");
        check(20, b"B\xfccher", "Bücher");
        check(30, &[0, b'B', 0, 0xfc, 0xd8, 0x3d], "Bü\u{fffd}");
        check(28, &[0, 1, 0xf6, 0x00, 0xff, 0, 0, 0], "\u{1f600}\u{fffd}");
        check(12, b"a\xff", "a\u{fffd}");
    }
}
