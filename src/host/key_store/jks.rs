//! Java's own key store (JKS), and its elder cousin for stronger keys (JCEKS), which holds certificates in the same way.

use super::KeyStoreError;

const FORMAT: &str = "Java key store";
/// How many bytes of check value stand at the end.
const CHECK: usize = 20;

const PRIVATE_KEY: u32 = 1;
const TRUSTED: u32 = 2;
/// Of JCEKS. It holds Java's own form of an object, whose length nothing tells.
const SECRET_KEY: u32 = 3;

pub(super) fn trusted(bytes: &[u8]) -> Result<Vec<Vec<u8>>, KeyStoreError> {
    let mut found = Vec::new();
    let mut rest = Rest(bytes);
    rest.number()?;
    let version = rest.number()?;
    if !matches!(version, 1 | 2) {
        return Err(KeyStoreError::NotKnown {
            format: FORMAT,
            what: format!("it is of version {version}"),
        });
    }
    for _ in 0..rest.number()? {
        let sort = rest.number()?;
        rest.short()?;
        // When it was made.
        rest.bytes(8)?;
        match sort {
            PRIVATE_KEY => {
                rest.long()?;
                for at in 0..rest.number()? {
                    let certificate = rest.certificate(version)?;
                    if at == 0 {
                        found.push(certificate.to_vec());
                    }
                }
            }
            TRUSTED => found.push(rest.certificate(version)?.to_vec()),
            SECRET_KEY => {
                return Err(KeyStoreError::NotKnown {
                    format: FORMAT,
                    what: "it holds a secret key".to_owned(),
                });
            }
            _ => return Err(broken("it has an entry of no known sort")),
        }
    }
    match (rest.0.len(), found.is_empty()) {
        (CHECK, false) => Ok(found),
        (CHECK, true) => Err(KeyStoreError::Empty(FORMAT)),
        (..CHECK, _) => Err(broken("it breaks off")),
        _ => Err(broken("something stands behind its end")),
    }
}

fn broken(why: &'static str) -> KeyStoreError {
    KeyStoreError::Broken {
        format: FORMAT,
        why,
    }
}

struct Rest<'a>(&'a [u8]);

impl<'a> Rest<'a> {
    fn bytes(&mut self, count: usize) -> Result<&'a [u8], KeyStoreError> {
        let (bytes, rest) = self
            .0
            .split_at_checked(count)
            .ok_or(broken("it breaks off"))?;
        self.0 = rest;
        Ok(bytes)
    }

    /// Big-endian, of four bytes.
    fn number(&mut self) -> Result<u32, KeyStoreError> {
        let bytes = self.bytes(4)?;
        Ok(bytes
            .iter()
            .fold(0, |number, byte| number << 8 | u32::from(*byte)))
    }

    /// Bytes behind their number, which is one of two bytes.
    fn short(&mut self) -> Result<&'a [u8], KeyStoreError> {
        let bytes = self.bytes(2)?;
        let count = bytes
            .iter()
            .fold(0, |number, byte| number << 8 | usize::from(*byte));
        self.bytes(count)
    }

    /// Bytes behind their number, which is one of four bytes.
    fn long(&mut self) -> Result<&'a [u8], KeyStoreError> {
        let count = self.number()?;
        self.bytes(usize::try_from(count).map_err(|_| broken("it breaks off"))?)
    }

    fn certificate(&mut self, version: u32) -> Result<&'a [u8], KeyStoreError> {
        if version == 2 && self.short()? != b"X.509" {
            return Err(broken("it holds a certificate that is not of X.509"));
        }
        self.long()
    }
}
