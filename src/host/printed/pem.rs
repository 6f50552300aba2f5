//! Certificates in PEM form within an output, in the order in which they stand there.

use data_encoding::BASE64;

use crate::{
    finding::{Reason, Unknown},
    host::Certificate,
};

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";
/// How many certificates of a chain are looked at: as many as of a live one.
const MOST: usize = 16;

/// What stands in an output.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Chain {
    pub read: Vec<Certificate>,
    /// How many there are in all.
    pub count: usize,
    /// There are more than are looked at.
    pub is_cut: bool,
}

impl Chain {
    /// # Errors
    /// One of them is not whole: whoever printed it had read it.
    pub fn read(text: &str) -> Result<Self, Unknown> {
        let mut chain = Self::default();
        let mut rest = text;
        while let Some(at) = rest.find(BEGIN) {
            chain.count += 1;
            let broken = || {
                let why = format!("certificate {} in the paste is not whole", chain.count);
                Unknown::new(Reason::NotWhole, why)
            };
            rest = &rest[at + BEGIN.len()..];
            let end = rest.find(END).ok_or_else(broken)?;
            let packed: Vec<u8> = rest[..end]
                .bytes()
                .filter(|byte| !byte.is_ascii_whitespace())
                .collect();
            rest = &rest[end + END.len()..];
            if chain.count > MOST {
                chain.is_cut = true;
                break;
            }
            let der = BASE64.decode(&packed).map_err(|_| broken())?;
            let certificate = Certificate::read(&der).map_err(|why| {
                let why = format!(
                    "certificate {} in the paste cannot be read: {why}",
                    chain.count
                );
                Unknown::new(Reason::NotWhole, why)
            })?;
            chain.read.push(certificate);
        }
        Ok(chain)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one() -> String {
        rcgen::generate_simple_self_signed(vec!["a.example".to_owned()])
            .expect("it can be made")
            .cert
            .pem()
    }

    #[test]
    fn chains() {
        let (one, two) = (one(), one());
        let chain = Chain::read(&format!("x\n{one}y\n{two}")).expect("they are whole");
        assert_eq!((chain.count, chain.read.len(), chain.is_cut), (2, 2, false));
        assert_eq!(chain.read[0].names, ["a.example"]);
        let many = Chain::read(&one.repeat(17)).expect("they are whole");
        assert_eq!((many.read.len(), many.is_cut), (16, true));
        assert_eq!(Chain::read("nothing"), Ok(Chain::default()));
    }

    #[test]
    fn what_is_not_whole_is_none() {
        let one = one();
        let marked = format!("{BEGIN}\naGVs*G8=\n{END}\n");
        for text in [&one[..one.len() / 2], &marked] {
            let refused = Chain::read(text).expect_err("it is cut");
            assert_eq!(refused.detail, "certificate 1 in the paste is not whole");
        }
        let other = format!("{BEGIN}\naGVsbG8=\n{END}\n");
        assert_eq!(
            Chain::read(&other).expect_err("it is none").detail,
            "certificate 1 in the paste cannot be read: not a certificate in DER form"
        );
    }
}
