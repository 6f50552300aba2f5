//! What a tree from outside the program can do, before it looks at anything.

use ratatui::text::{Line, Span};

use crate::app::tui::{
    model::{Agree, Model},
    theme::WARNING,
    view::{
        bars,
        sheet::{Scroll, Sheet},
        wrap::{Break, Indent, wrap},
    },
};

pub fn sheet(model: &Model, agree: &Agree, width: u16) -> Sheet {
    let mut sheet = bars::sheet(model, &agree.title, "", width);
    let theme = sheet.theme;
    let width = usize::from(width);
    let text = |spans: &[Span<'_>], indent: &Indent| wrap(spans, width - 1, indent, Break::Words);
    sheet.body.push(Line::default());
    sheet.body.extend(text(
        &[
            Span::styled(format!("{WARNING} "), theme.warning()),
            Span::styled("This tree did not come with the program.", theme.question()),
        ],
        &Indent::blanks(1),
    ));
    sheet.body.push(Line::default());
    sheet.body.extend(text(
        &[Span::raw(
            "Read what it, and the trees that it leads to, can do. Nothing of it is done before you agree.",
        )],
        &Indent::blanks(1),
    ));
    let consent = &agree.consent;
    for (title, list) in [
        ("It comes from", &consent.files),
        ("It executes", &consent.executes),
        ("It contacts", &consent.contacts),
        ("It reads", &consent.reads),
    ] {
        sheet.body.push(Line::default());
        sheet
            .body
            .push(Line::styled(format!(" {title}"), theme.label()));
        if list.is_empty() {
            sheet.body.push(Line::styled("   nothing", theme.quiet()));
        }
        for item in list {
            sheet.body.extend(wrap(
                &[Span::styled(item.clone(), theme.code())],
                width - 1,
                &Indent::blanks(1).with(Indent::hanging(Span::styled("• ", theme.quiet()))),
                Break::Anywhere,
            ));
        }
    }
    sheet.scroll = Scroll::At(agree.scroll);
    sheet
}
