//! Every template and expression of a tree, with the place that it stands in.

use std::ops::Range;

use crate::{
    diag::{SourceText, Span},
    tree::{
        Ask, Case, Chain, Demands, Expression, Node, NodeKind, Param, PerOs, Probe, Spanned,
        Template, Text, Tree,
    },
};

/// One template or expression.
#[derive(Clone, Copy)]
pub struct Use<'t> {
    pub written: Written<'t>,
    pub place: Place<'t>,
}

#[derive(Clone, Copy)]
pub enum Written<'t> {
    Template(&'t Template),
    Expression(&'t Expression),
}

/// What a template stands in.
#[derive(Clone, Copy)]
pub enum Place<'t> {
    /// The tree's own texts, symptoms, inputs.
    Tree,
    /// An input's `from`.
    From,
    Step,
    /// A reader's text of a node.
    Node,
    /// A question's `note` or `case`, where `found` is to be had.
    Found(&'t Node, &'t Ask),
    /// A case of a probe where it is declared, where `found` alone is to be had.
    Declared(&'t Probe),
    /// A parameter; `login` within a login or a proxy.
    Param {
        probe: &'t Probe,
        name: &'t str,
        login: bool,
    },
}

impl<'t> Use<'t> {
    pub fn source(&self) -> &'t str {
        match self.written {
            Written::Template(template) => &template.source,
            Written::Expression(expression) => &expression.source,
        }
    }

    pub fn span(&self) -> Span {
        match self.written {
            Written::Template(template) => template.span,
            Written::Expression(expression) => expression.span,
        }
    }

    pub fn demands(&self) -> &'t Demands {
        match self.written {
            Written::Template(template) => &template.demands,
            Written::Expression(expression) => &expression.demands,
        }
    }

    pub fn chains(&self) -> &'t [Chain] {
        match self.written {
            Written::Template(template) => template.chains(),
            Written::Expression(expression) => expression.chains(),
        }
    }

    /// Where a part of it stands in the file.
    pub fn locate(&self, file: &SourceText, range: &Range<usize>) -> Span {
        match self.written {
            Written::Template(template) => template.locate(file, range.clone()),
            Written::Expression(expression) => expression.locate(file, range.clone()),
        }
    }
}

/// Calls `see` for every template and expression of the tree, in no special order.
pub fn each<'t>(tree: &'t Tree, see: &mut dyn FnMut(Use<'t>)) {
    see(Use {
        written: Written::Template(&tree.title),
        place: Place::Tree,
    });
    text(tree.summary.as_ref(), Place::Tree, see);
    for symptom in &tree.symptoms {
        text(Some(&symptom.text), Place::Tree, see);
    }
    for input in tree.inputs.values() {
        text(Some(&input.ask), Place::Tree, see);
        text(input.help.as_ref(), Place::Tree, see);
        if let Some(default) = &input.default {
            see(Use {
                written: Written::Template(default),
                place: Place::Tree,
            });
        }
        for template in input.suggest.iter().flat_map(PerOs::values).flatten() {
            see(Use {
                written: Written::Template(template),
                place: Place::Tree,
            });
        }
        if let Some(from) = &input.from {
            see(Use {
                written: Written::Expression(from),
                place: Place::From,
            });
        }
    }
    for probe in tree.probes.values() {
        params(probe, see);
        cases(&probe.cases, Place::Declared(probe), see);
    }
    for step in tree.steps.values() {
        text(Some(&step.text), Place::Step, see);
    }
    for at in tree.nodes.values() {
        node(at, see);
    }
}

/// Every template of one probe's parameters.
pub fn params<'t>(probe: &'t Probe, see: &mut dyn FnMut(Use<'t>)) {
    for (name, value) in &probe.params {
        let login = matches!(name.as_str(), "login" | "via");
        param(value, Place::Param { probe, name, login }, see);
    }
}

fn param<'t>(value: &'t Spanned<Param>, place: Place<'t>, see: &mut dyn FnMut(Use<'t>)) {
    match &value.value {
        Param::Text(template) => see(Use {
            written: Written::Template(template),
            place,
        }),
        Param::List(items) => items.iter().for_each(|item| param(item, place, see)),
        Param::Map(map) => map.values().for_each(|item| param(item, place, see)),
        Param::PerOs(by_os) => by_os.values().for_each(|item| param(item, place, see)),
        Param::Bool(_) | Param::Int(_) | Param::SideFile(_) => {}
    }
}

fn text<'t>(value: Option<&'t Text>, place: Place<'t>, see: &mut dyn FnMut(Use<'t>)) {
    for template in value.into_iter().flat_map(PerOs::values) {
        see(Use {
            written: Written::Template(template),
            place,
        });
    }
}

fn cases<'t>(cases: &'t [Case], place: Place<'t>, see: &mut dyn FnMut(Use<'t>)) {
    for case in cases {
        see(Use {
            written: Written::Expression(&case.condition),
            place,
        });
        if let Some(because) = &case.because {
            see(Use {
                written: Written::Template(because),
                place,
            });
        }
    }
}

/// Every template and expression of one node.
pub fn node<'t>(node: &'t Node, see: &mut dyn FnMut(Use<'t>)) {
    let place = Place::Node;
    match &node.kind {
        NodeKind::Ask(ask) => {
            text(Some(&ask.ask), place, see);
            text(ask.why.as_ref(), place, see);
            text(ask.how.as_ref(), place, see);
            let found = Place::Found(node, ask);
            for answer in &ask.answers {
                text(Some(&answer.text), place, see);
                text(answer.note.as_ref(), found, see);
            }
            if let Some(probe) = &ask.probe {
                cases(&probe.cases, found, see);
            }
        }
        NodeKind::Do(instruction) => {
            text(Some(&instruction.text), place, see);
            for value in [&instruction.steps, &instruction.caution, &instruction.why] {
                text(value.as_ref(), place, see);
            }
        }
        NodeKind::Visit(visit) => text(visit.why.as_ref(), place, see),
        NodeKind::Conclude(end) => {
            text(Some(&end.title), place, see);
            for value in [&end.because, &end.fix, &end.next] {
                text(value.as_ref(), place, see);
            }
        }
    }
}
