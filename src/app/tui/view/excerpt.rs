//! A piece of a file with what is the point in it marked, also where several findings point into the same lines.

use std::collections::BTreeMap;

use ratatui::{
    style::{Modifier, Style},
    text::{Line, Span},
};

use crate::{
    app::tui::{
        theme::{CHOSEN, Theme},
        view::wrap::{Break, Indent, wrap},
    },
    finding::Evidence,
};

/// Lines that follow each other in one file. Text whose line is not known stands in an excerpt of its own, and its rows count
/// from 1 without being shown.
pub struct Excerpt<'a> {
    numbered: bool,
    rows: BTreeMap<u64, Row<'a>>,
}

#[derive(Default)]
struct Row<'a> {
    text: &'a str,
    /// It is what was found, not a neighbour.
    found: bool,
    /// Character positions (start, end), counted from 0.
    marks: Vec<(usize, usize)>,
}

impl<'a> Excerpt<'a> {
    /// Puts a line with its neighbours among the excerpts of its file: into the one that it meets, else behind all.
    pub fn add(list: &mut Vec<Self>, evidence: &'a Evidence) {
        let mut new = Self::of(evidence);
        let mut at = list.len();
        while let Some(met) = list.iter().position(|old| old.meets(&new)) {
            let mut old = list.remove(met);
            old.take(new);
            new = old;
            at = at.min(met);
        }
        list.insert(at, new);
    }

    fn of(evidence: &'a Evidence) -> Self {
        let before = evidence.before.len() as u64;
        let line = evidence.line.unwrap_or(before.saturating_add(1));
        let mut rows = BTreeMap::new();
        for (by, text) in (1..).zip(evidence.before.iter().rev()) {
            if let Some(line) = line.checked_sub(by) {
                rows.insert(line, Row::neighbour(text));
            }
        }
        for (by, text) in (1..).zip(&evidence.after) {
            rows.insert(line.saturating_add(by), Row::neighbour(text));
        }
        rows.insert(
            line,
            Row {
                text: &evidence.text,
                found: true,
                marks: evidence.mark.into_iter().collect(),
            },
        );
        Self {
            numbered: evidence.line.is_some(),
            rows,
        }
    }

    fn first(&self) -> u64 {
        self.rows.keys().next().copied().unwrap_or(0)
    }

    fn last(&self) -> u64 {
        self.rows.keys().next_back().copied().unwrap_or(0)
    }

    /// Whether no line lies between the two.
    fn meets(&self, other: &Self) -> bool {
        self.numbered
            && other.numbered
            && self.first() <= other.last().saturating_add(1)
            && other.first() <= self.last().saturating_add(1)
    }

    fn take(&mut self, other: Self) {
        for (line, row) in other.rows {
            let kept = self.rows.entry(line).or_insert_with(|| Row {
                text: row.text,
                ..Row::default()
            });
            if row.found {
                // Two findings of one line may have cut it differently: the marks of the first belong to its text.
                if !kept.found {
                    kept.text = row.text;
                }
                if kept.text == row.text {
                    kept.marks.extend(row.marks);
                }
                kept.found = true;
            }
        }
    }

    /// How many columns its line numbers take.
    pub fn digits(&self) -> usize {
        if self.numbered {
            self.last().to_string().len()
        } else {
            0
        }
    }

    /// Between two excerpts of one file.
    pub fn gap(wide: usize, theme: Theme) -> Line<'static> {
        Line::styled(format!("     {}⋮", " ".repeat(wide)), theme.quiet())
    }

    /// Each row with its number; a sign before what was found, and carets under its point.
    pub fn lines(&self, width: usize, wide: usize, theme: Theme) -> Vec<Line<'static>> {
        let mut lines = Vec::new();
        for (line, row) in &self.rows {
            let number = match (self.numbered, wide) {
                (true, _) => format!("{line:>wide$} "),
                (false, 0) => String::new(),
                (false, _) => " ".repeat(wide + 1),
            };
            let sign = if row.found { CHOSEN } else { " " };
            let indent = Indent {
                first: vec![
                    Span::raw("   "),
                    Span::styled(format!("{sign} "), theme.mark_sign()),
                    Span::styled(number.clone(), theme.quiet()),
                    Span::styled("│ ", theme.quiet()),
                ],
                rest: vec![
                    Span::raw(" ".repeat(5 + number.len())),
                    Span::styled("│ ", theme.quiet()),
                ],
            };
            for drawn in wrap(&row.spans(theme), width, &indent, Break::Anywhere) {
                let carets = carets(&drawn, theme.mark());
                lines.push(drawn);
                lines.extend(carets);
            }
        }
        lines
    }
}

impl<'a> Row<'a> {
    fn neighbour(text: &'a str) -> Self {
        Self {
            text,
            ..Self::default()
        }
    }

    /// The text, each of its points in the style of a mark.
    fn spans(&self, theme: Theme) -> Vec<Span<'static>> {
        if !self.found {
            return vec![Span::styled(self.text.to_owned(), theme.quiet())];
        }
        let byte = |at: usize| {
            self.text
                .char_indices()
                .nth(at)
                .map_or(self.text.len(), |(byte, _)| byte)
        };
        let mut marks = self.marks.clone();
        marks.sort_unstable();
        let mut spans = Vec::new();
        let mut done = 0;
        for (start, end) in marks {
            let (start, end) = (byte(start).max(done), byte(end));
            if start < end {
                spans.push(Span::raw(self.text[done..start].to_owned()));
                spans.push(Span::styled(self.text[start..end].to_owned(), theme.mark()));
                done = end;
            }
        }
        spans.push(Span::raw(self.text[done..].to_owned()));
        spans
    }
}

/// A row of carets under what is marked, so that it is seen without colour too.
fn carets(row: &Line<'_>, mark: Style) -> Option<Line<'static>> {
    let mut text = String::new();
    for span in &row.spans {
        let sign = if span.style == mark { "^" } else { " " };
        text.push_str(&sign.repeat(span.width()));
    }
    let end = text.trim_end().len();
    text.truncate(end);
    (end > 0).then(|| Line::styled(text, mark.remove_modifier(Modifier::UNDERLINED)))
}
