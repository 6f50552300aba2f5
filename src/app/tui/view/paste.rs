//! What was pasted for a probe: its first and last lines, before it is judged.

use ratatui::text::{Line, Span};

use crate::{
    app::tui::{
        model::{Model, Pasting, Walk},
        theme::{SPINNER, WARNING},
        view::{
            bars,
            sheet::{Scroll, Sheet},
            wrap::{Break, Indent, wrap},
        },
    },
    finding::visible::{Room, visible},
};

pub fn sheet(model: &Model, walk: &Walk, pasting: &Pasting, width: u16) -> Sheet {
    let title = bars::called(walk, &walk.scene.title);
    let mut sheet = bars::sheet(model, &title, "what was sent", width);
    let theme = sheet.theme;
    let width = usize::from(width) - 1;
    let mut body = vec![Line::default()];
    let of = match pasting.looks.len() {
        0 | 1 => String::new(),
        all => format!(" ({} of {all}, Tab: the next)", pasting.at + 1),
    };
    let (what, commands) = match pasting.look() {
        None => ("What came of what `m` asks for".to_owned(), &[][..]),
        Some((request, commands)) => {
            let what = match commands.len() {
                0 => format!("What `{}` looks at{of}", request.key.name),
                1 => format!("What this command printed{of}"),
                _ => format!("What these commands printed{of}"),
            };
            (what, commands.as_slice())
        }
    };
    body.push(Line::styled(format!(" {what}"), theme.label()));
    for command in commands {
        let command = visible(command, Room::Line).into_owned();
        body.extend(wrap(
            &[Span::styled(command, theme.code())],
            width,
            &Indent::blanks(3),
            Break::Anywhere,
        ));
    }
    body.push(Line::default());
    let shown = &pasting.shown;
    if shown.lines == 0 {
        let hint = match pasting.look() {
            Some(_) => {
                "Paste it with your terminal's own key, best with the command that stands before it. Pasting again adds. \
                 A file's whole path is taken too, and all that came of what `m` asks for."
            }
            None => {
                "Paste all that came of it with your terminal's own key, or the whole path of its file. No command tells this \
                 question, but what was gathered counts for those that come."
            }
        };
        body.extend(wrap(
            &[Span::raw(hint)],
            width,
            &Indent::blanks(1),
            Break::Words,
        ));
    } else {
        let lines = if shown.lines == 1 { "line" } else { "lines" };
        body.push(Line::styled(
            format!(" {} {lines} pasted", shown.lines),
            theme.label(),
        ));
        let line = |text: &String| {
            let text = visible(text, Room::Line);
            let text: String = text.chars().take(width.saturating_sub(3)).collect();
            Line::from(vec![Span::raw("   "), Span::raw(text)])
        };
        body.extend(shown.first.iter().map(line));
        if shown.between > 0 {
            let between = format!("   … {} more …", shown.between);
            body.push(Line::styled(between, theme.quiet()));
        }
        body.extend(shown.last.iter().map(line));
    }
    if let Some(refused) = &pasting.refused {
        body.push(Line::default());
        let refused = visible(refused, Room::Line).into_owned();
        body.extend(wrap(
            &[
                Span::styled(format!("{WARNING} "), theme.warning()),
                Span::raw(refused),
            ],
            width,
            &Indent::blanks(1),
            Break::Words,
        ));
    }
    if pasting.judging {
        let turn = SPINNER[model.ticks % SPINNER.len()];
        sheet.status = Some(Line::styled(format!("{turn} reading it"), theme.saying()));
    }
    sheet.body = body;
    sheet.scroll = Scroll::At(pasting.scroll);
    sheet
}
