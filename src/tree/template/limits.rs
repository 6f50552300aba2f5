//! What MiniJinja would not say of an expression's text when the tree is loaded.

use std::ops::Range;

use crate::tree::{
    lower,
    template::{
        MAX_EXPRESSION, MAX_RESULT,
        code::{Mistake, MistakeKind, bound},
        environment,
        scan::{self, Token, TokenKind},
    },
};

/// What MiniJinja would only notice while it runs, or never: sizes, regular expressions, unknown tests and filters.
pub fn check_tokens(source: &str, range: &Range<usize>, tokens: &[Token]) -> Option<Mistake> {
    if range.len() > MAX_EXPRESSION {
        return Some(bound(
            range.clone(),
            format!(
                "an expression may have at most {} KiB",
                MAX_EXPRESSION / 1024
            ),
        ));
    }
    let text = |at: usize| {
        tokens
            .get(at)
            .map_or("", |token| &source[token.range.clone()])
    };
    let mut product = Some(range.len());
    let mut repeats = false;
    let mut repeatable = false;
    for (at, token) in tokens.iter().enumerate() {
        let before = if at == 0 { "" } else { text(at - 1) };
        match token.kind {
            TokenKind::Number => {
                let number = text(at)
                    .replace('_', "")
                    .parse::<f64>()
                    .unwrap_or(f64::MAX)
                    .max(1.0);
                product = product.and_then(|product| {
                    let product = product as f64 * number;
                    (product <= MAX_RESULT as f64).then_some(product as usize)
                });
            }
            TokenKind::Text => {
                repeatable = true;
                if before == "("
                    && at >= 2
                    && text(at - 2) == "matches"
                    && let Some(pattern) = scan::unquote(text(at))
                    && let Err(error) = environment::pattern(&pattern)
                {
                    return Some(Mistake {
                        kind: MistakeKind::Pattern,
                        message: error,
                        range: token.range.clone(),
                    });
                }
            }
            TokenKind::Mark => match text(at) {
                "*" => repeats = true,
                "**" => (repeats, product) = (true, None),
                "[" => repeatable = true,
                _ => {}
            },
            TokenKind::Name => {
                let is_test = before == "is" || before == "not" && at >= 2 && text(at - 2) == "is";
                let known = match before {
                    "|" => environment::FILTERS.contains(&text(at)),
                    _ if is_test && text(at) != "not" => environment::TESTS.contains(&text(at)),
                    _ => true,
                };
                if !known {
                    let (what, names) = if is_test {
                        ("test", environment::TESTS)
                    } else {
                        ("filter", environment::FILTERS)
                    };
                    let name = text(at);
                    let near = lower::nearest(name, names.iter().copied())
                        .map_or_else(String::new, |near| format!(": did you mean `{near}`?"));
                    return Some(Mistake {
                        kind: MistakeKind::Syntax,
                        message: format!("there is no {what} `{name}`{near}"),
                        range: token.range.clone(),
                    });
                }
            }
        }
    }
    (repeats && repeatable && product.is_none()).then(|| {
        bound(
            range.clone(),
            format!("it would grow past {} KiB", MAX_RESULT / 1024),
        )
    })
}
