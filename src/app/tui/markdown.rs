//! Markdown read into blocks. Knows nothing of colours and widths; [`super::view`] lays the blocks out.
//!
//! Deliberately absent: HTML (it is shown as the text that it is), images (their text is shown), tables, footnotes.

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

/// A piece of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    Paragraph(Vec<Inline>),
    Heading(Vec<Inline>),
    /// Fenced or indented: its lines as they stand.
    Code(Vec<String>),
    /// `start` is the first number of a numbered list.
    List {
        start: Option<u64>,
        items: Vec<Vec<Block>>,
    },
    Quote(Vec<Block>),
    Rule,
}

/// A run of text in one manner.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Inline {
    /// Holds `\n` only where the author broke the line on purpose.
    pub text: String,
    pub bold: bool,
    pub italic: bool,
    pub code: bool,
    /// Where a link leads.
    pub link: Option<String>,
}

/// Reads Markdown. Every text is Markdown, so this never fails.
pub fn parse(markdown: &str) -> Vec<Block> {
    Reader::default().read(markdown)
}

/// The text alone, as one line: for a list's row or a heading.
pub fn plain(markdown: &str) -> String {
    let mut out = String::new();
    plain_blocks(&parse(markdown), &mut out);
    out
}

fn plain_blocks(blocks: &[Block], out: &mut String) {
    let space = |out: &mut String| {
        if !out.is_empty() && !out.ends_with(' ') {
            out.push(' ');
        }
    };
    for block in blocks {
        space(out);
        match block {
            Block::Paragraph(inlines) | Block::Heading(inlines) => {
                for inline in inlines {
                    out.push_str(&inline.text.replace('\n', " "));
                }
            }
            Block::Code(lines) => out.push_str(&lines.join(" ")),
            Block::List { items, .. } => items.iter().for_each(|item| plain_blocks(item, out)),
            Block::Quote(blocks) => plain_blocks(blocks, out),
            Block::Rule => {}
        }
    }
}

/// The commands that a text offers, ready to copy: code blocks whole, and code within a line where it has a blank in it
/// (a single word in code is a name, not a command).
pub fn commands(markdown: &str) -> Vec<String> {
    let mut found = Vec::new();
    collect_commands(&parse(markdown), &mut found);
    found
}

fn collect_commands(blocks: &[Block], found: &mut Vec<String>) {
    let mut add = |command: String| {
        if !command.trim().is_empty() && !found.contains(&command) {
            found.push(command);
        }
    };
    for block in blocks {
        match block {
            Block::Paragraph(inlines) | Block::Heading(inlines) => inlines
                .iter()
                .filter(|inline| inline.code && inline.text.trim().contains(' '))
                .for_each(|inline| add(inline.text.clone())),
            Block::Code(lines) => add(lines.join("\n")),
            Block::List { items, .. } => items.iter().for_each(|item| {
                let mut inner = Vec::new();
                collect_commands(item, &mut inner);
                inner.into_iter().for_each(&mut add);
            }),
            Block::Quote(blocks) => {
                let mut inner = Vec::new();
                collect_commands(blocks, &mut inner);
                inner.into_iter().for_each(&mut add);
            }
            Block::Rule => {}
        }
    }
}

/// What is open while the parser's events go by.
#[derive(Default)]
struct Reader {
    /// The blocks of each open container, outermost first. The first is the page.
    open: Vec<Vec<Block>>,
    lists: Vec<(Option<u64>, Vec<Vec<Block>>)>,
    inlines: Vec<Inline>,
    code: Option<String>,
    bold: usize,
    italic: usize,
    link: Option<String>,
}

