//! `waypost probe TREE NAME`: one probe on its own, with what it was asked, what it saw, and what was made of that.
//!
//! The engine walks a tree that asks nothing but what the probe answers, so that inputs, agreements, secrets and masking
//! are those of any walk.

use std::{
    fmt::Write as _,
    io::{self, Write},
    sync::Arc,
};

use anyhow::Result;
use jiff::Timestamp;

use crate::{
    app::{
        catalog::Catalog,
        cli::{Common, ProbeArgs},
        command::opening::{self, Ahead},
        exit::{Exit, UsageError},
        headless, prose, record,
        runtime::Runtime,
        trust::Closure,
    },
    diag::Span,
    engine::{EvidenceView, LookView, QuestionStage, Session, Stage},
    finding::{
        Judgement, Os, TreeId,
        visible::{Room, visible},
    },
    host::{Keep, Recorder, Recording},
    probe::{self, KINDS, Kind, table},
    redact::Redactor,
    tree::{
        Ask, Forest, Leave, Node, NodeId, NodeKind, NodeProbe, PerOs, ProbeBase, Spanned, Template,
        Tree,
    },
};

/// Lines of material that are shown of one file or reply.
const LINES: usize = 60;
/// The longest line that is shown, in characters.
const LONGEST: usize = 2_000;
/// What of the files is kept for that.
const KEEP: Keep = Keep {
    of_one: 64 << 10,
    of_all: 2 << 20,
    unpacked: 128 << 10,
};

pub fn probe(args: &ProbeArgs, common: &Common) -> Result<Exit> {
    let Some(tree) = &args.tree else {
        return printed(&kinds());
    };
    let catalog = Catalog::load(&opening::places(Some(tree), common))?;
    let tree = opening::find_tree(&catalog, tree)?;
    let Some(name) = &args.name else {
        return printed(&names(&catalog.forest, &tree));
    };
    let (forest, subject) = alone(&catalog.forest, &tree, name)?;
    let closure = Closure::of(&forest, &tree);
    if !closure.is_embedded() && !common.trust {
        return Err(UsageError(closure.refusal()).into());
    }
    let mut world = opening::World::new(common)?
        .redact(common, [catalog.forest.as_ref()])
        .record(common)?;
    let os = world.os;
    let ahead = Ahead {
        secrets: &args.secrets,
        ..Ahead::default()
    };
    let givens = world.hidden(opening::givens_ahead(&catalog, common, &[os], &ahead)?);
    let tokio = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    let looked = tokio.block_on(async {
        world.keep_secrets(&givens);
        let recorder = Recorder::within(Box::new(Arc::clone(&world.looker.host)), KEEP);
        let recording = recorder.recording();
        world.looker.host = Arc::new(recorder);
        let case = opening::opening(tree, world.os, &givens, true, common.allow_commands);
        let (runtime, mut results) = Runtime::new(world.looker.clone());
        let (mut session, effects) = Session::start(Arc::new(forest), case);
        // Asking for the probe by its name is the key press that a login waits for, and the walk makes it: once.
        let walk = headless::walk(&mut session, effects, &runtime, &mut results);
        let whole = tokio::select! {
            () = walk => true,
            _ = tokio::signal::ctrl_c() => false,
        };
        record::end(world.record.clone()).await?;
        if !whole {
            return Ok(None);
        }
        let material = material(&recording, &world)?;
        anyhow::Ok(Some((session, material)))
    })?;
    tokio.shutdown_background();
    let Some((session, material)) = looked else {
        return Ok(Exit::Interrupted);
    };
    let mut out = format!("{subject}\n");
    let exit = match session.stage() {
        Stage::Question(question) => {
            show(question, &material, os, &mut out);
            match question.evidence {
                EvidenceView::Found { .. } => Exit::Fine,
                _ => Exit::NeedsAnswer,
            }
        }
        Stage::Inputs(asks) => {
            let names: Vec<&str> = asks.iter().map(|ask| ask.name.as_str()).collect();
            let _ = writeln!(
                out,
                "\nnot looked: {} must be given; a path or a value with --input NAME=VALUE, a secret with --secret NAME=@FILE",
                names.join(", ")
            );
            Exit::NeedsAnswer
        }
        // The tree asks one thing and leads nowhere.
        Stage::Do(_) | Stage::Conclusion(_) => Exit::CouldNotRun,
    };
    printed(&out)?;
    Ok(exit)
}

