//! Secrets become tokens: the same secret, the same token. Knows no product; keeps what a judge needs.
//!
//! A text is read by every rule in `rule`; what they find is remembered, and where it is long enough it is masked
//! wherever else it shows up. Prefixes (`encrypted:`), placeholders, empty values, syntax and the number of lines stay.
//! Names of hosts get stand-ins where they are hidden ([`Hosts`]). Masking a masked text changes nothing. Deliberately
//! absent: reading, writing, and any way back from a token; a stand-in has one, in memory, for looks alone.

mod finding;
mod hosts;
mod key;
mod known;
mod rule;
mod span;
mod token;
mod value;

use std::{fmt, ops::Range};

pub use hosts::{Hosts, stand_ins, stands_in};
pub use span::Sort;
pub use token::tokens;

use crate::{
    finding::{Finding, Value},
    redact::{
        known::Secrets,
        rule::comment::{self, Comments},
        span::{Edit, Found, Span},
    },
};

/// How often a text is read again. What a mask leaves behind is read as well, and the second time nothing is found.
const ROUNDS: usize = 6;

/// Remembers, for one case, which secret got which number.
#[derive(Default)]
pub struct Redactor {
    secrets: Secrets,
    /// Names of hosts and addresses are masked, too.
    hosts: Option<Hosts>,
}

impl fmt::Debug for Redactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redactor").finish_non_exhaustive()
    }
}

impl Redactor {
    /// Learns a secret that a person typed in; it is masked wherever it shows up from now on. Line breaks alone are none.
    pub fn learn(&mut self, secret: &str) {
        for secret in [secret, secret.trim()] {
            if secret.contains(|c| !matches!(c, '\r' | '\n')) {
                self.secrets.token(secret, Sort::Given, true);
            }
        }
    }

    /// Learns all secrets that another one knows, in the order of their numbers, and hides what it hides.
    pub fn learn_from(&mut self, other: &Self) {
        self.secrets.learn_from(&other.secrets);
        if let Some(hosts) = &other.hosts {
            self.hide(hosts.clone());
        }
    }

    /// Masks names of hosts and addresses as well, from now on.
    pub fn hide(&mut self, hosts: Hosts) {
        self.hosts = Some(hosts);
    }

    /// What somebody gave for an input, with hosts masked where they are hidden, and secrets not.
    pub fn given(&self, name: &str, text: &str) -> String {
        let Some(hosts) = &self.hosts else {
            return text.to_owned();
        };
        hosts.given(name, text);
        let edit = |(range, with)| Edit { range, with };
        let edits: Vec<Edit> = hosts.places(text).into_iter().map(edit).collect();
        span::apply(text, &edits)
    }

    /// The text with the real hosts in it, for a look at them and nothing else.
    pub fn real(&self, text: &str) -> String {
        match &self.hosts {
            Some(hosts) => hosts.real(text),
            None => text.to_owned(),
        }
    }

    /// The same for every text of a value.
    pub fn real_value(&self, value: &Value) -> Value {
        match &self.hosts {
            Some(hosts) => hosts.real_value(value),
            None => value.clone(),
        }
    }

    /// The text with every secret replaced by its token.
    pub fn text(&mut self, text: &str) -> String {
        self.masked(text).text
    }

    /// The finding as it may be shown and written. Secret facts keep their value in memory and get their token.
    pub fn finding(&mut self, finding: Finding) -> Finding {
        finding::masked(self, finding)
    }

    /// What was replaced: each token, and behind them each stand-in, and how its secret was recognised, in the order of their
    /// numbers. Never with what.
    pub fn replaced(&self) -> Vec<(String, Sort)> {
        let mut replaced = self.secrets.replaced();
        replaced.extend(self.hosts.iter().flat_map(Hosts::stand_ins));
        replaced
    }

    fn masked(&mut self, text: &str) -> Masked {
        let mut masked = Masked {
            text: text.to_owned(),
            rounds: Vec::new(),
        };
        for _ in 0..ROUNDS {
            let edits = self.edits(&masked.text);
            if edits.is_empty() {
                break;
            }
            masked.text = span::apply(&masked.text, &edits);
            masked.rounds.push(edits);
        }
        masked
    }

