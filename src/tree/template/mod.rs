//! Templates and expressions: MiniJinja's, strict, bounded in fuel and size.
//!
//! What a template *demands* (inputs, probes, answers, steps by name) is read from its text once, when the tree is
//! loaded; the engine gathers that before it renders. Each expression is compiled once, and a text without one never
//! meets MiniJinja.
//!
//! A [`Value::Secret`] can be tested and compared, never printed: no filter and no operator gets at its text.

mod checks;
mod code;
mod environment;
mod evaluate;
mod markdown;
mod quote;
mod render;
mod rewrite;
mod scan;
mod values;
mod version;

use std::{
    collections::BTreeMap,
    ops::Range,
    sync::{Arc, LazyLock},
};

use jiff::Timestamp;

pub use code::{GLOBALS, Mistake, MistakeKind};
pub use scan::{Chain, Segment};

use crate::{
    diag::{SourceText, Span},
    finding::{InputName, Os, ProbeName, Value},
    tree::{NodeId, StepName},
};
use code::Code;

/// A template's text, in bytes.
pub const MAX_TEMPLATE: usize = 256 * 1024;
/// One expression's text, in bytes.
pub const MAX_EXPRESSION: usize = 8 * 1024;
/// What a template or an expression may grow to, in bytes.
pub const MAX_RESULT: usize = 1024 * 1024;
/// Steps of one evaluation.
pub const MAX_FUEL: u64 = 100_000;

/// A text with `{{ … }}` in it.
#[derive(Debug, Clone)]
pub struct Template {
    /// As the YAML gives it: quoting and folding undone.
    pub source: Arc<str>,
    /// Where the scalar stands in the tree's file.
    pub span: Span,
    pub demands: Arc<Demands>,
    /// Absent where nothing is to be filled in.
    code: Option<Arc<Code>>,
}

impl PartialEq for Template {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
    }
}

/// An expression, as in a case or under `from`.
#[derive(Debug, Clone)]
pub struct Expression {
    pub source: Arc<str>,
    pub span: Span,
    pub demands: Arc<Demands>,
    code: Arc<Code>,
}

/// The names that a template or an expression uses.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Demands {
    pub inputs: Vec<InputName>,
    /// Through `facts.PROBE`.
    pub probes: Vec<ProbeName>,
    /// Through `answers['NODE']`.
    pub answers: Vec<NodeId>,
    /// Through `steps.NAME`.
    pub steps: Vec<StepName>,
    /// Uses `found`, the facts of the question's own probe.
    pub found: bool,
}

impl Demands {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What a template may see. Only what it demands needs to be there.
#[derive(Debug, Clone)]
pub struct Scope {
    pub os: Os,
    /// When it is, for `is older_than(…)`; where this is absent that test has no result.
    pub now: Option<Timestamp>,
    /// Known inputs. A `url` input is a [`Value::Map`] with `url`, `scheme`, `host`, `port`, `path`; printed whole it is
    /// its `url`. One that is missing here is unknown.
    pub inputs: BTreeMap<InputName, Value>,
    /// Facts by probe, of this generation.
    pub facts: BTreeMap<ProbeName, Value>,
    /// Answer ids by node.
    pub answers: BTreeMap<NodeId, String>,
    /// Rendered Markdown of each step; a withheld one says so.
    pub steps: BTreeMap<StepName, String>,
    pub found: Option<Value>,
}

impl Scope {
    pub fn new(os: Os) -> Self {
        Self {
            os,
            now: None,
            inputs: BTreeMap::new(),
            facts: BTreeMap::new(),
            answers: BTreeMap::new(),
            steps: BTreeMap::new(),
            found: None,
        }
    }
}

/// Why a template or an expression has no value. A lowercase fragment that names the variable.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct EvalError {
    pub message: String,
}

/// A text for a reader.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rendered {
    /// Inserted values are escaped, so that they are text; inside code they are quoted for the case's shell.
    pub markdown: String,
    /// An inserted value holds control characters or line breaks, or was cut: it is shown, but must not be copied.
    pub unsafe_to_copy: bool,
}

/// What a text without expressions demands.
static NOTHING: LazyLock<Arc<Demands>> = LazyLock::new(Arc::default);

