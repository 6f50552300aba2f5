//! `waypost explain CODE`: what a code of the checker means, why it matters, with a bad and a good example.

use std::io::{self, Write};

use anyhow::Result;

use crate::{
    app::exit::{Exit, UsageError},
    tree::lint::{self, Rule},
};

/// Without a code all are listed.
pub fn explain(code: Option<&str>) -> Result<Exit> {
    let mut out = io::stdout().lock();
    let Some(code) = code else {
        for rule in lint::RULES {
            writeln!(out, "{:<24} {}", rule.code, rule.means)?;
        }
        return Ok(Exit::Fine);
    };
    let Some(rule) = lint::explain(code) else {
        return Err(UsageError(format!("there is no code `{code}`{}", hint(code))).into());
    };
    writeln!(out, "{}: {}\n\n{}", rule.code, rule.means, rule.why)?;
    for (title, example) in [("Bad", rule.bad()), ("Good", rule.good())] {
        writeln!(out, "\n{title}:\n")?;
        for line in example.lines() {
            writeln!(out, "    {line}")?;
        }
    }
    Ok(Exit::Fine)
}

fn hint(code: &str) -> String {
    let near = lint::RULES
        .iter()
        .map(|rule: &&Rule| (strsim::damerau_levenshtein(code, rule.code), rule.code))
        .filter(|(distance, _)| *distance <= 3)
        .min();
    match near {
        Some((_, like)) => format!("; did you mean `{like}`?"),
        None => "; `waypost explain` lists them".to_owned(),
    }
}
