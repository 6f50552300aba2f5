//! Reading a value that stands somewhere in a line: in quotes, or up to where it must end. A token counts as one letter.

use std::ops::Range;

use crate::redact::token;

/// A quote as it opens, and what closes it.
pub(super) struct Quote {
    /// In bytes, with the backslashes before it.
    pub length: usize,
    closing: &'static str,
    backslashes: usize,
}

impl Quote {
    /// The quote that begins at `at`: straight, curly, as an entity, or within a text that was quoted before.
    pub fn at(text: &str, at: usize) -> Option<Self> {
        let rest = text.get(at..)?;
        let backslashes = rest.bytes().take(8).take_while(|b| *b == b'\\').count();
        let bare = &rest[backslashes..];
        const QUOTES: [(&str, &str); 8] = [
            ("\"", "\""),
            ("'", "'"),
            ("`", "`"),
            ("“", "”"),
            ("‘", "’"),
            ("&quot;", "&quot;"),
            ("&#34;", "&#34;"),
            ("&apos;", "&apos;"),
        ];
        let (open, closing) = QUOTES
            .into_iter()
            .find(|(open, _)| bare.starts_with(open))?;
        Some(Self {
            length: backslashes + open.len(),
            closing,
            backslashes,
        })
    }

    /// The quote that ends at `at`.
    pub fn before(text: &str, at: usize) -> Option<Self> {
        let before = text.get(..at)?;
        let quote = ["\"", "'", "`", "“", "&quot;"]
            .into_iter()
            .find(|quote| before.ends_with(quote))?;
        let start = at - quote.len();
        let backslashes = before[..start]
            .bytes()
            .rev()
            .take(8)
            .take_while(|b| *b == b'\\')
            .count();
        Self::at(text, start - backslashes)
    }

    /// Where the text in the quotes that began at `from` ends, and where what follows begins. Without a closing quote
    /// both are the end of the line.
    pub fn end(&self, text: &str, from: usize) -> (usize, usize) {
        let bytes = text.as_bytes();
        let mut at = from;
        while !ends_line(bytes, at) {
            let slashes = bytes[at..].iter().take_while(|b| **b == b'\\').count();
            if bytes[at + slashes..].starts_with(self.closing.as_bytes()) {
                let after = at + slashes + self.closing.len();
                let closes = match self.backslashes {
                    0 => slashes % 2 == 0,
                    depth => slashes == depth,
                };
                // In SQL, YAML and PowerShell a quote written twice is one letter.
                let twice = self.closing == "'"
                    && self.backslashes == 0
                    && after > from + 1
                    && bytes.get(after) == Some(&b'\'');
                if closes && !twice {
                    let kept = if self.backslashes == 0 { slashes } else { 0 };
                    return (at + kept, after);
                }
                at = after + usize::from(twice);
            } else {
                at += slashes.max(1);
            }
        }
        (at, at)
    }
}

/// Whether a line or the text ends at this byte.
pub(super) fn ends_line(bytes: &[u8], at: usize) -> bool {
    match bytes.get(at) {
        None | Some(b'\n') => true,
        Some(b'\r') => matches!(bytes.get(at + 1), None | Some(b'\n')),
        Some(_) => false,
    }
}

/// The end of the line that `at` lies in, before its break.
pub(super) fn line_end(text: &str, at: usize) -> usize {
    let end =
        memchr::memchr(b'\n', &text.as_bytes()[at..]).map_or(text.len(), |length| at + length);
    if text[at..end].ends_with('\r') {
        end - 1
    } else {
        end
    }
}

/// Past blanks and tabs, at most 64; a blank that breaks no line is one.
pub(super) fn past_blanks(text: &str, at: usize) -> usize {
    at + text[at..]
        .chars()
        .take(64)
        .take_while(|c| matches!(c, ' ' | '\t' | '\u{a0}'))
        .map(char::len_utf8)
        .sum::<usize>()
}

/// A value without quotes: up to what ends it. In `lines`, that is not a blank.
pub(super) fn bare(text: &str, from: usize, lines: bool) -> Range<usize> {
    let mut at = from;
    while !ends_line(text.as_bytes(), at) {
        if let Some((length, _)) = token::at(text, at) {
            at += length;
            continue;
        }
        let Some(c) = text[at..].chars().next() else {
            break;
        };
        if ends(c, &text[at + c.len_utf8()..], lines) {
            break;
        }
        at += c.len_utf8();
    }
    let value = text[from..at].trim_end();
    let value = value.strip_suffix("-->").map_or(value, str::trim_end);
    let value = if lines {
        value.trim_end_matches([',', ';'])
    } else {
        value.trim_end_matches(['.', ',', ';', ':'])
    };
    from..from + value.len()
}

