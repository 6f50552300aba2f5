//! What a rule sees of one tree: the tree, its graph, its trees beside it, and the day.

use std::{
    cell::{Cell, OnceCell},
    collections::HashSet,
};

use jiff::civil::Date;

use crate::{
    diag::Diagnostic,
    probe::{self, OutcomeSpec},
    tree::{
        Ask, CaseOutcome, Forest, Input, Node, NodeKind, NodeProbe, Param, Probe, ProbeBase, Step,
        Tree,
        lint::{graph::Graph, links::Links, uses, uses::Use},
        lower,
    },
};

/// How many names may be compared for all suggestions of one tree: a large tree with many mistakes must not hang.
const MAX_COMPARISONS: usize = 200_000;

pub struct View<'f> {
    pub forest: &'f Forest,
    pub links: &'f Links<'f>,
    pub tree: &'f Tree,
    pub graph: Graph<'f>,
    pub today: Date,
    /// The tree and those that it uses.
    near: Vec<&'f Tree>,
    comparisons: Cell<usize>,
    /// Templates and expressions that name something, collected once.
    uses: Vec<Use<'f>>,
    /// What each node's probe can end in, told once.
    outcomes: Vec<OnceCell<Option<Vec<String>>>>,
}

impl<'f> View<'f> {
    pub fn new(forest: &'f Forest, links: &'f Links<'f>, tree: &'f Tree, today: Date) -> Self {
        let mut named = Vec::new();
        uses::each(tree, &mut |use_of| {
            if !use_of.chains().is_empty() {
                named.push(use_of);
            }
        });
        let used = tree
            .uses
            .iter()
            .filter_map(|used| forest.tree(&used.value))
            .map(|tree| &**tree);
        Self {
            forest,
            links,
            tree,
            graph: Graph::new(tree),
            today,
            near: std::iter::once(tree).chain(used).collect(),
            comparisons: Cell::new(0),
            uses: named,
            outcomes: vec![OnceCell::new(); tree.nodes.len()],
        }
    }

    /// The tree and those that it uses.
    pub fn near(&self) -> &[&'f Tree] {
        &self.near
    }

    pub fn input(&self, name: &str) -> Option<&'f Input> {
        self.near.iter().find_map(|tree| tree.inputs.get(name))
    }

    pub fn probe(&self, name: &str) -> Option<&'f Probe> {
        self.near.iter().find_map(|tree| tree.probes.get(name))
    }

    pub fn step(&self, name: &str) -> Option<&'f Step> {
        self.near.iter().find_map(|tree| tree.steps.get(name))
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
                NodeKind::Ask(ask) => Some((at, node, &**ask)),
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

    /// What the probe of the question at `at` can end in; `None` where that cannot be told because a name is wrong.
    pub fn outcomes(&self, at: usize, probe: &NodeProbe) -> Option<&[String]> {
        self.outcomes
            .get(at)?
            .get_or_init(|| self.find_outcomes(probe))
            .as_deref()
    }

    fn find_outcomes(&self, probe: &NodeProbe) -> Option<Vec<String>> {
        let cases = probe.cases.iter().filter_map(|case| match &case.outcome {
            CaseOutcome::Named(outcome) => Some(outcome.as_str().to_owned()),
            CaseOutcome::Unknown => None,
        });
        let mut out: Vec<String> = Vec::new();
        match &probe.base {
            ProbeBase::Many(_) => out.extend(cases),
            ProbeBase::One(name) => {
                let own = outcomes(self.probe(name.value.as_str())?)?;
                if probe.cases.is_empty() {
                    out.extend(own.into_iter().map(|outcome| outcome.name));
                } else {
                    out.extend(cases);
                    let fixed = own.into_iter().filter(|outcome| !outcome.refined);
                    out.extend(fixed.map(|outcome| outcome.name));
                }
            }
        }
        if !probe.cases.is_empty() {
            let mut seen = HashSet::new();
            out.retain(|outcome| seen.insert(outcome.clone()));
        }
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
