//! Events about looks: again, no more, and what a person pasted instead.

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;

use crate::{
    engine::{
        Effect, Place, ProbeKey, ProbeRequest, Record, Rejection, RunId, Session, Stage,
        reading::Status, session::apply::Taken,
    },
    finding::{Finding, InputName, Reason, Source, Unknown, Value},
};

impl Session {
    /// Starts the question's probes (again). What they gave before is gone. A login that was refused is not tried again as
    /// it is: it is asked for anew, as is what nobody knew.
    pub(super) fn look(&mut self, at: Timestamp) -> Result<Taken, Rejection> {
        let spot = self.question_spot()?;
        let reading = self.reading();
        let ask = reading.ask(&spot).ok_or(Rejection::NoQuestion)?;
        let mut requests = Vec::new();
        let mut again = Vec::new();
        let mut refused = Vec::new();
        let mut unknown = Vec::new();
        let mut logins = Vec::new();
        let mut looking = false;
        for key in reading.bases(&spot, ask) {
            let state = reading.probe(&key);
            let Some(request) = &state.request else {
                continue;
            };
            match &state.status {
                Status::Running(..) | Status::Waiting(_) => looking = true,
                Status::Found(_) if state.run.is_some() => looking = true,
                Status::Found(_) if !request.complete || !reading.runs_here(&key) => {}
                // It says the same however often it is asked, and what was taken from a newer one would be lost.
                Status::Found(found)
                    if self.opening.place == Place::Bundle && found.outcome().is_some() => {}
                Status::Found(_) if reading.refused_user(request).is_some() => {
                    refused.extend(reading.login_inputs(&key));
                }
                Status::Found(_) => again.push(request.clone()),
                Status::NeedsLogin(_) => logins.extend(reading.login_inputs(&key)),
                Status::Ready | Status::NeedsLook => requests.push(request.clone()),
                Status::Refused(_) => refused.extend(reading.login_inputs(&key)),
                Status::Unknown(_) => unknown.extend(reading.inputs_said_unknown(&key)),
                Status::NeedsInputs(_) | Status::NotHere => {}
            }
        }
        // The look is wanted, so what is not known of its login is asked for now.
        if !logins.is_empty() {
            self.now = at;
            for name in &logins {
                self.ledger.want_login(name);
            }
            return Ok(Taken::new(Record::Look));
        }
        // What was never looked at comes first: a login that was tried is not tried again along with it.
        if requests.is_empty() && !looking {
            let given = self.ledger.inputs(self.walk.generation);
            refused.retain(|name| given.contains_key(name));
            unknown.retain(|name| given.contains_key(name));
            let ask_anew = match (refused.is_empty(), again.is_empty()) {
                (false, _) => refused,
                (true, true) => unknown,
                (true, false) => Vec::new(),
            };
            if !ask_anew.is_empty() {
                return Ok(self.ask_anew(&ask_anew, at));
            }
            requests = again;
        }
        let on_the_way = self.runs.values().map(|running| &running.request);
        let requests = once_each_login(requests, on_the_way);
        if requests.is_empty() {
            return Err(if looking {
                Rejection::LookingAlready
            } else {
                Rejection::NothingToLookAt
            });
        }
        self.now = at;
        let mut taken = Taken::new(Record::Look);
        for request in requests {
            self.ledger
                .forget(&request.key, &request.hash, request.generation);
            taken.changed = Some(request.generation);
            taken.effects.push(self.begin(&request));
        }
        Ok(taken)
    }

    /// Takes inputs back, so that they are asked for.
    fn ask_anew(&mut self, names: &[InputName], at: Timestamp) -> Taken {
        self.now = at;
        for name in names {
            self.ledger.take_back(name, self.walk.generation);
            self.ledger.want_login(name);
        }
        Taken {
            changed: Some(self.walk.generation),
            ..Taken::new(Record::Look)
        }
    }

