//! How far a page is scrolled after a key, within what the last draw measured.

use crate::app::tui::msg::{Measured, Msg};

/// The new first line.
pub fn to(at: usize, msg: &Msg, measured: Measured) -> usize {
    // One line of the old page stays, so that the eye finds its place.
    let page = measured.page.saturating_sub(1).max(1);
    let moved = match msg {
        Msg::LineUp => at.saturating_sub(1),
        Msg::LineDown => at + 1,
        Msg::PageUp => at.saturating_sub(page),
        Msg::PageDown => at + page,
        Msg::Top => 0,
        Msg::Bottom => usize::MAX,
        _ => at,
    };
    moved.min(measured.furthest)
}

/// The same for a page that follows a selection: by how much it is moved away from where the selection puts it.
pub fn nudge(by: isize, msg: &Msg, measured: Measured) -> isize {
    let after = to(measured.offset, msg, measured);
    let moved = isize::try_from(after).unwrap_or(isize::MAX)
        - isize::try_from(measured.offset).unwrap_or(isize::MAX);
    by.saturating_add(moved)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MEASURED: Measured = Measured {
        page: 10,
        furthest: 15,
        offset: 4,
        hidden: false,
    };

    #[test]
    fn a_page_stays_within_its_text() {
        let check = |at: usize, msg: Msg, expected: usize| {
            assert_eq!(to(at, &msg, MEASURED), expected);
        };
        check(0, Msg::PageDown, 9);
        check(9, Msg::PageDown, 15);
        check(15, Msg::LineDown, 15);
        check(0, Msg::LineUp, 0);
        check(5, Msg::PageUp, 0);
        check(3, Msg::Bottom, 15);
        check(3, Msg::Top, 0);
        check(3, Msg::Copy, 3);
    }

    #[test]
    fn a_nudge_counts_from_what_is_on_the_screen() {
        let check = |by: isize, msg: Msg, expected: isize| {
            assert_eq!(nudge(by, &msg, MEASURED), expected);
        };
        check(0, Msg::PageDown, 9);
        check(3, Msg::PageDown, 12);
        check(0, Msg::PageUp, -4);
        check(2, Msg::Bottom, 13);
    }
}
