//! Looks that run ahead of the person, and looks that are made again because what they gave is old.
//!
//! When the walk comes to a new place, or the way from there on changes, the probes of what may come are listed once,
//! nearest first ([`foresee`]). After every event the list is gone through, and what can start is started as long as
//! there is room. What the stage itself asks for always starts, room or not.
//!
//! Only what is *ready* is started ahead: never a look that logs in or runs a program, never one whose inputs are not
//! known or not confirmed, nothing at all before the trees were agreed to.
//!
//! [`foresee`]: Session::foresee

use std::{
    collections::{HashSet, VecDeque},
    sync::Arc,
};

use jiff::{SignedDuration, Timestamp};

use crate::{
    engine::{
        Effect, Place, ProbeKey, ProbeRequest, RunId, Session,
        reading::{ProbeState, Reading, Status},
        session::settle::runs_of,
        walk::Front,
    },
    finding::{Finding, Source, Value},
    tree::AnswerId,
};

/// Looks ahead at once that wait on the network. Nearly all of their time is spent waiting.
const NETWORK_AT_ONCE: usize = 16;
/// Looks ahead at once at the machine itself: they take its processors and its disk, which the person's own look needs.
const LOCAL_AT_ONCE: usize = 2;
/// Looks that may be under way without anybody waiting for them. A driver that can run more than these at once never
/// lets one wait that a person waits for.
pub const MOST_AHEAD: usize = NETWORK_AT_ONCE + LOCAL_AT_ONCE;
/// A finding that is older than this when its question is reached is looked at again. Long enough for a person to read
/// on without anything being asked twice, short enough that what was mended meanwhile is seen.
const FRESH_FOR: SignedDuration = SignedDuration::from_mins(5);

/// What is known of what may come, from the place where the walk stands.
#[derive(Debug, Clone)]
pub(super) struct Ahead {
    /// The place that this is about.
    place: Option<(Front, u32, usize)>,
    /// When the walk came there.
    arrived: Timestamp,
    /// The answer that something speaks for there.
    likely: Option<AnswerId>,
    /// Inputs or answers changed: other ways may be possible.
    pub changed: bool,
    /// Probes that may be needed and gave nothing yet, nearest first.
    order: VecDeque<ProbeKey>,
    /// There may be more than the list holds.
    more: bool,
    /// Probes that were looked at again since the walk came there.
    again: Vec<ProbeKey>,
    /// Looks that run for what may come.
    running: usize,
}

impl Ahead {
    pub fn new(opened: Timestamp) -> Self {
        Self {
            place: None,
            arrived: opened,
            likely: None,
            changed: false,
            order: VecDeque::new(),
            more: false,
            again: Vec::new(),
            running: 0,
        }
    }
}

/// What is to be started and cancelled.
#[derive(Default)]
struct Plan {
    start: Vec<Arc<ProbeRequest>>,
    cancel: Vec<RunId>,
    again: Vec<ProbeKey>,
    order: VecDeque<ProbeKey>,
    running: usize,
}

/// One kind of waiting, with so many looks at once.
struct Lane {
    limit: usize,
    network: bool,
}

const LANES: [Lane; 2] = [
    Lane {
        limit: NETWORK_AT_ONCE,
        network: true,
    },
    Lane {
        limit: LOCAL_AT_ONCE,
        network: false,
    },
];

/// A secret among the facts is not known any more.
fn is_forgotten(finding: &Finding) -> bool {
    fn within(value: &Value) -> bool {
        match value {
            Value::Secret(secret) => secret.expose().is_none(),
            Value::List(list) => list.iter().any(within),
            Value::Map(map) => map.values().any(within),
            _ => false,
        }
    }
    finding.facts.values().any(within)
}

impl Session {
    /// Looks that are under way for questions that may come. Those that the stage waits for do not count.
    pub fn looks_ahead(&self) -> usize {
        self.ahead.running
    }

    /// The case is taken up again at this time: what the stage rests on is looked at again where it is old, and secrets are
    /// asked for again, since nobody kept them. The effects are to be done at once.
    pub fn resume(&mut self, at: Timestamp) -> Vec<Effect> {
        self.now = at;
        // What the steps show may rest on what is forgotten now.
        self.path();
        self.ledger.take_secrets_back();
        // What lost its secrets when it was written down is looked at again, where that can be done from here.
        if self.opening.trusted && self.opening.place != Place::Elsewhere {
            self.ledger.forget_looks(is_forgotten);
        }
        self.settle_anew()
    }

    /// Settles, and lists what may come as if the walk had just come where it is.
    pub(super) fn settle_anew(&mut self) -> Vec<Effect> {
        self.ahead.place = None;
        self.settle()
    }

    /// Notes where the walk came to, and lists what may come from there if that is another place or another way.
    pub(super) fn arrive(&mut self) {
        let place = (
            self.walk.front.clone(),
            self.walk.generation,
            self.walk.frames.len(),
        );
        let is_new = self.ahead.place.as_ref() != Some(&place);
        if is_new {
            self.ahead.place = Some(place);
            self.ahead.arrived = self.now;
            self.ahead.again.clear();
        }
        let reading = self.reading();
        let likely = self.likely_at_front(&reading).cloned();
        let used_up = self.ahead.order.is_empty() && self.ahead.more;
        let foreseen = if is_new || self.ahead.changed || likely != self.ahead.likely || used_up {
            Some(self.foresee(&reading))
        } else {
            None
        };
        let news = reading.into_news();
        self.fills.take_in(news);
        self.ahead.likely = likely;
        self.ahead.changed = false;
        if let Some((order, more)) = foreseen {
            self.ahead.order = order;
            self.ahead.more = more;
        }
    }

