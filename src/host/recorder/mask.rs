//! Masks a recording before it leaves the program: every text of `host.yaml`, and files in their own encoding.

use std::io::{Read, Write};

use encoding_rs::{UTF_16LE, WINDOWS_1252};
use flate2::{Compression, read::MultiGzDecoder, write::GzEncoder};
use serde_json::Value;

use super::form::Form;
use crate::{host::recorded::Document, redact::Redactor};

/// `host.yaml`, masked text by text, so that no mask can break its form.
pub(super) fn document(
    document: &Document,
    redactor: &mut Redactor,
) -> Result<String, serde_yaml::Error> {
    let value =
        serde_json::to_value(document).map_err(<serde_yaml::Error as serde::ser::Error>::custom)?;
    serde_yaml::to_string(&sections_masked(value, redactor))
}

/// Sections in which a text that is all of an entry is one of a few words, such as `missing`.
const WORDS: [&str; 6] = ["irregular", "tcp", "tls", "http", "ping", "programs"];

/// The words of the format stay, whoever has one of them as a password: names of sections and fields, and what can only be
/// one of a few words.
fn sections_masked(value: Value, redactor: &mut Redactor) -> Value {
    let Value::Object(sections) = value else {
        return value_masked(value, redactor);
    };
    let one = |(section, value): (String, Value)| match (section.as_str(), value) {
        ("os" | "now" | "zone", value) => (section, value),
        ("processes", value) => (section, value_masked(value, redactor)),
        // What an entry is about was met on the machine.
        (_, Value::Object(entries)) => {
            let word = |value: &Value| WORDS.contains(&section.as_str()) && value.is_string();
            let masked = entries.into_iter().map(|(key, value)| {
                let value = if word(&value) {
                    value
                } else {
                    value_masked(value, redactor)
                };
                (redactor.text(&key), value)
            });
            let masked = Value::Object(masked.collect());
            (section, masked)
        }
        (_, value) => (section, value_masked(value, redactor)),
    };
    Value::Object(sections.into_iter().map(one).collect())
}

fn value_masked(value: Value, redactor: &mut Redactor) -> Value {
    match value {
        Value::String(text) => Value::String(redactor.text(&text)),
        Value::Array(values) => Value::Array(
            values
                .into_iter()
                .map(|value| value_masked(value, redactor))
                .collect(),
        ),
        Value::Object(map) => {
            let masked = map.into_iter().map(|(key, value)| match value {
                Value::Object(headers) if key == "headers" => {
                    (key, Value::Object(headers_masked(headers, redactor)))
                }
                Value::String(word) if key == "no-way" || key == "reason" => {
                    (key, Value::String(word))
                }
                value => {
                    let value = value_masked(value, redactor);
                    (key, value)
                }
            });
            Value::Object(masked.collect())
        }
        value => value,
    }
}

/// A header is masked together with its name, for the name alone tells that a cookie is one.
fn headers_masked(
    headers: serde_json::Map<String, Value>,
    redactor: &mut Redactor,
) -> serde_json::Map<String, Value> {
    let one = |(name, value): (String, Value)| {
        let Value::String(text) = value else {
            return (name, value);
        };
        let line = redactor.text(&format!("{name}: {text}"));
        let masked = line
            .strip_prefix(&format!("{name}: "))
            .map_or(line.clone(), str::to_owned);
        (name, Value::String(masked))
    };
    headers.into_iter().map(one).collect()
}

/// A file's content without its secrets.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Masked {
    pub bytes: Vec<u8>,
    /// Nothing of what was there is missing.
    pub whole: bool,
}

/// A file's content, unpacked and decoded where that is needed to see secrets, and back in its own form. Of an archive at most
/// `unpacked` bytes are kept, whatever it would give.
///
/// # Errors
/// Why it cannot be masked, and so may not be kept.
pub(super) fn content(
    bytes: &[u8],
    unpacked: u64,
    redactor: &mut Redactor,
) -> Result<Masked, String> {
    match Form::of(bytes) {
        Form::Packed(name) => Err(format!(
            "it is packed as {name}, and secrets in it cannot be found"
        )),
        Form::Gzip => {
            let mut plain = Vec::new();
            // Of a file that was read in part, what can be unpacked is unpacked.
            let mut whole = MultiGzDecoder::new(bytes)
                .take(unpacked.saturating_add(1))
                .read_to_end(&mut plain)
                .is_ok();
            let bound = usize::try_from(unpacked).unwrap_or(usize::MAX);
            if plain.len() > bound {
                plain.truncate(bound);
                whole = false;
            }
            if Form::of(&plain).is_packed() {
                return Err("it is packed twice, and secrets in it cannot be found".to_owned());
            }
            let bytes = packed(&plain_masked(&plain, redactor));
            Ok(Masked { bytes, whole })
        }
        Form::Plain | Form::Utf16 { .. } => Ok(Masked {
            bytes: plain_masked(bytes, redactor),
            whole: true,
        }),
    }
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    // Writing into memory cannot fail; should it, nothing unmasked is left.
    encoder
        .write_all(bytes)
        .and_then(|()| encoder.finish())
        .unwrap_or_default()
}

