//! Hostile text made visible: what a terminal would obey, what turns or shifts what stands around it, and what cannot be
//! seen at all. One set of characters for every output.
//!
//! Deliberately absent: any judgement of what a text means. Combining marks and what emoji are made of stay.

use std::{borrow::Cow, fmt::Write};

/// What a tab and a line break are in the place where a text is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Room {
    /// A value within a sentence: neither has a meaning, both are shown.
    Value,
    /// One line: a tab becomes blanks, so that what lies behind it stays in place when the line is wrapped.
    Line,
    /// Several lines: a tab becomes blanks, and line feeds stay.
    Page,
}

/// What a tab becomes.
const TAB: &str = "    ";

/// The text with nothing in it that is obeyed or hides: C0 controls become their pictures (`␛`), the rest `‹U+202E›`. The
/// joiner between two parts of an emoji is left out, and the parts stand side by side.
pub fn visible(text: &str, room: Room) -> Cow<'_, str> {
    if !text.contains(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    let mut rest = text.chars().peekable();
    let mut before = '\0';
    while let Some(c) = rest.next() {
        match (c, room) {
            ('\n', Room::Page) => shown.push(c),
            ('\t', Room::Line | Room::Page) => shown.push_str(TAB),
            // The pictures stand in the same order from U+2400 on.
            ('\0'..='\u{1f}', _) => {
                shown.push(char::from_u32(0x2400 + u32::from(c)).unwrap_or('\u{fffd}'))
            }
            ('\u{7f}', _) => shown.push('\u{2421}'),
            (JOINER, _) if is_emoji(before) && rest.peek().copied().is_some_and(is_emoji) => {}
            (c, _) if is_hidden(c) => {
                // Writing to a string cannot fail.
                let _ = write!(shown, "‹U+{:04X}›", u32::from(c));
            }
            (c, _) => shown.push(c),
        }
        before = c;
    }
    Cow::Owned(shown)
}

/// Of what a stranger wrote, so many characters stand in a message.
const BRIEF: usize = 200;

/// What a stranger wrote, for the middle of a message: its beginning, with nothing in it that is obeyed or hides.
pub fn brief(text: &str) -> String {
    match text.char_indices().nth(BRIEF) {
        Some((at, _)) => format!("{}…", visible(&text[..at], Room::Value)),
        None => visible(text, Room::Value).into_owned(),
    }
}

const JOINER: char = '\u{200d}';

/// Whether a character never stands as it is: controls, line and paragraph separators, format characters, and fillers
/// that take a place without being seen (Unicode 16: `Cc`, `Zl`, `Zp`, most of `Cf`, and `Default_Ignorable`). The Arabic
/// signs that belong to `Cf` are seen, and variation selectors choose how the character before them looks.
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e00ff}' | '\u{e01f0}'..='\u{e0fff}')
}

/// Whether a text holds something that a terminal or a reader's eye would be misled by; such a text is never copied.
pub fn misleads(text: &str) -> bool {
    text.chars()
        .any(|c| is_hidden(c) && !matches!(c, '\n' | '\t'))
}

/// A part of an emoji that a joiner may stand beside: pictures, skin tones, the selector of their look.
fn is_emoji(c: char) -> bool {
    matches!(c, '\u{2190}'..='\u{2bff}' | '\u{fe0f}' | '\u{1f000}'..='\u{1faff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_obeyed_or_hides_is_shown() {
        let check = |text: &str, expected: &str| {
            assert_eq!(visible(text, Room::Line), expected, "{text:?}")
        };
        check("plain, ümlaut, 漢字", "plain, ümlaut, 漢字");
        check("\u{1b}[2J", "␛[2J");
        check("a\tb", "a    b");
        check("a\u{7f}b\rc\u{8}\u{7}\0", "a␡b␍c␈␇␀");
        check("\u{9b}31m\u{85}", "‹U+009B›31m‹U+0085›");
        check("user\u{202e}txt.exe", "user‹U+202E›txt.exe");
        check("a\u{200d}b\u{200b}c", "a‹U+200D›b‹U+200B›c");
        check(
            "\u{e0041}\u{115f}\u{3164}\u{2028}\u{61c}\u{feff}\u{180e}\u{ad}",
            "‹U+E0041›‹U+115F›‹U+3164›‹U+2028›‹U+061C›‹U+FEFF›‹U+180E›‹U+00AD›",
        );
    }

    #[test]
    fn what_is_read_stays() {
        let check = |text: &str| assert_eq!(visible(text, Room::Value), text);
        check("e\u{301} n\u{303}o");
        check("한국어 日本語 ไทย हिन्दी عربي");
        check("❤\u{fe0f} 👍🏽 🇩🇪");
        check("‹secret-1›");
    }

    #[test]
    fn a_message_quotes_a_stranger_briefly() {
        let check = |text: &str, expected: &str| assert_eq!(brief(text), expected);
        check("plain", "plain");
        check("\u{1b}[2J\n\u{202e}", "␛[2J␊‹U+202E›");
        check(&"ä".repeat(200), &"ä".repeat(200));
        check(&"ä".repeat(201), &format!("{}…", "ä".repeat(200)));
        check(&"\u{7}".repeat(201), &format!("{}…", "␇".repeat(200)));
    }

    #[test]
    fn an_emoji_loses_its_joiner_alone() {
        let check = |text: &str, expected: &str| assert_eq!(visible(text, Room::Value), expected);
        check("👩\u{200d}💻", "👩💻");
        check("❤\u{fe0f}\u{200d}🔥", "❤\u{fe0f}🔥");
        check("👩\u{200d}", "👩‹U+200D›");
    }

    #[test]
    fn tabs_and_line_breaks_are_what_the_room_says() {
        let check = |room, expected: &str| assert_eq!(visible("a\tb\nc\r", room), expected);
        check(Room::Value, "a␉b␊c␍");
        check(Room::Line, "a    b␊c␍");
        check(Room::Page, "a    b\nc␍");
    }

    #[test]
    fn whatever_comes_nothing_hidden_is_left() {
        for c in '\0'..=char::MAX {
            for room in [Room::Value, Room::Line, Room::Page] {
                let text = format!("a{c}b");
                let shown = visible(&text, room);
                let left = shown.chars().any(|c| is_hidden(c) && c != '\n');
                assert!(!left, "U+{:04X}", u32::from(c));
            }
        }
    }

    #[test]
    fn a_text_that_misleads_is_known() {
        let check = |text: &str, expected: bool| assert_eq!(misleads(text), expected, "{text:?}");
        check("ls -l /tmp", false);
        check("one\ntwo\t3", false);
        check("ls \u{1b}[A", true);
        check("ls\rrm", true);
        check("a\u{202e}b", true);
        check("a\u{3164}b", true);
    }
}
