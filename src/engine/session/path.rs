//! The path. What was drawn before is kept from event to event: only steps that may show something else now are drawn
//! again, and only when somebody asks for them.

use crate::{
    engine::{
        Session, Step, StepKind,
        ledger::Answered,
        reading::{Evidence, Reading},
        walk::{Trod, TrodKind},
    },
    tree::{NodeKind, Rendered},
};

impl Session {
    /// The steps of the walk. Those that stood there before are taken over.
    pub(super) fn draw_path(&self) -> Vec<Step> {
        let mut before = self.drawn.iter();
        let mut same = true;
        let mut path = Vec::with_capacity(self.walk.steps.len());
        let mut reading = self.reading();
        for trod in &self.walk.steps {
            let old = if same { before.next() } else { None };
            match old.filter(|old| self.is_same(trod, old)) {
                Some(old) => path.push(old.clone()),
                None => {
                    same = false;
                    if reading.generation != trod.key.generation {
                        reading = self.reading_at(trod.key.generation);
                    }
                    path.push(self.draw_step(&reading, trod));
                }
            }
        }
        path
    }

    /// The walk may be another one now.
    pub(super) fn keep_drawn(&mut self) {
        if let Some(path) = self.path.take() {
            self.drawn = path;
        }
    }

    /// An input or a finding of this generation is another one now. What its steps show may rest on that in many ways, such as
    /// a look whose folder another look told: they are drawn again. Those before show what was known then.
    pub(super) fn redraw_generation(&mut self, generation: u32) {
        self.keep_drawn();
        let kept = self.drawn.iter();
        let kept = kept.take_while(|step| step.generation < generation);
        self.drawn.truncate(kept.count());
    }

    fn is_same(&self, trod: &Trod, old: &Step) -> bool {
        let notes = self
            .ledger
            .notes
            .get(&trod.key)
            .map_or(&[][..], |notes| notes);
        let same_kind = match (&trod.kind, &old.kind) {
            (
                TrodKind::Question { purpose, answered },
                StepKind::Question {
                    purpose: old_purpose,
                    answer,
                    source,
                    skipped,
                    ..
                },
            ) => {
                purpose == old_purpose
                    && answered.at == old.at
                    && answered.answer == *answer
                    && answered.source == *source
                    && answered.skipped == *skipped
            }
            (TrodKind::Do { done, at }, StepKind::Do { done: old_done }) => {
                done == old_done && *at == old.at
            }
            (TrodKind::Fix { at }, StepKind::Fix) => *at == old.at,
            (TrodKind::Helped { helped, at }, StepKind::Helped(old_helped)) => {
                helped == old_helped && *at == old.at
            }
            (TrodKind::Enter, StepKind::Enter) => true,
            (
                TrodKind::Leave {
                    verdict,
                    by_not_knowing,
                },
                StepKind::Leave {
                    verdict: old_verdict,
                    by_not_knowing: old_known,
                },
            ) => verdict == old_verdict && by_not_knowing == old_known,
            _ => false,
        };
        same_kind
            && trod.key.spot == old.spot
            && trod.key.generation == old.generation
            && trod.depth == old.depth
            && notes == old.notes
    }

    fn draw_step(&self, reading: &Reading<'_>, trod: &Trod) -> Step {
        let spot = &trod.key.spot;
        let (kind, at) = match &trod.kind {
            TrodKind::Question { purpose, answered } => (
                self.draw_answered(reading, trod, *purpose, answered),
                answered.at,
            ),
            TrodKind::Do { done, at } => (StepKind::Do { done: *done }, *at),
            TrodKind::Fix { at } => (StepKind::Fix, *at),
            TrodKind::Helped { helped, at } => (StepKind::Helped(*helped), *at),
            TrodKind::Enter => (StepKind::Enter, self.opening.at),
            TrodKind::Leave {
                verdict,
                by_not_knowing,
            } => (
                StepKind::Leave {
                    verdict: *verdict,
                    by_not_knowing: *by_not_knowing,
                },
                self.opening.at,
            ),
        };
        let text = match reading.node(spot).map(|node| &node.kind) {
            Some(NodeKind::Ask(ask)) => reading.line(&spot.tree, &ask.ask),
            Some(NodeKind::Do(instruction)) => reading.line(&spot.tree, &instruction.text),
            Some(NodeKind::Conclude(conclude)) => reading.line(&spot.tree, &conclude.title),
            Some(NodeKind::Visit(_)) | None => Rendered::default(),
        };
        Step {
            spot: spot.clone(),
            generation: trod.key.generation,
            kind,
            text,
            depth: trod.depth,
            at,
            notes: self
                .ledger
                .notes
                .get(&trod.key)
                .cloned()
                .unwrap_or_default(),
        }
    }

    fn draw_answered(
        &self,
        reading: &Reading<'_>,
        trod: &Trod,
        purpose: crate::engine::Purpose,
        answered: &Answered,
    ) -> StepKind {
        let spot = &trod.key.spot;
        let ask = reading.ask(spot);
        let answer = answered.answer.as_ref();
        let text = ask.and_then(|ask| ask.answers.iter().find(|text| Some(&text.id) == answer));
        let evidence = ask.map_or(Evidence::None, |ask| reading.evidence(spot, ask));
        let pointed = match &evidence {
            Evidence::Found { answer, .. } => answer.map(|answer| &answer.id),
            _ => None,
        };
        StepKind::Question {
            purpose,
            answer: answer.cloned(),
            answer_text: text
                .map(|answer| reading.line(&spot.tree, &answer.text))
                .unwrap_or_default(),
            source: answered.source,
            skipped: answered.skipped,
            probes: ask.map(|ask| reading.bases(spot, ask)).unwrap_or_default(),
            outcome: evidence
                .outcome()
                .cloned()
                .or_else(|| answered.outcome.clone()),
            disagrees: answer.is_some() && pointed.is_some() && pointed != answer,
        }
    }
}
