//! What a rule sees of one tree: the tree, its graph, its trees beside it, and the day.

use std::cell::Cell;

use jiff::civil::Date;

use crate::{
    diag::Diagnostic,
    finding::ProbeName,
    probe::{self, OutcomeSpec},
    tree::{
        Ask, CaseOutcome, Forest, Node, NodeProbe, Param, Probe, ProbeBase, Tree,
        lint::{graph::Graph, uses, uses::Use},
        lower,
    },
};

/// How many names may be compared for all suggestions of one tree: a large tree with many mistakes must not hang.
const MAX_COMPARISONS: usize = 200_000;

pub struct View<'f> {
    pub forest: &'f Forest,
    pub tree: &'f Tree,
    pub graph: Graph,
    pub today: Date,
    comparisons: Cell<usize>,
    /// Templates and expressions that name something, collected once.
    uses: Vec<Use<'f>>,
}

impl<'f> View<'f> {
    pub fn new(forest: &'f Forest, tree: &'f Tree, today: Date) -> Self {
        let mut named = Vec::new();
        uses::each(tree, &mut |use_of| {
            if !use_of.chains().is_empty() {
                named.push(use_of);
            }
        });
        Self {
            forest,
            tree,
            graph: Graph::new(tree),
            today,
            comparisons: Cell::new(0),
            uses: named,
        }
    }

    /// Templates and expressions that name something.
    pub fn uses(&self) -> &[Use<'f>] {
        &self.uses
    }

    /// The questions, with their node's index.
    pub fn questions(&self) -> impl Iterator<Item = (usize, &'f Node, &'f Ask)> {
        self.tree
            .nodes
            .values()
            .enumerate()
            .filter_map(|(at, node)| match &node.kind {
                crate::tree::NodeKind::Ask(ask) => Some((at, node, &**ask)),
                _ => None,
            })
    }

    /// The likely name, as long as there is patience for it.
    pub fn nearest<'n>(
        &self,
        name: &str,
        names: impl IntoIterator<Item = &'n str>,
    ) -> Option<&'n str> {
        let names = names
            .into_iter()
            .inspect(|_| self.comparisons.set(self.comparisons.get() + 1));
        let left = MAX_COMPARISONS.saturating_sub(self.comparisons.get());
        lower::nearest(name, names.take(left))
    }

    pub fn probe(&self, name: &ProbeName) -> Option<&'f Probe> {
        self.forest
            .probe(&self.tree.id, name)
            .map(|(_, probe)| probe)
    }

    /// What a question's probe can end in; `None` where that cannot be told because a name is wrong.
    pub fn outcomes(&self, probe: &NodeProbe) -> Option<Vec<String>> {
        let cases = probe.cases.iter().filter_map(|case| match &case.outcome {
            CaseOutcome::Named(outcome) => Some(outcome.as_str().to_owned()),
            CaseOutcome::Unknown => None,
        });
        let mut out: Vec<String> = Vec::new();
        match &probe.base {
            ProbeBase::Many(_) => out.extend(cases),
            ProbeBase::One(name) => {
                let own = outcomes(self.probe(&name.value)?)?;
                if probe.cases.is_empty() {
                    out.extend(own.into_iter().map(|outcome| outcome.name));
                } else {
                    out.extend(cases);
                    out.extend(
                        own.into_iter()
                            .filter(|outcome| !outcome.refined)
                            .map(|outcome| outcome.name),
                    );
                }
            }
        }
        let mut seen = std::collections::HashSet::new();
        out.retain(|outcome| seen.insert(outcome.clone()));
        Some(out)
    }
}

/// What a probe can end in by itself.
pub fn outcomes(probe: &Probe) -> Option<Vec<OutcomeSpec>> {
    let kind = probe::kind(probe.kind)?;
    let patterns: Vec<&str> = patterns(probe);
    Some(kind.outcomes(&patterns, probe.params.contains_key("via")))
}

/// The names under `patterns`.
pub fn patterns(probe: &Probe) -> Vec<&str> {
    match probe.params.get("patterns").map(|param| &param.value) {
        Some(Param::Map(map)) => map.keys().map(String::as_str).collect(),
        _ => Vec::new(),
    }
}

/// Adds what was likely meant.
pub fn did_you_mean(diagnostic: Diagnostic, near: Option<&str>) -> Diagnostic {
    match near {
        Some(near) => diagnostic
            .help(format!("did you mean `{near}`?"))
            .replacement(near),
        None => diagnostic,
    }
}

/// `` `a`, `b` and `c` ``.
pub fn listed<'n>(names: impl IntoIterator<Item = &'n str>, joint: &str) -> String {
    let names: Vec<&str> = names.into_iter().collect();
    lower::list(&names, joint)
}
