//! Which probes may be needed, nearest first.

use std::collections::{HashSet, VecDeque};

use crate::{
    engine::{
        ProbeKey, Purpose, Session, Spot,
        ledger::{Key, Role},
        outlook::{Nearest, Prospect, Rank},
        reading::{InputState, Reading},
        walk::Front,
    },
    finding::InputName,
    tree::{AnswerId, Ask, Goto, NodeKind},
};

/// Nodes that are looked at for probes.
const NODES: usize = 256;
/// Probes that are listed at once. As they are done, and as the walk goes on, others take their place.
const PROBES: usize = 64;
/// Questions whose evidence is read for where it points.
const READ: usize = 32;

impl Session {
    /// Probes that are still to be looked at for questions that may come in this generation, nearest first, and whether
    /// there may be more of them.
    pub(super) fn foresee(&self, reading: &Reading<'_>) -> (VecDeque<ProbeKey>, bool) {
        let mut list = List {
            session: self,
            reading,
            known: HashSet::new(),
            inputs: HashSet::new(),
            order: VecDeque::new(),
        };
        if let Some(settled) = self.next_check(reading) {
            list.add_wants(&settled);
        }
        let mut nearest = self.begin_search(reading);
        let mut read = 0;
        for _ in 0..NODES {
            let Some((spot, rank)) = nearest.pop() else {
                return (list.order, false);
            };
            let prospect = self.prospect(reading, spot, rank, &mut read);
            for asked in self.guards(&mut nearest, spot, rank) {
                list.add_wants(asked);
            }
            if !matches!(prospect, Prospect::Passed(_)) {
                list.add_wants(spot);
            }
            if list.order.len() >= PROBES {
                return (list.order, true);
            }
            nearest.expand(spot, rank, prospect);
        }
        (list.order, false)
    }

    /// After a fix: the check that comes after the one on the screen.
    fn next_check(&self, reading: &Reading<'_>) -> Option<Spot> {
        let Front::Question {
            purpose: Purpose::Verify,
            pending,
            ..
        } = &self.walk.front
        else {
            return None;
        };
        let settled = reading.forest.tree(&pending.tree)?.settled.as_ref()?;
        Some(Spot::new(pending.tree.clone(), settled.value.node.clone()))
    }

