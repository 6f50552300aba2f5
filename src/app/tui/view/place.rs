//! Where is the machine?

use ratatui::text::{Line, Span};

use crate::{
    app::tui::{
        model::{FileLine, Model, Where},
        view::{
            bars,
            choices::{self, Shown},
            field,
            prose::{prose, prose_in},
            sheet::{Cursor, Part, Scroll, Sheet},
            wrap::{Break, Indent, columns, wrap},
        },
    },
    finding::visible::{Room, visible},
};

const HELP: &str = "On this machine, Waypost looks for itself wherever it can; it changes nothing.\n\n\
On somebody else's machine nothing is looked at. Each question comes with commands to copy, and you say what they gave. \
Only what answers from anywhere, such as the instance, may be asked from here.";

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
    if let Some(file) = &place.file {
        typed(&mut sheet, file, width);
        return sheet;
    }
    let rows: Vec<Shown> = rows
        .into_iter()
        .chain([Shown::plain(
            Where::choices(model.opening.os).len(),
            Where::FILE.to_owned(),
        )])
        .collect();
    (sheet.below, sheet.below_shows) = choices::rows(&rows, Some(place.selected), width, theme);
    sheet
}

const LABEL: &str = " File: ";
const FILE_HELP: &str = "The path of a bundle that `waypost collect` wrote on the machine, or of what a script of `waypost ask` wrote there.";

/// The path of a file, in the place of the rows. What is said of it stands above it, always in sight.
fn typed(sheet: &mut Sheet, file: &FileLine, width: usize) {
    let theme = sheet.theme;
    let indent = Indent::blanks(1);
    sheet.body.push(Line::default());
    sheet
        .body
        .extend(prose(FILE_HELP, width - 1, &indent, theme));
    let said = match (&file.refused, file.reading) {
        (Some(why), _) => Some((why.as_str(), theme.bad())),
        (None, true) => Some(("It is being read…", theme.quiet())),
        (None, false) => None,
    };
    let said = said.map(|(said, style)| Span::styled(visible(said, Room::Line), style));
    let said = said.map(|said| wrap(&[said], width, &indent, Break::Words));
    sheet.below = said.unwrap_or_default();
    sheet.below.truncate(SAID);
    let before = columns(LABEL);
    let (text, column) = field::line(&file.line, width.saturating_sub(before + 1));
    sheet.cursor = Some(Cursor {
        part: Part::Below,
        line: sheet.below.len(),
        column: u16::try_from(before)
            .unwrap_or(u16::MAX)
            .saturating_add(column),
    });
    sheet.below.push(Line::from(vec![
        Span::styled(LABEL, theme.label()),
        Span::raw(text),
    ]));
    sheet.below_shows = 0..sheet.below.len();
}

/// So many lines of it are shown.
const SAID: usize = 3;
