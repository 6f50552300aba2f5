//! Files that say who is trusted: PEM, PKCS#12, and Java's own key store. Bytes in, certificates out; opens nothing.
//!
//! What counts is what Java's trust manager would take: of a Java key store the trusted entries, and the first certificate
//! of a private key; of PKCS#12 the certificates that bear Java's mark of trust, and those of a private key. A PEM file has
//! no marks, there every certificate counts.
//!
//! No check value over a whole store is verified: whoever can change the file can make a new one. Passwords are those that
//! trust stores have, `changeit` or none. Deliberately absent: reading private keys.

mod der;
mod jks;
mod pbe;
mod pem;
mod pkcs12;

/// The largest file, in bytes.
pub const LARGEST: usize = 16 << 20;
/// The passwords to try.
const PASSWORDS: [&str; 2] = ["changeit", ""];

/// Why a file tells nobody to trust.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyStoreError {
    #[error("larger than {} MiB", LARGEST >> 20)]
    TooLarge,
    #[error("neither PEM nor PKCS#12 nor a Java key store")]
    OtherFormat,
    #[error("{format}: {why}")]
    Broken {
        format: &'static str,
        why: &'static str,
    },
    /// Something that is right, and that this program does not know.
    #[error("{format}: {what}, which cannot be read here")]
    NotKnown { format: &'static str, what: String },
    #[error("{0}: the password is neither `changeit` nor empty")]
    Password(&'static str),
    #[error("{0}: no certificate in it")]
    Empty(&'static str),
    #[error("PKCS#12: no certificate in it is marked as trusted, so that Java trusts nobody by it")]
    NoneTrusted,
}

/// The certificates of whom a file trusts, in DER form, in the file's order. What they are is not looked at.
///
/// # Errors
/// A file that is none of these, is broken, or trusts nobody.
pub fn trusted(bytes: &[u8]) -> Result<Vec<Vec<u8>>, KeyStoreError> {
    const SEQUENCE: u8 = 0x30;

    if bytes.len() > LARGEST {
        return Err(KeyStoreError::TooLarge);
    }
    match bytes {
        [0xfe, 0xed, 0xfe, 0xed, ..] | [0xce, 0xce, 0xce, 0xce, ..] => jks::trusted(bytes),
        [SEQUENCE, ..] if super::Certificate::read(bytes).is_ok() => Ok(vec![bytes.to_vec()]),
        [SEQUENCE, ..] => pkcs12::trusted(bytes),
        _ => pem::trusted(bytes),
    }
}

#[cfg(test)]
mod tests;
