//! Rows to choose from, each with its key; what the evidence points at is marked with a sign, a word and what was found.

use std::ops::Range;

use ratatui::{
    style::Style,
    text::{Line, Span},
};

use crate::app::tui::{
    markdown::plain,
    model::{Choice, key_of},
    theme::{CHOSEN, FOUND, THEN, Theme},
    view::{
        prose::prose_in,
        wrap::{Indent, columns},
    },
};

/// One row as it is drawn.
pub struct Shown {
    pub key: Option<char>,
    /// Markdown.
    pub text: String,
    pub found: bool,
    /// Markdown; stands under the row.
    pub note: String,
    pub unsure: bool,
}

impl Shown {
    /// A row with its number and nothing else.
    pub fn plain(index: usize, text: String) -> Self {
        Self {
            key: key_of(index),
            text,
            found: false,
            note: String::new(),
            unsure: false,
        }
    }
}

impl From<&Choice> for Shown {
    fn from(choice: &Choice) -> Self {
        Self {
            key: choice.key,
            text: choice.text.clone(),
            found: choice.found,
            note: choice.note.clone(),
            unsure: choice.unsure,
        }
    }
}

/// The rows as lines, and which lines are the chosen row's.
pub fn rows(
    rows: &[Shown],
    selected: Option<usize>,
    width: usize,
    theme: Theme,
) -> (Vec<Line<'static>>, Range<usize>) {
    let mut lines = Vec::new();
    let mut shows = 0..0;
    for (index, row) in rows.iter().enumerate() {
        let first = lines.len();
        let chosen = selected == Some(index);
        lines.extend(one(row, chosen, width, theme));
        if chosen {
            shows = first..lines.len();
        }
    }
    (lines, shows)
}

fn one(row: &Shown, chosen: bool, width: usize, theme: Theme) -> Vec<Line<'static>> {
    let sign = if chosen { CHOSEN } else { " " };
    let key = row.key.unwrap_or('·');
    let found = if row.found { FOUND } else { " " };
    let indent = Indent {
        first: vec![
            Span::styled(format!(" {sign} "), theme.key()),
            Span::styled(format!("{key} "), theme.key()),
            Span::styled(format!("{found} "), theme.found()),
        ],
        rest: vec![Span::raw(" ".repeat(7))],
    };
    let base = match (chosen, row.unsure) {
        (true, _) => theme.chosen(),
        (false, true) => theme.quiet(),
        (false, false) => Style::new(),
    };
    let room = width.saturating_sub(1);
    let mut lines = prose_in(&row.text, room, &indent, base, theme);
    let note = if row.found {
        ("found", theme.found())
    } else {
        ("", theme.quiet())
    };
    let text = match (row.note.as_str(), note.0) {
        ("", "") => return lines,
        ("", word) => word.to_owned(),
        (text, "") => text.to_owned(),
        (text, word) => format!("{word}: {text}"),
    };
    // A short note stands behind a short answer, a long one under it.
    let said = plain(&text);
    if let [line] = lines.as_mut_slice()
        && line.width() + 3 + columns(&said) <= room
    {
        line.push_span(Span::styled(format!("  {THEN} "), theme.quiet()));
        for piece in prose_in(&text, room, &Indent::default(), note.1, theme) {
            piece
                .spans
                .into_iter()
                .for_each(|span| line.push_span(span));
        }
    } else {
        let indent = Indent {
            first: vec![
                Span::raw("       "),
                Span::styled(format!("{THEN} "), theme.quiet()),
            ],
            rest: vec![Span::raw(" ".repeat(9))],
        };
        lines.extend(prose_in(&text, room, &indent, note.1, theme));
    }
    lines
}
