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
mod links;
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
mod refused_value;
mod remote_path;
mod stale_review;
mod unknown_answer;
mod unknown_name;
mod unknown_target;
mod unreachable_node;
mod visit_cycle;
mod wrong_returns;

use jiff::civil::Date;

pub use duplicate_tree::duplicates;
pub use rule::Rule;
pub use view::outcomes;

use crate::{diag::Diagnostic, finding::TreeId, tree::Forest};
use links::Links;
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
    &refused_value::RULE,
    &command_probe::RULE,
    &stale_review::RULE,
    &no_symptoms::RULE,
];

/// All that is wrong with these trees beyond what reading them showed, by tree and then by place.
pub fn check(forest: &Forest, today: Date) -> Vec<(TreeId, Diagnostic)> {
    let links = Links::new(forest);
    let mut out = Vec::new();
    for tree in forest.trees() {
        let view = View::new(forest, &links, tree, today);
        let mut found = Vec::new();
        for rule in RULES {
            if let Check::Tree(check) = rule.check {
                check(&view, &mut found);
            }
        }
        found.sort_by_key(|diagnostic| (diagnostic.span.start, diagnostic.span.end));
        // What an alias repeats is told once.
        found.dedup();
        out.extend(
            found
                .into_iter()
                .map(|diagnostic| (tree.id.clone(), diagnostic)),
        );
    }
    out
}

/// What a code means; `None` where there is no such code.
pub fn explain(code: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.code == code)
}
