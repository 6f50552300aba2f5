//! Findings: facts, evidence, marks.

use std::time::Duration;

use jiff::Timestamp;

use crate::{
    finding::{
        Evidence, Facts, Finding, Judgement, Outcome, Reason, Secret, Source, Unknown, Value,
    },
    redact::Redactor,
};

pub(super) fn finding(judgement: Judgement, facts: Facts, evidence: Vec<Evidence>) -> Finding {
    Finding {
        judgement,
        facts,
        evidence,
        source: Source::Observed,
        at: Timestamp::UNIX_EPOCH,
        took: Duration::ZERO,
        machine: None,
    }
}

#[test]
fn facts_of_a_finding() {
    let facts: Facts = [
        ("note", Value::from("was hunter2 and geheim77")),
        ("values", Value::from(Facts::from_iter([("p".to_owned(), Value::from(Secret::new("encrypted:hunter2")))]))),
        ("empty", Value::from(Secret::new(""))),
        ("unset", Value::from(Secret::new("YOUR_PASSWORD_HERE"))),
        ("json", serde_json::json!({"api_token": "geheim77", "locked": "true", "n": 1}).into()),
        ("headers", serde_json::json!({"set-cookie": "a=keks; Path=/", "date": "today"}).into()),
        ("list", serde_json::json!([{"name": "db.password", "value": "abc"}, {"name": "x", "value": "abc"}]).into()),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect();
    let masked = Redactor::default().finding(finding(
        Judgement::Outcome(Outcome::new("read")),
        facts,
        Vec::new(),
    ));
    assert_eq!(
        crate::finding::shown(&masked.facts).to_string(),
        concat!(
            r#"{"note":"was ‹secret-1› and ‹secret-2›","values":{"p":"encrypted:‹secret-1›"},"empty":"","#,
            r#""unset":"YOUR_PASSWORD_HERE","json":{"api_token":"‹secret-2›","locked":"true","n":1},"#,
            r#""headers":{"set-cookie":"a=‹secret-4›; Path=/","date":"today"},"#,
            r#""list":[{"name":"db.password","value":"‹secret-3›"},{"name":"x","value":"abc"}]}"#
        )
    );
    let kept = masked
        .facts
        .get("values")
        .and_then(|values| values.get("p"));
    assert!(
        matches!(kept, Some(Value::Secret(secret)) if secret.expose() == Some("encrypted:hunter2"))
    );
}

/// What a tree or a probe says is secret is one, whatever it looks like.
#[test]
fn a_declared_secret_is_never_taken_for_a_placeholder() {
    let shown = |secret: &str| {
        let facts = Facts::from_iter([
            ("a".to_owned(), Value::from(Secret::new(secret))),
            ("b".to_owned(), Value::from(format!("was {secret}"))),
        ]);
        let given = finding(
            Judgement::Outcome(Outcome::new("read")),
            facts,
            vec![Evidence::plain(format!(
                "<parameter name=\"own.password\" value=\"{secret}\"/>"
            ))],
        );
        let masked = Redactor::default().finding(given);
        let facts = serde_json::to_string(&masked.facts).expect("facts are JSON");
        format!("{facts} {}", masked.evidence[0].text)
    };
    for secret in [
        "HUSH_TAIL",
        "$HUSHTAIL",
        "<hushword>",
        "%HUSHTAIL%",
        "hushnine:tail",
    ] {
        let shown = shown(secret);
        assert!(!shown.to_lowercase().contains("hush"), "{shown}");
    }
    for template in ["YOUR_INSTANCE_PASSWORD_HERE", "[password]"] {
        let shown = shown(template);
        assert_eq!(shown.matches(template).count(), 3, "{shown}");
    }
}

#[test]
fn names_and_values_of_lists_are_masked() {
    let facts = Facts::from_iter([(
        "duplicates".to_owned(),
        serde_json::json!([{"name": "mid.snmp.community", "lines": [1, 2], "values": ["hush1", "hush2"]}]).into(),
    )]);
    let given = finding(Judgement::Outcome(Outcome::new("read")), facts, Vec::new());
    let masked = Redactor::default().finding(given);
    let shown = serde_json::to_string(&masked.facts).expect("facts are JSON");
    assert!(!shown.contains("hush"), "{shown}");
}

#[test]
fn evidence_of_a_finding() {
    let evidence = Evidence {
        file: Some("GET https://me:hunter2@a/".to_owned()),
        line: Some(12),
        column: Some(31),
        before: vec!["-----BEGIN PRIVATE KEY-----".to_owned(), "MIIE".to_owned()],
        text: "AAAA password=hunter2 url is broken".to_owned(),
        after: vec!["tail hunter2".to_owned()],
        mark: Some((29, 35)),
    };
    let unknown = Unknown::new(Reason::Other, "cannot log in with hunter2");
    let masked = Redactor::default().finding(finding(
        Judgement::Unknown(unknown),
        Facts::new(),
        vec![evidence],
    ));
    assert_eq!(
        masked.evidence,
        [Evidence {
            file: Some("GET https://me:‹secret-2›@a/".to_owned()),
            line: Some(12),
            column: Some(34),
            before: vec![
                "-----BEGIN PRIVATE KEY-----".to_owned(),
                "‹secret-1›".to_owned()
            ],
            text: "AAAA password=‹secret-2› url is broken".to_owned(),
            after: vec!["tail ‹secret-2›".to_owned()],
            mark: Some((32, 38)),
        }]
    );
}

#[test]
fn a_mark_on_a_secret_covers_its_token() {
    let marked = |mark| {
        let evidence = Evidence {
            mark,
            ..Evidence::plain("ü password=hunter2 x")
        };
        let given = finding(
            Judgement::Outcome(Outcome::new("x")),
            Facts::new(),
            vec![evidence],
        );
        let masked = Redactor::default().finding(given).evidence.remove(0);
        let (from, to) = masked.mark.expect("the mark is kept");
        masked
            .text
            .chars()
            .skip(from)
            .take(to - from)
            .collect::<String>()
    };
    assert_eq!(marked(Some((11, 18))), "‹secret-1›");
    assert_eq!(marked(Some((13, 15))), "‹secret-1›");
    assert_eq!(marked(Some((2, 18))), "password=‹secret-1›");
    assert_eq!(marked(Some((0, 1))), "ü");
    assert_eq!(marked(Some((19, 20))), "x");
}
