//! The same session again from what was written down, on the same trees or on changed ones.

use std::{
    collections::{BTreeMap, HashSet},
    sync::Arc,
};

use jiff::Timestamp;

use crate::{
    engine::{
        Effect, Entry, Event, Opening, ProbeKey, Record, Rejection, Replayed, RunId, Session,
        StoppedFitting,
        ledger::{Key, Role},
        reading::Evidence,
    },
    finding::{Outcome, Source},
    tree::{AnswerId, Forest},
};

/// Probes that look for something else now, each with its generation.
type Others = HashSet<(ProbeKey, u32)>;

impl Session {
    /// The same session again from what was written down, as far as it fits the trees. Findings of looks that are
    /// others now are left out; anything else that does not fit ends it.
    pub fn replay(forest: Arc<Forest>, opening: Opening, transcript: &[Entry]) -> Replayed {
        let (mut session, _) = Self::start(forest, opening);
        let mut stopped = None;
        let mut others = HashSet::new();
        for (at, entry) in transcript.iter().enumerate() {
            if let Err(why) = session.again(entry, &mut others) {
                stopped = Some(StoppedFitting {
                    entry: at,
                    spot: entry.spot.clone(),
                    why,
                });
                break;
            }
        }
        let effects = session.awaited();
        Replayed {
            session,
            effects,
            stopped,
        }
    }

    /// Goes on with changed trees: the transcript is replayed on them; runs of probes that are the same go on under
    /// their ids, others are cancelled. The effects are the difference.
    pub fn reload(&self, forest: Arc<Forest>) -> Replayed {
        self.reload_from(forest, &self.transcript)
    }

    /// The same from a transcript that is longer than this session's: what did not fit the trees before may fit them now.
    pub fn reload_from(&self, forest: Arc<Forest>, transcript: &[Entry]) -> Replayed {
        let mut replayed = Self::replay(forest, self.opening.clone(), transcript);
        let session = &mut replayed.session;
        // Ids of this session are taken: what is new gets ids after them.
        session.next_run = self.next_run;
        let mut effects = Vec::new();
        let mut kept = Vec::new();
        let mut runs = BTreeMap::new();
        for running in std::mem::take(&mut session.runs).into_values() {
            let same = self
                .runs
                .iter()
                .find(|(_, old)| old.request == running.request);
            match same {
                Some((run, old)) => {
                    kept.push(*run);
                    runs.insert(*run, old.clone());
                }
                None => {
                    let run = session.next_run();
                    effects.push(Effect::StartProbe {
                        run,
                        request: running.request.clone(),
                    });
                    runs.insert(run, running);
                }
            }
        }
        session.runs = runs;
        let mut hunts = BTreeMap::new();
        for hunt in std::mem::take(&mut session.hunts).into_values() {
            match self.hunts.iter().find(|(_, old)| **old == hunt) {
                Some((run, _)) => {
                    hunts.insert(*run, hunt);
                }
                None => {
                    let run = session.next_run();
                    let (input, globs, folders) =
                        (hunt.input.clone(), hunt.globs.clone(), hunt.folders);
                    effects.push(Effect::Suggest {
                        run,
                        input,
                        globs,
                        folders,
                    });
                    hunts.insert(run, hunt);
                }
            }
        }
        session.hunts = hunts;
        let gone = self.runs.keys().filter(|run| !kept.contains(run));
        let mut all: Vec<Effect> = gone.map(|run| Effect::CancelProbe { run: *run }).collect();
        all.extend(effects);
        // The stage names runs by their ids.
        all.extend(
            session
                .settle()
                .into_iter()
                .filter(|effect| *effect != Effect::Finish),
        );
        replayed.effects = all;
        replayed
    }

