//! Own YAML values → [`Tree`]. Names within the file are made, those across files are resolved in the checker.
//!
//! Never stops: what is wrong is reported and left out. A node that could not be made is there as a broken one, so that
//! what leads to it is not reported as well.

mod fields;
mod inputs;
mod nodes;
mod params;
mod probes;
mod texts;

use indexmap::IndexMap;
use sha2::{Digest, Sha256};

use crate::{
    diag::{Diagnostic, SourceText, Span},
    finding::{ProbeName, TreeId},
    tree::{
        Node, NodeId, Origin, PerOs, Probe, Spanned, Step, StepName, Symptom, Template, Tree,
        lint::codes,
        load::{MAX_NODES, SideFiles},
        yaml::{Entry, Yaml},
    },
};
use fields::Fields;
pub use fields::list;

/// What all parts of lowering share.
struct Lower<'s> {
    source: &'s SourceText,
    /// What was left out because it does not parse.
    left_out: &'s [Span],
    side_files: &'s SideFiles<'s>,
    hash: Sha256,
    diagnostics: &'s mut Vec<Diagnostic>,
    /// Probes that are written in nodes.
    inline: IndexMap<ProbeName, Probe>,
}

const KEYS: &[&str] = &[
    "waypost", "id", "title", "summary", "use", "symptoms", "sources", "reviewed", "start",
    "settled", "inputs", "probes", "steps", "nodes",
];

