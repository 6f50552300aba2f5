//! What can still come: counted once for the trees, asked at every step.

mod components;
mod distance;
mod graph;
mod nearest;
mod wants;

use std::sync::OnceLock;

use crate::{
    engine::Spot,
    finding::{Os, TreeId},
    tree::Forest,
};

use components::components;
use distance::{Counts, count};
use graph::{Graph, Kind};
pub(in crate::engine) use nearest::{Nearest, Prospect, Rank};
use wants::Wants;

/// The way ahead from where the case stands. `verify` and `otherwise` are left out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outlook {
    /// Causes that can still be reached, in the order of their trees.
    pub causes: Vec<Spot>,
    /// The fewest questions until an end, the one on the screen counted.
    pub fewest: u32,
    /// The most questions, each counted once.
    pub most: u32,
    /// A loop lies ahead: it can be more than [`Outlook::most`] if it is repeated.
    pub repeats: bool,
}

/// The trees as a graph, with what was counted over it. Made once for a session.
#[derive(Debug)]
pub(in crate::engine) struct Shape {
    graph: Graph,
    counts: Vec<Counts>,
    /// What each node that was looked at wants.
    wants: Vec<OnceLock<Box<Wants>>>,
}

impl Shape {
    /// Of every tree that a walk from `first` can come to.
    pub fn new(forest: &Forest, first: &TreeId, os: Os) -> Self {
        let graph = Graph::new(forest, first, os);
        let counts = count(&graph, &components(&graph));
        let wants = graph.nodes.iter().map(|_| OnceLock::new()).collect();
        Self {
            graph,
            counts,
            wants,
        }
    }

    /// From `at`, inside these visits (outermost first).
    pub fn outlook(&self, at: &Spot, frames: &[Spot]) -> Outlook {
        let Some(index) = self.graph.index(at) else {
            return Outlook::default();
        };
        let own = self.counts[index];
        let mut outlook = Outlook {
            fewest: own.stop,
            most: own.most,
            repeats: own.repeats,
            ..Outlook::default()
        };
        let mut starts = vec![index];
        // What is asked until the walk comes back out of the visits so far; past any end that closes the case.
        let mut back = own.back;
        for frame in frames
            .iter()
            .rev()
            .filter_map(|frame| self.graph.index(frame))
        {
            let returns = &self.graph.nodes[frame].returns;
            let over = |pick: fn(&Counts) -> u32| {
                returns.iter().map(move |index| pick(&self.counts[*index]))
            };
            let stop = over(|counts| counts.stop).min().unwrap_or(distance::NEVER);
            outlook.fewest = outlook.fewest.min(back.saturating_add(stop));
            outlook.most = outlook
                .most
                .saturating_add(over(|counts| counts.most).max().unwrap_or(0));
            outlook.repeats |= returns.iter().any(|index| self.counts[*index].repeats);
            back = back.saturating_add(over(|counts| counts.back).min().unwrap_or(0));
            starts.extend(returns);
        }
        outlook.fewest = outlook.fewest.min(back);
        if outlook.fewest == distance::NEVER {
            outlook.fewest = outlook.most;
        }
        outlook.causes = self.causes(&starts);
        outlook
    }

    /// Causes that lie behind the end of a visit: of the last of these visits (outermost first), and of those around it.
    pub fn coming_back(&self, frames: &[Spot]) -> Vec<Spot> {
        let indices = frames.iter().filter_map(|frame| self.graph.index(frame));
        let starts: Vec<usize> = indices
            .flat_map(|frame| &self.graph.nodes[frame].returns)
            .copied()
            .collect();
        self.causes(&starts)
    }

    fn causes(&self, starts: &[usize]) -> Vec<Spot> {
        let mut seen = vec![false; self.graph.nodes.len()];
        let mut stack = Vec::new();
        let mut found = Vec::new();
        let mut come = |index: usize, stack: &mut Vec<usize>| {
            if !std::mem::replace(&mut seen[index], true) {
                match self.graph.nodes[index].kind {
                    Kind::Cause => found.push(index),
                    _ => stack.push(index),
                }
            }
        };
        starts.iter().for_each(|start| come(*start, &mut stack));
        while let Some(index) = stack.pop() {
            self.graph
                .leads(index)
                .for_each(|next| come(next, &mut stack));
        }
        found.sort_unstable();
        found
            .into_iter()
            .map(|index| self.graph.nodes[index].spot.clone())
            .collect()
    }
}
