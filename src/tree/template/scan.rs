//! The words of a template: where its expressions stand, and which names they use. Evaluates nothing.
//!
//! MiniJinja says that a template parses; this says what it *names* and where, subscripts (`values['x']`) included,
//! which MiniJinja's own list of variables leaves out.

use std::ops::Range;

/// One token of an expression, as a range of the text that was scanned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    pub kind: TokenKind,
    pub range: Range<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    Name,
    /// With its quotes.
    Text,
    Number,
    /// An operator or a bracket.
    Mark,
}

/// A stretch of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stretch {
    Raw(Range<usize>),
    /// What stands between `{{` and `}}`, without them.
    Expression(Range<usize>),
    /// What stands between `{%` and `%}`, without them.
    Statement(Range<usize>),
}

/// A name and what is looked up in it: `facts.config.values['x']`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chain {
    /// The root first; an index into a list stands as its digits. Subscripts that are no constant end it.
    pub path: Vec<Segment>,
    /// The expression asks whether it is there (`is defined`, `is undefined`, `| default(…)`).
    pub asked: bool,
    pub range: Range<usize>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    pub name: String,
    pub range: Range<usize>,
}

impl Chain {
    pub fn root(&self) -> &str {
        self.path.first().map_or("", |segment| &segment.name)
    }

    pub fn name(&self, at: usize) -> Option<&str> {
        self.path.get(at).map(|segment| segment.name.as_str())
    }
}

const KEYWORDS: &[&str] = &[
    "and", "or", "not", "in", "is", "if", "else", "true", "false", "none", "True", "False", "None",
];

/// Cuts a template into stretches. `None` where a bracket is never closed: MiniJinja then says what is wrong.
pub fn stretches(source: &str) -> Option<Vec<Stretch>> {
    let bytes = source.as_bytes();
    let mut out = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let Some(found) = memchr::memmem::find_iter(&bytes[at..], "{")
            .map(|offset| at + offset)
            .find(|open| matches!(bytes.get(open + 1), Some(b'{' | b'%' | b'#')))
        else {
            break;
        };
        if found > at {
            out.push(Stretch::Raw(at..found));
        }
        let inner = found + 2;
        match bytes[found + 1] {
            b'#' => at = inner + source[inner..].find("#}")? + 2,
            b'{' => {
                let end = closing(source, inner, "}}")?;
                out.push(Stretch::Expression(trim_control(source, inner..end)));
                at = end + 2;
            }
            _ => {
                let end = closing(source, inner, "%}")?;
                out.push(Stretch::Statement(trim_control(source, inner..end)));
                at = end + 2;
            }
        }
    }
    if at < bytes.len() {
        out.push(Stretch::Raw(at..bytes.len()));
    }
    Some(out)
}

/// Where `close` stands outside of quotes and inner braces.
fn closing(source: &str, from: usize, close: &str) -> Option<usize> {
    let bytes = source.as_bytes();
    let mut at = from;
    let mut braces = 0usize;
    while at < bytes.len() {
        match bytes[at] {
            quote @ (b'\'' | b'"') => at = quoted_end(bytes, at, quote)?,
            b'{' => braces += 1,
            b'}' if braces > 0 => braces -= 1,
            _ if source.as_bytes()[at..].starts_with(close.as_bytes()) => return Some(at),
            _ => {}
        }
        at += 1;
    }
    None
}

/// The closing quote's place.
fn quoted_end(bytes: &[u8], open: usize, quote: u8) -> Option<usize> {
    let mut at = open + 1;
    loop {
        match *bytes.get(at)? {
            b'\\' => at += 2,
            byte if byte == quote => return Some(at),
            _ => at += 1,
        }
    }
}

/// Leaves out the white-space marks of `{{-` and `-}}`.
fn trim_control(source: &str, range: Range<usize>) -> Range<usize> {
    let bytes = source.as_bytes();
    let mut range = range;
    if range.len() > 1 && matches!(bytes[range.start], b'-' | b'+') {
        range.start += 1;
    }
    if range.len() > 1 && matches!(bytes[range.end - 1], b'-' | b'+') {
        range.end -= 1;
    }
    range
}

/// The tokens of the expression at `range`. Unknown characters become marks: MiniJinja refuses them.
pub fn tokens(source: &str, range: Range<usize>) -> Vec<Token> {
    let bytes = &source.as_bytes()[..range.end];
    let mut out = Vec::new();
    let mut at = range.start;
    while at < bytes.len() {
        let start = at;
        let kind = match bytes[at] {
            byte if byte.is_ascii_whitespace() => {
                at += 1;
                continue;
            }
            quote @ (b'\'' | b'"') => {
                at = quoted_end(bytes, at, quote).map_or(bytes.len(), |end| end + 1);
                TokenKind::Text
            }
            b'0'..=b'9' => {
                while at < bytes.len()
                    && (bytes[at].is_ascii_alphanumeric()
                        || bytes[at] == b'_'
                        || bytes[at] == b'.' && bytes.get(at + 1).is_some_and(u8::is_ascii_digit))
                {
                    at += 1;
                }
                TokenKind::Number
            }
            byte if byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80 => {
                while at < bytes.len()
                    && (bytes[at].is_ascii_alphanumeric() || bytes[at] == b'_' || bytes[at] >= 0x80)
                {
                    at += 1;
                }
                TokenKind::Name
            }
            _ => {
                let two = bytes.get(at..at + 2).unwrap_or(b"");
                at += if matches!(two, b"==" | b"!=" | b"<=" | b">=" | b"//" | b"**") {
                    2
                } else {
                    1
                };
                TokenKind::Mark
            }
        };
        out.push(Token {
            kind,
            range: start..at,
        });
    }
    out
}