    /// Goes on at this time with these trees and what is agreed to now, after everything that this session waited for was
    /// ended. Its secrets are still known. Runs get ids that this session never gave, so that what was ended cannot be
    /// taken for them.
    pub fn renew(
        &self,
        forest: Arc<Forest>,
        (trusted, commands): (bool, bool),
        transcript: &[Entry],
        now: Timestamp,
    ) -> Replayed {
        let opening = Opening {
            trusted,
            commands,
            ..self.opening.clone()
        };
        let mut replayed = Self::replay(forest, opening, transcript);
        let session = &mut replayed.session;
        session.now = now;
        session.next_run = session.next_run.max(self.next_run);
        for mut running in std::mem::take(&mut session.runs).into_values() {
            running.since = now;
            let run = session.next_run();
            session.runs.insert(run, running);
        }
        for hunt in std::mem::take(&mut session.hunts).into_values() {
            let run = session.next_run();
            session.hunts.insert(run, hunt);
        }
        let mut effects = session.awaited();
        // The stage names runs by their ids.
        effects.extend(
            session
                .settle_anew()
                .into_iter()
                .filter(|effect| *effect != Effect::Finish),
        );
        replayed.effects = effects;
        replayed
    }

    /// What is to be done for everything that this session waits for.
    fn awaited(&self) -> Vec<Effect> {
        let runs = self.runs.iter().map(|(run, running)| Effect::StartProbe {
            run: *run,
            request: running.request.clone(),
        });
        let hunts = self.hunts.iter().map(|(run, hunt)| Effect::Suggest {
            run: *run,
            input: hunt.input.clone(),
            globs: hunt.globs.clone(),
            folders: hunt.folders,
        });
        runs.chain(hunts).collect()
    }

    /// Takes one entry in again. `others` are the probes whose findings were left out, since they look for something else
    /// now.
    fn again(&mut self, entry: &Entry, others: &mut Others) -> Result<(), String> {
        let is_here =
            || *self.walk.front.spot() == entry.spot && self.walk.generation == entry.generation;
        let here = || {
            if is_here() {
                Ok(())
            } else {
                Err(format!(
                    "the walk now comes to `{}`",
                    self.walk.front.spot()
                ))
            }
        };
        let step = |at: usize| match self.walk.steps.get(at) {
            Some(step) if step.key.spot == entry.spot => Ok(()),
            _ => Err(format!("step {at} is another one now")),
        };
        let event = match entry.record.clone() {
            Record::Input { name, given } => Event::Input { name, given },
            Record::Answer {
                answer,
                source,
                outcome,
            } => {
                here()?;
                if source != Source::Stated {
                    self.still_says(&answer, outcome.as_ref(), others)?;
                }
                Event::Answer { answer }
            }
            Record::Unsure { skipped, .. } => {
                here()?;
                Event::Unsure { skipped }
            }
            Record::Done => {
                here()?;
                Event::Done
            }
            Record::Unable => {
                here()?;
                Event::Unable
            }
            Record::Applied => {
                here()?;
                Event::Applied
            }
            Record::Helped(helped) => {
                here()?;
                Event::Helped(helped)
            }
            Record::SkipWait => {
                here()?;
                Event::SkipWait
            }
            Record::Back => Event::Back,
            Record::Edit { step: at, choice } => {
                step(at)?;
                Event::Edit { step: at, choice }
            }
            Record::Look => Event::Look,
            Record::Stop => Event::Stop,
            Record::Found {
                probe,
                params,
                finding,
            } => {
                let run = self.runs.iter().find(|(_, running)| {
                    let request = &running.request;
                    request.key == probe
                        && request.hash == params
                        && request.generation == entry.generation
                });
                let run = run.map(|(run, _)| *run);
                match run.or_else(|| self.looked(&probe, &params, entry.generation)) {
                    Some(run) => Event::ProbeFinished {
                        run,
                        finding: (*finding).clone(),
                    },
                    None => {
                        self.leave_out(probe, &params, others);
                        return Ok(());
                    }
                }
            }
            Record::Pasted {
                probe,
                params,
                finding,
            } => {
                self.leave_out(probe.clone(), &params, others);
                Event::Pasted {
                    probe,
                    params,
                    finding: (*finding).clone(),
                }
            }
            Record::Parcel(parcel) => Event::Parcel(parcel),
            Record::Suggested { input, candidates } => {
                let run: Option<RunId> = self
                    .hunts
                    .iter()
                    .find(|(_, hunt)| hunt.input == input)
                    .map(|(run, _)| *run);
                match run {
                    Some(run) => Event::Suggested { run, candidates },
                    None => return Ok(()),
                }
            }
            Record::Note { step: at, text } => {
                at.map_or(Ok(()), step)?;
                Event::Note { step: at, text }
            }
        };
        // What was looked at, or not, decides nothing about the way.
        let may_fail = matches!(event, Event::Look | Event::Stop | Event::Pasted { .. });
        match self.apply(event, entry.at) {
            Err(rejection) if !may_fail => Err(Rejection::to_string(&rejection)),
            _ => {
                self.restore(&entry.record);
                Ok(())
            }
        }
    }

