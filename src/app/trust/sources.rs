//! Where the values come from that a probe sends: `{{ leak }}` in a request says nothing of it.

use std::collections::BTreeSet;

use super::{on_one_line, param_spec, written};
use crate::{
    finding::{InputName, ProbeName, TreeId},
    probe::{self, Role},
    tree::{Forest, Input, InputType, Param, PerOs},
};

/// What was told of the inputs of one probe.
pub(super) struct Sources<'f> {
    pub forest: &'f Forest,
    /// The probe's.
    pub tree: &'f TreeId,
    pub seen: BTreeSet<InputName>,
    pub told: Vec<String>,
}

impl Sources<'_> {
    pub fn of_param(&mut self, param: &Param) {
        match param {
            Param::Text(text) => text.demands.inputs.iter().for_each(|name| self.of(name)),
            Param::Int(_) | Param::Bool(_) | Param::SideFile(_) => {}
            Param::List(list) => list.iter().for_each(|item| self.of_param(&item.value)),
            Param::Map(map) => map.values().for_each(|item| self.of_param(&item.value)),
            Param::PerOs(by_os) => PerOs::values(by_os).for_each(|item| self.of_param(&item.value)),
        }
    }

    /// Of this input, and of those that it is made of. What a person alone gives needs no word.
    fn of(&mut self, name: &InputName) {
        if !self.seen.insert(name.clone()) {
            return;
        }
        let own = self.forest.input(self.tree, name);
        // A library's probe may name an input of the tree that uses it.
        let all: Vec<&Input> = match own {
            Some(input) => vec![input],
            None => {
                let trees = self.forest.trees();
                trees.filter_map(|tree| tree.inputs.get(name)).collect()
            }
        };
        let mut others = Vec::new();
        for input in all {
            if let Some(from) = &input.from {
                let probes = self.probes(&from.demands.probes);
                let text = on_one_line(&from.source);
                self.told
                    .push(format!("`{name}` comes from `{text}`{probes}"));
                others.extend(from.demands.inputs.iter().cloned());
            }
            if let Some(default) = input
                .default
                .as_ref()
                .filter(|text| !text.demands.is_empty())
            {
                let probes = self.probes(&default.demands.probes);
                let text = on_one_line(&default.source);
                self.told
                    .push(format!("`{name}` comes from `{text}`{probes}"));
                others.extend(default.demands.inputs.iter().cloned());
            }
            if matches!(input.ty, InputType::Directory | InputType::File) {
                let globs = input.suggest.iter().flat_map(PerOs::values).flatten();
                let globs: Vec<String> = globs.map(|glob| on_one_line(&glob.source)).collect();
                if !globs.is_empty() {
                    let globs = globs.join(" ");
                    self.told
                        .push(format!("`{name}` may be a name that fits {globs}"));
                }
            }
        }
        others.iter().for_each(|name| self.of(name));
    }

    /// What these look at: ` (config: /etc/x.ini)`.
    fn probes(&self, names: &[ProbeName]) -> String {
        let mut looks = Vec::new();
        for name in names {
            let Some((_, probe)) = self.forest.probe(self.tree, name) else {
                continue;
            };
            let spec = probe::kind(probe.kind).map(probe::Kind::spec);
            let mut words = Vec::new();
            for (name, param) in &probe.params {
                if param_spec(spec, name).is_some_and(|param| param.role == Role::Target) {
                    written(&param.value, &mut words);
                }
            }
            looks.push(format!("{}: {}", probe.kind, words.join(" ")));
        }
        if looks.is_empty() {
            return String::new();
        }
        format!(" ({})", looks.join(", "))
    }
}