impl Template {
    /// Reads `source`. With a mistake it is still a template: one that renders as it was written and has no value.
    pub fn parse(source: impl Into<Arc<str>>, span: Span) -> (Self, Option<Mistake>) {
        let source = source.into();
        if !code::is_templated(&source) {
            return (
                Self {
                    source,
                    span,
                    demands: NOTHING.clone(),
                    code: None,
                },
                None,
            );
        }
        let (code, mistake) = Code::template(&source);
        let demands = Arc::new(code.demands());
        (
            Self {
                source,
                span,
                demands,
                code: Some(Arc::new(code)),
            },
            mistake,
        )
    }

    /// Text that is no template, whatever stands in it.
    pub fn plain(source: impl Into<Arc<str>>) -> Self {
        Self {
            source: source.into(),
            span: Span::default(),
            demands: NOTHING.clone(),
            code: None,
        }
    }

    /// Whether anything is filled in.
    pub fn is_plain(&self) -> bool {
        self.code.is_none()
    }

    /// Each use of a name, in order, with its place in [`Template::source`].
    pub fn chains(&self) -> &[Chain] {
        self.code.as_deref().map_or(&[], Code::chains)
    }

    /// Where a part of [`Template::source`] stands in the file; the whole scalar where that cannot be told.
    pub fn locate(&self, file: &SourceText, range: Range<usize>) -> Span {
        locate(&self.source, self.span, file, range)
    }

    /// For a reader: unknown values show as `‹name›`; never fails for a missing value.
    pub fn render(&self, scope: &Scope) -> Result<Rendered, EvalError> {
        match &self.code {
            None => Ok(Rendered {
                markdown: self.source.to_string(),
                unsafe_to_copy: false,
            }),
            Some(code) => {
                render::render(&evaluate::parts(&self.source, code, scope, true)?, scope.os)
            }
        }
    }

    /// For a parameter: values as they are; a missing value is an error.
    pub fn value(&self, scope: &Scope) -> Result<String, EvalError> {
        match &self.code {
            None => Ok(self.source.to_string()),
            Some(code) => render::plain(&evaluate::parts(&self.source, code, scope, false)?),
        }
    }
}

impl Expression {
    /// Reads `source`. With a mistake it is still an expression: one that has no value.
    pub fn parse(source: impl Into<Arc<str>>, span: Span) -> (Self, Option<Mistake>) {
        let source = source.into();
        let (code, mistake) = Code::expression(&source);
        let demands = Arc::new(code.demands());
        (
            Self {
                source,
                span,
                demands,
                code: Arc::new(code),
            },
            mistake,
        )
    }

    /// Each use of a name, in order, with its place in [`Expression::source`].
    pub fn chains(&self) -> &[Chain] {
        self.code.chains()
    }

    /// Where a part of [`Expression::source`] stands in the file; the whole scalar where that cannot be told.
    pub fn locate(&self, file: &SourceText, range: Range<usize>) -> Span {
        locate(&self.source, self.span, file, range)
    }

    /// The expression's value. A missing value that is not asked for with `is defined` is an error.
    pub fn value(&self, scope: &Scope) -> Result<Value, EvalError> {
        evaluate::value(&self.source, &self.code, scope)
    }

    /// The value as a condition: MiniJinja's truth.
    pub fn holds(&self, scope: &Scope) -> Result<bool, EvalError> {
        evaluate::holds(&self.source, &self.code, scope)
    }
}

