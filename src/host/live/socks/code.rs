//! The codes by which a SOCKS 5 proxy refuses (RFC 1928, 6).

/// Among refusals of several addresses, one of a kind of address or of a network says least.
pub(super) fn telling(code: u8) -> u8 {
    match code {
        8 => 0,
        3 => 1,
        1 => 2,
        _ => 3,
    }
}

/// A code in words.
pub(super) fn meaning(code: u8) -> String {
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

    #[test]
    fn of_several_refusals_the_most_telling_one_counts() {
        let mut codes = [8, 5, 3, 1];
        codes.sort_by_key(|code| telling(*code));
        assert_eq!(codes, [8, 3, 1, 5]);
    }
}
