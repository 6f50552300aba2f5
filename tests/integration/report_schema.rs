//! `assets/report.schema.json` says what JSON the program prints: every demo's result fits it, and what does not fit is
//! refused.

use std::{collections::BTreeSet, fs, path::Path};

use serde_json::{Value, json};
use waypost::{
    app::demos,
    engine::{Given, Opening},
    finding::InputName,
    host::Host,
    redact::Redactor,
    report::{self, Called, Letters, Report},
};

use crate::hosts::recorded::{forest, walk};

/// Keywords that carry meaning for people alone.
const SAID: &[&str] = &["$schema", "$defs", "title", "description", "format"];

fn schema() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/report.schema.json");
    let text = fs::read_to_string(path).expect("there is a schema");
    serde_json::from_str(&text).expect("it is JSON")
}

/// What does not fit, with its place. Knows the keywords that the schema uses, and fails at any other.
fn wrong(root: &Value, schema: &Value, value: &Value, at: &str, found: &mut Vec<String>) {
    for (keyword, wanted) in schema.as_object().expect("a schema is an object") {
        let fits = match keyword.as_str() {
            "type" => {
                let names: Vec<&str> = match wanted {
                    Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
                    one => one.as_str().into_iter().collect(),
                };
                names.iter().any(|name| match *name {
                    "object" => value.is_object(),
                    "array" => value.is_array(),
                    "string" => value.is_string(),
                    "boolean" => value.is_boolean(),
                    "null" => value.is_null(),
                    "integer" => value.is_i64() || value.is_u64(),
                    other => panic!("`{other}` is no type that this test knows"),
                })
            }
            "const" => value == wanted,
            "enum" => wanted.as_array().is_some_and(|all| all.contains(value)),
            "minimum" => value.is_null() || value.as_u64() >= wanted.as_u64(),
            "required" => {
                let names = wanted.as_array().into_iter().flatten();
                let mut names = names.filter_map(Value::as_str);
                value.is_null() || names.all(|name| value.get(name).is_some())
            }
            "properties" => {
                for (name, schema) in wanted.as_object().into_iter().flatten() {
                    if let Some(value) = value.get(name) {
                        wrong(root, schema, value, &format!("{at}.{name}"), found);
                    }
                }
                true
            }
            "additionalProperties" => {
                assert_eq!(wanted, &json!(false));
                let known = |name| schema["properties"].get(name).is_some();
                value
                    .as_object()
                    .is_none_or(|object| object.keys().all(|name| known(name.as_str())))
            }
            "items" => {
                for (index, value) in value.as_array().into_iter().flatten().enumerate() {
                    wrong(root, wanted, value, &format!("{at}[{index}]"), found);
                }
                true
            }
            "$ref" => {
                let pointer = wanted.as_str().and_then(|it| it.strip_prefix('#'));
                let schema = pointer.and_then(|pointer| root.pointer(pointer));
                let schema = schema.expect("what is referred to is there");
                wrong(root, schema, value, at, found);
                true
            }
            said => {
                assert!(SAID.contains(&said), "`{said}` is not known to this test");
                true
            }
        };
        if !fits {
            found.push(format!("{at}: {keyword}"));
        }
    }
}

fn mistakes(value: &Value) -> Vec<String> {
    let schema = schema();
    let mut found = Vec::new();
    wrong(&schema, &schema, value, "", &mut found);
    found
}

#[test]
fn every_demo_fits_the_schema_and_is_reported() {
    let forest = forest();
    let mut verdicts = BTreeSet::new();
    for demo in demos::all().expect("the demos can be read") {
        let host = demo.host().expect("it was recorded");
        let given = |(name, value): (String, String)| (InputName::new(&name), Given::Text(value));
        let opening = Opening {
            inputs: demo.about.inputs.clone().into_iter().map(given).collect(),
            ..Opening::new(
                demo.about.tree.clone(),
                host.os(),
                host.now().unwrap_or_default(),
            )
        };
        let session = walk(&forest, opening, &host);
        let result = report::result(&session, true, Called::default(), &mut Redactor::default());
        let value: Value = report::json(&result)
            .ok()
            .and_then(|text| serde_json::from_str(&text).ok())
            .expect("it is JSON");
        assert_eq!(mistakes(&value), [] as [String; 0], "{}", demo.name);
        verdicts.insert(value["verdict"].to_string());

        // What the trees themselves say holds no secret: nothing of it is lost in a report.
        let plain = session.result(true);
        let (masked, plain) = (result.conclusion, plain.conclusion);
        assert_eq!(masked, plain, "{}", demo.name);

        let report = Report::of(&session, true, Called::default(), &mut Redactor::default());
        for (format, text) in [
            ("markdown", report::markdown(&report)),
            ("html", report::html(&report)),
            ("text", report::text(&report, 80, Letters::All)),
        ] {
            for part in [
                "What it rests on",
                "What was asked and found",
                "(observed)",
                "embedded",
            ] {
                assert!(text.contains(part), "{} {format}: {text}", demo.name);
            }
        }
        let is_cause = plain.is_some_and(|conclusion| conclusion.fix.is_some());
        assert_eq!(report.check.is_some(), is_cause, "{}", demo.name);
        assert!(
            !is_cause || !report.turns.is_empty(),
            "{}: nothing would change it",
            demo.name
        );
    }
    assert!(verdicts.len() > 1, "{verdicts:?}");
}

#[test]
fn what_does_not_fit_is_refused() {
    let fits = json!({
        "schema": 1,
        "title": null,
        "ticket": "INC1",
        "tree": { "id": "t", "hash": "h", "origin": "embedded" },
        "verdict": "healthy",
        "verified": null,
        "conclusion": null,
        "questions": [{ "tree": "t", "node": "n", "text": "?", "answers": ["a"], "how": null, "why": null }],
        "path": [],
        "findings": []
    });
    assert_eq!(mistakes(&fits), [] as [String; 0]);
    let check = |pointer: &str, value: Value, expected: &str| {
        let mut broken = fits.clone();
        *broken.pointer_mut(pointer).expect("it is there") = value;
        assert_eq!(mistakes(&broken), [expected], "{pointer}");
    };
    check("/schema", json!(2), ".schema: const");
    check("/verdict", json!("maybe"), ".verdict: enum");
    check("/verified", json!("yes"), ".verified: type");
    check(
        "/questions/0/answers/0",
        json!(1),
        ".questions[0].answers[0]: type",
    );
    check(
        "/questions/0",
        json!({ "tree": "t" }),
        ".questions[0]: required",
    );
    let mut more = fits.clone();
    more["more"] = json!(1);
    assert_eq!(mistakes(&more), [": additionalProperties"]);
    for name in fits.as_object().expect("it is one").keys() {
        let mut less = fits.clone();
        less.as_object_mut().expect("it is one").shift_remove(name);
        assert_eq!(mistakes(&less), [": required"], "without `{name}`");
    }
}
