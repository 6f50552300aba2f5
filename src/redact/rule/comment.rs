//! Comments of XML. A mask must not take away a comment's end, or it would hide what follows; nor what may not stand in one.

use std::ops::Range;

use memchr::memmem;

use crate::redact::rule::xml::{breaking_sign, control, is_sign};

const BEGIN: &str = "<!--";
const END: &str = "-->";
/// May not stand in a comment.
const DASHES: &str = "--";

/// The insides of the comments of a text, in order, as bytes.
pub(in crate::redact) struct Comments(Vec<Range<usize>>);

impl Comments {
    pub fn of(text: &str) -> Self {
        let mut comments: Vec<Range<usize>> = Vec::new();
        for open in memmem::find_iter(text.as_bytes(), BEGIN) {
            if comments.last().is_some_and(|last| open < last.end) {
                continue;
            }
            let start = open + BEGIN.len();
            let length = memmem::find(&text.as_bytes()[start..], END.as_bytes());
            comments.push(start..length.map_or(text.len(), |length| start + length));
        }
        Self(comments)
    }

    /// Whether this place lies in one.
    pub fn hold(&self, at: usize) -> bool {
        let after = self.0.partition_point(|comment| comment.end < at);
        self.0.get(after).is_some_and(|comment| comment.start <= at)
    }
}

/// What has to stay of a text that begins in a comment, for the file to be as broken as it was: the comment's end, and what
/// breaks the file on each side of it. A character that may stand nowhere breaks it in a comment too.
pub(in crate::redact) fn remains(masked: &str) -> String {
    let control = control(masked).unwrap_or_default();
    let (inside, behind) = match masked.split_once(END) {
        Some((inside, behind)) => (inside, Some(behind)),
        None => (masked, None),
    };
    let dashes = inside.contains(DASHES) || (behind.is_some() && inside.ends_with('-'));
    let dashes = if dashes { DASHES } else { "" };
    let Some(behind) = behind else {
        return format!("{control}{dashes}");
    };
    let sign = breaking_sign(behind, None, false).unwrap_or_default();
    format!("{control}{dashes}{END}{sign}")
}

/// Whether this is all that is left of a value behind its token, in a comment or out of one.
pub(in crate::redact) fn is_left_behind(text: &str) -> bool {
    let (inside, behind) = text.split_once(END).unwrap_or((text, ""));
    is_sign(inside.strip_suffix(DASHES).unwrap_or(inside)) && is_sign(behind)
}

/// A text without the end of a comment that closes it.
pub(super) fn without_end(text: &str) -> &str {
    let shown = text.trim_end();
    shown.strip_suffix(END).unwrap_or(text)
}
