//! Trust: a tree from outside the program looks at nothing before a person has seen what it can read, contact and
//! execute, and agreed. Embedded trees need no agreement, unless a tree from outside can be reached from them.
//!
//! An agreement holds for a hash over everything that can be reached and its side files, and for nothing else: a tree that
//! was changed is agreed to again. Only while the program runs is a change let pass that lists nothing new.

mod sources;
mod store;

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

pub use store::Agreements;

use sources::Sources;

use crate::{
    finding::{
        TreeId,
        visible::{Room, visible},
    },
    probe::{self, ParamSpec, ParamType, Role, Spec},
    tree::{Forest, Input, InputType, Origin, Param, PerOs, Probe},
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
    /// Of a tree and all that can be reached from it.
    pub fn of(forest: &Forest, start: &TreeId) -> Self {
        let mut closure = Self {
            outside: Vec::new(),
            hash: String::new(),
            reads: BTreeSet::new(),
            contacts: BTreeSet::new(),
            executes: BTreeSet::new(),
        };
        let mut hashes = Vec::new();
        for tree in forest.reachable(start) {
            let id = tree.id.clone();
            hashes.push((id.clone(), tree.hash.clone()));
            if let Origin::File(path) = &tree.origin {
                closure.outside.push((id, path.clone()));
            }
            for probe in tree.probes.values() {
                closure.add(probe, forest, &tree.id);
            }
            for input in tree.inputs.values() {
                closure.add_suggestions(input);
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

    /// What can be done, line by line under headings, for a reader.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for (what, list) in [
            ("They can read", &self.reads),
            ("contact", &self.contacts),
            ("execute", &self.executes),
        ] {
            if !list.is_empty() {
                lines.push(format!("{what}:"));
                lines.extend(list.iter().map(|line| format!("  {line}")));
            }
        }
        lines
    }

    /// Why nothing is done without `--trust`, and all that it would allow.
    pub fn refusal(&self) -> String {
        let files: Vec<_> = self
            .outside
            .iter()
            .map(|(_, path)| visible(path, Room::Line))
            .collect();
        let lines = self
            .lines()
            .into_iter()
            .map(|line| visible(&line, Room::Line).into_owned());
        let lines: Vec<String> = lines.collect();
        format!(
            "{} did not come with the program; what it reads and contacts has to be agreed to with --trust\n{}",
            files.join(", "),
            lines.join("\n")
        )
    }

    fn add(&mut self, probe: &Probe, forest: &Forest, tree: &TreeId) {
        let kind = probe::kind(probe.kind);
        let spec = kind.map(probe::Kind::spec);
        // A kind that this program does not know may do anything.
        let (executes, network) = spec.map_or((true, true), |spec| (spec.executes, spec.network));
        let mut line = format!("{}:", probe.kind);
        let mut sent = String::new();
        let mut sources = Sources {
            forest,
            tree,
            seen: BTreeSet::new(),
            told: Vec::new(),
        };
        for (name, param) in &probe.params {
            let mut words = Vec::new();
            written(&param.value, &mut words);
            let words = words.join(" ");
            // What the kind does not know may go anywhere.
            match param_spec(spec, name).map_or(Role::Sent, |param| param.role) {
                Role::Target => line += &format!(" {words}"),
                Role::Sent => sent += &format!("; {name} {words}"),
                Role::Judged => {}
            }
            if executes || network {
                sources.of_param(&param.value);
            }
            // What a look at the network reads on the machine does not go out.
            let ty = param_spec(spec, name).map(|param| param.ty);
            if network && matches!(ty, Some(ParamType::Path | ParamType::Paths)) {
                self.reads.insert(format!("{}: {name} {words}", probe.kind));
            }
        }
        if let Some(others) = kind.and_then(probe::Kind::also_contacts) {
            self.contacts.insert(format!("{}: {others}", probe.kind));
        }
        line += &sent;
        for source in &sources.told {
            line += &format!("; {source}");
        }
        let list = match (executes, network) {
            (true, _) => &mut self.executes,
            (false, true) => &mut self.contacts,
            (false, false) => &mut self.reads,
        };
        list.insert(line);
    }

    /// Suggestions are found by listing folders.
    fn add_suggestions(&mut self, input: &Input) {
        if !matches!(input.ty, InputType::Directory | InputType::File) {
            return;
        }
        let globs = input.suggest.iter().flat_map(PerOs::values).flatten();
        let words: Vec<String> = globs.map(|glob| on_one_line(&glob.source)).collect();
        if !words.is_empty() {
            let line = format!("names that fit `{}`: {}", input.name, words.join(" "));
            self.reads.insert(line);
        }
    }
}

fn param_spec(spec: Option<&Spec>, name: &str) -> Option<&'static ParamSpec> {
    spec?.params.iter().find(|param| param.name == name)
}

/// The texts of a parameter, as they were written.
fn written(param: &Param, into: &mut Vec<String>) {
    match param {
        Param::Text(template) => into.push(on_one_line(&template.source)),
        Param::Int(number) => into.push(number.to_string()),
        Param::Bool(yes) => into.push(yes.to_string()),
        Param::SideFile(_) => {}
        Param::List(list) => list.iter().for_each(|item| written(&item.value, into)),
        Param::Map(map) => {
            for (name, item) in map {
                into.push(format!("{name}:"));
                written(&item.value, into);
            }
        }
        Param::PerOs(by_os) => PerOs::values(by_os).for_each(|item| written(&item.value, into)),
    }
}

