//! Markdown laid out as lines of a width.

use ratatui::{
    style::{Modifier, Style},
    text::{Line, Span},
};

use crate::app::tui::{
    markdown::{Block, Inline, parse},
    theme::Theme,
    view::wrap::{Break, Indent, wrap},
};

/// Lays a Markdown text out; a blank line stands between its blocks, none at the end.
pub fn prose(markdown: &str, width: usize, indent: &Indent, theme: Theme) -> Vec<Line<'static>> {
    blocks(&parse(markdown), width, indent, Style::new(), theme)
}

/// The same with a style under everything: a question in bold, say.
pub fn prose_in(
    markdown: &str,
    width: usize,
    indent: &Indent,
    base: Style,
    theme: Theme,
) -> Vec<Line<'static>> {
    blocks(&parse(markdown), width, indent, base, theme)
}

fn blocks(
    blocks: &[Block],
    width: usize,
    indent: &Indent,
    base: Style,
    theme: Theme,
) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    let mut indent = indent.clone();
    for (index, block) in blocks.iter().enumerate() {
        // A list belongs to the sentence that it follows.
        if index > 0 && !matches!(block, Block::List { .. }) {
            lines.push(Line::default());
        }
        lines.extend(one(block, width, &indent, base, theme));
        indent = indent.followed();
    }
    lines
}

fn one(
    block: &Block,
    width: usize,
    indent: &Indent,
    base: Style,
    theme: Theme,
) -> Vec<Line<'static>> {
    match block {
        Block::Paragraph(inlines) => {
            wrap(&spans(inlines, base, theme), width, indent, Break::Words)
        }
        Block::Heading(inlines) => wrap(
            &spans(inlines, base.patch(theme.title()), theme),
            width,
            indent,
            Break::Words,
        ),
        Block::Code(code) => code_lines(code, width, indent, theme),
        Block::List { start, items } => list(*start, items, width, indent, base, theme),
        Block::Quote(inner) => {
            let bar = Indent {
                first: vec![Span::styled("│ ", theme.quiet())],
                rest: vec![Span::styled("│ ", theme.quiet())],
            };
            blocks(inner, width, &indent.with(bar), base, theme)
        }
        Block::Rule => {
            let room = width.saturating_sub(indent.width());
            wrap(
                &[Span::styled("─".repeat(room), theme.quiet())],
                width,
                indent,
                Break::Anywhere,
            )
        }
    }
}

/// Code as it stands, broken anywhere, set in by two columns.
pub fn code_lines(
    code: &[String],
    width: usize,
    indent: &Indent,
    theme: Theme,
) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    let mut indent = indent.with(Indent::blanks(2));
    for line in code {
        lines.extend(wrap(
            &[Span::styled(line.clone(), theme.code())],
            width,
            &indent,
            Break::Anywhere,
        ));
        indent = indent.followed();
    }
    lines
}

fn list(
    start: Option<u64>,
    items: &[Vec<Block>],
    width: usize,
    indent: &Indent,
    base: Style,
    theme: Theme,
) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    let mut indent = indent.clone();
    let last = start.map_or(0, |start| start.saturating_add(items.len() as u64 - 1));
    for (number, item) in (start.unwrap_or(0)..).zip(items) {
        let sign = match start {
            Some(_) => format!("{number:>wide$}. ", wide = last.to_string().len()),
            None => "• ".to_owned(),
        };
        let own = indent.with(Indent::hanging(Span::styled(sign, theme.quiet())));
        if item.is_empty() {
            lines.push(Line::from(own.first.clone()));
        }
        lines.extend(blocks(item, width, &own, base, theme));
        indent = indent.followed();
    }
    lines
}

fn spans(inlines: &[Inline], base: Style, theme: Theme) -> Vec<Span<'static>> {
    inlines
        .iter()
        .map(|inline| {
            let mut style = base;
            if inline.bold {
                style = style.add_modifier(Modifier::BOLD);
            }
            if inline.italic {
                style = style.add_modifier(Modifier::ITALIC);
            }
            if inline.code {
                style = style.patch(theme.code());
            }
            if inline.link.is_some() {
                style = style.patch(theme.link());
            }
            // A colour is not seen by everybody, nor on every terminal: without its backticks a command would run into
            // the sentence around it.
            let text = match inline.code {
                true => format!("`{}`", inline.text),
                false => inline.text.clone(),
            };
            Span::styled(text, style)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_is_laid_out() {
        let check = |markdown: &str, width: usize, expected: &[&str]| {
            let lines = prose(markdown, width, &Indent::default(), Theme::new(true));
            let texts: Vec<String> = lines.iter().map(ToString::to_string).collect();
            assert_eq!(texts, expected, "{markdown:?} in {width}");
        };
        check("one *two*\n\nthree", 20, &["one two", "", "three"]);
        check(
            "Do this:\n1. alpha beta gamma\n2. x",
            14,
            &["Do this:", "1. alpha beta", "   gamma", "2. x"],
        );
        check("- a\n  - b\n- c", 14, &["• a", "  • b", "• c"]);
        check("9. a\n10. b", 14, &[" 9. a", "10. b"]);
        check(
            "1. Run\n\n   ```\n   ls  -l /opt\n   ```",
            12,
            &["1. Run", "", "     ls  -l ", "     /opt"],
        );
        check("Run `a b` is up", 20, &["Run `a b` is up"]);
        check("a\\\nb  \nc\nd", 20, &["a", "b", "c d"]);
        check("1. a\\\n   b\n2. c", 20, &["1. a", "   b", "2. c"]);
        check("> said", 14, &["│ said"]);
        check("## Head", 14, &["Head"]);
        check("a\u{9b}31mb", 20, &["a‹U+009B›31mb"]);
    }

    #[test]
    fn manners_are_styles() {
        let theme = Theme::new(true);
        let lines = prose("**a**`b`", 10, &Indent::default(), theme);
        let styles: Vec<Style> = lines[0].spans.iter().map(|span| span.style).collect();
        assert_eq!(
            styles,
            [Style::new().add_modifier(Modifier::BOLD), theme.code()]
        );
    }
}
