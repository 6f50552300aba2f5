//! Forests and openings that are read from a tape of numbers, so that a failing case shrinks to a short tape.

use std::sync::Arc;

use crate::{
    engine::{
        Given, Opening, Place,
        sketch::{
            ask, cause, end, expression, forest, input, instruction, reference, spanned, template,
            text, tree, visit, with_probe, with_step,
        },
        tests::opening,
    },
    tree::{Forest, NodeKind, Param, Tree, Verdict},
};

/// Probes of each kind that a tree has; some questions ask for all of them that wait on the network.
const WIDE: usize = 24;
/// The probe that tells, in some forests, what `dir` is.
pub const SAYS_DIR: &str = "says_dir";
/// Numbers that run out: then it is all zeroes.
pub struct Tape(pub Vec<u32>);

impl Tape {
    pub fn pick(&mut self, below: usize) -> usize {
        self.0
            .pop()
            .map_or(0, |number| number as usize % below.max(1))
    }

    pub fn chance(&mut self, percent: usize) -> bool {
        self.pick(100) < percent
    }
}

/// A tree whose every node has a way to a later one, and whose last nodes are ends. Other ways lead anywhere.
fn make_tree(tape: &mut Tape, id: &str, other: Option<&str>) -> Tree {
    let count = 2 + tape.pick(8);
    let ends = [
        Verdict::Cause,
        Verdict::Healthy,
        Verdict::Unresolved,
        Verdict::NotApplicable,
        Verdict::Escalate,
    ];
    let total = count + ends.len();
    let names: Vec<String> = (0..total).map(|at| format!("n{at}")).collect();
    let mut nodes = Vec::new();
    for at in 0..count {
        let later = |tape: &mut Tape| names[at + 1 + tape.pick(total - at - 1)].clone();
        let any = |tape: &mut Tape| match other {
            Some(other) if tape.chance(10) => format!("{other}/"),
            _ => names[tape.pick(total)].clone(),
        };
        let kind = match tape.pick(10) {
            0 => instruction(&later(tape), tape.chance(50).then(|| any(tape)).as_deref()),
            1 if other.is_some() => visit(
                other.unwrap_or(""),
                &later(tape),
                &later(tape),
                &later(tape),
            ),
            2 => cause(
                &[String::new(), "n0/x".to_owned()][tape.pick(2)],
                &[String::new(), later(tape)][tape.pick(2)],
            ),
            _ => {
                let all = (0..WIDE).map(|at| format!("n{at}")).collect::<Vec<_>>();
                let own = [format!("n{at}"), format!("r{at}"), all.join("+")];
                let probe = [
                    None,
                    Some("p"),
                    Some("q"),
                    Some("p+q"),
                    Some(own[0].as_str()),
                    Some(own[1].as_str()),
                    Some(own[2].as_str()),
                ][tape.pick(7)];
                let mut answers = vec![
                    format!("x:present>{}", later(tape)),
                    format!("y:absent>{}", any(tape)),
                ];
                if tape.chance(40) {
                    answers.push(format!("z>{}", any(tape)));
                }
                if tape.chance(50) {
                    answers.push(format!("?>{}", any(tape)));
                }
                let answers: Vec<&str> = answers.iter().map(String::as_str).collect();
                let mut kind = ask(probe, &answers);
                if let NodeKind::Ask(ask) = &mut kind
                    && tape.chance(15)
                {
                    ask.ask = text("is it in {{ dir }}?");
                }
                kind
            }
        };
        nodes.push((names[at].as_str(), kind));
    }
    // The walk begins, and fixes are checked, at a question.
    nodes[0].1 = ask(Some("p"), &["x:present>n1", "y:absent>n1", "?>n1"]);
    for (at, verdict) in ends.into_iter().enumerate() {
        nodes.push((names[count + at].as_str(), end(verdict)));
    }
    let mut made = with_probe(tree(id, nodes), "p", "/p");
    made = with_probe(made, "q", "{{ dir }}/q");
    for at in 0..WIDE {
        made = with_probe(made, &format!("r{at}"), &format!("/r{at}"));
        made = with_probe(made, &format!("n{at}"), "");
        let host = template(&format!("h{at}"));
        let probe = &mut made.probes[format!("n{at}").as_str()];
        probe.kind = "tcp";
        probe.params = [("host".to_owned(), spanned(Param::Text(host)))]
            .into_iter()
            .collect();
    }
    made.uses.push(spanned("lib".into()));
    if tape.chance(40) {
        made.settled = Some(reference("n0/x"));
    }
    if tape.chance(40) {
        made = with_step(made, "s", "n0/x", &names[total - 1]);
        let guarded = 1 + tape.pick(total - 1);
        match &mut made.nodes[guarded].kind {
            NodeKind::Ask(ask) => ask.how = Some(text("{{ steps.s }}")),
            NodeKind::Do(instruction) => instruction.steps = Some(text("{{ steps.s }}")),
            NodeKind::Conclude(conclude) => {
                conclude.because = Some(text("{{ steps.s }} in {{ dir }}"))
            }
            NodeKind::Visit(_) => {}
        }
    }
    if tape.chance(20) {
        made.title = template("{{ dir }}");
    }
    made
}

/// What both trees use: one name has one definition.
fn make_library(tape: &mut Tape) -> Tree {
    let mut library = with_probe(tree("lib", Vec::new()), SAYS_DIR, "/dir");
    let mut dir = input("dir");
    if tape.chance(40) {
        dir.from = Some(expression(&format!("facts.{SAYS_DIR}.path")));
    }
    library.inputs.insert("dir".into(), dir);
    library
}

pub fn make_forest(tape: &mut Tape) -> Arc<Forest> {
    let inner = make_tree(tape, "u", None);
    let outer = make_tree(tape, "t", Some("u"));
    forest(vec![outer, inner, make_library(tape)])
}

pub fn make_opening(tape: &mut Tape) -> Opening {
    let mut opening = opening("t");
    opening.place = [Place::Here, Place::Here, Place::Elsewhere, Place::Bundle][tape.pick(4)];
    if tape.chance(50) {
        opening
            .inputs
            .insert("dir".into(), Given::Text("d".to_owned()));
    }
    opening
}
