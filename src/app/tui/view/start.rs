//! The start screen: what is wrong?

use ratatui::text::{Line, Span};

use crate::app::tui::{
    model::{Model, Start},
    theme::{CHOSEN, WARNING},
    view::{
        bars, field,
        sheet::{Cursor, Part, Scroll, Sheet, ends},
        wrap::{Break, Indent, wrap},
    },
};

const SEARCH: &str = " Search: ";

/// Lines of the chosen tree's summary.
const SUMMARY: usize = 2;

pub fn sheet(model: &Model, start: &Start, width: u16) -> Sheet {
    let mut sheet = bars::sheet(
        model,
        "Waypost",
        concat!("version ", env!("CARGO_PKG_VERSION")),
        width,
    );
    let theme = sheet.theme;
    let width = usize::from(width);
    let (search, column) = field::line(&start.search, width.saturating_sub(SEARCH.len()));
    let mut line = Line::from(vec![Span::styled(SEARCH, theme.label()), Span::raw(search)]);
    if start.is_unsearched() {
        line.push_span(Span::styled("type a few words", theme.quiet()));
    }
    sheet.top = vec![
        Line::styled(" What is wrong?", theme.question()),
        line,
        Line::default(),
    ];
    sheet.cursor = Some(Cursor {
        part: Part::Top,
        line: 1,
        column: 9 + column,
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
            width - 1,
            &Indent::blanks(1),
            Break::Words,
        ));
        let rows = sheet.body.len();
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
                let from = if first == rows { heading } else { first };
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
    sheet.scroll = Scroll::Showing(shown, start.nudge);
    if let Some(group) = start.chosen_group() {
        // Two lines are enough to tell trees apart; the next page has all of it.
        sheet.below = wrap(
            &[Span::styled(group.summary.clone(), theme.quiet())],
            width - 1,
            &Indent::blanks(1),
            Break::Words,
        );
        if sheet.below.len() > SUMMARY {
            sheet.below.truncate(SUMMARY);
            if let Some(last) = sheet.below.last_mut() {
                last.push_span(Span::styled("…", theme.quiet()));
            }
        }
    }
    let faults = match model.opening.faults.as_slice() {
        [] => None,
        [fault] => Some(fault.clone()),
        more => Some(format!(
            "{} trees have mistakes and cannot be walked; `waypost check` tells them",
            more.len()
        )),
    };
    if let (Some(faults), None) = (faults, &model.saying) {
        let text = format!("{WARNING} {faults}");
        sheet.foot = vec![ends((&text, theme.warning()), ("", theme.quiet()), width)];
    }
    sheet
}