    /// Stops what the stage waits for: it is then unknown, since the person said so. What was found before, and was only
    /// looked at again, stands.
    pub(super) fn stop(&mut self, at: Timestamp) -> Result<Taken, Rejection> {
        let runs: Vec<RunId> = match &self.stage {
            Stage::Question(question) => question.runs(),
            Stage::Do(instruction) => instruction.looking.clone(),
            Stage::Conclusion(conclusion) => conclusion.looking.clone(),
            Stage::Inputs(asks) => asks.iter().filter_map(|ask| ask.looking).collect(),
        };
        if runs.is_empty() {
            return Err(Rejection::NotLooking);
        }
        let mut taken = Taken::new(Record::Stop);
        for run in runs {
            if let Some(hunt) = self.hunts.remove(&run) {
                self.ledger.suggestions.insert(hunt.input, Vec::new());
            }
            let Some(running) = self.runs.remove(&run) else {
                continue;
            };
            taken.effects.push(Effect::CancelProbe { run });
            let request = running.request;
            let found = self
                .ledger
                .finding(&request.key, &request.hash, request.generation);
            if found.is_some() {
                continue;
            }
            let why = Unknown::new(Reason::Stopped, "the look was stopped");
            let took = Duration::try_from(at.duration_since(running.since)).unwrap_or_default();
            let source = match self.opening.place {
                Place::Bundle => Source::Bundled,
                Place::Here | Place::Elsewhere => Source::Observed,
            };
            let finding = Arc::new(Finding::unknown(why, source, at, took));
            self.ledger
                .keep(&request.key, &request.hash, request.generation, finding);
            taken.changed = Some(request.generation);
        }
        Ok(taken)
    }

    pub(super) fn paste(
        &mut self,
        probe: ProbeKey,
        params: &str,
        finding: Finding,
    ) -> Result<Taken, Rejection> {
        let state = self.reading().probe(&probe);
        let hash = match &state.request {
            Some(request) if request.hash == params => request.hash.clone(),
            Some(_) => return Err(Rejection::OtherParameters(probe)),
            None => return Err(Rejection::NoSuchProbe(probe)),
        };
        // Scripts say the time in whole seconds.
        let before = |done: Timestamp| finding.at.as_second() < done.as_second();
        if finding.source == Source::Bundled && self.done_at().is_some_and(before) {
            return Err(Rejection::GatheredBefore(probe));
        }
        // Both are told by that machine's clock; what somebody looked at or pasted is of another's.
        let generation = self.walk.generation;
        let known = self.ledger.finding(&probe, &hash, generation);
        let is_older = |known: &Finding| {
            known.source == Source::Bundled
                && known.outcome().is_some()
                && finding.at.as_second() < known.at.as_second()
        };
        if finding.source == Source::Bundled && known.is_some_and(|known| is_older(known)) {
            return Err(Rejection::OlderThanKnown(probe));
        }
        let mut effects = Vec::new();
        if let Some((run, _)) = state.run {
            effects.push(Effect::CancelProbe { run });
        }
        for effect in &effects {
            if let Effect::CancelProbe { run } = effect {
                self.runs.remove(run);
            }
        }
        // It may tell where others look, and what an answer was read from may be another look by now.
        self.looks_may_be_others = true;
        let finding = Arc::new(finding);
        self.ledger.keep(&probe, &hash, generation, finding.clone());
        Ok(Taken {
            effects,
            changed: Some(generation),
            ..Taken::new(Record::Pasted {
                probe,
                params: hash,
                finding,
            })
        })
    }
}

impl Session {
    /// When the last thing was done that a look could show: a `do`, a fix.
    fn done_at(&self) -> Option<Timestamp> {
        let generation = self.walk.generation;
        let mut entries = self.transcript.iter().rev();
        Some(entries.find(|entry| entry.generation < generation)?.at)
    }
}

/// The requests without those that would send a login that goes with another one at the same time: were it wrong, it would
/// count twice.
fn once_each_login<'r>(
    requests: Vec<Arc<ProbeRequest>>,
    on_the_way: impl Iterator<Item = &'r ProbeRequest>,
) -> Vec<Arc<ProbeRequest>> {
    let login = |request: &ProbeRequest| request.params.get("login").cloned();
    let mut sent: Vec<Value> = on_the_way.filter_map(login).collect();
    let mut kept = requests;
    kept.retain(|request| match login(request) {
        Some(login) if sent.contains(&login) => false,
        Some(login) => {
            sent.push(login);
            true
        }
        None => true,
    });
    kept
}
