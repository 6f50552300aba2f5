//! One tree's nodes as a graph: which node leads to which, and by what.

use crate::tree::{Goto, NodeKind, Spanned, Target, Tree};

/// By what a node leads on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// An answer.
    Answer,
    /// *I don't know*.
    Unsure,
    /// An instruction that was followed.
    Done,
    /// An instruction that could not be followed.
    Unable,
    /// A visited tree came back.
    Returned,
    /// A fix did not help.
    Otherwise,
}

#[derive(Debug, Clone, Copy)]
pub struct Edge<'t> {
    pub from: usize,
    /// The node's index in [`Tree::nodes`]; `None` where it leads out of the tree, or nowhere.
    pub to: Option<usize>,
    pub by: By,
    pub target: &'t Spanned<Target>,
}

#[derive(Debug)]
pub struct Graph<'t> {
    /// By node.
    pub edges: Vec<Vec<Edge<'t>>>,
}

/// Every target that a node names, and by what it leads there.
pub fn each_target<'t>(kind: &'t NodeKind, see: &mut dyn FnMut(By, &'t Spanned<Target>)) {
    let mut all = |goto: &'t Goto, by: By| goto.values().for_each(|target| see(by, target));
    match kind {
        NodeKind::Ask(ask) => {
            for answer in &ask.answers {
                all(&answer.goto, By::Answer);
            }
            ask.unsure.iter().for_each(|goto| all(goto, By::Unsure));
        }
        NodeKind::Do(instruction) => {
            all(&instruction.goto, By::Done);
            instruction
                .unable
                .iter()
                .for_each(|goto| all(goto, By::Unable));
        }
        NodeKind::Visit(visit) => {
            let then = &visit.then;
            for goto in [&then.healthy, &then.unresolved, &then.not_applicable]
                .into_iter()
                .flatten()
            {
                all(goto, By::Returned);
            }
        }
        NodeKind::Conclude(end) => end
            .otherwise
            .iter()
            .for_each(|goto| all(goto, By::Otherwise)),
    }
}

impl<'t> Graph<'t> {
    pub fn new(tree: &'t Tree) -> Self {
        let edges = tree
            .nodes
            .values()
            .enumerate()
            .map(|(from, node)| {
                let mut out = Vec::new();
                each_target(&node.kind, &mut |by, target| {
                    let to = match &target.value {
                        Target::Here(node) => tree.nodes.get_index_of(node),
                        Target::There(other, Some(node)) if *other == tree.id => {
                            tree.nodes.get_index_of(node)
                        }
                        Target::There(..) => None,
                    };
                    out.push(Edge {
                        from,
                        to,
                        by,
                        target,
                    });
                });
                out
            })
            .collect();
        Self { edges }
    }

    pub fn all(&self) -> impl Iterator<Item = &Edge<'t>> {
        self.edges.iter().flatten()
    }

    /// Which nodes can be reached from `starts`, these included.
    pub fn reach(&self, starts: impl IntoIterator<Item = usize>) -> Vec<bool> {
        let mut reached = vec![false; self.edges.len()];
        let mut open: Vec<usize> = starts.into_iter().collect();
        while let Some(at) = open.pop() {
            if std::mem::replace(&mut reached[at], true) {
                continue;
            }
            open.extend(
                self.edges[at]
                    .iter()
                    .filter_map(|edge| edge.to)
                    .filter(|to| !reached[*to]),
            );
        }
        reached
    }

    /// Strongly connected components: sets of nodes each of which leads to every other. Without recursion.
    pub fn components(&self) -> Vec<Vec<usize>> {
        const NEW: usize = usize::MAX;
        let count = self.edges.len();
        let mut index = vec![NEW; count];
        let mut low = vec![0; count];
        let mut on_stack = vec![false; count];
        let mut stack = Vec::new();
        let mut next = 0;
        let mut out = Vec::new();
        for root in 0..count {
            if index[root] != NEW {
                continue;
            }
            let mut walk = vec![(root, 0)];
            while let Some((at, edge)) = walk.last_mut() {
                let at = *at;
                if *edge == 0 {
                    index[at] = next;
                    low[at] = next;
                    next += 1;
                    stack.push(at);
                    on_stack[at] = true;
                }
                if let Some(step) = self.edges[at].get(*edge) {
                    *edge += 1;
                    match step.to {
                        Some(to) if index[to] == NEW => walk.push((to, 0)),
                        Some(to) if on_stack[to] => low[at] = low[at].min(index[to]),
                        _ => {}
                    }
                    continue;
                }
                walk.pop();
                if let Some((parent, _)) = walk.last() {
                    low[*parent] = low[*parent].min(low[at]);
                }
                if low[at] == index[at] {
                    let from = stack.iter().rposition(|node| *node == at).unwrap_or(0);
                    let component = stack.split_off(from);
                    for node in &component {
                        on_stack[*node] = false;
                    }
                    out.push(component);
                }
            }
        }
        out
    }
}
