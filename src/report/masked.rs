//! The last mask before a reader: every text of a report, and of a result, with its secrets replaced.
//!
//! What was masked when it was found or written down stays as it is. Tokens that have no secret here come from a journal,
//! which keeps no secrets: how they were recognised is not known any more.

use std::time::Duration;

use crate::{
    engine::{CaseResult, ConclusionResult, EvidenceResult, Leads, OpenQuestion, Session},
    finding::{Evidence, Finding, Judgement, Reason, Unknown},
    redact::{Redactor, Sort, stand_ins, tokens},
    report::{Called, Listed, Report},
};

/// Masks a report and lists what stands for a secret in it.
pub(super) fn mask(report: &mut Report, redactor: &mut Redactor) {
    for text in texts(report) {
        *text = redactor.text(text);
    }
    let sorts = redactor.replaced();
    let sort = |token: &str| {
        let known = sorts.iter().find(|(known, _)| known == token);
        known.map(|(_, sort)| *sort)
    };
    let mut replaced: Vec<(String, Option<Sort>)> = Vec::new();
    for text in texts(report) {
        for token in tokens(text).chain(stand_ins(text)) {
            if replaced.iter().all(|(known, _)| known != token) {
                replaced.push((token.to_owned(), sort(token)));
            }
        }
    }
    report.replaced = replaced;
}

/// The case's result with every text masked: what is printed as JSON.
pub fn result(
    session: &Session,
    headless: bool,
    called: Called<'_>,
    redactor: &mut Redactor,
) -> CaseResult {
    let mut result = session.result(headless);
    result.title = called.title.map(str::to_owned);
    result.ticket = called.ticket.map(str::to_owned);
    let mut texts: Vec<&mut String> = Vec::new();
    texts.extend(result.title.iter_mut().chain(&mut result.ticket));
    if let Some(conclusion) = &mut result.conclusion {
        texts.extend(of_conclusion(conclusion));
    }
    texts.extend(result.questions.iter_mut().flat_map(of_question));
    texts.extend(result.path.iter_mut().filter_map(|step| step.why.as_mut()));
    for finding in &mut result.findings {
        texts.extend(finding.why.as_mut());
    }
    for text in texts {
        *text = redactor.text(text);
    }
    for finding in &mut result.findings {
        let evidence = finding.evidence.iter().map(|evidence| Evidence {
            file: evidence.file.clone(),
            line: evidence.line,
            column: evidence.column,
            text: evidence.text.clone(),
            ..Evidence::default()
        });
        let masked = redactor.finding(Finding {
            // Masked above, or an outcome's name.
            judgement: Judgement::Unknown(Unknown::new(Reason::Other, "")),
            facts: std::mem::take(&mut finding.facts),
            evidence: evidence.collect(),
            source: finding.source,
            at: finding.at,
            took: Duration::ZERO,
            machine: finding.machine.take(),
        });
        finding.machine = masked.machine;
        finding.facts = masked.facts;
        let evidence = masked.evidence.into_iter();
        finding.evidence = evidence
            .map(|evidence| EvidenceResult {
                file: evidence.file,
                line: evidence.line,
                column: evidence.column,
                text: evidence.text,
            })
            .collect();
    }
    result
}

/// Every text that anybody typed, wrote or found.
fn texts(report: &mut Report) -> Vec<&mut String> {
    let mut all = vec![&mut report.problem];
    all.extend(report.title.iter_mut().chain(&mut report.ticket));
    if let Some(conclusion) = &mut report.conclusion {
        all.extend(of_conclusion(conclusion));
    }
    if let Some(check) = &mut report.check {
        let questions = check.questions.iter_mut();
        all.extend(questions.flat_map(|(question, wanted)| [question, wanted]));
    }
    all.extend(report.open.iter_mut().flat_map(of_question));
    all.extend(report.unknown_inputs.iter_mut().map(|(_, ask)| ask));
    all.extend(report.inputs.iter_mut().map(|(_, value)| value));
    all.extend(&mut report.possible.named);
    for turn in &mut report.turns {
        all.extend([&mut turn.question, &mut turn.answer]);
        match &mut turn.leads {
            Leads::End { title, .. } => all.push(title),
            Leads::Asks(question) => all.push(question),
        }
    }
    for step in &mut report.steps {
        all.extend([&mut step.text, &mut step.answer]);
        all.extend(step.why.iter_mut().chain(&mut step.found));
        for evidence in &mut step.evidence {
            all.extend(&mut evidence.file);
            all.push(&mut evidence.text);
        }
        let Listed { named, .. } = &mut step.ruled_out;
        all.extend(named.iter_mut().chain(&mut step.notes));
    }
    all.extend(&mut report.notes);
    for parcel in &mut report.parcels {
        all.push(&mut parcel.name);
        all.extend(&mut parcel.machine);
    }
    all.extend(&mut report.machines);
    all.extend(report.trees.iter_mut().map(|tree| &mut tree.origin));
    all
}

fn of_conclusion(conclusion: &mut ConclusionResult) -> Vec<&mut String> {
    let mut all = vec![&mut conclusion.title];
    all.extend(&mut conclusion.because);
    all.extend(&mut conclusion.fix);
    all.extend(&mut conclusion.next);
    all.extend(conclusion.withheld.iter_mut().flat_map(of_question));
    all
}

fn of_question(question: &mut OpenQuestion) -> Vec<&mut String> {
    let mut all = vec![&mut question.text];
    all.extend(&mut question.how);
    all.extend(&mut question.why);
    all
}
