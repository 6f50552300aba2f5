//! Masks a recording before it leaves the program: every text of `host.yaml`, and files in their own encoding.

use std::io::{Read, Write};

use encoding_rs::{UTF_16BE, UTF_16LE, WINDOWS_1252};
use flate2::{Compression, read::MultiGzDecoder, write::GzEncoder};
use serde_json::Value;

use crate::{host::recorded::Document, redact::Redactor};

/// `host.yaml`, masked text by text, so that no mask can break its form.
pub(super) fn document(
    document: &Document,
    redactor: &mut Redactor,
) -> Result<String, serde_yaml::Error> {
    let value =
        serde_json::to_value(document).map_err(<serde_yaml::Error as serde::ser::Error>::custom)?;
    serde_yaml::to_string(&value_masked(value, redactor))
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
                value => {
                    let value = value_masked(value, redactor);
                    (redactor.text(&key), value)
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

/// A file's content, unpacked and decoded where that is needed to see secrets, and back in its own form. Of an archive at most
/// `unpacked` bytes are kept, whatever it would give.
pub(super) fn content(bytes: &[u8], unpacked: u64, redactor: &mut Redactor) -> Vec<u8> {
    if bytes.starts_with(&[0x1f, 0x8b]) {
        let mut plain = Vec::new();
        // Of a file that was read in part, what can be unpacked is unpacked.
        let _ = MultiGzDecoder::new(bytes)
            .take(unpacked)
            .read_to_end(&mut plain);
        return packed(&plain_masked(&plain, redactor));
    }
    plain_masked(bytes, redactor)
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
    if let Some(units) = bytes.strip_prefix(&[0xff, 0xfe]) {
        let text = redactor.text(&UTF_16LE.decode_without_bom_handling(units).0);
        return [0xff, 0xfe]
            .into_iter()
            .chain(text.encode_utf16().flat_map(u16::to_le_bytes))
            .collect();
    }
    if let Some(units) = bytes.strip_prefix(&[0xfe, 0xff]) {
        let text = redactor.text(&UTF_16BE.decode_without_bom_handling(units).0);
        return [0xfe, 0xff]
            .into_iter()
            .chain(text.encode_utf16().flat_map(u16::to_be_bytes))
            .collect();
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

    #[test]
    fn a_file_keeps_its_form() {
        let mut redactor = Redactor::default();
        let latin = b"caf\xe9 = 1\n".to_vec();
        assert_eq!(content(&latin, 99, &mut redactor), latin);
        let wide: Vec<u8> = [0xff, 0xfe]
            .into_iter()
            .chain("é = 1\n".encode_utf16().flat_map(u16::to_le_bytes))
            .collect();
        assert_eq!(content(&wide, 99, &mut redactor), wide);
        let mut unpacked = String::new();
        let kept = content(&packed("é = 1\n".as_bytes()), 99, &mut redactor);
        MultiGzDecoder::new(&kept[..])
            .read_to_string(&mut unpacked)
            .unwrap();
        assert_eq!(unpacked, "é = 1\n");
    }
}
