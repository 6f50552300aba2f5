//! Comparisons become tests: `a == b` is evaluated as `(a) is eq(b)`.
//!
//! MiniJinja's own operators cannot be taught that a secret equals its text, and they order a text and a number by
//! their kinds, silently. Its tests can be replaced, so the operators are turned into those of [`super::checks`].

use std::ops::Range;

use crate::tree::template::scan::{Token, TokenKind};

pub enum Rewritten {
    Same,
    /// Ranges of the text and what stands there instead, in order.
    To(Vec<(Range<usize>, String)>),
    /// `a < b < c`.
    Chained(Range<usize>),
}

/// The test that stands for the operator at `at`, and how many tokens the operator has.
fn operator(source: &str, tokens: &[Token], at: usize) -> Option<(&'static str, usize)> {
    let text = |at: usize| {
        tokens
            .get(at)
            .map_or("", |token| &source[token.range.clone()])
    };
    let before = if at == 0 { "" } else { text(at - 1) };
    match tokens[at].kind {
        TokenKind::Mark => match text(at) {
            "==" => Some(("is eq", 1)),
            "!=" => Some(("is ne", 1)),
            "<" => Some(("is lt", 1)),
            "<=" => Some(("is le", 1)),
            ">" => Some(("is gt", 1)),
            ">=" => Some(("is ge", 1)),
            _ => None,
        },
        TokenKind::Name if !matches!(before, "is" | "." | "|") => match text(at) {
            "in" if before != "not" => Some(("is in", 1)),
            "not" if text(at + 1) == "in" => Some(("is not in", 2)),
            _ => None,
        },
        _ => None,
    }
}

/// Whether an operand of a comparison ends at this token, seen from outside its brackets.
fn ends_operand(source: &str, tokens: &[Token], at: usize) -> bool {
    let text = |at: usize| {
        tokens
            .get(at)
            .map_or("", |token| &source[token.range.clone()])
    };
    match tokens[at].kind {
        TokenKind::Mark => matches!(text(at), "," | ":" | "="),
        TokenKind::Name => match text(at) {
            "and" | "or" | "if" | "else" => at == 0 || text(at - 1) != ".",
            "not" => at == 0 || !matches!(text(at - 1), "is" | "."),
            _ => false,
        },
        _ => false,
    }
}

pub fn comparisons(source: &str, tokens: &[Token]) -> Rewritten {
    let text = |at: usize| &source[tokens[at].range.clone()];
    let operators: Vec<(usize, &'static str, usize)> = (0..tokens.len())
        .filter_map(|at| operator(source, tokens, at).map(|(test, length)| (at, test, length)))
        .collect();
    if operators.is_empty() {
        return Rewritten::Same;
    }
    let is_operator = |at: usize| {
        operators
            .iter()
            .any(|(start, _, length)| (*start..start + length).contains(&at))
    };
    // (place, closing first, range, text): where a bracket closes and one opens at one place, the closing comes first.
    let mut edits: Vec<(Range<usize>, String)> = Vec::with_capacity(operators.len() * 3);
    for &(at, test, length) in &operators {
        let mut depth = 0usize;
        let mut left = at;
        while left > 0 {
            match text(left - 1) {
                ")" | "]" | "}" => depth += 1,
                "(" | "[" | "{" if depth == 0 => break,
                "(" | "[" | "{" => depth -= 1,
                _ if depth > 0 => {}
                _ if is_operator(left - 1) => {
                    return Rewritten::Chained(tokens[left - 1].range.start..tokens[at].range.end);
                }
                _ if ends_operand(source, tokens, left - 1) => break,
                _ => {}
            }
            left -= 1;
        }
        let mut right = at + length;
        let mut depth = 0usize;
        while right < tokens.len() {
            match text(right) {
                "(" | "[" | "{" => depth += 1,
                ")" | "]" | "}" if depth == 0 => break,
                ")" | "]" | "}" => depth -= 1,
                _ if depth > 0 => {}
                _ if is_operator(right) || ends_operand(source, tokens, right) => break,
                _ => {}
            }
            right += 1;
        }
        if left == at || right == at + length {
            // An operand is missing: MiniJinja says so.
            return Rewritten::Same;
        }
        let start = tokens[left].range.start;
        let end = tokens[right - 1].range.end;
        edits.push((start..start, "(".to_owned()));
        edits.push((
            tokens[at].range.start..tokens[at + length - 1].range.end,
            format!(") {test}("),
        ));
        edits.push((end..end, ")".to_owned()));
    }
    edits.sort_by_key(|(range, text)| (range.start, range.end, text != ")"));
    Rewritten::To(edits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::template::scan;

    #[test]
    fn operators_become_tests() {
        let check = |source: &str, expected: &str| {
            let tokens = scan::tokens(source, 0..source.len());
            let found = match comparisons(source, &tokens) {
                Rewritten::Same => source.to_owned(),
                Rewritten::Chained(range) => format!("chained {}", &source[range]),
                Rewritten::To(edits) => {
                    let mut out = String::new();
                    let mut done = 0;
                    for (range, text) in edits {
                        out += &source[done..range.start];
                        out += &text;
                        done = range.end;
                    }
                    out + &source[done..]
                }
            };
            assert_eq!(found, expected);
        };
        check("a", "a");
        check("a == b", "(a ) is eq( b)");
        check(
            "not a.b == 'x' and c != 2",
            "not (a.b ) is eq( 'x') and (c ) is ne( 2)",
        );
        check("a | int + 1 >= b ~ c", "(a | int + 1 ) is ge( b ~ c)");
        check("(a == b) == c", "(((a ) is eq( b)) ) is eq( c)");
        check(
            "x is not in [1] or 'a' not in b",
            "x is not in [1] or ('a' ) is not in( b)",
        );
        check("f(a == 1, k=b < 2)", "f((a ) is eq( 1), k=(b ) is lt( 2))");
        check(
            "'yes' if a == b else c > d",
            "'yes' if (a ) is eq( b) else (c ) is gt( d)",
        );
        check("a < b < c", "chained < b <");
        check(
            "x is divisibleby(3) == y",
            "(x is divisibleby(3) ) is eq( y)",
        );
    }
}
