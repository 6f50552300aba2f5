//! The small words of the language: durations, sizes, names, ids.

use std::time::Duration;

/// `500ms`, `10s`, `2m`, `12h`, `7d`, `2w`.
pub fn duration(text: &str) -> Option<Duration> {
    let text = text.trim();
    let digits = text.find(|c: char| !c.is_ascii_digit())?;
    let number: u64 = text[..digits].parse().ok()?;
    let seconds = |factor: u64| number.checked_mul(factor).map(Duration::from_secs);
    match text[digits..].trim_start() {
        "ms" => Some(Duration::from_millis(number)),
        "s" => seconds(1),
        "m" | "min" => seconds(60),
        "h" => seconds(60 * 60),
        "d" => seconds(24 * 60 * 60),
        "w" => seconds(7 * 24 * 60 * 60),
        _ => None,
    }
}

/// `500MB`, `2 GB`, `64KiB`: bytes.
pub fn size(text: &str) -> Option<u64> {
    let text = text.trim();
    let digits = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let number: u64 = text[..digits].parse().ok()?;
    let factor: u64 = match text[digits..].trim_start() {
        "" | "B" => 1,
        "kB" | "KB" => 1000,
        "MB" => 1000 * 1000,
        "GB" => 1000 * 1000 * 1000,
        "TB" => 1000 * 1000 * 1000 * 1000,
        "KiB" => 1024,
        "MiB" => 1024 * 1024,
        "GiB" => 1024 * 1024 * 1024,
        "TiB" => 1024 * 1024 * 1024 * 1024,
        _ => return None,
    };
    number.checked_mul(factor)
}

/// `service-running`: lower-case words and digits with single hyphens between them.
pub fn is_kebab(name: &str) -> bool {
    !name.is_empty()
        && name.split('-').all(|word| {
            !word.is_empty()
                && word.chars().all(|c| {
                    c.is_ascii_lowercase()
                        || c.is_ascii_digit()
                        || !c.is_ascii() && c.is_alphanumeric()
                })
        })
}

/// `agent_dir`: lower-case words and digits with single underscores between them, a letter first.
pub fn is_snake(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.split('_').all(|word| {
            !word.is_empty()
                && word
                    .chars()
                    .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
        })
}

/// A text as an id: `It's running!` becomes `its-running`.
pub fn slug(text: &str) -> String {
    let mut out = String::new();
    let mut gap = false;
    for c in text.chars() {
        match c {
            '\'' | '’' => {}
            c if c.is_alphanumeric() => {
                if gap && !out.is_empty() {
                    out.push('-');
                }
                gap = false;
                out.extend(c.to_lowercase());
            }
            _ => gap = true,
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        let check = |text: &str, expected: Option<u64>| {
            assert_eq!(
                duration(text),
                expected.map(Duration::from_millis),
                "{text}"
            )
        };
        check("10s", Some(10_000));
        check("2m", Some(120_000));
        check("7d", Some(604_800_000));
        check("500ms", Some(500));
        check("10", None);
        check("s", None);
        check("-3s", None);
        check("99999999999999999999s", None);
        check("18446744073709551615d", None);
    }

    #[test]
    fn sizes() {
        let check = |text: &str, expected: Option<u64>| assert_eq!(size(text), expected, "{text}");
        check("500MB", Some(500_000_000));
        check("2 GiB", Some(2_147_483_648));
        check("7", Some(7));
        check("99999999999999TB", None);
        check("lots", None);
    }

    #[test]
    fn names_and_slugs() {
        assert!(
            is_kebab("a1-b")
                && !is_kebab("a--b")
                && !is_kebab("A")
                && !is_kebab("a_b")
                && !is_kebab("")
        );
        assert!(
            is_snake("a1_b")
                && !is_snake("1a")
                && !is_snake("a__b")
                && !is_snake("a-b")
                && !is_snake("")
        );
        let check = |text: &str, expected: &str| assert_eq!(slug(text), expected, "{text}");
        check("It is running", "it-is-running");
        check("  It's  *odd*! ", "its-odd");
        check("Yes", "yes");
        check("?!", "");
    }
}
