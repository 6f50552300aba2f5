//! A case as a reader gets it: problem, verdict and its proof, fix, what is open, what was asked.
//!
//! [`Report`] is the report's own shape, made from a [`Session`]; every format is made from it alone, so that they
//! cannot differ. Deliberately absent: anything that is not in the session, and any secret (findings come masked).

mod json;
mod markdown;

pub use json::json;
pub use markdown::markdown;

use crate::{
    engine::{
        CaseResult, ConclusionResult, Given, OpenQuestion, Session, Step, StepKind, VerdictName,
    },
    finding::{Evidence, InputName, Source},
};

/// Evidence lines that a step shows at most; the rest is counted.
const EVIDENCE_PER_STEP: usize = 3;

/// What a report says.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// The tree's title.
    pub problem: String,
    pub tree: String,
    /// `embedded`, or the file's path.
    pub origin: String,
    pub verdict: VerdictName,
    /// The conclusion's own verdict is not the case's: it is only suspected.
    pub suspect: bool,
    /// See [`CaseResult::verified`].
    pub verified: Option<bool>,
    pub conclusion: Option<ConclusionResult>,
    pub open: Vec<OpenQuestion>,
    /// Inputs that nobody could give, each with its question: what needs them could not be looked at.
    pub unknown_inputs: Vec<(InputName, String)>,
    /// Those of them that are secrets.
    pub secrets: Vec<InputName>,
    pub steps: Vec<ReportStep>,
}

/// One step of the walk.
#[derive(Debug, Clone, PartialEq)]
pub struct ReportStep {
    /// `tree/node`.
    pub spot: String,
    pub text: String,
    pub answer: String,
    /// `None` for instructions, fixes and visits.
    pub source: Option<Source>,
    pub skipped: bool,
    pub disagrees: bool,
    /// Why a question that is not known could not be answered by looking.
    pub why: Option<String>,
    /// What was found, in the tree's words; Markdown.
    pub found: Option<String>,
    pub evidence: Vec<Evidence>,
    /// How many more there are.
    pub more_evidence: usize,
    pub notes: Vec<String>,
    pub depth: usize,
}

impl Report {
    /// `headless` as in [`Session::result`].
    pub fn of(session: &Session, headless: bool) -> Self {
        let CaseResult {
            tree,
            verdict,
            verified,
            conclusion,
            questions,
            ..
        } = session.result(headless);
        let unknown_inputs = unknown_inputs(session);
        let secrets = unknown_inputs.iter().map(|(name, _)| name.clone());
        let suspect = conclusion.is_some()
            && matches!(verdict, VerdictName::NeedsAnswer | VerdictName::Unresolved);
        Self {
            problem: session
                .title()
                .map_or_else(|| tree.id.to_string(), |title| title.markdown),
            tree: tree.id.to_string(),
            origin: tree.origin,
            verdict,
            suspect,
            verified,
            conclusion,
            open: questions,
            secrets: secrets.filter(|name| session.is_secret(name)).collect(),
            unknown_inputs,
            steps: session
                .path()
                .iter()
                .map(|step| ReportStep::of(session, step))
                .collect(),
        }
    }
}

impl ReportStep {
    fn of(session: &Session, step: &Step) -> Self {
        let mut report = Self {
            spot: step.spot.to_string(),
            text: step.text.markdown.clone(),
            answer: String::new(),
            source: None,
            skipped: false,
            disagrees: false,
            why: session.unknown(step).map(|unknown| unknown.to_string()),
            found: session.answer_note(step).map(|note| note.markdown),
            evidence: Vec::new(),
            more_evidence: 0,
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

fn unknown_inputs(session: &Session) -> Vec<(InputName, String)> {
    let ask = |name: &InputName| Some(session.input_question(name)?.markdown);
    session
        .inputs()
        .filter(|(_, given)| **given == Given::Unknown)
        .map(|(name, _)| (name.clone(), ask(name).unwrap_or_default()))
        .collect()
}

/// A verdict as a reader gets it.
pub fn verdict_words(verdict: VerdictName) -> &'static str {
    match verdict {
        VerdictName::Cause => "Cause found",
        VerdictName::Healthy => "Healthy",
        VerdictName::Escalate => "To be escalated",
        VerdictName::Unresolved => "Unresolved",
        VerdictName::NotApplicable => "Not applicable",
        VerdictName::NeedsAnswer => "An answer is needed",
    }
}
