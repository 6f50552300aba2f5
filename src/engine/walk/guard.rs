//! Guards: a text that uses a guarded step is shown only after another question's answer.

use crate::{
    engine::{
        Purpose, Spot,
        ledger::{Key, Ledger, Role},
        walk::{Asked, Next, Walker, question},
    },
    finding::{Os, TreeId},
    tree::{AnswerId, Forest, Guard, Node, NodeKind, StepName, Template, Text},
};

impl<'a> Walker<'a> {
    /// Asks for what the node's texts must not be shown without. `None`: they may, or are withheld.
    pub(super) fn pass_guards(&mut self, at: &Spot, node: &'a Node) -> Option<Next> {
        for guard in node_guards(self.forest, &at.tree, node, self.opening.os) {
            let asked = Spot::new(at.tree.clone(), guard.needs.value.node.clone());
            // A question that guards its own text would never be asked: its text is withheld instead.
            if asked == *at {
                continue;
            }
            match self.question(&asked, Purpose::Guard) {
                Asked::Missing if self.is_question(&asked) => {
                    return Some(Next::Stop(question(&asked, Purpose::Guard, at)));
                }
                Asked::Missing => {}
                Asked::Known(answered) => match answered.answer {
                    Some(answer) if answer != guard.needs.value.answer => {
                        self.last_known = true;
                        return Some(Next::To(Spot::new(
                            at.tree.clone(),
                            guard.otherwise.value.clone(),
                        )));
                    }
                    _ => {}
                },
            }
        }
        None
    }

    pub(super) fn is_question(&self, at: &Spot) -> bool {
        self.forest
            .node(&at.tree, &at.node)
            .is_some_and(|node| matches!(node.kind, NodeKind::Ask(_)))
    }
}

/// The first guard of a text that has not had its answer in this generation.
pub(in crate::engine) fn open_guard<'a>(
    forest: &'a Forest,
    ledger: &Ledger,
    tree: &TreeId,
    text: &'a Template,
    os: Os,
    generation: u32,
) -> Option<&'a Guard> {
    if text.demands.steps.is_empty() {
        return None;
    }
    let mut found = Vec::new();
    guards(forest, tree, &text.demands.steps, os, &mut found);
    found.into_iter().find(|guard| {
        let spot = Spot::new(tree.clone(), guard.needs.value.node.clone());
        let key = Key {
            generation,
            spot,
            role: Role::Question,
        };
        let needed = &guard.needs.value.answer;
        match ledger.answers.get(&key) {
            Some(answered) => answered.answer.as_ref() != Some(needed),
            None => !answered_elsewhere(forest, ledger, &key, needed),
        }
    })
}

/// Where another tree asked the same, it had that answer and no other one.
fn answered_elsewhere(forest: &Forest, ledger: &Ledger, key: &Key, needed: &AnswerId) -> bool {
    let Some(same) = forest.same(&key.spot.tree, &key.spot.node) else {
        return false;
    };
    let others = ledger.answers.iter().filter(|(other, _)| {
        other.generation == key.generation
            && other.role == key.role
            && forest.same(&other.spot.tree, &other.spot.node) == Some(same)
    });
    let mut answers = others
        .filter_map(|(_, answered)| answered.answer.as_ref())
        .peekable();
    answers.peek().is_some() && answers.all(|answer| answer == needed)
}

/// The guards of steps, and of the steps that they use; each once.
fn guards<'a>(
    forest: &'a Forest,
    tree: &TreeId,
    steps: &'a [StepName],
    os: Os,
    found: &mut Vec<&'a Guard>,
) {
    let mut queue: Vec<&StepName> = steps.iter().collect();
    let mut next = 0;
    while let Some(name) = queue.get(next).copied() {
        next += 1;
        let Some(step) = forest.step(tree, name) else {
            continue;
        };
        if let Some(guard) = &step.guard
            && !found.contains(&guard)
        {
            found.push(guard);
        }
        for inner in step
            .text
            .get(os)
            .iter()
            .flat_map(|text| &text.demands.steps)
        {
            if !queue.contains(&inner) {
                queue.push(inner);
            }
        }
    }
}

/// The guards of a node's texts, each once.
pub(in crate::engine) fn node_guards<'a>(
    forest: &'a Forest,
    tree: &TreeId,
    node: &'a Node,
    os: Os,
) -> Vec<&'a Guard> {
    let mut found = Vec::new();
    let mut text = |text: Option<&'a Text>| {
        if let Some(template) = text
            .and_then(|text| text.get(os))
            .filter(|text| !text.demands.steps.is_empty())
        {
            guards(forest, tree, &template.demands.steps, os, &mut found);
        }
    };
    match &node.kind {
        NodeKind::Ask(ask) => {
            text(Some(&ask.ask));
            text(ask.why.as_ref());
            text(ask.how.as_ref());
            for answer in &ask.answers {
                text(Some(&answer.text));
                text(answer.note.as_ref());
            }
        }
        NodeKind::Do(instruction) => {
            text(Some(&instruction.text));
            text(instruction.steps.as_ref());
            text(instruction.caution.as_ref());
            text(instruction.why.as_ref());
        }
        NodeKind::Visit(visit) => text(visit.why.as_ref()),
        NodeKind::Conclude(conclude) => {
            text(Some(&conclude.title));
            text(conclude.because.as_ref());
            text(conclude.fix.as_ref());
            text(conclude.next.as_ref());
        }
    }
    found
}
