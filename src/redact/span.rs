//! Where in a text a secret stands, and how such places become a changed text.

use std::ops::Range;

use crate::redact::value;

/// A secret in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Span {
    /// In bytes.
    pub range: Range<usize>,
    pub sort: Sort,
    /// It surely is one, and not a word of a sentence: then it is masked wherever else it shows up.
    pub sure: bool,
    /// A sign in it that breaks the format around it, and stays: what was masked has to be as broken as it was.
    pub breaks: Option<&'static str>,
}

/// How a secret was recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sort {
    /// A person typed it in, or a tree names it as secret.
    Given,
    /// The value of a parameter, attribute, element or option that is named like a secret.
    Named,
    /// A login in a header.
    Login,
    Cookie,
    /// In an address.
    Address,
    /// An argument of a program.
    Argument,
    /// A private key.
    Key,
    /// By its form, such as a signed token's.
    Form,
    /// A host's name.
    Host,
    /// An address of the network.
    Network,
}

impl Sort {
    /// For a reader.
    pub fn name(self) -> &'static str {
        match self {
            Sort::Given => "a secret that was given",
            Sort::Named => "a value that is named like a secret",
            Sort::Login => "a login in a header",
            Sort::Cookie => "a cookie",
            Sort::Address => "a login in an address",
            Sort::Argument => "an argument of a program",
            Sort::Key => "a private key",
            Sort::Form => "a token",
            Sort::Host => "a host's name",
            Sort::Network => "an address of the network",
        }
    }
}

/// The places that the rules found.
pub(super) struct Found<'a> {
    pub text: &'a str,
    pub spans: Vec<Span>,
}

impl<'a> Found<'a> {
    pub fn new(text: &'a str) -> Self {
        Self {
            text,
            spans: Vec::new(),
        }
    }

    /// A value in which a part may say how it is kept.
    pub fn value(&mut self, range: Range<usize>, sort: Sort, sure: bool) {
        self.broken(range, sort, sure, None);
    }

    /// The same for one that holds a sign which breaks the format around it.
    pub fn broken(
        &mut self,
        range: Range<usize>,
        sort: Sort,
        sure: bool,
        breaks: Option<&'static str>,
    ) {
        let Some(part) = self.text.get(range.clone()).and_then(value::secret_part) else {
            return;
        };
        let range = range.start + part.start..range.start + part.end;
        self.spans.push(Span {
            range,
            sort,
            sure,
            breaks,
        });
    }

    /// A value that is secret as a whole.
    pub fn whole(&mut self, range: Range<usize>, sort: Sort, sure: bool) {
        let Some(part) = self.text.get(range.clone()).and_then(value::whole) else {
            return;
        };
        let range = range.start + part.start..range.start + part.end;
        self.spans.push(Span {
            range,
            sort,
            sure,
            breaks: None,
        });
    }
}

/// One replacement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Edit {
    /// In bytes of the text before.
    pub range: Range<usize>,
    pub with: String,
}

/// The text with every edit made. They are in order and do not overlap.
pub(super) fn apply(text: &str, edits: &[Edit]) -> String {
    let mut changed = String::with_capacity(text.len());
    let mut from = 0;
    for edit in edits {
        changed.push_str(&text[from..edit.range.start]);
        changed.push_str(&edit.with);
        from = edit.range.end;
    }
    changed.push_str(&text[from..]);
    changed
}

/// Where a place of the text before lies in the text after. Within a replacement it is its start, or for an end its end.
pub(super) fn moved(at: usize, is_end: bool, edits: &[Edit]) -> usize {
    let mut place = at;
    let mut grown = 0;
    let mut shrunk = 0;
    for edit in edits {
        let before = if is_end {
            edit.range.start >= at
        } else {
            edit.range.start > at
        };
        if before {
            break;
        }
        if edit.range.end <= at {
            grown += edit.with.len();
            shrunk += edit.range.len();
        } else {
            place = edit.range.start + if is_end { edit.with.len() } else { 0 };
            break;
        }
    }
    place + grown - shrunk
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_move_with_the_edits() {
        let text = "ab SECRET cd SECRET ef";
        let edit = |range| Edit {
            range,
            with: "‹1›".to_owned(),
        };
        let edits = [edit(3..9), edit(13..19)];
        let after = apply(text, &edits);
        assert_eq!(after, "ab ‹1› cd ‹1› ef");
        let check = |start: usize, end: usize, expected: &str| {
            let range = moved(start, false, &edits)..moved(end, true, &edits);
            assert_eq!(&after[range], expected, "{}", &text[start..end]);
        };
        check(0, 2, "ab");
        check(10, 12, "cd");
        check(20, 22, "ef");
        check(3, 9, "‹1›");
        check(4, 6, "‹1›");
        check(2, 5, " ‹1›");
        check(15, 21, "‹1› e");
        check(0, 22, &after.clone());
    }
}
