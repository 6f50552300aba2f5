//! How many questions lie ahead of each node.

use std::{cmp::Reverse, collections::BinaryHeap};

use super::graph::{Graph, Kind};

/// No way leads there.
pub(super) const NEVER: u32 = u32::MAX;

/// Counted from a node, itself included.
#[derive(Debug, Clone, Copy)]
pub(super) struct Counts {
    /// The fewest questions to an end that closes the case.
    pub stop: u32,
    /// The fewest questions to an end from which a visiting tree would go on.
    pub back: u32,
    /// The most questions, loops once.
    pub most: u32,
    pub repeats: bool,
}

/// Counts over components in the order in which [`super::components`] gives them: what a node leads to comes first.
pub(super) fn count(graph: &Graph, components: &[Vec<usize>]) -> Vec<Counts> {
    let none = Counts {
        stop: NEVER,
        back: NEVER,
        most: 0,
        repeats: false,
    };
    let mut counts = vec![none; graph.nodes.len()];
    let mut home = vec![usize::MAX; graph.nodes.len()];
    for (id, component) in components.iter().enumerate() {
        component.iter().for_each(|node| home[*node] = id);
        let inside = |node: usize| home[node] == id;
        most(graph, component, &inside, &mut counts);
        for end in [End::Back, End::Stop] {
            fewest(graph, component, &inside, end, &mut counts);
        }
    }
    counts
}

#[derive(Clone, Copy, PartialEq)]
enum End {
    Stop,
    Back,
}

/// Questions that passing a node costs: a visit costs what its tree asks before it comes back.
fn cost(graph: &Graph, node: usize, inside: &impl Fn(usize) -> bool, counts: &[Counts]) -> u32 {
    let vertex = &graph.nodes[node];
    match (vertex.kind, vertex.visits) {
        (Kind::Ask, _) => 1,
        (Kind::Visit, Some(start)) if !inside(start) => counts[start].back,
        _ => 0,
    }
}

fn most(
    graph: &Graph,
    component: &[usize],
    inside: &impl Fn(usize) -> bool,
    counts: &mut [Counts],
) {
    let mut within = 0_u32;
    let mut after = 0;
    let mut repeats = component.len() > 1;
    for node in component {
        let vertex = &graph.nodes[*node];
        let visited = vertex.visits.filter(|start| !inside(*start));
        within = within.saturating_add(match vertex.kind {
            Kind::Ask => 1,
            _ => visited.map_or(0, |start| counts[start].most),
        });
        for next in vertex.next.iter().chain(&vertex.visits) {
            if inside(*next) {
                repeats |= next == node;
            } else {
                repeats |= counts[*next].repeats;
            }
        }
        for next in vertex.next.iter().filter(|next| !inside(**next)) {
            after = after.max(counts[*next].most);
        }
    }
    for node in component {
        counts[*node].most = within.saturating_add(after);
        counts[*node].repeats = repeats;
    }
}

/// Dijkstra's algorithm inside one component, from its ways out.
fn fewest(
    graph: &Graph,
    component: &[usize],
    inside: &impl Fn(usize) -> bool,
    end: End,
    counts: &mut [Counts],
) {
    let get = |counts: &[Counts], node: usize| match end {
        End::Stop => counts[node].stop,
        End::Back => counts[node].back,
    };
    let mut queue = BinaryHeap::new();
    let mut before: Vec<(usize, usize)> = Vec::new();
    for node in component {
        let vertex = &graph.nodes[*node];
        let mut best = match (vertex.kind, end) {
            (Kind::Cause | Kind::Escalate, End::Stop) | (Kind::End, End::Back) => 0,
            _ => NEVER,
        };
        let cost = cost(graph, *node, inside, counts);
        for next in &vertex.next {
            if inside(*next) {
                before.push((*next, *node));
            } else {
                best = best.min(get(counts, *next).saturating_add(cost));
            }
        }
        if let (End::Stop, Some(start)) = (end, vertex.visits) {
            if inside(start) {
                before.push((start, *node));
            } else {
                best = best.min(counts[start].stop);
            }
        }
        if best < NEVER {
            queue.push(Reverse((best, *node)));
        }
    }
    before.sort_unstable();
    while let Some(Reverse((best, node))) = queue.pop() {
        if best >= get(counts, node) {
            continue;
        }
        match end {
            End::Stop => counts[node].stop = best,
            End::Back => counts[node].back = best,
        }
        let from = before.partition_point(|(next, _)| *next < node);
        for (_, before) in before[from..].iter().take_while(|(next, _)| *next == node) {
            let cost = cost(graph, *before, inside, counts);
            queue.push(Reverse((best.saturating_add(cost), *before)));
        }
    }
}
