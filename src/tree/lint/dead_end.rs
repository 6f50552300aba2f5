//! A way that some operating system does not have.

use crate::{
    diag::Diagnostic,
    tree::{
        Goto, NodeKind, PerOs,
        lint::{
            rule::{Check, Rule, fixture},
            view::{View, listed},
        },
    },
};

const CODE: &str = "dead-end";

pub static RULE: Rule = Rule {
    code: CODE,
    means: "a way on is given for some operating systems only",
    why: "On the others the walk would stop in the middle, without a conclusion.",
    bad: fixture!("dead-end", "bad"),
    good: fixture!("dead-end", "good"),
    check: Check::Tree(check),
};

fn check(view: &View<'_>, out: &mut Vec<Diagnostic>) {
    for node in view.tree.nodes.values() {
        match &node.kind {
            NodeKind::Ask(ask) => {
                for answer in &ask.answers {
                    goto(&answer.goto, out);
                }
                ask.unsure.iter().for_each(|target| goto(target, out));
            }
            NodeKind::Do(instruction) => {
                goto(&instruction.goto, out);
                instruction
                    .unable
                    .iter()
                    .for_each(|target| goto(target, out));
            }
            NodeKind::Visit(visit) => {
                let then = &visit.then;
                for target in [&then.healthy, &then.unresolved, &then.not_applicable]
                    .into_iter()
                    .flatten()
                {
                    goto(target, out);
                }
            }
            NodeKind::Conclude(end) => end.otherwise.iter().for_each(|target| goto(target, out)),
        }
    }
}

fn goto(goto: &Goto, out: &mut Vec<Diagnostic>) {
    let missing = goto.missing();
    if missing.is_empty() {
        return;
    }
    if let Some(first) = PerOs::values(goto).next() {
        let message = format!("on {} this leads nowhere", listed(missing, "and"));
        out.push(
            Diagnostic::error(CODE, first.span, message)
                .help("say under `any` where to go on all other systems"),
        );
    }
}
