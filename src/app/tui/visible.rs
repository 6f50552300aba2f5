//! Hostile text made visible: control and formatting characters are shown, never obeyed.
//!
//! Deliberately absent: any judgement of what a text means. Line feeds are the caller's business: split first.

use std::borrow::Cow;

/// How many columns a tab stands for. A fixed width keeps what lies behind it in place when a line is wrapped.
const TAB: &str = "    ";

/// One line of text with nothing in it that a terminal would obey.
///
/// C0 controls become their Unicode pictures (`␛`), other controls and those that change the direction of reading become
/// `‹U+202E›`. Tabs become spaces.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_obeyed) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        match character {
            '\t' => shown.push_str(TAB),
            '\u{7f}' => shown.push('␡'),
            '\0'..='\u{1f}' => {
                // The pictures stand in the same order from U+2400 on.
                shown.push(char::from_u32(0x2400 + u32::from(character)).unwrap_or('␀'));
            }
            _ if is_obeyed(character) => {
                shown.push_str(&format!("‹U+{:04X}›", u32::from(character)));
            }
            _ => shown.push(character),
        }
    }
    Cow::Owned(shown)
}

/// Whether a text holds something that a terminal or a reader's eye would be misled by; such a text is never copied.
pub fn misleads(text: &str) -> bool {
    text.chars()
        .any(|character| is_obeyed(character) && !matches!(character, '\n' | '\t'))
}

/// Controls, and the characters that turn the direction of reading or hide in it.
fn is_obeyed(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{061c}'
                | '\u{200b}'
                | '\u{200e}'
                | '\u{200f}'
                | '\u{2028}'
                | '\u{2029}'
                | '\u{202a}'..='\u{202e}'
                | '\u{2060}'
                | '\u{2066}'..='\u{2069}'
                | '\u{feff}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_obey_is_shown() {
        let check = |text: &str, expected: &str| assert_eq!(visible(text), expected, "{text:?}");
        check("plain, ümlaut, 漢字", "plain, ümlaut, 漢字");
        check("\u{1b}[2J", "␛[2J");
        check("a\tb", "a    b");
        check("a\u{7f}b\rc", "a␡b␍c");
        check("\u{9b}31m", "‹U+009B›31m");
        check("user\u{202e}txt.exe", "user‹U+202E›txt.exe");
    }

    #[test]
    fn a_text_that_misleads_is_known() {
        let check = |text: &str, expected: bool| assert_eq!(misleads(text), expected, "{text:?}");
        check("ls -l /tmp", false);
        check("one\ntwo\t3", false);
        check("ls \u{1b}[A", true);
        check("ls\rrm", true);
        check("a\u{202e}b", true);
    }
}
