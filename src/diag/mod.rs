//! A text and a mistake in it, shown with its place. Knows nothing of trees.
//!
//! A [`Diagnostic`] is an author's mistake: a stable code, a span, one sentence, and where there is one the likely fix.
//! Rendering looks at a window of lines around each span, never at the whole file.

mod render;
mod source;

pub use render::render;
pub use source::{Position, SourceText, Span};

/// How bad it is. Only errors keep a tree from being used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    Warning,
    Error,
}

/// One mistake of an author.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Stable, kebab-case: `unknown-key`. `waypost explain CODE` tells about it.
    pub code: &'static str,
    pub severity: Severity,
    /// One sentence: a lowercase fragment, names in backticks, no final period.
    pub message: String,
    /// Where, in the text that it was found in.
    pub span: Span,
    /// What is said at the underlined place; may be empty.
    pub label: String,
    /// What to do, as a fragment.
    pub help: Option<String>,
    /// What would be written in the span's place.
    pub replacement: Option<String>,
}

impl Diagnostic {
    pub fn error(code: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: Severity::Error,
            message: message.into(),
            span,
            label: String::new(),
            help: None,
            replacement: None,
        }
    }

    pub fn warning(code: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Warning,
            ..Self::error(code, span, message)
        }
    }

    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    #[must_use]
    pub fn replacement(mut self, replacement: impl Into<String>) -> Self {
        self.replacement = Some(replacement.into());
        self
    }
}
