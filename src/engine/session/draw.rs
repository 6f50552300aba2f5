//! The stage, drawn from the front.

use jiff::Timestamp;

use crate::{
    engine::{
        Again, AnswerView, ConclusionStage, DoStage, Ended, EvidenceView, InputAsk, LookView,
        OpenQuestion, Purpose, QuestionStage, Session, Spot, Stage, grounds,
        input::empty,
        ledger::{Key, Way},
        reading::{Evidence, InputState, Reading, Shown, Status},
        walk::{Front, TrodKind},
    },
    finding::{InputName, Source, TreeId},
    tree::{AnswerId, Ask, Conclude, InputType, NodeKind, Rendered},
};

impl Session {
    pub(super) fn draw(&self, needed: &[InputName]) -> Stage {
        let reading = self.reading();
        let spot = self.walk.front.spot();
        if !needed.is_empty() {
            return Stage::Inputs(
                needed
                    .iter()
                    .filter_map(|name| self.draw_input(&reading, &spot.tree, name))
                    .collect(),
            );
        }
        let kind = reading.node(spot).map(|node| &node.kind);
        match (&self.walk.front, kind) {
            (
                Front::Question {
                    purpose, pending, ..
                },
                Some(NodeKind::Ask(ask)),
            ) => Stage::Question(Box::new(QuestionStage {
                wanted: wanted(&reading, *purpose, pending),
                ..self.draw_question(&reading, spot, *purpose, ask)
            })),
            (Front::Do { .. }, Some(NodeKind::Do(_))) => {
                Stage::Do(Box::new(self.draw_do(&reading, spot)))
            }
            _ => Stage::Conclusion(Box::new(self.draw_conclusion(&reading, spot))),
        }
    }

    pub(super) fn draw_input(
        &self,
        reading: &Reading<'_>,
        tree: &TreeId,
        name: &InputName,
    ) -> Option<InputAsk> {
        let input = reading.input(tree, name)?;
        let state = reading.input_state(tree, name);
        let derived = reading.derived_text(tree, name);
        let mut suggestions = match input.ty {
            InputType::Directory | InputType::File => self
                .ledger
                .suggestions
                .get(name)
                .cloned()
                .unwrap_or_default(),
            _ => {
                let values = input
                    .suggest
                    .as_ref()
                    .and_then(|suggest| suggest.get(self.opening.os));
                let text = |value: &crate::tree::Template| {
                    value.value(&reading.scope(tree, &value.demands, None)).ok()
                };
                values.into_iter().flatten().filter_map(text).collect()
            }
        };
        let only = if suggestions.len() == 1 {
            suggestions.pop()
        } else {
            None
        };
        let choices = match &input.ty {
            InputType::Choice(of) => of
                .iter()
                .map(|(id, text)| (id.clone(), reading.line(tree, text)))
                .collect(),
            _ => Vec::new(),
        };
        let looking = self
            .hunts
            .iter()
            .find(|(_, hunt)| hunt.input == *name)
            .map(|(run, _)| *run);
        let before = self.ledger.before(name).cloned();
        let default = input.default.as_ref();
        let default = default.filter(|default| reading.rests_on_evidence(tree, default));
        // A folder that was listed, and a text that was made from facts, are evidence as well.
        let found = only.is_some() || before.is_none() && default.is_some();
        let goes_to = if derived.is_some() || found {
            reading.goes_to(name)
        } else {
            Vec::new()
        };
        Some(InputAsk {
            name: name.clone(),
            ask: reading.line(tree, &input.ask),
            help: input.help.as_ref().map(|help| reading.line(tree, help)),
            ty: input.ty.clone(),
            choices,
            confirm: derived.is_some() || !goes_to.is_empty(),
            comes_from: reading.comes_from(tree, input),
            goes_to,
            blank: input.optional && empty(&input.ty).is_some(),
            offer: derived.or(only).or_else(|| {
                if before.is_some() {
                    return before;
                }
                // Nothing is no offer: that there is none is for a person to say.
                let default = reading.default_of(tree, input);
                default.filter(|default| !default.trim().is_empty())
            }),
            suggestions,
            looking,
            refused: match state {
                InputState::Missing { refused } => refused,
                _ => None,
            },
            secret_for: reading.secret_for(tree, name),
        })
    }

