//! Questions that nobody answered yet, wherever a page lists them.

use ratatui::text::{Line, Span};

use crate::{
    app::tui::{
        theme::Theme,
        view::{prose::prose, wrap::Indent},
    },
    engine::OpenQuestion,
};

/// Questions that are open, each with how to find out.
pub fn lines(title: &str, list: &[OpenQuestion], width: usize, theme: Theme) -> Vec<Line<'static>> {
    if list.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![
        Line::default(),
        Line::styled(format!(" {title}"), theme.label()),
    ];
    let indent = Indent::blanks(1).with(Indent::hanging(Span::styled("? ", theme.warning())));
    for open in list {
        lines.extend(prose(&open.text, width, &indent, theme));
        if let Some(how) = &open.how {
            lines.extend(prose(how, width, &Indent::blanks(3), theme));
        }
    }
    lines
}
