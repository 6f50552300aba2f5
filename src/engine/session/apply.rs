//! Events: each is checked first and changes the ledger only if it fits.

use std::sync::Arc;

use jiff::Timestamp;

use crate::{
    engine::{
        Choice, Effect, Entry, Event, Given, Record, Rejection, Session, Spot, Stage, Transition,
        input,
        ledger::{Answered, Key, Mark, Role, Way},
        reading::Evidence,
        walk::TrodKind,
    },
    finding::{InputName, Source},
    probe::kind,
    tree::{AnswerId, InputType},
};

/// The longest note, in bytes.
const MAX_NOTE: usize = 64 * 1024;
/// Suggestions that are kept for one input.
const MAX_SUGGESTIONS: usize = 100;

impl Session {
    /// Takes one event in. A rejected event changes nothing.
    pub fn apply(&mut self, event: Event, at: Timestamp) -> Result<Transition, Rejection> {
        // What is recorded is where the case stood before the event changed that.
        let spot = self.walk.front.spot().clone();
        let generation = self.walk.generation;
        let done = self.take(event, at)?;
        let (spot, generation) = done.place.unwrap_or((spot, generation));
        self.now = at;
        self.ahead.changed |= changes_ways(&done.record);
        self.transcript.push(Entry {
            at,
            spot,
            generation,
            record: done.record,
        });
        if let Some(generation) = done.changed {
            self.redraw_generation(generation);
        }
        let mut effects = done.effects;
        effects.extend(self.settle());
        Ok(Transition { effects })
    }

    /// Checks an event and changes the ledger.
    fn take(&mut self, event: Event, at: Timestamp) -> Result<Taken, Rejection> {
        match event {
            Event::Input { name, given } => self.take_input(name, given),
            Event::Answer { answer } => {
                let spot = self.question_spot()?;
                let answered =
                    self.answered(&spot, self.walk.generation, Some(answer), false, at)?;
                Ok(self.keep_answer(answered))
            }
            Event::Unsure { skipped } => {
                let spot = self.question_spot()?;
                let answered = self.answered(&spot, self.walk.generation, None, skipped, at)?;
                Ok(self.keep_answer(answered))
            }
            Event::Done => {
                let Stage::Do(_) = &self.stage else {
                    return Err(Rejection::NoInstruction);
                };
                Ok(self.mark(Way::Passed, at, Record::Done))
            }
            Event::Unable => {
                let shown = matches!(self.front_role(), Role::Do | Role::Fix)
                    && !matches!(self.stage, Stage::Inputs(_));
                if !shown {
                    return Err(Rejection::NoInstruction);
                }
                Ok(self.mark(Way::Unable, at, Record::Unable))
            }
            Event::Applied => {
                self.expect_phase(Role::Fix, Rejection::NoFix)?;
                Ok(self.mark(Way::Passed, at, Record::Applied))
            }
            Event::Helped(helped) => {
                self.expect_phase(Role::Helped, Rejection::NotAskedWhetherItHelped)?;
                Ok(self.mark(Way::Helped(helped), at, Record::Helped(helped)))
            }
            Event::SkipWait => {
                self.expect_phase(Role::Wait, Rejection::NoWait)?;
                // What the texts of the wait showed is of the time before it was over.
                self.ledger.forget_generation(self.walk.generation);
                Ok(self.mark(Way::Passed, at, Record::SkipWait))
            }
            Event::Back => {
                if let Some(key) = self.declined_fix() {
                    self.ledger.hold = Some(key);
                    return Ok(Taken::new(Record::Back));
                }
                let step = self
                    .walk
                    .steps
                    .iter()
                    .rev()
                    .find(|step| is_editable(&step.kind));
                let key = step
                    .map(|step| step.key.clone())
                    .ok_or(Rejection::NothingBefore)?;
                self.ledger.hold = Some(key);
                Ok(Taken::new(Record::Back))
            }
            Event::Edit { step, choice } => self.edit(step, choice, at),
            Event::Look => self.look(at),
            Event::Stop => self.stop(at),
            Event::ProbeFinished { run, finding } => {
                let running = self.runs.remove(&run).ok_or(Rejection::NotAwaited(run))?;
                let request = running.request;
                let refused = kind(request.kind)
                    .filter(|kind| kind.refused_login(&finding.facts))
                    .and_then(|_| request.params.get("login").cloned());
                let finding = Arc::new(finding);
                self.ledger.keep_refused(
                    &request.key,
                    &request.hash,
                    request.generation,
                    finding.clone(),
                    refused,
                );
                let record = Record::Found {
                    probe: request.key.clone(),
                    params: request.hash,
                    finding,
                };
                Ok(Taken {
                    place: Some((self.walk.front.spot().clone(), request.generation)),
                    changed: Some(request.generation),
                    ..Taken::new(record)
                })
            }
            Event::Pasted {
                probe,
                params,
                finding,
            } => self.paste(probe, &params, finding),
            Event::Parcel(parcel) => Ok(Taken::new(Record::Parcel(parcel))),
            Event::Suggested {
                run,
                mut candidates,
            } => {
                let hunt = self.hunts.remove(&run).ok_or(Rejection::NotAwaited(run))?;
                candidates.truncate(MAX_SUGGESTIONS);
                self.ledger
                    .suggestions
                    .insert(hunt.input.clone(), candidates.clone());
                Ok(Taken::new(Record::Suggested {
                    input: hunt.input,
                    candidates,
                }))
            }
            Event::Note { step, text } => self.note(step, text),
        }
    }

