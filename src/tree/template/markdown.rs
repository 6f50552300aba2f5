//! Values inside prose: text, whatever stands in them. Knows nothing of shells.

/// `text` as Markdown that shows just it. `line_start` tells whether it begins a line, where more characters mean
/// something.
pub fn escaped(text: &str, line_start: bool) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len() + 8);
    let digits = chars.iter().take_while(|c| c.is_ascii_digit()).count();
    for (at, &c) in chars.iter().enumerate() {
        let word = |at: Option<usize>| {
            at.and_then(|at| chars.get(at))
                .is_some_and(|c| c.is_alphanumeric())
        };
        match c {
            // Between letters an underscore is never emphasis: names stay readable.
            '_' if word(at.checked_sub(1)) && word(Some(at + 1)) => out.push(c),
            '\\' | '`' | '*' | '_' | '[' | ']' | '(' | ')' | '<' | '>' | '&' | '#' | '~' | '|'
            | '!' | '$' | '^' => {
                out.push('\\');
                out.push(c);
            }
            '-' | '+' | '=' | ':' if line_start && at == 0 => {
                out.push('\\');
                out.push(c);
            }
            '.' if line_start && digits > 0 && at == digits => {
                out.push('\\');
                out.push(c);
            }
            ' ' if line_start && at == 0 => out.push_str("&#32;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use pulldown_cmark::{Event, Parser, Tag};

    use super::*;

    #[test]
    fn a_value_is_shown_as_it_is() {
        let check = |text: &str| {
            for (before, line_start) in [("", true), ("See ", false), ("**", false)] {
                let markdown = format!("{before}{} after", escaped(text, line_start));
                let mut shown = String::new();
                for event in Parser::new(&markdown) {
                    match event {
                        Event::Text(part) => shown.push_str(&part),
                        Event::Start(Tag::Paragraph) | Event::End(_) => {}
                        other => panic!("{text:?} became {other:?} in {markdown:?}"),
                    }
                }
                assert_eq!(shown, format!("{before}{text} after"), "{markdown:?}");
            }
        };
        for text in [
            "plain",
            "a_b_c",
            "_x_",
            "*x*",
            "[a](http://b)",
            "<b>",
            "&amp;",
            "`code`",
            "# head",
            "- item",
            "+ item",
            "1. one",
            "12) two",
            "> quote",
            "~~~",
            "```",
            "===",
            "---",
            "| a | b |",
            "![i](u)",
            "\\",
            "C:\\Program Files\\*",
            "a\\_b",
            "<https://evil.example>",
            "$x$",
            "x: y",
            ": z",
            "   three",
            "\\`",
            "1.",
            "--",
        ] {
            check(text);
        }
    }
}
