//! The start screen: what is wrong?

use ratatui::text::{Line, Span};

use crate::app::tui::{
    model::{Model, Start},
    theme::{CHOSEN, WARNING},
    view::{
        bars, field,
        prose::prose_in,
        sheet::{Cursor, Part, Scroll, Sheet},
        wrap::{Break, Indent, wrap},
    },
};

pub fn sheet(model: &Model, start: &Start, width: u16) -> Sheet {
    let mut sheet = bars::sheet(
        model,
        "Waypost",
        concat!("version ", env!("CARGO_PKG_VERSION")),
        width,
    );
    let theme = sheet.theme;
    let width = usize::from(width);
    let (search, column) = field::line(&start.search, width.saturating_sub(3));
    let mut line = Line::from(vec![
        Span::styled(format!(" {CHOSEN} "), theme.key()),
        Span::raw(search),
    ]);
    if start.is_unsearched() {
        line.push_span(Span::styled("type to search", theme.quiet()));
    }
    sheet.top = vec![
        Line::styled(" What is wrong?", theme.question()),
        line,
        Line::default(),
    ];
    sheet.cursor = Some(Cursor {
        part: Part::Top,
        line: 1,
        column: 3 + column,
    });
    let mut shown = 0..0;
    let mut number = 0;
    for group in &start.groups {
        if !sheet.body.is_empty() {
            sheet.body.push(Line::default());
        }
        let heading = sheet.body.len();
        sheet.body.extend(wrap(
            &[Span::styled(group.title.clone(), theme.label())],
            width,
            &Indent::blanks(1),
            Break::Words,
        ));
        for row in &group.rows {
            let first = sheet.body.len();
            let chosen = number == start.selected;
            let (sign, style) = if chosen {
                (CHOSEN, theme.chosen())
            } else {
                (" ", ratatui::style::Style::new())
            };
            sheet.body.extend(wrap(
                &[Span::styled(row.text.clone(), style)],
                width.saturating_sub(1),
                &Indent::hanging(Span::styled(format!(" {sign} "), theme.key())),
                Break::Words,
            ));
            if chosen {
                // The first row of a tree is seen with the tree's name.
                let from = if first == heading + 1 { heading } else { first };
                shown = from..sheet.body.len();
            }
            number += 1;
        }
    }
    if start.groups.is_empty() {
        let said = if start.is_unsearched() {
            "There are no trees to walk."
        } else {
            "Nothing fits. Fewer words find more; Esc clears the search."
        };
        sheet.body.push(Line::raw(format!(" {said}")));
    }
    for fault in &model.opening.faults {
        if start.is_unsearched() {
            sheet.body.push(Line::default());
            sheet.body.extend(wrap(
                &[Span::raw(fault.clone())],
                width.saturating_sub(1),
                &Indent::hanging(Span::styled(format!(" {WARNING} "), theme.warning())),
                Break::Words,
            ));
        }
    }
    sheet.scroll = Scroll::Showing(shown, 0);
    if let Some(group) = start.chosen_group() {
        sheet.below = prose_in(
            &escape(&group.summary),
            width.saturating_sub(1),
            &Indent::blanks(1),
            theme.quiet(),
            theme,
        );
        sheet.below.truncate(3);
    }
    sheet
}

/// A plain text as Markdown that means the same.
fn escape(text: &str) -> String {
    text.chars()
        .flat_map(|character| {
            let escaped = character.is_ascii_punctuation().then_some('\\');
            escaped.into_iter().chain([character])
        })
        .collect()
}
