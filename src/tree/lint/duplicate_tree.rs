//! Two trees with one id.

use std::{collections::HashMap, sync::Arc};

use crate::{
    diag::{Diagnostic, Span},
    finding::TreeId,
    tree::{
        Tree,
        lint::rule::{Check, Rule, fixture},
    },
};

const CODE: &str = super::codes::DUPLICATE_TREE;

pub static RULE: Rule = Rule {
    code: CODE,
    means: "two trees in one place have the same id",
    why: "Trees name one another by id: it would depend on the order of the files which of them is meant.",
    bad: fixture!("duplicate-tree", "bad"),
    good: fixture!("duplicate-tree", "good"),
    check: Check::Reading,
};

/// Trees of one place whose id an earlier one has already, with what is to be said of each. A forest holds one tree an
/// id, so that this is asked before one is made.
pub fn duplicates(trees: &[Arc<Tree>]) -> Vec<(usize, Diagnostic)> {
    let mut seen: HashMap<&TreeId, &Tree> = HashMap::new();
    let mut out = Vec::new();
    for (at, tree) in trees.iter().enumerate() {
        if let Some(first) = seen.get(&tree.id) {
            let message = format!(
                "the id `{}` is that of `{}` already",
                tree.id,
                first.source.name()
            );
            out.push((
                at,
                Diagnostic::error(CODE, id_span(tree), message)
                    .help("give one of them another `id`"),
            ));
        } else {
            seen.insert(&tree.id, tree);
        }
    }
    out
}

/// Where the tree's id stands: the model keeps the id alone.
fn id_span(tree: &Tree) -> Span {
    let text = tree.source.text();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if let Some(value) = line.strip_prefix("id:") {
            let at = start + line.len() - value.trim_start().len();
            return Span::new(at, at + value.trim().len());
        }
        start += line.len();
    }
    Span::default()
}
