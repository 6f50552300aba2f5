//! Markdown as plain lines: for pipes, dumb terminals, serial consoles and screen readers.
//!
//! Emphasis is dropped, code stands in backticks (else a command and the sentence around it run into each other), fenced
//! code is indented and never wrapped.
//! Control characters never pass.

use std::borrow::Cow;

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use crate::finding::visible::{self, Room};

/// Lines of at most `width` columns, where words allow it; code blocks keep their lines.
pub fn plain(markdown: &str, width: usize) -> Vec<String> {
    let mut page = Page {
        lines: Vec::new(),
        text: String::new(),
        lists: Vec::new(),
        item: None,
        code: None,
        width,
    };
    for event in Parser::new(markdown) {
        page.event(event);
    }
    page.flush();
    while page.lines.last().is_some_and(String::is_empty) {
        page.lines.pop();
    }
    page.lines
}

/// Several lines of text with nothing in them that a terminal would obey.
pub fn visible(text: &str) -> Cow<'_, str> {
    visible::visible(text, Room::Page)
}

struct Page {
    lines: Vec<String>,
    /// The paragraph under way.
    text: String,
    /// For each open list: the next number, or none for bullets.
    lists: Vec<Option<u64>>,
    /// The mark of a list item whose first line is still to come.
    item: Option<String>,
    code: Option<String>,
    width: usize,
}

impl Page {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Text(text) => match &mut self.code {
                Some(code) => code.push_str(&text),
                None => self.text.push_str(&text),
            },
            Event::Code(text) => {
                self.text.push('`');
                self.text.push_str(&text);
                self.text.push('`');
            }
            Event::SoftBreak => self.text.push(' '),
            Event::HardBreak => self.text.push('\n'),
            Event::Rule => self.lines.push("---".to_owned()),
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Html(text) | Event::InlineHtml(text) => self.text.push_str(&text),
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::List(first) => {
                self.flush();
                self.lists.push(first);
            }
            Tag::Item => {
                self.flush();
                let mark = match self.lists.last_mut() {
                    Some(Some(number)) => {
                        let mark = format!("{number}. ");
                        *number += 1;
                        mark
                    }
                    _ => "- ".to_owned(),
                };
                self.item = Some(mark);
            }
            Tag::CodeBlock(_) => {
                self.flush();
                self.code = Some(String::new());
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph | TagEnd::Heading(_) => {
                self.flush();
                if self.lists.is_empty() {
                    self.lines.push(String::new());
                }
            }
            TagEnd::Item => self.flush(),
            TagEnd::List(_) => {
                self.flush();
                self.lists.pop();
                if self.lists.is_empty() {
                    self.lines.push(String::new());
                }
            }
            TagEnd::CodeBlock => {
                let code = self.code.take().unwrap_or_default();
                let indent = " ".repeat(4 + self.hang());
                self.lines.extend(
                    code.lines()
                        .map(|line| format!("{indent}{}", visible(line))),
                );
                self.lines.push(String::new());
            }
            _ => {}
        }
    }

    /// How far the text of the open lists is indented.
    fn hang(&self) -> usize {
        self.lists
            .iter()
            .map(|list| if list.is_some() { 3 } else { 2 })
            .sum()
    }

    /// Ends the paragraph under way.
    fn flush(&mut self) {
        let text = std::mem::take(&mut self.text);
        if text.trim().is_empty() && self.item.is_none() {
            return;
        }
        let hang = " ".repeat(self.hang());
        let mark = self.item.take();
        let first = match &mark {
            Some(mark) => format!(
                "{}{mark}",
                " ".repeat(self.hang().saturating_sub(mark.len()))
            ),
            None => hang.clone(),
        };
        let options = textwrap::Options::new(self.width.max(20))
            .subsequent_indent(&hang)
            .break_words(false)
            .word_splitter(textwrap::WordSplitter::NoHyphenation);
        for (index, line) in visible(text.trim()).lines().enumerate() {
            // An item's mark stands once, however many lines its author broke it into.
            let before = if index == 0 { &first } else { &hang };
            self.lines.extend(
                textwrap::wrap(line, options.clone().initial_indent(before))
                    .into_iter()
                    .map(|line| line.trim_end().to_owned()),
            );
        }
    }
}

/// That so many cases are there of which none can be read: a lowercase fragment.
pub fn unreadable(count: usize) -> String {
    match count {
        1 => "the only case cannot be read; `waypost cases` tells why".to_owned(),
        count => format!("none of {count} cases can be read; `waypost cases` tells why"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_becomes_lines() {
        let check = |markdown: &str, expected: &[&str]| {
            assert_eq!(plain(markdown, 30), expected, "{markdown}")
        };
        check("Is **it** `up`?", &["Is it `up`?"]);
        check(
            "1. First thing to do here now\n2. Second",
            &["1. First thing to do here now", "2. Second"],
        );
        check(
            "1. A longer first thing to be done",
            &["1. A longer first thing to be", "   done"],
        );
        check("- a\n- b\n\nEnd", &["- a", "- b", "", "End"]);
        check(
            "Run\n\n```\nps -ef | grep agent/ | grep -v grep\n```\n",
            &["Run", "", "    ps -ef | grep agent/ | grep -v grep"],
        );
        check("one\\\ntwo\nthree", &["one", "two three"]);
        check(
            "1. one\\\n   two\n2. three",
            &["1. one", "   two", "2. three"],
        );
        check("a\u{1b}[31mb", &["a␛[31mb"]);
    }
}
