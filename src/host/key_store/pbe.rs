//! Encryption by password, as PKCS#12 does it: by its own scheme (RFC 7292, appendix B and C), and by PBES2 (RFC 8018).

use aes::{Aes128, Aes192, Aes256};
use cbc::{
    Decryptor,
    cipher::{BlockDecryptMut, KeyIvInit, block_padding::Pkcs7},
};
use des::TdesEde3;
use hmac::Hmac;
use pbkdf2::pbkdf2;
use rc2::Rc2;
use sha1::Sha1;
use sha2::{Digest, Sha224, Sha256, Sha384, Sha512};

use super::{
    KeyStoreError,
    der::{OCTETS, OID, Row, SEQUENCE},
    pkcs12::{FORMAT, broken},
};

/// The most rounds that a password is stirred for; stores have some ten thousand.
const ROUNDS: u32 = 1_000_000;

/// How something was encrypted.
pub(super) struct Scheme<'a> {
    salt: &'a [u8],
    rounds: u32,
    sort: Sort<'a>,
}

enum Sort<'a> {
    /// PKCS#12's own, with SHA-1.
    Own(Cipher),
    Pbes2 {
        hash: Hash,
        cipher: Cipher,
        iv: &'a [u8],
    },
}

#[derive(Clone, Copy)]
enum Cipher {
    Rc2Of40,
    Rc2Of128,
    TripleDes,
    Aes128,
    Aes192,
    Aes256,
}

#[derive(Clone, Copy)]
enum Hash {
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
}

impl<'a> Scheme<'a> {
    /// Reads an algorithm identifier.
    pub fn read(mut algorithm: Row<'a>) -> Result<Self, KeyStoreError> {
        let oid = algorithm.take(OID).map_err(broken)?;
        let mut params = algorithm.row(SEQUENCE).map_err(broken)?;
        let scheme = match oid {
            [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x01, which] => {
                let cipher = match which {
                    3 => Cipher::TripleDes,
                    5 => Cipher::Rc2Of128,
                    6 => Cipher::Rc2Of40,
                    _ => return Err(not_known(oid)),
                };
                Self {
                    salt: params.take(OCTETS).map_err(broken)?,
                    rounds: params.number().map_err(broken)?,
                    sort: Sort::Own(cipher),
                }
            }
            [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0d] => Self::pbes2(params)?,
            _ => return Err(not_known(oid)),
        };
        if scheme.rounds > ROUNDS {
            return Err(KeyStoreError::NotKnown {
                format: FORMAT,
                what: format!("its password is stirred for more than {ROUNDS} rounds"),
            });
        }
        Ok(scheme)
    }

    fn pbes2(mut params: Row<'a>) -> Result<Self, KeyStoreError> {
        let mut derived = params.row(SEQUENCE).map_err(broken)?;
        let oid = derived.take(OID).map_err(broken)?;
        if oid != [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0c] {
            return Err(not_known(oid));
        }
        let mut derived = derived.row(SEQUENCE).map_err(broken)?;
        let salt = derived.take(OCTETS).map_err(broken)?;
        let rounds = derived.number().map_err(broken)?;
        // The length of the key follows from the cipher.
        derived.take_if(super::der::INTEGER).map_err(broken)?;
        let hash = match derived.take_if(SEQUENCE).map_err(broken)? {
            None => Hash::Sha1,
            Some(named) => match Row(named).take(OID).map_err(broken)? {
                [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, 7] => Hash::Sha1,
                [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, 8] => Hash::Sha224,
                [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, 9] => Hash::Sha256,
                [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, 10] => Hash::Sha384,
                [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, 11] => Hash::Sha512,
                other => return Err(not_known(other)),
            },
        };
        let mut encrypted = params.row(SEQUENCE).map_err(broken)?;
        let cipher = match encrypted.take(OID).map_err(broken)? {
            [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 2] => Cipher::Aes128,
            [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 22] => Cipher::Aes192,
            [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 42] => Cipher::Aes256,
            [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x03, 0x07] => Cipher::TripleDes,
            other => return Err(not_known(other)),
        };
        let iv = encrypted.take(OCTETS).map_err(broken)?;
        Ok(Self {
            salt,
            rounds,
            sort: Sort::Pbes2 { hash, cipher, iv },
        })
    }

    /// The plain bytes; `None` where the password is another one. By chance a wrong one may give bytes without sense.
    pub fn open(&self, password: &str, bytes: &[u8]) -> Option<Vec<u8>> {
        match self.sort {
            Sort::Own(cipher) => {
                let wide = wide(password);
                let key = self.own(1, &wide, cipher.key());
                let iv = self.own(2, &wide, cipher.block());
                cipher.decrypt(&key, &iv, bytes)
            }
            Sort::Pbes2 { hash, cipher, iv } => {
                let mut key = vec![0; cipher.key()];
                hash.stir(password.as_bytes(), self.salt, self.rounds, &mut key)?;
                cipher.decrypt(&key, iv, bytes)
            }
        }
    }

