//! `nodes:` questions, instructions, visits and ends.

use std::collections::HashMap;

use crate::{
    diag::{Diagnostic, Span},
    finding::{Outcome, TreeId},
    tree::{
        Answer, AnswerId, Ask, Conclude, Do, Goto, Leave, Node, NodeId, NodeKind, PerOs, Returns,
        SameAs, Spanned, Target, Template, Text, Verdict, Visit,
        lint::codes,
        lower::{Lower, fields, fields::Fields, nearest, probes},
        words,
        yaml::{Entry, Yaml},
    },
};

const KINDS: &[&str] = &["ask", "do", "visit", "conclude"];
const ASK: &[&str] = &[
    "ask", "why", "how", "probe", "answers", "leave", "unsure", "same", "sources", "reviewed",
];
const DO: &[&str] = &[
    "do", "steps", "caution", "why", "goto", "unable", "sources", "reviewed",
];
const VISIT: &[&str] = &["visit", "then", "why", "sources", "reviewed"];
const CONCLUDE: &[&str] = &[
    "conclude",
    "verdict",
    "because",
    "fix",
    "next",
    "verify",
    "wait",
    "otherwise",
    "sources",
    "reviewed",
];
const ANSWER: &[&str] = &["answer", "id", "when", "goto", "note"];
const VERDICTS: &[(&str, Verdict)] = &[
    ("cause", Verdict::Cause),
    ("healthy", Verdict::Healthy),
    ("escalate", Verdict::Escalate),
    ("unresolved", Verdict::Unresolved),
    ("not-applicable", Verdict::NotApplicable),
];

pub fn node(lower: &mut Lower<'_>, id: &NodeId, entry: &Entry<'_>) -> Option<Node> {
    let span = entry.key_span;
    let Some(map) = entry.value.as_map() else {
        lower.wrong_type(&entry.value, "a node");
        return None;
    };
    let mut kinds = map.iter().filter(|entry| KINDS.contains(&&*entry.key));
    let Some(kind) = kinds.next() else {
        let all = fields::list(KINDS, "or");
        let likely = map
            .iter()
            .find_map(|entry| nearest(&entry.key, KINDS.iter().copied()).map(|near| (entry, near)));
        lower.report(match likely {
            Some((entry, near)) => Diagnostic::error(
                codes::UNKNOWN_KEY,
                entry.key_span,
                format!("a node has {all}, not `{}`", entry.key),
            )
            .help(format!("did you mean `{near}`?"))
            .replacement(near),
            None => Diagnostic::error(
                codes::MISSING_KEY,
                span,
                format!("the node `{id}` has none of {all}"),
            ),
        });
        return None;
    };
    if let Some(second) = kinds.next() {
        let message = format!("a node is one thing: it has `{}` already", kind.key);
        lower.report(Diagnostic::error(
            codes::UNKNOWN_KEY,
            second.key_span,
            message,
        ));
        return None;
    }
    let (what, keys) = match &*kind.key {
        "ask" => ("a question", ASK),
        "do" => ("an instruction", DO),
        "visit" => ("a visit", VISIT),
        _ => ("an end", CONCLUDE),
    };
    let mut fields = Fields::of(lower, &entry.value, what, keys)?;
    let kind = match &*kind.key {
        "ask" => NodeKind::Ask(Box::new(ask(lower, id, &mut fields, span))),
        "do" => NodeKind::Do(Box::new(instruction(lower, &mut fields, span))),
        "visit" => NodeKind::Visit(Box::new(visit(lower, &mut fields, span)?)),
        _ => NodeKind::Conclude(Box::new(conclude(lower, &mut fields, span))),
    };
    let sources = lower.strings(fields.take("sources"));
    let reviewed = fields.take("reviewed").and_then(|value| lower.date(value));
    Some(Node {
        id: id.clone(),
        span,
        kind,
        sources,
        reviewed,
    })
}

/// A way on that is missing or could not be read, which is reported: it leads to a node without a name.
fn nowhere(span: Span) -> Goto {
    PerOs::One(Spanned {
        value: Target::Here(NodeId::new("")),
        span,
    })
}

/// An optional way on; one that could not be read leads nowhere.
fn way(lower: &mut Lower<'_>, value: Option<&Yaml<'_>>) -> Option<Goto> {
    value.map(|value| lower.goto(value).unwrap_or_else(|| nowhere(value.span)))
}

/// A text that is missing or could not be read, which is reported.
fn text_or_empty(text: Option<Text>) -> Text {
    text.unwrap_or_else(|| PerOs::One(Template::plain("")))
}

