//! Evidence as a person wants to see it: file and line, the line with its neighbours, the point marked.

use ratatui::{
    style::{Modifier, Style},
    text::{Line, Span},
};

use crate::{
    app::tui::{
        theme::{CHOSEN, Theme},
        view::{
            prose::prose,
            wrap::{Break, Indent, wrap},
        },
    },
    engine::OpenQuestion,
    finding::Evidence,
};

/// Every excerpt, under the file or request that it is from.
pub fn lines(list: &[Evidence], width: usize, theme: Theme) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    let mut file: Option<&str> = None;
    for evidence in list {
        if evidence.file.as_deref() != file {
            file = evidence.file.as_deref();
            if let Some(name) = file {
                lines.extend(wrap(
                    &[Span::styled(name.to_owned(), theme.quiet())],
                    width,
                    &Indent::blanks(3),
                    Break::Anywhere,
                ));
            }
        }
        match statement(evidence, width, theme) {
            Some(said) => lines.extend(said),
            None => excerpt(evidence, width, theme, &mut lines),
        }
    }
    lines
}

/// Something said that has no place and no neighbours: it is read like a sentence.
fn statement(evidence: &Evidence, width: usize, theme: Theme) -> Option<Vec<Line<'static>>> {
    let alone = evidence.line.is_none()
        && evidence.mark.is_none()
        && evidence.before.is_empty()
        && evidence.after.is_empty();
    let sign = Span::styled(format!("   {CHOSEN} "), theme.mark_sign());
    alone.then(|| {
        wrap(
            &[Span::raw(evidence.text.clone())],
            width,
            &Indent::hanging(sign),
            Break::Words,
        )
    })
}

/// One line with its neighbours. The line itself has a sign before it; its point stands over carets.
fn excerpt(evidence: &Evidence, width: usize, theme: Theme, lines: &mut Vec<Line<'static>>) {
    let last = evidence
        .line
        .map(|line| line.saturating_add(evidence.after.len() as u64));
    let wide = last.map_or(0, |last| last.to_string().len());
    let gutter = |line: Option<u64>, sign: &str, style: Style| Indent {
        first: vec![
            Span::raw("   "),
            Span::styled(format!("{sign} "), theme.mark_sign()),
            Span::styled(number(line, wide), theme.quiet()),
            Span::styled("│ ", style),
        ],
        rest: vec![
            Span::raw(" ".repeat(5 + number(line, wide).chars().count())),
            Span::styled("│ ", style),
        ],
    };
    let counted = |by: usize, before: bool| {
        let by = by as u64;
        evidence.line.and_then(|line| {
            if before {
                line.checked_sub(by)
            } else {
                line.checked_add(by)
            }
        })
    };
    for (index, text) in evidence.before.iter().enumerate() {
        let line = counted(evidence.before.len() - index, true);
        lines.extend(wrap(
            &[Span::styled(text.clone(), theme.quiet())],
            width,
            &gutter(line, " ", theme.quiet()),
            Break::Anywhere,
        ));
    }
    let spans = marked(evidence, theme);
    let indent = gutter(evidence.line, CHOSEN, theme.quiet());
    for row in wrap(&spans, width, &indent, Break::Anywhere) {
        let carets = carets(&row, theme.mark());
        lines.push(row);
        lines.extend(carets);
    }
    for (index, text) in evidence.after.iter().enumerate() {
        lines.extend(wrap(
            &[Span::styled(text.clone(), theme.quiet())],
            width,
            &gutter(counted(index + 1, false), " ", theme.quiet()),
            Break::Anywhere,
        ));
    }
}

fn number(line: Option<u64>, wide: usize) -> String {
    line.map_or_else(String::new, |line| format!("{line:>wide$} "))
}

/// The line's text, its point in the style of a mark.
fn marked(evidence: &Evidence, theme: Theme) -> Vec<Span<'static>> {
    let text = &evidence.text;
    let Some((start, end)) = evidence.mark.filter(|(start, end)| start < end) else {
        return vec![Span::raw(text.clone())];
    };
    let byte = |at: usize| {
        text.char_indices()
            .nth(at)
            .map_or(text.len(), |(byte, _)| byte)
    };
    let (start, end) = (byte(start), byte(end));
    vec![
        Span::raw(text[..start].to_owned()),
        Span::styled(text[start..end].to_owned(), theme.mark()),
        Span::raw(text[end..].to_owned()),
    ]
}

/// A row of carets under what is marked, so that it is seen without colour too.
fn carets(row: &Line<'_>, mark: Style) -> Option<Line<'static>> {
    let mut text = String::new();
    for span in &row.spans {
        let sign = if span.style == mark { "^" } else { " " };
        text.push_str(&sign.repeat(span.width()));
    }
    let end = text.trim_end().len();
    text.truncate(end);
    (end > 0).then(|| Line::styled(text, mark.remove_modifier(Modifier::UNDERLINED)))
}

/// Questions that are open, each with how to find out.
pub fn open_questions(
    title: &str,
    list: &[OpenQuestion],
    width: usize,
    theme: Theme,
) -> Vec<Line<'static>> {
    if list.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![
        Line::default(),
        Line::styled(format!(" {title}"), theme.label()),
    ];
    let indent = Indent::blanks(1).with(Indent::hanging(Span::styled("? ", theme.warning())));
    for open in list {
        lines.extend(prose(&open.text, width, &indent, theme));
        if let Some(how) = &open.how {
            lines.extend(prose(how, width, &Indent::blanks(3), theme));
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(evidence: Evidence, width: usize, expected: &[&str]) {
        let lines = lines(&[evidence], width, Theme::new(true));
        let texts: Vec<String> = lines
            .iter()
            .map(|line| line.to_string().trim_end().to_owned())
            .collect();
        assert_eq!(texts, expected);
    }

    #[test]
    fn a_line_stands_among_its_neighbours_with_its_point_marked() {
        check(
            Evidence {
                before: vec!["<a/>".to_owned()],
                after: vec!["<c/>".to_owned()],
                mark: Some((1, 3)),
                ..Evidence::line("config.xml", 9, "<bb/>")
            },
            40,
            &[
                "   config.xml",
                "      8 │ <a/>",
                "   ►  9 │ <bb/>",
                "           ^^",
                "     10 │ <c/>",
            ],
        );
    }

    #[test]
    fn a_mark_is_found_again_where_the_line_is_wrapped() {
        check(
            Evidence {
                mark: Some((2, 6)),
                ..Evidence::line("f", 1, "ab漢字字字cd")
            },
            17,
            &[
                "   f",
                "   ► 1 │ ab漢字字",
                "           ^^^^^^",
                "       │ 字cd",
                "         ^^",
            ],
        );
    }

    #[test]
    fn control_characters_are_shown() {
        check(
            Evidence::plain("status \u{1b}[31m200"),
            40,
            &["   ► status ␛[31m200"],
        );
    }

    #[test]
    fn a_mark_past_the_end_harms_nothing() {
        check(
            Evidence {
                mark: Some((90, 99)),
                ..Evidence::plain("ab")
            },
            40,
            &["   ► │ ab"],
        );
    }
}
