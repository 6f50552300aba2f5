//! A tree's Markdown as blocks. Only what a page has is taken over: paragraphs, lists, code and emphasis. A link shows
//! where it leads and leads nowhere; HTML is text.

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use crate::{
    finding::visible::{Room, visible},
    report::block::{Block, Line, Piece, code, plain},
};

/// The deepest list; what lies deeper joins it.
const DEEPEST: usize = 8;

/// The whole text.
pub(super) fn blocks(markdown: &str) -> Vec<Block> {
    let mut reader = Reader {
        open: vec![Vec::new()],
        lists: Vec::new(),
        line: Vec::new(),
        code: None,
        strong: 0,
        links: Vec::new(),
        passed_over: 0,
    };
    for event in Parser::new(markdown) {
        reader.event(event);
    }
    reader.flush();
    reader.open.into_iter().flatten().collect()
}

/// The text as one line: what is no line of its own stands in it with blanks between.
pub(super) fn line(markdown: &str) -> Line {
    fn join(blocks: Vec<Block>, line: &mut Line) {
        for block in blocks {
            if !line.is_empty() {
                line.push(Piece::Plain(" ".to_owned()));
            }
            match block {
                Block::Title(part) | Block::Heading(part) | Block::Paragraph(part) => {
                    let blank = |piece| match piece {
                        Piece::Break => Piece::Plain(" ".to_owned()),
                        piece => piece,
                    };
                    line.extend(part.into_iter().map(blank));
                }
                Block::Code(text) => line.push(code(&text)),
                Block::List { items, .. } => {
                    items.into_iter().for_each(|item| join(item, line));
                }
            }
        }
    }
    let mut one = Vec::new();
    join(blocks(markdown), &mut one);
    one
}

struct Reader {
    /// The blocks of the page, and of each list item that is open.
    open: Vec<Vec<Block>>,
    lists: Vec<(Option<u64>, Vec<Vec<Block>>)>,
    line: Line,
    code: Option<String>,
    strong: usize,
    /// Where the open links lead.
    links: Vec<String>,
    /// Lists within the deepest one.
    passed_over: usize,
}

impl Reader {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Text(text) => match &mut self.code {
                Some(code) => code.push_str(&text),
                None if self.strong > 0 => {
                    let text = visible(&text, Room::Line).into_owned();
                    self.line.push(Piece::Strong(text));
                }
                None => self.line.extend(plain(&text)),
            },
            Event::Code(text) => self.line.push(code(&text)),
            Event::Html(text) | Event::InlineHtml(text) => {
                self.line.extend(plain(&text));
            }
            Event::SoftBreak => self.line.push(Piece::Plain(" ".to_owned())),
            Event::HardBreak => self.line.push(Piece::Break),
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::List(first) => {
                self.flush();
                if self.lists.len() < DEEPEST {
                    self.lists.push((first, Vec::new()));
                } else {
                    self.passed_over += 1;
                }
            }
            Tag::Item if self.passed_over == 0 => {
                self.flush();
                self.open.push(Vec::new());
            }
            Tag::Item => self.flush(),
            Tag::CodeBlock(_) => {
                self.flush();
                self.code = Some(String::new());
            }
            Tag::Strong | Tag::Emphasis | Tag::Heading { .. } => self.strong += 1,
            Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } => {
                self.links.push(dest_url.into_string());
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph | TagEnd::HtmlBlock => self.flush(),
            TagEnd::Heading(_) => {
                self.strong = self.strong.saturating_sub(1);
                self.flush();
            }
            TagEnd::Strong | TagEnd::Emphasis => self.strong = self.strong.saturating_sub(1),
            TagEnd::Link | TagEnd::Image => {
                let leads = self.links.pop().unwrap_or_default();
                let shown: String = self.line.iter().map(Piece::text).collect();
                if !shown.ends_with(&leads) {
                    self.line.extend(plain(&format!(" ({leads})")));
                }
            }
            TagEnd::Item if self.passed_over == 0 => {
                self.flush();
                if self.open.len() > 1
                    && let Some(item) = self.open.pop()
                    && let Some((_, items)) = self.lists.last_mut()
                {
                    items.push(item);
                }
            }
            TagEnd::Item => self.flush(),
            TagEnd::List(_) if self.passed_over > 0 => self.passed_over -= 1,
            TagEnd::List(_) => {
                if let Some((first, items)) = self.lists.pop() {
                    self.push(Block::List { first, items });
                }
            }
            TagEnd::CodeBlock => {
                let code = self.code.take().unwrap_or_default();
                self.push(Block::code(&code));
            }
            _ => {}
        }
    }

    /// Ends the paragraph under way.
    fn flush(&mut self) {
        let mut line = std::mem::take(&mut self.line);
        while line.last() == Some(&Piece::Break) {
            line.pop();
        }
        if !line.iter().all(Piece::is_blank) {
            self.push(Block::Paragraph(line));
        }
    }

    fn push(&mut self, block: Block) {
        if let Some(open) = self.open.last_mut() {
            open.push(block);
        }
    }
}