impl Reader {
    fn read(mut self, markdown: &str) -> Vec<Block> {
        self.open.push(Vec::new());
        for event in Parser::new_ext(markdown, Options::empty()) {
            self.take(event);
        }
        self.end_paragraph();
        self.open.into_iter().next().unwrap_or_default()
    }

    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => match &mut self.code
            {
                Some(code) => code.push_str(&text),
                None => self.push(&text, false),
            },
            Event::Code(text) => self.push(&text, true),
            Event::SoftBreak => self.push(" ", false),
            Event::HardBreak => self.push("\n", false),
            Event::Rule => self.block(Block::Rule),
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Paragraph | Tag::Heading { .. } | Tag::HtmlBlock => self.end_paragraph(),
            Tag::CodeBlock(CodeBlockKind::Fenced(_) | CodeBlockKind::Indented) => {
                self.end_paragraph();
                self.code = Some(String::new());
            }
            Tag::List(start) => {
                self.end_paragraph();
                self.lists.push((start, Vec::new()));
            }
            Tag::Item | Tag::BlockQuote(_) => {
                self.end_paragraph();
                self.open.push(Vec::new());
            }
            Tag::Strong => self.bold += 1,
            Tag::Emphasis => self.italic += 1,
            Tag::Link { dest_url, .. } => self.link = Some(dest_url.into_string()),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph | TagEnd::HtmlBlock => self.end_paragraph(),
            TagEnd::Heading(_) => {
                let inlines = std::mem::take(&mut self.inlines);
                self.block(Block::Heading(inlines));
            }
            TagEnd::CodeBlock => {
                let code = self.code.take().unwrap_or_default();
                self.block(Block::Code(code.lines().map(str::to_owned).collect()));
            }
            TagEnd::Item => {
                self.end_paragraph();
                let item = self.open.pop().unwrap_or_default();
                if let Some((_, items)) = self.lists.last_mut() {
                    items.push(item);
                }
            }
            TagEnd::List(_) => {
                if let Some((start, items)) = self.lists.pop() {
                    self.block(Block::List { start, items });
                }
            }
            TagEnd::BlockQuote(_) => {
                self.end_paragraph();
                let inner = self.open.pop().unwrap_or_default();
                self.block(Block::Quote(inner));
            }
            TagEnd::Strong => self.bold = self.bold.saturating_sub(1),
            TagEnd::Emphasis => self.italic = self.italic.saturating_sub(1),
            TagEnd::Link => self.end_link(),
            _ => {}
        }
    }

    /// The address follows its text where the text does not say it already.
    fn end_link(&mut self) {
        let Some(address) = self.link.take() else {
            return;
        };
        let said: String = self
            .inlines
            .iter()
            .rev()
            .take_while(|inline| inline.link.is_some())
            .map(|inline| inline.text.as_str())
            .collect();
        if said != address && format!("mailto:{said}") != address {
            self.push(&format!(" ({address})"), false);
        }
    }

    fn push(&mut self, text: &str, code: bool) {
        self.inlines.push(Inline {
            text: text.to_owned(),
            bold: self.bold > 0,
            italic: self.italic > 0,
            code,
            link: self.link.clone(),
        });
    }

    fn end_paragraph(&mut self) {
        let inlines = std::mem::take(&mut self.inlines);
        if !inlines.is_empty() {
            self.block(Block::Paragraph(inlines));
        }
    }

    fn block(&mut self, block: Block) {
        if let Some(blocks) = self.open.last_mut() {
            blocks.push(block);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Inline {
        Inline {
            text: text.to_owned(),
            ..Inline::default()
        }
    }

    fn code(text: &str) -> Inline {
        Inline {
            code: true,
            ..self::text(text)
        }
    }

    #[test]
    fn blocks_are_read() {
        let check = |markdown: &str, expected: &[Block]| {
            assert_eq!(parse(markdown), expected, "{markdown:?}");
        };
        check(
            "one\ntwo",
            &[Block::Paragraph(vec![text("one"), text(" "), text("two")])],
        );
        check(
            "Run `a b` **now**.",
            &[Block::Paragraph(vec![
                text("Run "),
                code("a b"),
                text(" "),
                Inline {
                    bold: true,
                    ..text("now")
                },
                text("."),
            ])],
        );
        check(
            "```sh\na\n  b\n```",
            &[Block::Code(vec!["a".to_owned(), "  b".to_owned()])],
        );
        check(
            "3. a\n4. b\n   - c",
            &[Block::List {
                start: Some(3),
                items: vec![
                    vec![Block::Paragraph(vec![text("a")])],
                    vec![
                        Block::Paragraph(vec![text("b")]),
                        Block::List {
                            start: None,
                            items: vec![vec![Block::Paragraph(vec![text("c")])]],
                        },
                    ],
                ],
            }],
        );
        check(
            "> q",
            &[Block::Quote(vec![Block::Paragraph(vec![text("q")])])],
        );
        check(
            "<b>x</b>",
            &[Block::Paragraph(vec![text("<b>"), text("x"), text("</b>")])],
        );
    }

    #[test]
    fn a_links_address_is_shown_once() {
        let check = |markdown: &str, expected: &str| assert_eq!(plain(markdown), expected);
        check("[docs](https://a.example/x)", "docs (https://a.example/x)");
        check("<https://a.example/x>", "https://a.example/x");
        check("<a@b.example>", "a@b.example");
    }

    #[test]
    fn commands_are_found() {
        let check = |markdown: &str, expected: &[&str]| {
            assert_eq!(commands(markdown), expected, "{markdown:?}");
        };
        check("Open `config.xml`.", &[]);
        check(
            "Run `ls -l`, then `ls -l`, or `ps -ef`.",
            &["ls -l", "ps -ef"],
        );
        check(
            "1. `a b`\n2. Then:\n\n   ```\n   c\n   d\n   ```",
            &["a b", "c\nd"],
        );
        check("> `a b`", &["a b"]);
    }

    #[test]
    fn plain_text_is_one_line() {
        let check = |markdown: &str, expected: &str| assert_eq!(plain(markdown), expected);
        check("The *MID* is **Down**\nnow", "The MID is Down now");
        check("a\n\n- b\n- c", "a b c");
    }
}
