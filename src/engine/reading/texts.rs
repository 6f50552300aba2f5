//! Texts for a reader.

use crate::{
    engine::{
        OpenQuestion, ProbeKey, RunId, Spot,
        reading::{InputState, Reading, Status},
        walk::open_guard,
    },
    finding::{Facts, InputName, Os, TreeId, Value},
    tree::{Demands, Forest, Guard, NodeKind, Rendered, Scope, StepName, Template, Text},
};

/// Steps inside of steps, one in the other, at most.
const DEEPEST: usize = 16;

/// A text, or why it is not shown.
pub(in crate::engine) enum Shown<'a> {
    Text(Rendered),
    /// A step in it is guarded, and the guard's question has no answer.
    Withheld(&'a Guard),
}

impl<'a> Reading<'a> {
    /// What a template may see of all that it demands.
    pub fn scope(&self, tree: &TreeId, demands: &Demands, found: Option<&Facts>) -> Scope {
        let mut scope = Scope::new(self.opening.os);
        scope.now = Some(self.now);
        for name in &demands.inputs {
            if let Some(value) = self.input_value(tree, name) {
                scope.inputs.insert(name.clone(), value);
            }
        }
        for name in &demands.probes {
            let Some(key) = self.probe_key(tree, name) else {
                continue;
            };
            if let Status::Found(finding) = &self.probe(&key).status {
                // What an unknown look read may be half of it: its facts are as good as not there.
                if finding.outcome().is_some() {
                    scope
                        .facts
                        .insert(name.clone(), Value::Map(finding.facts.clone()));
                }
            }
        }
        for node in &demands.answers {
            if let Some(answer) = self.answer(&Spot::new(tree.clone(), node.clone())) {
                scope.answers.insert(node.clone(), answer);
            }
        }
        for name in &demands.steps {
            if let Some(text) = self.step_text(tree, name) {
                scope.steps.insert(name.clone(), text);
            }
        }
        if demands.found {
            scope.found = found.map(|facts| Value::Map(facts.clone()));
        }
        scope
    }

    /// A step's rendered Markdown, worked out once. A step inside of itself, or too deep inside of others, is not there.
    fn step_text(&self, tree: &TreeId, name: &StepName) -> Option<String> {
        let key = (tree.clone(), name.clone());
        if let Some(known) = self.step_texts.borrow().get(&key) {
            return known.clone();
        }
        let open = self.open_steps.borrow().len();
        if open >= DEEPEST || self.open_steps.borrow().contains(name) {
            return None;
        }
        let text = self.forest.step(tree, name)?.text.get(self.opening.os)?;
        self.open_steps.borrow_mut().push(name.clone());
        let rendered = markdown(text, &self.scope(tree, &text.demands, None)).markdown;
        self.open_steps.borrow_mut().pop();
        self.step_texts
            .borrow_mut()
            .insert(key, Some(rendered.clone()));
        Some(rendered)
    }

    /// The id of a question's last answer on the path.
    fn answer(&self, at: &Spot) -> Option<String> {
        let own = self.steps.iter().rev().find_map(|step| step.answer_at(at));
        own.or_else(|| {
            let same = self.forest.same(&at.tree, &at.node)?;
            let others = self.steps.iter().rev().filter(|step| {
                let spot = &step.key.spot;
                self.forest.same(&spot.tree, &spot.node) == Some(same)
            });
            others
                .into_iter()
                .find_map(|step| step.answer_at(&step.key.spot))
        })
    }

    /// `None` where the text says nothing for this operating system.
    pub fn text(&self, tree: &TreeId, text: &'a Text, found: Option<&Facts>) -> Option<Shown<'a>> {
        let template = text.get(self.opening.os)?;
        let guard = open_guard(
            self.forest,
            self.ledger,
            tree,
            template,
            self.opening.os,
            self.generation,
        );
        Some(match guard {
            Some(guard) => Shown::Withheld(guard),
            None => Shown::Text(markdown(
                template,
                &self.scope(tree, &template.demands, found),
            )),
        })
    }

    /// A line that no step stands in.
    pub fn shown(&self, tree: &TreeId, template: &Template) -> Rendered {
        markdown(template, &self.scope(tree, &template.demands, None))
    }

    /// A text that cannot be left out: where it is withheld, it says so.
    pub fn line(&self, tree: &TreeId, text: &'a Text) -> Rendered {
        match self.text(tree, text, None) {
            Some(Shown::Text(rendered)) => rendered,
            Some(Shown::Withheld(guard)) => Rendered {
                markdown: format!("‹{}›", guard.needs.value.node),
                ..Rendered::default()
            },
            None => Rendered::default(),
        }
    }

    /// A text that may be left out; where it is withheld, its guard's question joins the list.
    pub fn optional(
        &self,
        tree: &TreeId,
        text: Option<&'a Text>,
        withheld: &mut Vec<OpenQuestion>,
    ) -> Option<Rendered> {
        match self.text(tree, text?, None)? {
            Shown::Text(rendered) => Some(rendered),
            Shown::Withheld(guard) => {
                let open =
                    self.open_question(&Spot::new(tree.clone(), guard.needs.value.node.clone()));
                if !withheld.contains(&open) {
                    withheld.push(open);
                }
                None
            }
        }
    }

    /// A question or an instruction that is still open, with how to find out.
    pub fn open_question(&self, at: &Spot) -> OpenQuestion {
        let mut open = OpenQuestion {
            tree: at.tree.clone(),
            node: at.node.clone(),
            text: String::new(),
            answers: Vec::new(),
            how: None,
            why: None,
            input: None,
        };
        let plain = |text: &'a Text| match self.text(&at.tree, text, None) {
            Some(Shown::Text(rendered)) => Some(rendered.markdown),
            _ => None,
        };
        match self.node(at).map(|node| &node.kind) {
            Some(NodeKind::Ask(ask)) => {
                open.text = self.line(&at.tree, &ask.ask).markdown;
                open.answers = ask.answers.iter().map(|answer| answer.id.clone()).collect();
                open.how = ask.how.as_ref().and_then(plain);
            }
            Some(NodeKind::Do(instruction)) => {
                open.text = self.line(&at.tree, &instruction.text).markdown;
                open.how = instruction.steps.as_ref().and_then(plain);
            }
            Some(NodeKind::Conclude(conclude)) => {
                open.text = self.line(&at.tree, &conclude.title).markdown;
                open.how = conclude.next.as_ref().and_then(plain);
            }
            Some(NodeKind::Visit(_)) | None => {}
        }
        open
    }

