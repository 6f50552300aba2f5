//! Inputs that are asked for together.

use ratatui::{
    style::Style,
    text::{Line, Span},
};

use crate::app::tui::{
    model::{Field, Form},
    theme::{CAUSE, CHOSEN, Theme, UNKNOWN},
    view::{
        field,
        prose::{prose, prose_in},
        sheet::{Cursor, Part, Scroll, Sheet},
        wrap::{Break, Indent, wrap},
    },
};

/// Puts the fields on the sheet; the page follows the field that is typed in.
pub fn fill(sheet: &mut Sheet, form: &Form, width: usize) {
    let theme = sheet.theme;
    // Nothing has to be known: who lacks a login, say, goes on without.
    let intro = match form.fields.len() {
        1 => "Asked first; Ctrl-D where you do not know it",
        _ => "Asked first; Ctrl-D where you do not know one of them",
    };
    sheet.body.extend([
        Line::default(),
        Line::styled(format!(" {intro}"), theme.label()),
    ]);
    let mut shown = 0..0;
    for (index, one) in form.fields.iter().enumerate() {
        sheet.body.push(Line::default());
        let first = sheet.body.len();
        let focused = index == form.focus;
        draw(sheet, one, focused, width);
        if focused {
            shown = first..sheet.body.len();
        }
    }
    sheet.scroll = Scroll::Showing(shown, form.nudge);
}

fn draw(sheet: &mut Sheet, one: &Field, focused: bool, width: usize) {
    let theme = sheet.theme;
    let room = width.saturating_sub(1);
    let style = if focused {
        theme.question()
    } else {
        theme.title()
    };
    let sign = if focused { CHOSEN } else { " " };
    sheet.body.extend(prose_in(
        &one.ask.ask.markdown,
        room,
        &Indent::hanging(Span::styled(format!(" {sign} "), theme.key())),
        style,
        theme,
    ));
    if let Some(help) = one.ask.help.as_ref().filter(|_| focused) {
        sheet
            .body
            .extend(prose(&help.markdown, room, &Indent::blanks(3), theme));
    }
    if one.is_secret() {
        let host = one.ask.secret_for.as_deref().map_or_else(
            || "the host that it is for is not known yet".to_owned(),
            |host| format!("it is sent to {host} only"),
        );
        let text = format!("Secret: {host}, and kept nowhere.");
        sheet.body.extend(line(&text, theme.warning(), room));
    }
    value(sheet, one, focused, width);
    if one.ask.confirm && !one.touched && !one.unknown {
        let text = "This is what was found: check it before you go on.";
        sheet.body.extend(line(text, theme.warning(), room));
        if let Some(from) = &one.ask.comes_from {
            let text = format!("It comes from: {from}");
            sheet.body.extend(line(&text, theme.warning(), room));
        }
        if !one.ask.goes_to.is_empty() {
            let text = format!("It goes to: {}", one.ask.goes_to.join(", "));
            sheet.body.extend(line(&text, theme.warning(), room));
        }
    }
    if focused && one.ask.blank && one.is_empty() {
        let text = "It may stay empty: then there is none.";
        sheet.body.extend(line(text, theme.quiet(), room));
    }
    if one.ask.looking.is_some() {
        sheet.body.extend(line(
            "Looking for it; you can type meanwhile.",
            theme.quiet(),
            room,
        ));
    }
    if let Some(refused) = &one.refused {
        let text = format!("{CAUSE} {refused}");
        sheet.body.extend(line(&text, theme.bad(), room));
    }
    if focused && !one.unknown {
        sheet.body.extend(candidates(one, room, theme));
    }
}

/// What the field holds.
fn value(sheet: &mut Sheet, one: &Field, focused: bool, width: usize) {
    let theme = sheet.theme;
    let frame = |text: String, style: Style| {
        Line::from(vec![
            Span::styled("   │ ", theme.quiet()),
            Span::styled(text, style),
        ])
    };
    if one.unknown {
        let text = format!("{UNKNOWN} I don't know");
        sheet.body.push(frame(text, theme.warning()));
        return;
    }
    if one.is_closed() {
        let candidates = one.candidates();
        let picked = one.picked.and_then(|at| candidates.get(at));
        if !focused {
            let text = picked.map_or_else(String::new, |(_, label)| {
                crate::app::tui::markdown::plain(label)
            });
            sheet.body.push(frame(text, Style::new()));
        }
        return;
    }
    let (text, column) = if one.is_secret() {
        (field::hidden(&one.line), 0)
    } else {
        field::line(&one.line, width.saturating_sub(6))
    };
    if focused {
        sheet.cursor = Some(Cursor {
            part: Part::Body,
            line: sheet.body.len(),
            column: 5 + column,
        });
    }
    sheet.body.push(frame(text, Style::new()));
}

fn line(text: &str, style: Style, width: usize) -> Vec<Line<'static>> {
    wrap(
        &[Span::styled(text.to_owned(), style)],
        width,
        &Indent::blanks(3),
        Break::Words,
    )
}

/// What can be picked.
fn candidates(one: &Field, width: usize, theme: Theme) -> Vec<Line<'static>> {
    let list = one.candidates();
    if list.is_empty() || (list.len() == 1 && one.picked == Some(0) && !one.is_closed()) {
        return Vec::new();
    }
    let mut lines = Vec::new();
    if !one.is_closed() {
        lines.push(Line::styled("   Suggestions (↑ ↓)", theme.quiet()));
    }
    for (index, (_, label)) in list.iter().enumerate() {
        let picked = one.picked == Some(index);
        let (sign, style) = if picked {
            (CHOSEN, theme.chosen())
        } else {
            (" ", Style::new())
        };
        let indent = Indent::blanks(3).with(Indent::hanging(Span::styled(
            format!("{sign} "),
            theme.key(),
        )));
        if one.is_closed() {
            lines.extend(prose_in(label, width, &indent, style, theme));
        } else {
            // A suggestion is a path or a value from the machine, and never Markdown.
            lines.extend(wrap(
                &[Span::styled(label.clone(), style)],
                width,
                &indent,
                Break::Anywhere,
            ));
        }
    }
    lines
}
