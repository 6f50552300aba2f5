//! A line that is being typed, in as many columns as there are.

use tui_input::Input;

use crate::{
    app::tui::view::wrap::columns,
    finding::visible::{Room, visible},
};

/// The part of the line that fits, and the column of the cursor in it.
pub fn line(input: &Input, width: usize) -> (String, u16) {
    let value = input.value();
    // The cursor counts characters.
    let before: String = value.chars().take(input.cursor()).collect();
    let after: String = value.chars().skip(input.cursor()).collect();
    let mut before = visible(&before, Room::Line).into_owned();
    let room = width.saturating_sub(1);
    while columns(&before) > room {
        // The cursor stays in sight; what is left of it goes first.
        let mut characters = before.chars();
        characters.next();
        before = characters.as_str().to_owned();
    }
    let column = columns(&before);
    let mut shown = before;
    for character in visible(&after, Room::Line).chars() {
        let mut longer = shown.clone();
        longer.push(character);
        if columns(&longer) > width {
            break;
        }
        shown = longer;
    }
    (shown, u16::try_from(column).unwrap_or(u16::MAX))
}

/// What stands for a secret: that something was typed, and nothing of it, not even its length.
pub fn hidden(input: &Input) -> String {
    if input.value().is_empty() {
        "(typed text is not shown)".to_owned()
    } else {
        "(typed, not shown)".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cursor_stays_in_sight() {
        let check = |value: &str, cursor: usize, width: usize, expected: (&str, u16)| {
            let input = Input::new(value.to_owned()).with_cursor(cursor);
            let (shown, column) = line(&input, width);
            assert_eq!((shown.as_str(), column), expected);
        };
        check("abc", 3, 10, ("abc", 3));
        check("abcdef", 6, 4, ("def", 3));
        check("abcdef", 0, 4, ("abcd", 0));
        check("漢字漢字", 4, 5, ("漢字", 4));
        check("abcdef", 2, 4, ("abcd", 2));
    }
}
