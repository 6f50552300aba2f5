//! Help on any screen, made from the table of keys.

use ratatui::text::{Line, Span};

use crate::app::tui::{
    keys,
    markdown::plain,
    model::Model,
    place::Place,
    view::{
        bars,
        sheet::{Scroll, Sheet},
        wrap::{Break, Indent, columns, wrap},
    },
};

pub fn sheet(model: &Model, scroll: usize, width: u16) -> Sheet {
    let place = model.place_below_help();
    let mut sheet = bars::sheet(model, &format!("Help: {}", name(place)), "", width);
    let theme = sheet.theme;
    let width = usize::from(width);
    let list: Vec<_> = keys::all(place).collect();
    let wide = list
        .iter()
        .map(|binding| columns(binding.shown))
        .max()
        .unwrap_or(0);
    sheet.body.push(Line::default());
    let mut seen = Vec::new();
    for binding in list {
        if seen.contains(&(binding.shown, binding.does)) {
            continue;
        }
        seen.push((binding.shown, binding.does));
        let pad = wide - columns(binding.shown) + 2;
        let key = format!(" {}{}", binding.shown, " ".repeat(pad));
        sheet.body.extend(wrap(
            &[Span::raw(plain(binding.does))],
            width - 1,
            &Indent::hanging(Span::styled(key, theme.key())),
            Break::Words,
        ));
    }
    if place.types() {
        sheet.body.push(Line::default());
        sheet.body.push(Line::styled(
            " Letters are typed into the line.",
            theme.quiet(),
        ));
    }
    if matches!(place, Place::Walk | Place::Form) {
        sheet.body.push(Line::default());
        sheet.body.extend(wrap(
            &[Span::styled(
                "“3 more running”: looks for questions that may come are under way, so that their answers are there \
                 when you are.",
                theme.quiet(),
            )],
            width - 1,
            &Indent::blanks(1),
            Break::Words,
        ));
    }
    sheet.scroll = Scroll::At(scroll);
    sheet
}

fn name(place: Place) -> &'static str {
    match place {
        Place::Start => "the start screen",
        Place::Where => "where the machine is",
        Place::File => "a file from there",
        Place::Consent => "what a tree can do",
        Place::Walk => "the walk",
        Place::Form => "what has to be known",
        Place::Transcript => "the transcript",
        Place::Edit => "changing a step",
        Place::Line => "writing a line",
        Place::Paste => "what was sent",
        Place::Report => "the report",
        Place::FileName => "a file's name",
        Place::Naming => "what the case is called",
        Place::Help => "help",
    }
}
