//! The rules that recognise secrets. Each reads a whole text in time that grows with its length, and only finds.

mod argument;
pub(super) mod comment;
mod folded;
mod form;
mod header;
mod login;
mod made_up;
mod named;
mod option;
mod orphan;
mod pair;
mod pem;
mod sentence;
mod url;
mod word;
mod xml;

use crate::redact::{
    key,
    span::{Found, Span},
};

/// Every rule. A text is read as it looks: characters that take no room part no name, and belong to the value beside them.
pub(super) fn all(found: &mut Found<'_>) {
    if found.text.is_ascii() || !found.text.contains(key::takes_no_room) {
        return seen(found);
    }
    let (text, gaps) = bare(found.text);
    let mut bare = Found::new(&text);
    seen(&mut bare);
    found.spans.extend(bare.spans.into_iter().map(|span| {
        // What was left out where the value begins or ends is within it.
        let start = gaps.partition_point(|gap| gap.at < span.range.start);
        let end = gaps.partition_point(|gap| gap.at <= span.range.end);
        let left_out = |count: usize| count.checked_sub(1).map_or(0, |last| gaps[last].left_out);
        Span {
            range: span.range.start + left_out(start)..span.range.end + left_out(end),
            ..span
        }
    }));
}

/// Where characters were left out, in bytes of what is left, and how many bytes up to there.
struct Gap {
    at: usize,
    left_out: usize,
}

/// The text without what takes no room.
fn bare(text: &str) -> (String, Vec<Gap>) {
    let mut bare = String::with_capacity(text.len());
    let mut gaps: Vec<Gap> = Vec::new();
    let mut left_out = 0;
    for c in text.chars() {
        if !key::takes_no_room(c) {
            bare.push(c);
            continue;
        }
        left_out += c.len_utf8();
        let at = bare.len();
        match gaps.last_mut().filter(|last| last.at == at) {
            Some(last) => last.left_out = left_out,
            None => gaps.push(Gap { at, left_out }),
        }
    }
    (bare, gaps)
}

/// Attributes that the reader of XML has seen are not read again as `name=value`.
fn seen(found: &mut Found<'_>) {
    let attributes = xml::find(found);
    named::find(found, &attributes);
    pair::find(found);
    header::find(found);
    url::find(found);
    login::find(found);
    argument::find(found);
    pem::find(found);
    form::find(found);
    option::find(found);
    orphan::find(found);
}
