//! What stands in a secret's place: `‹secret-1›`, or `‹secret-1 base64›` where the secret had the form of base64.

use std::ops::Range;

use memchr::memmem;

const OPEN: &str = "‹secret";
const CLOSE: char = '›';

/// The longest number that is read as one of a token.
const DIGITS: usize = 6;

/// The token of a secret.
pub(super) fn token(number: u32, base64: bool) -> String {
    format!(
        "{OPEN}-{number}{}{CLOSE}",
        if base64 { " base64" } else { "" }
    )
}

/// The length of the token that begins at `at`, and its number; 0 for one without.
pub(super) fn at(text: &str, at: usize) -> Option<(usize, u32)> {
    let rest = text.get(at..)?.strip_prefix(OPEN)?;
    if rest.starts_with(CLOSE) {
        return Some((OPEN.len() + CLOSE.len_utf8(), 0));
    }
    let rest = rest.strip_prefix('-')?;
    let digits = rest
        .bytes()
        .take(DIGITS)
        .take_while(u8::is_ascii_digit)
        .count();
    let number = rest[..digits].parse().ok()?;
    let after = &rest[digits..];
    let after = after.strip_prefix(" base64").unwrap_or(after);
    let after = after.strip_prefix(CLOSE)?;
    Some((text.len() - at - after.len(), number))
}

/// All tokens in a text, as they stand there.
pub fn tokens(text: &str) -> impl Iterator<Item = &str> {
    all(text).into_iter().map(|(range, _)| &text[range])
}

/// All tokens in a text.
pub(super) fn all(text: &str) -> Vec<(Range<usize>, u32)> {
    memmem::find_iter(text.as_bytes(), OPEN)
        .filter_map(|start| at(text, start).map(|(length, number)| (start..start + length, number)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_read() {
        let check = |text: &str, expected: Option<(usize, u32)>| {
            assert_eq!(at(text, 0), expected, "{text}")
        };
        check("‹secret-1›", Some((14, 1)));
        check("‹secret-12 base64› rest", Some((22, 12)));
        check("‹secret›", Some((12, 0)));
        check("‹secret-›", None);
        check("‹secret-1", None);
        check("‹secret-1234567›", None);
        check("‹secret-1 base32›", None);
        check("secret-1", None);
    }

    #[test]
    fn what_is_made_is_read() {
        for base64 in [false, true] {
            let made = token(42, base64);
            assert_eq!(at(&made, 0), Some((made.len(), 42)));
            assert_eq!(all(&format!("a {made} b")), [(2..2 + made.len(), 42)]);
        }
    }
}
