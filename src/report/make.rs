//! From a session to its report. What a long walk would fill pages with is counted instead of listed.

use std::cmp::Reverse;

use crate::{
    engine::{
        Alternative, CaseResult, FixCheck, Given, Leads, Parcel, Purpose, Session, Spot, Stage,
        Step, StepKind, VerdictName,
    },
    finding::{InputName, TreeId},
    redact::Redactor,
    report::{Called, Check, Listed, Report, ReportStep, ReportTree, Turn, masked},
};

/// Evidence lines that a step shows at most; the rest is counted.
const EVIDENCE_PER_STEP: usize = 3;

/// Causes that are named at one place; the rest is counted.
const CAUSES: usize = 8;

/// The last questions that are tried with other answers.
const TURNED: usize = 3;

impl Report {
    /// `headless` as in [`Session::result`]. Every text is masked.
    pub fn of(
        session: &Session,
        headless: bool,
        called: Called<'_>,
        redactor: &mut Redactor,
    ) -> Self {
        let mut report = Self {
            title: called.title.map(str::to_owned),
            ticket: called.ticket.map(str::to_owned),
            ..Self::unmasked(session, headless)
        };
        masked::mask(&mut report, redactor);
        report
    }

    fn unmasked(session: &Session, headless: bool) -> Self {
        let CaseResult {
            tree,
            verdict,
            verified,
            conclusion,
            questions,
            ..
        } = session.result(headless);
        let opening = session.opening();
        let unknown_inputs = unknown_inputs(session);
        let secrets = unknown_inputs.iter().map(|(name, _)| name.clone());
        let suspect = conclusion.is_some()
            && matches!(verdict, VerdictName::NeedsAnswer | VerdictName::Unresolved);
        let (why_here, is_end) = match session.stage() {
            Stage::Conclusion(stage) => (stage.why_here().map(str::to_owned), true),
            _ => (None, false),
        };
        let steps = session.path().iter().zip(session.ruled_out());
        Self {
            title: None,
            ticket: None,
            problem: session
                .title()
                .map_or_else(|| tree.id.to_string(), |title| title.markdown),
            os: opening.os,
            place: opening.place,
            parcels: parcels(session),
            machines: machines(session),
            opened: opening.at,
            verdict,
            suspect,
            verified,
            why_here,
            conclusion,
            check: session.fix_check().map(check),
            open: questions,
            secrets: secrets.filter(|name| session.is_secret(name)).collect(),
            unknown_inputs,
            inputs: inputs(session),
            possible: if is_end {
                Listed::default()
            } else {
                listed(session, session.outlook().causes)
            },
            turns: if is_end { turns(session) } else { Vec::new() },
            steps: steps
                .map(|(step, ruled_out)| ReportStep::of(session, step, ruled_out))
                .collect(),
            notes: session.notes_here().to_vec(),
            replaced: Vec::new(),
            trees: trees(session),
        }
    }
}

impl ReportStep {
    fn of(session: &Session, step: &Step, ruled_out: Vec<Spot>) -> Self {
        let is_visit = matches!(step.kind, StepKind::Enter | StepKind::Leave { .. });
        let mut report = Self {
            spot: step.spot.to_string(),
            at: (!is_visit).then_some(step.at),
            text: step.text.markdown.clone(),
            answer: String::new(),
            source: None,
            skipped: false,
            is_unknown: step.is_unknown(),
            disagrees: false,
            why: session.unknown(step).map(|unknown| unknown.to_string()),
            found: session.answer_note(step).map(|note| note.markdown),
            evidence: Vec::new(),
            more_evidence: 0,
            ruled_out: listed(session, ruled_out),
            notes: step.notes.clone(),
            depth: step.depth,
        };
        match &step.kind {
            StepKind::Question {
                answer,
                answer_text,
                source,
                skipped,
                disagrees,
                ..
            } => {
                report.answer = match answer {
                    Some(_) => answer_text.markdown.clone(),
                    None if *skipped => "not asked".to_owned(),
                    None => "I don't know".to_owned(),
                };
                report.source = Some(*source);
                report.skipped = *skipped;
                report.disagrees = *disagrees;
                let all = session.evidence(step);
                report.more_evidence = all.len().saturating_sub(EVIDENCE_PER_STEP);
                report.evidence = all.into_iter().take(EVIDENCE_PER_STEP).collect();
            }
            StepKind::Do { done } => {
                report.answer = if *done { "done" } else { "could not be done" }.to_owned()
            }
            StepKind::Fix => report.answer = "the fix was carried out".to_owned(),
            StepKind::Helped(helped) => {
                report.answer = match helped {
                    Some(true) => "it helped",
                    Some(false) => "it did not help",
                    None => "not known whether it helped",
                }
                .to_owned();
            }
            StepKind::Enter => report.answer = "went into another tree".to_owned(),
            StepKind::Leave { verdict, .. } => {
                report.answer = format!("came back: {}", verdict.name())
            }
        }
        report
    }
}