fn plain_masked(bytes: &[u8], redactor: &mut Redactor) -> Vec<u8> {
    if let Form::Utf16 { encoding, mark } = Form::of(bytes) {
        let (mark, units) = bytes.split_at(mark);
        let text = redactor.text(&encoding.decode_without_bom_handling(units).0);
        let masked = text.encode_utf16();
        let masked: Vec<u8> = if encoding == UTF_16LE {
            masked.flat_map(u16::to_le_bytes).collect()
        } else {
            masked.flat_map(u16::to_be_bytes).collect()
        };
        return [mark, &masked].concat();
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => redactor.text(text).into_bytes(),
        Err(_) => {
            let text = redactor.text(&WINDOWS_1252.decode_without_bom_handling(bytes).0);
            WINDOWS_1252.encode(&text).0.into_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Reason;

    fn kept(bytes: &[u8], unpacked: u64) -> Masked {
        content(bytes, unpacked, &mut Redactor::default()).expect("it can be masked")
    }

    fn unpacked(bytes: &[u8]) -> String {
        let mut text = String::new();
        MultiGzDecoder::new(bytes)
            .read_to_string(&mut text)
            .unwrap();
        text
    }

    #[test]
    fn words_of_the_format_stay() {
        let text = "os: linux\nzone: Europe/Berlin\nirregular: {/folder: folder}\nprocesses: {hidden: false, list: [{pid: 1, command_line: processes}]}\n\
                    dns: {processes: {addresses: [], code: hidden}}\ntcp: {'missing:1': timed-out}\ntls: {'missing:1': {no-way: timed-out}}\n\
                    programs: {missing: missing, pid: {exited: {status: 0, stdout: status, stderr: ''}}}\n\
                    failed: {processes: {reason: other, detail: other}}\n";
        let (given, _) = Document::read(text).unwrap();
        let mut redactor = Redactor::default();
        for word in [
            "linux",
            "Europe",
            "folder",
            "processes",
            "hidden",
            "timed-out",
            "no-way",
            "missing",
            "pid",
            "exited",
            "status",
            "other",
        ] {
            redactor.learn(word);
        }
        let written = document(&given, &mut redactor).unwrap();
        let (masked, replies) = Document::read(&written).unwrap();
        assert_eq!(
            (masked.os, masked.zone, masked.irregular.len()),
            (given.os, given.zone, 1)
        );
        let processes = masked.processes.unwrap();
        assert_eq!(processes.list[0].command_line, "‹secret-4›");
        assert_eq!(masked.dns["‹secret-4›"].code, "‹secret-5›");
        assert_eq!(
            replies.tcp.len() + replies.tls.len() + replies.programs.len(),
            4
        );
        let failed = &masked.failed["‹secret-4›"];
        assert_eq!(
            (failed.reason, failed.detail.as_str()),
            (Reason::Other, "‹secret-12›")
        );
        // What was met on the machine is masked, and what it said.
        assert!(
            !written.contains("missing:1") && !written.contains("stdout: status"),
            "{written}"
        );
    }

    #[test]
    fn a_file_keeps_its_form() {
        let whole = |bytes: &[u8]| Masked {
            bytes: bytes.to_vec(),
            whole: true,
        };
        let latin = b"caf\xe9 = 1\n";
        assert_eq!(kept(latin, 99), whole(latin));
        let little: Vec<u8> = "caf\u{e9} = 1\n"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        let big: Vec<u8> = "caf\u{e9} = 1\n"
            .encode_utf16()
            .flat_map(u16::to_be_bytes)
            .collect();
        for wide in [
            [b"\xff\xfe", &little[..]].concat(),
            [b"\xfe\xff", &big[..]].concat(),
            little,
            big,
        ] {
            assert_eq!(kept(&wide, 99), whole(&wide));
        }
        let again = kept(&packed("\u{e9} = 1\n".as_bytes()), 99);
        assert!(again.whole);
        assert_eq!(unpacked(&again.bytes), "\u{e9} = 1\n");
    }

    #[test]
    fn what_bears_no_mark_is_masked_as_well() {
        let wide =
            |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
        let masked = kept(&wide("password = hunter2-of-two-bytes\n"), 99).bytes;
        let secret = wide("hunter2");
        assert!(!masked.windows(secret.len()).any(|part| part == secret));
    }

    #[test]
    fn an_archive_is_kept_within_its_bound() {
        let long = packed("one line\n".repeat(100).as_bytes());
        let check = |bytes: &[u8], bound: u64, expected: (usize, bool)| {
            let masked = kept(bytes, bound);
            assert_eq!((unpacked(&masked.bytes).len(), masked.whole), expected);
        };
        check(&long, 900, (900, true));
        check(&long, 899, (899, false));
        // A part of it, or one with something behind its end, does not become a whole one.
        check(&long[..long.len() - 9], 900, (900, false));
        check(&[&long[..], b"password=x"].concat(), 900, (900, false));
    }

    #[test]
    fn what_cannot_be_unpacked_is_not_kept() {
        fn check(bytes: &[u8], expected: &str) {
            let came = content(bytes, 999, &mut Redactor::default());
            assert_eq!(came, Err(expected.to_owned()));
        }
        let zip = b"PK\x03\x04 whatever";
        check(
            zip,
            "it is packed as zip, and secrets in it cannot be found",
        );
        check(
            &packed(zip),
            "it is packed twice, and secrets in it cannot be found",
        );
        check(
            &packed(&packed(b"password=x")),
            "it is packed twice, and secrets in it cannot be found",
        );
    }
}
