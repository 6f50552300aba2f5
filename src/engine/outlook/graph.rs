//! Trees as numbered nodes with their ways on, for one operating system.

use std::{collections::HashMap, sync::Arc};

use crate::{
    engine::Spot,
    finding::{Os, TreeId},
    tree::{Forest, Goto, Node, NodeKind, Target, Tree, Verdict},
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Ask,
    Do,
    Visit,
    Cause,
    /// Ends the case in whatever tree it stands.
    Escalate,
    /// Ends its tree: a visiting one goes on.
    End,
}

#[derive(Debug)]
pub(super) struct Vertex {
    pub spot: Spot,
    pub kind: Kind,
    /// Ways on; for a visit those after it came back.
    pub next: Vec<usize>,
    /// A visit's other tree: its start.
    pub visits: Option<usize>,
    /// For a visit the same as `next`, else empty.
    pub returns: Vec<usize>,
}

#[derive(Debug)]
pub(super) struct Graph {
    pub nodes: Vec<Vertex>,
    /// Every node's ways and visits in one list, since whole trees are searched at each step; `ends` says where each
    /// node's part ends.
    edges: Vec<u32>,
    ends: Vec<u32>,
    /// Where each tree's nodes begin; they follow in the tree's order.
    bases: HashMap<TreeId, (usize, Arc<Tree>)>,
}

impl Graph {
    pub fn new(forest: &Forest, first: &TreeId, os: Os) -> Self {
        let mut graph = Self {
            nodes: Vec::new(),
            edges: Vec::new(),
            ends: Vec::new(),
            bases: HashMap::new(),
        };
        let mut order: Vec<Arc<Tree>> = Vec::new();
        let mut waiting = vec![first.clone()];
        let mut total = 0;
        while let Some(id) = waiting.pop() {
            let Some(tree) = forest.tree(&id).filter(|_| !graph.bases.contains_key(&id)) else {
                continue;
            };
            graph.bases.insert(id, (total, tree.clone()));
            total += tree.nodes.len();
            order.push(tree.clone());
            waiting.extend(tree.nodes.values().flat_map(|node| neighbours(node, os)));
        }
        for tree in &order {
            for node in tree.nodes.values() {
                graph.nodes.push(graph.vertex(tree, node, os));
            }
        }
        for vertex in &graph.nodes {
            let leads = vertex.next.iter().chain(&vertex.visits);
            graph
                .edges
                .extend(leads.filter_map(|next| u32::try_from(*next).ok()));
            graph
                .ends
                .push(u32::try_from(graph.edges.len()).unwrap_or(u32::MAX));
        }
        graph
    }

    /// Where the walk can go from a node, into a visited tree too.
    pub fn leads(&self, index: usize) -> impl Iterator<Item = usize> {
        let begins = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        self.edges[begins as usize..self.ends[index] as usize]
            .iter()
            .map(|next| *next as usize)
    }

    pub fn index(&self, at: &Spot) -> Option<usize> {
        let (base, tree) = self.bases.get(&at.tree)?;
        Some(base + tree.nodes.get_index_of(&at.node)?)
    }

    fn vertex(&self, tree: &Tree, node: &Node, os: Os) -> Vertex {
        let spot = Spot::new(tree.id.clone(), node.id.clone());
        let (kind, ways) = match &node.kind {
            NodeKind::Ask(_) => (Kind::Ask, ways(node)),
            NodeKind::Do(_) => (Kind::Do, ways(node)),
            NodeKind::Visit(_) => (Kind::Visit, ways(node)),
            NodeKind::Conclude(conclude) => match conclude.verdict {
                Verdict::Cause => (Kind::Cause, Vec::new()),
                Verdict::Escalate => (Kind::Escalate, Vec::new()),
                Verdict::Healthy | Verdict::Unresolved | Verdict::NotApplicable => {
                    (Kind::End, Vec::new())
                }
            },
        };
        let mut next: Vec<usize> = Vec::new();
        for index in ways
            .into_iter()
            .filter_map(|goto| self.target(&spot, goto, os))
        {
            if !next.contains(&index) {
                next.push(index);
            }
        }
        let visits = match &node.kind {
            NodeKind::Visit(visit) => self.start(&visit.tree.value),
            _ => None,
        };
        let returns = if visits.is_some() {
            next.clone()
        } else {
            Vec::new()
        };
        Vertex {
            spot,
            kind,
            next,
            visits,
            returns,
        }
    }

    /// Where a tree begins.
    pub fn start(&self, tree: &TreeId) -> Option<usize> {
        let (_, found) = self.bases.get(tree)?;
        self.index(&Spot::new(
            tree.clone(),
            found.start.as_ref()?.value.clone(),
        ))
    }

    /// Where a way leads from a node.
    pub fn target(&self, from: &Spot, goto: &Goto, os: Os) -> Option<usize> {
        match &goto.get(os)?.value {
            Target::Here(node) => self.index(&Spot::new(from.tree.clone(), node.clone())),
            Target::There(tree, Some(node)) => self.index(&Spot::new(tree.clone(), node.clone())),
            Target::There(tree, None) => self.start(tree),
        }
    }
}

/// Every way on from a node, but `otherwise`.
fn ways(node: &Node) -> Vec<&Goto> {
    match &node.kind {
        NodeKind::Ask(ask) => ask
            .answers
            .iter()
            .map(|answer| &answer.goto)
            .chain(&ask.unsure)
            .collect(),
        NodeKind::Do(instruction) => std::iter::once(&instruction.goto)
            .chain(&instruction.unable)
            .collect(),
        NodeKind::Visit(visit) => {
            let then = &visit.then;
            [&then.healthy, &then.unresolved, &then.not_applicable]
                .into_iter()
                .flatten()
                .collect()
        }
        NodeKind::Conclude(_) => Vec::new(),
    }
}

/// Other trees that a walk comes to from a node, by `otherwise` too: it may stand there one day.
fn neighbours(node: &Node, os: Os) -> Vec<TreeId> {
    let mut trees = Vec::new();
    let mut gotos = ways(node);
    match &node.kind {
        NodeKind::Visit(visit) => trees.push(visit.tree.value.clone()),
        NodeKind::Conclude(conclude) => gotos.extend(&conclude.otherwise),
        NodeKind::Ask(_) | NodeKind::Do(_) => {}
    }
    for goto in gotos {
        if let Some(Target::There(tree, _)) = goto.get(os).map(|target| &target.value) {
            trees.push(tree.clone());
        }
    }
    trees
}
