//! What a walk came to, held against what it should. Runs nothing.

use serde_json::Value;

use super::case::{Place, Walk};

/// Exit codes as the manual gives them, by verdict.
const EXIT_CODES: &[(&str, i32)] = &[
    ("healthy", 0),
    ("not-applicable", 0),
    ("cause", 1),
    ("escalate", 1),
    ("needs-answer", 3),
    ("unresolved", 3),
];

/// Every way in which a result is not what the walk has to come to.
pub fn compare(walk: &Walk, result: &Value, code: i32) -> Vec<String> {
    let mut wrong = Vec::new();
    let verdict = result["verdict"].as_str().unwrap_or_default();
    let conclusion = conclusion(result);
    let wanted = walk.conclusion.as_deref();
    if verdict != walk.verdict || wanted.is_some_and(|wanted| conclusion.as_deref() != Some(wanted))
    {
        wrong.push(format!(
            "expected {} {}, came to {verdict} {}\n{}",
            walk.verdict,
            wanted.unwrap_or_default(),
            conclusion.as_deref().unwrap_or("nothing"),
            trace(result),
        ));
        return wrong;
    }
    let wanted = EXIT_CODES
        .iter()
        .find(|(known, _)| *known == verdict)
        .map(|(_, code)| *code);
    if wanted != Some(code) {
        wrong.push(format!("exit code {code} for `{verdict}`"));
    }
    if let Some(name) = &walk.names
        && !result["conclusion"]["title"]
            .as_str()
            .unwrap_or_default()
            .contains(name.as_str())
    {
        wrong.push(format!(
            "the conclusion does not name `{name}`: {}",
            result["conclusion"]["title"]
        ));
    }
    let shown = evidence_of_path(result);
    for place in &walk.evidence {
        if !shown.iter().any(|(file, line)| is_at(place, file, *line)) {
            wrong.push(format!(
                "{}:{} is not among the evidence {shown:?}",
                place.file, place.line
            ));
        }
    }
    for (probe, facts) in &walk.facts {
        let findings = result["findings"].as_array().into_iter().flatten();
        let mut found = findings.filter(|finding| finding["probe"] == probe.as_str());
        if !found.any(|finding| holds(&finding["facts"], facts)) {
            wrong.push(format!("`{probe}` does not have the facts {facts}"));
        }
    }
    wrong.extend(started_too_early(result));
    wrong
}

/// `tree/node`.
pub fn conclusion(result: &Value) -> Option<String> {
    let conclusion = &result["conclusion"];
    Some(format!(
        "{}/{}",
        conclusion["tree"].as_str()?,
        conclusion["node"].as_str()?
    ))
}

/// The path in a line a step, for whoever has to find out.
pub fn trace(result: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let mut lines = Vec::new();
    for step in result["path"].as_array().into_iter().flatten() {
        let mark = if step["skipped"] == true {
            " (skipped)"
        } else {
            ""
        };
        lines.push(format!(
            "      {}/{} = {} [{}: {}]{mark}",
            text(&step["tree"]),
            text(&step["node"]),
            text(&step["answer"]),
            text(&step["probe"]),
            text(&step["outcome"]),
        ));
    }
    for finding in result["findings"].as_array().into_iter().flatten() {
        if let Some(why) = finding["why"].as_str() {
            lines.push(format!("      unknown: {}: {why}", text(&finding["probe"])));
        }
    }
    lines.join("\n")
}

/// File and line of all evidence of the probes that the path went by.
fn evidence_of_path(result: &Value) -> Vec<(String, u64)> {
    let path = result["path"].as_array().into_iter().flatten();
    let probes: Vec<&str> = path.filter_map(|step| step["probe"].as_str()).collect();
    let findings = result["findings"].as_array().into_iter().flatten();
    let of_path = findings.filter(|finding| {
        finding["probe"]
            .as_str()
            .is_some_and(|probe| probes.contains(&probe))
    });
    let mut places: Vec<_> = of_path
        .flat_map(|finding| finding["evidence"].as_array().into_iter().flatten())
        .filter_map(|evidence| {
            Some((
                evidence["file"].as_str()?.to_owned(),
                evidence["line"].as_u64()?,
            ))
        })
        .collect();
    places.sort();
    places.dedup();
    places
}

fn is_at(place: &Place, file: &str, line: u64) -> bool {
    line == place.line && file.replace('\\', "/").ends_with(&place.file)
}

/// Whether `found` has all that `wanted` has.
fn holds(found: &Value, wanted: &Value) -> bool {
    match wanted {
        Value::Object(wanted) => wanted
            .iter()
            .all(|(key, wanted)| holds(&found[key], wanted)),
        _ => found == wanted,
    }
}

/// Words that tell somebody to start the service, as the trees' steps put them.
const STARTS: &[&str] = &[
    "Start the service",
    "Restart the service",
    "Start-Service",
    "Restart-Service",
    "mid.sh start",
    "mid.sh restart",
    "systemctl start",
    "systemctl restart",
    "net start",
];

/// A text that tells to start the service before it is known that no upgrade is half done.
pub fn started_too_early(result: &Value) -> Option<String> {
    let path = result["path"].as_array().into_iter().flatten();
    let ruled_out = path.into_iter().any(|step| {
        step["node"] == "upgrade-half-done" && step["answer"] == "no" && step["skipped"] == false
    });
    let mut texts = vec![
        &result["conclusion"]["because"],
        &result["conclusion"]["fix"],
        &result["conclusion"]["next"],
    ];
    for question in result["questions"].as_array().into_iter().flatten() {
        texts.extend([&question["text"], &question["how"]]);
    }
    let texts: Vec<&str> = texts.into_iter().filter_map(Value::as_str).collect();
    let start = STARTS
        .iter()
        .find(|start| texts.iter().any(|text| text.contains(**start)))?;
    (!ruled_out).then(|| format!("a text says `{start}` before a half-done upgrade is ruled out"))
}

#[test]
fn a_start_is_advised_only_behind_a_known_no() {
    let check = |step: Value, fix: &str, expected: bool| {
        let result = serde_json::json!({
            "path": [step],
            "conclusion": { "because": null, "fix": fix, "next": null },
            "questions": [{ "text": "Is it running?", "how": null }],
        });
        assert_eq!(started_too_early(&result).is_some(), expected, "{result}");
    };
    let step = |answer: Value, skipped: bool| serde_json::json!({ "node": "upgrade-half-done", "answer": answer, "skipped": skipped });
    let restart = "1. Mend it.\n2. Restart the service: `sudo /opt/x/bin/mid.sh restart`";
    check(step("no".into(), false), restart, false);
    check(step("yes".into(), false), restart, true);
    check(step(Value::Null, true), restart, true);
    check(
        serde_json::json!({ "node": "service-state", "answer": "no", "skipped": false }),
        restart,
        true,
    );
    check(
        step(Value::Null, true),
        "1. **Do not start the service.**",
        false,
    );
}
