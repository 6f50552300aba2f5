//! Trees drawn in a few words, for tests.

use std::{sync::Arc, time::Duration};

use indexmap::IndexMap;

use crate::{
    diag::{Severity, SourceText, Span},
    finding::{Outcome, ProbeName},
    tree::{
        Answer, AnswerRef, Ask, At, Conclude, Do, Expression, Forest, Goto, Guard, Input,
        InputType, Leave, Node, NodeId, NodeKind, NodeProbe, Origin, Param, PerOs, Probe,
        ProbeBase, Returns, Spanned, Step, StepName, Target, Template, Text, Tree, Verdict, Visit,
        load,
    },
};

pub fn spanned<T>(value: T) -> Spanned<T> {
    Spanned {
        value,
        span: Span::default(),
    }
}

pub fn template(source: &str) -> Template {
    let (template, mistake) = Template::parse(source, Span::default());
    assert!(
        mistake.is_none(),
        "a template of a test has a mistake: {source}"
    );
    template
}

pub fn expression(source: &str) -> Expression {
    let (expression, mistake) = Expression::parse(source, Span::default());
    assert!(
        mistake.is_none(),
        "an expression of a test has a mistake: {source}"
    );
    expression
}

pub fn text(source: &str) -> Text {
    PerOs::One(template(source))
}

pub fn input(name: &str) -> Input {
    Input {
        name: name.into(),
        span: Span::default(),
        ask: text(name),
        help: None,
        ty: InputType::Text,
        optional: false,
        default: None,
        suggest: None,
        from: None,
        secret_for: None,
    }
}

/// `node`, or `tree/node`, or `tree/`.
pub fn goto(to: &str) -> Goto {
    PerOs::One(spanned(match to.split_once('/') {
        None => Target::Here(to.into()),
        Some((tree, "")) => Target::There(tree.into(), None),
        Some((tree, node)) => Target::There(tree.into(), Some(node.into())),
    }))
}

pub fn reference(text: &str) -> Spanned<AnswerRef> {
    let (node, answer) = text.split_once('/').expect("a test names node and answer");
    spanned(AnswerRef {
        node: node.into(),
        answer: answer.into(),
    })
}

/// A question. Each answer is `id>goto`, or `id:outcome+outcome>goto`; `?>goto` is *I don't know*.
pub fn ask(probe: Option<&str>, answers: &[&str]) -> NodeKind {
    let mut unsure = None;
    let mut list = Vec::new();
    for answer in answers {
        let (head, to) = answer
            .split_once('>')
            .expect("a test says where an answer leads");
        if head == "?" {
            unsure = Some(goto(to));
            continue;
        }
        let (id, when) = head.split_once(':').unwrap_or((head, ""));
        list.push(Answer {
            id: id.into(),
            text: text(id),
            when: when
                .split('+')
                .filter(|when| !when.is_empty())
                .map(|when| spanned(Outcome::new(when)))
                .collect(),
            goto: goto(to),
            note: None,
            span: Span::default(),
        });
    }
    NodeKind::Ask(Box::new(Ask {
        ask: text("?"),
        why: None,
        how: Some(text("look")),
        probe: probe.map(|names| NodeProbe {
            base: match names.split_once('+') {
                None => ProbeBase::One(spanned(names.into())),
                Some(_) => {
                    ProbeBase::Many(names.split('+').map(|name| spanned(name.into())).collect())
                }
            },
            cases: Vec::new(),
            commands: true,
            span: Span::default(),
        }),
        answers: list,
        leave: Leave::Rest,
        unsure,
        same: None,
    }))
}

pub fn instruction(to: &str, unable: Option<&str>) -> NodeKind {
    NodeKind::Do(Box::new(Do {
        text: text("do"),
        steps: None,
        caution: None,
        why: None,
        goto: goto(to),
        unable: unable.map(goto),
    }))
}

