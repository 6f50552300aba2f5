//! The title and the ticket's number of a case, being typed in the place of the rows.

use ratatui::text::{Line, Span};

use crate::app::tui::{
    model::Naming,
    view::{
        field,
        sheet::{Cursor, Part, Sheet},
        wrap::columns,
    },
};

const LABELS: [&str; 2] = [" Title:         ", " Ticket number: "];

pub fn fill(sheet: &mut Sheet, naming: &Naming, width: usize) {
    let theme = sheet.theme;
    sheet.below.clear();
    for (at, (label, line)) in LABELS.into_iter().zip(&naming.lines).enumerate() {
        let before = columns(label);
        let (text, column) = field::line(line, width.saturating_sub(before + 1));
        sheet.below.push(Line::from(vec![
            Span::styled(label, theme.label()),
            Span::raw(text),
        ]));
        if at == naming.focus {
            sheet.cursor = Some(Cursor {
                part: Part::Below,
                line: at,
                column: u16::try_from(before)
                    .unwrap_or(u16::MAX)
                    .saturating_add(column),
            });
        }
    }
    sheet.below_shows = 0..sheet.below.len();
}