    fn draw_question(
        &self,
        reading: &Reading<'_>,
        spot: &Spot,
        purpose: Purpose,
        ask: &Ask,
    ) -> QuestionStage {
        let mut withheld = Vec::new();
        let tree = &spot.tree;
        let outcome = reading.evidence(spot, ask).outcome().cloned();
        let looks = reading.bases(spot, ask).into_iter().filter_map(|key| {
            let state = reading.probe(&key);
            let mut finding = match &state.status {
                Status::Found(finding) => Some((**finding).clone()),
                _ => None,
            };
            if let (Some(finding), Some(outcome)) = (&mut finding, &outcome) {
                let lines = grounds::lines(ask, outcome, &key.name, &finding.facts);
                finding.evidence.splice(0..0, lines);
            }
            let mut request = state.request.as_deref()?.clone();
            if ask.probe.as_ref().is_some_and(|probe| !probe.commands) {
                // Without parameters there is no command for a person.
                request.params.clear();
            }
            Some(LookView {
                request,
                runs_here: reading.runs_here(&key),
                finding,
            })
        });
        QuestionStage {
            spot: spot.clone(),
            generation: self.walk.generation,
            purpose,
            ask: reading.line(tree, &ask.ask),
            why: reading.optional(tree, ask.why.as_ref(), &mut withheld),
            how: reading.optional(tree, ask.how.as_ref(), &mut withheld),
            answers: ask
                .answers
                .iter()
                .map(|answer| AnswerView {
                    id: answer.id.clone(),
                    text: reading.line(tree, &answer.text),
                })
                .collect(),
            wanted: None,
            unsure: purpose != Purpose::Walk || ask.unsure.is_some(),
            evidence: evidence_view(reading, spot, ask),
            again: self.looked_again(reading, spot, ask),
            looks: looks.collect(),
            stated: self.stated(spot, ask),
            given: self.stated_before(),
            withheld,
            sources: sources(reading, spot),
        }
    }

    /// Looks of the question that are made again.
    fn looked_again(&self, reading: &Reading<'_>, spot: &Spot, ask: &Ask) -> Option<Again> {
        let mut runs = Vec::new();
        let mut began = None;
        for key in reading.question_probes(spot, ask) {
            let state = reading.probe(&key);
            if let (Status::Found(_), Some((run, since))) = (&state.status, state.run) {
                runs.push(run);
                began = Some(began.map_or(since, |began: Timestamp| began.min(since)));
            }
        }
        Some(Again {
            runs,
            since: began?,
        })
    }

    /// The answer that was given ahead, if the question has it.
    pub(super) fn stated(&self, spot: &Spot, ask: &Ask) -> Option<crate::tree::AnswerId> {
        let given = |tree: Option<&TreeId>| {
            self.opening
                .answers
                .iter()
                .rev()
                .find(|given| given.tree.as_ref() == tree && given.node == spot.node)
        };
        let here = given(Some(&spot.tree));
        let given = here.or_else(|| given(None).filter(|_| spot.tree == self.opening.tree))?;
        ask.answers
            .iter()
            .find(|answer| answer.id == given.answer)
            .map(|answer| answer.id.clone())
    }

    fn front_key(&self) -> Key {
        let front = &self.walk.front;
        Key {
            generation: self.walk.generation,
            spot: front.spot().clone(),
            role: front.role(),
        }
    }

    /// What was answered before the person went back here; the inner `None` is *I don't know*.
    pub(super) fn held_answer(&self) -> Option<Option<AnswerId>> {
        let answered = self
            .ledger
            .answers
            .get(&self.front_key())
            .filter(|_| self.walk.held)?;
        Some(answered.answer.clone())
    }

    /// The same where the person said so. What was read from evidence is told by the evidence, as it is now.
    fn stated_before(&self) -> Option<Option<AnswerId>> {
        let answered = self.ledger.answers.get(&self.front_key())?;
        self.held_answer()
            .filter(|_| answered.source == Source::Stated)
    }

    fn draw_do(&self, reading: &Reading<'_>, spot: &Spot) -> DoStage {
        let mut stage = DoStage {
            spot: spot.clone(),
            text: Rendered::default(),
            steps: None,
            caution: None,
            why: None,
            unable: false,
            given: None,
            withheld: Vec::new(),
            looking: reading.texts_runs(&spot.tree, &reading.screen_texts(spot)),
            sources: sources(reading, spot),
        };
        if let Some(NodeKind::Do(instruction)) = reading.node(spot).map(|node| &node.kind) {
            let mut withheld = Vec::new();
            stage.text = reading.line(&spot.tree, &instruction.text);
            stage.steps = reading.optional(&spot.tree, instruction.steps.as_ref(), &mut withheld);
            stage.caution =
                reading.optional(&spot.tree, instruction.caution.as_ref(), &mut withheld);
            stage.why = reading.optional(&spot.tree, instruction.why.as_ref(), &mut withheld);
            stage.unable = instruction.unable.is_some();
            stage.withheld = withheld;
        }
        let mark = self
            .ledger
            .marks
            .get(&self.front_key())
            .filter(|_| self.walk.held);
        stage.given = mark.map(|mark| mark.way == Way::Passed);
        stage
    }