fn printed(text: &str) -> Result<Exit> {
    let mut out = io::stdout().lock();
    for line in text.lines() {
        writeln!(out, "{}", prose::visible(line))?;
    }
    out.flush()?;
    Ok(Exit::Fine)
}

/// Every kind of probe, as it describes itself.
fn kinds() -> String {
    let mut out = String::new();
    for kind in KINDS {
        let spec = kind.spec();
        let _ = writeln!(out, "{}: {}", spec.name, spec.looks_at);
        for param in spec.params {
            let needed = if param.required { " (needed)" } else { "" };
            let _ = writeln!(out, "    {}{needed}: {}", param.name, param.doc);
        }
        let _ = writeln!(out, "  outcomes: {}", table::outcomes(*kind));
        let _ = writeln!(out, "  facts: {}\n", table::facts(*kind));
    }
    out
}

/// The probes that can be named, and the questions that have one.
fn names(forest: &Forest, tree: &TreeId) -> String {
    let mut out = String::new();
    let Some(own) = forest.tree(tree) else {
        return out;
    };
    let used = own.uses.iter().filter_map(|used| forest.tree(&used.value));
    for tree in std::iter::once(own).chain(used) {
        for probe in tree.probes.values() {
            if !probe.name.as_str().starts_with('@') {
                let _ = writeln!(out, "{} ({})", probe.name, probe.kind);
            }
        }
    }
    for node in own.nodes.values() {
        if matches!(&node.kind, NodeKind::Ask(ask) if ask.probe.is_some()) {
            let _ = writeln!(out, "{} (a question)", node.id);
        }
    }
    out
}

/// A forest whose tree asks only what this probe, or this question's probe, answers; and what that is.
fn alone(forest: &Forest, tree: &TreeId, name: &str) -> Result<(Forest, String)> {
    let unknown = || {
        UsageError(format!(
            "`{tree}` has neither a probe nor a question with one that is called `{name}`; `waypost probe {tree}` lists them"
        ))
    };
    let own = forest.tree(tree).ok_or_else(unknown)?;
    let span = Span::default();
    let (node_probe, subject) = match own.nodes.get(&NodeId::new(name)).map(|node| &node.kind) {
        Some(NodeKind::Ask(ask)) => {
            let probe = ask.probe.clone().ok_or_else(unknown)?;
            (probe, format!("question {tree}/{name}"))
        }
        Some(_) => return Err(unknown().into()),
        None => {
            let name = crate::finding::ProbeName::new(name);
            let (of, probe) = forest.probe(tree, &name).ok_or_else(unknown)?;
            let subject = format!("probe {of}/{name}, kind {}", probe.kind);
            let base = ProbeBase::One(Spanned { value: name, span });
            let cases = Vec::new();
            let commands = true;
            let probe = NodeProbe {
                base,
                cases,
                commands,
                span,
            };
            (probe, subject)
        }
    };
    let ask = Ask {
        ask: PerOs::One(Template::plain(subject.clone())),
        why: None,
        how: None,
        probe: Some(node_probe),
        answers: Vec::new(),
        leave: Leave::Rest,
        unsure: None,
        same: None,
    };
    let mut only = Tree::clone(own);
    let mut id = NodeId::new("only");
    while only.nodes.contains_key(&id) {
        id = NodeId::new(format!("{id}-this"));
    }
    let node = Node {
        id: id.clone(),
        span,
        kind: NodeKind::Ask(Box::new(ask)),
        sources: Vec::new(),
        reviewed: None,
    };
    only.nodes.insert(id.clone(), node);
    only.start = Some(Spanned { value: id, span });
    let trees = forest.trees().map(|other| match other.id == *tree {
        true => Arc::new(only.clone()),
        false => Arc::clone(other),
    });
    Ok((Forest::new(trees), subject))
}

