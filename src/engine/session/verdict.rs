//! The result as it stands.

use crate::{
    engine::{
        CaseResult, ConclusionResult, ConclusionStage, Ended, EvidenceResult, EvidenceView,
        FindingResult, OpenQuestion, Phase, Session, Stage, Step, StepKind, StepResult, TreeResult,
        VerdictName, session::proof::is_of,
    },
    finding::{Evidence, Finding, Judgement},
    tree::{Origin, Verdict},
};

impl Session {
    /// The result as it stands. `headless`: nobody is there to be asked, so an end that rests on skipped questions is
    /// *needs-answer*, unless it is a cause that stands.
    pub fn result(&self, headless: bool) -> CaseResult {
        let tree = self.forest.tree(&self.opening.tree);
        let steps = self.path().iter();
        let looks: Vec<_> = steps.map(|step| (step, self.looks_of(step))).collect();
        CaseResult {
            schema: CaseResult::SCHEMA,
            title: None,
            ticket: None,
            tree: TreeResult {
                id: self.opening.tree.clone(),
                hash: tree.map(|tree| tree.hash.clone()).unwrap_or_default(),
                origin: match tree.map(|tree| &tree.origin) {
                    Some(Origin::File(path)) => path.clone(),
                    Some(Origin::Embedded) => "embedded".to_owned(),
                    None => "not known".to_owned(),
                },
            },
            verdict: self.verdict(headless),
            verified: self.verified(),
            conclusion: self.conclusion(),
            questions: self.open_questions(),
            path: self
                .path()
                .iter()
                .map(|step| {
                    let why = self.unknown(step).map(|unknown| unknown.to_string());
                    step_result(step, why)
                })
                .collect(),
            findings: self
                .findings()
                .map(|view| {
                    let rest = looks
                        .iter()
                        .filter(|(step, looks)| is_of(step, looks, &view));
                    let grounds = rest.flat_map(|(step, _)| self.grounds_in(step, view));
                    let name = view.probe.name.as_str();
                    finding_result(name, view.finding, grounds.collect())
                })
                .collect(),
        }
    }

    fn verdict(&self, headless: bool) -> VerdictName {
        let Stage::Conclusion(conclusion) = &self.stage else {
            return VerdictName::NeedsAnswer;
        };
        if headless
            && conclusion.verdict != Verdict::Cause
            && self.path().iter().any(Step::is_skipped)
        {
            return VerdictName::NeedsAnswer;
        }
        match conclusion.verdict {
            Verdict::Cause => VerdictName::Cause,
            Verdict::Healthy => VerdictName::Healthy,
            Verdict::Escalate => VerdictName::Escalate,
            Verdict::Unresolved => VerdictName::Unresolved,
            Verdict::NotApplicable => VerdictName::NotApplicable,
        }
    }

    fn verified(&self) -> Option<bool> {
        match &self.stage {
            Stage::Conclusion(conclusion) if conclusion.phase.is_last() => match conclusion.phase {
                Phase::Fixed => Some(true),
                Phase::End if conclusion.ended == Ended::DidNotHelp => Some(false),
                _ => None,
            },
            _ => None,
        }
    }

    fn conclusion(&self) -> Option<ConclusionResult> {
        let Stage::Conclusion(conclusion) = &self.stage else {
            return None;
        };
        if !matches!(conclusion.ended, Ended::Concluded | Ended::DidNotHelp) {
            return None;
        }
        let ConclusionStage {
            spot,
            title,
            because,
            fix,
            next,
            withheld,
            ..
        } = &**conclusion;
        let text =
            |text: &Option<crate::tree::Rendered>| text.as_ref().map(|text| text.markdown.clone());
        Some(ConclusionResult {
            tree: spot.tree.clone(),
            node: spot.node.clone(),
            title: title.markdown.clone(),
            because: text(because),
            fix: text(fix),
            next: text(next),
            withheld: withheld.clone(),
        })
    }

