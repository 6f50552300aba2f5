//! PKCS#12 (RFC 7292): bags with certificates, encrypted or not. Private keys are passed over.

use super::{
    KeyStoreError, PASSWORDS,
    der::{Broken, IN_PLACE_0, INSIDE_0, INTEGER, OCTETS, OID, Row, SEQUENCE, SET},
    pbe::Scheme,
};

pub(super) const FORMAT: &str = "PKCS#12";
/// How deep bags may stand in bags.
const DEEPEST: usize = 4;
/// How many encrypted parts are opened: each takes time.
const ENCRYPTED: usize = 16;

/// The start of what PKCS#7 calls its contents; 1 is plain data, 6 is encrypted.
const CONTENT: [u8; 8] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07];
/// The start of the sorts of bags; 3 is a certificate, 6 holds other bags.
const BAG: [u8; 10] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x0a, 0x01];
const X509: [u8; 10] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x16, 0x01];
/// That a certificate belongs to a private key.
const LOCAL_KEY: [u8; 9] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x15];
/// Java's mark of trust, 2.16.840.1.113894.746875.1.1.
const TRUSTED: [u8; 12] = [
    0x60, 0x86, 0x48, 0x01, 0x86, 0xf9, 0x66, 0xad, 0xca, 0x7b, 0x01, 0x01,
];

pub(super) fn broken(why: Broken) -> KeyStoreError {
    KeyStoreError::Broken {
        format: FORMAT,
        why,
    }
}

pub(super) fn trusted(bytes: &[u8]) -> Result<Vec<Vec<u8>>, KeyStoreError> {
    let mut found = Found::default();
    let mut file = Row(bytes)
        .row(SEQUENCE)
        .map_err(|_| KeyStoreError::OtherFormat)?;
    let version = file.number().map_err(|_| KeyStoreError::OtherFormat)?;
    let (sort, content) = content(&mut file).map_err(|_| KeyStoreError::OtherFormat)?;
    if version != 3 {
        return Err(KeyStoreError::NotKnown {
            format: FORMAT,
            what: format!("it is of version {version}"),
        });
    }
    if sort != 1 {
        return Err(KeyStoreError::NotKnown {
            format: FORMAT,
            what: "it is signed instead of protected by a password".to_owned(),
        });
    }
    let plain = Row(content).take(OCTETS).map_err(broken)?;
    let mut parts = Row(plain).row(SEQUENCE).map_err(broken)?;
    let mut encrypted = 0;
    while !parts.is_empty() {
        let (sort, content) = self::content(&mut parts).map_err(broken)?;
        match sort {
            1 => found
                .bags(Row(content).take(OCTETS).map_err(broken)?, DEEPEST)
                .map_err(broken)?,
            6 => {
                encrypted += 1;
                if encrypted > ENCRYPTED {
                    return Err(broken("it has more than 16 encrypted parts"));
                }
                found.encrypted(Row(content))?;
            }
            // For whom has a private key.
            _ => {
                return Err(KeyStoreError::NotKnown {
                    format: FORMAT,
                    what: "a part of it is not protected by a password".to_owned(),
                });
            }
        }
    }
    match (found.trusted.is_empty(), found.others) {
        (false, _) => Ok(found.trusted),
        (true, false) => Err(KeyStoreError::Empty(FORMAT)),
        (true, true) => Err(KeyStoreError::NoneTrusted),
    }
}

/// The sort of a content and what is in it. A sort that is not PKCS#7's is none.
fn content<'a>(row: &mut Row<'a>) -> Result<(u8, &'a [u8]), Broken> {
    let mut info = row.row(SEQUENCE)?;
    let sort = match info.take(OID)?.split_last() {
        Some((sort, start)) if start == CONTENT => *sort,
        _ => 0,
    };
    Ok((sort, info.take(INSIDE_0)?))
}

#[derive(Default)]
struct Found {
    trusted: Vec<Vec<u8>>,
    /// There are certificates that nothing says to trust.
    others: bool,
}

impl Found {
    fn encrypted(&mut self, mut content: Row<'_>) -> Result<(), KeyStoreError> {
        let mut data = content.row(SEQUENCE).map_err(broken)?;
        data.take(INTEGER).map_err(broken)?;
        let mut info = data.row(SEQUENCE).map_err(broken)?;
        info.take(OID).map_err(broken)?;
        let scheme = Scheme::read(info.row(SEQUENCE).map_err(broken)?)?;
        let bytes = info.take(IN_PLACE_0).map_err(broken)?;
        for password in PASSWORDS {
            let Some(plain) = scheme.open(password, bytes) else {
                continue;
            };
            let mut within = Self::default();
            // A wrong password may give bytes that only seem to be something.
            if within.bags(&plain, DEEPEST).is_ok() {
                self.trusted.extend(within.trusted);
                self.others |= within.others;
                return Ok(());
            }
        }
        Err(KeyStoreError::Password(FORMAT))
    }

    fn bags(&mut self, bytes: &[u8], deeper: usize) -> Result<(), Broken> {
        let mut bags = Row(bytes).row(SEQUENCE)?;
        while !bags.is_empty() {
            let mut bag = bags.row(SEQUENCE)?;
            let sort = match bag.take(OID)?.split_last() {
                Some((sort, start)) if start == BAG => *sort,
                _ => 0,
            };
            let value = bag.take(INSIDE_0)?;
            let mut marked = false;
            let mut attributes = Row(bag.take_if(SET)?.unwrap_or_default());
            while !attributes.is_empty() {
                let oid = attributes.row(SEQUENCE)?.take(OID)?;
                marked |= oid == LOCAL_KEY || oid == TRUSTED;
            }
            match sort {
                3 => self.certificate(value, marked)?,
                6 if deeper == 0 => return Err("its bags stand too deep in each other"),
                6 => self.bags(value, deeper - 1)?,
                _ => {}
            }
        }
        Ok(())
    }

    fn certificate(&mut self, value: &[u8], marked: bool) -> Result<(), Broken> {
        let mut certificate = Row(value).row(SEQUENCE)?;
        if certificate.take(OID)? != X509 {
            return Ok(());
        }
        let der = certificate.row(INSIDE_0)?.take(OCTETS)?;
        match marked {
            true => self.trusted.push(der.to_vec()),
            false => self.others = true,
        }
        Ok(())
    }
}
