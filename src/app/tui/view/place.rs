//! Where is the machine?

use ratatui::text::Line;

use crate::app::tui::{
    model::{Model, Where},
    view::{
        bars,
        choices::{self, Shown},
        prose::prose,
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
    sheet.body = vec![
        Line::default(),
        Line::styled(" Where is the machine?", theme.question()),
        Line::default(),
    ];
    sheet
        .body
        .extend(prose(HELP, width - 1, &Indent::blanks(1), theme));
    sheet.scroll = Scroll::At(place.scroll);
    let rows: Vec<Shown> = Where::choices(model.opening.os)
        .into_iter()
        .enumerate()
        .map(|(index, (text, _, _))| Shown::plain(index, text))
        .collect();
    (sheet.below, sheet.below_shows) = choices::rows(&rows, Some(place.selected), width, theme);
    sheet
}
