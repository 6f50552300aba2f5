//! From the start through the ledger, until something is missing. Renders nothing and evaluates nothing: the way
//! depends on answers and marks alone.

mod conclude;
mod front;
mod guard;

use std::collections::HashSet;

use crate::{
    engine::{
        Ended, Opening, Phase, Purpose, Spot,
        ledger::{Answered, Key, Ledger, Role, Way},
    },
    finding::TreeId,
    tree::{Ask, Forest, Goto, NodeKind, Target, Verdict},
};

pub(in crate::engine) use front::{Front, Trod, TrodKind, Walk};
pub(in crate::engine) use guard::{node_guards, open_guard};

/// A tree that is being walked: the first, or one that is visited.
struct Frame {
    /// The visiting node; `None` for the first.
    visit: Option<Spot>,
    id: u32,
    /// Questions in it (and in what it visited) that are left unknown.
    unknown: Vec<Spot>,
}

/// What the walk knows of a question.
enum Asked {
    /// It must be asked now.
    Missing,
    Known(Answered),
}

/// Whether the walk goes on.
enum Next {
    To(Spot),
    Stop(Front),
}

struct Walker<'a> {
    forest: &'a Forest,
    opening: &'a Opening,
    ledger: &'a Ledger,
    steps: Vec<Trod>,
    /// Steps by key: a question that is reached again keeps its answer and makes no second step.
    trod: HashSet<Key>,
    seen: HashSet<(u32, u32, Spot)>,
    frames: Vec<Frame>,
    frame_ids: u32,
    generation: u32,
    held: bool,
    /// The last question was answered, or none was asked yet.
    last_known: bool,
    suspects: Vec<Spot>,
    verified: Option<bool>,
}

/// Walks. Ends, since a spot that is reached twice in one visit and generation ends it, and generations open only by
/// marks that the ledger has.
pub(in crate::engine) fn walk(forest: &Forest, opening: &Opening, ledger: &Ledger) -> Walk {
    let mut walker = Walker {
        forest,
        opening,
        ledger,
        steps: Vec::new(),
        trod: HashSet::new(),
        seen: HashSet::new(),
        frames: vec![Frame {
            visit: None,
            id: 0,
            unknown: Vec::new(),
        }],
        frame_ids: 0,
        generation: 0,
        held: false,
        last_known: true,
        suspects: Vec::new(),
        verified: None,
    };
    let front = walker.run();
    Walk {
        steps: walker.steps,
        front,
        generation: walker.generation,
        frames: walker
            .frames
            .into_iter()
            .filter_map(|frame| frame.visit)
            .collect(),
        held: walker.held,
        suspects: walker.suspects,
        verified: walker.verified,
    }
}

impl<'a> Walker<'a> {
    fn run(&mut self) -> Front {
        let tree = &self.opening.tree;
        let start = self
            .opening
            .node
            .clone()
            .map(|node| Spot::new(tree.clone(), node))
            .or_else(|| self.start_of(tree));
        let Some(mut at) = start else {
            let nowhere = Spot::new(tree.clone(), "start".into());
            return ended(nowhere, Ended::NoWayOn);
        };
        loop {
            match self.node(&at) {
                Next::To(next) => at = next,
                Next::Stop(front) => return front,
            }
        }
    }

    fn start_of(&self, tree: &TreeId) -> Option<Spot> {
        let start = self.forest.tree(tree)?.start.as_ref()?;
        Some(Spot::new(tree.clone(), start.value.clone()))
    }

