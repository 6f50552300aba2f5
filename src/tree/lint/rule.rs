//! What a rule is: its code, what it says to authors, and what it looks at.

use crate::{diag::Diagnostic, tree::lint::view::View};

/// One code: what it means, why it matters, a bad and a good example, and how it is found.
pub struct Rule {
    /// Stable, kebab-case.
    pub code: &'static str,
    /// One sentence.
    pub means: &'static str,
    /// One or two sentences: what would go wrong without it.
    pub why: &'static str,
    /// The fixtures under `tests/lint/`, so that an example is always what the test holds.
    pub(super) bad: &'static [u8],
    pub(super) good: &'static [u8],
    pub(super) check: Check,
}

/// When a mistake is seen.
pub(super) enum Check {
    /// While the file is read.
    Reading,
    /// In one tree, with all others at hand.
    Tree(fn(&View<'_>, &mut Vec<Diagnostic>)),
}

impl Rule {
    /// The part of the bad fixture that shows the mistake.
    pub fn bad(&self) -> String {
        excerpt(self.bad)
    }

    /// The same part as it should be.
    pub fn good(&self) -> String {
        excerpt(self.good)
    }
}

/// The lines between `# example` and `# end`, moved to the left; all lines where there are no such marks.
fn excerpt(fixture: &[u8]) -> String {
    let text = String::from_utf8_lossy(fixture);
    let mut inside = false;
    let mut marked = Vec::new();
    for line in text.lines() {
        match line.trim() {
            "# example" => inside = true,
            "# end" => inside = false,
            _ if inside => marked.push(line),
            _ => {}
        }
    }
    let lines = if marked.is_empty() {
        text.lines().collect()
    } else {
        marked
    };
    let indent = lines
        .iter()
        .filter(|line| !line.trim().is_empty())
        .map(|line| line.len() - line.trim_start_matches(' ').len())
        .min()
        .unwrap_or(0);
    lines
        .iter()
        .map(|line| format!("{}\n", line.get(indent..).unwrap_or("")))
        .collect()
}

/// The fixtures of a code.
macro_rules! fixture {
    ($code:literal, $name:literal) => {
        include_bytes!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/lint/",
            $code,
            "/",
            $name,
            ".yaml"
        ))
    };
}
pub(super) use fixture;
