//! Whether a word looks like one that somebody made up to be guessed by nobody, and is neither of a language nor the name of a
//! host, a file, a version or a way to encrypt. Sentences are read by it, where nothing else tells a secret from a word.

/// The shortest that is taken for one, in characters.
const SHORTEST: usize = 5;

/// What stands before a number in words that are no secrets, in lower case.
const NUMBERED: [&str; 24] = [
    "md", "sha", "base", "utf", "aes", "des", "rsa", "ssl", "tls", "tlsv", "ntlmv", "ntlm",
    "oauth", "http", "pkcs", "bcrypt", "scrypt", "argon", "pbkdf", "v", "iso", "win", "rc", "x",
];

/// Letters and a digit, none of the signs that paths and hosts are known by.
pub(super) fn is_made_up(word: &str) -> bool {
    let lower = word.to_lowercase();
    word.chars().count() >= SHORTEST
        && word.contains(|c: char| c.is_ascii_digit())
        && word.contains(char::is_alphabetic)
        && !word.contains(['/', '\\', '‹', '=', '"', '<', '>'])
        && !is_numbered(&lower)
        && !is_measure(&lower)
        && !is_host(word)
}

fn is_numbered(word: &str) -> bool {
    let letters = word.trim_end_matches(|c: char| c.is_ascii_digit() || "-._".contains(c));
    NUMBERED.contains(&letters)
}

/// `30days`, `15ms`, `2026-11-20T12:00:00Z`: what begins with digits and has but one run of letters behind them.
fn is_measure(word: &str) -> bool {
    let number = |c: char| c.is_ascii_digit() || "-.,:+%".contains(c);
    let unit = word.trim_start_matches(number);
    let time = |c: char| number(c) || matches!(c, 't' | 'z');
    word.starts_with(|c: char| c.is_ascii_digit())
        && ([
            "b", "kb", "mb", "gb", "bit", "bits", "bytes", "ms", "s", "sec", "min", "h", "d",
            "day", "days", "x", "th",
        ]
        .contains(&unit)
            || word.chars().all(time))
}

/// `db1.example.com:1521`, `com.example.Class2`, `config2.xml`.
fn is_host(word: &str) -> bool {
    let name = word.split(':').next().unwrap_or_default();
    let last = name.rsplit('.').next().unwrap_or_default();
    name.contains('.')
        && last.len() >= 2
        && last.starts_with(|c: char| c.is_ascii_alphabetic())
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '$'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words() {
        for word in ["Zx9Secr3tQq", "hunter2", "Summer2024!", "7zwerge"] {
            assert!(is_made_up(word), "{word}");
        }
        for word in [
            "required",
            "12345",
            "sha256",
            "SHA-256",
            "base64",
            "TLSv1.2",
            "30days",
            "2026-11-20T12:00:00Z",
            "db1.example.com:1521",
            "config2.xml",
            "/opt/a1b2",
            "‹secret-1›",
            "x1",
            "value=a1b2",
            "",
        ] {
            assert!(!is_made_up(word), "{word}");
        }
    }
}
