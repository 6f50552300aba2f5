//! A page as lines, put on the screen: first line, fixed top, the text that scrolls, what is fixed below, last lines.

use std::ops::Range;

use ratatui::{
    Frame,
    layout::{Position, Rect},
    text::{Line, Span},
};

use crate::app::tui::{
    msg::Measured,
    theme::{MORE_ABOVE, MORE_BELOW, Theme},
    view::wrap::cut,
};

/// From this width on the path stands beside the text.
pub const WIDE: u16 = 110;
/// Columns of what stands beside the text, with the line between.
pub const SIDE: u16 = 36;

pub struct Sheet {
    pub theme: Theme,
    pub header: Line<'static>,
    /// Under the header all the time: a recorded host.
    pub banner: Vec<Line<'static>>,
    /// Does not scroll.
    pub top: Vec<Line<'static>>,
    pub body: Vec<Line<'static>>,
    pub scroll: Scroll,
    /// Beside the body, where there is room.
    pub side: Vec<Line<'static>>,
    /// What is going on, on the line between the body and what is below it.
    pub status: Option<Line<'static>>,
    /// Below the body; scrolls by itself where it takes more than its half.
    pub below: Vec<Line<'static>>,
    /// The lines of `below` that are to be seen.
    pub below_shows: Range<usize>,
    /// The path, or what the program says. A line at least.
    pub foot: Vec<Line<'static>>,
    pub keys: Line<'static>,
    pub cursor: Option<Cursor>,
}

/// Which part of the body is on the screen.
pub enum Scroll {
    /// From this line on.
    At(usize),
    /// Around these lines, moved by so many.
    Showing(Range<usize>, isize),
}

/// Where typing goes: a line of one of the parts, and a column.
#[derive(Debug, Clone, Copy)]
pub struct Cursor {
    pub part: Part,
    pub line: usize,
    pub column: u16,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Top,
    Body,
    Below,
}

impl Sheet {
    pub fn new(theme: Theme, header: Line<'static>, keys: Line<'static>) -> Self {
        Self {
            theme,
            header,
            banner: Vec::new(),
            top: Vec::new(),
            body: Vec::new(),
            scroll: Scroll::At(0),
            side: Vec::new(),
            status: None,
            below: Vec::new(),
            below_shows: 0..0,
            foot: vec![Line::default()],
            keys,
            cursor: None,
        }
    }

    /// Columns for the body in a window of this width.
    pub fn body_width(width: u16, with_side: bool) -> usize {
        let side = if with_side && width >= WIDE { SIDE } else { 0 };
        usize::from(width - side)
    }

    /// Puts it on the screen. Every row is cut to the window; nothing is drawn outside it.
    pub fn draw(self, area: Rect, frame: &mut Frame<'_>) -> Measured {
        let mut rows = Rows::of(area);
        let header = rows.take_top(1);
        let banner = rows.take_top(self.banner.len());
        let keys = rows.take_bottom(1);
        let foot = rows.take_bottom(self.foot.len().min(rows.left() / 2).max(1));
        let top = rows.take_top(self.top.len().min(rows.left().saturating_sub(4)));
        // What is below gets what it needs, up to half of the rest, or what its chosen row takes; the body gets what is
        // over, and two lines at least.
        let most = rows.left().saturating_sub(3);
        let half = (rows.left().saturating_sub(1) / 2).max(self.below_shows.len().min(most));
        let spare = rows.left().saturating_sub(1 + self.body.len());
        let below = rows.take_bottom(self.below.len().min(half.max(spare)));
        let rule = rows.take_bottom(1);
        let beside = !self.side.is_empty() && area.width >= WIDE;
        let side = if beside { SIDE } else { 0 };
        let body = Rect {
            width: area.width - side,
            ..rows.rest()
        };

        put(frame, header, &[self.header], 0);
        put(frame, banner, &self.banner, 0);
        put(frame, top, &self.top, 0);
        let page = usize::from(body.height);
        let furthest = self.body.len().saturating_sub(page);
        let offset = match &self.scroll {
            Scroll::At(line) => (*line).min(furthest),
            Scroll::Showing(lines, by) => around(lines, page)
                .min(furthest)
                .saturating_add_signed(*by)
                .min(furthest),
        };
        put(frame, body, &self.body, offset);
        if beside {
            let x = area.right() - side;
            draw_side(
                frame,
                Rect {
                    x,
                    width: side,
                    ..body
                },
                &self.side,
                self.theme,
            );
        }
        let below_page = usize::from(below.height);
        let below_offset =
            around(&self.below_shows, below_page).min(self.below.len().saturating_sub(below_page));
        put(frame, below, &self.below, below_offset);
        let hidden = Hidden {
            above: offset,
            below: furthest - offset,
            rows_below: self.below.len() - below_page,
        };
        draw_rule(frame, rule, self.status, hidden, self.theme);
        put(frame, foot, &self.foot, 0);
        put(frame, keys, &[self.keys], 0);

        if let Some(cursor) = self.cursor {
            let (part, offset) = match cursor.part {
                Part::Top => (top, 0),
                Part::Body => (body, offset),
                Part::Below => (below, below_offset),
            };
            let row = cursor
                .line
                .checked_sub(offset)
                .and_then(|row| u16::try_from(row).ok());
            if let Some(row) = row.filter(|row| *row < part.height) {
                let column = cursor.column.min(part.width.saturating_sub(1));
                frame.set_cursor_position(Position::new(part.x + column, part.y + row));
            }
        }
        let hidden = match &self.scroll {
            Scroll::Showing(lines, _) if !lines.is_empty() => {
                lines.end <= offset || lines.start >= offset + page
            }
            Scroll::Showing(..) | Scroll::At(_) => false,
        };
        Measured {
            page,
            offset,
            furthest,
            hidden,
        }
    }
}