    /// The answer of the question on the screen that something speaks for: it was given ahead, evidence points at it, or
    /// it was given before the person went back.
    pub(super) fn likely_at_front<'a>(&self, reading: &Reading<'a>) -> Option<&'a AnswerId> {
        let spot = self.walk.front.spot();
        let Front::Question { .. } = &self.walk.front else {
            return None;
        };
        let ask = reading.ask(spot)?;
        let answer = |id: AnswerId| ask.answers.iter().find(|answer| answer.id == id);
        if let Some(stated) = self.stated(spot, ask).and_then(answer) {
            return Some(&stated.id);
        }
        if let Some(pointed) = reading.pointed(spot, ask) {
            return Some(&pointed.id);
        }
        let held = self.held_answer().flatten().and_then(answer)?;
        Some(&held.id)
    }

    /// Where the walk can come to from the front.
    fn begin_search(&self, reading: &Reading<'_>) -> Nearest<'_> {
        let mut nearest = self.shape.nearest(self.opening.os);
        let Front::Question {
            spot,
            purpose,
            pending,
        } = &self.walk.front
        else {
            return nearest;
        };
        let asked = Rank::default().after(1);
        let likely = self.likely_at_front(reading);
        match purpose {
            Purpose::Walk => nearest.add(spot, Rank::default()),
            // Its answer decides whether the node behind it may be shown, or what is shown instead.
            Purpose::Guard => {
                let wants = self.shape.wants(&self.forest, pending, self.opening.os);
                let own = wants.iter().flat_map(|wants| &wants.guards);
                for guard in own.filter(|guard| guard.asked == *spot) {
                    let (on, off) = match likely {
                        Some(likely) if *likely == guard.needs => (asked, asked.beside()),
                        Some(_) => (asked.beside(), asked),
                        None => (asked, asked),
                    };
                    nearest.add(pending, on);
                    nearest.add(&guard.otherwise, off);
                }
            }
            // Where to go on if the fix did not help.
            Purpose::Verify | Purpose::Settled => {
                if let Some(NodeKind::Conclude(conclude)) =
                    reading.node(pending).map(|node| &node.kind)
                    && let Some(otherwise) = &conclude.otherwise
                {
                    nearest.add_way(pending, otherwise, asked.beside());
                }
            }
        }
        if matches!(purpose, Purpose::Walk | Purpose::Guard) {
            nearest.add_returns(pending, &self.walk.frames);
        }
        nearest
    }

    /// How the question at `spot` will be left. Evidence is read only where nothing speaks against the way there, and
    /// for so many questions at most.
    fn prospect<'a>(
        &self,
        reading: &Reading<'a>,
        spot: &Spot,
        rank: Rank,
        read: &mut usize,
    ) -> Prospect<'a> {
        let Some(ask) = reading.ask(spot) else {
            return Prospect::Open;
        };
        let way = |id: &AnswerId| way(ask, id);
        if spot == self.walk.front.spot() {
            let likely = self.likely_at_front(reading).and_then(way);
            return likely.map_or(Prospect::Open, Prospect::Likely);
        }
        let key = Key {
            generation: self.walk.generation,
            spot: spot.clone(),
            role: Role::Question,
        };
        if let Some(answered) = self.ledger.answers.get(&key) {
            match &answered.answer {
                None => return Prospect::Passed(ask.unsure.as_ref()),
                Some(id) => {
                    if let Some(way) = way(id) {
                        return Prospect::Passed(Some(way));
                    }
                }
            }
        }
        if let Some(stated) = self.stated(spot, ask).as_ref().and_then(way) {
            return Prospect::Likely(stated);
        }
        let has_probe = ask.probe.is_some();
        if !has_probe || rank.detours > 0 || *read >= READ {
            return Prospect::Open;
        }
        *read += 1;
        let pointed = reading.pointed(spot, ask);
        pointed.map_or(Prospect::Open, |answer| Prospect::Likely(&answer.goto))
    }

    /// The questions that are asked before the node's texts may be shown. Where their other answers lead is put into the
    /// search.
    fn guards(&self, nearest: &mut Nearest<'_>, spot: &Spot, rank: Rank) -> Vec<&Spot> {
        let wants = self.shape.wants(&self.forest, spot, self.opening.os);
        let mut all = Vec::new();
        for guard in wants.iter().flat_map(|wants| &wants.guards) {
            let key = Key {
                generation: self.walk.generation,
                spot: guard.asked.clone(),
                role: Role::Question,
            };
            if guard.asked == *spot || self.ledger.answers.contains_key(&key) {
                continue;
            }
            nearest.add(&guard.otherwise, rank.after(1));
            all.push(&guard.asked);
        }
        all
    }
}

/// Probes in the order in which they are to be looked at, each once.
struct List<'s, 'r, 'a> {
    session: &'s Session,
    reading: &'r Reading<'a>,
    known: HashSet<ProbeKey>,
    inputs: HashSet<InputName>,
    order: VecDeque<ProbeKey>,
}

impl List<'_, '_, '_> {
    /// What a node names, and what the inputs that it names wait for.
    fn add_wants(&mut self, at: &Spot) {
        let session = self.session;
        let wants = session.shape.wants(&session.forest, at, session.opening.os);
        let Some(wants) = wants else {
            return;
        };
        wants.probes.iter().for_each(|key| self.add(key));
        for name in &wants.inputs {
            if self.inputs.contains(name) {
                continue;
            }
            self.inputs.insert(name.clone());
            if let InputState::Waiting { on, .. } = self.reading.input_state(&at.tree, name) {
                on.iter().for_each(|key| self.add(key));
            }
        }
    }

    fn add(&mut self, key: &ProbeKey) {
        if self.known.contains(key) {
            return;
        }
        self.known.insert(key.clone());
        if self.session.is_open(self.reading, key) {
            self.order.push_back(key.clone());
        }
    }
}

fn way<'a>(ask: &'a Ask, id: &AnswerId) -> Option<&'a Goto> {
    let answer = ask.answers.iter().find(|answer| answer.id == *id)?;
    Some(&answer.goto)
}