/// Finds in a scalar, as it was written, the words at `range` of its value: quoting and folding move them but leave
/// them whole, so that the same occurrence counted from the front is the one.
pub(in crate::tree) fn locate(
    source: &str,
    span: Span,
    file: &SourceText,
    range: Range<usize>,
) -> Span {
    let Some(words) = source
        .get(range.clone())
        .map(str::trim)
        .filter(|words| !words.is_empty())
    else {
        return span;
    };
    let start = range.start + source[range.clone()].find(words).unwrap_or(0);
    let nth = source[..start].matches(words).count();
    let written = file.slice(span);
    if written.matches(words).count() != source.matches(words).count() {
        return span;
    }
    written
        .match_indices(words)
        .nth(nth)
        .map_or(span, |(at, words)| {
            Span::new(span.start + at, span.start + at + words.len())
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Facts, Secret};

    fn map(pairs: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
        Value::Map(
            pairs
                .into_iter()
                .map(|(key, value)| (key.to_owned(), value))
                .collect::<Facts>(),
        )
    }

    fn scope() -> Scope {
        let mut scope = Scope::new(Os::Linux);
        scope.now = "2026-11-20T12:00:00Z".parse().ok();
        scope
            .inputs
            .insert("agent_dir".into(), "/opt/mid/agent".into());
        scope.inputs.insert("spaced".into(), "/opt/my mid".into());
        scope
            .inputs
            .insert("evil".into(), "*x* `y` [z](http://w)".into());
        scope
            .inputs
            .insert("broken".into(), "a\nb\u{1b}[31m".into());
        scope.inputs.insert(
            "password".into(),
            Secret::new("hunter2").with_token("‹secret-1›").into(),
        );
        scope.inputs.insert(
            "no_password".into(),
            Secret::new("").with_token("‹secret-2›").into(),
        );
        scope.inputs.insert(
            "instance_url".into(),
            map([
                ("url", "https://x.example/a".into()),
                ("scheme", "https".into()),
                ("host", "x.example".into()),
                ("port", Value::Int(443)),
                ("path", "/a".into()),
            ]),
        );
        scope.facts.insert(
            "config".into(),
            map([(
                "values",
                map([
                    ("mid.proxy.host", "proxy".into()),
                    ("url", "https://x".into()),
                    ("empty", "".into()),
                ]),
            )]),
        );
        scope.found = Some(map([
            (
                "began",
                map([
                    ("count", Value::Int(1)),
                    ("last", map([("time", "2026-11-20T10:00:00Z".into())])),
                ]),
            ),
            (
                "ended",
                map([("count", Value::Int(0)), ("last", Value::Null)]),
            ),
            (
                "misspelt",
                Value::List(vec![map([
                    ("name", "mid.prox.host".into()),
                    ("line", Value::Int(7)),
                ])]),
            ),
            ("version", "11.0.9".into()),
            ("status", Value::Int(200)),
            (
                "secret",
                Secret::new("encrypted:aGVsbG8=")
                    .with_token("encrypted:‹secret-3›")
                    .into(),
            ),
        ]));
        scope
            .answers
            .insert("service-running".into(), "stopped".to_owned());
        scope
            .steps
            .insert("restart".into(), "Run `x`.\nThen **wait**.".to_owned());
        scope
    }

    fn holds(source: &str) -> Result<bool, String> {
        let (expression, mistake) = Expression::parse(source, Span::default());
        assert_eq!(mistake, None, "{source}");
        expression.holds(&scope()).map_err(|error| error.message)
    }

    #[test]
    fn conditions() {
        let yes = |source: &str| assert_eq!(holds(source), Ok(true), "{source}");
        let no = |source: &str| assert_eq!(holds(source), Ok(false), "{source}");
        let unknown =
            |source: &str, why: &str| assert_eq!(holds(source), Err(why.to_owned()), "{source}");
        yes("true");
        yes("found.misspelt");
        yes("found.values is undefined or 'X' in found.values.url");
        yes("facts.config.values.url is defined");
        no("facts.config.values['nothing'] is defined");
        yes("(facts.config.values['nothing'] | default('')) or 'x'");
        no("facts.config.values.empty or facts.config.values['nothing'] | default('')");
        yes("answers['service-running'] == 'stopped'");
        yes("os == 'linux' and os != 'windows'");
        yes("instance_url == 'https://x.example/a'");
        yes("instance_url is startingwith('https://') and '.example' in instance_url");
        yes("found.version | version < '11.0.10'");
        no("found.version < '11.0.10'");
        yes(
            "found.began.last.time is older_than('1h') and found.began.last.time is not older_than('3h')",
        );
        yes("found.status in [200, 204] and found.status not in [401]");
        yes("found.ended.last is undefined and found.ended.last is none");
        unknown(
            "facts.config.values.nothing == 'x'",
            "`facts.config.values.nothing` is not known",
        );
        unknown(
            "facts.config.values.nothing != 'x'",
            "`facts.config.values.nothing` is not known",
        );
        unknown(
            "not facts.config.values.nothing",
            "`facts.config.values.nothing` is not known",
        );
        unknown(
            "facts.config.values.nothing or true",
            "`facts.config.values.nothing` is not known",
        );
        unknown(
            "facts.other.values.url | default('')",
            "a value in it is not known",
        );
        unknown(
            "'x' in facts.config.values.nothing",
            "`facts.config.values.nothing` is not known",
        );
        unknown(
            "facts.config.values.nothing is matches('a')",
            "`facts.config.values.nothing` is not known",
        );
        unknown(
            "found.ended.last.time > found.began.last.time",
            "`found.ended.last.time` is not known",
        );
        unknown("answers['other'] == 'x'", "`answers.other` is not known");
        unknown(
            "found.status == '200'",
            "a number and a text cannot be compared",
        );
        unknown(
            "found.version > 11",
            "a text and a number cannot be compared",
        );
        unknown("nobody", "`nobody` is not known");
        unknown("'a' ~ nobody == 'a'", "`nobody` is not known");
        unknown("nobody | int > 1", "`nobody` is not known");
        unknown("[nobody] == []", "`nobody` is not known");
        unknown("'' if nobody else 'x'", "`nobody` is not known");
    }

    #[test]
    fn a_filter_of_a_missing_value_is_unknown() {
        for filter in environment::FILTERS
            .iter()
            .filter(|filter| !matches!(**filter, "default" | "d"))
        {
            let argument = match *filter {
                "attr" | "map" | "groupby" | "selectattr" | "rejectattr" => "('a')",
                "replace" => "('a', 'b')",
                _ => "",
            };
            let source =
                format!("(facts.config.values.nothing | {filter}{argument} | string) == 'x'");
            assert!(holds(&source).is_err(), "{source}: {:?}", holds(&source));
            let source = format!("(nobody | {filter}{argument} | list | length) == 0");
            assert!(holds(&source).is_err(), "{source}: {:?}", holds(&source));
        }
    }

    #[test]
    fn a_secret_is_tested() {
        let yes = |source: &str| assert_eq!(holds(source), Ok(true), "{source}");
        let no = |source: &str| assert_eq!(holds(source), Ok(false), "{source}");
        yes("password == 'hunter2'");
        yes("'hunter2' == password");
        no("password != 'hunter2'");
        no("password == 'other'");
        yes("password is matches('^hunter')");
        yes("password is startingwith('hunt') and password is string");
        yes("found.secret is startingwith('encrypted:') and not found.secret is base64");
        yes("password and not no_password");
        yes("no_password == '' and password != no_password");
        yes("password is defined");
    }

    #[test]
    fn nothing_gets_at_a_secrets_text() {
        let mut sources = vec![
            "password ~ ''".to_owned(),
            "[password] | join(',')".to_owned(),
            "password[0]".to_owned(),
            "password[0:3]".to_owned(),
            "[password]".to_owned(),
            "{'a': password}".to_owned(),
            "dict(a=password) | items | string".to_owned(),
            "[password, 'x'] | sort | first".to_owned(),
            "'h' in password".to_owned(),
            "password in 'hunter2 and more'".to_owned(),
            "password < 'i'".to_owned(),
            "password + 'x'".to_owned(),
            "password * 2".to_owned(),
            "'%s' % password".to_owned(),
            "password.value".to_owned(),
            "[password] | map('upper') | first".to_owned(),
            "'x' | replace('x', password)".to_owned(),
            "{password: 1}".to_owned(),
            "password | version".to_owned(),
            "password | default('x')".to_owned(),
            "password if true else ''".to_owned(),
        ];
        sources.extend(
            environment::FILTERS
                .iter()
                .map(|filter| format!("password | {filter}")),
        );
        for source in sources {
            let (template, mistake) =
                Template::parse(format!("{{{{ {source} }}}}"), Span::default());
            assert_eq!(mistake, None, "{source}");
            for shown in [
                template
                    .value(&scope())
                    .unwrap_or_else(|error| error.message),
                template
                    .render(&scope())
                    .map_or_else(|error| error.message, |rendered| rendered.markdown),
            ] {
                let plain = shown
                    .to_lowercase()
                    .replace(|c: char| !c.is_alphanumeric(), "");
                assert!(
                    !plain.contains("hunt") && !plain.contains("retnuh"),
                    "{source}: {shown}"
                );
            }
            // One bit may be told, the length never.
            assert_ne!(template.value(&scope()).as_deref(), Ok("7"), "{source}");
        }
    }

    #[test]
    fn values_of_expressions() {
        let check = |source: &str, expected: Result<Value, &str>| {
            let (expression, mistake) = Expression::parse(source, Span::default());
            assert_eq!(mistake, None, "{source}");
            assert_eq!(
                expression.value(&scope()).map_err(|error| error.message),
                expected.map_err(str::to_owned),
                "{source}"
            );
        };
        check(
            "facts.config.values['mid.proxy.host'] ~ ':' ~ '80'",
            Ok("proxy:80".into()),
        );
        check("password", Ok(Secret::new("hunter2").into()));
        check("[1, 'a']", Ok(Value::List(vec![Value::Int(1), "a".into()])));
        check(
            "facts.config.values.nothing",
            Err("`facts.config.values.nothing` is not known"),
        );
        check(
            "facts.config.values.nothing | upper",
            Err("`facts.config.values.nothing` is not known"),
        );
        check("1.5 + 1", Ok(Value::Float(2.5)));
    }

    #[test]
    fn parameters() {
        let check = |source: &str, expected: Result<&str, &str>| {
            let (template, mistake) = Template::parse(source, Span::default());
            assert_eq!(mistake, None, "{source}");
            let found = template.value(&scope()).map_err(|error| error.message);
            assert_eq!(
                found.as_deref().map_err(String::as_str),
                expected,
                "{source}"
            );
        };
        check(
            "{{ agent_dir }}/config.xml",
            Ok("/opt/mid/agent/config.xml"),
        );
        check("{{ evil }}", Ok("*x* `y` [z](http://w)"));
        check(
            "{{ instance_url }} {{ instance_url.host }}:{{ instance_url.port }}",
            Ok("https://x.example/a x.example:443"),
        );
        check("{{ nobody }}/x", Err("`nobody` is not known"));
        check(
            "{% if os == 'linux' %}a{% else %}b{% endif %} {# no #}c",
            Ok("a c"),
        );
        check("a {{- ' b' -}} c", Ok("a bc"));
        check("line\n", Ok("line\n"));
        check("{{ found.status == 200 }}", Ok("true"));
        check(
            "?q={{ evil | urlencode }}",
            Ok("?q=%2Ax%2A%20%60y%60%20%5Bz%5D%28http%3A%2F%2Fw%29"),
        );
    }

    #[test]
    fn readers() {
        let check = |source: &str, expected: &str| {
            let (template, mistake) = Template::parse(source, Span::default());
            assert_eq!(mistake, None, "{source}");
            let found = template.render(&scope()).expect("renders in this test");
            assert_eq!(found.markdown, expected, "{source}");
        };
        check(
            "Run `{{ agent_dir }}/bin/mid.sh status`.",
            "Run `/opt/mid/agent/bin/mid.sh status`.",
        );
        check(
            "Run `sudo {{ spaced }}/bin/mid.sh status`.",
            "Run `sudo '/opt/my mid/bin/mid.sh' status`.",
        );
        check(
            "See {{ evil }}.",
            "See \\*x\\* \\`y\\` \\[z\\]\\(http://w\\).",
        );
        check("See `{{ evil }}`.", "See ``'*x* `y` [z](http://w)'``.");
        check(
            "```\ncat {{ evil }}\n```\n",
            "```\ncat '*x* `y` [z](http://w)'\n```\n",
        );
        check(
            "Open `{{ nobody }}/config.xml` of {{ nobody.host }}",
            "Open `‹nobody›/config.xml` of ‹nobody.host›",
        );
        check("{{ nobody | upper }} {{ 1 + nobody }}", "‹nobody› ‹nobody›");
        check("{{ found.ended.last.time | default('never') }}", "never");
        check(
            "1. Do.\n2. {{ steps.restart }}\n3. Go.",
            "1. Do.\n2. Run `x`.\n   Then **wait**.\n3. Go.",
        );
        check(
            "{{ password }} `{{ found.secret }}`",
            "‹secret-1› `'encrypted:‹secret-3›'`",
        );
        check(
            "{% for m in found.misspelt %}`{{ m.name }}` on line {{ m.line }}{% endfor %}",
            "`mid.prox.host` on line 7",
        );
        check(
            "{% if nobody %}a{% else %}b {{ nobody }}{% endif %}",
            "b ‹nobody›",
        );
        check(
            "{{ '{{ agent_dir }}' }}",
            "{{ agent\\_dir }}".replace("\\_", "_").as_str(),
        );
    }

    #[test]
    fn what_cannot_be_copied() {
        let (template, _) = Template::parse("`x {{ broken }}`", Span::default());
        let found = template.render(&scope()).expect("renders in this test");
        assert_eq!(
            found,
            Rendered {
                markdown: "`x 'a␊b␛[31m'`".to_owned(),
                unsafe_to_copy: true
            }
        );
    }

    #[test]
    fn demands() {
        let (template, _) = Template::parse(
            "{{ agent_dir }} {{ facts.config.values['x'] }} {{ answers['a-b'] }} {{ steps.restart }} {{ os }} {{ found.x }}",
            Span::default(),
        );
        let expected = Demands {
            inputs: vec!["agent_dir".into()],
            probes: vec!["config".into()],
            answers: vec!["a-b".into()],
            steps: vec!["restart".into()],
            found: true,
        };
        assert_eq!(*template.demands, expected);
        let (template, _) = Template::parse(
            "{% for m in found.list %}{{ m.x }}{{ other }}{% endfor %}",
            Span::default(),
        );
        assert_eq!(template.demands.inputs, ["other"]);
    }

    #[test]
    fn mistakes() {
        let check = |source: &str, expected: &str, words: &str| {
            let (template, mistake) = Template::parse(source, Span::default());
            let mistake = mistake.expect("a mistake in this test");
            assert_eq!(
                (mistake.message.as_str(), &source[mistake.range]),
                (expected, words),
                "{source}"
            );
            assert!(template.value(&scope()).is_err());
        };
        check("a {{ b", "`{{` is never closed", "{{");
        check(
            "{{ a | uper }}",
            "there is no filter `uper`: did you mean `upper`?",
            "uper",
        );
        check(
            "{{ a is definde }}",
            "there is no test `definde`: did you mean `defined`?",
            "definde",
        );
        check(
            "{% set x = 1 %}",
            "`set` is no statement here: there are `if` and `for`",
            " set x = 1 ",
        );
        check(
            "{{ 1 < a < 3 }}",
            "comparisons cannot be chained: join two with `and`",
            "< a <",
        );
        check(
            "{{ 'a' * 100000000 }}",
            "it would grow past 1024 KiB",
            " 'a' * 100000000 ",
        );
        check(
            "{{ [0] * 10000000 }}",
            "it would grow past 1024 KiB",
            " [0] * 10000000 ",
        );
        check(
            "{{ a is matches('(') }}",
            "the regular expression does not parse: unclosed group",
            "'('",
        );
    }

    #[test]
    fn bounds_while_it_runs() {
        let (template, mistake) = Template::parse(
            "{% for a in range(1000) %}{% for b in range(1000) %}x{% endfor %}{% endfor %}",
            Span::default(),
        );
        assert_eq!(mistake, None);
        assert_eq!(
            template.value(&scope()).map_err(|error| error.message),
            Err("it takes too many steps".to_owned())
        );
        let long = "x".repeat(2000);
        let (template, _) = Template::parse(
            format!("{{% for a in range(1000) %}}{long}{{% endfor %}}"),
            Span::default(),
        );
        let error = template.value(&scope()).map_err(|error| error.message);
        assert_eq!(error, Err("the result is larger than 1024 KiB".to_owned()));
    }
}
