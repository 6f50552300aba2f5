//! After every event: walk, start and cancel runs, draw the stage.

use std::sync::OnceLock;

use crate::{
    engine::{
        Effect, Place, ProbeKey, ProbeRequest, Purpose, RunId, Session, Spot, Stage,
        input::leads_away,
        reading::{Reading, Running, Status},
        session::Hunt,
        walk::{Front, walk},
    },
    finding::{InputName, TreeId},
    tree::InputType,
};

/// Runs that may be on their way at once before more are started ahead.
const MOST_AHEAD: usize = 32;
/// Nodes that are looked at for probes to start ahead.
const FARTHEST: usize = 256;

impl Session {
    /// Brings everything that follows from the ledger up to date. Gives what is to be done, in order.
    pub(super) fn settle(&mut self) -> Vec<Effect> {
        let was_over = self.is_over();
        self.walk = walk(&self.forest, &self.opening, &self.ledger);
        self.outlook = OnceLock::new();
        let mut effects = self.cancel_stale();
        effects.extend(self.start_wanted());
        let needed = self.needed_inputs();
        effects.extend(self.hunt(&needed));
        self.path = self.draw_path();
        self.stage = self.draw(&needed);
        if self.is_over() && !was_over {
            effects.push(Effect::Finish);
        }
        effects
    }

    /// The stage is an end at which nothing is left to do.
    fn is_over(&self) -> bool {
        matches!(&self.stage, Stage::Conclusion(conclusion) if conclusion.phase.is_last())
    }

    /// Runs that belong to another generation, or to parameters that are others now.
    fn cancel_stale(&mut self) -> Vec<Effect> {
        let reading = self.reading();
        let kept: Vec<RunId> = if self.walk.front.is_last() {
            self.wanted_by_front(&reading)
                .iter()
                .flat_map(|key| runs_of(&reading, key))
                .collect()
        } else {
            self.runs
                .values()
                .flat_map(|running| runs_of(&reading, &running.request.key))
                .collect()
        };
        let stale: Vec<RunId> = self
            .runs
            .keys()
            .copied()
            .filter(|run| !kept.contains(run))
            .collect();
        for run in &stale {
            self.runs.remove(run);
        }
        stale
            .into_iter()
            .map(|run| Effect::CancelProbe { run })
            .collect()
    }

    fn start_wanted(&mut self) -> Vec<Effect> {
        let reading = self.reading();
        let mut wanted = Vec::new();
        for key in self.wanted_by_front(&reading) {
            reading.startable(&key, &mut wanted);
        }
        let room = MOST_AHEAD.saturating_sub(self.runs.len() + wanted.len());
        if room > 0 && !self.walk.front.is_last() {
            let mut ahead = Vec::new();
            for key in self.ahead() {
                reading.startable(&key, &mut ahead);
            }
            ahead.retain(|request| {
                reading.is_safe_ahead(&request.key)
                    && !wanted.iter().any(|known| known.key == request.key)
            });
            ahead.truncate(room);
            wanted.extend(ahead);
        }
        self.fills = reading.into_fills();
        wanted
            .into_iter()
            .map(|request| self.begin(&request))
            .collect()
    }

    pub(super) fn begin(&mut self, request: &ProbeRequest) -> Effect {
        let run = self.next_run();
        self.runs.insert(
            run,
            Running {
                request: request.clone(),
                since: self.now,
            },
        );
        Effect::StartProbe {
            run,
            request: request.clone(),
        }
    }

    /// Probes that the stage itself asks for.
    fn wanted_by_front(&self, reading: &Reading<'_>) -> Vec<ProbeKey> {
        let spot = self.walk.front.spot();
        let mut keys = reading.texts_probes(&spot.tree, &reading.screen_texts(spot));
        if let (Front::Question { .. }, Some(ask)) = (&self.walk.front, reading.ask(spot)) {
            keys.extend(reading.question_probes(spot, ask));
            let notes = ask
                .answers
                .iter()
                .filter_map(|answer| answer.note.as_ref()?.get(self.opening.os));
            keys.extend(reading.texts_probes(&spot.tree, &notes.collect::<Vec<_>>()));
        }
        keys
    }

