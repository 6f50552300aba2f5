//! A window that is too small for any page says so, and what it needs.

use ratatui::{Frame, layout::Rect, text::Line};

/// Columns and rows that every page can do with.
pub const LEAST: (u16, u16) = (40, 10);

pub fn is_too_small(area: Rect) -> bool {
    area.width < LEAST.0 || area.height < LEAST.1
}

pub fn draw(area: Rect, frame: &mut Frame<'_>) {
    let lines = [
        "The window is too small".to_owned(),
        format!(
            "{}×{}; it needs {}×{}",
            area.width, area.height, LEAST.0, LEAST.1
        ),
        "Ctrl-C quits".to_owned(),
    ];
    for (row, line) in (area.y..area.bottom()).zip(lines) {
        frame
            .buffer_mut()
            .set_line(area.x, row, &Line::raw(line), area.width);
    }
}
