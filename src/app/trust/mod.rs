//! Trust: a tree from outside the program looks at nothing before a person has seen what it can read, contact and
//! execute, and agreed. Embedded trees need no agreement, unless a tree from outside can be reached from them.
//!
//! An agreement holds for a hash over everything that can be reached and its side files, or for a folder of the
//! person's own that nobody else can write, so that authors are not asked at every save.

mod store;

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

pub use store::Agreements;

use crate::{
    finding::TreeId,
    probe,
    tree::{Forest, Goto, NodeKind, Origin, Param, PerOs, Probe, Target, Tree},
};

/// Everything that can be reached from a tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closure {
    /// The trees from outside the program, with their files.
    pub outside: Vec<(TreeId, String)>,
    /// Over all trees that can be reached and their side files, in hexadecimal.
    pub hash: String,
    /// What can be read on the machine, as the trees write it.
    pub reads: BTreeSet<String>,
    /// Who can be contacted.
    pub contacts: BTreeSet<String>,
    /// What can be executed.
    pub executes: BTreeSet<String>,
}

impl Closure {
    /// Follows `use`, `goto` and `visit` from a tree.
    pub fn of(forest: &Forest, start: &TreeId) -> Self {
        let mut open = vec![start.clone()];
        let mut seen = BTreeSet::new();
        let mut closure = Self {
            outside: Vec::new(),
            hash: String::new(),
            reads: BTreeSet::new(),
            contacts: BTreeSet::new(),
            executes: BTreeSet::new(),
        };
        let mut hashes = Vec::new();
        while let Some(id) = open.pop() {
            if !seen.insert(id.clone()) {
                continue;
            }
            let Some(tree) = forest.tree(&id) else {
                continue;
            };
            open.extend(tree.uses.iter().map(|used| used.value.clone()));
            open.extend(reached(tree));
            hashes.push((id.clone(), tree.hash.clone()));
            if let Origin::File(path) = &tree.origin {
                closure.outside.push((id, path.clone()));
            }
            for probe in tree.probes.values() {
                closure.add(probe);
            }
        }
        hashes.sort();
        closure.outside.sort();
        let mut digest = Sha256::new();
        for (id, hash) in &hashes {
            digest.update(format!("{id}\0{hash}\0"));
        }
        closure.hash = digest
            .finalize()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        closure
    }

    /// Nothing from outside can be reached.
    pub fn is_embedded(&self) -> bool {
        self.outside.is_empty()
    }

    fn add(&mut self, probe: &Probe) {
        let Some(spec) = probe::kind(probe.kind).map(probe::Kind::spec) else {
            return;
        };
        let mut words = Vec::new();
        for (name, param) in &probe.params {
            if matches!(
                name.as_str(),
                "file" | "files" | "path" | "match" | "name" | "process" | "pid_file"
            ) && !spec.network
                || matches!(
                    name.as_str(),
                    "url" | "host" | "port" | "server" | "via" | "name"
                ) && spec.network
                || name == "run"
            {
                written(&param.value, &mut words);
            }
        }
        let line = format!("{}: {}", spec.name, words.join(" "));
        let list = match (spec.executes, spec.network) {
            (true, _) => &mut self.executes,
            (false, true) => &mut self.contacts,
            (false, false) => &mut self.reads,
        };
        list.insert(line);
    }
}

/// The trees that a tree's nodes lead to.
fn reached(tree: &Tree) -> Vec<TreeId> {
    let mut found = Vec::new();
    let mut follow = |goto: &Goto| {
        found.extend(goto.values().filter_map(|target| match &target.value {
            Target::There(tree, _) => Some(tree.clone()),
            Target::Here(_) => None,
        }));
    };
    let mut visited = Vec::new();
    for node in tree.nodes.values() {
        match &node.kind {
            NodeKind::Ask(ask) => {
                ask.answers.iter().for_each(|answer| follow(&answer.goto));
                ask.unsure.iter().for_each(&mut follow);
            }
            NodeKind::Do(instruction) => {
                follow(&instruction.goto);
                instruction.unable.iter().for_each(&mut follow);
            }
            NodeKind::Visit(visit) => {
                visited.push(visit.tree.value.clone());
                let then = &visit.then;
                [&then.healthy, &then.unresolved, &then.not_applicable]
                    .into_iter()
                    .flatten()
                    .for_each(&mut follow);
            }
            NodeKind::Conclude(conclude) => conclude.otherwise.iter().for_each(&mut follow),
        }
    }
    found.extend(visited);
    found
}

/// The texts of a parameter, as they were written.
fn written(param: &Param, into: &mut Vec<String>) {
    match param {
        Param::Text(template) => into.push(template.source.to_string()),
        Param::Int(number) => into.push(number.to_string()),
        Param::Bool(_) | Param::SideFile(_) => {}
        Param::List(list) => list.iter().for_each(|item| written(&item.value, into)),
        Param::Map(map) => map.values().for_each(|item| written(&item.value, into)),
        Param::PerOs(by_os) => PerOs::values(by_os).for_each(|item| written(&item.value, into)),
    }
}