    fn take_input(&mut self, name: InputName, given: Given) -> Result<Taken, Rejection> {
        let reading = self.reading();
        let input = reading.input(&self.walk.front.spot().tree, &name);
        let input = input.ok_or_else(|| Rejection::NoSuchInput(name.clone()))?;
        let refuse = |why: &str| {
            Err(Rejection::InputDoesNotFit {
                name: name.clone(),
                why: why.to_owned(),
            })
        };
        match &given {
            Given::Text(text) => {
                if let Err(why) = input::value(input, self.opening.os, text) {
                    return refuse(&why);
                }
            }
            Given::Secret if input.ty != InputType::Secret => {
                return refuse("no secret is expected");
            }
            Given::Secret | Given::Unknown => {}
        }
        self.ledger.give(&name, &given, self.walk.generation);
        self.looks_may_be_others = true;
        Ok(Taken {
            changed: Some(self.walk.generation),
            ..Taken::new(Record::Input { name, given })
        })
    }

    /// The fix of the stage, where the person said that it will not be tried: that is no step of the path.
    fn declined_fix(&self) -> Option<Key> {
        let spot = self.walk.front.spot().clone();
        let key = Key {
            generation: self.walk.generation,
            spot,
            role: Role::Fix,
        };
        let mark = self.ledger.marks.get(&key)?;
        (self.front_role() == Role::End && mark.way == Way::Unable).then_some(key)
    }

    fn front_role(&self) -> Role {
        self.walk.front.role()
    }

    pub(super) fn question_spot(&self) -> Result<Spot, Rejection> {
        match &self.stage {
            Stage::Question(question) => Ok(question.spot.clone()),
            _ => Err(Rejection::NoQuestion),
        }
    }

    fn expect_phase(&self, role: Role, otherwise: Rejection) -> Result<(), Rejection> {
        let shown = matches!(&self.stage, Stage::Conclusion(_)) && self.front_role() == role;
        if shown { Ok(()) } else { Err(otherwise) }
    }

    /// An answer with its source: the evidence's, where it points to the same answer and nobody stated it ahead.
    fn answered(
        &self,
        spot: &Spot,
        generation: u32,
        answer: Option<AnswerId>,
        skipped: bool,
        at: Timestamp,
    ) -> Result<(Key, Answered), Rejection> {
        let reading = self.reading_at(generation);
        let ask = reading.ask(spot).ok_or(Rejection::NoQuestion)?;
        if let Some(id) = answer
            .as_ref()
            .filter(|id| !ask.answers.iter().any(|answer| answer.id == **id))
        {
            return Err(Rejection::NoSuchAnswer(id.clone()));
        }
        let evidence = reading.evidence(spot, ask);
        let source = match &evidence {
            Evidence::Found {
                answer: Some(pointed),
                source,
                ..
            } if Some(&pointed.id) == answer.as_ref() && self.stated(spot, ask) != answer => {
                *source
            }
            _ => Source::Stated,
        };
        let outcome = evidence.outcome().cloned();
        let rests_on = if source == Source::Stated {
            Vec::new()
        } else {
            reading.looks_behind(spot, ask)
        };
        let key = Key {
            generation,
            spot: spot.clone(),
            role: Role::Question,
        };
        Ok((
            key,
            Answered {
                answer,
                skipped,
                source,
                outcome,
                rests_on,
                at,
            },
        ))
    }