    /// The texts that are on the screen at a node.
    pub fn screen_texts(&self, at: &Spot) -> Vec<&'a Template> {
        screen_texts(self.forest, at, self.opening.os)
    }

    /// Inputs that must be asked before these texts are shown. What stands in a branch that is not shown is not asked for.
    pub fn texts_need(&self, tree: &TreeId, templates: &[&Template], needed: &mut Vec<InputName>) {
        for template in templates {
            let mut all = Vec::new();
            self.names_need(tree, &template.demands.inputs, &mut all);
            if !all.is_empty() && template.branches() {
                all.clear();
                let scope = self.scope(tree, &template.demands, None);
                self.names_need(tree, &template.inputs_shown(&scope), &mut all);
            }
            for name in all {
                if !needed.contains(&name) {
                    needed.push(name);
                }
            }
        }
    }

    /// Inputs that must be asked before these are known.
    pub fn names_need(&self, tree: &TreeId, names: &[InputName], needed: &mut Vec<InputName>) {
        for name in names {
            if self.input(tree, name).is_none() {
                continue;
            }
            let list = match self.input_state(tree, name) {
                InputState::Missing { .. } => vec![name.clone()],
                InputState::Needs(names) => names,
                _ => continue,
            };
            for name in list {
                if !needed.contains(&name) {
                    needed.push(name);
                }
            }
        }
    }

    /// Probes whose facts these texts name, directly or through an input.
    pub fn texts_probes(&self, tree: &TreeId, templates: &[&Template]) -> Vec<ProbeKey> {
        let demands = templates.iter().map(|template| &template.demands);
        demands
            .flat_map(|demands| self.probes_demanded(tree, demands))
            .collect()
    }

    /// Probes that a node asks for when the walk stands at it.
    pub fn wanted_at(&self, at: &Spot) -> Vec<ProbeKey> {
        let mut keys = self.texts_probes(&at.tree, &self.screen_texts(at));
        if let Some(ask) = self.ask(at) {
            keys.extend(self.question_probes(at, ask));
            let os = self.opening.os;
            let notes = ask
                .answers
                .iter()
                .filter_map(|answer| answer.note.as_ref()?.get(os));
            keys.extend(self.texts_probes(&at.tree, &notes.collect::<Vec<_>>()));
        }
        keys
    }

    /// Runs that these texts wait for.
    pub fn texts_runs(&self, tree: &TreeId, templates: &[&Template]) -> Vec<RunId> {
        let mut runs = Vec::new();
        self.texts_probes(tree, templates)
            .iter()
            .for_each(|key| self.runs_before(key, &mut runs));
        runs.into_iter().map(|(run, _)| run).collect()
    }
}

/// The texts that are on the screen at a node, with those of the steps that they use.
pub(in crate::engine) fn screen_texts<'a>(
    forest: &'a Forest,
    at: &Spot,
    os: Os,
) -> Vec<&'a Template> {
    let mut list: Vec<Option<&'a Text>> = Vec::new();
    match forest.node(&at.tree, &at.node).map(|node| &node.kind) {
        Some(NodeKind::Ask(ask)) => {
            list.extend([Some(&ask.ask), ask.why.as_ref(), ask.how.as_ref()]);
            list.extend(ask.answers.iter().map(|answer| Some(&answer.text)));
        }
        Some(NodeKind::Do(instruction)) => {
            let texts = [&instruction.steps, &instruction.caution, &instruction.why];
            list.push(Some(&instruction.text));
            list.extend(texts.map(Option::as_ref));
        }
        Some(NodeKind::Conclude(conclude)) => {
            let texts = [&conclude.because, &conclude.fix, &conclude.next];
            list.push(Some(&conclude.title));
            list.extend(texts.map(Option::as_ref));
        }
        Some(NodeKind::Visit(_)) | None => {}
    }
    let mut templates: Vec<&'a Template> = list
        .into_iter()
        .flatten()
        .filter_map(|text| text.get(os))
        .collect();
    // Steps are on the screen where they are used. The list grows while it is read, once for each step.
    let mut seen = Vec::new();
    let mut next = 0;
    while let Some(template) = templates.get(next).copied() {
        next += 1;
        for name in &template.demands.steps {
            if seen.contains(name) {
                continue;
            }
            seen.push(name.clone());
            let step = forest.step(&at.tree, name);
            templates.extend(step.and_then(|step| step.text.get(os)));
        }
    }
    templates
}

/// A template that fails says so in its place.
fn markdown(template: &Template, scope: &Scope) -> Rendered {
    template.render(scope).unwrap_or_else(|error| Rendered {
        markdown: format!("‹{}›", error.message),
        ..Rendered::default()
    })
}
