//! Something that nobody has looked at for long.

use jiff::{ToSpan, civil::Date};

use crate::{
    diag::Diagnostic,
    tree::{
        Spanned,
        lint::{
            rule::{Check, Rule, fixture},
            view::View,
        },
    },
};

const CODE: &str = "stale-review";

/// After how many months what a tree says is to be looked at again.
const MONTHS: i32 = 12;

pub static RULE: Rule = Rule {
    code: CODE,
    means: "the sources were reviewed more than twelve months ago, or on a day that is still to come",
    why: "Articles change and products move on: what the tree says may no longer hold.",
    bad: fixture!("stale-review", "bad"),
    good: fixture!("stale-review", "good"),
    check: Check::Tree(check),
};

fn check(view: &View<'_>, out: &mut Vec<Diagnostic>) {
    let nodes = view
        .tree
        .nodes
        .values()
        .filter_map(|node| node.reviewed.as_ref());
    for reviewed in view.tree.reviewed.iter().chain(nodes) {
        out.extend(stale(reviewed, view.today));
    }
}

fn stale(reviewed: &Spanned<Date>, today: Date) -> Option<Diagnostic> {
    let message = if reviewed.value > today {
        format!("`{}` is still to come", reviewed.value)
    } else if reviewed
        .value
        .checked_add(MONTHS.months())
        .is_ok_and(|due| due < today)
    {
        format!(
            "reviewed on {}, more than {MONTHS} months ago",
            reviewed.value
        )
    } else {
        return None;
    };
    Some(
        Diagnostic::warning(CODE, reviewed.span, message)
            .help("read the sources again, then write the day of it"),
    )
}
