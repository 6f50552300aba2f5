//! What a proxy offers that wants a login.

/// The login schemes that `Proxy-Authenticate` headers offer (RFC 9110, 11.6.1): each challenge begins with one, and
/// one header may hold several, whose parameters are parted by commas too.
pub(in crate::host) fn schemes<'a>(headers: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut schemes: Vec<String> = Vec::new();
    for header in headers {
        for part in outside_quotes(header) {
            let word = part.split([' ', '\t']).next().unwrap_or_default();
            let named =
                !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
            // A parameter has its equals sign in its first word, or blanks before it.
            let parameter = part[word.len()..].trim_start().starts_with('=');
            if named && !parameter && !schemes.iter().any(|known| known.eq_ignore_ascii_case(word))
            {
                schemes.push(word.to_owned());
            }
        }
    }
    schemes
}

fn outside_quotes(header: &str) -> Vec<&str> {
    let (mut parts, mut start, mut quoted, mut escaped) = (Vec::new(), 0, false, false);
    for (at, c) in header.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            ',' if !quoted => {
                parts.push(header[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(header[start..].trim());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_challenge_begins_with_its_scheme() {
        let check = |headers: &[&str], expected: &[&str]| {
            assert_eq!(schemes(headers.iter().copied()), expected, "{headers:?}");
        };
        check(&["Negotiate", "NTLM", "ntlm"], &["Negotiate", "NTLM"]);
        check(
            &[r#"Digest realm="a, b", nonce = "c", Basic realm=x"#],
            &["Digest", "Basic"],
        );
        check(&[""], &[]);
    }
}