    fn node(&mut self, at: &Spot) -> Next {
        let frame = self.frames.last().map_or(0, |frame| frame.id);
        if !self.seen.insert((self.generation, frame, at.clone())) {
            return self.end(at, Ended::WentRound, true);
        }
        let Some(node) = self.forest.node(&at.tree, &at.node) else {
            return self.end(at, Ended::NoWayOn, false);
        };
        if let Some(next) = self.pass_guards(at, node) {
            return next;
        }
        match &node.kind {
            NodeKind::Ask(ask) => self.ask(at, ask),
            NodeKind::Do(instruction) => {
                let key = self.key(at, Role::Do);
                let Some(mark) = self.ledger.marks.get(&key).filter(|_| !self.hold(&key)) else {
                    return Next::Stop(Front::Do { spot: at.clone() });
                };
                let done = mark.way == Way::Passed;
                self.step(key, TrodKind::Do { done, at: mark.at });
                if done {
                    self.generation += 1;
                    return self.go(at, Some(&instruction.goto));
                }
                match &instruction.unable {
                    Some(goto) => self.go(at, Some(goto)),
                    None => self.end(at, Ended::NotDone, true),
                }
            }
            NodeKind::Visit(visit) => {
                let again = self
                    .frames
                    .iter()
                    .any(|frame| frame.visit.as_ref() == Some(at));
                match self.start_of(&visit.tree.value) {
                    Some(start) if !again => {
                        self.step(self.key(at, Role::End), TrodKind::Enter);
                        self.frame_ids += 1;
                        let id = self.frame_ids;
                        self.frames.push(Frame {
                            visit: Some(at.clone()),
                            id,
                            unknown: Vec::new(),
                        });
                        Next::To(start)
                    }
                    Some(_) => self.end(at, Ended::WentRound, true),
                    None => self.end(at, Ended::NoWayOn, false),
                }
            }
            NodeKind::Conclude(conclude) => self.conclude(at, conclude),
        }
    }

    fn ask(&mut self, at: &Spot, ask: &'a Ask) -> Next {
        let answered = match self.question(at, Purpose::Walk) {
            Asked::Missing => return Next::Stop(question(at, Purpose::Walk, at)),
            Asked::Known(answered) => answered,
        };
        self.last_known = answered.answer.is_some();
        match &answered.answer {
            Some(id) => match ask.answers.iter().find(|answer| answer.id == *id) {
                Some(answer) => self.go(at, Some(&answer.goto)),
                None => self.end(at, Ended::NoWayOn, false),
            },
            None => match &ask.unsure {
                Some(goto) => self.go(at, Some(goto)),
                None => self.end(at, Ended::NotKnown, true),
            },
        }
    }

    /// A question's answer in this generation; its first use makes the step.
    fn question(&mut self, at: &Spot, purpose: Purpose) -> Asked {
        let key = self.key(at, Role::Question);
        let first = !self.trod.contains(&key);
        if first && let Some(answered) = self.asked_elsewhere(at) {
            self.keep_in_mind(at, purpose, &answered);
            return Asked::Known(answered);
        }
        if first && self.hold(&key) {
            return Asked::Missing;
        }
        let Some(answered) = self
            .ledger
            .answers
            .get(&key)
            .filter(|answered| self.fits(at, answered))
        else {
            return Asked::Missing;
        };
        if first {
            self.step(
                key,
                TrodKind::Question {
                    purpose,
                    answered: answered.clone(),
                },
            );
        }
        let answered = answered.clone();
        self.keep_in_mind(at, purpose, &answered);
        Asked::Known(answered)
    }

    /// What was answered, or not known, in this generation where another tree asked the same.
    fn asked_elsewhere(&self, at: &Spot) -> Option<Answered> {
        let same = self.forest.same(&at.tree, &at.node)?;
        let mut steps = self.steps.iter().rev();
        steps.find_map(|step| match &step.kind {
            TrodKind::Question { answered, .. }
                if step.key.generation == self.generation
                    && self.forest.same(&step.key.spot.tree, &step.key.spot.node) == Some(same)
                    && self.fits(at, answered) =>
            {
                Some(answered.clone())
            }
            _ => None,
        })
    }

