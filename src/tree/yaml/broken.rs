//! The parser's errors in the words of an author.

use granit_parser::ErrorKind;

use crate::{
    diag::{Diagnostic, Span},
    tree::{
        lint::codes,
        yaml::{Broken, MAX_DEPTH},
    },
};

/// Nested too deep.
pub fn past_depth(span: Span) -> Broken {
    Broken {
        diagnostic: Box::new(Diagnostic::error(
            codes::PAST_BOUND,
            span,
            format!("nested deeper than {MAX_DEPTH} levels"),
        )),
        recoverable: false,
    }
}

/// The parser's error in the words of an author, with what most likely went wrong on that line.
pub fn broken(text: &str, at: usize, kind: &ErrorKind) -> Broken {
    let mut start = at;
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    let end = text[start..]
        .chars()
        .next()
        .filter(|c| *c != '\n')
        .map_or(start, |c| start + c.len_utf8());
    let span = Span::new(start, end);
    if matches!(kind, ErrorKind::RecursionLimitExceeded) {
        return past_depth(span);
    }
    let message = kind.to_string();
    let message = message.trim_end_matches('.');
    let mut letters = message.chars();
    let message: String = letters
        .next()
        .into_iter()
        .flat_map(char::to_lowercase)
        .chain(letters)
        .collect();
    let mut diagnostic = Diagnostic::error(codes::BAD_YAML, span, message.as_str());
    let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let line = text[line_start..].lines().next().unwrap_or("").trim_end();
    let value = line
        .split_once(": ")
        .map_or(line, |(_, value)| value)
        .trim_start()
        .trim_start_matches("- ");
    let tab = message.contains("tab")
        || line
            .chars()
            .take_while(|c| c.is_whitespace())
            .any(|c| c == '\t');
    diagnostic.help = if tab {
        Some("YAML is indented with spaces, never with tabs".to_owned())
    } else if value.starts_with("{{") || value.starts_with("{%") {
        Some("a text that begins with `{` wants quotes around it".to_owned())
    } else if value.starts_with(['`', '@', '%', '*', '&', '!']) {
        Some(format!(
            "a text that begins with `{}` wants quotes around it",
            value.chars().take(1).collect::<String>()
        ))
    } else if !value.starts_with(['"', '\'']) && value.contains(": ") {
        Some("a text with `: ` in it wants quotes around it".to_owned())
    } else if value.starts_with('"') && value.contains('\\') {
        Some(
            "in double quotes `\\` begins an escape: write `\\\\`, or use single quotes".to_owned(),
        )
    } else {
        None
    };
    Broken {
        diagnostic: Box::new(diagnostic),
        recoverable: true,
    }
}
