//! What every page has: the first line, the banner, the key line, and the line that speaks.

use ratatui::text::{Line, Span};

use crate::{
    app::tui::{
        keys,
        model::{Model, Walk},
        theme::{Theme, WARNING},
        view::{
            sheet::{Sheet, ends},
            wrap::{Break, Indent, columns, wrap},
        },
    },
    case::Named,
};

/// Lines of the banner at most.
const BANNER: usize = 2;
/// Lines of what the program says at most.
const SAYING: usize = 3;

/// A sheet with what every page has.
pub fn sheet(model: &Model, left: &str, right: &str, width: u16) -> Sheet {
    let theme = Theme::new(model.opening.colour);
    let width = usize::from(width);
    let header = ends((left, theme.title()), (right, theme.quiet()), width);
    let mut sheet = Sheet::new(theme, header, key_line(model, width, theme));
    if let Some(banner) = &model.opening.banner {
        let sign = Indent::hanging(Span::styled(format!(" {WARNING} "), theme.warning()));
        let said = [Span::styled(banner.clone(), theme.warning())];
        sheet.banner = wrap(&said, width.saturating_sub(1), &sign, Break::Words);
        sheet.banner.truncate(BANNER);
    }
    if let Some(saying) = &model.saying {
        sheet.foot = said(saying, width, theme);
    }
    sheet
}

/// What a case is called, before its tree's title or what the page is.
pub fn called(walk: &Walk, title: &str) -> String {
    let Named {
        title: name,
        ticket,
    } = &walk.named;
    let names = [ticket, name].into_iter().flatten().map(String::as_str);
    names.chain([title]).collect::<Vec<_>>().join(" · ")
}

/// What the program says, whole where that takes no more than a few lines.
fn said(saying: &str, width: usize, theme: Theme) -> Vec<Line<'static>> {
    let said = [Span::styled(saying.to_owned(), theme.saying())];
    let room = width.saturating_sub(1);
    let mut lines = wrap(&said, room, &Indent::blanks(1), Break::Words);
    if lines.len() > SAYING {
        lines.truncate(SAYING);
        if let Some(last) = lines.last_mut() {
            last.push_span(Span::styled("…", theme.saying()));
        }
    }
    lines
}

/// What is never left out for want of room.
const ALWAYS: [&str; 4] = ["quit", "help", "close", "I don't know"];

/// The keys that mean something now, as many as fit, in the table's order.
fn key_line(model: &Model, width: usize, theme: Theme) -> Line<'static> {
    let offered: Vec<(&str, &str)> = keys::offered(model.place(), model)
        .filter_map(|binding| Some((binding.shown, binding.brief?)))
        .collect();
    let wide = |(shown, brief): &(&str, &str)| columns(shown) + 1 + columns(brief) + 2;
    let kept = |item: &(&str, &str)| ALWAYS.contains(&item.1);
    let reserved: usize = offered.iter().filter(|item| kept(item)).map(wide).sum();
    let mut room = width.saturating_sub(1 + reserved);
    let mut line = Line::raw(" ");
    for item in &offered {
        if !kept(item) {
            if wide(item) > room {
                continue;
            }
            room -= wide(item);
        }
        add(&mut line, item, theme);
    }
    line
}

fn add(line: &mut Line<'static>, (shown, brief): &(&str, &str), theme: Theme) {
    line.push_span(Span::styled((*shown).to_owned(), theme.key()));
    line.push_span(Span::styled(format!(" {brief}  "), theme.quiet()));
}
