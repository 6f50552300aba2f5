//! Which of the codes by which a SOCKS 5 proxy refuses says most (RFC 1928, 6).

/// Among refusals of several addresses, one of a kind of address or of a network says least.
pub(super) fn telling(code: u8) -> u8 {
    match code {
        8 => 0,
        3 => 1,
        1 => 2,
        _ => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_several_refusals_the_most_telling_one_counts() {
        let mut codes = [8, 5, 3, 1];
        codes.sort_by_key(|code| telling(*code));
        assert_eq!(codes, [8, 3, 1, 5]);
    }
}