fn ask(lower: &mut Lower<'_>, id: &NodeId, fields: &mut Fields<'_, '_, '_>, span: Span) -> Ask {
    let text = fields
        .required(lower, "ask", span)
        .and_then(|value| lower.text(value));
    let why = fields
        .take("why")
        .map(|value| text_or_empty(lower.text(value)));
    let how = fields
        .take("how")
        .map(|value| text_or_empty(lower.text(value)));
    let probe = fields
        .entry("probe")
        .filter(|entry| !entry.value.is_null())
        .map(|entry| probes::node_probe(lower, id, entry));
    let answers = fields
        .required(lower, "answers", span)
        .map(|value| answers(lower, value))
        .unwrap_or_default();
    let leave = match fields.take("leave") {
        None => Leave::Named(Vec::new()),
        Some(value)
            if value
                .as_scalar()
                .is_some_and(|scalar| scalar.text == "rest") =>
        {
            Leave::Rest
        }
        Some(value) => Leave::Named(outcomes(lower, Some(value))),
    };
    let unsure = way(lower, fields.take("unsure"));
    let same = fields.take("same").and_then(|value| same(lower, value));
    Ask {
        ask: text_or_empty(text),
        why,
        how,
        probe,
        answers,
        leave,
        unsure,
        same,
    }
}

/// `tree/node`.
fn same(lower: &mut Lower<'_>, value: &Yaml<'_>) -> Option<Spanned<SameAs>> {
    let text = lower.scalar(value)?.text.to_string();
    match text.split_once('/') {
        Some((tree, node)) if !tree.is_empty() && !node.is_empty() && !node.contains('/') => {
            Some(Spanned {
                value: SameAs {
                    tree: TreeId::new(tree),
                    node: NodeId::new(node),
                },
                span: value.span,
            })
        }
        _ => {
            let message = format!("`{text}` is no question of another tree");
            lower.report(
                Diagnostic::error(codes::BAD_VALUE, value.span, message).help("write `tree/node`"),
            );
            None
        }
    }
}

fn outcomes(lower: &mut Lower<'_>, value: Option<&Yaml<'_>>) -> Vec<Spanned<Outcome>> {
    lower
        .names(value, "an outcome")
        .map(|name| Spanned {
            value: Outcome::new(name.value),
            span: name.span,
        })
        .collect()
}

fn answers(lower: &mut Lower<'_>, value: &Yaml<'_>) -> Vec<Answer> {
    let Some(items) = value.as_list() else {
        lower.wrong_type(value, "a list of answers");
        return Vec::new();
    };
    if items.len() < 2 {
        let message = "a question has two answers or more: one alone decides nothing";
        lower.report(Diagnostic::error(codes::MISSING_KEY, value.span, message));
    }
    let mut out: Vec<Answer> = Vec::with_capacity(items.len());
    let mut seen: HashMap<AnswerId, Span> = HashMap::new();
    for item in items {
        let Some(answer) = answer(lower, item) else {
            continue;
        };
        if let Some(first) = seen
            .get(&answer.id)
            .filter(|_| !answer.id.as_str().is_empty())
        {
            let line = lower.source.position(first.start).line;
            let message = format!("two answers of this question have the id `{}`", answer.id);
            lower.report(
                Diagnostic::error(codes::DUPLICATE_NAME, answer.span, message)
                    .label(format!("the first is on line {line}"))
                    .help("give one of them another `id`"),
            );
        } else {
            seen.insert(answer.id.clone(), answer.span);
            out.push(answer);
        }
    }
    out
}

fn answer(lower: &mut Lower<'_>, item: &Yaml<'_>) -> Option<Answer> {
    let mut fields = Fields::of(lower, item, "an answer", ANSWER)?;
    let at = fields
        .entry("answer")
        .map_or(Span::new(item.span.start, item.span.start), |entry| {
            entry.value.span
        });
    let text = fields
        .required(lower, "answer", at)
        .and_then(|value| lower.text(value));
    let id = match fields.take("id") {
        Some(value) => lower
            .kebab(value, "an answer's id")
            .map(|id| AnswerId::new(id.value)),
        None => {
            let slug = text
                .as_ref()
                .and_then(|text| text.values().next())
                .map(|text| words::slug(&text.source));
            let slug = slug.filter(|slug| words::is_kebab(slug));
            if slug.is_none() && text.is_some() {
                let message = "no id can be made of this text";
                lower.report(
                    Diagnostic::error(codes::MISSING_KEY, at, message)
                        .help("give the answer an `id`"),
                );
            }
            slug.map(AnswerId::new)
        }
    };
    let when = outcomes(lower, fields.take("when"));
    let note = fields.take("note").and_then(|value| lower.text(value));
    let goto = fields
        .required(lower, "goto", at)
        .and_then(|value| lower.goto(value));
    Some(Answer {
        id: id.unwrap_or_else(|| AnswerId::new("")),
        text: text_or_empty(text),
        when,
        goto: goto.unwrap_or_else(|| nowhere(at)),
        note,
        span: at,
    })
}