/// What of a page is not on the screen, in lines.
struct Hidden {
    above: usize,
    below: usize,
    rows_below: usize,
}

/// The offset that puts lines in the middle of a page, or at its top where they are more than it holds.
fn around(lines: &Range<usize>, page: usize) -> usize {
    let spare = page.saturating_sub(lines.len());
    lines.start.saturating_sub(spare / 2)
}

fn put(frame: &mut Frame<'_>, area: Rect, lines: &[Line<'_>], offset: usize) {
    for (row, line) in (area.y..area.bottom()).zip(lines.iter().skip(offset)) {
        frame.buffer_mut().set_line(area.x, row, line, area.width);
    }
}

fn draw_side(frame: &mut Frame<'_>, area: Rect, lines: &[Line<'_>], theme: Theme) {
    for (index, row) in (area.y..area.bottom()).enumerate() {
        let bar = Line::styled("│ ", theme.quiet());
        frame.buffer_mut().set_line(area.x, row, &bar, area.width);
        if let Some(line) = lines.get(index) {
            let x = area.x + 2;
            frame.buffer_mut().set_line(x, row, line, area.width - 2);
        }
    }
}

/// The line between the body and what is below: what is going on, and what is not on the screen.
fn draw_rule(
    frame: &mut Frame<'_>,
    area: Rect,
    status: Option<Line<'static>>,
    hidden: Hidden,
    theme: Theme,
) {
    let width = usize::from(area.width);
    let mut line = Line::styled("─", theme.quiet());
    if let Some(status) = status {
        line.push_span(Span::raw(" "));
        status
            .spans
            .into_iter()
            .for_each(|span| line.push_span(span));
        line.push_span(Span::raw(" "));
    }
    let more = match (hidden.above, hidden.below) {
        (0, 0) => String::new(),
        (above, 0) => format!(" {MORE_ABOVE} {}: PgUp ", lines(above)),
        (0, below) => format!(" {MORE_BELOW} {}: PgDn ", lines(below)),
        (above, below) => format!(
            " {MORE_ABOVE} {above}  {MORE_BELOW} {}: PgDn ",
            lines(below)
        ),
    };
    let rows = match hidden.rows_below {
        0 => "",
        _ => " ↑↓ more ",
    };
    let used = line.width() + Span::raw(more.as_str()).width() + Span::raw(rows).width();
    if !more.is_empty() {
        line.push_span(Span::styled(more, theme.saying()));
    }
    let dashes = "─".repeat(width.saturating_sub(used + 1));
    line.push_span(Span::styled(dashes, theme.quiet()));
    if !rows.is_empty() {
        line.push_span(Span::styled(rows, theme.saying()));
    }
    line.push_span(Span::styled("─", theme.quiet()));
    frame
        .buffer_mut()
        .set_line(area.x, area.y, &line, area.width);
}

fn lines(count: usize) -> String {
    match count {
        1 => "1 more line".to_owned(),
        _ => format!("{count} more lines"),
    }
}

/// Text on the left and on the right of one row; the left one is cut where both do not fit.
pub fn ends(
    left: (&str, ratatui::style::Style),
    right: (&str, ratatui::style::Style),
    width: usize,
) -> Line<'static> {
    let right_text = cut(right.0, width.saturating_sub(2));
    let right_width = Span::raw(right_text.as_str()).width();
    let gap = usize::from(right_width > 0) * 2;
    let left_text = cut(left.0, width.saturating_sub(right_width + gap + 1));
    let fill = width.saturating_sub(1 + Span::raw(left_text.as_str()).width() + right_width + 1);
    Line::from(vec![
        Span::raw(" "),
        Span::styled(left_text, left.1),
        Span::raw(" ".repeat(fill)),
        Span::styled(right_text, right.1),
    ])
}

/// The rows of a window that are still free.
struct Rows {
    area: Rect,
}

impl Rows {
    fn of(area: Rect) -> Self {
        Self { area }
    }

    fn left(&self) -> usize {
        usize::from(self.area.height)
    }

    fn take_top(&mut self, count: usize) -> Rect {
        let height = u16::try_from(count)
            .unwrap_or(u16::MAX)
            .min(self.area.height);
        let taken = Rect {
            height,
            ..self.area
        };
        self.area.y += height;
        self.area.height -= height;
        taken
    }

    fn take_bottom(&mut self, count: usize) -> Rect {
        let height = u16::try_from(count)
            .unwrap_or(u16::MAX)
            .min(self.area.height);
        self.area.height -= height;
        Rect {
            y: self.area.bottom(),
            height,
            ..self.area
        }
    }

    fn rest(&self) -> Rect {
        self.area
    }
}
