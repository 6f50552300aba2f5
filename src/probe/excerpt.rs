//! Cuts what a person is shown to a bearable size. Never cuts facts that are judged.

/// The longest line that is shown, in characters.
pub(super) const LINE: usize = 300;

/// The text, or its first `most` characters and `…`.
pub(super) fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

/// The first lines, each cut, and `…` where there are more. Empty lines at the end are left out.
pub(super) fn first_lines(text: &str, most: usize) -> Vec<String> {
    let text = text.trim_end();
    if text.is_empty() {
        return Vec::new();
    }
    let mut lines = text.lines();
    let mut shown: Vec<String> = lines
        .by_ref()
        .take(most)
        .map(|line| cut(line, LINE))
        .collect();
    if lines.next().is_some() {
        shown.push("…".to_owned());
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_cut_between_characters() {
        assert_eq!(cut("äöü", 2), "äö…");
        assert_eq!(cut("äöü", 3), "äöü");
    }

    #[test]
    fn more_lines_are_told() {
        assert_eq!(first_lines("a\nb\nc\n", 2), ["a", "b", "…"]);
        assert_eq!(first_lines("a\nb\n\n", 2), ["a", "b"]);
        assert!(first_lines(" \n", 2).is_empty());
    }
}
