//! A dangerous command without its guard.

use std::collections::HashMap;

use crate::{
    diag::Diagnostic,
    tree::{
        PerOs, Step, StepName,
        lint::{
            rule::{Check, Rule, fixture},
            uses::{Place, Use, Written, each},
            view::View,
        },
    },
};

const CODE: &str = "guard-bypassed";

pub static RULE: Rule = Rule {
    code: CODE,
    means: "a text shows a command of a guarded step without using the step",
    why: "The step's question was not asked: the reader would run the command where it does harm.",
    bad: fixture!("guard-bypassed", "bad"),
    good: fixture!("guard-bypassed", "good"),
    check: Check::Tree(check),
};

fn check(view: &View<'_>, out: &mut Vec<Diagnostic>) {
    let mut commands: HashMap<String, &StepName> = HashMap::new();
    for tree in view.near() {
        for step in tree.steps.values().filter(|step| step.guard.is_some()) {
            collect(step, &mut commands);
        }
    }
    if commands.is_empty() {
        return;
    }
    each(view.tree, &mut |use_of: Use<'_>| {
        let Written::Template(template) = use_of.written else {
            return;
        };
        if matches!(use_of.place, Place::Step | Place::Param { .. })
            || !template.source.contains('`')
        {
            return;
        }
        // As in `collect`: a lone word is never one of the commands.
        for code in codes(&template.source).filter(|code| code.contains(char::is_whitespace)) {
            let Some(step) = commands.get(&normal(code)) else {
                continue;
            };
            if template.demands.steps.contains(step) {
                continue;
            }
            let at = code.as_ptr() as usize - template.source.as_ptr() as usize;
            let span = template.locate(&view.tree.source, at..at + code.len());
            let message = format!("this command belongs to the guarded step `{step}`");
            out.push(
                Diagnostic::error(CODE, span, message)
                    .help(format!("write `{{{{ steps.{step} }}}}` instead")),
            );
        }
    });
}

fn collect<'t>(step: &'t Step, commands: &mut HashMap<String, &'t StepName>) {
    for template in PerOs::values(&step.text) {
        // A lone word is a name or a path, which may stand anywhere.
        for code in codes(&template.source).filter(|code| normal(code).contains(' ')) {
            commands.insert(normal(code), &step.name);
        }
    }
}

/// A command without what does not change what it does.
fn normal(code: &str) -> String {
    let words: Vec<&str> = code.split_whitespace().collect();
    let words = words.strip_prefix(&["sudo"]).unwrap_or(&words);
    words.join(" ").replace("{{ ", "{{").replace(" }}", "}}")
}

/// What stands between backticks, and the lines of code blocks.
fn codes(source: &str) -> impl Iterator<Item = &str> {
    let mut fenced = false;
    source.lines().flat_map(move |line| {
        let fence = line.trim_start().starts_with("```");
        let whole = fenced && !fence;
        if fence {
            fenced = !fenced;
        }
        let spans: Vec<&str> = if whole {
            vec![line.trim()]
        } else if fence {
            Vec::new()
        } else {
            line.split('`').skip(1).step_by(2).collect()
        };
        spans.into_iter().filter(|code| !code.is_empty())
    })
}
