//! What the nodes of the shipped trees show to somebody of whose machine nothing is known: no text shows the place of a fact
//! that nobody looked at, and none tells to do what the answers speak against.

use std::collections::BTreeSet;

use waypost::{
    engine::{Event, Given, Phase, Purpose, QuestionStage, Stage},
    finding::Os,
    tree::AnswerId,
};

use super::walk::{Inputs, MOST_STEPS, SYSTEMS, apply, come_to, named, nodes, start_at};
use crate::hosts::recorded::forest;

/// Every text of a stage.
fn texts(stage: &Stage) -> Vec<String> {
    let mut texts = Vec::new();
    match stage {
        Stage::Inputs(asks) => {
            for ask in asks {
                texts.push(Some(ask.ask.clone()));
                texts.push(ask.help.clone());
            }
        }
        Stage::Question(question) => {
            texts.push(Some(question.ask.clone()));
            texts.extend([question.why.clone(), question.how.clone()]);
            texts.extend(question.answers.iter().map(|it| Some(it.text.clone())));
        }
        Stage::Do(instruction) => {
            texts.push(Some(instruction.text.clone()));
            texts.extend([
                instruction.steps.clone(),
                instruction.caution.clone(),
                instruction.why.clone(),
            ]);
        }
        Stage::Conclusion(end) => {
            texts.push(Some(end.title.clone()));
            texts.extend([end.because.clone(), end.fix.clone(), end.next.clone()]);
        }
    }
    texts
        .into_iter()
        .flatten()
        .map(|text| text.markdown)
        .collect()
}

/// What a text must not show to a person, or nothing.
fn misread(text: &str, inputs: Inputs) -> Option<&'static str> {
    let plain = text.replace('\\', "");
    let place_of_fact = ["‹facts", "‹found", "‹answers"];
    if place_of_fact.iter().any(|place| plain.contains(place)) {
        return Some("the place of a fact");
    }
    if matches!(inputs, Inputs::Known) && plain.contains('‹') {
        return Some("a place that nothing fills");
    }
    if text.contains("-x ''") || text.contains("proxy ''") || text.contains("proxy ``") {
        return Some("a proxy without an address");
    }
    if text.contains("='mid prod'") || text.contains("mid.server.'") || text.contains("of 'mid ") {
        return Some("a name quoted for a shell where none reads it");
    }
    if text.contains(r"agent/") && text.contains(r"C:\") && !text.contains("Join-Path") {
        let mixed = text
            .split_whitespace()
            .any(|word| word.contains(r"C:\") && word.contains('/'));
        if mixed {
            return Some("a path with both separators");
        }
    }
    // A command runs into the sentence after it: the reader cannot tell where it ends.
    let mut parts = text.split('`');
    while let (Some(_), Some(code)) = (parts.next(), parts.next()) {
        let command = ["mid.sh start", "mid.sh restart", "-Service -Name"];
        if command.iter().any(|it| code.contains(it)) {
            let after = parts.clone().next().unwrap_or_default();
            if after.starts_with(' ') && after[1..].starts_with(char::is_uppercase) {
                return Some("a command that runs into the next sentence");
            }
        }
    }
    let runs_on = |line: &str| {
        line.trim()
            .strip_prefix("```")
            .is_some_and(|rest| rest.contains(' '))
    };
    if text.lines().any(runs_on) {
        return Some("a code block that does not end");
    }
    None
}

#[test]
fn every_text_reads_well_without_evidence() {
    let forest = forest();
    let mut wrong = BTreeSet::new();
    for spot in nodes(&forest) {
        for os in SYSTEMS {
            for inputs in [Inputs::Known, Inputs::Unknown] {
                let session = come_to(&forest, &start_at(&spot, os, inputs));
                for text in texts(session.stage()) {
                    if let Some(why) = misread(&text, inputs) {
                        wrong.insert(format!("{} {os:?}: {why}:\n{text}", named(&spot)));
                    }
                }
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{}",
        wrong.into_iter().collect::<Vec<_>>().join("\n---\n")
    );
}

#[test]
fn a_service_that_runs_is_never_started_after_a_fix_that_did_not_help() {
    let forest = forest();
    let mut walked = 0;
    for spot in nodes(&forest) {
        let start = start_at(&spot, Os::Linux, Inputs::Unknown);
        let mut session = come_to(&forest, &start);
        let is_cause = matches!(session.stage(), Stage::Conclusion(end) if end.fix.is_some());
        if !is_cause {
            continue;
        }
        walked += 1;
        for _ in 0..MOST_STEPS {
            let event = match session.stage() {
                Stage::Inputs(asks) => Event::Input {
                    name: asks[0].name.clone(),
                    given: Given::Unknown,
                },
                Stage::Question(question) => match still_down(question) {
                    Some(answer) => Event::Answer { answer },
                    None => Event::Unsure { skipped: false },
                },
                Stage::Do(instruction) => {
                    let starts = named(&instruction.spot) == "mid-down/start-service";
                    assert!(!starts, "{} leads to a start", named(&spot));
                    break;
                }
                Stage::Conclusion(end) if end.spot != spot => break,
                Stage::Conclusion(end) => match end.phase {
                    Phase::Fix => Event::Applied,
                    Phase::Wait { .. } => Event::SkipWait,
                    Phase::AskHelped => Event::Helped(Some(false)),
                    _ => break,
                },
            };
            apply(&mut session, event);
        }
    }
    assert!(walked > 50, "only {walked} fixes");
}

/// What somebody answers whose MID Server runs and is Down: the rest is not known.
fn still_down(question: &QuestionStage) -> Option<AnswerId> {
    let ids = || question.answers.iter().map(|answer| &answer.id);
    let runs = ids().find(|id| id.as_str() == "running");
    let down = ids().find(|id| id.as_str() == "down");
    let check = matches!(question.purpose, Purpose::Verify | Purpose::Settled);
    let refuted = ids().next_back().filter(|_| check);
    runs.or(down).or(refuted).cloned()
}
