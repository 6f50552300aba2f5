//! A template and an expression, evaluated over facts of every sort with a secret among them.
//!
//! Holds: each name that is used has its place in the text; evaluating twice gives the same, within bounds; no secret is
//! ever printed, and no expression gives its text as a value that is no secret.

#![no_main]

use std::sync::LazyLock;

use jiff::Timestamp;
use libfuzzer_sys::fuzz_target;
use waypost::{
    diag::Span,
    finding::{Facts, InputName, Os, ProbeName, Secret, Value},
    tree::{Chain, Expression, NodeId, Scope, StepName, Template},
};

/// Nobody writes this by chance.
const SECRET: &str = "qzTrombone7481vault";
/// More than any text is allowed to grow to, in bytes; escaping may make it longer than what it is made from.
const LARGEST: usize = 8 << 20;

static SCOPE: LazyLock<Scope> = LazyLock::new(scope);

fuzz_target!(|text: &str| {
    // What the author writes is no secret.
    if text.contains(&SECRET[..4]) {
        return;
    }
    let (template, _) = Template::parse(text, Span::default());
    lie_in(text, template.chains());
    let rendered = template.render(&SCOPE);
    assert_eq!(
        rendered,
        template.render(&SCOPE),
        "rendering twice gives two texts"
    );
    if let Ok(rendered) = rendered {
        is_fit(&rendered.markdown);
    }
    if let Ok(value) = template.value(&SCOPE) {
        is_fit(&value);
    }

    let (expression, _) = Expression::parse(text, Span::default());
    lie_in(text, expression.chains());
    match expression.value(&SCOPE) {
        Ok(value) => is_fit(&format!("{value:?}")),
        Err(error) => is_fit(&error.message),
    }
    let holds = expression.holds(&SCOPE);
    assert_eq!(
        holds,
        expression.holds(&SCOPE),
        "a condition holds and does not"
    );
});

fn lie_in(text: &str, chains: &[Chain]) {
    for chain in chains {
        for segment in &chain.path {
            assert!(
                text.get(segment.range.clone()).is_some(),
                "{chain:?} does not lie in the text"
            );
        }
    }
}

fn is_fit(shown: &str) {
    assert!(!shown.contains(SECRET), "the secret is shown");
    assert!(shown.len() <= LARGEST, "{} bytes", shown.len());
}

fn scope() -> Scope {
    let mut scope = Scope::new(Os::Linux);
    scope.now = Some("2026-11-20T10:00:00Z".parse::<Timestamp>().expect("a time"));
    let url = ["url", "scheme", "host", "port", "path"]
        .into_iter()
        .zip(["https://hub.example/x", "https", "hub.example", "443", "/x"])
        .map(|(name, value)| (name.to_owned(), Value::from(value)));
    let facts = Facts::from_iter([
        ("text".to_owned(), Value::from("grün `x` *y*\n\u{1b}[31m")),
        ("number".to_owned(), Value::Int(-7)),
        ("part".to_owned(), Value::Float(0.5)),
        ("flag".to_owned(), Value::Bool(true)),
        ("nothing".to_owned(), Value::Null),
        ("time".to_owned(), Value::from("2026-11-20T09:00:00Z")),
        ("secret".to_owned(), Secret::new(SECRET).into()),
        (
            "list".to_owned(),
            vec![
                Value::Int(1),
                Value::from("two"),
                Secret::new(SECRET).into(),
            ]
            .into(),
        ),
        (
            "map".to_owned(),
            Facts::from_iter([("a.b".to_owned(), Secret::new(SECRET).into())]).into(),
        ),
    ]);
    scope.inputs = [
        ("secret", Secret::new(SECRET).into()),
        ("text", Value::from("x; rm 'y'")),
        ("url", Value::Map(url.collect())),
    ]
    .into_iter()
    .map(|(name, value)| (InputName::new(name), value))
    .collect();
    scope
        .facts
        .insert(ProbeName::new("probe"), facts.clone().into());
    scope.found = Some(facts.into());
    scope.answers.insert(NodeId::new("node"), "yes".to_owned());
    scope
        .steps
        .insert(StepName::new("step"), "Do `it`".to_owned());
    scope
}