    fn keep_answer(&mut self, (key, answered): (Key, Answered)) -> Taken {
        let Answered {
            answer,
            skipped,
            source,
            outcome,
            ..
        } = answered.clone();
        let record = match answer {
            Some(answer) => Record::Answer {
                answer,
                source,
                outcome,
            },
            None => Record::Unsure {
                skipped,
                source,
                outcome,
            },
        };
        self.ledger.hold = None;
        self.ledger.answers.insert(key, answered);
        Taken::new(record)
    }

    fn mark(&mut self, way: Way, at: Timestamp, record: Record) -> Taken {
        let spot = self.walk.front.spot().clone();
        let key = Key {
            generation: self.walk.generation,
            spot,
            role: self.front_role(),
        };
        self.ledger.hold = None;
        self.ledger.marks.insert(key, Mark { way, at });
        Taken::new(record)
    }

    fn edit(&mut self, step: usize, choice: Choice, at: Timestamp) -> Result<Taken, Rejection> {
        let trod = self
            .walk
            .steps
            .get(step)
            .ok_or(Rejection::NoSuchStep(step))?;
        let key = trod.key.clone();
        let does_not_fit = Rejection::ChoiceDoesNotFit(step);
        let way = match (&trod.kind, &choice) {
            (TrodKind::Question { .. }, Choice::Answer(_) | Choice::Unsure) => {
                let answer = match &choice {
                    Choice::Answer(answer) => Some(answer.clone()),
                    _ => None,
                };
                let (key, answered) =
                    self.answered(&key.spot, key.generation, answer, false, at)?;
                self.ledger.answers.insert(key, answered);
                None
            }
            (TrodKind::Do { .. }, Choice::Done) | (TrodKind::Fix { .. }, Choice::Applied) => {
                Some(Way::Passed)
            }
            (TrodKind::Do { .. } | TrodKind::Fix { .. }, Choice::Unable) => Some(Way::Unable),
            (TrodKind::Helped { .. }, Choice::Helped(helped)) => Some(Way::Helped(*helped)),
            _ => return Err(does_not_fit),
        };
        let place = Some((key.spot.clone(), key.generation));
        if let Some(way) = way {
            self.ledger.marks.insert(key, Mark { way, at });
        }
        self.ledger.hold = None;
        Ok(Taken {
            place,
            ..Taken::new(Record::Edit { step, choice })
        })
    }

    fn note(&mut self, step: Option<usize>, text: String) -> Result<Taken, Rejection> {
        if text.trim().is_empty() {
            return Err(Rejection::EmptyNote);
        }
        if text.len() > MAX_NOTE {
            return Err(Rejection::LongNote(MAX_NOTE));
        }
        let front = &self.walk.front;
        let key = match step {
            Some(at) => self
                .walk
                .steps
                .get(at)
                .ok_or(Rejection::NoSuchStep(at))?
                .key
                .clone(),
            None => Key {
                generation: self.walk.generation,
                spot: front.spot().clone(),
                role: front.role(),
            },
        };
        let place = Some((key.spot.clone(), key.generation));
        self.ledger.notes.entry(key).or_default().push(text.clone());
        Ok(Taken {
            place,
            ..Taken::new(Record::Note { step, text })
        })
    }
}

/// An event that was taken in.
pub(super) struct Taken {
    pub record: Record,
    /// Where it belongs, if not to the stage.
    pub place: Option<(Spot, u32)>,
    pub effects: Vec<Effect>,
    /// The generation of which an input or a finding came or went.
    pub changed: Option<u32>,
}

impl Taken {
    pub fn new(record: Record) -> Self {
        Self {
            record,
            place: None,
            effects: Vec::new(),
            changed: None,
        }
    }
}

/// Inputs and answers decide which questions can come; findings and notes do not. A look may take inputs back.
fn changes_ways(record: &Record) -> bool {
    match record {
        Record::Found { .. }
        | Record::Pasted { .. }
        | Record::Parcel(_)
        | Record::Stop
        | Record::Suggested { .. }
        | Record::Note { .. } => false,
        Record::Input { .. }
        | Record::Look
        | Record::Answer { .. }
        | Record::Unsure { .. }
        | Record::Done
        | Record::Unable
        | Record::Applied
        | Record::Helped(_)
        | Record::SkipWait
        | Record::Back
        | Record::Edit { .. } => true,
    }
}

fn is_editable(kind: &TrodKind) -> bool {
    !matches!(kind, TrodKind::Enter | TrodKind::Leave { .. })
}