pub fn visit(tree: &str, healthy: &str, unresolved: &str, not_applicable: &str) -> NodeKind {
    let to = |to: &str| (!to.is_empty()).then(|| goto(to));
    NodeKind::Visit(Box::new(Visit {
        tree: spanned(tree.into()),
        then: Returns {
            healthy: to(healthy),
            unresolved: to(unresolved),
            not_applicable: to(not_applicable),
            span: Span::default(),
        },
        why: None,
    }))
}

pub fn end(verdict: Verdict) -> NodeKind {
    let fix = (verdict == Verdict::Cause).then(|| text("mend it"));
    NodeKind::Conclude(Box::new(Conclude {
        title: text(verdict.name()),
        verdict,
        because: Some(text("so")),
        fix,
        next: None,
        verify: None,
        wait: None,
        otherwise: None,
    }))
}

/// A cause whose fix is checked by `verify` and leads to `otherwise` if it did not help.
pub fn cause(verify: &str, otherwise: &str) -> NodeKind {
    let NodeKind::Conclude(mut conclude) = end(Verdict::Cause) else {
        unreachable!("an end is a conclusion")
    };
    conclude.verify = (!verify.is_empty()).then(|| reference(verify));
    conclude.otherwise = (!otherwise.is_empty()).then(|| goto(otherwise));
    NodeKind::Conclude(conclude)
}

pub fn tree(id: &str, nodes: Vec<(&str, NodeKind)>) -> Tree {
    let start = nodes.first().map(|(id, _)| spanned(NodeId::new(id)));
    let node = |(id, kind): (&str, NodeKind)| {
        let id = NodeId::new(id);
        let node = Node {
            id: id.clone(),
            span: Span::default(),
            kind,
            sources: Vec::new(),
            reviewed: None,
        };
        (id, node)
    };
    Tree {
        id: id.into(),
        origin: Origin::Embedded,
        source: SourceText::new(id, ""),
        hash: "hash".to_owned(),
        title: template(id),
        summary: None,
        uses: Vec::new(),
        symptoms: Vec::new(),
        sources: Vec::new(),
        reviewed: None,
        start,
        settled: None,
        inputs: IndexMap::new(),
        probes: IndexMap::new(),
        steps: IndexMap::new(),
        nodes: nodes.into_iter().map(node).collect(),
    }
}

/// Gives the tree a `file` probe (outcomes `present`, which cases refine, and `absent`).
pub fn with_probe(mut tree: Tree, name: &str, path: &str) -> Tree {
    let probe = Probe {
        name: name.into(),
        span: Span::default(),
        kind: "file",
        params: [("path".to_owned(), spanned(Param::Text(template(path))))]
            .into_iter()
            .collect(),
        timeout: Duration::from_secs(10),
        at: At::Host,
        flawed: false,
        cases: Vec::new(),
    };
    tree.probes.insert(ProbeName::new(name), probe);
    tree
}

pub fn with_step(mut tree: Tree, name: &str, needs: &str, otherwise: &str) -> Tree {
    let guard = Guard {
        needs: reference(needs),
        otherwise: spanned(otherwise.into()),
    };
    let step = Step {
        name: name.into(),
        span: Span::default(),
        text: text("a step"),
        guard: Some(guard),
    };
    tree.steps.insert(StepName::new(name), step);
    tree
}

pub fn forest(trees: Vec<Tree>) -> Arc<Forest> {
    Arc::new(Forest::new(trees.into_iter().map(Arc::new)))
}

/// Trees as they are written, without mistakes.
pub fn read(texts: &[&str]) -> Arc<Forest> {
    let trees = texts.iter().map(|text| {
        let (tree, _, diagnostics) = load("test.yaml", Origin::Embedded, text.as_bytes(), &|_| {
            Err("none".to_owned())
        });
        let wrong: Vec<_> = diagnostics
            .iter()
            .filter(|found| found.severity == Severity::Error)
            .collect();
        assert!(
            wrong.is_empty(),
            "a tree of a test has mistakes: {wrong:#?}"
        );
        tree.expect("a tree without mistakes is there")
    });
    forest(trees.collect())
}
