//! Where is the machine?

use ratatui::text::Line;

use crate::app::tui::{
    model::{Model, Where},
    view::{
        bars,
        choices::{self, Shown},
        prose::{prose, prose_in},
        sheet::{Scroll, Sheet},
        wrap::Indent,
    },
};

const HELP: &str = "On this machine, Waypost looks for itself wherever it can; it changes nothing.\n\n\
On somebody else's machine nothing is looked at. Each question comes with commands to copy, and you say what they gave.";

pub fn sheet(model: &Model, place: &Where, width: u16) -> Sheet {
    let mut sheet = bars::sheet(model, &place.title, "", width);
    let theme = sheet.theme;
    let width = usize::from(width);
    let indent = Indent::blanks(1);
    sheet.body.push(Line::default());
    if !place.summary.is_empty() {
        sheet.body.extend(prose_in(
            &place.summary,
            width - 1,
            &indent,
            theme.quiet(),
            theme,
        ));
        sheet.body.push(Line::default());
    }
    sheet.body.extend([
        Line::styled(" Where is the machine?", theme.question()),
        Line::default(),
    ]);
    sheet.body.extend(prose(HELP, width - 1, &indent, theme));
    sheet.scroll = Scroll::At(place.scroll);
    let rows: Vec<Shown> = Where::choices(model.opening.os)
        .into_iter()
        .enumerate()
        .map(|(index, (text, _, _))| Shown::plain(index, text))
        .collect();
    (sheet.below, sheet.below_shows) = choices::rows(&rows, Some(place.selected), width, theme);
    sheet
}