fn ends(c: char, rest: &str, lines: bool) -> bool {
    let next = rest.chars().next();
    let over = next.is_none_or(char::is_whitespace);
    match c {
        c if c.is_whitespace() => !lines,
        '\u{1b}' => colour_at(rest).is_some_and(|length| {
            let after = &rest[length..];
            after.is_empty()
                || after.starts_with(|c: char| c.is_whitespace() || c.is_ascii_punctuation())
        }),
        '<' => next.is_some_and(|c| c.is_ascii_alphabetic() || matches!(c, '/' | '!')),
        '&' => names_next(rest.strip_prefix("amp;").unwrap_or(rest)) || rest.starts_with("quot;"),
        _ if lines => c == ';' && names_next(rest),
        '"' => closes(rest),
        '\\' => rest.strip_prefix('"').is_some_and(closes),
        '\'' | '`' | '”' => over || matches!(next, Some(',' | ';' | ')' | ']' | '}')),
        ',' | ';' => over || matches!(next, Some('"' | '\'')) || names_next(rest),
        ')' | ']' | '}' | '>' => {
            over || rest
                .chars()
                .take(4)
                .all(|c| c.is_ascii_punctuation() || c.is_whitespace())
        }
        _ => false,
    }
}

/// Whether a quote that was never opened ends what stands before it, by what comes next. Else it is a sign of a password.
fn closes(rest: &str) -> bool {
    rest.chars()
        .next()
        .is_none_or(|c| c.is_whitespace() || ",;)]}>/:+&|<\\'\"".contains(c))
}

/// The length of a sequence that colours a text, without the escape that begins it: `[0;1m`.
fn colour_at(rest: &str) -> Option<usize> {
    let inside = rest.strip_prefix('[')?;
    let length = inside
        .bytes()
        .take(32)
        .take_while(|b| b.is_ascii_digit() || matches!(b, b';' | b':'))
        .count();
    inside[length..].starts_with('m').then_some(length + 2)
}

/// Past sequences that colour a text, at most 8.
pub(super) fn past_colours(text: &str, mut at: usize) -> usize {
    for _ in 0..8 {
        match text[at..].strip_prefix('\u{1b}').and_then(colour_at) {
            Some(length) => at += 1 + length,
            None => break,
        }
    }
    at
}

/// Where a word begins whose first letters were taken from the end of a sequence that colours it.
pub(super) fn past_colour_before(text: &str, at: usize) -> usize {
    let from = text.floor_char_boundary(at.saturating_sub(32));
    let Some(escape) = text[from..at].rfind('\u{1b}').map(|length| from + length) else {
        return at;
    };
    past_colours(text, escape).max(at)
}

/// `<…>` without a blank in it, where it is all of a value and not the tag that follows one.
pub(super) fn angled(text: &str, at: usize) -> Option<Range<usize>> {
    let rest = text[at..].strip_prefix('<')?;
    let length = rest
        .find(|c: char| c.is_whitespace() || matches!(c, '<' | '>'))
        .filter(|length| rest[*length..].starts_with('>'))?;
    let inside = &rest[..length];
    let tag = inside.starts_with(['/', '!', '?']) || inside.ends_with('/');
    let after = rest[length + 1..].chars().next();
    let alone = after.is_none_or(|c| c.is_whitespace() || ",;)]}.\"'".contains(c));
    (length > 0 && !tag && alone).then_some(at..at + length + 2)
}

/// A value within a text that was encoded for an address: up to the next encoded `&`.
pub(super) fn encoded(text: &str, from: usize) -> Range<usize> {
    let rest = &text[from..];
    let end = rest
        .find(|c: char| c.is_whitespace() || "&\"'<>;,)]}".contains(c))
        .unwrap_or(rest.len());
    let end = rest[..end].find("%26").unwrap_or(end);
    from..from + end
}

/// Whether `name=` or `name:` comes next.
fn names_next(rest: &str) -> bool {
    let rest = rest.trim_start_matches(' ');
    let name = rest
        .bytes()
        .take(64)
        .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'))
        .count();
    name > 0 && rest[name..].starts_with(['=', ':'])
}
