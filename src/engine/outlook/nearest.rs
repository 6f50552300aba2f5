//! Nodes that the walk may come to, nearest first.
//!
//! Knows the trees' shape alone: what was answered, and what evidence points at, comes in with each step of the search
//! as a [`Prospect`]. Deliberately absent: how far it goes, which is for whoever takes the nodes out.

use std::{cmp::Reverse, collections::BinaryHeap};

use crate::{
    engine::{Spot, outlook::Shape},
    finding::Os,
    tree::Goto,
};

use super::{
    distance::NEVER,
    graph::{Kind, Vertex},
};

/// How far a node is. What lies where evidence points comes before anything beside it, then what fewer questions lead
/// to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(in crate::engine) struct Rank {
    /// Questions on the way there that would have to be answered against what speaks for another answer.
    pub detours: u32,
    /// Questions that are asked before.
    pub questions: u32,
}

impl Rank {
    /// So many questions later.
    pub fn after(self, questions: u32) -> Self {
        Self {
            questions: self.questions.saturating_add(questions),
            ..self
        }
    }

    /// Where another way is the likely one.
    pub fn beside(self) -> Self {
        Self {
            detours: self.detours.saturating_add(1),
            ..self
        }
    }
}

/// How a question will be left, as far as that is known.
#[derive(Debug, Clone, Copy)]
pub(in crate::engine) enum Prospect<'a> {
    /// It has its answer: the walk passes it this way and does not ask.
    Passed(Option<&'a Goto>),
    /// It will be asked, and something speaks for this way.
    Likely(&'a Goto),
    /// It will be asked, and one way is as good as another.
    Open,
}

/// Ways on that are followed from one node at most.
const WAYS: usize = 256;

/// A search over the trees' shape. Each node comes out once, at its lowest rank.
pub(in crate::engine) struct Nearest<'s> {
    shape: &'s Shape,
    os: Os,
    /// Rank, then the order in which they were put in.
    queue: BinaryHeap<Reverse<(Rank, usize, usize)>>,
    seen: Vec<bool>,
    added: usize,
}

impl Shape {
    /// A search that begins with the nodes that are added to it.
    pub fn nearest(&self, os: Os) -> Nearest<'_> {
        Nearest {
            shape: self,
            os,
            queue: BinaryHeap::new(),
            seen: vec![false; self.graph.nodes.len()],
            added: 0,
        }
    }
}

impl<'s> Nearest<'s> {
    pub fn add(&mut self, at: &Spot, rank: Rank) {
        if let Some(index) = self.shape.graph.index(at) {
            self.put(index, rank);
        }
    }

    /// The node that `goto` leads to from `at`.
    pub fn add_way(&mut self, at: &Spot, goto: &Goto, rank: Rank) {
        if let Some(index) = self.shape.graph.target(at, goto, self.os) {
            self.put(index, rank);
        }
    }

    /// Where the walk goes on once it comes back out of these visits (outermost first); it is at `at` now.
    pub fn add_returns(&mut self, at: &Spot, frames: &[Spot]) {
        let graph = &self.shape.graph;
        let counts = &self.shape.counts;
        let Some(mut back) = graph.index(at).map(|index| counts[index].back) else {
            return;
        };
        for frame in frames.iter().rev().filter_map(|frame| graph.index(frame)) {
            // It never comes back by an end of its own.
            if back == NEVER {
                return;
            }
            let returns = &graph.nodes[frame].returns;
            for index in returns.iter().take(WAYS) {
                self.put(*index, Rank::default().after(back));
            }
            let over = returns.iter().map(|index| counts[*index].back).min();
            back = back.saturating_add(over.unwrap_or(NEVER));
        }
    }

    /// The next node, and how far it is.
    pub fn pop(&mut self) -> Option<(&'s Spot, Rank)> {
        loop {
            let Reverse((rank, _, index)) = self.queue.pop()?;
            if !std::mem::replace(&mut self.seen[index], true) {
                return Some((&self.shape.graph.nodes[index].spot, rank));
            }
        }
    }

    /// Puts in what a node that came out leads to. Past an instruction a new generation opens: what is found now would
    /// be stale there.
    pub fn expand(&mut self, at: &Spot, rank: Rank, prospect: Prospect<'_>) {
        let graph = &self.shape.graph;
        let Some(index) = graph.index(at) else {
            return;
        };
        let vertex = &graph.nodes[index];
        match (vertex.kind, prospect) {
            (Kind::Ask, Prospect::Passed(way)) => {
                if let Some(way) = way {
                    self.add_way(at, way, rank);
                }
            }
            (Kind::Ask, Prospect::Likely(way)) => {
                self.add_way(at, way, rank.after(1));
                self.put_all(&vertex.next, rank.after(1).beside());
            }
            (Kind::Ask, Prospect::Open) => self.put_all(&vertex.next, rank.after(1)),
            (Kind::Visit, _) => self.visit(vertex, rank),
            (Kind::Do | Kind::Cause | Kind::Escalate | Kind::End, _) => {}
        }
    }

    fn visit(&mut self, vertex: &Vertex, rank: Rank) {
        let Some(start) = vertex.visits else {
            return;
        };
        self.put(start, rank);
        let counts = self.shape.counts[start];
        let asked = if counts.back == NEVER {
            counts.most
        } else {
            counts.back
        };
        self.put_all(&vertex.returns, rank.after(asked));
    }

    fn put_all(&mut self, list: &[usize], rank: Rank) {
        for index in list.iter().take(WAYS) {
            self.put(*index, rank);
        }
    }

    fn put(&mut self, index: usize, rank: Rank) {
        if !self.seen[index] {
            self.queue.push(Reverse((rank, self.added, index)));
            self.added += 1;
        }
    }
}
