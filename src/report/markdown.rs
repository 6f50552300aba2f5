//! The report as Markdown. Whatever is no Markdown of the report's own is escaped or stands in code.

use crate::report::{
    Report,
    block::{Block, Piece},
    page::page,
};

/// The whole report.
pub fn markdown(report: &Report) -> String {
    let mut out = String::new();
    blocks(&page(report), &mut out);
    out
}

/// Each with an empty line behind it.
fn blocks(blocks: &[Block], out: &mut String) {
    for block in blocks {
        match block {
            Block::Title(line) => paragraph("# ", line, out),
            Block::Heading(line) => paragraph("## ", line, out),
            Block::Paragraph(line) => paragraph("", line, out),
            Block::Code(text) => {
                let fence = "`".repeat(longest_run(text).max(2) + 1);
                out.push_str(&format!("{fence}text\n{text}\n{fence}\n"));
            }
            Block::List { first, items } => list(*first, items, out),
        }
        out.push('\n');
    }
}

fn paragraph(mark: &str, line: &[Piece], out: &mut String) {
    out.push_str(mark);
    let mut written = String::new();
    for (at, piece) in line.iter().enumerate() {
        let begins = written.is_empty() || written.ends_with('\n');
        match piece {
            Piece::Plain(text) => escape(text, begins, &mut written),
            Piece::Strong(text) if text.trim().is_empty() => written.push_str(text),
            Piece::Strong(text) => {
                // Emphasis that begins or ends with a blank is none; two that touch are one.
                let inner = text.trim();
                let (before, after) = text.split_once(inner).unwrap_or_default();
                let joins = |piece: Option<&Piece>| matches!(piece, Some(Piece::Strong(_)));
                written.push_str(before);
                if !before.is_empty() || at == 0 || !joins(line.get(at - 1)) {
                    written.push_str("**");
                }
                escape(inner, false, &mut written);
                if !after.is_empty() || !joins(line.get(at + 1)) {
                    written.push_str("**");
                }
                written.push_str(after);
            }
            Piece::Code(text) => inline_code(text, &mut written),
            Piece::Break => written.push_str("\\\n"),
        }
    }
    out.push_str(written.trim_end_matches(['\n', '\\']));
    out.push('\n');
}

fn list(first: Option<u64>, items: &[Vec<Block>], out: &mut String) {
    let is_loose = items.iter().any(|item| item.len() > 1);
    for (at, item) in items.iter().enumerate() {
        let mark = match first {
            Some(first) => format!("{}. ", first.saturating_add(at as u64)),
            None => "- ".to_owned(),
        };
        let mut inner = String::new();
        blocks(item, &mut inner);
        for (at, text) in inner.trim_end().lines().enumerate() {
            if at == 0 {
                out.push_str(&mark);
            } else if !text.is_empty() {
                out.push_str(&" ".repeat(mark.len()));
            }
            out.push_str(text);
            out.push('\n');
        }
        if inner.trim().is_empty() {
            out.push_str(mark.trim_end());
            out.push('\n');
        }
        if is_loose && at + 1 < items.len() {
            out.push('\n');
        }
    }
}

/// Text that says what it says. `begins`: it stands at the start of a line, where more means something.
fn escape(text: &str, begins: bool, out: &mut String) {
    let start = out.len();
    for c in text.chars() {
        if begins && out.len() == start && c == ' ' {
            // Four of them would make it code.
            continue;
        }
        let first = begins && out.len() == start;
        let numbers = || out[start..].chars().all(|c| c.is_ascii_digit());
        let means_something = "`\\*_[]<>&|~$".contains(c)
            || first && "#+-=:!".contains(c)
            || begins && !first && matches!(c, '.' | ')') && numbers();
        if means_something {
            out.push('\\');
        }
        out.push(c);
    }
}

/// Code that no backtick within can end.
fn inline_code(text: &str, out: &mut String) {
    if text.is_empty() {
        return;
    }
    let fence = "`".repeat(if text.contains('`') {
        longest_run(text) + 1
    } else {
        1
    });
    let pads = text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']);
    let pad = if pads && !text.trim().is_empty() {
        " "
    } else {
        ""
    };
    out.push_str(&format!("{fence}{pad}{text}{pad}{fence}"));
}

/// The longest run of backticks.
fn longest_run(text: &str) -> usize {
    let runs = text.split(|c| c != '`').map(str::len);
    runs.max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use pulldown_cmark::{Event, Options, Parser, Tag};

    use super::*;
    use crate::report::block::plain;

    fn check(line: Vec<Piece>, expected: &str) {
        let mut out = String::new();
        blocks(&[Block::Paragraph(line)], &mut out);
        assert_eq!(out.trim_end(), expected);
    }

    #[test]
    fn what_came_from_outside_is_no_markdown() {
        let text = |text: &str, expected: &str| check(plain(text), expected);
        text("/opt/x_y_z: denied", r"/opt/x\_y\_z: denied");
        text("[in](http://evil) <b>", r"\[in\](http://evil) \<b\>");
        text("# a # b", r"\# a # b");
        text("12. a 3. b", r"12\. a 3. b");
        text("- a - b", r"\- a - b");
        text("a\n=====\n    b", "a\\\n\\=====\\\nb");
        text("a & &lt; b", r"a \& \&lt; b");
    }

    #[test]
    fn code_is_ended_by_nothing_in_it() {
        let code = |text: &str, expected: &str| check(vec![Piece::Code(text.into())], expected);
        code("a", "`a`");
        code("a`b``c", "```a`b``c```");
        code("`", "`` ` ``");
        code(" a", "`  a `");
    }

    #[test]
    fn emphasis_holds() {
        let strong = |text: &str| Piece::Strong(text.to_owned());
        check(vec![strong("a "), Piece::Plain("b".into())], "**a** b");
        check(vec![strong("a*"), strong("b")], r"**a\*b**");
    }

    /// A reader of Markdown gets back exactly the text, and nothing but text.
    #[test]
    fn nothing_is_obeyed_and_nothing_is_lost() {
        let marks = "`*_[]<>&|~$#+-=:!.)(1\\\"' a\t/";
        // Whether quotes are bent is a reader's taste.
        let options = Options::all() - Options::ENABLE_SMART_PUNCTUATION;
        let alphabet: Vec<char> = marks.chars().collect();
        // Every text of three such characters, between words and alone.
        for first in &alphabet {
            for second in &alphabet {
                for third in &alphabet {
                    let text = format!("{first}{second}{third}x");
                    let line = plain(&text);
                    let expected: String = line.iter().map(Piece::text).collect();
                    let mut out = String::new();
                    blocks(&[Block::Paragraph(line)], &mut out);
                    let mut read = String::new();
                    for event in Parser::new_ext(&out, options) {
                        match event {
                            Event::Text(text) => read.push_str(&text),
                            Event::Start(Tag::Paragraph) | Event::End(_) => {}
                            other => panic!("{text:?} is read as {other:?}: {out:?}"),
                        }
                    }
                    assert_eq!(read.trim(), expected.trim(), "{out:?}");
                }
            }
        }
    }
}