    /// Starts what the stage asks for, and what there is room for ahead; cancels what there is no room for any more.
    pub(super) fn start_wanted(&mut self) -> Vec<Effect> {
        let reading = self.reading();
        let plan = self.plan(&reading);
        let news = reading.into_news();
        self.fills.take_in(news);
        self.ahead.order = plan.order;
        self.ahead.running = plan.running;
        self.ahead.again.extend(plan.again);
        let mut effects = self.cancel(&plan.cancel);
        effects.extend(plan.start.iter().map(|request| self.begin(request)));
        effects
    }

    fn plan(&self, reading: &Reading<'_>) -> Plan {
        let mut plan = Plan::default();
        let mut awaited = HashSet::new();
        for key in self.wanted_by_front(reading) {
            reading.startable(&key, &mut plan.start);
            awaited.extend(runs_of(reading, &key));
            let state = reading.probe(&key);
            awaited.extend(state.run.map(|(run, _)| run));
            if self.is_old(&key, &state) {
                plan.start.extend(state.request.clone());
                plan.again.push(key);
            }
        }
        let (candidates, near) = self.foreseen(reading, &mut plan);
        for lane in LANES {
            let mine = |run: &RunId| {
                let running = self.runs.get(run);
                running
                    .is_some_and(|running| reading.is_network(&running.request.key) == lane.network)
            };
            let others = self.runs.keys().filter(|run| !awaited.contains(*run));
            let (near, mut past): (Vec<RunId>, VecDeque<RunId>) = others
                .copied()
                .filter(mine)
                .map(|run| (near.contains(&run), run))
                .fold(
                    Default::default(),
                    |(mut near, mut past), (is_near, run)| {
                        if is_near {
                            near.push(run);
                        } else {
                            past.push_back(run);
                        }
                        (near, past)
                    },
                );
            plan.running += near.len();
            let mut room = lane.limit.saturating_sub(near.len() + past.len());
            // Nobody waits for them any more, and there are more than may run.
            let over = (near.len() + past.len()).saturating_sub(lane.limit);
            plan.cancel.extend(past.drain(..over.min(past.len())));
            let still_over = near.len().saturating_sub(lane.limit);
            plan.cancel.extend(near.iter().rev().take(still_over));
            plan.running -= still_over;
            for candidate in &candidates {
                if reading.is_network(&candidate.key) != lane.network {
                    continue;
                }
                if room > 0 {
                    room -= 1;
                } else if let Some(run) = past.pop_front() {
                    plan.cancel.push(run);
                } else {
                    break;
                }
                if matches!(reading.probe(&candidate.key).status, Status::Found(_)) {
                    plan.again.push(candidate.key.clone());
                }
                plan.running += 1;
                plan.start.push(candidate.clone());
            }
        }
        plan
    }

    /// What can be started of the list, in its order, and the runs that it waits for. What the list need not hold any
    /// more leaves it.
    fn foreseen(
        &self,
        reading: &Reading<'_>,
        plan: &mut Plan,
    ) -> (Vec<Arc<ProbeRequest>>, HashSet<RunId>) {
        let mut candidates: Vec<Arc<ProbeRequest>> = Vec::new();
        let mut near = HashSet::new();
        for key in &self.ahead.order {
            reading.each_before(key, &mut |state| {
                near.extend(state.run.map(|(run, _)| run));
                let Some(request) = self.starts_ahead(reading, state) else {
                    return;
                };
                let mut known = plan.start.iter().chain(&candidates);
                if !known.any(|known| known.key == request.key) {
                    candidates.push(request.clone());
                }
            });
            if self.is_open(reading, key) {
                plan.order.push_back(key.clone());
            }
        }
        (candidates, near)
    }

    /// The probe's look, or one that it waits for, can be made ahead or is under way.
    pub(super) fn is_open(&self, reading: &Reading<'_>, key: &ProbeKey) -> bool {
        let mut open = false;
        reading.each_before(key, &mut |state| {
            open |= state.run.is_some() || self.starts_ahead(reading, state).is_some();
        });
        open
    }

    /// The request of a look that can be started ahead now.
    fn starts_ahead<'r>(
        &self,
        reading: &Reading<'_>,
        state: &'r ProbeState,
    ) -> Option<&'r Arc<ProbeRequest>> {
        let request = state.request.as_ref()?;
        let starts = state.status == Status::Ready || self.is_old(&request.key, state);
        (starts && reading.is_safe_ahead(&request.key)).then_some(request)
    }

    /// What the probe gave was old already when the walk came here, and it can be looked at again by itself. Once for
    /// each time that the walk comes to a place: a clock that is turned back must not make it look again and again.
    fn is_old(&self, key: &ProbeKey, state: &ProbeState) -> bool {
        let Status::Found(finding) = &state.status else {
            return false;
        };
        state.ready
            && state.run.is_none()
            && finding.source == Source::Observed
            && self.opening.place != Place::Bundle
            && self.ahead.arrived.duration_since(finding.at) > FRESH_FOR
            && !self.ahead.again.contains(key)
    }
}
