//! The report as it would be saved: its lines as they are, the name of its file, and what came of writing it.

use ratatui::text::{Line, Span};

use crate::{
    app::{
        cli::Format,
        tui::{
            model::{Model, Paper, Preview, Walk},
            theme::{HEALTHY, SPINNER, Theme, WARNING},
            view::{
                bars, field,
                sheet::{Cursor, Part, Scroll, Sheet},
                wrap::{Break, Indent, columns, wrap},
            },
        },
    },
    finding::visible::{Room, visible},
};

/// A file that is named without a folder.
const WHERE: &str = " (a name alone: in the folder that Waypost was started in)";

pub fn sheet(model: &Model, walk: &Walk, preview: &Preview, width: u16) -> Sheet {
    let (what, form) = match preview.paper() {
        Paper::Report(Format::Markdown) => ("Report", "Markdown"),
        Paper::Report(Format::Text) => ("Report", "text"),
        Paper::Report(Format::Html) => ("Report", "HTML"),
        Paper::Report(Format::Json) => ("Report", "JSON"),
        Paper::Commands => ("To ask for", "commands"),
        Paper::Script => ("To ask for", "script"),
    };
    let which = format!("{form}, {} of {}", preview.form + 1, preview.forms.len());
    let title = format!("{what}: {}", bars::called(walk, &walk.scene.title));
    let mut sheet = bars::sheet(model, &title, &which, width);
    let width = usize::from(width);
    // The mark that a script for PowerShell begins with is the file's, and nothing to read.
    for line in preview.text.trim_start_matches('\u{feff}').lines() {
        let line = visible(line, Room::Line);
        for row in rows(&line, width.saturating_sub(2)) {
            sheet.body.push(Line::raw(format!(" {row}")));
        }
    }
    sheet.scroll = Scroll::At(preview.scroll);
    let theme = sheet.theme;
    if let Some(saving) = &preview.saving {
        let (text, column) = field::line(&saving.line, width.saturating_sub(3));
        if saving.refused.is_none() {
            // What went wrong takes the room that this needs.
            sheet.below = wrap(
                &[
                    Span::styled("Save as", theme.label()),
                    Span::styled(WHERE, theme.quiet()),
                ],
                width.saturating_sub(1),
                &Indent::blanks(1),
                Break::Words,
            );
        }
        let line = sheet.below.len();
        let typed = Line::from(vec![Span::raw("  "), Span::raw(text)]);
        sheet.below.push(typed);
        sheet.cursor = Some(Cursor {
            part: Part::Below,
            line,
            column: 2 + column,
        });
        if let Some(refused) = &saving.refused {
            sheet.below.extend(said(WARNING, refused, width, theme));
        }
        if saving.asks {
            let asks = "Enter again replaces it; any other key: no";
            sheet.below.extend(said("", asks, width, theme));
        }
        if saving.busy {
            let turn = SPINNER[model.ticks % SPINNER.len()];
            sheet.status = Some(Line::styled(format!("{turn} saving"), theme.saying()));
        }
    } else if let Some(path) = &preview.saved {
        let saved = format!("Saved as {path}");
        sheet.below = said(HEALTHY, &saved, width, theme);
    }
    sheet.below_shows = 0..sheet.below.len();
    sheet
}

/// What came of it, whole: a path may be long.
fn said(sign: &str, text: &str, width: usize, theme: Theme) -> Vec<Line<'static>> {
    let text = visible(text, Room::Line).into_owned();
    wrap(
        &[Span::styled(text, theme.saying())],
        width.saturating_sub(1),
        &Indent::hanging(Span::styled(format!(" {sign:<1} "), theme.warning())),
        Break::Words,
    )
}

/// A line in rows, broken behind blanks where there are any. Together they are the line, with every blank that it has.
fn rows(line: &str, room: usize) -> Vec<&str> {
    let room = room.max(2);
    let mut rows = Vec::new();
    let mut rest = line;
    while rest.len() > room && columns(rest) > room {
        let (mut used, mut end, mut blank) = (0, rest.len(), None);
        for (at, c) in rest.char_indices() {
            used += columns(c.encode_utf8(&mut [0; 4]));
            if used > room {
                end = at;
                break;
            }
            if c == ' ' {
                blank = Some(at + 1);
            }
        }
        // What only indents is no place to break.
        let indents = |at: &usize| rest[..*at].trim().is_empty();
        let end = blank.filter(|at| !indents(at)).unwrap_or(end);
        let (row, after) = rest.split_at(end);
        rows.push(row);
        rest = after;
    }
    rows.push(rest);
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_the_line() {
        let check = |line: &str, room: usize, expected: &[&str]| {
            assert_eq!(rows(line, room), expected);
            assert_eq!(rows(line, room).concat(), line);
        };
        check("", 5, &[""]);
        check("one", 5, &["one"]);
        check("one two three", 8, &["one two ", "three"]);
        check("    indented", 8, &["    inde", "nted"]);
        check("abcdefghij", 4, &["abcd", "efgh", "ij"]);
        check("漢字漢字", 5, &["漢字", "漢字"]);
        check("a  b", 2, &["a ", " b"]);
    }
}
