//! Lines wrapped by the width that they take on the screen, with hanging indents.
//!
//! Wide characters count two columns; nothing is ever cut: a word that is wider than the line goes on in the next.

use ratatui::{
    style::Style,
    text::{Line, Span},
};

use crate::finding::visible::{Room, visible};

/// What stands before the first line and before those that follow from it.
#[derive(Debug, Clone, Default)]
pub struct Indent {
    pub first: Vec<Span<'static>>,
    pub rest: Vec<Span<'static>>,
}

impl Indent {
    /// As many blanks before every line.
    pub fn blanks(count: usize) -> Self {
        Self::hanging(Span::raw(" ".repeat(count)))
    }

    /// `first` before the first line, blanks of its width before the others.
    pub fn hanging(first: Span<'static>) -> Self {
        let rest = vec![Span::raw(" ".repeat(first.width()))];
        Self {
            first: vec![first],
            rest,
        }
    }

    /// This indent with another inside it.
    #[must_use]
    pub fn with(&self, inner: Self) -> Self {
        let mut first = self.first.clone();
        first.extend(inner.first);
        let mut rest = self.rest.clone();
        rest.extend(inner.rest);
        Self { first, rest }
    }

    /// What follows once the first line is out.
    #[must_use]
    pub fn followed(&self) -> Self {
        Self {
            first: self.rest.clone(),
            rest: self.rest.clone(),
        }
    }

    pub fn width(&self) -> usize {
        self.rest.iter().map(Span::width).sum()
    }
}

/// How lines may be broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Break {
    /// Between words; blanks at a break vanish.
    Words,
    /// Anywhere, and every blank stays: for code and log lines.
    Anywhere,
}

/// One character as it is seen, with its style.
#[derive(Clone)]
struct Cell {
    symbol: String,
    style: Style,
    width: usize,
}

impl Cell {
    fn is_blank(&self) -> bool {
        self.symbol == " "
    }
}

/// Wraps runs of text to `width` columns. A `\n` in a run begins a new line. Never gives no line at all.
pub fn wrap(
    spans: &[Span<'_>],
    width: usize,
    indent: &Indent,
    breaking: Break,
) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    let mut indent = indent.clone();
    for paragraph in paragraphs(spans) {
        // A window so narrow that the indent fills it still shows one character a line.
        let room = |before: &[Span<'_>]| {
            let before: usize = before.iter().map(Span::width).sum();
            width.saturating_sub(before).max(2)
        };
        let rooms = (room(&indent.first), room(&indent.rest));
        for row in rows(paragraph, rooms, breaking) {
            let mut line = indent.first.clone();
            line.extend(join(&row));
            lines.push(Line::from(line));
            indent = indent.followed();
        }
    }
    lines
}

/// How many columns a text takes.
pub fn columns(text: &str) -> usize {
    Span::raw(text).width()
}

/// The text cut to `width` columns, with `…` where something was cut: for rows of a list only, whose whole text is shown
/// elsewhere.
pub fn cut(text: &str, width: usize) -> String {
    let shown = visible(text, Room::Line);
    if columns(&shown) <= width {
        return shown.into_owned();
    }
    let mut out = String::new();
    let mut used = 0;
    for grapheme in Span::raw(shown.as_ref()).styled_graphemes(Style::new()) {
        let wide = columns(grapheme.symbol);
        if used + wide + 1 > width {
            break;
        }
        used += wide;
        out.push_str(grapheme.symbol);
    }
    if width > 0 {
        out.push('…');
    }
    out
}