    /// What waits for an answer now, then what was left unknown on the way.
    fn open_questions(&self) -> Vec<OpenQuestion> {
        let reading = self.reading();
        let mut open = Vec::new();
        let mut add = |question: OpenQuestion| {
            let known = |other: &OpenQuestion| {
                other.tree == question.tree
                    && other.node == question.node
                    && other.input == question.input
            };
            if !open.iter().any(known) {
                open.push(question);
            }
        };
        match &self.stage {
            Stage::Inputs(asks) => {
                let spot = self.walk.front.spot();
                for ask in asks {
                    add(OpenQuestion {
                        tree: spot.tree.clone(),
                        node: spot.node.clone(),
                        text: ask.ask.markdown.clone(),
                        answers: Vec::new(),
                        how: ask.help.as_ref().map(|help| help.markdown.clone()),
                        why: None,
                        input: Some(ask.name.clone()),
                    });
                }
            }
            Stage::Question(question) => add(OpenQuestion {
                why: match &question.evidence {
                    EvidenceView::Unknown(why) => Some(why.to_string()),
                    EvidenceView::NotLooked { look: true } => {
                        Some("it was not looked at yet, since that logs in".to_owned())
                    }
                    _ => None,
                },
                ..reading.open_question(&question.spot)
            }),
            Stage::Do(instruction) => add(reading.open_question(&instruction.spot)),
            Stage::Conclusion(conclusion) => {
                let stuck = matches!(conclusion.ended, Ended::NotKnown | Ended::NotDone);
                if stuck {
                    add(reading.open_question(&conclusion.spot));
                }
                conclusion.withheld.iter().cloned().for_each(&mut add);
            }
        }
        self.left_open(&reading).into_iter().for_each(&mut add);
        open
    }
}

fn step_result(step: &Step, why: Option<String>) -> StepResult {
    let word = |word: &str| Some(word.to_owned());
    let mut result = StepResult {
        tree: step.spot.tree.clone(),
        node: step.spot.node.clone(),
        answer: None,
        source: None,
        probe: None,
        outcome: None,
        why,
        skipped: false,
        generation: step.generation,
    };
    match &step.kind {
        StepKind::Question {
            answer,
            source,
            skipped,
            probes,
            outcome,
            ..
        } => {
            result.answer = answer.as_ref().map(|answer| answer.as_str().to_owned());
            result.source = answer.is_some().then_some(*source);
            let names: Vec<&str> = probes.iter().map(|probe| probe.name.as_str()).collect();
            result.probe = (!names.is_empty()).then(|| names.join(", "));
            result.outcome = outcome.clone();
            result.skipped = *skipped;
        }
        StepKind::Do { done: true } => result.answer = word("done"),
        StepKind::Do { done: false } => result.answer = word("unable"),
        StepKind::Fix => result.answer = word("applied"),
        StepKind::Helped(Some(true)) => result.answer = word("helped"),
        StepKind::Helped(Some(false)) => result.answer = word("did-not-help"),
        StepKind::Helped(None) => {}
        StepKind::Enter => result.answer = word("entered"),
        StepKind::Leave { verdict, .. } => result.answer = word(verdict.name()),
    }
    result
}

fn finding_result(probe: &str, finding: &Finding, mut grounds: Vec<Evidence>) -> FindingResult {
    grounds.dedup();
    let evidence = grounds.iter().chain(&finding.evidence);
    let evidence = evidence.map(|evidence| EvidenceResult {
        file: evidence.file.clone(),
        line: evidence.line,
        column: evidence.column,
        text: evidence.text.clone(),
    });
    FindingResult {
        probe: probe.to_owned(),
        outcome: finding.outcome().cloned(),
        why: match &finding.judgement {
            Judgement::Unknown(why) => Some(why.to_string()),
            Judgement::Outcome(_) => None,
        },
        facts: finding.facts.clone(),
        evidence: evidence.collect(),
        source: finding.source,
        at: finding.at,
        took_ms: u64::try_from(finding.took.as_millis()).unwrap_or(u64::MAX),
        machine: finding.machine.clone(),
    }
}
