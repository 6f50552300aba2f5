//! The report as Markdown. Evidence stands in code blocks, so that nothing in it is taken for Markdown.

use std::fmt::Write;

use crate::{
    engine::OpenQuestion,
    finding::{
        Evidence,
        visible::{Room, visible},
    },
    report::{Report, ReportStep, verdict_words},
};

/// The whole report, with nothing in it that a terminal would obey.
pub fn markdown(report: &Report) -> String {
    visible(&written(report), Room::Page).into_owned()
}

fn written(report: &Report) -> String {
    let mut text = String::new();
    let out = &mut text;
    line(
        out,
        format_args!("# {}: {}", verdict_words(report.verdict), headline(report)),
    );
    line(
        out,
        format_args!(
            "Problem: {} (tree `{}`, {})",
            report.problem, report.tree, report.origin
        ),
    );
    match report.verified {
        Some(true) => line(out, format_args!("The fix was checked: **it is over**.")),
        Some(false) => line(
            out,
            format_args!("The fix was checked: it did **not** help."),
        ),
        None => {}
    }
    if let Some(conclusion) = &report.conclusion {
        if report.suspect {
            line(
                out,
                format_args!("This is only a suspicion: what is open below has to be known first."),
            );
        }
        section(out, "Why", conclusion.because.as_deref());
        section(out, "Fix", conclusion.fix.as_deref());
        section(out, "Next", conclusion.next.as_deref());
        if !conclusion.withheld.is_empty() {
            line(out, format_args!("## What to do"));
            line(
                out,
                format_args!("It is shown only when this is known, since it could do harm:"),
            );
            for question in &conclusion.withheld {
                line(
                    out,
                    format_args!(
                        "- {} (`{}/{}`)",
                        question.text, question.tree, question.node
                    ),
                );
            }
        }
    }
    if !report.unknown_inputs.is_empty() {
        line(out, format_args!("## Not known"));
        line(
            out,
            format_args!(
                "What needs these could not be looked at; give one with `--input NAME=VALUE`."
            ),
        );
        for (name, ask) in &report.unknown_inputs {
            let by_file = if report.secrets.contains(name) {
                format!(" (`--secret {name}=@FILE`)")
            } else {
                String::new()
            };
            line(out, format_args!("- `{name}`: {ask}{by_file}"));
        }
    }
    if !report.open.is_empty() {
        line(out, format_args!("## Still to be answered"));
        report.open.iter().for_each(|question| open(out, question));
    }
    if !report.steps.is_empty() {
        line(out, format_args!("## What was asked and found"));
        report
            .steps
            .iter()
            .for_each(|report_step| step(out, report_step));
    }
    text
}

fn headline(report: &Report) -> &str {
    match &report.conclusion {
        Some(conclusion) => &conclusion.title,
        None => &report.problem,
    }
}

/// One block, with an empty line behind it.
fn line(out: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _ = writeln!(out, "{text}\n");
}

fn section(out: &mut String, title: &str, text: Option<&str>) {
    if let Some(text) = text {
        line(out, format_args!("## {title}"));
        line(out, format_args!("{}", text.trim_end()));
    }
}

fn open(out: &mut String, question: &OpenQuestion) {
    line(
        out,
        format_args!(
            "- {} (`{}/{}`)",
            question.text, question.tree, question.node
        ),
    );
    if let Some(how) = &question.how {
        indented(out, how.trim_end());
    }
    if let Some(why) = &question.why {
        indented(out, &format!("Could not be seen: {}", said(why)));
    }
    if !question.answers.is_empty() {
        let answers: Vec<String> = question
            .answers
            .iter()
            .map(|answer| format!("`{answer}`"))
            .collect();
        indented(out, &format!("Answers: {}", answers.join(", ")));
    }
}

fn step(out: &mut String, step: &ReportStep) {
    let text = if step.text.is_empty() {
        &step.spot
    } else {
        &step.text
    };
    let source = step
        .source
        .filter(|_| !step.skipped)
        .map(|source| format!(" ({})", source.name()))
        .unwrap_or_default();
    line(out, format_args!("- {text} **{}**{source}", step.answer));
    if step.disagrees {
        indented(out, "The evidence says otherwise.");
    }
    if let Some(why) = &step.why {
        indented(out, &format!("Could not be seen: {}", said(why)));
    }
    if let Some(found) = &step.found {
        indented(out, &format!("Found: {}", found.trim_end()));
    }
    for evidence in &step.evidence {
        if let Some(place) = place(evidence) {
            indented(out, &format!("`{place}`"));
        }
        let fence = fence_for(&evidence.text);
        indented(out, &format!("{fence}text\n{}\n{fence}", evidence.text));
    }
    if step.more_evidence > 0 {
        indented(out, &format!("and {} more", step.more_evidence));
    }
    for note in &step.notes {
        indented(out, &format!("Note: {note}"));
    }
}

/// Words that may hold what came from outside: names in backticks stay code, all else is text.
fn said(words: &str) -> String {
    let whole = words.matches('`').count().is_multiple_of(2);
    let mut out = String::with_capacity(words.len());
    let mut code = false;
    for character in words.chars() {
        code ^= whole && character == '`';
        let means_something = if whole {
            !code && "\\*_[]<>&#|~!".contains(character)
        } else {
            "`\\*_[]<>&#|~!".contains(character)
        };
        if means_something {
            out.push('\\');
        }
        out.push(character);
    }
    out
}

/// A paragraph of the list item above.
fn indented(out: &mut String, text: &str) {
    for text in text.lines() {
        let _ = writeln!(out, "  {text}");
    }
    out.push('\n');
}

fn place(evidence: &Evidence) -> Option<String> {
    let file = evidence.file.as_ref()?;
    Some(match (evidence.line, evidence.column) {
        (Some(line), Some(column)) => format!("{file}:{line}:{column}"),
        (Some(line), None) => format!("{file}:{line}"),
        _ => file.clone(),
    })
}

/// A fence longer than any run of backticks in the text.
fn fence_for(text: &str) -> String {
    let longest = text
        .split(|character| character != '`')
        .map(str::len)
        .max()
        .unwrap_or(0);
    "`".repeat(longest.max(2) + 1)
}

#[cfg(test)]
mod tests {
    use super::said;

    #[test]
    fn what_came_from_outside_is_no_markdown() {
        let check = |words: &str, expected: &str| assert_eq!(said(words), expected);
        check("`agent_dir` is not known", "`agent_dir` is not known");
        check("/opt/x_y_z: denied", r"/opt/x\_y\_z: denied");
        check("[in](http://evil) <b>", r"\[in\](http://evil) \<b\>");
        // A value that closes the code that it stands in is text from there on.
        check("`a` [in](x) `b`", r"`a` \[in\](x) `b`");
        check("a ` [in](x)", r"a \` \[in\](x)");
    }
}
