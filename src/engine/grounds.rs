//! The lines that an outcome stands on, where a question's own case named it.
//!
//! A probe shows what is remarkable by itself, such as a name that is misspelt. Which *value* is wrong is a tree's
//! knowledge: it stands in the case that held. So the lines of the values that this case names are shown as well,
//! wherever a finding has `values` with their `lines` and the `path` of their file. Secrets show their tokens.

use crate::{
    finding::{Evidence, Facts, Outcome, ProbeName, Value},
    tree::{Ask, CaseOutcome},
};

/// Lines that one outcome shows at most.
const LINES: usize = 4;

/// One line for each value that the case behind `outcome` names, in the case's order. `probe` is whose facts these are.
pub(in crate::engine) fn lines(
    ask: &Ask,
    outcome: &Outcome,
    probe: &ProbeName,
    facts: &Facts,
) -> Vec<Evidence> {
    let Some(Value::Text(file)) = facts.get("path") else {
        return Vec::new();
    };
    let cases = ask.probe.iter().flat_map(|probe| &probe.cases);
    let held = cases.filter(|case| case.outcome == CaseOutcome::Named(outcome.clone()));
    let mut found: Vec<Evidence> = Vec::new();
    for chain in held.flat_map(|case| case.condition.chains()) {
        let names: Vec<&str> = chain.path.iter().map(|part| part.name.as_str()).collect();
        let key = match names.as_slice() {
            ["found", "values", key, ..] => key,
            ["facts", of, "values", key, ..] if *probe == *of => key,
            _ => continue,
        };
        let value = facts.get("values").and_then(|values| values.get(key));
        let line = facts.get("lines").and_then(|lines| lines.get(key));
        let (Some(value), Some(Value::Int(line))) = (value, line) else {
            continue;
        };
        let text = match value {
            Value::Text(text) => text.clone(),
            Value::Secret(secret) => secret.token().to_owned(),
            _ => continue,
        };
        let line = u64::try_from(*line).unwrap_or_default();
        if found.iter().all(|known| known.line != Some(line)) {
            found.push(Evidence::line(file, line, format!("{key} = {text}")));
        }
    }
    found.truncate(LINES);
    found
}
