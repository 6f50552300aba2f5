//! The lines around a line, in a text of whole lines.

use std::ops::Range;

use memchr::{memchr, memrchr};

use crate::probe::{
    excerpt::{LINE, cut},
    log::wanted::Pattern,
};

/// Whether the pattern's neighbour is there. `None`: it is not; `Some(None)`: none is asked for. `bytes` is the line,
/// `reach_up` how many lines above it may be one.
pub fn near(
    pattern: &Pattern,
    text: &[u8],
    bytes: &Range<usize>,
    reach_up: u64,
) -> Option<Option<Range<usize>>> {
    let Some(near) = &pattern.near else {
        return Some(None);
    };
    if near.is_match(&text[bytes.clone()]) {
        return Some(Some(bytes.clone()));
    }
    let reach_up = usize::try_from(reach_up).unwrap_or(usize::MAX);
    let mut above = above(text, bytes.start).take(pattern.within.min(reach_up));
    let mut below = below(text, bytes.end).take(pattern.within);
    let matches = |line: &Range<usize>| near.is_match(without_return(text, line.clone()));
    // The nearest first.
    let found = (0..pattern.within).find_map(|_| {
        [above.next(), below.next()]
            .into_iter()
            .flatten()
            .find(matches)
    });
    found.map(Some)
}

fn without_return(text: &[u8], line: Range<usize>) -> &[u8] {
    let line = &text[line];
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// The lines that end before `at`, the start of a line; the nearest first, without breaks.
pub fn above(text: &[u8], at: usize) -> impl Iterator<Item = Range<usize>> {
    let mut end = at;
    std::iter::from_fn(move || {
        let last = end.checked_sub(1)?;
        let start = memrchr(b'\n', &text[..last]).map_or(0, |before| before + 1);
        end = start;
        Some(start..last)
    })
}

/// The lines after the one that `at` lies in.
pub fn below(text: &[u8], at: usize) -> impl Iterator<Item = Range<usize>> {
    let mut from = memchr(b'\n', &text[at..]).map_or(text.len(), |after| at + after + 1);
    std::iter::from_fn(move || {
        let end = from + memchr(b'\n', &text[from..])?;
        let line = from..end;
        from = end + 1;
        Some(line)
    })
}

/// A line as it is shown beside another.
pub fn show(text: &[u8], line: Range<usize>) -> String {
    let line = &text[line];
    cut(
        String::from_utf8_lossy(&line[..line.len().min(4 * LINE + 4)]).trim_end_matches('\r'),
        LINE,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_around() {
        let text = b"one\ntwo\r\n\nfour\n";
        let shown = |lines: Vec<Range<usize>>| -> Vec<String> {
            lines.into_iter().map(|line| show(text, line)).collect()
        };
        assert_eq!(shown(above(text, 10).collect()), ["", "two", "one"]);
        assert_eq!(shown(above(text, 0).collect()), [""; 0]);
        assert_eq!(shown(below(text, 1).collect()), ["two", "", "four"]);
        assert_eq!(shown(below(text, 12).collect()), [""; 0]);
    }
}