    /// Which questions are left unknown.
    fn keep_in_mind(&mut self, at: &Spot, purpose: Purpose, answered: &Answered) {
        for frame in &mut self.frames {
            frame.unknown.retain(|spot| spot != at);
        }
        if answered.answer.is_none()
            && purpose != Purpose::Guard
            && let Some(frame) = self.frames.last_mut()
        {
            frame.unknown.push(at.clone());
        }
    }

    /// The question still has that answer.
    fn fits(&self, at: &Spot, answered: &Answered) -> bool {
        match self.forest.node(&at.tree, &at.node).map(|node| &node.kind) {
            Some(NodeKind::Ask(ask)) => answered
                .answer
                .as_ref()
                .is_none_or(|id| ask.answers.iter().any(|answer| answer.id == *id)),
            _ => false,
        }
    }

    fn key(&self, at: &Spot, role: Role) -> Key {
        Key {
            generation: self.generation,
            spot: at.clone(),
            role,
        }
    }

    /// The walk stops here because the person went back to it.
    fn hold(&mut self, key: &Key) -> bool {
        let held = self.ledger.hold.as_ref() == Some(key);
        self.held |= held;
        held
    }

    fn step(&mut self, key: Key, kind: TrodKind) {
        self.trod.insert(key.clone());
        self.steps.push(Trod {
            key,
            kind,
            depth: self.frames.len() - 1,
        });
    }

    fn go(&mut self, at: &Spot, goto: Option<&Goto>) -> Next {
        let target = goto
            .and_then(|goto| goto.get(self.opening.os))
            .map(|target| &target.value);
        let next = match target {
            Some(Target::Here(node)) => Some(Spot::new(at.tree.clone(), node.clone())),
            Some(Target::There(tree, Some(node))) => Some(Spot::new(tree.clone(), node.clone())),
            Some(Target::There(tree, None)) => self.start_of(tree),
            None => None,
        };
        match next {
            Some(next) => Next::To(next),
            None => self.end(at, Ended::NoWayOn, false),
        }
    }

    /// An end that is no conclusion: *unresolved*, for the visiting tree too.
    fn end(&mut self, at: &Spot, how: Ended, by_not_knowing: bool) -> Next {
        if by_not_knowing
            && let Some(frame) = self
                .frames
                .last_mut()
                .filter(|frame| !frame.unknown.contains(at))
        {
            frame.unknown.push(at.clone());
        }
        self.give_back(Verdict::Unresolved, by_not_knowing)
            .unwrap_or_else(|| Next::Stop(ended(at.clone(), how)))
    }

    /// Back into the visiting tree, if there is one that says where to go on.
    fn give_back(&mut self, verdict: Verdict, by_not_knowing: bool) -> Option<Next> {
        let visit_at = self.frames.last()?.visit.clone()?;
        let NodeKind::Visit(visit) = &self.forest.node(&visit_at.tree, &visit_at.node)?.kind else {
            return None;
        };
        let goto = match verdict {
            Verdict::Healthy => visit.then.healthy.as_ref(),
            Verdict::NotApplicable => visit.then.not_applicable.as_ref(),
            _ => visit.then.unresolved.as_ref(),
        }?;
        let frame = self.frames.pop()?;
        if let Some(outer) = self.frames.last_mut() {
            outer.unknown.extend(frame.unknown);
        }
        let by_not_knowing = by_not_knowing && verdict == Verdict::Unresolved;
        self.last_known = !by_not_knowing;
        self.step(
            self.key(&visit_at, Role::End),
            TrodKind::Leave {
                verdict,
                by_not_knowing,
            },
        );
        Some(self.go(&visit_at, Some(goto)))
    }
}

fn question(at: &Spot, purpose: Purpose, pending: &Spot) -> Front {
    Front::Question {
        spot: at.clone(),
        purpose,
        pending: pending.clone(),
    }
}

fn ended(spot: Spot, how: Ended) -> Front {
    Front::Conclusion {
        spot,
        ended: how,
        verdict: Verdict::Unresolved,
        suspect: false,
        phase: Phase::End,
    }
}
