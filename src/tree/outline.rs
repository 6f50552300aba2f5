//! What a tree says about itself before its inputs, probes and nodes: enough to offer it, far too little to walk it.
//!
//! Takes a few lines of a long file, so that the first screen does not wait for the rest. Reports no mistakes and never
//! stands in for [`super::load`]: whoever walks or checks a tree reads all of it.

use std::collections::BTreeSet;

use sha2::Sha256;

use crate::{
    diag::SourceText,
    tree::{Origin, Tree, lower, yaml},
};

/// The parts of a tree that an outline leaves out. They are nearly all of its text.
const LEFT_OUT: [&str; 4] = ["inputs:", "probes:", "steps:", "nodes:"];

/// A tree's outline.
#[derive(Debug, Clone)]
pub struct Outline {
    /// The tree with its title, summary, symptoms and start, and without any input, probe, step or node. Its places and
    /// its hash are those of the lines that were read.
    pub tree: Tree,
    /// How many trees its nodes visit.
    pub visits: usize,
}

/// The outline of a tree that is known to load without mistakes; `None` where that is not so. `name` is what messages
/// call the file.
pub fn outline(name: &str, origin: Origin, text: &str) -> Option<Outline> {
    let mut head = String::new();
    let mut visits = BTreeSet::new();
    let mut is_head = true;
    for line in text.split_inclusive('\n') {
        if line.starts_with(|first: char| first.is_ascii_alphabetic()) {
            is_head = !LEFT_OUT.iter().any(|part| line.starts_with(part));
        }
        if is_head {
            head.push_str(line);
        } else if let Some(visit) = line.trim_ascii_start().strip_prefix("visit:") {
            visits.insert(visit.trim_ascii());
        }
    }
    let source = SourceText::new(name, head);
    let mut diagnostics = Vec::new();
    let root = yaml::parse(source.text(), &source, &mut diagnostics).ok()??;
    let no_side_files = |_: &str| Err("an outline reads no side files".to_owned());
    let tree = lower::tree(
        &root,
        origin,
        &source,
        &[],
        &no_side_files,
        Sha256::default(),
        &mut diagnostics,
    )?;
    let visits = visits.len();
    diagnostics.is_empty().then_some(Outline { tree, visits })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TREE: &str = "\
# A comment.
waypost: 1
id: t
title: \"T: a title\"
nodes:
  # nodes: in a comment
  a:
    ask: Is it so?
    answers: [{ answer: \"Yes\", id: \"yes\", goto: b }, { answer: \"No\", id: \"no\", goto: c }]
  b:
    visit: other
    then: { healthy: a }
  c:
    visit: other
    then: { healthy: d }
  d:
    visit: third
    then: { healthy: a }
symptoms:
- It is broken
- { text: It is slow, start: b }
summary: |
  Something that is

  nodes: not the nodes.
start: a
";

    #[test]
    fn what_is_kept() {
        let Outline { tree, visits } =
            outline("t.yaml", Origin::Embedded, TREE).expect("it is a tree");
        assert_eq!(tree.id, "t");
        assert_eq!(&*tree.title.source, "T: a title");
        assert_eq!(tree.symptoms.len(), 2);
        assert_eq!(
            tree.symptoms[1]
                .start
                .as_ref()
                .map(|start| start.value.as_str()),
            Some("b")
        );
        assert!(tree.summary.is_some());
        assert_eq!(
            tree.start.as_ref().map(|start| start.value.as_str()),
            Some("a")
        );
        assert!(tree.nodes.is_empty());
        assert_eq!(visits, 2);
    }

    #[test]
    fn what_does_not_load_has_none() {
        let check = |text: &str| {
            assert!(
                outline("t.yaml", Origin::Embedded, text).is_none(),
                "{text}"
            );
        };
        check("");
        check("waypost: 1\ntitle: T\nnodes: {}\n");
        check("waypost: 1\nid: t\ntitle: T: U\n");
        check("waypost: 1\nid: t\ntitle: T\nsumary: S\n");
    }
}