/// Every use of a name in these tokens, in order. Filters, tests, attributes and keyword arguments are none.
pub fn chains(source: &str, tokens: &[Token]) -> Vec<Chain> {
    let text = |at: usize| {
        tokens
            .get(at)
            .map_or("", |token| &source[token.range.clone()])
    };
    let mut out = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let token = &tokens[at];
        let name = text(at);
        let before = if at == 0 { "" } else { text(at - 1) };
        let test = before == "is" || before == "not" && at >= 2 && text(at - 2) == "is";
        let is_root = token.kind == TokenKind::Name
            && !KEYWORDS.contains(&name)
            && !matches!(before, "." | "|")
            && !test
            && text(at + 1) != "=";
        if !is_root {
            at += 1;
            continue;
        }
        let mut path = vec![Segment {
            name: name.to_owned(),
            range: token.range.clone(),
        }];
        let mut end = at + 1;
        loop {
            if text(end) == "."
                && tokens
                    .get(end + 1)
                    .is_some_and(|token| token.kind == TokenKind::Name)
            {
                path.push(Segment {
                    name: text(end + 1).to_owned(),
                    range: tokens[end + 1].range.clone(),
                });
                end += 2;
            } else if text(end) == "["
                && text(end + 2) == "]"
                && let Some(name) = match tokens[end + 1].kind {
                    TokenKind::Text => unquote(text(end + 1)),
                    TokenKind::Number => Some(text(end + 1).to_owned()),
                    _ => None,
                }
            {
                path.push(Segment {
                    name,
                    range: tokens[end + 1].range.clone(),
                });
                end += 3;
            } else {
                break;
            }
        }
        let asked = matches!(
            (text(end), text(end + 1), text(end + 2)),
            ("is", "defined" | "undefined" | "none", _)
                | ("is", "not", "defined" | "undefined" | "none")
                | ("|", "default" | "d", _)
        );
        let range = token.range.start..tokens[end - 1].range.end;
        out.push(Chain { path, asked, range });
        at = end;
    }
    out
}

/// A constant's value; `None` where it has escapes that only MiniJinja understands.
pub fn unquote(token: &str) -> Option<String> {
    let inner = token.get(1..token.len().checked_sub(1)?)?;
    if !inner.contains('\\') {
        return Some(inner.to_owned());
    }
    let mut out = String::with_capacity(inner.len());
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next()? {
            'n' => out.push('\n'),
            't' => out.push('\t'),
            'r' => out.push('\r'),
            c @ ('\\' | '\'' | '"' | '/') => out.push(c),
            _ => return None,
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretches_know_quotes_and_comments() {
        let check = |source: &str, expected: &[&str]| {
            let found: Vec<String> = stretches(source)
                .expect("closed in this test")
                .into_iter()
                .map(|stretch| match stretch {
                    Stretch::Raw(range) => format!("raw {}", &source[range]),
                    Stretch::Expression(range) => format!("expr {}", source[range].trim()),
                    Stretch::Statement(range) => format!("stmt {}", source[range].trim()),
                })
                .collect();
            assert_eq!(found, expected, "{source}");
        };
        check("plain { text }", &["raw plain { text }"]);
        check("a {{ b }}c", &["raw a ", "expr b", "raw c"]);
        check("{{ '}}' ~ \"{{\" }}", &["expr '}}' ~ \"{{\""]);
        check("{{ {'a': {'b': 1}} }}!", &["expr {'a': {'b': 1}}", "raw !"]);
        check(
            "{%- if x -%}y{# no #}{% endif %}",
            &["stmt if x", "raw y", "stmt endif"],
        );
        assert_eq!(stretches("{{ never closed"), None);
    }

    #[test]
    fn chains_are_names_with_their_subscripts() {
        let check = |source: &str, expected: &[&str]| {
            let found: Vec<String> = chains(source, &tokens(source, 0..source.len()))
                .into_iter()
                .map(|chain| {
                    let path: Vec<_> = chain
                        .path
                        .iter()
                        .map(|segment| segment.name.as_str())
                        .collect();
                    format!("{}{}", path.join("/"), if chain.asked { "?" } else { "" })
                })
                .collect();
            assert_eq!(found, expected, "{source}");
        };
        check("agent_dir", &["agent_dir"]);
        check(
            "facts.config.values['mid.proxy.host'] ~ ':'",
            &["facts/config/values/mid.proxy.host"],
        );
        check(
            "found.values.url is undefined or 'X' in found.values.url",
            &["found/values/url?", "found/values/url"],
        );
        check("a | default(b, boolean=true) is not none", &["a?", "b"]);
        check("found.misspelt[0].name", &["found/misspelt/0/name"]);
        check(
            "answers['service-running'] == 'stopped'",
            &["answers/service-running"],
        );
        check(
            "x is matches('a') and not y is older_than('3d')",
            &["x", "y"],
        );
        check("found.list | selectattr('name') | list", &["found/list"]);
        check("a.b(c) if true else d[e]", &["a/b", "c", "d", "e"]);
    }
}
