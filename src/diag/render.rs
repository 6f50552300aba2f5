//! A diagnostic as a person sees it: place, the words underlined, one sentence, the likely fix.
//!
//! The renderer of `annotate-snippets` reads all of the source that it is given, so it gets the line of the span alone.
//! What an author wrote may hold control characters: none reaches the terminal as it is.

use annotate_snippets::{
    AnnotationKind, Group, Level, Origin, Patch, Renderer, Snippet, normalize_untrusted_str,
};

use crate::diag::{Diagnostic, Severity, SourceText, Span};

/// Stands for a C1 control in a line of source. It takes as many bytes as they do, so that the spans still lie where they lay.
const IN_SOURCE: char = '¤';

/// A longer line is named, not shown, in bytes.
const MAX_LINE: usize = 1000;

/// Renders without colour where `colour` is false. Of a span over several lines the first is shown.
pub fn render(source: &SourceText, diagnostic: &Diagnostic, colour: bool) -> String {
    let position = source.position(diagnostic.span.start);
    let window = source.lines(position.line, position.line);
    let line = source.text()[window.clone()].trim_end_matches(['\n', '\r']);
    let shown = inside(line, window.start, diagnostic.span);
    let line = &without_c1(line, IN_SOURCE);

    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level
        .primary_title(clean(&diagnostic.message))
        .id(diagnostic.code);
    let group = if line.len() > MAX_LINE || source.text().is_empty() {
        let origin = Origin::path(clean(source.name()))
            .line(position.line)
            .char_column(position.column);
        Group::with_title(title).element(origin)
    } else {
        let mut mark = AnnotationKind::Primary.span(shown.clone());
        if !diagnostic.label.is_empty() {
            mark = mark.label(clean(&diagnostic.label));
        }
        let snippet = Snippet::source(line)
            .path(clean(source.name()))
            .line_start(position.line)
            .annotation(mark);
        Group::with_title(title).element(snippet)
    };
    let mut report = vec![group];
    let help = diagnostic.help.as_deref().map(clean);
    match &diagnostic.replacement {
        Some(replacement) if line.len() <= MAX_LINE && !source.text().is_empty() => {
            let title = help.unwrap_or_else(|| "write".to_owned());
            let patch = Snippet::source(line)
                .path(clean(source.name()))
                .line_start(position.line)
                .patch(Patch::new(shown, clean(replacement)));
            report.push(Group::with_title(Level::HELP.secondary_title(title)).element(patch));
        }
        _ => {
            if let Some(help) = help
                && let Some(group) = report.pop()
            {
                report.push(group.element(Level::HELP.message(help)));
            }
        }
    }
    let renderer = if colour {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    renderer.render(&report)
}

/// The part of `span` that lies in the line which begins at `start`, cut to whole characters.
fn inside(line: &str, start: usize, span: Span) -> std::ops::Range<usize> {
    let cut = |at: usize| {
        let at = at.saturating_sub(start).min(line.len());
        (0..=at)
            .rev()
            .find(|at| line.is_char_boundary(*at))
            .unwrap_or(0)
    };
    let from = cut(span.start);
    let to = cut(span.end).max(from);
    from..from + line[from..to].trim_end().len()
}

fn clean(text: &str) -> String {
    without_c1(&normalize_untrusted_str(text), char::REPLACEMENT_CHARACTER)
}

/// The renderer makes signs of the C0 controls and of what turns the direction of writing, and lets the C1 controls (U+0080 to
/// U+009F) through, which some terminals obey.
fn without_c1(text: &str, sign: char) -> String {
    text.replace(|c| ('\u{80}'..='\u{9f}').contains(&c), &sign.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "waypost: 1\nnodes:\n  a:\n    awnsers: []\n";

    fn check(text: &str, diagnostic: &Diagnostic, expected: &str) {
        assert_eq!(
            render(&SourceText::new("t.yaml", text), diagnostic, false),
            expected.trim_start_matches('\n').trim_end_matches('\n')
        );
    }

    #[test]
    fn place_words_and_replacement() {
        let diagnostic = Diagnostic::error(
            "unknown-key",
            Span::new(27, 34),
            "a question has no key `awnsers`",
        )
        .help("did you mean `answers`?")
        .replacement("answers");
        check(
            TEXT,
            &diagnostic,
            "
error[unknown-key]: a question has no key `awnsers`
 --> t.yaml:4:5
  |
4 |     awnsers: []
  |     ^^^^^^^
  |
help: did you mean `answers`?
  |
4 -     awnsers: []
4 +     answers: []
  |
",
        );
    }

    #[test]
    fn label_and_help() {
        let diagnostic = Diagnostic::warning("x", Span::new(0, 18), "two words")
            .label("here")
            .help("do it");
        check(
            TEXT,
            &diagnostic,
            "
warning[x]: two words
 --> t.yaml:1:1
  |
1 | waypost: 1
  | ^^^^^^^^^^ here
  |
  = help: do it
",
        );
    }

    #[test]
    fn odd_places() {
        let past = Diagnostic::error("x", Span::new(900, 950), "past the end");
        check(
            "a",
            &past,
            "
error[x]: past the end
 --> t.yaml:1:2
  |
1 | a
  |  ^
",
        );
        check(
            "",
            &past,
            "
error[x]: past the end
--> t.yaml:1:1
",
        );
        let long = format!("a: {}\n", "x".repeat(5000));
        check(
            &long,
            &Diagnostic::error("x", Span::new(3, 4), "long"),
            "
error[x]: long
--> t.yaml:1:4
",
        );
    }

    #[test]
    fn nothing_is_obeyed() {
        let orders = "\u{1b}[2J\u{7f}\u{202e}\u{80}\u{90}\u{9b}2J\u{9f}";
        let diagnostic = Diagnostic::error("x", Span::new(0, 3), orders)
            .label(orders)
            .help(orders);
        for diagnostic in [diagnostic.clone(), diagnostic.replacement(orders)] {
            for text in [orders, "a: b"] {
                let shown = render(&SourceText::new(orders, text), &diagnostic, false);
                assert!(
                    shown
                        .chars()
                        .all(|c| c == '\n' || !c.is_control() && c != '\u{202e}'),
                    "{shown:?}"
                );
            }
        }
    }

    #[test]
    fn a_control_before_the_words_moves_no_mark() {
        check(
            "\u{90}\u{9b}a: b",
            &Diagnostic::error("x", Span::new(4, 5), "the first letter"),
            "
error[x]: the first letter
 --> t.yaml:1:3
  |
1 | ¤¤a: b
  |   ^
",
        );
    }
}