    fn edits(&mut self, text: &str) -> Vec<Edit> {
        let tokens = token::all(text);
        for (_, number) in &tokens {
            self.secrets.reserve(*number);
        }
        let mut found = Found::new(text);
        rule::all(&mut found);
        let mut places: Vec<Place> = Vec::new();
        for span in merged(found.spans) {
            let token = self
                .secrets
                .token(&text[span.range.clone()], span.sort, span.sure);
            places.push(Place {
                range: span.range,
                token,
                breaks: span.breaks,
            });
        }
        let everywhere = self.secrets.everywhere(text);
        places.extend(everywhere.into_iter().map(|(range, token)| Place {
            range,
            token: token.to_owned(),
            breaks: None,
        }));
        if let Some(hosts) = &self.hosts {
            places.extend(hosts.places(text).into_iter().map(|(range, token)| Place {
                range,
                token,
                breaks: None,
            }));
        }
        self.without_tokens(text, places, &tokens)
    }

    /// Places that overlap become one; what lies within a token stays as it is.
    fn without_tokens(
        &mut self,
        text: &str,
        mut places: Vec<Place>,
        tokens: &[(Range<usize>, u32)],
    ) -> Vec<Edit> {
        places.retain(|place| {
            let after = tokens.partition_point(|(token, _)| token.end < place.range.end);
            tokens
                .get(after)
                .is_none_or(|(token, _)| token.start > place.range.start)
        });
        for place in &mut places {
            let range = place.range.clone();
            let first = tokens.partition_point(|(token, _)| token.end <= range.start);
            let cut = tokens[first..]
                .iter()
                .map(|(token, _)| token)
                .take_while(|token| token.start < range.end);
            for token in cut.filter(|token| token.start < range.start || token.end > range.end) {
                place.range = place.range.start.min(token.start)..place.range.end.max(token.end);
                place.token.clear();
            }
        }
        places.sort_by_key(|place| (place.range.start, std::cmp::Reverse(place.range.end)));
        let mut apart: Vec<Place> = Vec::with_capacity(places.len());
        for place in places {
            match apart
                .last_mut()
                .filter(|last| place.range.start < last.range.end)
            {
                Some(last) if place.range.end <= last.range.end => {}
                Some(last) => {
                    last.range.end = place.range.end;
                    last.token.clear();
                }
                None => apart.push(place),
            }
        }
        let comments = Comments::of(text);
        let edit = |place: Place| {
            let old = &text[place.range.clone()];
            let token = if place.token.is_empty() {
                self.secrets.token(old, Sort::Named, false)
            } else {
                place.token
            };
            let mut with = with_its_lines(token, old);
            if comments.hold(place.range.start) {
                with.push_str(&comment::remains(old));
            } else {
                with.push_str(place.breaks.unwrap_or_default());
            }
            Edit {
                range: place.range,
                with,
            }
        };
        apart.into_iter().map(edit).collect()
    }
}

/// What takes a token's place.
struct Place {
    range: Range<usize>,
    /// Empty where it is not known yet.
    token: String,
    /// As of a [`Span`].
    breaks: Option<&'static str>,
}

/// A text after masking, with what was changed in each round.
struct Masked {
    text: String,
    rounds: Vec<Vec<Edit>>,
}

impl Masked {
    /// Where a place of the text before lies now, in bytes.
    fn place(&self, at: usize, is_end: bool) -> usize {
        self.rounds
            .iter()
            .fold(at, |at, edits| span::moved(at, is_end, edits))
    }
}

/// In order, and those that overlap as one.
fn merged(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_by_key(|span| (span.range.start, std::cmp::Reverse(span.range.end)));
    let mut merged: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match merged
            .last_mut()
            .filter(|last| span.range.start < last.range.end)
        {
            Some(last) => {
                last.sure |= span.sure && span.range == last.range;
                last.range.end = last.range.end.max(span.range.end);
            }
            None => merged.push(span),
        }
    }
    merged
}

/// The token, and as many line breaks as stood in what it replaces.
fn with_its_lines(token: String, old: &str) -> String {
    let breaks = old.match_indices('\n').map(|(at, _)| {
        if old[..at].ends_with('\r') {
            "\r\n"
        } else {
            "\n"
        }
    });
    std::iter::once(token.as_str()).chain(breaks).collect()
}

#[cfg(test)]
mod tests;
