//! What a step rests on.

use crate::{
    engine::{FindingView, ProbeKey, Session, Step, StepKind, grounds},
    finding::Evidence,
    tree::NodeKind,
};

/// Where a step's evidence was looked for: each of its probes, with the hash of what it is looked with; `None` where that is not
/// known now, such as a folder that another look is to tell once more.
pub(super) type Looks = Vec<(ProbeKey, Option<String>)>;

impl Session {
    /// What a step rests on: the evidence of its probes, first the lines of the values that its outcome's case names.
    pub fn evidence(&self, step: &Step) -> Vec<Evidence> {
        let looks = self.looks_of(step);
        let rests = |view: &FindingView<'_>| is_of(step, &looks, view);
        let views: Vec<FindingView<'_>> = self.findings().filter(rests).collect();
        let mut evidence: Vec<Evidence> = Vec::new();
        for view in &views {
            evidence.extend(self.grounds_in(step, *view));
        }
        for view in &views {
            evidence.extend(view.finding.evidence.iter().cloned());
        }
        evidence
    }

    /// Where the evidence of a step was looked for.
    pub(super) fn looks_of(&self, step: &Step) -> Looks {
        let StepKind::Question { probes, .. } = &step.kind else {
            return Looks::new();
        };
        let reading = self.reading_at(step.generation);
        let look = |key: &ProbeKey| {
            let request = reading.probe(key).request.clone();
            let whole = request.filter(|request| request.complete);
            (key.clone(), whole.map(|request| request.hash.clone()))
        };
        probes.iter().map(look).collect()
    }

    /// The lines of the values that the case behind a step's outcome names, in a finding that the step rests on.
    pub(super) fn grounds_in(&self, step: &Step, view: FindingView<'_>) -> Vec<Evidence> {
        let StepKind::Question {
            outcome: Some(outcome),
            ..
        } = &step.kind
        else {
            return Vec::new();
        };
        let node = self.forest.node(&step.spot.tree, &step.spot.node);
        let Some(NodeKind::Ask(ask)) = node.map(|node| &node.kind) else {
            return Vec::new();
        };
        grounds::lines(ask, outcome, &view.probe.name, &view.finding.facts)
    }
}

/// Whether the step rests on the finding. One of the same probe from before an input was given anew is none of it.
pub(super) fn is_of(step: &Step, looks: &Looks, view: &FindingView<'_>) -> bool {
    let is_look = |(probe, params): &(ProbeKey, Option<String>)| {
        probe == view.probe && params.as_ref().is_none_or(|params| params == view.params)
    };
    view.generation == step.generation && looks.iter().any(is_look)
}
