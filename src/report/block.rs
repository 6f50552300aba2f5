//! What a page is made of. Formats write blocks and know nothing of cases.
//!
//! Every text is made visible when it is put into a block, so no format can forget it.

use crate::finding::visible::{Room, visible};

/// A part of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Block {
    /// The first, and no other.
    Title(Line),
    Heading(Line),
    Paragraph(Line),
    /// Lines that stay as they are; no line break at the end.
    Code(String),
    List {
        /// The first item's number; `None` for bullets.
        first: Option<u64>,
        items: Vec<Vec<Block>>,
    },
}

/// A text that is wrapped where it has to be.
pub(super) type Line = Vec<Piece>;

/// A part of a line. None holds a line break but [`Piece::Break`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    Plain(String),
    Strong(String),
    Code(String),
    Break,
}

impl Piece {
    pub fn text(&self) -> &str {
        match self {
            Piece::Plain(text) | Piece::Strong(text) | Piece::Code(text) => text,
            Piece::Break => "\n",
        }
    }

    pub fn is_blank(&self) -> bool {
        self.text().trim().is_empty()
    }
}

impl Block {
    /// Code from outside.
    pub fn code(text: &str) -> Self {
        let text = text.strip_suffix('\n').unwrap_or(text);
        Block::Code(visible(text, Room::Page).into_owned())
    }
}

/// A text that is no Markdown; its line breaks stay.
pub(super) fn plain(text: &str) -> Line {
    let mut line = Vec::new();
    for (at, part) in text.split('\n').enumerate() {
        if at > 0 {
            line.push(Piece::Break);
        }
        if !part.is_empty() {
            line.push(Piece::Plain(visible(part, Room::Line).into_owned()));
        }
    }
    line
}

/// A name or a value within a line.
pub(super) fn code(text: &str) -> Piece {
    Piece::Code(visible(text, Room::Value).into_owned())
}
