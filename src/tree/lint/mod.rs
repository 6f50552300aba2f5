//! The checker: what is wrong with trees that could be read, and what every code means.
//!
//! One static slice, [`RULES`], registers every code, those of reading a file as well; `waypost explain` and the tests
//! are made from it. A rule is a file: it says what it means and finds it. It never changes a tree and looks at no
//! clock: the day comes in.
//!
//! To add a rule: write `lint/NAME.rs` with a `RULE`, name it in [`RULES`], and lay a bad and a good tree under
//! `tests/lint/CODE/`.

pub mod codes;
mod graph;
mod rule;
mod uses;
mod view;

mod bare_question;
mod case_never_reached;
mod cause_by_not_knowing;
mod command_probe;
mod dead_end;
mod defined_twice;
mod demand_cycle;
mod duplicate_tree;
mod endless_loop;
mod guard_bypassed;
mod misplaced_secret;
mod network_facts;
mod no_symptoms;
mod outcome_handled_twice;
mod outcome_impossible;
mod outcome_not_handled;
mod reading;
mod remote_path;
mod stale_review;
mod unknown_answer;
mod unknown_name;
mod unknown_target;
mod unreachable_node;
mod visit_cycle;
mod wrong_returns;

use std::{cell::RefCell, sync::Arc};

use jiff::civil::Date;

pub use duplicate_tree::duplicates;
pub use rule::Rule;

use crate::{
    diag::Diagnostic,
    finding::TreeId,
    tree::{Forest, Goto, NodeKind, PerOs, Spanned, Target, Tree},
};
use rule::Check;
use view::View;

/// Every code, in the order in which the manual lists them.
pub static RULES: &[&Rule] = &[
    &reading::BAD_ENCODING,
    &reading::BAD_YAML,
    &reading::PAST_BOUND,
    &reading::NOT_A_TREE,
    &reading::UNKNOWN_KEY,
    &reading::MISSING_KEY,
    &reading::WRONG_TYPE,
    &reading::BAD_VALUE,
    &reading::BAD_NAME,
    &reading::DUPLICATE_NAME,
    &reading::TEXT_GONE_WRONG,
    &reading::BAD_EXPRESSION,
    &reading::BAD_PATTERN,
    &reading::BAD_SIDE_FILE,
    &reading::CAUSE_WITHOUT_FIX,
    &duplicate_tree::RULE,
    &defined_twice::RULE,
    &unknown_target::RULE,
    &unknown_answer::RULE,
    &unknown_name::RULE,
    &unreachable_node::RULE,
    &endless_loop::RULE,
    &dead_end::RULE,
    &outcome_not_handled::RULE,
    &outcome_handled_twice::RULE,
    &outcome_impossible::RULE,
    &case_never_reached::RULE,
    &bare_question::RULE,
    &cause_by_not_knowing::RULE,
    &guard_bypassed::RULE,
    &visit_cycle::RULE,
    &wrong_returns::RULE,
    &demand_cycle::RULE,
    &network_facts::RULE,
    &misplaced_secret::RULE,
    &remote_path::RULE,
    &command_probe::RULE,
    &stale_review::RULE,
    &no_symptoms::RULE,
];

/// What rules over all trees see, and where they put what they find.
pub struct Whole<'f> {
    forest: &'f Forest,
    found: RefCell<Vec<(TreeId, Diagnostic)>>,
}

impl Whole<'_> {
    fn report(&self, tree: &TreeId, diagnostic: Diagnostic) {
        self.found.borrow_mut().push((tree.clone(), diagnostic));
    }
}

/// All that is wrong with these trees beyond what reading them showed, by tree and then by place.
pub fn check(forest: &Forest, today: Date) -> Vec<(TreeId, Diagnostic)> {
    let whole = Whole {
        forest,
        found: RefCell::new(Vec::new()),
    };
    for rule in RULES {
        if let Check::Forest(check) = rule.check {
            check(&whole);
        }
    }
    let of_all = whole.found.into_inner();
    let mut out = Vec::new();
    for tree in forest.trees() {
        let mut found = check_tree(forest, tree, today);
        found.extend(
            of_all
                .iter()
                .filter(|(id, _)| *id == tree.id)
                .map(|(_, diagnostic)| diagnostic.clone()),
        );
        found.sort_by_key(|diagnostic| (diagnostic.span.start, diagnostic.span.end));
        out.extend(
            found
                .into_iter()
                .map(|diagnostic| (tree.id.clone(), diagnostic)),
        );
    }
    out
}

/// What is wrong with one tree, those at hand that it names.
fn check_tree(forest: &Forest, tree: &Arc<Tree>, today: Date) -> Vec<Diagnostic> {
    let view = View::new(forest, tree, today);
    let mut out = Vec::new();
    for rule in RULES {
        if let Check::Tree(check) = rule.check {
            check(&view, &mut out);
        }
    }
    out
}

/// What a code means; `None` where there is no such code.
pub fn explain(code: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.code == code)
}

/// Every target that a node names.
fn targets(kind: &NodeKind) -> Vec<&Spanned<Target>> {
    let gotos: Vec<&Goto> = match kind {
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
        NodeKind::Conclude(end) => end.otherwise.iter().collect(),
    };
    gotos.into_iter().flat_map(PerOs::values).collect()
}
