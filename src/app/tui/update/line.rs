//! Changes to a line of text.

use tui_input::{Input, InputRequest};

use crate::app::tui::msg::Edit;

/// No line of this program needs more; a paste past it is cut.
pub const LONGEST: usize = 4096;

/// Changes the line. Control characters never get into it; a pasted text is one line.
pub fn edit(line: &mut Input, edit: Edit) {
    let request = match edit {
        Edit::Insert(character) => return insert(line, character),
        Edit::Paste(text) => {
            // Terminals send what the Enter key sends, where lines end.
            let text = text.trim_end_matches(['\r', '\n']).replace("\r\n", "\n");
            for character in text.chars() {
                match character {
                    '\n' | '\r' | '\t' => insert(line, ' '),
                    _ => insert(line, character),
                }
            }
            return;
        }
        Edit::Backspace => InputRequest::DeletePrevChar,
        Edit::Delete => InputRequest::DeleteNextChar,
        Edit::DeleteWord => InputRequest::DeletePrevWord,
        Edit::DeleteToStart => InputRequest::DeleteFromStart,
        Edit::Left => InputRequest::GoToPrevChar,
        Edit::Right => InputRequest::GoToNextChar,
        Edit::WordLeft => InputRequest::GoToPrevWord,
        Edit::WordRight => InputRequest::GoToNextWord,
        Edit::Home => InputRequest::GoToStart,
        Edit::End => InputRequest::GoToEnd,
    };
    line.handle(request);
}

fn insert(line: &mut Input, character: char) {
    if !character.is_control() && line.value().len() + character.len_utf8() <= LONGEST {
        line.handle(InputRequest::InsertChar(character));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_takes_text_alone() {
        let check = |edits: &[Edit], expected: &str| {
            let mut line = Input::default();
            edits
                .iter()
                .for_each(|change| edit(&mut line, change.clone()));
            assert_eq!(line.value(), expected);
        };
        let paste = |text: &str| Edit::Paste(text.to_owned());
        check(&[Edit::Insert('a'), Edit::Insert('\u{1b}')], "a");
        check(&[paste("one\r\ntwo\tthree\n")], "one two three");
        check(&[paste("one\rtwo\r")], "one two");
        check(&[paste("ab"), Edit::Left, Edit::Insert('x')], "axb");
        check(&[paste("one two"), Edit::DeleteWord], "one ");
        check(&[paste("漢字"), Edit::Backspace], "漢");
        check(&[paste(&"x".repeat(LONGEST + 9))], &"x".repeat(LONGEST));
    }
}
