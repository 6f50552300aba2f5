//! The small words of the language: names, ids, and durations and sizes as probes read them.

pub use crate::probe::{duration::parse as duration, size::parse as size};

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