    /// Probes of questions that can come, which gave nothing yet.
    fn ahead(&self) -> Vec<ProbeKey> {
        let from: Vec<&Spot> = match &self.walk.front {
            Front::Question {
                purpose: Purpose::Verify | Purpose::Settled,
                ..
            } => return Vec::new(),
            Front::Question { spot, pending, .. } => vec![spot, pending],
            Front::Do { .. } | Front::Conclusion { .. } => return Vec::new(),
        };
        let mut keys = self.shape.probes_ahead(&from, &self.walk.frames, FARTHEST);
        keys.retain(|key| !self.ledger.looked(key, self.walk.generation));
        keys
    }

    /// Inputs that must be asked before the front can be shown.
    fn needed_inputs(&self) -> Vec<InputName> {
        let reading = self.reading();
        let spot = self.walk.front.spot();
        let mut needed = Vec::new();
        reading.texts_need(&spot.tree, &reading.screen_texts(spot), &mut needed);
        if let (Front::Question { .. }, Some(ask)) = (&self.walk.front, reading.ask(spot)) {
            for key in reading.question_probes(spot, ask) {
                if let Status::NeedsInputs(names) = &reading.probe(&key).status {
                    add(&mut needed, names);
                }
            }
            for case in ask.probe.iter().flat_map(|probe| &probe.cases) {
                reading.names_need(&spot.tree, &case.condition.demands.inputs, &mut needed);
            }
        }
        needed
    }

    /// Looks for paths that fit the globs of inputs that are asked for now, once for each; stops looking for others.
    fn hunt(&mut self, needed: &[InputName]) -> Vec<Effect> {
        self.hunts.retain(|_, hunt| needed.contains(&hunt.input));
        // Names of files and folders tell something of the machine, so a tree that was not agreed to sees none.
        if self.opening.place != Place::Here || !self.opening.trusted {
            return Vec::new();
        }
        let tree = self.walk.front.spot().tree.clone();
        let mut effects = Vec::new();
        for name in needed {
            let known = self.ledger.suggestions.contains_key(name)
                || self.hunts.values().any(|hunt| hunt.input == *name);
            let Some(hunt) = self
                .hunt_for(&tree, name)
                .filter(|hunt| !known && !hunt.globs.is_empty())
            else {
                continue;
            };
            let run = self.next_run();
            self.hunts.insert(run, hunt.clone());
            let Hunt {
                input,
                globs,
                folders,
            } = hunt;
            effects.push(Effect::Suggest {
                run,
                input,
                globs,
                folders,
            });
        }
        effects
    }

    fn hunt_for(&self, tree: &TreeId, name: &InputName) -> Option<Hunt> {
        let reading = self.reading();
        let input = reading.input(tree, name)?;
        let folders = match input.ty {
            InputType::Directory => true,
            InputType::File => false,
            _ => return None,
        };
        let globs = input.suggest.as_ref()?.get(self.opening.os)?;
        let globs = globs
            .iter()
            .filter_map(|glob| glob.value(&reading.scope(tree, &glob.demands, None)).ok())
            .filter(|glob| !leads_away(glob))
            .collect();
        Some(Hunt {
            input: name.clone(),
            globs,
            folders,
        })
    }
}

fn add(needed: &mut Vec<InputName>, names: &[InputName]) {
    for name in names {
        if !needed.contains(name) {
            needed.push(name.clone());
        }
    }
}

fn runs_of(reading: &Reading<'_>, key: &ProbeKey) -> Vec<RunId> {
    let mut runs = Vec::new();
    reading.runs_before(key, &mut runs);
    runs.into_iter().map(|(run, _)| run).collect()
}
