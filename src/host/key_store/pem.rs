//! PEM: certificates as text between lines that say so. Other sorts of blocks, and text around them, are passed over.

use data_encoding::BASE64;

use super::{KeyStoreError, der::Row};

const FORMAT: &str = "PEM";
/// What a certificate's block is called. OpenSSL adds what it trusts it for behind one of the last sort.
const LABELS: [&str; 3] = ["CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE"];

pub(super) fn trusted(bytes: &[u8]) -> Result<Vec<Vec<u8>>, KeyStoreError> {
    let broken = |why| KeyStoreError::Broken {
        format: FORMAT,
        why,
    };
    let text = String::from_utf8_lossy(bytes);
    let mut lines = text.lines().map(str::trim);
    let (mut found, mut blocks) = (Vec::new(), 0);
    while let Some(line) = lines.next() {
        let Some(label) = label(line, "-----BEGIN ") else {
            continue;
        };
        blocks += 1;
        let mut inside = String::new();
        loop {
            match lines.next() {
                None => return Err(broken("a block has no end")),
                Some(line) if line.starts_with("-----") => break,
                Some(line) => inside.push_str(line),
            }
        }
        if !LABELS.contains(&label) {
            continue;
        }
        let bytes = BASE64
            .decode(inside.as_bytes())
            .map_err(|_| broken("a certificate is not in base64"))?;
        found.push(first(&bytes).map_err(broken)?.to_vec());
    }
    match (found.is_empty(), blocks) {
        (true, 0) => Err(KeyStoreError::OtherFormat),
        (true, _) => Err(KeyStoreError::Empty(FORMAT)),
        (false, _) => Ok(found),
    }
}

fn label<'a>(line: &'a str, start: &str) -> Option<&'a str> {
    line.strip_prefix(start)?.strip_suffix("-----")
}

/// The certificate without what OpenSSL may have added.
fn first(bytes: &[u8]) -> Result<&[u8], &'static str> {
    let mut row = Row(bytes);
    row.next()?;
    Ok(&bytes[..bytes.len() - row.0.len()])
}