    fn draw_conclusion(&self, reading: &Reading<'_>, spot: &Spot) -> ConclusionStage {
        let (verdict, suspect, ended, phase) = match &self.walk.front {
            Front::Conclusion {
                verdict,
                suspect,
                ended,
                phase,
                ..
            } => (*verdict, *suspect, *ended, *phase),
            // A question or an instruction that is none: only trees that were never checked have that.
            _ => (
                crate::tree::Verdict::Unresolved,
                false,
                Ended::NoWayOn,
                crate::engine::Phase::End,
            ),
        };
        let conclude: Option<&Conclude> = match reading.node(spot).map(|node| &node.kind) {
            Some(NodeKind::Conclude(conclude)) => Some(conclude),
            _ => None,
        };
        let left_open = self.left_open(reading);
        // A fix that was carried out stays on the screen as it was shown: its facts and its guard's answer are of the
        // generation that it ended.
        let applied = self
            .walk
            .steps
            .iter()
            .rev()
            .find(|step| step.key.spot == *spot && matches!(step.kind, TrodKind::Fix { .. }));
        let shown =
            self.reading_at(applied.map_or(self.walk.generation, |step| step.key.generation));
        let reading = if phase == crate::engine::Phase::Fix {
            reading
        } else {
            &shown
        };
        let mut withheld = Vec::new();
        let because = reading.optional(
            &spot.tree,
            conclude.and_then(|it| it.because.as_ref()),
            &mut withheld,
        );
        let fix = reading.optional(
            &spot.tree,
            conclude.and_then(|it| it.fix.as_ref()),
            &mut withheld,
        );
        let next = reading.optional(
            &spot.tree,
            conclude.and_then(|it| it.next.as_ref()),
            &mut withheld,
        );
        let title = match conclude {
            Some(conclude) => reading.line(&spot.tree, &conclude.title),
            None => Rendered {
                markdown: reading.open_question(spot).text,
                ..Rendered::default()
            },
        };
        ConclusionStage {
            spot: spot.clone(),
            generation: self.walk.generation,
            verdict,
            suspect,
            ended,
            title,
            because,
            fix,
            next,
            withheld,
            open: left_open,
            suspects: self.walk.suspects.clone(),
            phase,
            wait: conclude.and_then(|conclude| conclude.wait),
            looking: reading.texts_runs(&spot.tree, &reading.screen_texts(spot)),
            sources: sources(reading, spot),
        }
    }

    /// Questions on the path that are left unknown and were not answered later.
    pub(super) fn left_open(&self, reading: &Reading<'_>) -> Vec<OpenQuestion> {
        self.unknown_spots()
            .map(|spot| reading.open_question(spot))
            .collect()
    }

    pub(super) fn unknown_spots(&self) -> impl Iterator<Item = &Spot> {
        let steps = &self.walk.steps;
        let question = |kind: &TrodKind| match kind {
            TrodKind::Question { answered, .. } => Some(answered.answer.is_some()),
            _ => None,
        };
        steps.iter().enumerate().filter_map(move |(at, step)| {
            let again = || {
                let mut later = steps[at + 1..].iter();
                later
                    .any(|later| later.key.spot == step.key.spot && question(&later.kind).is_some())
            };
            (question(&step.kind) == Some(false) && !again()).then_some(&step.key.spot)
        })
    }
}

/// The answer of a check after a fix that says that it worked; `after` is the conclusion that was fixed.
fn wanted(reading: &Reading<'_>, purpose: Purpose, after: &Spot) -> Option<AnswerId> {
    let wanted = match purpose {
        Purpose::Walk | Purpose::Guard => None,
        Purpose::Verify => match &reading.node(after)?.kind {
            NodeKind::Conclude(conclude) => conclude.verify.as_ref(),
            NodeKind::Ask(_) | NodeKind::Do(_) | NodeKind::Visit(_) => None,
        },
        Purpose::Settled => reading.forest.tree(&after.tree)?.settled.as_ref(),
    };
    wanted.map(|wanted| wanted.value.answer.clone())
}

fn evidence_view(reading: &Reading<'_>, spot: &Spot, ask: &Ask) -> EvidenceView {
    match reading.evidence(spot, ask) {
        Evidence::None => EvidenceView::None,
        Evidence::NotLooked { look } => EvidenceView::NotLooked { look },
        Evidence::Looking(runs) => EvidenceView::Looking {
            since: runs
                .iter()
                .map(|(_, since)| *since)
                .min()
                .unwrap_or(reading.now),
            runs: runs.into_iter().map(|(run, _)| run).collect(),
        },
        Evidence::Found {
            outcome,
            answer,
            found,
            ..
        } => {
            let note = answer.and_then(|answer| answer.note.as_ref());
            let note =
                note.and_then(
                    |note| match reading.text(&spot.tree, note, found.as_ref())? {
                        Shown::Text(rendered) => Some(rendered),
                        Shown::Withheld(_) => None,
                    },
                );
            EvidenceView::Found {
                outcome,
                answer: answer.map(|answer| answer.id.clone()),
                note,
            }
        }
        Evidence::Unknown(why) => EvidenceView::Unknown(why),
    }
}

/// The node's sources, else the tree's.
fn sources(reading: &Reading<'_>, spot: &Spot) -> Vec<String> {
    let own = reading.node(spot).map_or(&[][..], |node| &node.sources);
    let list = if own.is_empty() {
        reading
            .forest
            .tree(&spot.tree)
            .map_or(&[][..], |tree| &tree.sources)
    } else {
        own
    };
    list.iter().map(|source| source.value.clone()).collect()
}