fn instruction(lower: &mut Lower<'_>, fields: &mut Fields<'_, '_, '_>, span: Span) -> Do {
    let text = fields
        .required(lower, "do", span)
        .and_then(|value| lower.text(value));
    let steps = fields.take("steps").and_then(|value| lower.text(value));
    let caution = fields.take("caution").and_then(|value| lower.text(value));
    let why = fields.take("why").and_then(|value| lower.text(value));
    let goto = fields
        .required(lower, "goto", span)
        .and_then(|value| lower.goto(value));
    let unable = way(lower, fields.take("unable"));
    Do {
        text: text_or_empty(text),
        steps,
        caution,
        why,
        goto: goto.unwrap_or_else(|| nowhere(span)),
        unable,
    }
}

fn visit(lower: &mut Lower<'_>, fields: &mut Fields<'_, '_, '_>, span: Span) -> Option<Visit> {
    let tree = fields
        .required(lower, "visit", span)
        .and_then(|value| lower.kebab(value, "a tree's id"));
    let why = fields.take("why").and_then(|value| lower.text(value));
    let entry = fields.entry("then");
    let then = fields.required(lower, "then", span).and_then(|value| {
        let mut fields = Fields::of(
            lower,
            value,
            "`then`",
            &["healthy", "unresolved", "not-applicable"],
        )?;
        Some(Returns {
            healthy: way(lower, fields.take("healthy")),
            unresolved: way(lower, fields.take("unresolved")),
            not_applicable: way(lower, fields.take("not-applicable")),
            span: entry.map_or(span, |entry| entry.key_span),
        })
    });
    let tree = tree?;
    Some(Visit {
        tree: Spanned {
            value: TreeId::new(tree.value),
            span: tree.span,
        },
        then: then.unwrap_or_default(),
        why,
    })
}

fn conclude(lower: &mut Lower<'_>, fields: &mut Fields<'_, '_, '_>, span: Span) -> Conclude {
    let title = fields
        .required(lower, "conclude", span)
        .and_then(|value| lower.text(value));
    let verdict = fields
        .required(lower, "verdict", span)
        .and_then(|value| verdict(lower, value));
    let because = fields.take("because").and_then(|value| lower.text(value));
    let fix = fields.take("fix").and_then(|value| lower.text(value));
    let next = fields.take("next").and_then(|value| lower.text(value));
    let verify = fields
        .take("verify")
        .and_then(|value| lower.answer_ref(value));
    let wait = fields.take("wait").and_then(|value| lower.duration(value));
    let otherwise = way(lower, fields.take("otherwise"));
    if verdict == Some(Verdict::Cause) {
        if fields.entry("because").is_none() {
            lower.report(
                Diagnostic::error(codes::MISSING_KEY, span, "a cause wants `because`")
                    .help("say what shows that it is this"),
            );
        }
        if fix.is_none()
            && fields
                .entry("fix")
                .is_none_or(|entry| entry.value.is_null())
        {
            lower.report(
                Diagnostic::error(codes::CAUSE_WITHOUT_FIX, span, "a cause wants a `fix`")
                    .help("say what to do; where nobody knows, the verdict is `escalate`"),
            );
        }
    }
    if verdict == Some(Verdict::Escalate) && fields.entry("next").is_none() {
        lower.report(
            Diagnostic::error(codes::MISSING_KEY, span, "an escalation wants `next`")
                .help("say whom to ask and what to attach"),
        );
    }
    Conclude {
        title: text_or_empty(title),
        verdict: verdict.unwrap_or(Verdict::Unresolved),
        because,
        fix,
        next,
        verify,
        wait,
        otherwise,
    }
}

fn verdict(lower: &mut Lower<'_>, value: &Yaml<'_>) -> Option<Verdict> {
    let name = &*lower.scalar(value)?.text;
    let verdict = VERDICTS
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, verdict)| *verdict);
    if verdict.is_none() {
        let names: Vec<&str> = VERDICTS.iter().map(|(name, _)| *name).collect();
        let diagnostic = Diagnostic::error(
            codes::BAD_VALUE,
            value.span,
            format!("there is no verdict `{name}`"),
        );
        lower.report(match nearest(name, names.iter().copied()) {
            Some(near) => diagnostic
                .help(format!("did you mean `{near}`?"))
                .replacement(near),
            None => diagnostic.help(format!("the verdicts are {}", fields::list(&names, "and"))),
        });
    }
    verdict
}
