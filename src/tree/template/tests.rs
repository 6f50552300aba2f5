//! Templates and expressions as the language describes them, as tables.

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

pub(super) fn scope() -> Scope {
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
        "forgotten".into(),
        Secret::forgotten("encrypted:‹secret-3›").into(),
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

pub(super) fn holds(source: &str) -> Result<bool, String> {
    let (expression, mistake) = Expression::parse(source, Span::default());
    assert_eq!(mistake, None, "{source}");
    expression.holds(&scope()).map_err(|error| error.message)
}

/// It is noon of UTC. A local time may lie fourteen hours earlier than its digits say in UTC, or twelve later.
#[test]
fn how_old_a_time_is() {
    let check = |time: &str, age: &str, expected: Result<bool, &str>| {
        let source = format!("'{time}' is older_than('{age}')");
        assert_eq!(holds(&source), expected.map_err(str::to_owned), "{source}");
    };
    check("2026-11-20T11:00:00Z", "30m", Ok(true));
    check("2026-11-20T11:45:00Z", "30m", Ok(false));
    check("2026-11-20T13:45:00+02:00", "30m", Ok(false));
    // As the tables of an instance have it: UTC.
    check("2026-11-20 11:00:00", "30m", Ok(true));
    check("2026-11-20 11:45:00", "30m", Ok(false));
    let ahead = Err("that time lies ahead: two clocks differ");
    check("2026-11-20T12:20:00Z", "30m", Ok(false));
    check("2026-11-20T12:40:00Z", "30m", ahead);
    check("2027-11-20 12:00:00", "30d", ahead);
    let doubtful = Err("the zone of that time is not known");
    check("2026-11-20T11:45:00", "30m", doubtful);
    check("2026-11-20T11:45:00", "30d", Ok(false));
    // Before noon at UTC-12 it is the same day's noon at UTC; earlier than that it is older everywhere.
    check("2026-11-19T23:20:00", "30m", Ok(true));
    check("2026-11-19T23:40:00", "30m", doubtful);
    check("2026-10-01T11:45:00", "30d", Ok(true));
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
    yes("'a' in [found.ended.nothing, 'a']");
    unknown(
        "'a' in [found.ended.nothing]",
        "`found.ended.nothing` is not known",
    );
    unknown(
        "'a' not in [found.ended.nothing, 'b']",
        "`found.ended.nothing` is not known",
    );
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
        let source = format!("(facts.config.values.nothing | {filter}{argument} | string) == 'x'");
        assert!(holds(&source).is_err(), "{source}: {:?}", holds(&source));
        let source = format!("(nobody | {filter}{argument} | list | length) == 0");
        assert!(holds(&source).is_err(), "{source}: {:?}", holds(&source));
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