fn paragraphs(spans: &[Span<'_>]) -> Vec<Vec<Cell>> {
    let mut paragraphs = vec![Vec::new()];
    for span in spans {
        for (index, part) in span.content.split('\n').enumerate() {
            if index > 0 {
                paragraphs.push(Vec::new());
            }
            let shown = visible(part, Room::Line);
            let cells = paragraphs.last_mut().into_iter();
            for cells in cells {
                cells.extend(
                    Span::raw(shown.as_ref())
                        .styled_graphemes(Style::new())
                        .map(|grapheme| Cell {
                            symbol: grapheme.symbol.to_owned(),
                            style: span.style,
                            width: columns(grapheme.symbol),
                        }),
                );
            }
        }
    }
    paragraphs
}

/// Fills rows: the first has other room than those that follow.
fn rows(cells: Vec<Cell>, (first, rest): (usize, usize), breaking: Break) -> Vec<Vec<Cell>> {
    let mut rows = Vec::new();
    let mut row: Vec<Cell> = Vec::new();
    let mut used = 0;
    for cell in cells {
        let room = if rows.is_empty() { first } else { rest };
        if used + cell.width > room {
            let moved = match breaking {
                Break::Words if cell.is_blank() => Vec::new(),
                Break::Words => split_last_word(&mut row),
                Break::Anywhere => Vec::new(),
            };
            rows.push(std::mem::replace(&mut row, moved));
            used = row.iter().map(|cell| cell.width).sum();
            if breaking == Break::Words && cell.is_blank() {
                continue;
            }
        }
        if breaking == Break::Words && cell.is_blank() && row.is_empty() && !rows.is_empty() {
            continue;
        }
        used += cell.width;
        row.push(cell);
    }
    rows.push(row);
    if breaking == Break::Words {
        for row in &mut rows {
            while row.last().is_some_and(Cell::is_blank) {
                row.pop();
            }
        }
    }
    rows
}

/// Takes the word that a row ends with off it, where there is another before it.
fn split_last_word(row: &mut Vec<Cell>) -> Vec<Cell> {
    match row.iter().rposition(Cell::is_blank) {
        Some(at) if row[..at].iter().any(|cell| !cell.is_blank()) => row.split_off(at + 1),
        _ => Vec::new(),
    }
}

fn join(cells: &[Cell]) -> Vec<Span<'static>> {
    let mut spans: Vec<Span<'static>> = Vec::new();
    for cell in cells {
        match spans.last_mut() {
            Some(last) if last.style == cell.style => last.content.to_mut().push_str(&cell.symbol),
            _ => spans.push(Span::styled(cell.symbol.clone(), cell.style)),
        }
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(lines: &[Line<'_>]) -> Vec<String> {
        lines.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn words_are_kept_whole_where_they_fit() {
        let check = |text: &str, width: usize, expected: &[&str]| {
            let lines = wrap(
                &[Span::raw(text.to_owned())],
                width,
                &Indent::default(),
                Break::Words,
            );
            assert_eq!(texts(&lines), expected, "{text:?} in {width}");
        };
        check("", 10, &[""]);
        check("one two three", 7, &["one two", "three"]);
        check("one two three", 8, &["one two", "three"]);
        check("one  two", 4, &["one", "two"]);
        check("abcdefghij", 4, &["abcd", "efgh", "ij"]);
        check("a bcdefghij", 4, &["a", "bcde", "fghi", "j"]);
        check("漢字漢字", 5, &["漢字", "漢字"]);
        check("a\nb", 5, &["a", "b"]);
        check("x \u{1b}[2J", 3, &["x", "␛[2", "J"]);
    }

    #[test]
    fn code_keeps_its_blanks() {
        let check = |text: &str, width: usize, expected: &[&str]| {
            let lines = wrap(
                &[Span::raw(text.to_owned())],
                width,
                &Indent::default(),
                Break::Anywhere,
            );
            assert_eq!(texts(&lines), expected, "{text:?} in {width}");
        };
        check("  a  b", 4, &["  a ", " b"]);
        check("ab", 4, &["ab"]);
    }

    #[test]
    fn what_follows_hangs_under_the_first_word() {
        let indent = Indent::blanks(1).with(Indent::hanging(Span::raw("2. ")));
        let lines = wrap(&[Span::raw("one two three")], 11, &indent, Break::Words);
        assert_eq!(texts(&lines), [" 2. one two", "    three"]);
    }

    #[test]
    fn a_label_takes_its_room_from_the_first_line_alone() {
        let indent = Indent {
            first: vec![Span::raw("Why: ")],
            rest: vec![Span::raw(" ")],
        };
        let check = |text: &str, expected: &[&str]| {
            let lines = wrap(&[Span::raw(text.to_owned())], 12, &indent, Break::Words);
            assert_eq!(texts(&lines), expected);
        };
        check("one two three four", &["Why: one two", " three four"]);
        check("one twos three", &["Why: one", " twos three"]);
        check("abcdefghijk", &["Why: abcdefg", " hijk"]);
    }

    #[test]
    fn no_line_is_wider_than_asked() {
        for width in 4..30 {
            let text =
                "Überlange Wörter wie C:\\Program Files\\ServiceNow und 漢字漢字漢字 sind 👩‍👩‍👧 da";
            for breaking in [Break::Words, Break::Anywhere] {
                for line in wrap(&[Span::raw(text)], width, &Indent::blanks(1), breaking) {
                    assert!(line.width() <= width, "{line} in {width}");
                }
            }
        }
    }

    #[test]
    fn a_cut_row_says_that_it_was_cut() {
        let check =
            |text: &str, width: usize, expected: &str| assert_eq!(cut(text, width), expected);
        check("abc", 3, "abc");
        check("abcd", 3, "ab…");
        check("漢字漢", 4, "漢…");
        check("abc", 0, "");
    }
}