fn check(check: FixCheck) -> Check {
    let questions = check.questions.into_iter();
    Check {
        wait: check.wait,
        questions: questions
            .map(|(question, wanted)| (question.markdown, wanted.markdown))
            .collect(),
    }
}

fn listed(session: &Session, causes: Vec<Spot>) -> Listed {
    let title = |spot: &Spot| {
        let title = session.conclusion_title(spot).map(|title| title.markdown);
        title.unwrap_or_else(|| spot.to_string())
    };
    Listed {
        named: causes.iter().take(CAUSES).map(title).collect(),
        more: causes.len().saturating_sub(CAUSES),
    }
}

/// What else the last questions of the walk could have come to. Answers that come to the same end tell nothing.
fn turns(session: &Session) -> Vec<Turn> {
    let Stage::Conclusion(stage) = session.stage() else {
        return Vec::new();
    };
    let now = Leads::End {
        verdict: stage.verdict,
        title: stage.title.markdown.clone(),
    };
    let is_asked = |step: &Step| {
        matches!(
            step.kind,
            StepKind::Question {
                purpose: Purpose::Walk,
                ..
            }
        )
    };
    let asked = session.path().iter().enumerate().rev();
    let mut turns = Vec::new();
    for (at, step) in asked.filter(|(_, step)| is_asked(step)).take(TURNED) {
        let others = session.alternatives(at).into_iter();
        for Alternative { choice, text, .. } in
            others.filter(|other| !other.stands && !other.unsure)
        {
            let leads = session.what_if(at, choice);
            turns.extend(leads.filter(|leads| *leads != now).map(|leads| Turn {
                question: step.text.markdown.clone(),
                answer: text,
                leads,
            }));
        }
    }
    turns
}

fn parcels(session: &Session) -> Vec<Parcel> {
    let mut parcels: Vec<Parcel> = session.parcels().into_iter().cloned().collect();
    parcels.sort_by_key(|parcel| Reverse(parcel.at));
    parcels
}

/// Those that no bundle names.
fn machines(session: &Session) -> Vec<String> {
    let parcels = session.parcels();
    let of_bundle = |name: &str| {
        let mut names = parcels
            .iter()
            .filter_map(|parcel| parcel.machine.as_deref());
        names.any(|known| known == name)
    };
    let names = session.machines().into_iter();
    names
        .filter(|name| !of_bundle(name))
        .map(str::to_owned)
        .collect()
}

fn trees(session: &Session) -> Vec<ReportTree> {
    let mut ids: Vec<&TreeId> = vec![&session.opening().tree];
    let ended = match session.stage() {
        Stage::Conclusion(stage) => Some(&stage.spot.tree),
        _ => None,
    };
    for id in session
        .path()
        .iter()
        .map(|step| &step.spot.tree)
        .chain(ended)
    {
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    let forest = session.forest();
    ids.into_iter()
        .filter_map(|id| forest.tree(id))
        .map(|tree| ReportTree {
            id: tree.id.to_string(),
            origin: tree.origin.to_string(),
            hash: tree.hash.clone(),
        })
        .collect()
}

fn inputs(session: &Session) -> Vec<(InputName, String)> {
    session
        .inputs()
        .filter_map(|(name, given)| match given {
            Given::Text(text) => Some((name.clone(), text.clone())),
            Given::Secret | Given::Unknown => None,
        })
        .collect()
}

fn unknown_inputs(session: &Session) -> Vec<(InputName, String)> {
    let ask = |name: &InputName| Some(session.input_question(name)?.markdown);
    session
        .inputs()
        .filter(|(_, given)| **given == Given::Unknown)
        .map(|(name, _)| (name.clone(), ask(name).unwrap_or_default()))
        .collect()
}
