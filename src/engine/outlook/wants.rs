//! What a node needs once the walk stands at it, as its tree says it: worked out once for each node that is looked at.

use crate::{
    engine::{ProbeKey, Spot, outlook::Shape, reading::screen_texts, walk::node_guards},
    finding::{InputName, Os, ProbeName},
    tree::{AnswerId, Demands, Forest, NodeKind, NodeProbe, Template},
};

/// What is named by a node's texts, its probe and its cases.
#[derive(Debug, Default)]
pub(in crate::engine) struct Wants {
    pub probes: Vec<ProbeKey>,
    /// Those that no one gave may wait for more probes.
    pub inputs: Vec<InputName>,
    pub guards: Vec<Guarded>,
}

/// A question that is asked before the node's texts may be shown.
#[derive(Debug)]
pub(in crate::engine) struct Guarded {
    pub asked: Spot,
    /// With this answer they may.
    pub needs: AnswerId,
    /// Where any other answer leads.
    pub otherwise: Spot,
}

impl Shape {
    /// What the node wants; `None` where no walk comes to it.
    pub fn wants(&self, forest: &Forest, at: &Spot, os: Os) -> Option<&Wants> {
        let index = self.graph.index(at)?;
        Some(self.wants[index].get_or_init(|| Box::new(Wants::of(forest, at, os))))
    }
}

impl Wants {
    fn of(forest: &Forest, at: &Spot, os: Os) -> Self {
        let mut wants = Self::default();
        let Some(node) = forest.node(&at.tree, &at.node) else {
            return wants;
        };
        for template in screen_texts(forest, at, os) {
            wants.add(forest, at, &template.demands);
        }
        if let NodeKind::Ask(ask) = &node.kind {
            for name in ask.probe.iter().flat_map(NodeProbe::names) {
                wants.add_probe(forest, at, name);
            }
            for case in ask.probe.iter().flat_map(|probe| &probe.cases) {
                wants.add(forest, at, &case.condition.demands);
            }
            let notes = ask.answers.iter().filter_map(|answer| answer.note.as_ref());
            let notes = notes.filter_map(|note| note.get(os));
            notes.for_each(|note: &Template| wants.add(forest, at, &note.demands));
        }
        for guard in node_guards(forest, &at.tree, node, os) {
            let spot = |node| Spot::new(at.tree.clone(), node);
            wants.guards.push(Guarded {
                asked: spot(guard.needs.value.node.clone()),
                needs: guard.needs.value.answer.clone(),
                otherwise: spot(guard.otherwise.value.clone()),
            });
        }
        wants
    }

    fn add(&mut self, forest: &Forest, at: &Spot, demands: &Demands) {
        for name in &demands.probes {
            self.add_probe(forest, at, name);
        }
        for name in &demands.inputs {
            if !self.inputs.contains(name) {
                self.inputs.push(name.clone());
            }
        }
    }

    fn add_probe(&mut self, forest: &Forest, at: &Spot, name: &ProbeName) {
        let Some((tree, probe)) = forest.probe(&at.tree, name) else {
            return;
        };
        let is_known = |known: &ProbeKey| known.tree == *tree && known.name == probe.name;
        if !self.probes.iter().any(is_known) {
            self.probes.push(ProbeKey {
                tree: tree.clone(),
                name: probe.name.clone(),
            });
        }
    }
}