pub fn tree(
    root: &Yaml<'_>,
    origin: Origin,
    source: &SourceText,
    left_out: &[Span],
    side_files: &SideFiles<'_>,
    hash: Sha256,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Tree> {
    let mut lower = Lower {
        source,
        left_out,
        side_files,
        hash,
        diagnostics,
        inline: IndexMap::new(),
    };
    let top = Span::new(root.span.start, root.span.start);
    let mut fields = Fields::of(&mut lower, root, "a tree", KEYS)?;
    if !lower.is_broken(fields.entry("waypost")) {
        match fields.required(&mut lower, "waypost", top) {
            Some(value) if value.as_scalar().is_some_and(|scalar| scalar.text == "1") => {}
            Some(value) => lower.report(
                Diagnostic::error(
                    codes::BAD_VALUE,
                    value.span,
                    "this version of the tree language is not known",
                )
                .help("write `waypost: 1`"),
            ),
            None => {}
        }
    }
    let id = fields
        .required(&mut lower, "id", top)
        .and_then(|value| lower.kebab(value, "a tree's id"));
    let title = fields
        .required(&mut lower, "title", top)
        .and_then(|value| lower.template(value));
    let summary = fields.take("summary").and_then(|value| lower.text(value));
    let uses = lower
        .names(fields.take("use"), "a tree's id")
        .map(|name| spanned(name, TreeId::new));
    let uses = uses.collect();
    let symptoms = symptoms(&mut lower, fields.take("symptoms"));
    let sources = lower.strings(fields.take("sources"));
    let reviewed = fields.take("reviewed").and_then(|value| lower.date(value));
    let start_entry = fields.entry("start").map(|entry| entry.key_span);
    let start = fields.take("start").and_then(|value| lower.node_id(value));
    let settled = fields
        .take("settled")
        .and_then(|value| lower.answer_ref(value));
    let inputs = inputs::inputs(&mut lower, fields.take("inputs"));
    let probes = probes::probes(&mut lower, fields.take("probes"));
    let steps = steps(&mut lower, fields.take("steps"));
    let nodes_entry = fields.entry("nodes").map(|entry| entry.key_span);
    let nodes = nodes(&mut lower, fields.take("nodes"));
    if let (Some(span), None) = (nodes_entry, start_entry) {
        lower.report(
            Diagnostic::error(codes::MISSING_KEY, span, "a tree with nodes wants `start`")
                .help("name the node that the walk begins at"),
        );
    }
    let mut probes = probes;
    probes.extend(std::mem::take(&mut lower.inline));
    let hash = lower
        .hash
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    Some(Tree {
        id: id.map(|id| TreeId::new(id.value))?,
        origin,
        source: source.clone(),
        hash,
        title: title.unwrap_or_else(|| Template::plain("")),
        summary,
        uses,
        symptoms,
        sources,
        reviewed,
        start,
        settled,
        inputs,
        probes,
        steps,
        nodes,
    })
}

fn spanned<'a, T>(name: Spanned<&'a str>, make: impl FnOnce(&'a str) -> T) -> Spanned<T> {
    Spanned {
        value: make(name.value),
        span: name.span,
    }
}

fn symptoms(lower: &mut Lower<'_>, value: Option<&Yaml<'_>>) -> Vec<Symptom> {
    let Some(items) = lower.items(value) else {
        return Vec::new();
    };
    let mut out = Vec::new();
    for item in items {
        let is_entry = item.as_map().is_some_and(|map| {
            map.iter()
                .any(|entry| entry.key == "text" || entry.key == "start")
        });
        if !is_entry {
            out.extend(lower.text(item).map(|text| Symptom {
                text,
                start: None,
                span: item.span,
            }));
            continue;
        }
        let Some(mut fields) = Fields::of(lower, item, "a symptom", &["text", "start"]) else {
            continue;
        };
        let text = fields
            .required(lower, "text", item.span)
            .and_then(|value| lower.text(value));
        let start = fields.take("start").and_then(|value| lower.node_id(value));
        out.extend(text.map(|text| Symptom {
            text,
            start,
            span: item.span,
        }));
    }
    out
}

fn steps(lower: &mut Lower<'_>, value: Option<&Yaml<'_>>) -> IndexMap<StepName, Step> {
    let mut out = IndexMap::new();
    for entry in lower.entries(value) {
        let step = if lower.is_broken(Some(entry)) {
            None
        } else {
            lower.snake(entry, "a step's name");
            texts::step(lower, entry)
        };
        // One that could not be read is there without a text, so that what names it finds it.
        let (text, guard) = step.unwrap_or_else(|| (PerOs::One(Template::plain("")), None));
        let name = StepName::new(&entry.key);
        out.insert(
            name.clone(),
            Step {
                name,
                span: entry.key_span,
                text,
                guard,
            },
        );
    }
    out
}

fn nodes(lower: &mut Lower<'_>, value: Option<&Yaml<'_>>) -> IndexMap<NodeId, Node> {
    let entries = lower.entries(value);
    if let Some(entry) = entries.get(MAX_NODES) {
        let message = format!(
            "the tree has {} nodes; it may have at most {MAX_NODES}",
            entries.len()
        );
        lower.report(Diagnostic::error(
            codes::PAST_BOUND,
            entry.key_span,
            message,
        ));
    }
    let mut out = IndexMap::with_capacity(entries.len().min(MAX_NODES));
    for entry in entries.iter().take(MAX_NODES) {
        lower.check_kebab(&entry.key, entry.key_span, "a node's id");
        let id = NodeId::new(&entry.key);
        let node = if lower.is_broken(Some(entry)) {
            None
        } else {
            nodes::node(lower, &id, entry)
        };
        let node = node.unwrap_or_else(|| Node::broken(id.clone(), entry.key_span));
        out.insert(id, node);
    }
    out
}

impl Lower<'_> {
    fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Whether something inside of this was left out.
    fn left_out_in(&self, span: Span) -> bool {
        self.left_out
            .iter()
            .any(|left_out| (span.start..=span.end + 2).contains(&left_out.start))
    }

    /// Whether the entry's value was left out because it does not parse: that is reported already.
    fn is_broken(&self, entry: Option<&Entry<'_>>) -> bool {
        entry.is_some_and(|entry| {
            let at = entry.key_span.end;
            entry.value.is_null()
                && self
                    .left_out
                    .iter()
                    .any(|span| (at..at + 2).contains(&span.start))
        })
    }
}

/// The name that was likely meant.
pub fn nearest<'n>(name: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let mut best = None;
    let limit = (name.chars().count() / 3).max(1) + 1;
    for candidate in names {
        if candidate.len().abs_diff(name.len()) > limit {
            continue;
        }
        let distance = strsim::damerau_levenshtein(name, candidate);
        if distance < limit.max(2)
            && distance * 2 <= candidate.chars().count().max(2)
            && best.is_none_or(|(least, _)| distance < least)
        {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn the_nearest_name() {
        let check = |name: &str, expected: Option<&str>| {
            assert_eq!(
                nearest(
                    name,
                    ["answers", "unsure", "goto", "when", "how", "review-logs"]
                ),
                expected,
                "{name}"
            );
        };
        check("answer", Some("answers"));
        check("awnsers", Some("answers"));
        check("go-to", Some("goto"));
        check("unsrue", Some("unsure"));
        check("review-log", Some("review-logs"));
        check("banana", None);
        check("x", None);
    }
}