fn on_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::{Tree, load};

    fn tree(probe: &str) -> Tree {
        let text = format!(
            "waypost: 1\nid: t\ntitle: T\ninputs:\n  dir: {{ ask: D?, type: directory, suggest: {{ linux: [/opt/*], windows: ['C:\\*'] }} }}\nprobes:\n  p: {{ {probe} }}\n"
        );
        let (tree, _, found) = load(
            "t.yaml",
            Origin::File("t.yaml".to_owned()),
            text.as_bytes(),
            &|_| Err("none".to_owned()),
        );
        tree.unwrap_or_else(|| panic!("{found:?}"))
    }

    fn closure(tree: Tree) -> Closure {
        let id = tree.id.clone();
        Closure::of(&Forest::new([std::sync::Arc::new(tree)]), &id)
    }

    #[test]
    fn everything_that_a_probe_reads_or_sends_is_listed() {
        let suggestions = r"names that fit `dir`: /opt/* C:\*".replace(r"\\", r"\");
        let check = |probe: &str, list: fn(&Closure) -> &BTreeSet<String>, expected: &str| {
            let closure = closure(tree(probe));
            assert!(list(&closure).contains(expected), "{closure:?}");
            assert!(closure.reads.contains(&suggestions), "{closure:?}");
        };
        check(
            "config: { file: [/a, /b], format: xml, secret: [pw] }",
            |closure| &closure.reads,
            "config: /a /b",
        );
        check(
            "tcp: { host: a.example, port: 443, via: { address: '{{ hop }}', user: joe } }",
            |closure| &closure.contacts,
            "tcp: a.example 443; via address: {{ hop }} user: joe",
        );
        check(
            "ping: { host: '{{ hop }}', count: 20 }",
            |closure| &closure.contacts,
            "ping: {{ hop }}; count 20",
        );
        check(
            "clock: { url: 'https://a.example/', allow: 1m, via: { address: '{{ hop }}' } }",
            |closure| &closure.contacts,
            "clock: https://a.example/; via address: {{ hop }}",
        );
        check(
            "http: { url: 'https://a.example/', method: POST, headers: { X: y }, body: \"a\\nb\", capture: { c: d } }",
            |closure| &closure.contacts,
            "http: https://a.example/; method POST; headers X: y; body a b",
        );
        check(
            "tls: { host: a.example, name: b.example, trust: /opt/ca.pem }",
            |closure| &closure.contacts,
            "tls: a.example b.example; trust /opt/ca.pem",
        );
        check(
            "tls: { host: a.example, trust: '{{ dir }}/ca.pem' }",
            |closure| &closure.reads,
            "tls: trust {{ dir }}/ca.pem",
        );
        check(
            "tls: { host: a.example }",
            |closure| &closure.contacts,
            "tls: the hosts that the certificates name for OCSP and revocation lists",
        );
        check(
            "command: { run: [id, -u] }",
            |closure| &closure.executes,
            "command: id -u",
        );
    }

    /// A request that says `{{ leak }}` says nothing of what that is.
    #[test]
    fn where_a_value_comes_from_is_listed_with_where_it_goes() {
        let text = "waypost: 1\nid: t\ntitle: T\ninputs:\n  \
            leak: { ask: L?, type: text, from: facts.c.values.plain }\n  \
            next: { ask: N?, type: text, optional: true, default: 'x{{ leak }}' }\n  \
            own: { ask: O?, type: text }\n  \
            dir: { ask: D?, type: directory, suggest: [/root/*] }\n\
            probes:\n  c: { config: { file: /etc/sec.ini, format: ini } }\n  \
            h: { http: { url: 'http://a.example/', method: POST, headers: { D: '{{ dir }}' }, body: '{{ next }}{{ own }}' } }\n";
        let (tree, _, found) = load(
            "t.yaml",
            Origin::File("t.yaml".to_owned()),
            text.as_bytes(),
            &|_| Err("none".to_owned()),
        );
        let closure = closure(tree.unwrap_or_else(|| panic!("{found:?}")));
        let contacts = Vec::from_iter(&closure.contacts);
        assert_eq!(
            contacts,
            [
                "http: http://a.example/; method POST; headers D: {{ dir }}; body {{ next }}{{ own }}; \
              `dir` may be a name that fits /root/*; `next` comes from `x{{ leak }}`; \
              `leak` comes from `facts.c.values.plain` (config: /etc/sec.ini)"
            ]
        );
        let refusal = closure.refusal();
        assert_eq!(
            refusal,
            format!(
                "t.yaml did not come with the program; what it reads and contacts has to be agreed to with --trust\n\
                 They can read:\n  config: /etc/sec.ini\n  names that fit `dir`: /root/*\ncontact:\n  {}",
                contacts[0]
            )
        );
    }

    /// What is not shown is little, and each of it is known not to leave the machine.
    #[test]
    fn hardly_a_parameter_of_a_look_at_the_network_only_judges() {
        let mut judged = Vec::new();
        for spec in probe::KINDS.iter().map(|kind| kind.spec()) {
            let only = spec
                .params
                .iter()
                .filter(|param| param.role == Role::Judged);
            if spec.network || spec.executes {
                judged.extend(only.map(|param| format!("{}.{}", spec.name, param.name)));
            }
        }
        judged.sort();
        assert_eq!(judged, ["clock.allow", "command.capture", "http.capture"]);
    }

    #[test]
    fn a_kind_that_is_unknown_is_listed_with_all_that_it_has() {
        let mut tree = tree("config: { file: /a, format: xml, entry: e }");
        tree.probes["p"].kind = "strange";
        let list = Vec::from_iter(closure(tree).executes);
        assert_eq!(list, ["strange:; file /a; format xml; entry e"]);
    }
}