    /// Keeps in mind that the probe looks for something else now, if it does.
    fn leave_out(&self, probe: ProbeKey, params: &str, others: &mut Others) {
        if self.reading().is_another_look(&probe, params) {
            others.insert((probe, self.walk.generation));
        }
    }

    /// Whether the evidence says today what an answer was read from. What it cannot say any more, since its secrets were not
    /// kept or since it was looked for again and not found, it still said.
    fn still_says(
        &self,
        answer: &AnswerId,
        outcome: Option<&Outcome>,
        others: &Others,
    ) -> Result<(), String> {
        let reading = self.reading();
        let spot = self.walk.front.spot();
        let Some(ask) = reading.ask(spot) else {
            return Ok(());
        };
        match reading.evidence(spot, ask) {
            Evidence::Found {
                outcome: now,
                answer: pointed,
                ..
            } => {
                if Some(&now) == outcome && pointed.is_none_or(|pointed| pointed.id != *answer) {
                    return Err("what was found means another answer now".to_owned());
                }
            }
            _ => {
                let probes = reading.question_probes(spot, ask);
                let generation = self.walk.generation;
                let mut probes = probes.into_iter().map(|probe| (probe, generation));
                if probes.any(|probe| others.contains(&probe)) {
                    return Err("what it was read from is looked for in another way now".to_owned());
                }
            }
        }
        Ok(())
    }

    /// A run for a look that was made, where this session has not started it (yet): what runs ahead depends on more than
    /// the transcript. `None` where the look is another one now.
    fn looked(&mut self, probe: &ProbeKey, params: &str, generation: u32) -> Option<RunId> {
        let request = self.reading().probe(probe).request.clone()?;
        let same = request.complete && request.hash == params && request.generation == generation;
        match self.begin(same.then_some(&*request)?) {
            Effect::StartProbe { run, .. } => Some(run),
            _ => None,
        }
    }

    /// Source and outcome as they were written down: evidence that is read back has lost its secrets, so that it might
    /// say something else now.
    fn restore(&mut self, record: &Record) {
        let (was_source, was_outcome) = match record {
            Record::Answer {
                source, outcome, ..
            }
            | Record::Unsure {
                source, outcome, ..
            } => (source, outcome),
            _ => return,
        };
        let Some(Entry {
            spot,
            generation,
            record:
                Record::Answer {
                    source, outcome, ..
                }
                | Record::Unsure {
                    source, outcome, ..
                },
            ..
        }) = self.transcript.last_mut()
        else {
            return;
        };
        if source == was_source && outcome == was_outcome {
            return;
        }
        *source = *was_source;
        outcome.clone_from(was_outcome);
        let key = Key {
            generation: *generation,
            spot: spot.clone(),
            role: Role::Question,
        };
        if let Some(answered) = self.ledger.answers.get_mut(&key) {
            answered.source = *was_source;
            answered.outcome.clone_from(was_outcome);
        }
        self.redraw_generation(self.walk.generation);
        self.settle();
    }
}
