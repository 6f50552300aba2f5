//! Strongly connected components: the loops of the trees. Tarjan's algorithm with its own stack, since a tree may be
//! deeper than the program's.

use super::graph::Graph;

/// Components, each after those that it leads to.
pub(super) fn components(graph: &Graph) -> Vec<Vec<usize>> {
    const UNSEEN: usize = usize::MAX;
    let count = graph.nodes.len();
    let mut number = vec![UNSEEN; count];
    let mut lowest = vec![0; count];
    let mut on_stack = vec![false; count];
    let mut stack = Vec::new();
    let mut found = Vec::new();
    let mut next_number = 0;
    for root in 0..count {
        if number[root] != UNSEEN {
            continue;
        }
        // A node and how many of its ways were followed.
        let mut calls = vec![(root, 0)];
        while let Some((node, followed)) = calls.last_mut() {
            let node = *node;
            if *followed == 0 {
                number[node] = next_number;
                lowest[node] = next_number;
                next_number += 1;
                stack.push(node);
                on_stack[node] = true;
            }
            let vertex = &graph.nodes[node];
            let way = vertex
                .next
                .iter()
                .chain(&vertex.visits)
                .nth(*followed)
                .copied();
            *followed += 1;
            match way {
                Some(next) if number[next] == UNSEEN => calls.push((next, 0)),
                Some(next) if on_stack[next] => lowest[node] = lowest[node].min(number[next]),
                Some(_) => {}
                None => {
                    calls.pop();
                    if let Some((parent, _)) = calls.last() {
                        lowest[*parent] = lowest[*parent].min(lowest[node]);
                    }
                    if lowest[node] == number[node] {
                        let at = stack.iter().rposition(|other| *other == node).unwrap_or(0);
                        let component = stack.split_off(at);
                        component.iter().for_each(|node| on_stack[*node] = false);
                        found.push(component);
                    }
                }
            }
        }
    }
    found
}
