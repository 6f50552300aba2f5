//! A line of a file as evidence: marked, cut where it is long, with parts hidden where they must not be shown.

use std::ops::Range;

/// The longest line that evidence shows, in characters; of a longer one, what stands around the mark.
pub const LONGEST: usize = 400;

/// What stands where something was hidden.
const HIDDEN: &str = "‹secret›";

/// A line as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marked {
    pub text: String,
    /// The marked part, in characters of `text`.
    pub mark: (usize, usize),
}

/// Cuts `line` around `mark` and hides `hidden`; all are bytes of `line`, at boundaries of characters, `hidden` in order.
pub fn marked(line: &str, mark: Range<usize>, hidden: &[Range<usize>]) -> Marked {
    let mut chars: Vec<char> = Vec::new();
    let (mut start, mut end) = (None, None);
    let mut hidden = hidden.iter().peekable();
    let mut inside: Option<&Range<usize>> = None;
    // A line may be as long as its file: no more of it is looked at than what can be shown.
    let from = line.floor_char_boundary(mark.start.saturating_sub(4 * LONGEST));
    let to = line.ceil_char_boundary(mark.start.saturating_add(8 * LONGEST).min(line.len()));
    for (at, c) in line[from..to].char_indices().map(|(at, c)| (from + at, c)) {
        inside = inside.filter(|range| at < range.end);
        if start.is_none() && at >= mark.start {
            start = Some(chars.len());
        }
        if end.is_none() && at >= mark.end {
            end = Some(chars.len());
        }
        while let Some(range) = hidden.peek().filter(|range| range.start <= at) {
            if at < range.end && inside.is_none() {
                inside = Some(range);
                chars.extend(HIDDEN.chars());
            }
            hidden.next();
        }
        if inside.is_none() {
            chars.push(c);
        }
    }
    let start = start.unwrap_or(chars.len());
    let end = end.unwrap_or(chars.len()).max(start);
    if chars.len() <= LONGEST {
        return Marked {
            text: chars.into_iter().collect(),
            mark: (start, end),
        };
    }
    let from = start.saturating_sub(LONGEST / 4).min(chars.len() - LONGEST);
    let to = from + LONGEST;
    let mut text = String::new();
    let mut shift = 0;
    if from > 0 {
        text.push('…');
        shift = 1;
    }
    text.extend(&chars[from..to]);
    if to < chars.len() {
        text.push('…');
    }
    Marked {
        text,
        mark: (start - from + shift, end.min(to) - from + shift),
    }
}

#[cfg(test)]
#[expect(
    clippy::single_range_in_vec_init,
    reason = "one hidden range is what is meant"
)]
mod tests {
    use super::*;

    #[test]
    fn lines() {
        let check = |line: &str, mark, hidden: &[Range<usize>], text: &str, at| {
            assert_eq!(
                marked(line, mark, hidden),
                Marked {
                    text: text.to_owned(),
                    mark: at
                }
            );
        };
        check("abc", 1..2, &[], "abc", (1, 2));
        check("grün x", 6..7, &[], "grün x", (5, 6));
        check("", 0..0, &[], "", (0, 0));
        check("ab", 2..2, &[], "ab", (2, 2));
        check(
            "name secret x",
            12..13,
            &[5..11],
            "name ‹secret› x",
            (14, 15),
        );
        check("secret", 0..6, &[0..6], "‹secret›", (0, 8));
        check("ab", 0..1, &[1..1], "ab", (0, 1));
    }

    #[test]
    fn a_long_line_is_cut_around_its_mark() {
        let line = format!("{}HIT{}", "a".repeat(1000), "b".repeat(1000));
        let cut = marked(&line, 1000..1003, &[]);
        let inside: String = cut
            .text
            .chars()
            .skip(cut.mark.0)
            .take(cut.mark.1 - cut.mark.0)
            .collect();
        assert_eq!(inside, "HIT");
        assert_eq!(cut.text.chars().count(), LONGEST + 2);
        assert!(cut.text.starts_with('…') && cut.text.ends_with('…'));
        let cut = marked(&line, 1000..1003, &[900..999]);
        assert!(cut.text.contains("a‹secret›aHIT"));
        let whole = marked(&line, 0..line.len(), &[]);
        assert_eq!(whole.mark, (0, LONGEST));
    }
}