    /// PKCS#12's own way from a password to bytes (RFC 7292, B.2), with SHA-1. `id` tells what the bytes are for.
    fn own(&self, id: u8, password: &[u8], count: usize) -> Vec<u8> {
        const BLOCK: usize = 64;

        let filled = |bytes: &[u8]| -> Vec<u8> {
            let length = bytes.len().div_ceil(BLOCK) * BLOCK;
            bytes.iter().copied().cycle().take(length).collect()
        };
        let mut blocks = filled(self.salt);
        blocks.extend(filled(password));
        let mut out = Vec::new();
        while out.len() < count {
            let mut hash = Sha1::new()
                .chain_update([id; BLOCK])
                .chain_update(&blocks)
                .finalize();
            for _ in 1..self.rounds {
                hash = Sha1::digest(hash);
            }
            out.extend_from_slice(&hash);
            for block in blocks.chunks_mut(BLOCK) {
                // block = block + hash repeated + 1, as numbers of 64 bytes
                let mut carry = 1;
                for at in (0..BLOCK).rev() {
                    let sum = u16::from(block[at]) + u16::from(hash[at % hash.len()]) + carry;
                    block[at] = sum.to_be_bytes()[1];
                    carry = sum >> 8;
                }
            }
        }
        out.truncate(count);
        out
    }
}

/// As UTF-16, with two bytes of zero at the end.
fn wide(password: &str) -> Vec<u8> {
    password
        .encode_utf16()
        .chain([0])
        .flat_map(u16::to_be_bytes)
        .collect()
}

impl Hash {
    fn stir(self, password: &[u8], salt: &[u8], rounds: u32, key: &mut [u8]) -> Option<()> {
        match self {
            Hash::Sha1 => pbkdf2::<Hmac<Sha1>>(password, salt, rounds, key),
            Hash::Sha224 => pbkdf2::<Hmac<Sha224>>(password, salt, rounds, key),
            Hash::Sha256 => pbkdf2::<Hmac<Sha256>>(password, salt, rounds, key),
            Hash::Sha384 => pbkdf2::<Hmac<Sha384>>(password, salt, rounds, key),
            Hash::Sha512 => pbkdf2::<Hmac<Sha512>>(password, salt, rounds, key),
        }
        .ok()
    }
}

impl Cipher {
    /// The length of its key, in bytes.
    fn key(self) -> usize {
        match self {
            Cipher::Rc2Of40 => 5,
            Cipher::Rc2Of128 | Cipher::Aes128 => 16,
            Cipher::TripleDes | Cipher::Aes192 => 24,
            Cipher::Aes256 => 32,
        }
    }

    /// The length of its block, in bytes.
    fn block(self) -> usize {
        match self {
            Cipher::Rc2Of40 | Cipher::Rc2Of128 | Cipher::TripleDes => 8,
            Cipher::Aes128 | Cipher::Aes192 | Cipher::Aes256 => 16,
        }
    }

    /// None where the last block is not filled up as it has to be, or a length is wrong.
    fn decrypt(self, key: &[u8], iv: &[u8], bytes: &[u8]) -> Option<Vec<u8>> {
        fn by<C>(key: &[u8], iv: &[u8], bytes: &[u8]) -> Option<Vec<u8>>
        where
            Decryptor<C>: KeyIvInit + BlockDecryptMut,
            C: BlockDecryptMut + cbc::cipher::BlockCipher,
        {
            let decryptor = Decryptor::<C>::new_from_slices(key, iv).ok()?;
            decryptor.decrypt_padded_vec_mut::<Pkcs7>(bytes).ok()
        }
        match self {
            // The length of an RC2 key is what makes it one of 40 bits.
            Cipher::Rc2Of40 | Cipher::Rc2Of128 => by::<Rc2>(key, iv, bytes),
            Cipher::TripleDes => by::<TdesEde3>(key, iv, bytes),
            Cipher::Aes128 => by::<Aes128>(key, iv, bytes),
            Cipher::Aes192 => by::<Aes192>(key, iv, bytes),
            Cipher::Aes256 => by::<Aes256>(key, iv, bytes),
        }
    }
}

fn not_known(oid: &[u8]) -> KeyStoreError {
    let hex = data_encoding::HEXLOWER.encode(&oid[..oid.len().min(32)]);
    KeyStoreError::NotKnown {
        format: FORMAT,
        what: format!("it is encrypted by the scheme {hex}"),
    }
}
