//! Where an input goes that trees from outside send, and where its value comes from: a person is to know both before the value
//! that evidence filled in leaves the machine.

use crate::{
    engine::reading::Reading,
    finding::{InputName, TreeId},
    probe::{self, Role},
    tree::{Input, Origin, Param, PerOs, Probe, Template, Tree},
};

/// How many places are named.
const MOST: usize = 4;

impl Reading<'_> {
    /// The looks at the network that a tree from outside sends this input with, as it writes them: the kind, and whom it asks.
    /// Empty where none does.
    pub fn goes_to(&self, name: &InputName) -> Vec<String> {
        // What stands in another input's default goes where that one goes.
        let mut names = vec![name.clone()];
        let mut at = 0;
        while at < names.len() {
            for input in self.forest.trees().flat_map(|tree| tree.inputs.values()) {
                let default = input.default.as_ref();
                let rests = default.is_some_and(|text| text.demands.inputs.contains(&names[at]));
                if rests && !names.contains(&input.name) {
                    names.push(input.name.clone());
                }
            }
            at += 1;
        }
        let all = self.is_of_outside(name);
        let mut places: Vec<String> = self
            .forest
            .trees()
            .filter(|tree| all || tree.origin != Origin::Embedded)
            .flat_map(|tree| tree.probes.values())
            .filter(|probe| sends(probe, &names))
            .map(target)
            .collect();
        places.sort();
        places.dedup();
        places.truncate(MOST);
        places
    }

    /// Whether the case's own tree comes from outside, and one from outside says what this input is: then it chooses what an
    /// embedded library sends.
    pub fn is_of_outside(&self, name: &InputName) -> bool {
        let outside = |tree: &Tree| tree.origin != Origin::Embedded;
        let own = self.forest.tree(&self.opening.tree);
        own.is_some_and(|tree| outside(tree))
            && self
                .forest
                .trees()
                .any(|tree| outside(tree) && tree.inputs.contains_key(name))
    }

    /// The text that evidence or a default makes this input of, as the tree writes it; none where nothing of it was found.
    pub fn comes_from(&self, tree: &TreeId, input: &Input) -> Option<String> {
        if let Some(from) = &input.from {
            return Some(from.source.to_string());
        }
        let default = input.default.as_ref()?;
        self.rests_on_evidence(tree, default)
            .then(|| default.source.to_string())
    }

    /// Whether facts are in it, or inputs that evidence filled in.
    pub fn rests_on_evidence(&self, tree: &TreeId, text: &Template) -> bool {
        !text.demands.probes.is_empty()
            || text
                .demands
                .inputs
                .iter()
                .any(|name| self.derived_text(tree, name).is_some())
    }
}

/// A kind that is not known may send anything.
fn sends(probe: &Probe, names: &[InputName]) -> bool {
    probe::kind(probe.kind).is_none_or(|kind| kind.spec().network)
        && probe
            .params
            .values()
            .any(|param| mentions(&param.value, names))
}

fn mentions(param: &Param, names: &[InputName]) -> bool {
    match param {
        Param::Text(text) => text.demands.inputs.iter().any(|name| names.contains(name)),
        Param::Int(_) | Param::Bool(_) | Param::SideFile(_) => false,
        Param::List(list) => list.iter().any(|item| mentions(&item.value, names)),
        Param::Map(map) => map.values().any(|item| mentions(&item.value, names)),
        Param::PerOs(by_os) => PerOs::values(by_os).any(|item| mentions(&item.value, names)),
    }
}

/// `http https://a.example/`.
fn target(probe: &Probe) -> String {
    let spec = probe::kind(probe.kind).map(probe::Kind::spec);
    let mut words = vec![probe.kind.to_string()];
    for (name, param) in &probe.params {
        let mut params = spec.into_iter().flat_map(|spec| spec.params);
        let is_target = params.any(|param| param.name == *name && param.role == Role::Target);
        if let Param::Text(text) = &param.value
            && is_target
        {
            words.extend(text.source.split_whitespace().map(str::to_owned));
        }
    }
    words.join(" ")
}