/// What was seen, as a recording has it: masked.
fn material(recording: &Recording, world: &opening::World) -> Result<Vec<(String, String)>> {
    let mut redactor = world
        .looker
        .redactor
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    let redactor: &mut Redactor = &mut redactor;
    let written = recording.written(redactor, Timestamp::now(), None)?;
    let mut parts = vec![("replies".to_owned(), written.host_yaml)];
    for (path, bytes) in written.files {
        parts.push((path, String::from_utf8_lossy(&bytes).into_owned()));
    }
    Ok(parts)
}

fn show(question: &QuestionStage, material: &[(String, String)], os: Os, out: &mut String) {
    for look in &question.looks {
        show_look(look, os, out);
    }
    let _ = writeln!(out, "\nmaterial, secrets masked");
    for (name, text) in material {
        let count = text.lines().count();
        let _ = writeln!(out, "  {}", one_line(name));
        for line in text.lines().take(LINES) {
            let _ = writeln!(out, "    {}", one_line(line));
        }
        if count > LINES {
            let _ = writeln!(out, "    … and {} lines more", count - LINES);
        }
    }
    let end = match &question.evidence {
        EvidenceView::Found { outcome, .. } => format!("outcome: {outcome}"),
        EvidenceView::Unknown(why) => format!("outcome: unknown: {}", one_line(&why.to_string())),
        EvidenceView::NotLooked { .. } => "outcome: not looked".to_owned(),
        EvidenceView::None | EvidenceView::Looking { .. } => "outcome: none yet".to_owned(),
    };
    let _ = writeln!(out, "\n{end}");
}

fn show_look(look: &LookView, os: Os, out: &mut String) {
    let request = &look.request;
    let _ = writeln!(out, "\n{} ({}), asked with", request.key, request.kind);
    for (name, value) in &request.params {
        let value = value.shown().to_string();
        let _ = writeln!(out, "  {name}: {value}");
    }
    let Some(finding) = &look.finding else {
        let _ = writeln!(out, "  not looked");
        return;
    };
    match &finding.judgement {
        Judgement::Outcome(outcome) => {
            let _ = writeln!(
                out,
                "found: {outcome}, after {} ms",
                finding.took.as_millis()
            );
        }
        Judgement::Unknown(why) => {
            let _ = writeln!(out, "unknown: {}", one_line(&why.to_string()));
        }
    }
    if !finding.facts.is_empty() {
        let _ = writeln!(out, "facts");
        for line in serde_yaml::to_string(&crate::finding::shown(&finding.facts))
            .unwrap_or_default()
            .lines()
        {
            let _ = writeln!(out, "  {}", one_line(line));
        }
    }
    for said in &finding.evidence {
        let place = match (&said.file, said.line) {
            (Some(file), Some(line)) => format!("{file}:{line}: "),
            (Some(file), None) => format!("{file}: "),
            (None, _) => String::new(),
        };
        let _ = writeln!(
            out,
            "evidence: {}",
            one_line(&format!("{place}{}", said.text))
        );
    }
    let commands =
        probe::kind(request.kind).map(|kind: &dyn Kind| kind.manual(&request.params, os));
    for manual in commands.unwrap_or_default() {
        let _ = writeln!(out, "by hand: {}", manual.command);
    }
}

/// What stands on one line, whatever a file's name or content holds: a line break in it could say anything in this
/// program's name.
fn one_line(text: &str) -> String {
    let mut shown: String = text.chars().take(LONGEST).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    visible(&shown, Room::Line).into_owned()
}
