//! After every event: walk, start and cancel runs, draw the stage.

use std::sync::OnceLock;

use crate::{
    engine::{
        Effect, Place, ProbeKey, ProbeRequest, RunId, Session, Stage,
        input::leads_away,
        reading::{Reading, Running, Status},
        session::Hunt,
        walk::{Front, Trod, TrodKind, walk},
    },
    finding::{InputName, TreeId},
    tree::InputType,
};

impl Session {
    /// Brings everything that follows from the ledger up to date. Gives what is to be done, in order.
    pub(super) fn settle(&mut self) -> Vec<Effect> {
        let was_over = self.is_over();
        self.keep_drawn();
        self.walk = walk(&self.forest, &self.opening, &self.ledger);
        if self.looks_may_be_others {
            self.go_back_to_other_looks();
        }
        self.outlook = OnceLock::new();
        self.arrive();
        let mut effects = self.cancel_stale();
        effects.extend(self.start_wanted());
        let needed = self.needed_inputs();
        effects.extend(self.hunt(&needed));
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

    /// Holds the walk at the first question whose answer was read from looks that are others now, so that it is looked at
    /// anew. The answers behind it are kept. What a person stated stands, whatever there is to look at.
    fn go_back_to_other_looks(&mut self) {
        let reading = self.reading();
        let rests_on_others = |trod: &&Trod| match &trod.kind {
            TrodKind::Question { answered, .. } => {
                trod.key.generation == reading.generation
                    && answered
                        .rests_on
                        .iter()
                        .any(|(probe, params)| reading.is_another_look(probe, params))
            }
            _ => false,
        };
        let first = self.walk.steps.iter().find(rests_on_others);
        let first = first.map(|trod| trod.key.clone());
        match first {
            Some(key) => {
                self.ledger.hold = Some(key);
                self.walk = walk(&self.forest, &self.opening, &self.ledger);
            }
            // Behind the place where the walk is held there may be more.
            None => self.looks_may_be_others = self.walk.held,
        }
    }

    /// Runs that belong to another generation, or to parameters that are others now; at an end, all that it does not show.
    fn cancel_stale(&mut self) -> Vec<Effect> {
        let reading = self.reading();
        let kept: Vec<RunId> = if self.walk.front.is_last() {
            self.wanted_by_front(&reading)
                .iter()
                .flat_map(|key| runs_of(&reading, key))
                .collect()
        } else {
            let own = |running: &Running| Some(reading.probe(&running.request.key).run?.0);
            self.runs.values().filter_map(own).collect()
        };
        let stale: Vec<RunId> = self
            .runs
            .keys()
            .copied()
            .filter(|run| !kept.contains(run))
            .collect();
        self.cancel(&stale)
    }

    pub(super) fn cancel(&mut self, runs: &[RunId]) -> Vec<Effect> {
        for run in runs {
            self.runs.remove(run);
        }
        runs.iter()
            .map(|run| Effect::CancelProbe { run: *run })
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
    pub(super) fn wanted_by_front(&self, reading: &Reading<'_>) -> Vec<ProbeKey> {
        let spot = self.walk.front.spot();
        match &self.walk.front {
            Front::Question { .. } => reading.wanted_at(spot),
            // An end may stand at a question that was left: that is not asked any more.
            Front::Do { .. } | Front::Conclusion { .. } => {
                reading.texts_probes(&spot.tree, &reading.screen_texts(spot))
            }
        }
    }

    /// Inputs that must be asked before the front can be shown.
    pub(super) fn needed_inputs(&self) -> Vec<InputName> {
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

/// Runs that the probe waits for, its own included.
pub(super) fn runs_of(reading: &Reading<'_>, key: &ProbeKey) -> Vec<RunId> {
    let mut runs = Vec::new();
    reading.runs_before(key, &mut runs);
    runs.into_iter().map(|(run, _)| run).collect()
}
