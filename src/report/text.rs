//! The report as plain lines, for mails, tickets and terminals of any age. Emphasis is left out, code stands in backticks,
//! blocks of code are indented and never wrapped.

use std::borrow::Cow;

use crate::report::{
    Report,
    block::{Block, Piece},
    page::page,
};

/// Which characters a reader's terminal can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Letters {
    All,
    /// ASCII alone. Signs become what looks like them, other letters their numbers (`<U+00FC>`).
    Ascii,
}

/// The narrowest page.
const NARROWEST: usize = 20;

/// The whole report in lines of at most `width` columns, where words allow it.
pub fn text(report: &Report, width: usize, letters: Letters) -> String {
    let mut out = String::new();
    let writer = Writer { width, letters };
    writer.blocks(&page(report), 0, &mut out);
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

struct Writer {
    width: usize,
    letters: Letters,
}

impl Writer {
    fn blocks(&self, blocks: &[Block], indent: usize, out: &mut String) {
        for (at, block) in blocks.iter().enumerate() {
            // What follows an item's first words belongs to it; elsewhere an empty line parts them.
            if at > 0 && indent == 0 {
                out.push('\n');
            }
            match block {
                Block::Title(line) => self.underlined(line, '=', out),
                Block::Heading(line) => self.underlined(line, '-', out),
                Block::Paragraph(line) => {
                    let indent = " ".repeat(indent);
                    self.wrapped(line, &indent, &indent, out);
                }
                Block::Code(code) => {
                    let indent = " ".repeat(indent + 4);
                    for line in self.letters.shown(code).lines() {
                        let line = format!("{indent}{line}");
                        out.push_str(line.trim_end());
                        out.push('\n');
                    }
                }
                Block::List { first, items } => {
                    for (at, item) in items.iter().enumerate() {
                        let mark = match first {
                            Some(first) => format!("{}. ", first.saturating_add(at as u64)),
                            None => "- ".to_owned(),
                        };
                        self.item(&mark, item, indent, out);
                    }
                }
            }
        }
    }

    fn item(&self, mark: &str, item: &[Block], indent: usize, out: &mut String) {
        let hang = indent + mark.len();
        let (first, rest) = match item.split_first() {
            Some((Block::Paragraph(line), rest)) => (line.as_slice(), rest),
            _ => (&[][..], item),
        };
        let mark = format!("{}{mark}", " ".repeat(indent));
        self.wrapped(first, &mark, &" ".repeat(hang), out);
        self.blocks(rest, hang, out);
    }

    fn underlined(&self, line: &[Piece], mark: char, out: &mut String) {
        let start = out.len();
        self.wrapped(line, "", "", out);
        let longest = out[start..]
            .lines()
            .map(textwrap::core::display_width)
            .max();
        out.extend(std::iter::repeat_n(mark, longest.unwrap_or(0)));
        out.push('\n');
    }

    fn wrapped(&self, line: &[Piece], first: &str, hang: &str, out: &mut String) {
        let mut text = String::new();
        for piece in line {
            match piece {
                Piece::Code(code) => text.extend(["`", code, "`"]),
                piece => text.push_str(piece.text()),
            }
        }
        let text = self.letters.shown(&text);
        let options = textwrap::Options::new(self.width.max(NARROWEST))
            .subsequent_indent(hang)
            .break_words(false)
            .word_splitter(textwrap::WordSplitter::NoHyphenation);
        for (at, line) in text.trim_end().split('\n').enumerate() {
            let before = if at == 0 { first } else { hang };
            for line in textwrap::wrap(line, options.clone().initial_indent(before)) {
                out.push_str(line.trim_end());
                out.push('\n');
            }
        }
    }
}

impl Letters {
    fn shown(self, text: &str) -> Cow<'_, str> {
        if self == Letters::All || text.is_ascii() {
            return Cow::Borrowed(text);
        }
        let mut shown = String::with_capacity(text.len() + 16);
        for c in text.chars() {
            match c {
                '\0'..='\u{7f}' => shown.push(c),
                '‹' => shown.push('<'),
                '›' => shown.push('>'),
                '«' | '»' | '“' | '”' | '„' => shown.push('"'),
                '‘' | '’' | '‚' => shown.push('\''),
                '–' | '—' | '‑' | '−' => shown.push('-'),
                '…' => shown.push_str("..."),
                '→' => shown.push_str("->"),
                '←' => shown.push_str("<-"),
                '×' => shown.push('x'),
                '•' | '·' => shown.push('*'),
                '≥' => shown.push_str(">="),
                '≤' => shown.push_str("<="),
                // No-break spaces.
                '\u{a0}' | '\u{202f}' => shown.push(' '),
                // Pictures of controls: of which.
                '\u{2400}'..='\u{241f}' => {
                    shown.push_str(&format!("<U+{:04X}>", u32::from(c) - 0x2400));
                }
                '\u{2421}' => shown.push_str("<U+007F>"),
                c => shown.push_str(&format!("<U+{:04X}>", u32::from(c))),
            }
        }
        Cow::Owned(shown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{block::plain, prose};

    fn check(blocks: &[Block], letters: Letters, expected: &str) {
        let mut out = String::new();
        Writer { width: 20, letters }.blocks(blocks, 0, &mut out);
        assert_eq!(out, expected);
    }

    #[test]
    fn pages_become_lines() {
        let all = Letters::All;
        check(
            &[
                Block::Title(plain("Cause: ü漢")),
                Block::Paragraph(plain("one two three four five")),
                Block::code("never wrapped, however long it is\n\nend"),
            ],
            all,
            "Cause: ü漢\n==========\n\none two three four\nfive\n\n    never wrapped, however long it is\n\n    end\n",
        );
        check(
            &prose::blocks("1. *one* `two`\n2. three four five six\n   - seven\n\n<b>"),
            all,
            "1. one `two`\n2. three four five\n   six\n   - seven\n\n<b>\n",
        );
    }

    #[test]
    fn a_poor_terminal_gets_ascii() {
        let shown = |text: &str, expected: &str| {
            assert_eq!(Letters::Ascii.shown(text), expected);
            assert_eq!(Letters::All.shown(text), text);
        };
        shown(
            "‹secret-1› – “a” … ␛[31m␡",
            "<secret-1> - \"a\" ... <U+001B>[31m<U+007F>",
        );
        shown("Müller 漢", "M<U+00FC>ller <U+6F22>");
    }
}
