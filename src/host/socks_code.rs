//! The codes by which a SOCKS 5 proxy refuses (RFC 1928, 6), in words.

/// No login that it was offered is to its liking.
pub(in crate::host) const NO_METHOD: u8 = 0xff;
/// What a login by user and password is called.
pub(in crate::host) const PASSWORD: &str = "username/password";

/// A code in words.
pub(in crate::host) fn meaning(code: u8) -> String {
    match code {
        1 => "it failed and does not say why",
        2 => "its rules forbid this connection",
        3 => "it says that the target's network is unreachable",
        4 => "it says that the target is unreachable",
        5 => "it says that the target refused the connection",
        6 => "it says that the way to the target took too long",
        7 => "it opens no connections",
        8 => "it knows no addresses of this kind",
        _ => return format!("{code} is no code that SOCKS 5 knows"),
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The codes of RFC 1928, 6, from `general SOCKS server failure` on; the rest of them is unassigned.
    #[test]
    fn each_code_has_its_words() {
        let words: Vec<String> = (1..=9).map(meaning).collect();
        for (at, words) in words.iter().enumerate() {
            assert_eq!(words.contains("no code"), at == 8, "{words}");
        }
        let mut once = words.clone();
        once.sort();
        once.dedup();
        assert_eq!(once.len(), words.len());
        assert_eq!(meaning(2), "its rules forbid this connection");
        assert_eq!(meaning(200), "200 is no code that SOCKS 5 knows");
    }
}
