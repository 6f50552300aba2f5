//! The value of a Basic login's header (RFC 7617). Never logged, never kept.

use secrecy::{ExposeSecret, SecretString};

use crate::finding::{Reason, Unknown};

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// `Basic …` for a user and a password; without a password it is empty.
pub(super) fn header(user: &str, password: Option<&SecretString>) -> Result<SecretString, Unknown> {
    if user.contains(':') {
        return Err(Unknown::new(
            Reason::Other,
            "a user's name with a colon cannot be sent as a Basic login",
        ));
    }
    let password = password.map_or("", ExposeSecret::expose_secret);
    Ok(SecretString::from(format!(
        "Basic {}",
        base64(format!("{user}:{password}").as_bytes())
    )))
}

fn base64(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for digit in 0..4 {
            match digit <= chunk.len() {
                true => text.push(char::from(DIGITS[(bits >> (18 - 6 * digit)) as usize & 63])),
                false => text.push('='),
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodes_as_rfc_4648_says() {
        for (plain, coded) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
        assert_eq!(base64(&[0xfb, 0xff]), "+/8=");
    }

    #[test]
    fn a_login_is_one_header() {
        // The example of RFC 7617.
        let password = SecretString::from("open sesame");
        assert_eq!(
            header("Aladdin", Some(&password)).unwrap().expose_secret(),
            "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="
        );
        assert!(header("a:b", None).is_err());
    }
}
